"""Processes pinned to a core, and the accounts of a process and all its descendants."""

import os
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SERVER_CORE = 0
LOAD_CORE = 1
PATIENCE = 60.0
"""Seconds within which what was started, or asked, has to answer: far more than it needs, also on a
machine that does much else. When it has answered nothing waits any longer."""
_TICK = os.sysconf("SC_CLK_TCK")


class StartError(Exception):
    """What is to be measured cannot be started, or took no connection in the time it was given."""


def raise_open_files() -> int:
    """Raise the soft limit on open files to the hard one, for us and all we start; return it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def idle_share(seconds: float = 0.5) -> float:
    """Return which share of this machine's cores had nothing to do, over some time."""

    def accounts() -> tuple[int, int]:
        with Path("/proc/stat").open() as file:
            ticks = [int(field) for field in file.readline().split()[1:]]
        return ticks[3], sum(ticks)

    idle, everything = accounts()
    time.sleep(seconds)
    idle_later, everything_later = accounts()
    return (idle_later - idle) / (everything_later - everything)


def pin_self(core: int) -> None:
    """Keep to one core from here on: what watches must not disturb the server under test.

    So does every process that is started from here on, but for one that is `pinned` elsewhere.
    """
    os.sched_setaffinity(0, {core})


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep to that core for a block, as what is `pinned` there."""
    before = os.sched_getaffinity(0)
    pin_self(core)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pinned(core: int, command: Sequence[str]) -> list[str]:
    """Return the command that runs `command`, its threads and its children on one core."""
    return ["taskset", "-c", str(core), *command]


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Return as soon as the port takes connections; raise `StartError` when it does not."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StartError(f"it ended with status {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise StartError(f"port {port} took no connection within {PATIENCE:.0f} s")


def stop(process: "subprocess.Popen[bytes]", seconds: float = 3) -> None:
    """Ask a process to end, then make it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def tree(root: int) -> list[int]:
    """Return the process and all its living descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def cpu_seconds(root: int) -> float:
    """Return the user and system time of the tree, ended children included.

    The kernel counts what it does for a send, the receiving half of loopback included, as system
    time of the sender. Resolution: one tick, 10 ms.
    """
    accounts = [fields for pid in tree(root) if (fields := _stat(pid))]
    return sum(int(field) for fields in accounts for field in fields[11:15]) / _TICK


def own_seconds(pid: int) -> float:
    """Return the user and system time of this one process, by its own clock, in nanoseconds.

    How the clock of a process is called: clock_getcpuclockid(3), as glibc makes it.
    """
    return time.clock_gettime((~pid << 3) | 2)


def memory_kib(root: int) -> int:
    """Return the proportional set size of the tree: shared pages are counted once."""
    return sum(_rollup(pid, "Pss:") for pid in tree(root))


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat behind the command's name, which may hold anything."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def _rollup(pid: int, field: str) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith(field))
