"""The programs that people enter with, as processes: one reads what they print, and waits for it.

Nothing here sleeps. Whoever waits for a line waits on the program's output, and gives up after
`PATIENCE` with everything that came instead.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread
from typing import IO

from typing_extensions import override

from tests.needs import needs
from tests.patience import PATIENCE
from tests.real.server import environment


def untimed(line: str) -> str:
    """A line without its time: somebody who fell behind for a moment is shown it."""
    return re.sub(r"^\d\d:\d\d (?=[<*\[])", "", line)


class Program:
    """A program with its input and output in pipes, such as `nc`."""

    def __init__(self, *command: str) -> None:
        self.process = self._start(command)
        self.heard: list[str] = []
        self._lines: Queue[bytes | None] = Queue()
        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdin is not None and process.stdout is not None
        self._input: IO[bytes] = process.stdin
        self._output: IO[bytes] = process.stdout
        return process

    def _read(self) -> None:
        with suppress(OSError):  # how a terminal ends
            for line in self._output:
                self._lines.put(line)
        self._lines.put(None)

    def sends(self, data: bytes) -> None:
        """Write these bytes to its input."""
        self._input.write(data)
        self._input.flush()

    def says(self, *lines: str) -> None:
        """Type these lines, all in one write."""
        self.sends("".join(f"{line}\n" for line in lines).encode())

    def ends_input(self) -> None:
        """End its input, as ^D does."""
        self._input.close()

    def hears(self, expected: str, patience: float = PATIENCE) -> str:
        """Wait for a line that begins so, with or without its time, and return it."""
        deadline = time.monotonic() + patience
        while (line := self._next(deadline)) is not None:
            if untimed(line).startswith(expected):
                return line
        raise AssertionError(f"{expected!r} never came; this did:\n" + "\n".join(self.heard))

    def hears_out(self, patience: float = PATIENCE) -> Sequence[str]:
        """Wait until it ends by itself; returns all that it ever printed."""
        deadline = time.monotonic() + patience
        while self._next(deadline) is not None:
            pass
        self.process.wait(max(deadline - time.monotonic(), 1))
        return self.heard

    def hears_next(self, patience: float = PATIENCE) -> str:
        """Wait for the next line, and return it without its line end."""
        line = self._next(time.monotonic() + patience)
        assert line is not None, "it has ended"
        return line

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
        for pipe in (self._input, self._output):
            with suppress(BrokenPipeError):
                pipe.close()


class Telnet(Program):
    """`telnet`, at a terminal of its own that echoes nothing."""

    INTERRUPT = b"\x03"
    ESCAPE = b"\x1d"

    @override
    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        master, slave = pty.openpty()
        modes = termios.tcgetattr(slave)
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, modes)
        process = subprocess.Popen(
            [needs("setsid"), "--ctty", *command],
            env=environment(TERM="dumb"),
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        self._output = os.fdopen(master, "rb")
        self._input = os.fdopen(os.dup(master), "wb")
        return process
