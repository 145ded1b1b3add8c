# SPDX-License-Identifier: Apache-2.0
"""Records as NetFlow v5 over loopback into nfcapd, which writes nfdump's own files.

nfdump reads no text, so this is the only way in. NetFlow v5 knows IPv4 only and has no verdict:
the input interface is 1 for ACCEPT and 2 for REJECT. Records without traffic and of IPv6 are left
out; nfdump's answers are compared with DuckDB's over the same rest (NETFLOW_ROWS).
"""
import pathlib
import re
import signal
import socket
import struct
import subprocess
import time

NETFLOW_ROWS = "log_status = 'OK' AND srcaddr NOT LIKE '%:%'"
HEADER = struct.Struct("!HHIIIIBBH")      # version, count, uptime, seconds, ns, sequence, engine
RECORD = struct.Struct("!4s4s4sHHIIIIHHBBBBHHBBH")
FLOWS_OF_PACKET = 30
PACKETS_IN_FLIGHT = 24
MOST = 0xffffffff
NO_HOP = bytes(4)


def _record(fields, base):
    """One flow; `base` is the Unix second at which the exporter says it was switched on."""
    (_, _, _, source, target, source_port, target_port, protocol, packets, octets, start, end,
     action, _) = fields[:14]
    return RECORD.pack(socket.inet_aton(source), socket.inet_aton(target), NO_HOP,
                       2 if action == "REJECT" else 1, 0, min(int(packets), MOST),
                       min(int(octets), MOST), (int(start) - base) * 1000,
                       (int(end) - base) * 1000, int(source_port), int(target_port), 0, 0,
                       int(protocol), 0, 0, 0, 0, 0, 0)


def _packets(text):
    """NetFlow datagrams for the lines of a default-v2 file."""
    base = None
    sequence = 0
    flows = []

    def packet():
        nonlocal sequence, flows
        seconds = base + 4_000_000      # "now", in the range of 32 bits of milliseconds
        datagram = HEADER.pack(5, len(flows), 4_000_000_000, seconds, 0, sequence, 0, 0, 0)
        datagram += b"".join(flows)
        sequence += len(flows)
        flows = []
        return datagram

    with open(text, encoding="ascii") as lines:
        next(lines)
        for line in lines:
            fields = line.split()
            if fields[13] != "OK" or ":" in fields[3]:
                continue
            if base is None:
                base = int(fields[10]) - 86_400
            flows.append(_record(fields, base))
            if len(flows) == FLOWS_OF_PACKET:
                yield packet()
    if flows:
        yield packet()


def _waiting(port):
    """Bytes in the receive queue of a UDP port, and datagrams lost so far."""
    for line in pathlib.Path("/proc/net/udp").read_text().splitlines()[1:]:
        words = line.split()
        if words[1].endswith(f":{port:04X}"):
            return int(words[4].split(":")[1], 16), int(words[-1])
    return None, 0


def _free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_flows(text, folder):
    """Fills `folder` with what nfcapd makes of a text file. Returns why not, or nothing."""
    if folder.is_dir():
        return ""
    unfinished = folder.with_suffix(".unfinished")
    unfinished.mkdir(exist_ok=True)
    for old in unfinished.iterdir():
        old.unlink()
    port = _free_port()
    with open(unfinished.with_suffix(".log"), "w", encoding="utf-8") as log:
        collector = subprocess.Popen(
            ["nfcapd", "-w", str(unfinished), "-b", "127.0.0.1", "-p", str(port), "-t", "86400",
             "-B", "4000000", "-z"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        reason = _send(text, port, collector)
    finally:
        collector.send_signal(signal.SIGTERM)
        try:
            collector.wait(60)
        except subprocess.TimeoutExpired:
            collector.kill()
            collector.wait()
    said = unfinished.with_suffix(".log").read_text(encoding="utf-8")
    lost = re.search(r"Sequence Errors: ([1-9]\d*)", said)
    if not reason and lost:
        reason = f"nfcapd missed {lost[1]} packets"
    if not reason:
        unfinished.rename(folder)
    return reason


def _send(text, port, collector):
    deadline = time.monotonic() + 20
    while _waiting(port)[0] is None:
        if collector.poll() is not None or time.monotonic() > deadline:
            return "nfcapd did not start"
        time.sleep(0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as exporter:
        exporter.connect(("127.0.0.1", port))
        for number, datagram in enumerate(_packets(text)):
            exporter.send(datagram)
            while number % PACKETS_IN_FLIGHT == 0 and (_waiting(port)[0] or 0) > 0:
                time.sleep(0.0002)
    while (_waiting(port)[0] or 0) > 0:
        time.sleep(0.01)
    lost = _waiting(port)[1]
    return f"{lost} datagrams were lost on loopback" if lost else ""
