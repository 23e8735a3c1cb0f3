"""What a stranger can make grow has an end; each limit is reached here, and not passed."""

from __future__ import annotations

import pytest

from huddle.protocol.limits import Limits
from huddle.rooms.room import Room
from tests.moderated_world import PASSWORD, does, done, joins, refused
from tests.slow_record import SlowRecord
from tests.world import Json, Program, World

FAST = {"flood_rate": 0, "per_address": 0}


def moderated_world(**limits: float) -> tuple[World, Program]:
    """A house with such limits, and ana, who is its operator."""
    world = World(
        operators=["ana"],
        others={"ana": PASSWORD},
        limits=Limits(**{**FAST, **limits}),  # type: ignore[arg-type]
    )
    return world, world.program("ana", password=PASSWORD)


def too_many(program: Program, type: str, **fields: object) -> int:
    """What there may be no more of, as the refusal says."""
    answer = does(program, type, **fields)
    assert answer["code"] == "too-many", answer
    limit: int = answer["limit"]
    return limit


# -- rooms -------------------------------------------------------------------------------------


def test_there_are_only_so_many_rooms_and_one_in_which_something_was_said_counts_for_good() -> None:
    world, ana = moderated_world(rooms=4)
    bob = world.program("bob")
    joins(bob, "a", "b", "c")
    assert too_many(bob, "join", room="d") == 4
    done(bob, "leave", room="a")
    joins(bob, "d")
    bob.says("hola", room="d")
    done(bob, "leave", room="d")
    assert too_many(bob, "join", room="e") == 4
    joins(ana, "d", "b")
    bob.cut()
    assert "e" not in bob.again(after={"e": 0}).welcome["rooms"]


def test_after_a_restart_the_rooms_of_the_record_count() -> None:
    limits = Limits(rooms=3, **FAST)
    world = World(SlowRecord(limits), limits=limits)
    bob = world.program("bob")
    joins(bob, "a", "b")
    bob.says("hola", room="a")
    done(bob, "topic", room="b", text="talk")
    done(bob, "leave", room="a")
    done(bob, "leave", room="b")
    bob = bob.again(world.crashes(), after={})
    assert too_many(bob, "join", room="c") == 3
    joins(bob, "a", "b")


def test_one_is_in_only_so_many_rooms() -> None:
    world, _ = moderated_world(rooms_each=3)
    bob = world.program("bob")
    joins(bob, "a", "b")
    assert too_many(bob, "join", room="c") == 3
    world.program("eva")
    joins(world.program("dan"), "c")
    bob.cut()
    again = bob.again(after={"huddle": 0, "a": 0, "b": 0, "c": 0})
    assert sorted(again.welcome["rooms"]) == ["a", "b", "huddle"]
    done(again, "leave", room="a")
    joins(again, "c")


def test_from_one_address_only_so_many_rooms_are_made_in_an_hour() -> None:
    world, ana = moderated_world(rooms_made=2)
    bob, eva = world.program("bob"), world.program("eva")
    joins(bob, "a")
    joins(eva, "b")
    answer = does(bob, "join", room="c")
    assert (answer["code"], answer["wait"]) == ("too-fast", 1800.0)
    joins(bob, "b")
    joins(ana, "c")
    elsewhere = world.connect("198.51.100.1")
    elsewhere.says("dan", "/join d")
    assert does(bob, "rooms")["rooms"][-1]["room"] == "d"
    world.passes(1800)
    joins(bob, "e")


def makes(world: World, rooms: str, count: int, **options: str) -> str:
    """What a person is told at last who makes so many rooms, one an hour, and speaks in each."""
    person = world.person(rooms, **options)
    told = ""
    for number in range(count):
        person.forgets()
        person.says(f"/join {rooms}{number}")
        told = person.reads()[-1]
        person.says("hola")
        world.passes(3600)
    return told


def test_however_slowly_one_address_goes_it_leaves_rooms_for_others() -> None:
    limits = Limits(rooms=41, rooms_made=10)
    world = World(SlowRecord(limits), limits=limits)
    assert makes(world, "slow", 30) == (
        "-- 16 of the rooms there are were made from your place already; what is free is for"
        " others."
    )
    assert makes(world, "same", 1).startswith("-- 16 of the rooms")
    makes(world, "homework", 1, address="192.0.2.1")
    assert world.huddle.directory.is_known("homework0")
    again = world.crashes()
    assert makes(again, "more", 30).startswith("-- 7 of the rooms")
    makes(again, "task", 1, address="192.0.2.1")
    assert again.huddle.directory.is_known("task0")


