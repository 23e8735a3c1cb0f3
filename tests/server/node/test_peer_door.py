"""The peer door: how many may knock, for how long, and that one alone is given something."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from huddle.protocol.errors import NotRecorded
from huddle.server.clustered.log_hold import LogHold
from huddle.server.node.peer_door import GREETING, MOST_CONNECTIONS, PATIENCE, Giving, PeerDoor
from tests.server.node.test_peer_channel import KEY, End, Transport

ASKS = json.dumps({"least": 7}).encode()


class Holding:
    """A node that is asked for its log, and says in the end that it is not level."""

    def __init__(self) -> None:
        self.asked: list[Deferred[int]] = []

    def hold_log(self, least: int) -> Deferred[int]:
        self.asked.append(Deferred())
        return self.asked[-1]


@pytest.fixture
def door() -> Iterator[PeerDoor]:
    holding = Holding()
    made = PeerDoor([KEY], "house", "h.db", cast(LogHold, holding))
    yield made
    for each in holding.asked:
        each.errback(NotRecorded())
    assert made.giving is None


def knocks(door: PeerDoor, clock: Clock) -> tuple[Giving, End]:
    """Another node that has the key, and what it is given by."""
    giving = door.buildProtocol(None)
    assert isinstance(giving, Giving)
    cast(Any, giving).callLater = clock.callLater
    wire = cast(Any, giving).wire = Transport()
    wire.protocol = giving
    giving.makeConnection(wire)
    return giving, End(True)


def told(giving: Giving, asking: End) -> list[Any]:
    """What the other node was told since."""
    wire = cast(Any, giving).wire
    asking.heard.clear()
    asking.dataReceived(wire.value())
    wire.clear()
    return [json.loads(each) for each in asking.heard]


def asks(giving: Giving, asking: End) -> None:
    asking.send(ASKS)
    giving.dataReceived(asking.takes())


def greeted(door: PeerDoor, clock: Clock) -> tuple[Giving, End]:
    giving, asking = knocks(door, clock)
    first = asking.takes()
    told(giving, asking)
    giving.dataReceived(first)
    return giving, asking


@pytest.mark.parametrize("asked", [b"least", b"[]", b"{}"])
def test_what_asks_for_nothing_that_can_be_read_keeps_nobody_from_it(
    door: PeerDoor, asked: bytes
) -> None:
    clock = Clock()
    giving, asking = greeted(door, clock)
    asking.send(asked)
    with pytest.raises((ValueError, LookupError, TypeError)):
        giving.dataReceived(asking.takes())
    other = greeted(door, clock)
    asks(*other)
    assert door.giving is other[0]
    other[0].abort()


def test_past_so_many_connections_there_are_no_more_until_one_has_gone(door: PeerDoor) -> None:
    clock = Clock()
    first, *_ = [knocks(door, clock)[0] for _ in range(MOST_CONNECTIONS)]
    assert door.buildProtocol(None) is None
    first.abort()
    assert door.buildProtocol(None) is not None


def test_who_asks_nothing_has_to_go_soon_and_who_waits_for_its_turn_much_later(
    door: PeerDoor,
) -> None:
    clock = Clock()
    silent, _ = greeted(door, clock)
    giving, asking = greeted(door, clock)
    asks(giving, asking)
    clock.advance(GREETING)
    assert (silent in door.connections, giving in door.connections) == (False, True)
    clock.advance(PATIENCE - GREETING)
    assert not door.connections


def test_one_asks_once_and_the_next_is_told_that_it_has_to_wait(door: PeerDoor) -> None:
    clock = Clock()
    giving, asking = greeted(door, clock)
    asks(giving, asking)
    other, waiting = greeted(door, clock)
    asks(other, waiting)
    assert told(other, waiting) == [{"refused": "busy"}]
    other.abort()
    assert door.giving is giving and told(giving, asking) == []
    asks(giving, asking)
    assert not door.connections
