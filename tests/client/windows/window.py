"""A terminal with `huddle-client` in it: one types, looks at the screen, and never sleeps.

The program has a pty; what it writes there is shown by pyte. Whoever waits for something looks at
the screen whenever the program has written, and gives up after `PATIENCE` with what is to be seen.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyte
from typing_extensions import override

from tests.patience import PATIENCE
from tests.real.preloaded import CLIENT, Preloaded
from tests.real.server import environment

GREYS = ("767676", "a8a8a8", "626262")
"""What stands back, on an unknown, a dark and a light ground."""

AT_ONCE = 2026
"""The private mode that is set while a frame is being written."""

TALL = 5_100
"""Rows of a terminal in which all is to be seen that a window keeps."""


class Screen(pyte.Screen):
    """A terminal's screen, with what it takes to judge it: the bells, and the modes."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self.bells = 0

    @override
    def bell(self, *args: object) -> None:
        self.bells += 1

    @override
    def select_graphic_rendition(self, *attrs: int, **more: object) -> None:
        # pyte knows neither faint nor private sequences; faint is told apart by its colour here.
        if more.get("private"):
            return
        super().select_graphic_rendition(*(90 if attr == 2 else attr for attr in attrs))


def controlled() -> None:
    """Let the terminal that is the standard input control this process."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Window:
    """One terminal window; `close` ends the program in it, however it is.

    ``under`` is a command that starts the program, given to it as arguments.
    """

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        under: Sequence[str] = (),
        **environ: str,
    ) -> None:
        self.screen = Screen(columns, rows)
        self.takes = 65_536  # bytes, at most, from one look to the next
        self.written = b""
        self._stream = pyte.ByteStream(self.screen)
        self._pty, inside = pty.openpty()
        self.resize(columns, rows)
        usual = {
            "TERM": "xterm-256color",
            "XDG_STATE_HOME": str(folder),
            "HOME": str(folder),
        }
        command = [*under, *CLIENT, *arguments]
        env = environment(**(usual | environ))
        if under:
            self.process = subprocess.Popen(
                command,
                env=env,
                stdin=inside,
                stdout=inside,
                stderr=inside,
                start_new_session=True,
                preexec_fn=controlled,
            )
        else:
            self.process = Preloaded[bytes](
                command, env=env, stdin=inside, stdout=inside, stderr=inside, terminal=True
            )
        os.close(inside)

    # Typing

    def types(self, keys: str) -> None:
        """Press keys."""
        data = keys.encode()
        while data:
            data = data[os.write(self._pty, data) :]

    def enters(self, line: str) -> None:
        """Type a line, and Enter."""
        self.types(line + "\r")

    def pastes(self, text: str) -> None:
        """Paste, as terminals do when they have been asked to say that it is a paste."""
        assert self.mode(2004)
        self.types(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Drag the window to another size."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._pty, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hangs_up(self) -> int:
        """Close the window while the program runs; returns its exit status."""
        os.close(self._pty)
        self._pty = -1
        return self.process.wait(PATIENCE)

    # Looking

    @property
    def lines(self) -> list[str]:
        """What is on the screen, without the empty rows below."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip("\n").split("\n")

    def whole(self) -> list[str]:
        """All lines that the window keeps: in a terminal that is tall enough for them."""
        columns, rows = self.screen.columns, self.screen.lines
        self._drawn_at(columns, TALL)
        seen = [line for line in self.lines if line]
        self._drawn_at(columns, rows)
        return seen

    def _drawn_at(self, columns: int, rows: int) -> None:
        """Have it all drawn anew, at this size, down to what was in the last row."""
        self.until(lambda: bool(self._row(self.screen.lines - 1)), "last row")
        last = self._row(self.screen.lines - 1)
        self.screen.reset()
        self.resize(columns, rows)
        self.until(lambda: self._row(rows - 1).startswith(last), "frame")

    def _row(self, y: int) -> str:
        """One row of the screen: to put together all of a tall one takes a second."""
        cells = self.screen.buffer[y]
        return "".join(cells[x].data for x in range(self.screen.columns)).rstrip()

    def shows(self, text: str, patience: float = PATIENCE) -> list[str]:
        """Wait until a text is on the screen; returns the screen."""
        return self.until(lambda: any(text in line for line in self.lines), repr(text), patience)

    def shows_no_more(self, text: str) -> list[str]:
        """Wait until a text is gone from the screen."""
        return self.until(
            lambda: not any(text in line for line in self.lines), f"{text!r} to be gone"
        )

    def until(
        self, condition: Callable[[], bool], what: str, patience: float = PATIENCE
    ) -> list[str]:
        """Wait until something is so, in a whole frame: the program asks terminals to show at once
        what is held together (`huddle.client.terminal.painter`), however many reads it takes.
        """
        deadline = time.monotonic() + patience
        while self.mode(AT_ONCE) or not condition():
            if not self._look(deadline - time.monotonic()):
                screen = "\n".join(self.lines)
                raise AssertionError(
                    f"no {what} in time (or it has ended); on the screen:\n{screen}"
                )
        return self.lines

    def mode(self, number: int) -> bool:
        """Whether the program has set a private mode of the terminal, and not reset it."""
        at = {end: self.written.rfind(f"\x1b[?{number}{end}".encode()) for end in "hl"}
        return at["h"] > at["l"]

    def faint(self, text: str) -> bool:
        """Whether a text that is on the screen is shown faintly."""
        for y, line in enumerate(self.screen.display):
            x = line.find(text)
            if x >= 0:
                return self.screen.buffer[y][x].fg in ("brightblack", *GREYS)
        raise AssertionError(f"{text!r} is not on the screen")

    def ends(self, patience: float = PATIENCE) -> int:
        """Wait until the program has ended; returns its exit status."""
        deadline = time.monotonic() + patience
        while self._look(deadline - time.monotonic()):
            pass
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End what has not ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.ends(5)
            except (AssertionError, subprocess.TimeoutExpired):
                self.process.kill()
        self.process.wait()
        if self._pty >= 0:
            os.close(self._pty)

    def _look(self, seconds: float) -> bool:
        """Take in what the program writes; whether there was something before the time was up."""
        ready, _, _ = select.select([self._pty], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            data = os.read(self._pty, self.takes)
        except OSError:  # nobody has the other end any more
            return False
        self.written += data
        self._stream.feed(data)
        return bool(data)
