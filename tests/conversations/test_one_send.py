"""What one batch brings a program is one send: what others said around its lines, and its acks."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from tests.in_memory_tcp import MemorySocket
from tests.slow_record import SlowRecord
from tests.world import Peer, Program, World


class Sends:
    """All that is sent in a house, send by send; of each event its text, or its type and seq."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._of: defaultdict[MemorySocket, list[list[str]]] = defaultdict(list)
        send = MemorySocket.send

        def noted(wire: MemorySocket, data: bytes) -> int:
            self._of[wire].append(bytes(data).decode().splitlines())
            return send(wire, data)

        monkeypatch.setattr(MemorySocket, "send", noted)

    def to(self, peer: Peer) -> list[list[str]]:
        """Those to one peer, since the last time."""
        return [[_shown(line) for line in send] for send in self._of.pop(peer.wire, [])]


def _shown(line: str) -> str:
    if not line.startswith("{"):
        return line
    event = json.loads(line)
    return str(event.get("text") or f"{event['type']} {event.get('seq') or event['nick']}")


@pytest.fixture
def sends(monkeypatch: pytest.MonkeyPatch) -> Sends:
    return Sends(monkeypatch)


def says(id: int, text: str, room: str = "huddle") -> dict[str, object]:
    return {"type": "say", "id": id, "room": room, "text": text}


def three_programs(sends: Sends, world: World, *rooms: str) -> list[Program]:
    after = dict.fromkeys((*rooms, "huddle"), 0)
    programs = [world.program(nick, after=after) for nick in ("one", "two", "three")]
    for each in programs:
        each.forgets()
        sends.to(each)
    return programs


def test_what_others_said_and_the_acks_of_ones_own_lines(sends: Sends) -> None:
    world = World()
    one, two, three = three_programs(sends, world)
    one.sends_objects(says(1, "a"), says(2, "b"))
    two.sends_objects(says(1, "c"))
    world.settle()
    one.sends_objects(says(3, "d"))
    two.sends_objects(says(2, "e"))
    world.settle()
    assert sends.to(one) == [["c", "ack 1", "ack 2"], ["e", "ack 4"]]
    assert sends.to(two) == [["a", "b", "ack 3"], ["d", "ack 5"]]
    assert sends.to(three) == [["a", "b", "c"], ["d", "e"]]


def test_to_a_person_who_is_told_of_no_ack(sends: Sends) -> None:
    world = World()
    one, two, _ = three_programs(sends, world)
    ana = world.person("ana")
    for each in (one, two, ana):
        sends.to(each)
    one.sends_objects(says(1, "a"), says(2, "b"))
    ana.sends(b"hola\n")
    two.sends_objects(says(1, "c"))
    world.settle()
    assert sends.to(ana) == [["<one> a", "<one> b", "<two> c"]]
    assert sends.to(one) == [["c", "hola", "ack 1", "ack 2"]]


def test_in_two_rooms_each_rooms_lines_come_before_those_of_the_next(sends: Sends) -> None:
    world = World()
    world.huddle.room("ops")
    one, two, _ = three_programs(sends, world, "ops")
    one.sends_objects(says(1, "a", "ops"), says(2, "b"))
    two.sends_objects(says(1, "c", "ops"), says(2, "d"))
    world.settle()
    assert sends.to(one) == [["c"], ["d", "ack 1", "ack 1"]]
    assert sends.to(two) == [["a"], ["b", "ack 2", "ack 2"]]


def test_where_something_happens_among_them_they_wait_for_nothing(sends: Sends) -> None:
    disk = SlowRecord()
    world = World(disk)
    one, two, three = three_programs(sends, world)
    disk.slow = True
    one.says("first")
    one.sends_objects(says(2, "a"))
    two.sends_objects(says(1, "b"), says(2, "c"))
    three.sends_objects({"type": "bye"})
    world.settle()
    disk.slow = False
    disk.writes()
    world.settle()
    assert sends.to(one) == [["ack 1"], ["b", "c", "left three"], ["ack 2"]]
    assert sends.to(two) == [["first"], ["a", "left three"], ["ack 3", "ack 4"]]


def test_a_program_that_stops_reading_within_them_lacks_nothing() -> None:
    world = World()
    one, two = world.program("one"), world.program("two")
    for room in range(0, 400, 7):
        one.stops_reading(room)
        one.sends_objects(one.drafts("a"))
        two.sends_objects(two.drafts(f"b {room}"))
        world.settle()
        one.reads_again()
        world.settle()
        one._look()
        assert not one.unacknowledged
    assert one.said() == [f"b {room}" for room in range(0, 400, 7)]
