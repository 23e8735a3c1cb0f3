"""A long answer is given a piece at a time, each made when its reader has taken the one before."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args, get_origin, get_type_hints

import pytest

import huddle.visits.actions.rooms
from huddle.delivery.round_robin import OUTLETS_A_TURN
from huddle.protocol import answers
from huddle.protocol.limits import Limits
from huddle.protocol.long_answers import LONG, PIECE
from tests.sample_messages import ANSWERS
from tests.world import TRANSPORTS, Peer, World

ROOMS = 300
TOPIC = "topic " * 50
LIMITS = Limits(rooms_made=0, flood_rate=0)


class Made:
    """Rows of the list of rooms that were made."""

    count = 0


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    made, real = Made(), huddle.visits.actions.rooms._listing

    def counted(*arguments: Any) -> answers.RoomListing:
        made.count += 1
        return real(*arguments)

    monkeypatch.setattr(huddle.visits.actions.rooms, "_listing", counted)
    return made


def many_rooms(transport: str = TRANSPORTS[0]) -> World:
    """A house with so many rooms that a list of them is 100 KiB."""
    world = World(limits=LIMITS, transport=transport)
    directory = world.huddle.directory
    for number in range(ROOMS // 60):
        host = world.program(f"host{number}")
        for room in range(number * 60, number * 60 + 60):
            host.asks("join", id=room + 1, room=f"room-{room}")
            directory.put(replace(directory.row(f"room-{room}"), topic=TOPIC))
    return world


def names(reply: dict[str, Any]) -> list[str]:
    return sorted(row["room"] for row in reply["rooms"])


ALL = sorted(["huddle", *(f"room-{number}" for number in range(ROOMS))])


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_program_gets_the_whole_list_of_rooms_in_one_line(transport: str) -> None:
    world = many_rooms(transport)
    ana = world.program("ana")
    assert names(ana.asks("rooms", id=1)) == ALL


def test_a_person_gets_all_rooms_and_their_topics() -> None:
    world = many_rooms()
    ana = world.person("ana")
    ana.says("/rooms")
    lines = ana.reads()
    assert lines[0] == f"-- {ROOMS + 1} rooms:"
    assert [line for line in lines if TOPIC.strip() in line] == [
        f"-- room-{number}: {TOPIC.strip()}" for number in range(ROOMS)
    ]


def test_what_was_asked_for_behind_it_is_answered_behind_it() -> None:
    world = many_rooms()
    ana = world.program("ana")
    ana.sends_objects({"type": "rooms", "id": 1}, {"type": "ping", "id": 2})
    ana.sends_objects({"type": "rooms", "id": 3}, {"type": "ping", "id": 4})
    world.settle()
    assert [each["id"] for each in ana.reads()] == [1, 2, 3, 4]


def test_what_is_said_meanwhile_comes_behind_it_and_nothing_is_missed_or_shown_twice() -> None:
    world = many_rooms()
    bob, ana = world.person("bob"), world.program("ana")
    ana.stops_reading(room=PIECE)
    ana.sends_objects({"type": "rooms", "id": 1})
    world.settle()
    bob.says("one", "two")
    ana.takes(PIECE)
    bob.says("three")
    ana.reads_again()
    bob.says("four")
    heard = ana.reads()
    assert heard[0]["type"] == "reply" and names(heard[0]) == ALL
    assert [each["text"] for each in heard if each["type"] == "said"] == [
        *("one", "two", "three", "four")
    ]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("is_program", (True, False))
def test_a_reader_who_takes_nothing_has_no_more_made_than_a_few_pieces(
    made: Made, transport: str, is_program: bool
) -> None:
    world = many_rooms(transport)
    ana: Peer = world.program("ana") if is_program else world.person("ana")
    ana.stops_reading()
    ask = b'{"type":"rooms","id":1}\n' if is_program else b"/rooms\n"
    ana.sends(ask * 12)
    world.settle()
    gone_through = 0 if is_program else 2 * ROOMS + 80  # for the widths of the columns
    assert made.count <= gone_through + 3 * PIECE // len(TOPIC)
    assert ana.connection.outlet.waiting <= 3 * LIMITS.replies
    ana.reads_again()
    world.settle()
    lines = ana.reads()
    answered = [each for each in lines if is_program or each == f"-- {ROOMS + 1} rooms:"]
    assert len(answered) == 12


def test_another_is_heard_between_two_pieces() -> None:
    world = many_rooms()
    carla, bob, ana = world.person("carla"), world.person("bob"), world.program("ana")
    ana.sends_objects({"type": "rooms", "id": 1})
    world.reactor.turn()
    bob.sends(b"hola\n")
    turns = 0
    while "<bob> hola" not in carla.reads():
        world.reactor.turn()
        turns += 1
    assert turns <= 3
    assert not ana.wire.taken.endswith(b"\n")
    world.settle()
    assert names(ana.reads()[0]) == ALL


def test_many_who_ask_at_once_have_few_rows_made_in_one_turn_of_the_reactor(made: Made) -> None:
    world = many_rooms()
    for room in world.huddle.directory.open:
        world.huddle.directory.put(replace(world.huddle.directory.row(room.name), topic=""))
    for number in range(20):
        world.program(f"p{number}").sends(b'{"type":"rooms","id":1}\n')
    most, before = 0, made.count
    while made.count < 20 * ROOMS:
        world.reactor.turn()
        most, before = max(most, made.count - before), made.count
    assert most <= (20 + OUTLETS_A_TURN) * 100


def test_a_reader_who_goes_in_the_middle_of_it_leaves_nothing_behind() -> None:
    world = many_rooms()
    ana = world.program("ana")
    ana.stops_reading(room=PIECE)
    ana.sends_objects({"type": "rooms", "id": 1})
    world.settle()
    outlet = ana.connection.outlet
    ana.cut()
    assert not outlet.waiting
    bob = world.person("bob")
    bob.says("/rooms")
    assert bob.reads()[0] == f"-- {ROOMS + 1} rooms:"


def test_the_farewell_comes_behind_the_whole_answer() -> None:
    world = many_rooms()
    ana = world.program("ana")
    ana.sends_objects({"type": "rooms", "id": 1}, {"type": "bye"})
    world.settle()
    assert [each["type"] for each in ana.reads()] == ["reply", "bye"]
    assert ana.closed


def test_a_long_stretch_of_the_past_comes_in_order_and_whole() -> None:
    world = World(limits=LIMITS)
    bob = world.person("bob")
    texts = [f"{number} {'x' * 500}" for number in range(120)]
    bob.says(*texts)
    ana = world.program("ana")
    reply = ana.asks("history", id=1, room="huddle", limit=100)
    assert [each["text"] for each in reply["messages"]] == texts[-100:]
    carla = world.person("carla")
    carla.says("/history 100")
    assert [line.partition("> ")[2] for line in carla.reads() if "<bob>" in line] == texts[-100:]


def test_a_long_list_of_bans_comes_whole_in_both_dialects() -> None:
    world = World(limits=LIMITS)
    host = world.program("host")
    host.asks("join", id=1, room="den")
    for number in range(100):
        host.asks("ban", id=number + 2, room="den", who=f"nobody{number}", reason="x" * 390)
        host.reads()
    reply = host.asks("bans", id=900, room="den")
    banned = {row["nick"] for row in reply["bans"]}
    assert banned == {f"nobody{number}" for number in range(100)}
    assert len(json.dumps(reply)) > 2 * PIECE


# -- which are long ----------------------------------------------------------------------------

BOUNDED = {"Help", "NodeList"}
"""Answers with rows of which there is a bounded number, and a small one."""


def holds_rows(answer: Any) -> bool:
    return any(
        get_origin(hint) in (tuple, Sequence) and is_dataclass(get_args(hint)[0])
        for name, hint in get_type_hints(answer).items()
        if name in {each.name for each in fields(answer)}
    )


def test_every_answer_that_holds_rows_is_a_long_one() -> None:
    counted = Counter(each.__name__ for each in ANSWERS if holds_rows(each))
    assert set(counted) - BOUNDED == {each.__name__ for each in (*LONG, answers.Written)}