def test_a_room_in_which_nothing_was_ever_said_leaves_no_trace_when_it_is_empty() -> None:
    world, _ = moderated_world(rooms_made=0)
    bob, eva = world.program("bob"), world.program("eva")
    before = world.huddle.directory.restrictions.rooms()
    for number in range(50):
        joins(bob, f"room{number}")
        joins(eva, f"room{number}")
        done(bob, "mute", room=f"room{number}", nick="eva", seconds=1)
        world.passes(2)
        for program in (bob, eva):
            done(program, "leave", room=f"room{number}")
    assert world.huddle.directory.restrictions.rooms() == before
    assert len(does(bob, "rooms")["rooms"]) == 1
    assert list(world.record.marks()) == []
    assert not world.huddle.directory.is_known("room1")


def test_a_room_remembers_the_pace_of_only_so_many_people() -> None:
    world, ana = moderated_world(spoke=3)
    done(ana, "slow", seconds=60)
    for nick in ("p", "q", "r", "s", "t"):
        world.program(nick).says("hola")
    assert len(world.huddle.room("huddle").pace.spoke) == 3
    done(ana, "slow", seconds=10**6)
    last = world.program("last")
    last.says("hola")
    assert does(last, "topic", text="x")["wait"] == Limits().slowest


def test_what_is_rendered_by_renderers_that_nobody_uses_any_more_is_let_go() -> None:
    world, _ = moderated_world()
    bob = world.program("bob")
    room: Room = world.huddle.room("huddle")
    nicks = [f"p{number}" for number in range(20)]
    for nick in nicks:
        world.person(nick)
    before = len(room._audiences)
    for nick in nicks:
        done(bob, "ignore", nick=nick, on=True)
        done(bob, "history")
    assert len(room._audiences) <= before + 1
    bob.cut()
    assert len(room._audiences) <= before


@pytest.mark.parametrize("where", ["rooms", "inboxes"])
def test_what_is_said_in_many_rooms_or_inboxes_is_not_all_kept_in_memory(where: str) -> None:
    limits = Limits(tails=400_000, flood_rate=0, per_address=0)
    world = World(SlowRecord(limits), limits=limits)
    bob = world.program("bob")
    others = [f"there{number}" for number in range(8)]
    readers = [world.program(nick) for nick in others]
    tails = world.huddle.directory.pages.tails
    for name in others:
        if where == "rooms":
            joins(bob, name)
            bob.says(*["x" * 4000] * 20, room=name)
        else:
            texts = [f"{number}" + "x" * 4000 for number in range(20)]
            bob.sends_objects(*[bob.drafts(text, type="msg", to=name) for text in texts])
            world.settle()
        assert 0 < tails.size <= limits.tails
    if where == "inboxes":
        assert {each.said()[-1][:2] for each in readers} == {"19"}
    for each in (bob, *readers):
        each.sends_objects({"type": "bye"})
    world.settle()
    assert set(tails.kept) <= {world.huddle.room("huddle").history}


# -- people ------------------------------------------------------------------------------------


def test_only_so_many_sessions_are_here_or_held() -> None:
    world, _ = moderated_world(sessions=3)
    bob = world.program("bob")
    eva = world.person("eva")
    full = world.connect()
    full.says("dan")
    assert not full.connection.visit.progress.named
    eva.cut()
    full.says("dan")
    assert not full.connection.visit.progress.named
    world.passes(121)
    assert full.gone and world.huddle.nicks.owner("dan") is None
    world.person("dan")
    assert world.huddle.nicks.owner("dan") is not None
    assert bob.again().welcome["nick"] == "bob"


def test_a_session_ignores_only_so_many() -> None:
    world, _ = moderated_world(ignores=2)
    bob = world.program("bob")
    for nick in ("p", "q", "r"):
        world.person(nick)
    done(bob, "ignore", nick="p", on=True)
    done(bob, "ignore", nick="q", on=True)
    assert too_many(bob, "ignore", nick="r", on=True) == 2
    done(bob, "ignore", nick="p", on=True)
    done(bob, "ignore", nick="p", on=False)
    done(bob, "ignore", nick="r", on=True)


