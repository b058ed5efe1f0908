#!/usr/bin/python3
"""Turns schemas/words.json into a C++ table of the Chinese words. CMake runs it at build time.

    make_words.py WORDS.json OUTPUT.hpp

Each group of the file becomes an enumerator of Words, each of its codes a row."""

import json
import sys
from pathlib import Path


def main(source, output):
    groups = json.loads(Path(source).read_text(encoding="utf-8"))
    enumerators = ", ".join(["none", *groups])
    rows = "".join(
        f'    {{Words::{group}, "{code}", "{word["zh"]}"}},\n'
        for group, words in groups.items()
        for code, word in words.items()
    )
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    Path(output).write_text(
        "// Made from schemas/words.json; edit that file.\n#pragma once\n#include <string_view>\n\n"
        "namespace chaiqin::gateway {\n\n"
        f"enum class Words {{ {enumerators} }};\n\n"
        "struct Word {\n    Words of;\n    std::string_view code, zh;\n};\n\n"
        f"inline constexpr Word word_table[]{{\n{rows}}};\n\n}}  // namespace chaiqin::gateway\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
