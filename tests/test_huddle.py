"""The rules of the house: when a nick is free, when somebody has left, what said twice comes to."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.python.failure import Failure

from huddle.delivery.outlet import Outlet
from huddle.people.sessions import Session
from huddle.protocol.answers import Answer
from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from huddle.record import SessionRow
from huddle.rooms.room import Room
from tests.slow_record import SlowRecord
from tests.world import TRANSPORTS, Peer, Program, World

TAKEN = "-- The nick {0} is taken. {0}2 is free."
HELD = "-- {0} is away, and is kept for {0}: /back WORD, or /login"
REPLACED = "-- You are here from another connection now; this one ends."


def on_disk(limits: Limits | None = None) -> tuple[World, SlowRecord]:
    disk = SlowRecord(limits)
    return World(disk, limits=limits), disk


def comes_back(world: World, word: str) -> Peer:
    peer = world.connect()
    peer.forgets()
    peer.says(f"/back {word}")
    return peer


def said(id: int, text: str, room: str = "huddle") -> dict[str, object]:
    return {"type": "say", "id": id, "room": room, "text": text}


def answers(program: Program, *objects: dict[str, object]) -> list[object]:
    """What a program is told, in few words: the seq of an ack, or the code of an error."""
    program.forgets()
    program.sends_objects(*objects)
    program.world.settle()
    return [event.get("seq") or event["code"] for event in program.reads()]


# Coming and going


def test_the_others_are_told_who_comes_and_goes_and_who_comes_is_not() -> None:
    world = World()
    ana = world.person("ana")
    bob = world.connect()
    bob.says("bob")
    ana.hears("-- bob joined")
    assert not any("joined" in line for line in bob.reads())
    bob.says("/salir")
    ana.hears("-- bob left")
    bob.hears("-- Bye!")


@pytest.mark.parametrize("ending", ["bye", "half-close"])
def test_a_program_that_goes_right_behind_what_it_says_is_told_that_it_was_said(
    ending: str,
) -> None:
    """The ack and the farewell are of one batch."""
    world = World()
    bot = world.program("bot")
    bot.forgets()
    if ending == "bye":
        bot.sends_objects(said(1, "x"), {"type": "bye"})
    else:
        bot.sends_objects(said(1, "x"))
        bot.ends()
    world.settle()
    assert [event["type"] for event in bot.reads()][:1] == ["ack"]


def test_nobody_is_said_to_have_left_before_their_last_line() -> None:
    world, disk = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    disk.slow = True
    bob.says("1", "2", "/quit")
    world.settle()
    ana.hears()
    bob.hears()
    disk.writes()
    world.settle()
    ana.hears("<bob> 1", "<bob> 2", "-- bob left")


def test_a_nick_is_free_only_when_its_owners_last_line_is_out() -> None:
    world, disk = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    disk.slow = True
    bob.says("last", "/quit")
    thief = world.connect()
    thief.forgets()
    thief.says("bob")
    thief.hears(TAKEN.format("bob"))
    disk.slow = False
    disk.writes()
    world.settle()
    thief.says("bob")
    assert "Hello bob" in thief.reads()[0]
    ana.hears("<bob> last", "-- bob left", "-- bob joined")


def test_whoever_leaves_twice_leaves_once() -> None:
    world = World()
    ana, _ = world.person("ana"), world.person("bob")
    ana.forgets()
    bob = world.huddle.nicks.owner("bob")
    assert isinstance(bob, Session)
    assert bob is not None
    told: list[str] = []
    world.huddle.presence.leave(bob, lambda: told.append("first"))
    world.huddle.presence.leave(bob, lambda: told.append("second"))
    world.settle()
    ana.hears("-- bob left")
    assert told == ["first"]


# Names


def test_the_name_on_a_line_is_the_one_at_the_time_of_saying() -> None:
    world, disk = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    disk.slow = True
    bob.says("1", "/nick eva", "2", "/nick bob", "3")
    disk.writes()
    world.settle()
    disk.writes()
    world.settle()
    ana.hears("<bob> 1", "-- bob is now eva", "<eva> 2", "-- eva is now bob", "<bob> 3")
    assert world.huddle.nicks.owner("bob") is not None
    assert world.huddle.nicks.owner("eva") is None


def test_the_old_nick_is_free_when_the_others_know_the_new_one() -> None:
    world, disk = on_disk()
    bob, carla = world.person("bob"), world.person("carla")
    disk.slow = True
    bob.says("x", "/nick eva")
    carla.forgets()
    carla.says("/nick bob")
    carla.hears(TAKEN.format("bob"))
    disk.slow = False
    disk.writes()
    world.settle()
    carla.says("/nick bob")
    carla.hears("<bob> x", "-- bob is now eva", "-- you are bob")


def test_who_is_not_in_the_room_yet_is_not_said_to_be_renamed_there() -> None:
    """A program that says hello twice, with two nicks, before it is in."""
    world, disk = on_disk()
    ana = world.person("ana")
    ana.forgets()
    disk.slow = True
    for nick in ("bot1", "bot2"):
        bot = Program(world, nick, "one secret")
        world.attach(bot, "10.0.0.2")
        bot.hellos()
        world.settle()
    disk.slow = False
    disk.writes()
    world.settle()
    ana.hears("-- bot2 joined")


def test_the_same_nick_again_is_no_renaming() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.says("/nick bob")
    bob.hears("-- you are bob")
    ana.hears()


def test_a_nick_that_changes_only_its_case_is_a_renaming_of_its_own() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.says("/nick Bob")
    ana.hears("-- bob is now Bob")
    assert world.huddle.nicks.owner("bob") is world.huddle.nicks.owner("Bob") is not None


def test_a_nick_that_looks_like_another_is_taken() -> None:
    world = World()
    world.person("ana")
    bob = world.person("bob")
    bob.says("/nick \u0430na")
    assert "is taken" in bob.reads()[0]


# The hold


def test_a_lost_ones_nick_is_held_for_two_minutes_and_then_they_have_left() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.cut()
    world.passes(119.9)
    ana.hears()
    ana.says("/who")
    ana.hears("-- 2 here: ana, bob. Away: bob.")
    stranger = world.connect()
    stranger.says("bob")
    stranger.hears_at_last(HELD.format("bob"), "-- The nick bob is taken. bob2 is free.")
    world.passes(0.2)
    ana.hears("-- bob left")
    stranger.says("bob")
    ana.hears("-- bob joined")


def test_whoever_comes_back_within_the_hold_has_not_left() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.cut()
    world.passes(100)
    again = comes_back(world, bob.word)
    world.passes(1000)
    ana.hears()
    assert not again.gone


def test_each_loss_is_held_anew() -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    ana.forgets()
    bot.cut()
    world.passes(100)
    bot = bot.again()
    bot.cut()
    world.passes(119)
    ana.hears()
    world.passes(2)
    ana.hears("-- bot left")


def test_a_hold_does_not_end_while_somebody_is_coming_back() -> None:
    world, disk = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.cut()
    world.passes(119)
    disk.slow = True
    again = comes_back(world, bob.word)
    world.passes(8)  # from ten seconds on a node of several sends whoever comes to another one
    disk.slow = False
    disk.writes()
    world.settle()
    assert "Hello bob" in again.reads()[0]
    assert not [line for line in ana.reads() if "bob" in line]


@pytest.mark.parametrize("had_left", [False, True])
def test_who_is_gone_again_before_they_were_back_is_held_or_has_left_as_before(
    had_left: bool,
) -> None:
    world, disk = on_disk()
    ana, bot = world.person("ana"), world.program("bot")
    if had_left:
        bot.sends_objects({"type": "bye"})
        world.settle()
    else:
        bot.cut()
    ana.forgets()
    disk.broken = True
    again = Program(world, "bot", bot.secret)
    world.attach(again)
    again.enters(resume=True)
    assert not again.welcome
    disk.broken = False
    assert (world.huddle.nicks.owner("bot") is None) is had_left
    world.passes(119)
    ana.hears()
    world.passes(2)
    ana.hears(*[] if had_left else ["-- bot left"])


def test_who_comes_back_on_two_connections_of_which_one_fails_is_not_held() -> None:
    world, disk = on_disk()
    ana, bot = world.person("ana"), world.program("bot")
    ana.forgets()
    disk.slow = True
    again = Program(world, "bot", bot.secret)
    world.attach(again)
    again.enters(resume=True)
    disk.refuses()
    world.settle()
    assert again.reads()[-1]["code"] == "not-recorded"
    world.passes(1000)
    ana.hears()
    assert not bot.gone


def test_a_restart_holds_all_who_had_not_left() -> None:
    world, _ = on_disk()
    for nick in ("ana", "bob"):
        world.person(nick)
    world.person("carla").says("/quit")
    world = world.crashes()
    dan = world.connect()
    dan.says("dan")
    assert "-- Hello dan. 2 others here: ana, bob." in dan.reads()[1]
    dan.says("/who")
    dan.hears_at_last("-- 3 here: ana, bob, dan. Away: ana, bob.")
    world.passes(world.limits.hold)
    dan.hears("-- ana left", "-- bob left")


def test_of_two_in_the_record_with_one_nick_one_has_left() -> None:
    disk = SlowRecord()
    disk.save(SessionRow(1, "ana", rooms={"huddle": 0}))
    disk.save(SessionRow(2, "Ana", rooms={"huddle": 0}))
    disk.save(SessionRow(3, "bob", rooms={"huddle": 0}))
    world = World(disk)
    assert [session.nick for session in world.huddle.registry.sessions] == ["ana", "bob"]
    assert [session.nick for session in world.huddle.room("huddle")] == ["ana", "bob"]


# Two connections


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_newer_connection_has_the_session_and_the_older_is_told(transport: str) -> None:
    world = World(transport=transport)
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    again = comes_back(world, bob.word)
    bob.hears(REPLACED)
    assert bob.closed
    ana.says("hola")
    bob.hears()
    again.hears_at_last("<ana> hola")
    ana.hears()


def test_the_newer_connection_wins_though_the_older_is_heard_later() -> None:
    world = World()
    older, newer = (Program(world, "bot", "a secret") for _ in range(2))
    for each in (older, newer):
        world.attach(each)
    newer.enters()
    older.enters()
    assert newer.welcome and not older.welcome
    assert older.reads()[-1]["code"] == "replaced"
    ana = world.person("ana")
    ana.says("hola")
    assert newer.said() == ["hola"]
    assert not newer.gone


def test_the_end_of_an_older_connection_is_no_loss_of_the_session() -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    ana.forgets()
    again = bot.again()
    bot.cut()
    world.passes(1000)
    ana.hears()
    ana.says("/who")
    ana.hears("-- 2 here: ana, bot.")
    assert not again.gone


def test_what_the_older_connection_said_before_is_said_once() -> None:
    world, disk = on_disk()
    ana, bot = world.person("ana"), world.program("bot")
    ana.forgets()
    disk.slow = True
    bot.says("1", "2")
    disk.slow = False
    again = bot.again()
    disk.writes()
    world.settle()
    disk.writes()
    world.settle()
    again._look()
    ana.hears("<bot> 1", "<bot> 2")
    assert again.acks == {1: 1, 2: 2}


# Once


def test_the_same_id_again_gets_the_old_seq() -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    ana.forgets()
    assert answers(bot, said(1, "a"), said(2, "b")) == [1, 2]
    assert answers(bot, said(1, "a"), said(2, "b")) == [1, 2]
    ana.hears("<bot> a", "<bot> b")


def test_the_same_id_before_the_commit_gets_one_ack() -> None:
    world, disk = on_disk()
    bot = world.program("bot")
    disk.slow = True
    assert answers(bot, said(1, "a"), said(1, "a")) == []
    disk.writes()
    world.settle()
    bot.hears({"type": "ack", "id": 1, "seq": 1})


@pytest.mark.parametrize("slow", [False, True])
def test_an_id_is_for_one_text(slow: bool) -> None:
    world, disk = on_disk()
    bot = world.program("bot")
    disk.slow = slow
    answers(bot, said(1, "a"))
    assert answers(bot, said(1, "b")) == ["id-reused"]
    disk.writes()
    world.settle()
    assert answers(bot, {**said(1, "a"), "kind": "me"}) == ["id-reused"]


def test_an_id_that_was_passed_over_or_whose_message_is_gone_has_expired() -> None:
    world, _ = on_disk(Limits(ring_messages=2))
    bot = world.program("bot")
    answers(bot, said(1, "a"), said(3, "c"), said(4, "d"))
    assert answers(bot, said(1, "a")) == ["expired"]
    assert answers(bot, said(2, "b")) == ["expired"]
    assert answers(bot, said(4, "d")) == [3]


def test_an_id_below_one_on_its_way_has_expired() -> None:
    world, disk = on_disk()
    bot = world.program("bot")
    disk.slow = True
    answers(bot, said(3, "c"))
    assert answers(bot, said(2, "b")) == ["expired"]
    disk.writes()


def test_a_repetition_that_cannot_be_looked_up_is_not_recorded_as_far_as_is_known() -> None:
    world, disk = on_disk()
    bot = world.program("bot")
    answers(bot, said(1, "a"))
    disk.unreadable = True
    assert answers(bot, said(1, "a")) == ["not-recorded"]
    disk.unreadable = False
    assert answers(bot, said(1, "a")) == [1]


def test_after_a_failure_nothing_later_is_said_until_that_is() -> None:
    world, disk = on_disk()
    ana, bot = world.person("ana"), world.program("bot")
    ana.forgets()
    disk.broken = True
    assert answers(bot, said(1, "a"), said(2, "b")) == ["not-recorded"] * 2
    disk.broken = False
    assert answers(bot, said(2, "b")) == ["not-recorded"]
    assert answers(bot, said(1, "a"), said(2, "b")) == [1, 2]
    ana.hears("<bot> a", "<bot> b")


def test_what_could_not_be_recorded_is_told_to_a_person_and_nobody_sees_it() -> None:
    world, disk = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    disk.broken = True
    bob.says("hola")
    bob.hears("-- Not recorded, and nobody has seen it. Try again.")
    disk.broken = False
    bob.says("hola")
    ana.hears("<bob> hola")


def test_an_ack_finds_the_connection_on_which_the_session_is_then() -> None:
    world, disk = on_disk()
    bot = world.program("bot")
    disk.slow = True
    again = Program(world, "bot", bot.secret)
    world.attach(again)
    again.enters(resume=True)
    bot.says("a")
    disk.writes(1)
    world.settle()
    assert bot.reads()[-1]["code"] == "replaced"
    again.hears({"type": "greeting"}, {"type": "welcome"})
    disk.writes()
    world.settle()
    again.hears({"type": "ack", "id": 1, "seq": 1})


def test_an_ack_for_somebody_who_is_away_is_dropped() -> None:
    world, disk = on_disk()
    ana, bot = world.person("ana"), world.program("bot")
    ana.forgets()
    disk.slow = True
    bot.says("a")
    bot.cut()
    disk.writes()
    world.settle()
    ana.hears("<bot> a")


# Rooms


def test_a_room_that_nobody_is_in_any_more_is_closed_and_the_first_never_is() -> None:
    world = World()
    world.huddle.room("ops")
    bot = world.program("bot", after={"ops": 0})
    assert [room.name for room in world.huddle.rooms] == ["ops"]
    bot.says("hola", room="ops")
    bot.sends_objects({"type": "bye"})
    world.settle()
    assert list(world.huddle.rooms) == []
    world.huddle.room("quiet")
    visitor = world.program("visitor", after={"quiet": 0, "huddle": 0})
    visitor.sends_objects({"type": "bye"})
    world.settle()
    assert world.huddle.directory.known(["ops", "quiet", "huddle"]) == ["ops", "huddle"]


def test_what_is_said_in_one_room_is_not_heard_in_the_other() -> None:
    world = World()
    world.huddle.room("ops")
    bot, other = world.program("bot", after={"ops": 0}), world.program("other")
    bot.says("secret", room="ops")
    assert other.said() == []
    assert answers(other, said(1, "x", "ops")) == ["no-such-room"]


def test_a_fault_in_one_room_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, logged_failures: list[Failure]
) -> None:
    world = World()
    world.huddle.room("ops")
    ana, bot = world.person("ana"), world.program("bot", after={"ops": 0, "huddle": 0})
    ana.forgets()
    publish = Room.publish

    def stumble(room: Room, *events: Any) -> None:
        if room.name == "ops":
            raise KeyError
        publish(room, *events)

    with monkeypatch.context() as patch:
        patch.setattr(Room, "publish", stumble)
        bot.sends_objects(said(1, "a", "ops"), said(2, "b"))
        world.settle()
    ana.hears("<bot> b")
    assert [failure.type for failure in logged_failures] == [KeyError]
    logged_failures.clear()


def test_a_fault_in_one_answer_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, logged_failures: list[Failure]
) -> None:
    world = World()
    one, two = world.program("one"), world.program("two")
    session = next(iter(world.huddle.registry.sessions))
    answer = Outlet.answer

    def stumble(outlet: Outlet, *events: Answer) -> None:
        if outlet is session.outlet:
            raise KeyError
        answer(outlet, *events)

    with monkeypatch.context() as patch:
        patch.setattr(Outlet, "answer", stumble)
        one.sends_objects(said(1, "a"))
        two.sends_objects(said(1, "b"))
        world.settle()
    two._look()
    assert two.acks == {1: 2}
    assert [failure.type for failure in logged_failures] == [KeyError]
    logged_failures.clear()


# Time


def test_a_time_is_never_before_the_one_before_it() -> None:
    world, disk = on_disk()
    ana = world.person("ana")
    ana.says("1")
    world._wall -= 3_600_000
    ana.says("2")
    world._wall += 7_200_000
    ana.says("3")
    messages: list[Said] = []
    disk.read("huddle", 1, 3).addCallback(messages.extend)
    first, second, third = (message.time for message in messages)
    assert first == second < third


# What surely arrived


def test_a_lag_is_kept_once_and_its_end_too() -> None:
    world, _ = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("1")
    world.beats()
    session = world.huddle.nicks.owner("bob")
    assert isinstance(session, Session)
    assert session is not None
    world.huddle.presence.note_lag(session, None)
    assert session.rooms == {"huddle": None}
    bob.stops_reading()
    ana.says("2")
    world.beats(10)
    assert (session.lags, session.rooms) == (True, {"huddle": 1})
    bob.reads_again()
    world.beats(10)
    assert (session.lags, session.rooms) == (False, {"huddle": None})


def test_who_does_not_read_and_comes_into_a_room_has_all_of_it_behind_a_crash() -> None:
    world, _ = on_disk(limits=Limits(hold=36_000))
    ana, bob = world.person("ana"), world.person("bob")
    ana.stops_reading()
    bob.says("hola", "/join ops")
    world.beats(60)
    ana.says("/join ops")
    for text in ("1", "2", "3", "4"):
        world.beats(60)
        bob.says(text)
    world.beats(60)
    again = comes_back(world.crashes(), ana.word)
    assert [line[-1] for line in again.reads() if "<bob>" in line] == ["1", "2", "3", "4"]


def test_a_person_who_was_lost_while_they_lagged_misses_nothing() -> None:
    world, _ = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("1")
    world.beats(20)
    bob.stops_reading()
    ana.says("2", "3")
    bob.cut()
    again = comes_back(world, bob.word)
    heard = again.reads()
    assert [line for line in heard if "<ana>" in line] == ["12:00 <ana> 2", "12:00 <ana> 3"]


def test_what_cannot_be_kept_of_a_session_stops_nobody() -> None:
    world, disk = on_disk()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    disk.broken = True
    bob.says("/nick eva")
    ana.hears("-- bob is now eva")
    bob.says("/quit")
    ana.hears("-- eva left")
