#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what no compiler checks: that folders include only what the table in docs/architecture.md
lets them, that CMakeLists.txt lists every source once, and that every file names its licence."""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


class Layer:
    def __init__(self, may_include, headers):
        self.may_include = may_include
        self.headers = headers


def read_table():
    """The rows `| layer | may include | public headers |` of docs/architecture.md, in their order."""
    layers = {}
    in_table = False
    for line in (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("\n"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells == ["layer", "may include", "public headers"]:
            in_table = True
        elif in_table and not line.startswith("|"):
            break
        elif in_table and not cells[0].startswith("-"):
            name = cells[0].strip("`")
            allowed = set(re.findall(r"`(\w+)`", cells[1]))
            if cells[1] == "everything above":
                allowed = set(layers)
            layers[name] = Layer(allowed | {name}, re.findall(r"`(\w+)`", cells[2]))
    if not layers:
        sys.exit("docs/architecture.md: the table of layers is gone")
    return layers


def check_includes(layers, complain):
    owner = {f"weir/{header}.hpp": name for name, layer in layers.items() for header in layer.headers}
    files = [*ROOT.glob("include/weir/*.hpp"), *ROOT.glob("src/*/**/*.[ch]pp")]
    for path in sorted(files):
        name = path.relative_to(ROOT).as_posix()
        if name.endswith("_test.cpp"):
            continue  # a test may build its input with any stage
        root, rest = name.split("/", 1)
        layer = owner.get(rest) if root == "include" else rest.split("/")[0]
        if layer not in layers:
            complain(f"{name}: the table in docs/architecture.md does not have it")
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
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


def check_sources(complain):
    text = re.sub(r"#.*", "", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))
    listed = collections.Counter(re.findall(r"\bsrc/[\w/]+\.cpp\b", text))
    present = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("src/**/*.cpp")}
    for name in sorted(present - set(listed)):
        complain(f"{name}: CMakeLists.txt does not list it")
    for name, times in sorted(listed.items()):
        if name not in present:
            complain(f"CMakeLists.txt: {name} does not exist")
        elif times > 1:
            complain(f"CMakeLists.txt: {name} is listed {times} times")


def check_licence_lines(complain):
    files = [ROOT / name for name in ("CMakeLists.txt", "run", "test", ".ci/run")]
    files += ROOT.glob("scripts/*")
    for folder in ("include", "src", "fuzz", "tests", "cmake"):
        for pattern in ("*.cpp", "*.hpp", "*.py", "*.sh", "*.cmake", "CMakeLists.txt"):
            files += (ROOT / folder).rglob(pattern)
    for path in sorted(files):
        first = path.read_text(encoding="utf-8").split("\n")[:2]
        if not any("SPDX-License-Identifier: Apache-2.0" in line for line in first):
            complain(f"{path.relative_to(ROOT)}: no SPDX line")


def main():
    complaints = []
    layers = read_table()
    check_includes(layers, complaints.append)
    check_sources(complaints.append)
    check_licence_lines(complaints.append)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
