#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what no compiler checks:

- folders include only what the table in docs/architecture.md lets them, and its rows are the layers
  of CMakeLists.txt, in its order;
- a file opens no namespace but that of its folder;
- a name is defined once in a namespace, and a number that several stages must know once at all;
- every file names its licence.

usage: tests/check_layers.py [FOLDER]   the project's folder; default: this one
"""
import pathlib
import re
import sys

import cpp_names

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
TITLES = ["layer", "may include", "public headers", "threads"]
# The numbers that several stages must know; they have no other home.
SHARED_NUMBERS = ("src/base/protocol.hpp", "src/base/hash.hpp")


class Layer:
    def __init__(self, may_include, headers, threaded):
        self.may_include = may_include
        self.headers = headers
        self.threaded = threaded


class Tree:
    """The texts of a project's folder by their names."""

    def __init__(self, root):
        self.root = root

    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8")

    def names(self, *patterns):
        found = {path for pattern in patterns for path in self.root.glob(pattern)}
        return sorted(path.relative_to(self.root).as_posix() for path in found)


def read_table(tree, complain):
    """The rows of the table of layers in docs/architecture.md, in their order."""
    layers = {}
    in_table = False
    for line in tree.text("docs/architecture.md").split("\n"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells == TITLES:
            in_table = True
        elif in_table and not line.startswith("|"):
            break
        elif in_table and not cells[0].startswith("-"):
            name = cells[0].strip("`")
            allowed = set(re.findall(r"`(\w+)`", cells[1]))
            if cells[1] == "everything above":
                allowed = set(layers)
            for other in sorted(allowed - set(layers)):
                complain(f"docs/architecture.md: {name} may include {other}, which is not above it")
            headers = re.findall(r"`(\w+)`", cells[2])
            layers[name] = Layer(allowed | {name}, headers, cells[3] == "yes")
    if not layers:
        complain("docs/architecture.md: the table of layers is gone")
    return layers


def check_build(tree, layers, complain):
    """CMakeLists.txt builds the layers of the table in its order; cli is none of the library."""
    text = re.sub(r"#.*", "", tree.text("CMakeLists.txt"))
    wanted = {
        "WEIR_LAYERS": [name for name in layers if name != "cli"],
        "WEIR_THREADED_LAYERS": [name for name, layer in layers.items() if layer.threaded],
    }
    for variable, names in wanted.items():
        match = re.search(rf"\bset\({variable}\s+([^)]*)\)", text)
        listed = match.group(1).split() if match else []
        if listed != names:
            complain(f"CMakeLists.txt: {variable} is {' '.join(listed) or 'not set'}, but the table "
                     f"in docs/architecture.md says {' '.join(names)}")


def check_includes(tree, layers, complain):
    owner = {f"weir/{header}.hpp": name
             for name, layer in layers.items() for header in layer.headers}
    for name in tree.names("include/weir/*.hpp", "src/*/**/*.[ch]pp"):
        if name.endswith("_test.cpp"):
            continue  # a test may build its input with any stage
        root, rest = name.split("/", 1)
        layer = owner.get(rest) if root == "include" else rest.split("/")[0]
        if layer not in layers:
            complain(f"{name}: the table in docs/architecture.md does not have it")
            continue
        for number, line in enumerate(tree.text(name).split("\n"), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            target = match.group(1)
            if target.endswith(".inc"):
                continue  # made by the build from a table of the same folder
            folder = owner.get(target) or target.split("/")[0]
            if folder not in layers:
                complain(f'{name}:{number}: "{target}" is neither weir/... nor a path below src/')
            elif folder not in layers[layer].may_include:
                complain(f"{name}:{number}: {layer} must not include {folder} ({target})")


def check_namespaces(tree, complain):
    """src/X opens weir (for what is public) and weir::X; include/weir opens weir. What a header for
    tests offers to several folders may have a namespace of the header's name."""
    for name in tree.names("include/weir/*.hpp", "src/*/**/*.[ch]pp"):
        path = pathlib.PurePosixPath(name)
        own = f"weir::{path.parts[1]}" if path.parts[0] == "src" else "weir"
        allowed = {"weir", own}
        if path.stem.endswith("_testing"):
            allowed.add(f"weir::{path.stem}")
        for opened in cpp_names.opened_namespaces(tree.text(name)):
            nested = path.parts[0] == "src" and opened.name.startswith(f"{own}::")
            if opened.name not in allowed and not nested:
                what = opened.name or "a nameless namespace outside of weir"
                complain(f"{name}:{opened.line}: opens {what}; the folder's own is {own}")


def check_definitions(tree, complain):
    first = {}
    for name in tree.names("include/weir/*.hpp", "src/*/**/*.hpp"):
        for found in cpp_names.definitions(tree.text(name)):
            key = cpp_names.inside(found.namespace, found.name)
            place = f"{name}:{found.line}"
            if key in first:
                complain(f"{place}: {key} is defined in {first[key]} too")
            first.setdefault(key, place)


def words_of(constant):
    """kTcpFlag -> tcp, flag."""
    return {word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", constant)}


def is_telling(value):
    """Whether a number is hardly in two places by chance."""
    return value >= 10_000 and value & (value - 1) != 0


def check_constants(tree, complain):
    """No source defines a shared number again, be it under a similar name or one that is no chance;
    and what takes more than 32 bits is not repeated even without a name."""
    shared = []
    homes = {}
    for name in tree.names(*SHARED_NUMBERS):
        text = tree.text(name)
        shared += [(name, constant) for constant in cpp_names.number_constants(text)]
        homes |= {literal.value: name
                  for literal in cpp_names.literals(text) if literal.value >= 2**32}
    for name in tree.names("include/weir/*.hpp", "src/*/**/*.[ch]pp"):
        if name.endswith(("_test.cpp", "_testing.hpp")):
            continue
        text = tree.text(name)
        for literal in cpp_names.literals(text):
            home = homes.get(literal.value, name)
            if home != name:
                complain(f"{name}:{literal.line}: {literal.text} has its name in {home}")
        for constant in cpp_names.number_constants(text):
            for home, other in shared:
                alike = words_of(other.name) <= words_of(constant.name)
                if home != name and constant.value == other.value and \
                        (alike or is_telling(constant.value)):
                    complain(f"{name}:{constant.line}: {constant.name} is {other.name} of {home}")


def check_licence_lines(tree, complain):
    folders = ("include", "src", "fuzz", "tests", "cmake")
    endings = ("*.cpp", "*.hpp", "*.py", "*.sh", "*.cmake", "CMakeLists.txt")
    names = ["CMakeLists.txt", "run", "test", ".ci/run", *tree.names("scripts/*")]
    names += tree.names(*(f"{folder}/**/{ending}" for folder in folders for ending in endings))
    for name in names:
        first = tree.text(name).split("\n")[:2]
        if not any("SPDX-License-Identifier: Apache-2.0" in line for line in first):
            complain(f"{name}: no SPDX line")


def complaints_about(root):
    complaints = []
    tree = Tree(root)
    layers = read_table(tree, complaints.append)
    check_build(tree, layers, complaints.append)
    check_includes(tree, layers, complaints.append)
    check_namespaces(tree, complaints.append)
    check_definitions(tree, complaints.append)
    check_constants(tree, complaints.append)
    check_licence_lines(tree, complaints.append)
    return complaints


def main():
    complaints = complaints_about(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
