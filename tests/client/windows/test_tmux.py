"""In tmux, a terminal that breaks rows anew when its window gets another width."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.client.windows.neighbour import Neighbour
from tests.needs import needs
from tests.patience import PATIENCE
from tests.real.preloaded import CLIENT
from tests.real.server import Server, environment


class Tmux:
    """One pane of a tmux of its own."""

    def __init__(self, folder: Path, *command: str) -> None:
        self._socket = folder / "tmux"
        self._environment = environment(HOME=str(folder))
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x80", "-y20", *command)

    def types(self, keys: str) -> None:
        self._tmux("send-keys", "-l", keys)

    def presses(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def pastes(self, text: str) -> None:
        self._tmux("set-buffer", text)
        self._tmux("paste-buffer", "-p")

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", f"-x{columns}", f"-y{rows}")

    def lines(self) -> list[str]:
        """What is on the screen."""
        return self._tmux("capture-pane", "-p").rstrip("\n").split("\n")

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


@pytest.fixture
def pane(server: Server, tmp_path: Path) -> Iterator[Tmux]:
    options = ("--port", str(server.port), "--nick", "ana", "--replay", "0")
    pane = Tmux(tmp_path, *CLIENT, *options)
    yield pane
    pane.close()


def test_a_window_that_gets_narrow_and_wide_again(pane: Tmux, bob: Neighbour) -> None:
    """The screen is full, as it is after a while: tmux moves the rows of an empty one about."""
    typed = "what ana types is longer than forty columns too"
    long = "a line of bob's that is longer than forty columns, well longer"
    pane.until(lambda lines: "online" in "".join(lines))
    bob.says(*map(str, range(20)), long)
    pane.types(typed)
    pane.until(lambda lines: lines[-1] == f"ana> {typed}" and any(long in x for x in lines))

    def in_order(lines: list[str]) -> bool:
        rows = ("ana> ", "huddle ·")  # each is there, and no piece of an older one
        once = all(sum(row in line for line in lines) == 1 for row in rows)
        return once and "".join(lines).endswith(f"ana> {typed}")

    for columns in (40, 25, 60, 100):
        pane.resize(columns, 20)
        pane.until(in_order)
    pane.presses("Enter")
    assert bob.hears("what ana") == f"<ana> {typed}"


def test_a_paste_in_tmux_is_a_paste(pane: Tmux, bob: Neighbour) -> None:
    pane.until(lambda lines: "online" in "".join(lines))
    pane.pastes("one\ntwo\nthree")
    pane.until(lambda lines: "3 lines; Enter sends, Esc drops" in lines)
    pane.presses("Enter")
    assert bob.hears("one") == "<ana> one"
    assert bob.hears_next(2) == ["<ana> two", "<ana> three"]
