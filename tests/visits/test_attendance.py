"""Which session a connection has: how it gets one, takes another, and loses it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from twisted.python.failure import Failure

from huddle.visits.known_sessions import KnownSessions
from tests.visits.test_visit import REPLACED, at_the_door, comes_back, newcomer, nicks, on_disk
from tests.world import World

# Another session


def test_whoever_is_here_and_takes_their_nick_back_becomes_who_they_were() -> None:
    world = World()
    bob, ana = world.person("bob"), world.person("ana")
    ana.cut()
    bob.forgets()
    other = world.person("ana2")
    bob.hears("-- ana2 joined")
    other.says(f"/back {ana.word}")
    assert "Hello ana" in other.reads()[0]
    bob.hears("-- ana2 left")
    other.says("hola")
    bob.hears("<ana> hola")
    bob.says("ana?")
    other.hears_at_last("<bob> ana?")
    assert nicks(world) == ["bob", "ana"]


def test_whoever_uses_the_word_of_the_nick_they_have_gets_a_new_one() -> None:
    world = World()
    bob, ana = world.person("bob"), world.person("ana")
    bob.forgets()
    old = ana.word
    ana.says(f"/back {old}")
    heard = ana.reads()
    assert heard == ["-- you are ana", f"-- your return word: {ana.word}"]
    assert ana.word != old
    bob.hears()
    ana.says("hola")
    bob.hears("<ana> hola")


def test_an_older_connection_takes_what_a_newer_one_has_when_it_asks_later() -> None:
    world = World()
    older, ana = newcomer(world), world.person("ana")
    older.says(f"/back {ana.word}")
    ana.hears(REPLACED)
    assert "Hello ana" in older.reads()[0]
    assert nicks(world) == ["ana"]


def test_a_wrong_word_leaves_somebody_who_they_are() -> None:
    world = World(language="es")
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.says("/volver otter-41-lamp", "sigo aquí")
    bob.hears("-- Esa palabra de regreso no abre nada, o ya no.")
    ana.hears("<bob> sigo aquí")


def test_somebody_whose_session_is_taken_while_they_take_another_one_gets_neither() -> None:
    world, disk = on_disk()
    ana, eva = world.person("ana"), world.person("eva")
    eva.cut()
    disk.slow = True
    again = comes_back(world, ana.word)
    ana.says(f"/back {eva.word}")
    disk.writes()
    world.settle()
    ana.hears_at_last(REPLACED)
    assert ana.closed
    assert "Hello ana" in again.reads()[0]
    disk.slow = False
    disk.writes()
    world.passes(world.limits.hold)
    assert nicks(world) == ["ana"]


def test_of_two_who_take_one_nick_back_the_one_who_asked_later_has_it() -> None:
    world, disk = on_disk()
    ana = world.person("ana")
    first, second = comes_back(world, ana.word), newcomer(world)
    first.forgets()
    disk.slow = True
    second.says(f"/back {first.word}")
    disk.writes()
    world.settle()
    first.hears(REPLACED)
    assert "Hello ana" in second.reads()[0]


def test_whoever_is_replaced_is_told_so_in_their_language_and_heard_no_more() -> None:
    world = World()
    bob, ana = world.person("bob"), world.person("ana")
    ana.says("/lang es")
    ana.forgets()
    bob.forgets()
    again = comes_back(world, ana.word)
    ana.hears("-- Ahora estás aquí desde otra conexión; esta termina.")
    ana.says("hola")
    bob.hears()
    again.says("hola")
    bob.hears("<ana> hola")


def test_a_fault_in_an_arrival_ends_that_connection_alone(
    monkeypatch: pytest.MonkeyPatch, logged_failures: list[Failure]
) -> None:
    world = World()
    bob = world.person("bob")

    def stumble(*_: object) -> Callable[[], None]:
        raise KeyError

    with monkeypatch.context() as patch:
        patch.setattr(KnownSessions, "give_word", stumble)
        ana = newcomer(world)
        ana.says("ana")
    assert ana.closed
    assert [failure.type for failure in logged_failures] == [KeyError]
    logged_failures.clear()
    bob.says("/who")
    bob.hears("-- 1 here: bob.")


def test_of_two_connections_of_a_program_the_older_one_is_told_though_it_is_heard_later() -> None:
    world = World()
    older, newer = at_the_door(world), at_the_door(world)
    newer.enters()
    older.enters()
    older.hears({"type": "error", "code": "replaced"})
    assert older.closed and newer.welcome
    older.says("hola")
    assert nicks(world) == ["bot"]


def test_whoever_takes_a_wrong_word_while_their_session_is_taken_has_none() -> None:
    world, disk = on_disk()
    ana = world.person("ana")
    disk.slow = True
    again = comes_back(world, ana.word)
    disk.slow_to_read = True
    ana.says("/back otter-41-lamp")
    disk.writes()
    world.settle()
    disk.finds()
    world.settle()
    ana.hears(REPLACED)
    assert "Hello ana" in again.reads()[0]


def test_whoever_takes_their_nick_back_hears_no_more_of_the_rooms_of_the_other() -> None:
    world = World()
    bob, ana = world.person("bob"), world.person("ana")
    ana.cut()
    other = world.person("ana2")
    for each in (bob, other):
        each.says("/join ops")
    other.says(f"/back {ana.word}")
    other.forgets()
    bob.says("in ops")
    other.hears()
    bob.says("/join huddle", "in huddle")
    other.hears_at_last("<bob> in huddle")


def test_the_session_that_was_left_for_another_is_found_where_it_was_read() -> None:
    world = World()
    bob, ana = world.person("bob"), world.person("ana")
    ana.cut()
    other = world.person("ana2")
    word = other.word
    bob.says("read")
    world.beats(10)
    other.says(f"/back {ana.word}")
    bob.says("not read")
    again = comes_back(world, word)
    heard = again.reads()
    assert heard[0].startswith("-- Hello ana2.") and "-- you missed 1 message --" in heard
    assert [line[-8:] for line in heard if "<bob>" in line] == ["not read"]


def test_a_program_may_try_another_nick_behind_one_that_is_refused() -> None:
    world = World()
    world.person("ana")
    bot = at_the_door(world, "ana")
    bot.enters()
    bot.hears({"type": "error", "code": "nick-taken", "suggest": "ana2"})
    assert not bot.closed
    bot.nick = "ana2"
    bot.enters()
    assert nicks(world) == ["ana", "ana2"]


# The end of one


def test_a_program_whose_input_ends_gets_its_acks_and_is_held() -> None:
    world, disk = on_disk()
    ana, bot = world.person("ana"), world.program("bot")
    ana.forgets()
    disk.slow = True
    bot.says("1")
    bot.ends()
    assert not bot.closed
    disk.slow = False
    disk.writes()
    world.settle()
    bot.hears({"type": "ack", "id": 1})
    assert bot.closed
    ana.hears("<bot> 1")
    world.passes(121)
    ana.hears("-- bot left")


@pytest.mark.parametrize("nick", ["ana", "bot"])
def test_whoever_is_cut_is_held(nick: str) -> None:
    world = World()
    bob = world.person("bob")
    peer = world.person(nick) if nick == "ana" else world.program(nick)
    bob.forgets()
    peer.cut()
    world.passes(119)
    bob.hears()
    world.passes(2)
    bob.hears(f"-- {nick} left")


def test_whoever_is_cut_at_the_door_was_never_here() -> None:
    world = World()
    bob, ana = world.person("bob"), newcomer(world)
    ana.cut()
    world.passes(200)
    bob.hears()
    assert ana.gone


def test_whoever_is_cut_while_their_session_is_opened_is_held() -> None:
    world, disk = on_disk()
    bob = world.person("bob")
    disk.slow = True
    ana = newcomer(world)
    ana.says("ana")
    ana.cut()
    disk.slow = False
    disk.writes()
    world.settle()
    bob.hears("-- ana joined")
    world.passes(121)
    bob.hears("-- ana left")


def test_whoever_is_cut_while_they_leave_leaves_once() -> None:
    world, disk = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    disk.slow = True
    bob.says("x", "/quit")
    bob.cut()
    disk.writes()
    world.settle()
    ana.hears("<bob> x", "-- bob left")
    world.passes(200)
    ana.hears()


def test_what_a_person_surely_has_is_noted_when_they_lag_and_a_program_says_it_itself() -> None:
    world = World()
    ana, bob, bot = world.person("ana"), world.person("bob"), world.program("bot")
    ana.says("1")
    world.beats()
    bob.stops_reading()
    bot.stops_reading()
    ana.says("2")
    world.beats(10)
    lagging = {session.nick for session in world.huddle.registry.sessions if session.lags}
    assert lagging == {"bob"}
