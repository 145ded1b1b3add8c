#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the maps of the source name what is there: HACKING.md, src/README.md, docs/architecture.md.

- A path in backticks (`src/cli/top.cpp`, `weir/field.hpp`, `src/envelope/`) exists. Paths with a word
  in capitals (`fuzz/NAME_fuzz.cpp`) are patterns and are left alone.
- A function in backticks (`run_top()`) stands in the file that is named before it in the same paragraph
  or list item; if none is named before it, in the first one named after it.
- Any other identifier in backticks (`ResultTable`, `kVerbs`) stands somewhere in the tree.
- src/README.md has exactly one line per folder of src, and docs/architecture.md one row of its table of
  layers, both in the same order.

usage: tests/check_hacking.py
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAPS = ("HACKING.md", "src/README.md", "docs/architecture.md")
TICKED = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
SUFFIXES = (".cpp", ".hpp", ".md", ".py", ".sh", ".cmake", ".sql", ".csv", ".case", ".txt", ".budget")
FUNCTION = re.compile(r"(?:\w+::)*~?(\w+)\(\)")
IDENTIFIER = re.compile(r"(?:\w+::)*(\w*[a-z]\w*(?:[A-Z_]\w*)+)(?:<\w+>)?")
# Names of other projects, the language and AWS's formats, which no file of the tree has to define.
FOREIGN = {"string_view", "static_assert", "vpcompressb"}


def is_path(word):
    if re.search(r"\b[A-Z]{2,}(?!\.)", word.replace("README", "").replace("HACKING", "")
                 .replace("CONTRIBUTING", "").replace("CHANGELOG", "")):
        return False  # NAME stands for a name
    return bool(PATH.fullmatch(word)) and (word.endswith(SUFFIXES) or word.endswith("/")
                                           or word.startswith(("src/", "tests/", "scripts/")))


def resolve(word):
    """The file or folder that a path names, seen from the root, from src/ or from include/."""
    for base in ("", "src", "include"):
        path = ROOT / base / word
        if path.exists():
            return path
    return None


def paragraphs(text):
    """(number of the first line, text) of paragraphs and list items outside of ``` blocks."""
    block, begin, fenced = [], 1, False
    for number, line in enumerate(text.split("\n"), 1):
        is_fence = line.lstrip().startswith("```")
        if is_fence:
            fenced = not fenced
        starts = not line.strip() or re.match(r"\s*(- |\d+\. |#|\|)", line) or is_fence
        if starts and block:
            yield begin, "\n".join(block)
            block = []
        if not block:
            begin = number
        if not fenced and not is_fence and line.strip():
            block.append(line)
    if block:
        yield begin, "\n".join(block)


def texts_of_tree():
    found = []
    for folder in ("src", "include", "cmake", "tests", "fuzz", "bench"):
        for suffix in (".cpp", ".hpp", ".py", ".cmake"):
            for path in (ROOT / folder).rglob(f"*{suffix}"):
                if path != pathlib.Path(__file__).resolve():
                    found.append(path.read_text(encoding="utf-8", errors="replace"))
    found.append((ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))
    return "\n".join(found)


def has_word(text, word):
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def check_map(name, tree, complain):
    for line, text in paragraphs((ROOT / name).read_text(encoding="utf-8")):
        words = TICKED.findall(text)
        files = [resolve(word) if is_path(word) else None for word in words]
        for place, word in enumerate(words):
            where = f"{name}:{line}"
            if is_path(word):
                if files[place] is None:
                    complain(f"{where}: `{word}` does not exist")
                continue
            function = FUNCTION.fullmatch(word)
            if function:
                before = [file for file in files[:place] if file and file.is_file()]
                after = [file for file in files[place:] if file and file.is_file()]
                beside = before[-1] if before else after[0] if after else None
                if beside is None:
                    if not has_word(tree, function.group(1)):
                        complain(f"{where}: `{word}` is nowhere, and no file is named beside it")
                elif not has_word(beside.read_text(encoding="utf-8"), function.group(1)):
                    complain(f"{where}: `{word}` is not in {beside.relative_to(ROOT)}")
                continue
            identifier = IDENTIFIER.fullmatch(word)
            if identifier and identifier.group(1) not in FOREIGN:
                if not has_word(tree, identifier.group(1)):
                    complain(f"{where}: `{word}` is nowhere in the tree")


def check_folders(complain):
    present = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
    listed = re.findall(r"^- `(\w+)/`", (ROOT / "src/README.md").read_text(encoding="utf-8"), re.M)
    table = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = table[table.index("| layer | may include |"):].split("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \|", table, re.M)
    for title, names in (("src/README.md", listed), ("the table of docs/architecture.md", rows)):
        for name in sorted(present - set(names)):
            complain(f"{title}: src/{name}/ is missing")
        for name in sorted(set(names) - present):
            complain(f"{title}: src/{name}/ does not exist")
        for name in sorted({name for name in names if names.count(name) > 1}):
            complain(f"{title}: {name} stands there {names.count(name)} times")
    if listed != rows:
        complain(f"src/README.md is in the order {' '.join(listed)}\n"
                 f"  docs/architecture.md in the order {' '.join(rows)}")


def main():
    complaints = []
    tree = texts_of_tree()
    for name in MAPS:
        check_map(name, tree, complaints.append)
    check_folders(complaints.append)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
