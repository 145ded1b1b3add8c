# SPDX-License-Identifier: Apache-2.0
"""What AWS's own pages say of records, asked of weir word for word.

- "Flow log record examples": SSH accepted, RDP rejected, the ping whose answer the ACL denies,
  https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html
"""
import json

HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start"
    " end action log-status"
)
PING = (
    "2 123456789010 eni-1235b8ca123456789 203.0.113.12 172.31.16.139 0 0 1 4 336 1432917027"
    " 1432917142 ACCEPT OK",
    "2 123456789010 eni-1235b8ca123456789 172.31.16.139 203.0.113.12 0 0 1 4 336 1432917094"
    " 1432917142 REJECT OK",
)
SSH = (
    "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010"
    " 1418530070 ACCEPT OK",
)
RDP = (
    "2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010"
    " 1418530070 REJECT OK",
)
# name -> (lines, what `why` says of each: cause, side, certainty)
CASES = {
    "a ping whose answer is rejected": (
        PING,
        [("allowed", "inbound", "certain"), ("network-acl", "outbound", "certain")],
    ),
    "accepted SSH": (SSH, [("allowed", None, "certain")]),
    "rejected RDP, which the log alone does not explain": (RDP, [("unknown", None, "possible")]),
}


def check_documented(tally, run):
    for name, (lines, expected) in CASES.items():
        log = "".join(line + "\n" for line in (HEADER, *lines))
        got = run("why", "--each", "-q", "-o", "ndjson", "-", stdin=log.encode())
        rows = [json.loads(line) for line in got.output.splitlines()]
        sides = [side for _, side, _ in expected]
        actual = [
            (row["cause"], row["side"] if side else None, row["certainty"])
            for row, side in zip(rows, sides)
        ]
        tally.same(f"AWS's own example: {name}", expected, actual)
