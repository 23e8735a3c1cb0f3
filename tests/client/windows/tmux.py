"""One pane of tmux with `huddle-client` in it: a real terminal, which tells what is to be seen."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.needs import needs
from tests.patience import PATIENCE
from tests.real.server import environment

HIDDEN = "0"
"""What tmux says of a cursor that is not to be seen."""


class Tmux:
    """One pane of a tmux of its own."""

    def __init__(self, folder: Path, *command: str, columns: int = 80, rows: int = 20) -> None:
        self._socket = folder / "tmux"
        self._environment = environment(HOME=str(folder))
        size = (f"-x{columns}", f"-y{rows}")
        self._tmux("-f", "/dev/null", "new-session", "-d", *size, *command)

    @property
    def process(self) -> int:
        """The number of the process in the pane."""
        return int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def enters(self, line: str) -> None:
        """Type a line, and Enter."""
        self.types(line)
        self.presses("Enter")

    def shows(self, text: str) -> list[str]:
        """Wait until a text is on the screen; returns the screen."""
        return self.until(lambda lines: any(text in line for line in lines))

    @property
    def status(self) -> str:
        """The status line: the row above the prompt, where what is typed has one row."""
        return self.lines()[-2]

    def types(self, keys: str) -> None:
        self._tmux("send-keys", "-l", keys)

    def presses(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def pastes(self, text: str, *, bracketed: bool = True) -> None:
        self._tmux("set-buffer", text)
        self._tmux("paste-buffer", *(["-p"] if bracketed else []))

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", f"-x{columns}", f"-y{rows}")

    def lines(self) -> list[str]:
        """What is on the screen, in a whole frame: while one is drawn the cursor is hidden.

        Not every tmux holds a frame together. None takes in what the program writes between the
        two commands.
        """
        cursor, lines = HIDDEN, ""
        while cursor == HIDDEN:
            told = self._tmux("display-message", "-p", "#{cursor_flag}", ";", "capture-pane", "-p")
            cursor, _, lines = told.partition("\n")
        return lines.rstrip("\n").split("\n")

    def until(self, condition: Callable[[list[str]], bool]) -> list[str]:
        """Wait until the screen is so."""
        deadline = time.monotonic() + PATIENCE
        while not condition(lines := self.lines()):
            assert time.monotonic() < deadline, "\n".join(lines)
        return lines

    def close(self) -> None:
        self._tmux("kill-server")

    def _tmux(self, *arguments: str) -> str:
        ran = subprocess.run(
            [needs("tmux"), "-S", self._socket, *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout
