"""How long a key takes to the screen of huddle-client, in silence and while lines pour in."""

import os
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles

from benchmarks.clients.start import CLIENTS, opened
from benchmarks.peers import PEERS
from benchmarks.runs.processes import PATIENCE, StartError, cpu_seconds
from benchmarks.runs.run import serving

KEY, RUBOUT = b"~", b"\x7f"
PAUSE = 0.03
"""Seconds between keys: a fast typist takes four times as long."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`milliseconds` of each key until it was shown; `cpu` is the share of a core used by then."""

    lines_per_second: int
    milliseconds: list[float]
    cpu: float

    @property
    def p99(self) -> float:
        """Return what 99 of 100 took at most."""
        return quantiles(self.milliseconds, n=100)[98]


def measure_keys(lines_per_second: int, seconds: float = 5) -> Keys:
    """Type for so long, while somebody says so many lines a second."""
    with (
        serving(PEERS["huddle"]) as server,
        opened(CLIENTS[0], server.port) as (pid, terminal),
        _pouring(server.port, lines_per_second),
    ):
        began, cpu = time.monotonic(), cpu_seconds(pid)
        taken = []
        while time.monotonic() - began < seconds:
            taken.append(_key(terminal) * 1000)
            os.write(terminal, RUBOUT)
            _read_for(terminal, PAUSE)
        share = (cpu_seconds(pid) - cpu) / (time.monotonic() - began)
        return Keys(lines_per_second, taken, share)


def _key(terminal: int) -> float:
    pressed = time.monotonic()
    os.write(terminal, KEY)
    while KEY not in _read(terminal, PATIENCE):
        pass
    return time.monotonic() - pressed


def _read(terminal: int, seconds: float) -> bytes:
    if not select.select([terminal], [], [], seconds)[0]:
        raise StartError("huddle-client does not show what is typed")
    return os.read(terminal, 65_536)


def _read_for(terminal: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            os.read(terminal, 65_536)


@contextmanager
def _pouring(port: int, lines_per_second: int) -> Iterator[None]:
    """Somebody with `nc` says so many lines a second, in bursts of a hundredth of one."""
    over = threading.Event()

    def pour() -> None:
        with socket.create_connection(("127.0.0.1", port)) as talk:
            talk.sendall(b"pourer\n")
            began, said = time.monotonic(), 0
            while not over.wait(0.01):
                due = int((time.monotonic() - began) * lines_per_second)
                lines = (b"line %d of a room where much is said\n" % n for n in range(said, due))
                talk.sendall(b"".join(lines))
                said = due

    pouring = threading.Thread(target=pour)
    pouring.start()
    try:
        yield
    finally:
        over.set()
        pouring.join()