def test_for_somebody_who_is_away_only_so_many_messages_wait() -> None:
    world, _ = moderated_world(pending=3)
    bob, eva = world.program("bob"), world.program("eva")
    eva.cut()
    for number in range(3):
        bob.sends_objects({"type": "msg", "id": 1 + number, "to": "eva", "text": "hola"})
        world.settle()
    assert [each["type"] for each in bob.reads()[-3:]] == ["ack"] * 3
    assert too_many(bob, "msg", to="eva", text="one more") == 3
    again = eva.again(after={"huddle": 0, "@": 0})
    assert again.said().count("hola") == 3
    bob.forgets()
    bob.sends_objects({"type": "msg", "id": 901, "to": "eva", "text": "now"})
    world.settle()
    bob.hears({"type": "ack", "id": 901})


def test_who_is_away_is_told_only_the_last_of_what_became_of_them() -> None:
    world, ana = moderated_world(untold=3)
    bob = world.program("bob")
    bob.cut()
    for number in range(6):
        done(ana, "mute", nick="bob", reason=f"reason {number}")
    again = bob.again()
    told = [each["reason"] for each in again.reads() if each["type"] == "standing"]
    assert told == ["reason 3", "reason 4", "reason 5"]


def test_who_takes_nothing_is_told_only_so_much_of_it() -> None:
    world, ana = moderated_world(replies=2_000)
    bob = world.program("bob")
    bob.stops_reading()
    for number in range(200):
        done(ana, "mute", nick="bob", reason=f"{number} " + "because " * 20)
    assert bob.connection.outlet.waiting < 3_000
    bob.reads_again()
    bob.cut()
    assert bob.again().reads()[-1]["reason"].startswith("199 ")


def test_one_searches_only_so_often_and_with_no_limit_as_often_as_one_likes() -> None:
    world, _ = moderated_world(searches=3)
    bob, eva = world.program("bob"), world.program("eva")
    for _ in range(3):
        done(bob, "search", words="x")
    answer = does(bob, "search", words="x")
    assert (answer["code"], answer["wait"]) == ("too-fast", 20.0)
    done(eva, "search", words="x")
    done(bob, "history")
    world.passes(20)
    done(bob, "search", words="x")
    assert refused(bob, "search", words="x") == "too-fast"
    world, _ = moderated_world(searches=0)
    bob = world.program("bob")
    for _ in range(100):
        done(bob, "search", words="x")


# -- moderation --------------------------------------------------------------------------------


def test_a_room_has_only_so_many_marks_and_one_that_has_ended_makes_room() -> None:
    world, ana = moderated_world(marks=5)
    joins(ana, "ops")  # the mark of its host
    for number in range(4):
        done(ana, "ban", room="ops", who=f"192.0.2.{number}", seconds=60)
    assert too_many(ana, "ban", room="ops", who="192.0.2.9") == 5
    done(ana, "ban", room="ops", who="192.0.2.1", seconds=90)
    assert too_many(ana, "mute", room="ops", nick=_somebody(world)) == 5
    done(ana, "ban", who="192.0.2.9")
    world.passes(60)
    done(ana, "ban", room="ops", who="192.0.2.9")
    assert len(does(ana, "bans", room="ops")["bans"]) == 2
    assert len(list(world.record.marks())) == 4


def _somebody(world: World) -> str:
    world.person("somebody")
    return "somebody"


def test_hosts_set_only_so_many_marks_in_all_rooms_and_operators_more() -> None:
    world, ana = moderated_world(marks_all=4)
    bob = world.program("bob")
    joins(bob, "a", "b")
    done(bob, "ban", room="a", who="eva")
    done(bob, "ban", room="b", who="eva")
    assert too_many(bob, "ban", room="b", who="dan") == 4
    done(ana, "ban", who="192.0.2.2")


def test_however_many_one_address_sets_every_room_has_its_share() -> None:
    world, _ = moderated_world(marks_all=12, rooms=4)
    bob = world.program("bob")
    joins(bob, "a", "b")
    for number in range(2):
        done(bob, "ban", room="a", who=f"junk{number}")
        done(bob, "ban", room="b", who=f"junk{number}")
    for number in range(2, 8):
        done(bob, "ban", room="a", who=f"junk{number}")
    assert too_many(bob, "ban", room="a", who="more") == 12
    eva = world.program("eva")
    joins(eva, "c")
    for number in range(2):
        done(eva, "ban", room="c", who=f"troll{number}")
    assert too_many(eva, "ban", room="c", who="troll") == 12


