"""Ignoring somebody: nothing that they say is shown, wherever it stands, and no more than that."""

from __future__ import annotations

from typing import Any

import pytest

from huddle.protocol.limits import Limits
from huddle.visits.filters import IgnoringRenderer
from tests.moderated_world import FREELY, PASSWORD, does, done
from tests.sample_messages import DAY, NOON, renderer, said
from tests.slow_record import SlowRecord
from tests.world import TRANSPORTS, Peer, Program, World


def comes_back(world: World, word: str) -> Peer:
    peer = world.connect()
    peer.forgets()
    peer.says(f"/back {word}")
    return peer


def ignores(peer: Peer, nick: str, on: bool = True) -> None:
    if isinstance(peer, Program):
        done(peer, "ignore", nick=nick, on=on)
    else:
        peer.says(f"/ignore {nick}" if on else f"/unignore {nick}")
    peer.forgets()


def texts(peer: Peer) -> list[str]:
    """What was said, of all that came since the last time."""
    if isinstance(peer, Program):
        return [each["text"] for each in peer.reads() if each["type"] == "said"]
    return [line.rpartition("> ")[2] for line in peer.reads() if "> " in line]


@pytest.fixture(params=["person", "program"])
def dialect(request: pytest.FixtureRequest) -> Any:
    """That of whoever ignores."""
    return request.param


def comes(world: World, dialect: str, nick: str = "ana") -> Peer:
    return world.person(nick) if dialect == "person" else world.program(nick)


# What is not heard


def test_who_ignores_somebody_hears_all_the_others(dialect: str) -> None:
    world = World()
    ana, bob, eva = comes(world, dialect), world.person("bob"), world.person("eva")
    ignores(ana, "bob")
    bob.says("1")
    eva.says("2")
    bob.says("3", "4")
    assert texts(ana) == ["2"]
    bob.hears_at_last("<eva> 2")


def test_it_is_the_person_who_is_ignored_and_not_the_nick(dialect: str) -> None:
    world = World(SlowRecord(), limits=FREELY)
    ana, bob = comes(world, dialect), world.person("bob")
    ignores(ana, "bob")
    bob.says("/nick rob", "still I")
    other = world.person("bob")
    other.says("another one")
    assert texts(ana) == ["another one"]
    bob.says(f"/register {PASSWORD}", "and registered")
    assert texts(ana) == []
    ignores(ana, "rob", on=False)
    bob.says("heard again")
    assert texts(ana) == ["heard again"]


def test_private_messages_of_theirs_are_not_heard_either(dialect: str) -> None:
    world = World()
    ana, bob, eva = comes(world, dialect), world.person("bob"), world.person("eva")
    ignores(ana, "bob")
    bob.says("/msg ana psst")
    eva.says("/msg ana hey")
    assert "psst" not in str(ana.reads())
    assert "hey" in str(ana.heard)


def test_what_the_past_holds_of_them_is_not_shown(dialect: str) -> None:
    world = World()
    ana, bob, eva = comes(world, dialect), world.person("bob"), world.person("eva")
    bob.says("fox 1", "/msg ana fox 2")
    eva.says("fox 3", "/msg ana fox 4")
    ana.forgets()
    ignores(ana, "bob")
    if isinstance(ana, Program):
        told = [does(ana, "history"), does(ana, "history", room="@")]
        told += [does(ana, "search", words="fox"), does(ana, "search", words="fox", room="@")]
        seen = [[each["text"] for each in answer["messages"]] for answer in told]
    else:
        ana.says("/history", "/inbox", "/search fox")
        seen = [[line[-5:]] for line in ana.reads() if "fox" in line]
    assert [text for each in seen for text in each][:3] == ["fox 3", "fox 4", "fox 3"]
    assert "fox 1" not in str(seen)


def test_what_is_replayed_is_without_them_too(dialect: str) -> None:
    world = World(SlowRecord(), limits=Limits(replay=10))
    ana, bob, eva = comes(world, dialect), world.person("bob"), world.person("eva")
    ignores(ana, "bob")
    ana.cut()
    for number in range(3):
        bob.says(f"b{number}")
        eva.says(f"e{number}")
    ana = ana.again() if isinstance(ana, Program) else comes_back(world, ana.word)
    heard = str(ana.heard if isinstance(ana, Program) else ana.reads())
    assert all(f"e{number}" in heard and f"b{number}" not in heard for number in range(3))


