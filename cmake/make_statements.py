#!/usr/bin/python3
"""Turns the named statements of a .sql file into C++ constants. CMake runs it at build time.

    make_statements.py FOLDER FILE.sql OUTPUT.hpp

A .sql file holds statements like this one:

    -- name: mails_to_send
    -- The oldest mails that nobody is sending. $1 how many.
    SELECT id, recipient FROM notification.delivery WHERE sent_at IS NULL ORDER BY id LIMIT $1::int;

It becomes chaiqin::<folder>::sql::mails_to_send, of the type postgres::Sql. A statement in which
one word must be written out (because it decides the plan, or because it is a name) says so, in the
manner of psql's variables:

    -- name: newest_notices
    -- for each :rows in 21 101
    SELECT id FROM notification.notice ORDER BY id DESC LIMIT :rows;

It becomes a postgres::SqlFamily: sql::newest_notices.with("21") is one statement. In psql, `\\set
rows 21` and the text as it stands can be pasted and run.
"""

import re
import sys
from pathlib import Path

NAME = re.compile(r"-- name: ([a-z][a-z0-9_]*)$")
EACH = re.compile(r"-- for each :([a-z_]+) in ([a-z0-9_ ]+)$")


def statements(path):
    """Each statement as (name, variable or None, its values, text without comments)."""
    current = None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if found := NAME.match(line):
            if current:
                yield finished(path, current)
            current = {"name": found[1], "variable": None, "values": [], "lines": []}
        elif found := EACH.match(line):
            current.update(variable=found[1], values=found[2].split())
        elif current is None:
            if line.strip() and not line.startswith("--"):
                sys.exit(f"{path}:{number}: a statement needs a line `-- name: …` above it")
        elif not line.lstrip().startswith("--"):
            current["lines"].append(line.rstrip())
    if current:
        yield finished(path, current)


def finished(path, current):
    text = "\n".join(line for line in current["lines"] if line)
    if not text.endswith(";"):
        sys.exit(f"{path}: {current['name']} does not end with a semicolon")
    text = text[:-1]
    if re.search(r";\s*$", text, re.M):
        sys.exit(f"{path}: {current['name']} holds more than one statement")
    if '$sql"' in text or ')sql"' in text:
        sys.exit(f"{path}: {current['name']} holds what ends a C++ raw string")
    return current["name"], current["variable"], current["values"], text


def literal(schema, name, text):
    return f'{{"{schema}.{name}", R"sql({text})sql"}}'


def main(folder, source, output):
    source, output = Path(source), Path(output)
    schema = folder.split("/")[-1]
    namespace = "chaiqin::" + folder.replace("/", "::") + "::sql"
    made, every, seen = [], [], set()
    for name, variable, values, text in statements(source):
        if name in seen:
            sys.exit(f"{source}: {name} stands twice")
        seen.add(name)
        if variable is None:
            made.append(
                f"inline constexpr ::chaiqin::postgres::Sql {name}{literal(schema, name, text)};"
            )
            every.append(name)
            continue
        family = []
        for value in values:
            written_out = re.sub(rf"(?<![:\w]):{variable}\b", value, text)
            if written_out == text:
                sys.exit(f"{source}: {name} has no :{variable}")
            family.append(f'    {{"{value}", {literal(schema, name + "_" + value, written_out)}}},')
            every.append(f'{name}.with("{value}")')
        members = "\n".join(family)
        made.append(
            f"inline constexpr ::chaiqin::postgres::SqlMember {name}_members[]{{\n{members}\n}};\n"
            f"inline constexpr ::chaiqin::postgres::SqlFamily {name}{{{name}_members}};"
        )
    listed = ", ".join(every)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(
        f"// Made from services/{folder}/{source.name}; edit that file.\n#pragma once\n"
        f'#include "postgres/sql.hpp"\n\nnamespace {namespace} {{\n\n'
        + "\n".join(made)
        + "\n\n/// For the test that plans every statement.\ninline constexpr"
        f" ::chaiqin::postgres::Sql all_of_{source.stem}[]{{{listed}}};\n\n}}  // namespace"
        f" {namespace}\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
