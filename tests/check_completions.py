#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual page and the completions that weir writes from its tables of verbs and flags: they parse,
they have every flag of every verb, and they complete what they should, in bash and, where they are
installed, in fish and zsh. Every line of help fits 80 columns. Ends with `N passed, N failed`.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import weir_runs

ROOT = weir_runs.ROOT
HELP_WIDTH = 80

# What stands on the line -> a part of what it is completed to, None for files.
LINES = {
    "weir to": {"top"},
    "weir whatif --gu": {"--guard"},
    "weir read --color ": {"auto", "always", "never"},
    "weir timeline --by p": {"packets"},
    "weir convert --partition h": {"hour"},
    "weir suggest --as te": {"terraform"},
    "weir read -o nd": {"ndjson"},
    "weir top srcaddr,dstp": {"srcaddr,dstport"},
    "weir top --by bytes srcp": {"srcport"},
    "weir read --fields srcaddr,dstp": {"srcaddr,dstport"},
    "weir timeline --split act": {"action"},
    "weir fields tcp-f": {"tcp-flags"},
    "weir synth --fields v1": {"v10", "v11"},
    "weir report port-sc": {"port-scans"},
    "weir help time": {"timeline"},
    "weir top srcaddr CMakeL": None,
    "weir read -n 5 CMakeL": None,
    "weir report port-scans CMakeL": None,
    "weir why --config CMakeL": None,
    "weir read -- CMakeL": None,
}

# compopt works only while the shell completes; here it says what it was asked for.
BASH = """
source "$1"
compopt() { if [[ $* == *default* ]]; then echo FILES; fi; }
read -ra COMP_WORDS <<<"$2"
if [[ $2 == *' ' ]]; then COMP_WORDS+=(''); fi
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_weir
printf '%s\\n' "${COMPREPLY[@]}"
"""

# A shell with a terminal of its own, in which TAB is pressed behind each line.
ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -D; bindkey '^I' complete-word"
zpty -w shell 'print rea''dy'
zpty -r shell output '*ready*'
shift
for line; do
  zpty -wn shell $'\\x15'"$line"$'\\t#end'  # Ctrl-U clears the line before
  zpty -rm shell output '*#end*'
  print -r -- "${output//$'\\n'/}"
done
"""


def help_of(*words):
    return weir_runs.run(*words).output.decode()


def verbs_and_flags():
    verbs = re.findall(r"^  ([a-z]+)  ", help_of("--help"), re.MULTILINE)
    return {verb: re.findall(r"^  (?:-\w, |    )(--[a-z-]+)", help_of(verb, "--help"), re.MULTILINE)
            for verb in verbs}


def run_shell(*words):
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=30, check=False,
                          env=weir_runs.ENVIRONMENT | {"TERM": "dumb"})


def check_that_it_parses(tally, name, *words):
    if shutil.which(words[0]):
        done = run_shell(*map(str, words))
        tally.same(f"{name} parses", (0, ""), (done.returncode, done.stderr))


def complete_in_bash(script, line):
    lines = run_shell("bash", "-c", BASH, "bash", str(script), line).stdout.split()
    return None if "FILES" in lines else set(lines)


def complete_in_fish(script, line):
    command = f"source {script}; complete -C {line!r}"
    lines = run_shell("fish", "--no-config", "-c", command).stdout.splitlines()
    words = {each.split("\t")[0] for each in lines}
    return None if words == {"CMakeLists.txt"} else words


def check_lines(tally, shell, complete, script):
    for line, expected in LINES.items():
        tally.same(f"{shell}: {line}", expected, complete(script, line))


def check_zsh(tally, folder):
    """Where there is one candidate; zsh writes that out."""
    lines = [line for line, words in LINES.items() if words is None or len(words) == 1]
    typed = run_shell("zsh", "-f", "-c", ZSH, "zsh", str(folder), *lines).stdout
    typed = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|.\x08", "", typed)
    for line in lines:
        (word,) = LINES[line] or {"CMakeLists.txt"}
        whole = line[:line.rindex(" ") + 1] + word
        tally.same(f"zsh: {line}", True, whole in typed)


def check_flags(tally, verbs, texts, folder):
    """Every flag of every verb is in all of them."""
    zsh_parts = dict(re.findall(r"^    (\w+)\)\n      _arguments(.*?);;", texts["zsh"],
                                re.MULTILINE | re.DOTALL))
    fish_flags = {}
    for names, flag in re.findall(r"^complete -c weir -n '__weir_verb ([a-z ]+)'.*? -l ([a-z-]+)",
                                  texts["fish"], re.MULTILINE):
        for verb in names.split():
            fish_flags.setdefault(verb, set()).add("--" + flag)
    manual = texts["man"].replace("\\-", "-")
    for verb, flags in verbs.items():
        section = manual.partition(f".SS {verb}\n")[2].partition(".SS")[0]
        listed = re.search(r"^Flags: (.*)\.$", section, re.MULTILINE).group(1)
        tally.same(f"man: flags of {verb}", flags, re.findall(r"--[a-z-]+", listed))
        words = complete_in_bash(folder / "bash", f"weir {verb} --")
        tally.same(f"bash: flags of {verb}", set(flags) | {"--help"}, words)
        zsh = set(re.findall(r"--[a-z-]+(?==?\[|,|=?\})", zsh_parts[verb]))
        tally.same(f"zsh: flags of {verb}", set(flags) | {"--help"}, zsh)
        tally.same(f"fish: flags of {verb}", set(flags), fish_flags[verb])
    explained = set(re.findall(r"^\.TP\n.*?(--[a-z-]+)", manual, re.MULTILINE))
    tally.same("man: every flag is explained", {"--help"}.union(*verbs.values()),
               explained)


def check_width(tally, verbs):
    for words in [("--help",), *((verb, "--help") for verb in verbs)]:
        wide = [line for line in help_of(*words).splitlines()
                if len(line) > HELP_WIDTH and "weir explain '2 " not in line]
        tally.same(f"width of weir {' '.join(words)}", [], wide)


def main():
    tally = weir_runs.Tally()
    verbs = verbs_and_flags()
    tally.same("there are verbs", True, len(verbs) > 10)
    check_width(tally, verbs)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        texts = {}
        for kind in ("man", "bash", "zsh", "fish"):
            texts[kind] = help_of("help", "--generate", kind)
            (folder / kind).write_text(texts[kind])
        (folder / "_weir").write_text(texts["zsh"])
        check_that_it_parses(tally, "bash", "bash", "-n", folder / "bash")
        check_that_it_parses(tally, "zsh", "zsh", "-n", folder / "zsh")
        check_that_it_parses(tally, "fish", "fish", "--no-execute", folder / "fish")
        check_that_it_parses(tally, "groff", "groff", "-man", "-z", "-ww", folder / "man")
        check_that_it_parses(tally, "man", "man", "--warnings", "-l", folder / "man")
        check_flags(tally, verbs, texts, folder)
        check_lines(tally, "bash", complete_in_bash, folder / "bash")
        if shutil.which("fish"):
            check_lines(tally, "fish", complete_in_fish, folder / "fish")
        if shutil.which("zsh"):
            check_zsh(tally, folder)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