def test_it_lasts_over_a_restart_and_can_be_taken_back(dialect: str) -> None:
    world = World(SlowRecord())
    ana, bob = comes(world, dialect), world.person("bob")
    ignores(ana, "bob")
    world = world.crashes()
    ana = ana.again(world) if isinstance(ana, Program) else comes_back(world, ana.word)
    bob = comes_back(world, bob.word)
    ana.forgets()
    bob.says("1")
    assert texts(ana) == []
    ignores(ana, "bob", on=False)
    bob.says("2")
    assert texts(ana) == ["2"]


def test_what_is_announced_is_heard_by_everybody(dialect: str) -> None:
    world = World(operators=["zoe"], others={"zoe": PASSWORD})
    ana, zoe = comes(world, dialect), world.program("zoe", password=PASSWORD)
    ignores(ana, "zoe")
    zoe.sends_objects(zoe.drafts("the roof is on fire", type="announce"))
    zoe.says("hello?")
    assert "the roof is on fire" in str(ana.reads())
    assert "hello?" not in str(ana.heard)


# What it does not touch


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_slow_reader_who_ignores_somebody_misses_nothing_else(
    transport: str, dialect: str
) -> None:
    world = World(
        SlowRecord(Limits(block=4)), transport=transport, limits=Limits(block=4, flood_rate=0)
    )
    ana, bob, eva = comes(world, dialect), world.person("bob"), world.person("eva")
    ignores(ana, "bob")
    ana.stops_reading(room=30)
    for number in range(40):
        bob.says(f"b{number}")
        if number % 4 == 0:
            eva.says(f"e{number}")
            ana.takes(17)
    bob.says(*[f"b{number}" for number in range(40, 60)])
    ana.reads_again()
    assert texts(ana) == [f"e{number}" for number in range(0, 40, 4)]
    eva.says("now")
    assert texts(ana) == ["now"]


def test_a_program_that_ignores_somebody_goes_on_where_it_was() -> None:
    world = World(SlowRecord())
    ana, bob, eva = world.program("ana"), world.person("bob"), world.person("eva")
    done(ana, "ignore", nick="bob", on=True)
    eva.says("e1")
    bob.says("b1", "b2")
    ana.says("mine")
    ana.forgets()
    ana.cut()
    bob.says("b3")
    eva.says("e2")
    ana = ana.again()
    assert ana.said() == ["e1", "e2"]
    assert (ana.after, ana.acks) == ({"huddle": 6}, {1: 4})


def test_somebody_who_is_ignored_while_a_block_is_read_is_not_in_it() -> None:
    disk = SlowRecord(Limits(block=4))
    world = World(disk, limits=Limits(block=4, flood_rate=0))
    ana, bob = world.program("ana"), world.person("bob")
    ana.forgets()
    ana.stops_reading()
    bob.says(*map(str, range(20)))
    disk.slow_to_read = True
    ana.reads_again()
    ana.sends_objects({"type": "ignore", "id": 1, "nick": "bob", "on": True})
    world.settle()
    disk.slow_to_read = False
    disk.finds()
    world.settle()
    assert ana.said() == []
    bob.says("x")
    assert ana.said() == []


def test_those_who_ignore_the_same_people_share_what_they_are_sent() -> None:
    shown, ignored = renderer(), frozenset({"session:2"})
    one, other = IgnoringRenderer(shown, ignored), IgnoringRenderer(shown, frozenset({"session:2"}))
    assert one.audience == other.audience
    assert one.audience != IgnoringRenderer(shown, frozenset({"session:3"})).audience
    assert one.audience != shown.audience


def test_the_line_of_a_new_day_is_not_lost_with_the_message_behind_it() -> None:
    ignoring = IgnoringRenderer(renderer(), frozenset({"session:2"}))
    messages = [
        said(1, session=3),
        said(2, session=2, time=NOON + DAY),
        said(3, session=3, time=NOON + DAY),
    ]
    lines = b"".join(ignoring.past(messages, None)).decode().splitlines()
    assert lines[1].startswith("-- 20 November 2026")
    assert len(lines) == 3
