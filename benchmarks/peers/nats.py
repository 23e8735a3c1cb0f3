"""NATS (Go): core publish and subscribe, no limit on what waits for a subscriber."""

from pathlib import Path

from benchmarks.peers.peer import Peer
from benchmarks.peers.wires import Await, Wire

CONFIGURATION = """
listen: "127.0.0.1:{port}"
max_connections: 100000
max_pending: 4GB
write_deadline: "600s"
ping_interval: "24h"
"""
HELLO = 'CONNECT {"verbose":false,"pedantic":false,"echo":false}\r\n'


def _command(folder: Path, port: int) -> list[str]:
    configuration = folder / "nats.conf"
    configuration.write_text(CONFIGURATION.format(port=port))
    return ["nats-server", "--config", str(configuration)]


WIRE = Wire(
    member=(Await("INFO "), HELLO + "SUB huddle 1\r\nPING\r\n", Await("PONG\r\n")),
    say="PUB huddle {bytes}\r\n{text}\r\n",
    lines=2,
    named=False,
)

PEERS = (Peer("nats", "NATS core (Go)", "nats-server", _command, WIRE),)
