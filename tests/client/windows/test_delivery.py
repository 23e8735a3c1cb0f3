"""Honest about delivery: whatever becomes of the server, one sees how one's lines are."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.client.windows.conftest import OpenWindow
from tests.client.windows.window import Window
from tests.real.own_time import own_time
from tests.real.server import Server

KILLS = 8


class House:
    """A server with a record, that is killed and started again at the same place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: list[Server] = []
        self.server = self._start("0")
        self.port = str(self.server.port)

    def kill(self) -> None:
        """The end of the server, without a word."""
        self.server.process.kill()
        self.server.process.wait()

    def start(self) -> None:
        """Here it is again."""
        self.server = self._start(self.port)

    def stop_answering(self) -> None:
        """The server takes connections, and does nothing with them."""
        self.server.process.send_signal(signal.SIGSTOP)

    def answer_again(self) -> None:
        self.server.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        for server in self._opened:
            server.process.kill()
            server.process.wait()
            assert server.process.stdout is not None
            server.process.stdout.close()

    def _start(self, port: str) -> Server:
        self._opened.append(Server(self._folder, "--flood-rate", "0", port=port))
        return self._opened[-1]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "server"
    folder.mkdir()
    house = House(folder)
    yield house
    house.close()


def enter(house: House, window: OpenWindow, nick: str, **options: object) -> Window:
    one = window("--port", house.port, "--nick", nick, **options)
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
    ana.until(lambda: not ana.faint("<ana> hola"), "line in full strength")  # always on the screen
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
    house.start()
    again = enter(house, window, "ana")
    bob = enter(house, window, "bob")
    bob.shows("<ana> said later")
    bob.shows("<ana> and this")
    again.shows("<ana> and this")


def test_who_comes_before_the_server_is_told_once_and_waits(
    house: House, window: OpenWindow
) -> None:
    house.kill()
    ana = window("--port", house.port, "--nick", "ana")
    ana.shows(f"nobody listens at 127.0.0.1:{house.port}; trying again")
    ana.shows("reconnecting in")
    ana.enters("as soon as you are there")
    ana.shows("1 line on its way")
    ana.shows("reconnecting in 3 s")  # after the second attempt
    house.start()
    ana.shows("online")
    ana.shows("<ana> as soon as you are there")
    ana.shows_no_more("on its way")
    assert sum("nobody listens" in line for line in ana.lines) == 1


def said_in(window: Window) -> list[str]:
    """The lines of the test that are in a window, with who said them."""
    whole = (re.search(r"<\w+> .* of kill .*", line) for line in window.lines)  # drawn by halves?
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
        house.start()
        for one in (ana, bob):
            one.shows("online")
    for one in (ana, bob):
        one.until(partial(all_shown, one), "line of all")
    assert sorted(said_in(ana)) == sorted(typed)
    assert said_in(ana) == said_in(bob)  # one order for all
