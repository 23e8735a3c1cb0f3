"""In tmux, a terminal that breaks rows anew when its window gets another width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.windows.neighbour import Neighbour
from tests.client.windows.tmux import Tmux
from tests.real.preloaded import CLIENT
from tests.real.server import Server


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
    bob.acts(*map(str, range(20)), long)
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
    code = ["def f(bob):", "\tif bob:", "", "\treturn bob", "/quit"]
    pane.pastes("\n".join([*code, ""]), bracketed=False)
    pane.until(lambda lines: "5 lines; Enter sends, Esc drops" in lines)
    pane.presses("Enter")
    assert bob.hears("def") == "<ana> def f(bob):"
    assert bob.hears_next(4) == [f"<ana> {line}" for line in code[1:]]
