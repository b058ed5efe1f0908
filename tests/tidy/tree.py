"""The files that the tidy tests look at."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"build", ".local", ".git", "node_modules", "__pycache__"}


def files(*suffixes, under=("services", "gateway")):
    for top in under:
        start = ROOT / top
        for path in sorted([start] if start.is_file() else start.rglob("*")):
            if (
                path.is_file()
                and path.suffix in suffixes
                and not SKIPPED & set(path.relative_to(ROOT).parts)
            ):
                yield path


def all_text_files():
    for path in sorted(ROOT.rglob("*")):
        if path.is_file() and not SKIPPED & set(path.relative_to(ROOT).parts):
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def name(path):
    return str(path.relative_to(ROOT))


def includes(path):
    """(line number, path, in quotes) of each #include."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if found := re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line):
            yield number, found[2], found[1] == '"'