def test_from_one_address_hosts_set_only_so_many_in_an_hour() -> None:
    world, ana = moderated_world(marks_all=2000, marks_made=5)
    bob, eva = world.program("bob"), world.program("eva")
    joins(bob, "a")
    for number in range(6):
        done(bob, "ban", room="a", who=f"junk{number}")
    answer = does(bob, "ban", room="a", who="more")
    assert (answer["code"], answer["wait"]) == ("too-fast", 720.0)
    joins(eva, "b")
    done(eva, "ban", room="b", who="troll")
    assert refused(eva, "ban", room="b", who="other") == "too-fast"
    done(ana, "ban", who="junk")
    world.passes(720)
    done(eva, "ban", room="b", who="other")


REASONED = [
    ("kick", {"nick": "bob"}),
    ("ban", {"who": "bob"}),
    ("mute", {"nick": "bob"}),
]


@pytest.mark.parametrize(("type", "fields"), REASONED)
def test_a_reason_is_refused_when_it_is_too_long(type: str, fields: Json) -> None:
    world, ana = moderated_world(topic=10)
    world.person("bob")
    assert refused(ana, type, **fields, reason="x" * 11) == "text-too-long"
    assert refused(ana, type, **fields, reason="ñ" * 6) == "text-too-long"
    assert does(ana, "audit")["entries"] == []
    done(ana, type, **fields, reason="ñ" * 5)


def test_a_topic_and_a_key_are_refused_when_they_are_too_long() -> None:
    _, ana = moderated_world(topic=10)
    joins(ana, "ops")
    assert refused(ana, "topic", text="x" * 11) == "text-too-long"
    done(ana, "topic", text="x" * 10)
    assert refused(ana, "key", room="ops", key="x" * 65) == "bad-field"
    done(ana, "key", room="ops", key="x" * 64)
    assert refused(ana, "join", room="x" * 33) == "bad-room"


def test_an_audit_shows_so_many_acts_and_never_more_than_an_answer_holds() -> None:
    world, ana = moderated_world(audit_shown=3, history=5)
    world.person("bob")
    for number in range(9):
        done(ana, "mute", nick="bob", reason=str(number))
    assert [each["detail"] for each in does(ana, "audit")["entries"]] == ["6", "7", "8"]
    assert len(does(ana, "audit", limit=4)["entries"]) == 4
    assert len(does(ana, "audit", limit=500)["entries"]) == 5


# -- accounts ----------------------------------------------------------------------------------


def test_there_are_only_so_many_accounts() -> None:
    world, ana = moderated_world(accounts=2)
    bob, eva = world.program("bob"), world.program("eva")
    done(bob, "register", password="secret-of-bob")
    assert too_many(eva, "register", password="secret-of-eva") == 2
    assert too_many(ana, "register", password="secret-of-dan", nick="dan") == 2


def test_from_one_address_only_so_many_accounts_are_registered_and_operators_are_not_counted() -> (
    None
):
    world, ana = moderated_world(registrations=1)
    bob, eva = world.program("bob"), world.program("eva")
    done(bob, "register", password="secret-of-bob")
    assert too_many(eva, "register", password="secret-of-eva") == 1
    done(ana, "register", password="secret-of-eva", nick="dan")
    world.passes(3600)
    done(eva, "register", password="secret-of-eva")


@pytest.mark.parametrize("length", [7, 129])
def test_a_password_is_neither_too_short_nor_too_long(length: int) -> None:
    world, _ = moderated_world()
    bob = world.program("bob")
    assert refused(bob, "register", password="x" * length) == "bad-password"
    done(bob, "register", password="x" * 8)
    answer = does(bob, "password", old="x" * 8, new="x" * length)
    assert answer["code"] == "bad-password"


# -- the door ----------------------------------------------------------------------------------


def test_an_address_makes_only_so_many_connections_and_a_class_comes_back_at_once() -> None:
    world = World(limits=Limits(attempts_rate=1, attempts_burst=128))
    for _ in range(2):
        pupils = [world.connect("192.0.2.7") for _ in range(64)]
        assert not any(pupil.gone for pupil in pupils)
        for pupil in pupils:
            pupil.cut()
    late = world.connect("192.0.2.7")
    assert late.gone
    assert late.reads() == []
    assert not world.connect("192.0.2.8").gone
    world.passes(2)
    assert not world.connect("192.0.2.7").gone
