"""One server under one load, from start to verdict."""

import os
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.peers.peer import Peer
from benchmarks.runs import disk
from benchmarks.runs.load import Generator, Load
from benchmarks.runs.processes import (
    SERVER_CORE,
    StartError,
    await_port,
    cpu_seconds,
    free_port,
    memory_kib,
    pinned,
    stop,
)

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process, the port it listens on and the folder it works in."""

    peer: Peer
    pid: int
    port: int
    folder: Path


@contextmanager
def serving(
    peer: Peer, prepare: Callable[[Path], object] = lambda folder: None
) -> Iterator[Server]:
    """Start a server on its core in a fresh folder; end it and clean up afterwards.

    `prepare` is called with the folder before. Raises `StartError`.
    """
    with tempfile.TemporaryDirectory(prefix=f"bench-{peer.name}-", dir=disk.folder()) as name:
        folder, port = Path(name), free_port()
        prepare(folder)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                pinned(SERVER_CORE, peer.command(folder, port)),
                cwd=folder,
                env=os.environ | {"PYTHONPATH": str(peer.checkout or ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            await_port(process, port)
            yield Server(peer, process.pid, port, folder)
        except StartError as refusal:
            raise StartError(f"{refusal}: {_last_line(folder / 'log')}") from None
        finally:
            stop(process)


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    return lines[-1] if lines else "its log is empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run measured.

    Latencies are microseconds from saying (open loop: from when it was due) to receiving. `faults`
    counts what the audit found by its kind, empty when every expected delivery came once,
    unaltered and in its speaker's order.
    """

    server: str
    load: dict[str, Any]
    seconds: float
    messages: int
    deliveries: int
    deliveries_per_second: float
    cpu_us_per_delivery: float
    cpu_us_per_message: float
    server_busy: float
    generator_busy: float
    latency: dict[str, float]
    joined_seconds: float
    memory_kib: int
    grown_kib: int
    one_order: bool
    notices: int
    recorded: bool | None
    faults: dict[str, int]
    extra: dict[str, Any] = field(default_factory=dict)


def measure(peer: Peer, load: Load) -> Run:
    """Run one server under one load. Raises `StartError` or `LoadError`."""
    load = replace(load, outstanding=min(load.outstanding, peer.outstanding))
    with serving(peer) as server, Generator(load, peer.wire, server.port) as generator:
        joined = generator.next_event("greeted")
        generator.next_event("joined")
        idle = memory_kib(server.pid)
        generator.go_on()
        with watched_memory(server.pid) as most:
            before, after, cpu, extra = _measured(generator, server, load)
            result = generator.next_event("result")
        recorded = _all_recorded(server, result["said"])
        return _run(peer, load, before, after, cpu, result, joined, idle, most(), recorded, extra)


def _measured(
    generator: Generator, server: Server, load: Load
) -> tuple[dict[str, Any], dict[str, Any], float, dict[str, Any]]:
    """Follow the measured part; return its first and last event, the CPU spent, and the rest."""
    extra: dict[str, Any] = {}
    before = generator.next_event("measuring")
    cpu = cpu_seconds(server.pid)
    if load.stopped:
        extra["waking_at"] = generator.next_event("waking")["seconds"]
        extra["level"] = generator.next_event("level", 600)["seconds"]
    after = generator.next_event("measured")
    return before, after, cpu_seconds(server.pid) - cpu, extra


# A text begins with its message's number between two %: see native/wire.c.
_COUNT_NUMBERED = """
    select count(*), count(distinct substr(text, 1, 12)) from messages
    where text like '|%%|%%' escape '|'
"""

FAULTS = (
    "missing", "duplicates", "disordered", "garbled", "misnamed",
    "lost_connections", "sleepers_missing",
)  # fmt: skip


def _run(
    peer: Peer, load: Load, before: dict[str, Any], after: dict[str, Any], cpu: float,
    result: dict[str, Any], joined: dict[str, Any], idle: int, most: int,
    recorded: bool | None, extra: dict[str, Any],
) -> Run:  # fmt: skip
    seconds: float = after["seconds"]
    messages: int = after["said"] - before["said"]
    deliveries: int = after["deliveries"] - before["deliveries"] + after["late_deliveries"]
    faults = {name: result[name] for name in FAULTS if result[name]}
    if peer.forgets:
        extra["forgotten"] = faults.pop("sleepers_missing", 0)
    if peer.wire.ack and result["acks"] != result["said"]:
        faults["acks"] = result["said"] - result["acks"]
    return Run(
        server=peer.name,
        load={name: getattr(load, name) for name in load.__slots__},
        seconds=seconds,
        messages=messages,
        deliveries=deliveries,
        deliveries_per_second=deliveries / seconds,
        cpu_us_per_delivery=cpu * 1e6 / max(deliveries, 1),
        cpu_us_per_message=cpu * 1e6 / max(messages, 1),
        server_busy=cpu / seconds,
        generator_busy=after["cpu"] / seconds,
        latency=result["latency"],
        joined_seconds=joined["seconds"],
        memory_kib=idle,
        grown_kib=most - idle,
        one_order=result["one_order"],
        notices=result["notices"],
        recorded=recorded,
        faults=faults,
        extra=extra | {name: result[name] for name in ("waking", "after") if load.stopped},
    )


@contextmanager
def watched_memory(pid: int, every: float = 0.25) -> Iterator[Any]:
    """Watch a tree's memory meanwhile; gives a function that returns the most seen, in KiB."""
    seen = [memory_kib(pid)]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(every):
            seen.append(memory_kib(pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield lambda: max(seen)
    finally:
        done.set()
        watcher.join()


def _all_recorded(server: Server, said: int) -> bool | None:
    """Return whether the record has each message once; None for a server that keeps none."""
    if server.peer.record is None:
        return None
    path = server.folder / server.peer.record
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as record:
        row = record.execute(_COUNT_NUMBERED).fetchone()
    return bool(row == (said, said))
