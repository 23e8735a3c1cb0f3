"""People with `nc`, which acknowledges nothing: they come back by their word and miss nothing."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path

import pytest

from huddle.doors.keepalive import BEAT, BEATS_A_ROUND
from tests.lost.person import Nc, Person, Wire
from tests.lost.program import Program
from tests.lost.server import Server, ages
from tests.patience import PATIENCE
from tests.real.own_time import own_time

FEW = 5
"""Lines that may be shown again."""

HOLD = 2
"""Seconds for which a nick is held that is to be free soon."""

LOOKED = 4 * BEAT * BEATS_A_ROUND
"""Seconds in which a server looks twice at each connection, of which the second tells what had
arrived by the first (`huddle.doors.keepalive`); also where its beats come late, twice as long."""


def test_a_killed_server_costs_people_with_nc_no_line(tmp_path: Path) -> None:
    """Bob's last lines are on their way when it is killed; what it has recorded, ana is shown."""
    with Server(tmp_path).start() as server:
        with Nc(server) as ana, Nc(server) as bob:
            word = ana.enters("ana")
            bob.enters("bob")
            bob.says(*numbered(1, 30))
            ana.hears("<bob> 30$")
            looks(server, ana, seconds=4)  # so that it sees that they have arrived
            bob.says(*numbered(31, 40))
            server.kill()
            ana.ends()
        # The batch before the last seconds is not sure either; nor is what was recorded when the
        # server was killed and had not been given out.
        unheard = len(server.rows()) - len(ana.told_by("bob"))
        ages(server, all_but=max(FEW - 1, unheard))
        server.start()
        again = comes_back(server, word)
        assert_nothing_is_missing(server, ana, again)


def test_a_killed_server_knows_how_much_was_missed_before(tmp_path: Path) -> None:
    with Server(tmp_path).start() as server:
        with Wire(server) as ana, Nc(server) as bob, Nc(server) as carla:
            word = ana.enters("ana")
            carla.enters("carla")
            bob.enters("bob")
            ana.cut()
            bob.says(*numbered(1, 14))
            carla.hears("<bob> 14$")
            server.kill()
        again = comes_back(server.start(), word)
        assert again.told_by("bob") == numbered(1, 14)
        assert "-- you missed 14 messages --" in again.heard


@pytest.mark.parametrize("how", ["cut", "stopped"])
def test_a_lost_connection_and_a_restart_cost_no_line_either(tmp_path: Path, how: str) -> None:
    with Server(tmp_path).start() as server:
        with Wire(server) as ana, Nc(server) as bob:
            word = ana.enters("ana")
            bob.enters("bob")
            bob.says(*numbered(1, 30))
            ana.hears("<bob> 30$")
            looks(server, ana)  # so that it sees that they have arrived
            bob.says(*numbered(31, 33))
            ana.hears("<bob> 33$")
            if how == "cut":
                ana.cut()
                bob.says(*numbered(34, 47))
            else:
                assert server.stop() == -signal.SIGTERM
                server.start()
        again = comes_back(server, word)
        # A reset may have thrown away what had arrived: she is shown all of it again.
        assert_nothing_is_missing(server, ana, again, twice=33 if how == "cut" else FEW)
        missed = len(again.told_by("bob"))
        assert f"-- you missed {missed} messages --" in again.heard


@pytest.mark.parametrize("length", [1, 60, 400])
@pytest.mark.parametrize("count", [3, 300])
def test_what_a_stopped_reader_never_read_is_shown_when_it_is_back(
    tmp_path: Path, count: int, length: int
) -> None:
    """As `nc` that was stopped by ^Z and then killed: all had arrived at its machine."""
    texts = [f"{number} {'x' * length}" for number in range(count)]
    with Server(tmp_path, "--flood-rate", "0").start() as server:
        with Wire(server) as ana, Nc(server) as bob, Nc(server) as carla:
            word = ana.enters("ana")
            carla.enters("carla")
            bob.enters("bob")
            ana.hears("bob joined")
            bob.says(*texts)
            carla.hears(f"<bob> {texts[-1]}$")
            looks(server, carla, LOOKED / 2)  # so that it sees that it has arrived
        again = comes_back(server, word)
        assert again.told_by("bob") == texts


def test_a_nick_is_held_for_its_session_across_a_kill(tmp_path: Path) -> None:
    """Nobody else gets it; its own person and its own program do."""
    program = Program("bot", "secret of bot")
    with Server(tmp_path).start() as server:
        with Wire(server) as ana, Wire(server) as bot:
            word = ana.enters("ana")
            bot.send(program.hello())
            bot.hears('"type":"welcome"')
            server.kill()
        server.start()
        with Nc(server) as thief, Nc(server) as ana, Wire(server) as bot:
            thief.says("ana", "bot", "thief")
            thief.hears("ana is away, and is kept for ana")
            thief.hears("The nick bot is taken")
            thief.hears("Hello thief")
            ana.says(f"/back {word}")
            ana.hears("Hello ana. 2 others here: bot, thief")
            bot.send(program.hello())
            bot.hears('"type":"welcome"')


def test_a_held_nick_is_free_when_its_time_is_over(tmp_path: Path) -> None:
    """Which is over at no time while the test looks whether it is held."""
    with Server(tmp_path).start() as server:
        with Wire(server) as ana:
            ana.enters("ana")
            server.kill()
        server.start()
        with Nc(server) as another:
            another.says("ana")
            another.hears("ana is away, and is kept for ana")
        server.kill()
        server.options += ["--hold", f"{HOLD}"]
        server.start()
        with Nc(server) as another:
            enters_as_soon_as_possible(another, "ana")


def looks(server: Server, listener: Person, seconds: float = LOOKED) -> None:
    """Give a server so long to look at its connections, of its own time: it does so at beats, which
    come late or never where others have the processor."""
    began = own_time(server.pid)
    while own_time(server.pid) - began < seconds:
        listener.listens(BEAT)


def enters_as_soon_as_possible(person: Person, nick: str) -> None:
    """Try the nick until it is free."""
    deadline = time.monotonic() + PATIENCE
    while not any(line.startswith(f"-- Hello {nick}") for line in person.heard):
        assert time.monotonic() < deadline, person.heard
        person.says(nick)
        person.listens(0.2)


def numbered(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


def comes_back(server: Server, word: str) -> Person:
    """Say /back and listen until all that was missed has come."""
    with Nc(server) as again, Nc(server) as other:
        again.says(f"/back {word}")
        again.hears("your return word: ")
        other.enters("teller")
        other.says("that is all")
        again.hears("<teller> that is all")
    return again


def assert_nothing_is_missing(
    server: Server, before: Person, after: Person, twice: int = FEW
) -> None:
    """Everything that is recorded of bob was shown, at most so many of the last lines twice."""
    recorded = [row.text for row in server.rows() if row.nick == "bob"]
    first, second = before.told_by("bob"), after.told_by("bob")
    again = set(first) & set(second)
    assert first + [text for text in second if text not in again] == recorded
    assert len(again) <= twice and first[len(first) - len(again) :] == second[: len(again)]
    assert all(re.match(r"\d\d:\d\d <bob> ", line) for line in after.heard if "<bob>" in line)
