"""What is asked of the load generator, and what it says while it works."""

import json
import subprocess
import threading
from dataclasses import dataclass, fields
from typing import Any

from benchmarks.build import compiled
from benchmarks.peers.wires import Wire
from benchmarks.runs.processes import LOAD_CORE, pinned


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A load on a room: closed loop with `window` messages in flight, open loop with a `rate`.

    Times are seconds, a text is `bytes` long. The last `stopped` members that only listen read
    nothing for the first `stopped_for` seconds of the measured ones. `latency_every` is every
    how many-th member's latencies are kept. Not more connections than `outstanding`, and than the
    peer bears, wait for their greeting at a time. Nicks are numbered from `first`.
    """

    members: int
    first: int = 0
    speakers: int = 1
    window: int = 0
    rate: float = 0
    bytes: int = 64
    warm: float = 0.5
    seconds: float = 3
    drain: float = 20
    outstanding: int = 256
    latency_every: int = 1
    stopped: int = 0
    stopped_for: float = 0
    join_only: bool = False

    def arguments(self, wire: Wire) -> list[str]:
        """Return the generator's arguments for this load over a wire."""
        own = [f"{field.name}={_plain(getattr(self, field.name))}" for field in fields(self)]
        return own + wire.arguments(self.bytes)


def _plain(value: float | bool) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


class LoadError(Exception):
    """The generator gave up: what it said on standard error."""


class Generator:
    """A running load generator; its events are lines of JSON."""

    def __init__(self, load: Load, wire: Wire, port: int) -> None:
        command = [str(compiled("load")), f"port={port}", *load.arguments(wire)]
        self._process = subprocess.Popen(
            pinned(LOAD_CORE, command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Generator":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def next_event(self, name: str, seconds: float = 180) -> dict[str, Any]:
        """Wait for an event and return it.

        Raises `LoadError` when another one comes, or none within the time.
        """
        assert self._process.stdout is not None
        alarm = threading.Timer(seconds, self._process.kill)
        alarm.start()
        line = self._process.stdout.readline()
        alarm.cancel()
        event: dict[str, Any] = json.loads(line) if line else {}
        if event.get("event") != name:
            self._process.kill()
            _, complaint = self._process.communicate()
            raise LoadError(complaint.strip() or f"no {name!r} in {seconds} s, but {line!r}")
        return event

    def go_on(self) -> None:
        """Give the word it waits for after ``joined`` and after ``result``."""
        assert self._process.stdin is not None
        self._process.stdin.write("go on\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """Close its input, upon which it ends, and collect it; kill it when it lingers."""
        try:
            self._process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
