"""What a client costs before the first key: CPU time to a usable prompt, and memory then."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from statistics import median

from benchmarks.peers import PEERS
from benchmarks.runs.processes import PATIENCE, StartError, memory_kib, stop, tree
from benchmarks.runs.run import serving

ROWS, COLUMNS = 24, 80
SETTLING = 0.5
"""Seconds from the prompt to the look at memory."""


@dataclass(frozen=True, slots=True)
class Client:
    """How a client is started in a home of its own, and what it shows when one can type.

    huddle-client is connected by then, the others are told not to connect: that is in their favour.
    """

    name: str
    program: str
    command: Callable[[Path, int], Sequence[str]]
    prompt: bytes


CLIENTS = (
    Client(
        "huddle-client",
        sys.executable,
        lambda home, port: (
            *(sys.executable, "-m", "huddle.client.program"),
            *("--port", str(port), "--nick", "ana"),
        ),
        b"online",
    ),
    Client(
        "irssi", "irssi", lambda home, port: ("irssi", f"--home={home}", "-n", "ana"), b"[(status)]"
    ),
    Client("weechat", "weechat", lambda home, port: ("weechat", "-a", "-d", str(home)), b"WeeChat"),
)


@dataclass(frozen=True, slots=True)
class Start:
    """One start: `cpu` and `wall` in seconds until the prompt, memory in KiB (PSS) soon after."""

    client: str
    cpu: float
    wall: float
    memory_kib: int


def measure(rounds: int) -> list[Start]:
    """Start all that are installed in turn, so many times; what was not found is left out."""
    present = [client for client in CLIENTS if which(client.program)]
    with serving(PEERS["huddle"]) as server:
        for client in present:
            _start(client, server.port)  # what is read from the disk is in memory after this
        return [_start(client, server.port) for _ in range(rounds) for client in present]


def medians(starts: Sequence[Start]) -> list[Start]:
    """The median of each client's starts, figure by figure."""
    found = []
    for name in dict.fromkeys(start.client for start in starts):
        own = [start for start in starts if start.client == name]
        found.append(
            Start(
                name,
                median(start.cpu for start in own),
                median(start.wall for start in own),
                int(median(start.memory_kib for start in own)),
            )
        )
    return found


def _start(client: Client, port: int) -> Start:
    began = time.monotonic()
    with opened(client, port) as (pid, terminal):
        cpu, wall = _cpu_seconds(pid), time.monotonic() - began
        _read_for(terminal, SETTLING)
        return Start(client.name, cpu, wall, memory_kib(pid))


@contextmanager
def opened(client: Client, port: int) -> Iterator[tuple[int, int]]:
    """Start a client in a terminal of its own; gives its process and the terminal at the prompt."""
    with tempfile.TemporaryDirectory() as home:
        ours, inside = pty.openpty()
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        process = subprocess.Popen(
            client.command(Path(home), port),
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env={**_as_installed(), "HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        os.close(inside)
        try:
            _await_prompt(client, ours)
            yield process.pid, ours
        finally:
            stop(process)
            os.close(ours)


def _as_installed() -> dict[str, str]:
    """Without what makes Python compile everything anew at each start (twice the time): what is
    installed has its bytecode beside it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _await_prompt(client: Client, terminal: int) -> None:
    deadline, shown = time.monotonic() + PATIENCE, b""
    while client.prompt not in shown:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise StartError(f"{client.name} shows no prompt: {shown!r}")
        shown += os.read(terminal, 65_536)


def _read_for(terminal: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            os.read(terminal, 65_536)


def _cpu_seconds(root: int) -> float:
    """Time on a processor of the tree's threads, to the nanosecond (/proc/…/schedstat)."""
    spent = 0
    for pid in tree(root):
        for task in Path(f"/proc/{pid}/task").iterdir():
            spent += int((task / "schedstat").read_text().split()[0])
    return spent / 1e9
