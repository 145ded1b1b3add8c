#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Debian package of build/release: what it says of itself, what it holds, that it asks for all
libraries that it links, that weir runs from it, and that installing and removing it leaves nothing.
Needs no network. Ends with `N passed, N failed`.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import weir_runs

ROOT = weir_runs.ROOT
BUILD = ROOT / "build/release"
DUCKDB = ROOT / "build/duckdb/libduckdb.so"
LOGS = ROOT / "examples/logs"
QUESTIONS = (
    ("top", "srcaddr", "--by", "bytes", "-n", "5", "-o", "csv", LOGS),
    ("read", "-n", "5", "--tz", "Europe/Berlin", "-o", "table", LOGS),
)
SQL_QUESTION = ("sql", "-o", "csv", "SELECT count(*) AS records FROM flows", LOGS)


def words(*command, **options):
    """What a command prints; an error if it fails."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def build_package(folder):
    words("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", folder, cwd=BUILD)
    packages = list(folder.glob("*.deb"))
    if len(packages) != 1:
        raise RuntimeError(f"cpack wrote {len(packages)} packages instead of one")
    return packages[0]


def project_version():
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"project\(weir VERSION ([\d.]+)", text).group(1)


def check_control(package, tally):
    def field(name):
        return words("dpkg-deb", "--field", package, name).strip()

    machine = words("dpkg", "--print-architecture").strip()
    tally.same("file name", f"weir_{project_version()}_{machine}.deb", package.name)
    for name, expected in (
        ("Package", "weir"),
        ("Version", project_version()),
        ("Architecture", machine),
        ("Section", "net"),
        ("Priority", "optional"),
        ("Maintainer", "weir developers"),
    ):
        tally.same(f"control field {name}", expected, field(name))
    too_wide = [line for line in field("Description").split("\n") if len(line) > 80]
    tally.same("the description fits a terminal", [], too_wide)
    tally.same("no scripts run as root", {"control", "md5sums"},
               {path.name for path in control_files(package)})


def control_files(package):
    with tempfile.TemporaryDirectory() as folder:
        words("dpkg-deb", "--control", package, folder)
        return list(pathlib.Path(folder).iterdir())


def check_contents(package, tally):
    """Only what the program needs and what there is to read; nobody but root may change it."""
    expected = {"usr/bin/weir", "usr/share/doc/weir/copyright", "usr/share/doc/weir/README.md"}
    if DUCKDB.exists():
        expected.add("usr/lib/weir/libduckdb.so")
    places = re.compile(r"usr/(bin/weir|lib/weir/libduckdb\.so"
                        r"|share/(doc/weir|man|bash-completion|zsh|fish)/.*)")
    wrong = []
    for line in words("dpkg-deb", "--contents", package).splitlines():
        mode, owner, *_, path = line.split(maxsplit=5)
        path = path.removeprefix("./")
        expected.discard(path)
        if owner != "root/root":
            wrong.append(f"{path} belongs to {owner}")
        if mode not in ("drwxr-xr-x", "-rwxr-xr-x" if path == "usr/bin/weir" else "-rw-r--r--"):
            wrong.append(f"{path} has mode {mode}")
        if not path.endswith("/") and not places.fullmatch(path):
            wrong.append(f"{path} does not belong into the package of the program")
    tally.same("every file has its place and its mode", "", "\n".join(wrong))
    tally.same("nothing is missing", set(), expected)


def packages_linked(binary):
    """The Debian packages whose libraries the binary names itself, not through others."""
    dynamic = words("readelf", "--dynamic", binary, env=weir_runs.ENVIRONMENT)
    needed = re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic)
    found = dict(re.findall(r"^\s*(\S+) => (/\S+)", words("ldd", binary), re.MULTILINE))
    return packages_of([found[name] for name in needed if name in found])


def packages_of(paths):
    """/lib is a link to /usr/lib, and a package may have listed its file under either."""
    spellings = {path: {path, "/usr" + path, path.removeprefix("/usr")} for path in paths}
    asked = sorted(set().union(*spellings.values()))
    done = subprocess.run(["dpkg", "-S", *asked], capture_output=True, text=True, check=False)
    owner = {}
    for line in done.stdout.splitlines():
        package, path = line.split(": ", 1)
        owner[path] = package.split(":")[0]
    return {next((owner[name] for name in names if name in owner), f"no package of {path}")
            for path, names in spellings.items()}


def check_dependencies(package, tree, tally):
    depends = words("dpkg-deb", "--field", package, "Depends")
    named = {item.split()[0] for item in re.split(r"[,|]\s*", depends)}
    for binary in (tree / "usr/bin/weir", tree / "usr/lib/weir/libduckdb.so"):
        if binary.exists():
            linked = packages_linked(binary)
            if not linked:
                tally.fail(f"Depends of {binary.name}", "no library was found, not even libc")
            tally.same(f"Depends covers {binary.name}", set(), linked - named)
    tally.same("Depends covers the time zones", True, "tzdata" in named)


def answer(program, arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, check=False,
                          env=weir_runs.ENVIRONMENT, timeout=weir_runs.TIMEOUT_SECONDS)
    return f"{done.stdout.decode()}[exit {done.returncode}]"


def check_answers(tree, tally):
    """From the package comes what comes from the build, DuckDB's library included."""
    program = tree / "usr/bin/weir"
    tally.same("weir --version", f"weir {project_version()}\n[exit 0]", answer(program, ["--version"]))
    questions = [*QUESTIONS, SQL_QUESTION] if DUCKDB.exists() else QUESTIONS
    for question in questions:
        expected = answer(weir_runs.WEIR, question)
        tally.same(f"weir {question[0]}", expected, answer(program, question))
        tally.same(f"weir {question[0]} has an answer", True, expected.endswith("[exit 0]"))


def files_below(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")
            if "var/lib/dpkg" not in path.as_posix() and "var/log" not in path.as_posix()}


def check_installation(package, tree, root, tally):
    """Into a root of its own, whose dependencies nobody has; removed again without a trace."""
    for folder in ("updates", "info", "triggers"):
        (root / "var/lib/dpkg" / folder).mkdir(parents=True)
    for file in ("status", "available"):
        (root / "var/lib/dpkg" / file).touch()
    (root / "var/log").mkdir()
    before = files_below(root)
    dpkg = ("dpkg", f"--root={root}", f"--log={root}/var/log/dpkg.log", "--force-depends",
            "--force-unsafe-io")
    if os.geteuid() != 0:
        dpkg = ("fakeroot", *dpkg)
    words(*dpkg, "--install", package)
    tally.same("installed files", files_below(tree), files_below(root) - before)
    tally.same("weir --version, installed", f"weir {project_version()}\n[exit 0]",
               answer(root / "usr/bin/weir", ["--version"]))
    words(*dpkg, "--remove", "weir")
    tally.same("files after removal", set(), files_below(root) - before)
    tally.same("dpkg's memory after removal", [],
               [path.name for path in (root / "var/lib/dpkg/info").glob("weir*")])


def main():
    tally = weir_runs.Tally()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        try:
            package = build_package(scratch)
            check_control(package, tally)
            check_contents(package, tally)
            tree = scratch / "unpacked"
            words("dpkg-deb", "--extract", package, tree)
            check_dependencies(package, tree, tally)
            check_answers(tree, tally)
            if os.geteuid() == 0 or shutil.which("fakeroot"):
                check_installation(package, tree, scratch / "root", tally)
            else:
                print("not installed anywhere: this needs root or fakeroot")
        except RuntimeError as error:
            tally.fail("the package", error)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
