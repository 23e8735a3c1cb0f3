"""The little servers that set the scale; they speak the first lines of the plain dialect."""

import sys
from pathlib import Path

from benchmarks.build import compiled
from benchmarks.peers.peer import Peer
from benchmarks.peers.wires import PLAIN

HERE = Path(__file__).parent


def _floor(folder: Path, port: int) -> list[str]:
    return [str(compiled("floor")), str(port)]


def _threads(folder: Path, port: int) -> list[str]:
    return [sys.executable, str(HERE / "thread_per_client.py"), str(port)]


def _writes(folder: Path, port: int) -> list[str]:
    return [sys.executable, str(HERE / "naive_twisted.py"), str(port)]


def _sends(folder: Path, port: int) -> list[str]:
    return [sys.executable, str(HERE / "bare_twisted.py"), str(port)]


PEERS = (
    Peer("floor", "bare epoll loop (C)", "cc", _floor, PLAIN),
    Peer("twisted", "Twisted, transport.write", sys.executable, _writes, PLAIN),
    Peer("bare-twisted", "Twisted, socket.send", sys.executable, _sends, PLAIN),
    Peer("threads", "a thread per client (Python)", sys.executable, _threads, PLAIN),
)
