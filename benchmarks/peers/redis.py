"""Redis publish and subscribe (C): nothing saved, no limit on a subscriber's buffer.

Who publishes is a connection of its own: a subscriber cannot. A delivery is an array of three
bulk strings, seven lines, and does not name its publisher.
"""

from pathlib import Path

from benchmarks.peers.peer import Peer
from benchmarks.peers.wires import Await, Wire


def _command(folder: Path, port: int) -> list[str]:
    return [
        *("redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)),
        *("--save", "", "--appendonly", "no", "--maxclients", "19000", "--tcp-backlog", "4096"),
        *("--client-output-buffer-limit", "pubsub 0 0 0", "--timeout", "0"),
    ]


WIRE = Wire(
    member=("SUBSCRIBE huddle\r\n", Await("subscribe\r\n$6\r\nhuddle\r\n:1\r\n")),
    speaker=("PING\r\n", Await("+PONG\r\n")),
    say="*3\r\n$7\r\nPUBLISH\r\n$6\r\nhuddle\r\n${bytes}\r\n{text}\r\n",
    lines=7,
    named=False,
    separate=True,
)

PEERS = (Peer("redis", "Redis pub/sub (C)", "redis-server", _command, WIRE),)
