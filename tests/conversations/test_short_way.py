"""The way of a line is short: how many functions of Huddle it takes is counted, exactly.

What is counted are the *call* events of Python functions that stand in `huddle/`, from the bytes
that the door is given to the last send and all that becomes of it. It is no matter of time, so it
is the same on every machine; comprehensions and properties count as the calls that they are.
It was 116, 339, 286 and 188, 253 for coming in, and 20 for a look; what is above these bounds is to
be made shorter elsewhere.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

import huddle
from huddle.protocol.limits import Limits
from tests.world import DIRECT, UNIX, Peer, Program, World

HOUSE = str(Path(huddle.__file__).parent)

SAID = 42
SAID_AMONG_MANY = 18
SAID_BY_A_PROGRAM_AMONG_MANY = 25
RESUMED = 163
JOINED_WITH_KEY = 138
WHISPERED = 90
CONNECTED = 44
CAME_IN = 143
LOOKED_AT = 14

Calls = Counter[str]


def calls_of(peer: Peer, data: bytes) -> Calls:
    """The functions of Huddle that are called from these bytes on, until nothing is due."""

    def hear() -> None:
        peer.protocol.dataReceived(data)
        peer.world.settle()

    return calls_in(hear)


def calls_in(doing: Callable[[], object]) -> Calls:
    """The functions of Huddle that are called by this."""
    calls: Calls = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(HOUSE):
            place = frame.f_code.co_filename.removeprefix(HOUSE)
            calls[f"{place}:{frame.f_code.co_qualname}"] += 1

    sys.setprofile(count)
    try:
        doing()
    finally:
        sys.setprofile(None)
    return calls


def assert_short(calls: Calls, bound: int) -> None:
    assert calls.total() <= bound, "\n".join(f"{n:4} {name}" for name, n in calls.most_common())


@pytest.mark.parametrize("text", ["three", "¿three?", "... three", "Ñandú"])
def test_a_line_that_a_person_says_in_a_room_of_two(text: str) -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("one")
    ana.says("two")
    bob.forgets()
    calls = calls_of(ana, f"{text}\n".encode())
    bob.hears(f"<ana> {text}")
    assert_short(calls, SAID)


def test_a_line_among_many_that_are_said_at_once() -> None:
    world = World(limits=Limits(per_address=0, flood_rate=0))
    people = [world.person(f"pupil{number}") for number in range(20)]
    lines = b"a line of the twenty\n" * 20
    people[0].sends(lines)
    world.settle()
    calls: Calls = Counter()
    for each in people:
        calls += calls_of(each, lines)
    assert people[0].reads()[-1] == "<pupil19> a line of the twenty"
    assert_short(calls, SAID_AMONG_MANY * 400)


def test_a_line_of_a_program_among_many_that_are_said_at_once() -> None:
    world = World(limits=Limits(per_address=0, flood_rate=0))
    programs = [world.program(f"bot{number}") for number in range(20)]
    first, second = (
        b"".join(
            b'{"type":"say","id":%d,"room":"huddle","text":"a line of the twenty"}\n' % id
            for id in range(start, start + 20)
        )
        for start in (1, 21)
    )
    programs[0].sends(first)
    world.settle()
    calls: Calls = Counter()
    for each in programs:
        calls += calls_of(each, second)
    assert programs[0].said()[-1] == "a line of the twenty"
    assert_short(calls, SAID_BY_A_PROGRAM_AMONG_MANY * 400)


@pytest.mark.parametrize("transport", [DIRECT, UNIX])
def test_a_line_alone_is_out_before_the_reactor_turns(transport: str) -> None:
    world = World(transport=transport)
    ana, bob = world.person("ana"), world.person("bob")
    for sent in (b"one\n", b"two\r\n"):
        bob.forgets()
        ana.protocol.dataReceived(sent)
        assert bob.reads() == [f"<ana> {sent.decode().strip()}"]
        world.settle()


def test_a_program_that_comes_back_to_its_two_rooms() -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    for each in (ana, bob):
        each.asks("join", id=900, room="ops")
    ana.cut()
    ana = ana.again()  # so all has been done once
    ana.cut()
    bob.says("missed", "missed", room="ops")
    back = Program(world, "ana", ana.secret)
    world.attach(back)
    after = {"huddle": 0, "ops": 0}
    hello = {"type": "hello", "v": 1, "nick": "ana", "session": ana.secret, "resume": True}
    hello |= {"epoch": ana.welcome["epoch"], "after": after}
    calls = calls_of(back, json.dumps(hello).encode() + b"\n")
    assert back.said() == ["missed", "missed"]
    assert back.welcome["rooms"].keys() == after.keys()
    assert_short(calls, RESUMED)


def test_going_into_a_room_that_has_a_key() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/join ops 1234")
    bob.says("/join ops 1234", "/join huddle")
    bob.forgets()
    calls = calls_of(bob, b"/join ops 1234\n")
    bob.hears("-- You are in ops now. 1 other here: ana.", "-- locked room: it opens with its key")
    assert_short(calls, JOINED_WITH_KEY)


def test_a_private_message() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("/msg bob hola")
    bob.says("/msg ana hola")
    bob.forgets()
    calls = calls_of(ana, b"/msg bob pst\n")
    bob.hears("[ana] pst")
    assert_short(calls, WHISPERED)


def test_a_connection_of_which_nothing_is_known_yet() -> None:
    world = World()
    world.person("ana")
    assert_short(calls_in(world.connect), CONNECTED)


def test_coming_in_where_fifty_nicks_are_named() -> None:
    world = World()
    for number in range(60):
        world.person(f"pupil{number}")
    world.passes(1)
    ana = world.connect()
    ana.forgets()
    calls = calls_of(ana, b"ana\n")
    assert "pupil49 and 10 more." in " ".join(ana.reads()[0].split("\n"))
    assert_short(calls, CAME_IN)


def test_a_look_whether_one_who_says_nothing_still_lives() -> None:
    world = World()
    world.person("ana")
    world.connections.beat()
    calls = calls_in(world.connections.beat)
    assert calls["/doors/keepalive.py:_ask"] == 1
    assert_short(calls, LOOKED_AT)


@pytest.mark.parametrize(("nick", "profiled"), [("eva", 0), ("Ñandú", 1)])
def test_a_nick_is_checked_once_and_a_plain_one_without_its_unicode_profile(
    nick: str, profiled: int
) -> None:
    hello = {"type": "hello", "v": 1, "nick": nick, "session": "s" * 32}
    ways = (
        lambda world: (world.connect(), nick),
        lambda world: (world.connect(), json.dumps(hello)),
        lambda world: (world.person("ana"), f"/nick {nick}"),
    )
    for way in ways:
        world = World()
        peer, line = way(world)
        calls = calls_of(peer, f"{line}\n".encode())
        assert world.huddle.nicks.owner(nick) is not None
        checks = calls["/protocol/names.py:_name"], calls["/protocol/names.py:_profiled"]
        assert checks == (1, profiled), line
