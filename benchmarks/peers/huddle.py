"""Huddle itself: by dialect and by how it records."""

import sys
from pathlib import Path

from benchmarks.peers.peer import Peer
from benchmarks.wires import PLAIN, Await, Wire

RECORD = "huddle.db"
JSON = Wire(
    member=(
        '{"type":"hello","v":1,"nick":"{nick}","session":null,"replay":0,"lang":"en"}\n',
        Await('"type":"welcome"'),
        Await("}\n"),
    ),
    say='{"type":"say","id":{id},"room":"huddle","text":"{text}"}\n',
    ack='"type":"ack"',
)


def _command(*options: str) -> list[str]:
    twistd = Path(sys.executable).parent / "twistd"
    return [str(twistd), "-n", "--pidfile=", "huddle", "--flood-rate", "0", *options]


def _options(port: int) -> tuple[str, ...]:
    return ("--port", str(port), "--per-address", "0", "--lang", "en")


def _recorded(folder: Path, port: int) -> list[str]:
    return _command(*_options(port), "--history", RECORD, "--sync", "full")


def _unsynced(folder: Path, port: int) -> list[str]:
    return _command(*_options(port), "--history", RECORD, "--sync", "normal")


def _unrecorded(folder: Path, port: int) -> list[str]:
    return _command(*_options(port), "--history", "none")


PEERS = (
    Peer("huddle", "Huddle, recorded, fsync", sys.executable, _recorded, PLAIN, RECORD),
    Peer("huddle-normal", "Huddle, recorded", sys.executable, _unsynced, PLAIN, RECORD),
    Peer("huddle-none", "Huddle, --history none", sys.executable, _unrecorded, PLAIN, forgets=True),
    Peer("huddle-json", "Huddle, json, fsync", sys.executable, _recorded, JSON, RECORD),
    Peer(
        "huddle-json-none",
        "Huddle, json, no record",
        sys.executable,
        _unrecorded,
        JSON,
        forgets=True,
    ),
)
