"""Of what is said together so many places are remembered, and none of who has left."""

from __future__ import annotations

from huddle.cluster.effects import Message
from huddle.cluster.entries import Attach, Leave, Say, Upgrade
from huddle.cluster.rules.speaking import BLOCKS_FROM_RULES
from huddle.cluster.snapshot import dump, load
from huddle.protocol.limits import Limits
from tests.cluster.written_log import House, Node, told

MOST = Limits().block_rooms


def house(rules: int = BLOCKS_FROM_RULES) -> Node:
    """A node of one that goes by these rules."""
    node = House().node("a", BLOCKS_FROM_RULES)
    if rules > 1:
        node.asks(Upgrade(rules))
    return node


def block_of(node: Node, session: int, room: str) -> int:
    """The block of one more line there, which belongs to what it has said elsewhere."""
    [said] = told(node.does(Say(session, 0, "hola", room, block=7, inside=True)), Message)
    return int(said.block)


def test_past_so_many_rooms_what_is_said_in_the_oldest_begins_another_block() -> None:
    node = house()
    rooms = [f"room-{number}" for number in range(MOST + 1)]
    ana = node.begins("ana", rooms)
    assert [block_of(node, ana, room) for room in rooms] == [1] * len(rooms)
    assert [block_of(node, ana, room) for room in (rooms[-1], rooms[1], rooms[0])] == [1, 1, 2]
    assert len(node.house.state.sessions[ana].firsts) == MOST
    assert load(dump(node.house.state)) == node.house.state == node.house.replayed()


def test_who_has_left_has_none_and_begins_another_one_on_coming_back() -> None:
    node = house()
    ana = node.begins("ana")
    assert [block_of(node, ana, "huddle") for _ in range(2)] == [1, 1]
    node.does(Leave(ana))
    there = node.house.state.sessions[ana]
    assert (there.block, there.firsts) == (0, {})
    node.does(Attach(ana))
    assert block_of(node, ana, "huddle") == 3


def test_by_the_first_rules_all_are_remembered() -> None:
    node = house(rules=1)
    rooms = [f"room-{number}" for number in range(MOST + 1)]
    ana = node.begins("ana", rooms)
    assert [block_of(node, ana, room) for room in (*rooms, rooms[0])] == [1] * (MOST + 2)
    node.does(Leave(ana))
    assert len(node.house.state.sessions[ana].firsts) == MOST + 1
