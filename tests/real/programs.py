"""The programs that people enter with, as processes: one reads what they print, and waits for it.

Nothing here sleeps. Whoever waits for a line waits on the program's output, and gives up after
`PATIENCE` with everything that came instead.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread

from tests.real.server import environment

PATIENCE = 15.0
"""Seconds after which something that should have come is said not to come."""


class Program:
    """A program with its input and output in pipes, such as `nc`."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            command,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.heard: list[str] = []
        self._lines: Queue[bytes | None] = Queue()
        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def sends(self, data: bytes) -> None:
        """Write these bytes to its input."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def says(self, *lines: str) -> None:
        """Type these lines, all in one write."""
        self.sends("".join(f"{line}\n" for line in lines).encode())

    def ends_input(self) -> None:
        """End its input, as ^D does."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def hears(self, expected: str, patience: float = PATIENCE) -> str:
        """Wait for a line that begins so, and return it."""
        deadline = time.monotonic() + patience
        while (line := self._next(deadline)) is not None:
            if line.startswith(expected):
                return line
        raise AssertionError(f"{expected!r} never came; this did:\n" + "\n".join(self.heard))

    def hears_out(self, patience: float = PATIENCE) -> Sequence[str]:
        """Wait until it ends by itself; returns all that it ever printed."""
        deadline = time.monotonic() + patience
        while self._next(deadline) is not None:
            pass
        self.process.wait(max(deadline - time.monotonic(), 1))
        return self.heard

    def _next(self, deadline: float) -> str | None:
        try:
            line = self._lines.get(timeout=max(deadline - time.monotonic(), 0.001))
        except Empty:
            heard = "\n".join(self.heard[-50:])
            raise AssertionError(f"nothing more came in time; this did:\n{heard}") from None
        if line is None:
            self._lines.put(None)
            return None
        self.heard.append(line.decode().rstrip("\r\n"))
        return self.heard[-1]

    def end(self) -> None:
        """End the process, if it has not ended."""
        self.process.kill()
        self.process.wait()
        self._reading.join()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()
