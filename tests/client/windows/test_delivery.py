"""Honest about delivery: whatever becomes of the server, one sees how one's lines are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.client.windows.conftest import OpenWindow
from tests.client.windows.house import House
from tests.client.windows.window import Window
from tests.real.own_time import own_time

KILLS = 8


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path / "server", "--flood-rate", "0") as house:
        yield house


def enter(house: House, window: OpenWindow, nick: str, **options: object) -> Window:
    one = window("--port", str(house.port), "--nick", nick, **options)
    one.shows("online")
    return one


def test_a_line_is_shown_at_once_and_faint_until_it_is_acknowledged(
    house: House, window: OpenWindow
) -> None:
    ana = enter(house, window, "ana")
    house.stop_answering()
    ana.enters("hola")
    ana.shows("<ana> hola")
    assert ana.faint("<ana> hola")
    ana.shows("1 line on its way")
    house.answer_again()
    ana.until(lambda: not ana.faint("<ana> hola"), "line in full strength")
    ana.shows_no_more("on its way")
    assert sum("<ana> hola" in line for line in ana.lines) == 1


def test_a_hanging_link_is_noticed_and_shown_and_nothing_is_lost(
    house: House, window: OpenWindow
) -> None:
    """The window is told after 12 s of silence; DESIGN asks for 15."""
    ana, bob = enter(house, window, "ana"), enter(house, window, "bob")
    house.stop_answering()
    began = own_time(ana.process.pid)
    ana.enters("into the void")
    ana.shows("the server does not answer any more")
    assert own_time(ana.process.pid) - began < 15
    ana.until(lambda: "reconnecting" in ana.lines[-2] or "connecting…" in ana.lines[-2], "status")
    assert ana.faint("<ana> into the void")
    house.answer_again()
    bob.shows("<ana> into the void")
    ana.shows_no_more("line on its way")
    assert sum("into the void" in line for line in bob.lines) == 1
    assert sum("into the void" in line for line in ana.lines) == 1


def test_leaving_with_unsent_lines_asks_and_they_are_said_next_time(
    house: House, window: OpenWindow
) -> None:
    ana = enter(house, window, "ana")
    house.kill()
    ana.shows("reconnecting in")
    ana.enters("said later")
    ana.enters("/salir")
    ana.shows("Leave now? (yes, no)")
    ana.enters("no")
    ana.enters("and this")
    ana.shows("2 lines on their way")
    ana.enters("/salir")
    ana.enters("yes")
    assert ana.ends() == 0
    assert "they are said again next time" in "\n".join(ana.lines)
    house.start_again()
    again = enter(house, window, "ana")
    bob = enter(house, window, "bob")
    bob.shows("<ana> said later")
    bob.shows("<ana> and this")
    again.shows("<ana> and this")


def test_who_comes_before_the_server_is_told_once_and_waits(
    house: House, window: OpenWindow
) -> None:
    house.kill()
    ana = window("--port", str(house.port), "--nick", "ana")
    ana.shows(f"nobody listens at 127.0.0.1:{house.port}; trying again")
    ana.shows("reconnecting in")
    ana.enters("as soon as you are there")
    ana.shows("1 line on its way")
    ana.shows("reconnecting in 3 s")  # after the second attempt
    house.start_again()
    ana.shows("online")
    ana.shows("<ana> as soon as you are there")
    ana.shows_no_more("on its way")
    assert sum("nobody listens" in line for line in ana.lines) == 1


def said_in(window: Window) -> list[str]:
    """The lines of the test that are in a window, with who said them."""
    whole = (re.search(r"<\w+> .* of kill .*", line) for line in window.lines)
    return [found[0] for found in whole if found]


def test_every_line_typed_across_kills_reaches_everyone_once(
    house: House, window: OpenWindow
) -> None:
    """Each kill comes while lines are in every state: typed, sent, recorded, acknowledged."""
    ana, bob = (enter(house, window, nick, rows=100) for nick in ("ana", "bob"))
    typed: list[str] = []

    def types(one: Window, nick: str, kill: int) -> None:
        text = f"line {len(typed):03} of kill {kill}"
        typed.append(f"<{nick}> {text}")
        one.enters(text)

    def all_shown(one: Window) -> bool:
        return set(said_in(one)) >= set(typed)

    for kill in range(KILLS):
        for _ in range(2):
            types(ana, "ana", kill)
            types(bob, "bob", kill)
        house.kill()
        types(ana, "ana", kill)
        for one in (ana, bob):
            one.shows_no_more("online")
        house.start_again()
        for one in (ana, bob):
            one.shows("online")
    for one in (ana, bob):
        one.until(partial(all_shown, one), "line of all")
    assert sorted(said_in(ana)) == sorted(typed)
    assert said_in(ana) == said_in(bob)  # one order for all
