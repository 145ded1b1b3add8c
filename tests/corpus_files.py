# SPDX-License-Identifier: Apache-2.0
"""The files of tests/corpus/ and what stands beside them.

accept/NAME and third_party/PROJECT/NAME:
    NAME.ndjson       exactly what `weir read -o ndjson NAME` prints
    NAME.expect.json  what is not a matter of course:
        status, skipped  exit status and number of skipped lines, else 0
        format           given to weir as --format
        lossy            outputs of tests/check_round_trip.py that cannot hold these records
        inferred         the fields of lines without a header that weir has to find out; for the
                         oracle alone
reject/NAME:
    NAME.error        pieces of text, one per line, that the message must have; the status is 2
"""
import json
import pathlib
import sys

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
sys.path.insert(0, str(CORPUS.parent / "oracle"))
import decode_oracle  # noqa: E402


class Accepted:
    """A file that weir reads."""

    def __init__(self, path):
        self.path = path
        self.name = path.relative_to(CORPUS).as_posix()
        sidecar = path.with_name(path.name + ".expect.json")
        expect = json.loads(sidecar.read_text()) if sidecar.exists() else {}
        self.status = expect.get("status", 0)
        self.skipped = expect.get("skipped", 0)
        self.format = expect.get("format")
        self.inferred = expect.get("inferred")
        self.lossy = expect.get("lossy", [])
        self.answer = path.with_name(path.name + ".ndjson").read_bytes()

    @property
    def flags(self):
        return ["--format", self.format] if self.format else []

    @property
    def records(self):
        return [json.loads(line) for line in self.answer.splitlines()]

    @property
    def is_bare(self):
        """True if the file holds lines as AWS writes them to S3, which the oracle can read."""
        bare = (".log",) if self.path.parent.name == "accept" else (".log", ".dat", ".txt")
        return self.path.suffix in bare

    def ask_oracle(self):
        """(the answer, the number of skipped lines), decoded from the file by the oracle."""
        fields = self.format or self.inferred
        names = decode_oracle.field_names(fields) if fields else None
        records, skipped = decode_oracle.decode(self.path.read_bytes(), names)
        return decode_oracle.to_ndjson(records), skipped


def is_input(path):
    """False for sidecars and for the notes on where a file comes from."""
    if path.name in ("SOURCE", "LICENCE") or path.name.endswith((".expect.json", ".error")):
        return False
    return not (path.suffix == ".ndjson" and path.with_suffix("").exists())


def accepted():
    paths = [*CORPUS.glob("accept/*"), *CORPUS.glob("third_party/*/*")]
    return [Accepted(path) for path in sorted(paths) if is_input(path)]


def rejected():
    """(path, pieces of text that the message must have)"""
    for path in sorted(CORPUS.glob("reject/*")):
        if is_input(path):
            yield path, path.with_name(path.name + ".error").read_text().splitlines()
