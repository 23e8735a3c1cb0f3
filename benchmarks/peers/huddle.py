"""Huddle itself: by dialect and by how it records; of this checkout, or of another beside it."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.peers.peer import Peer
from benchmarks.peers.wires import PLAIN, Await, Wire

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

WEB = replace(
    JSON,
    member=(
        "GET /talk HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n",
        Await("\r\n\r\n"),
        *(step if isinstance(step, Await) else f"{{frame}}{step}" for step in JSON.member),
    ),
    say=f"{{frame}}{JSON.say}",
    frames=True,
)

Command = Callable[[Path, int], list[str]]


def _serving(scripts: Path, *record: str, web: bool = False) -> Command:
    """How a server is started by the `twistd` in that folder; with ``web``, for browsers."""

    def command(folder: Path, port: int) -> list[str]:
        ports = ["--port", "0", "--web", str(port)] if web else ["--port", str(port)]
        return [
            str(scripts / "twistd"), "-n", "--pidfile=", "huddle", "--flood-rate", "0",
            *ports, "--per-address", "0", "--lang", "en", *record,
        ]  # fmt: skip

    return command


def _peers(scripts: Path, python: str) -> tuple[Peer, ...]:
    recorded = _serving(scripts, "--history", RECORD, "--sync", "full")
    unsynced = _serving(scripts, "--history", RECORD, "--sync", "normal")
    by_web = _serving(scripts, "--history", RECORD, "--sync", "full", web=True)
    unrecorded = _serving(scripts, "--history", "none")
    return (
        Peer("huddle", "Huddle, recorded, fsync", python, recorded, PLAIN, RECORD),
        Peer("huddle-normal", "Huddle, recorded", python, unsynced, PLAIN, RECORD),
        Peer("huddle-none", "Huddle, --history none", python, unrecorded, PLAIN, forgets=True),
        Peer("huddle-json", "Huddle, json, fsync", python, recorded, JSON, RECORD),
        Peer("huddle-web", "Huddle, WebSocket, fsync", python, by_web, WEB, RECORD),
        Peer("huddle-json-none", "Huddle, json, no record", python, unrecorded, JSON, forgets=True),
    )


PEERS = _peers(Path(sys.executable).parent, sys.executable)


def of_checkout(checkout: Path) -> dict[str, Peer]:
    """The same peers as another checkout has them, by name; it needs an environment in ``.venv``.

    They are called as here with ``-before`` behind it.
    """
    scripts = checkout.resolve() / ".venv" / "bin"
    return {
        peer.name: replace(peer, name=f"{peer.name}-before", checkout=checkout.resolve())
        for peer in _peers(scripts, str(scripts / "python"))
    }
