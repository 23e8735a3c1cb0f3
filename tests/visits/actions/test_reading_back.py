"""No more of the past is read than is shown: the texts of an answer are bounded, and so is that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from twisted.internet.defer import Deferred

from huddle.protocol.limits import Limits
from huddle.visits.actions.history import STRETCH
from tests.counting_record import CountingRecord
from tests.world import World

T = TypeVar("T")

LIMITS = Limits(flood_rate=0, ring_bytes=1 << 30)
LONG = "x" * 4000
SHOWN = LIMITS.replies // len(LONG)
WRITTEN = 400


@pytest.fixture
def world() -> World:
    world = World(CountingRecord(LIMITS), limits=LIMITS)
    bob = world.person("bob")
    bob.says(*[f"{number} {LONG}" for number in range(WRITTEN)])
    return world


def counted(world: World) -> CountingRecord:
    assert isinstance(world.record, CountingRecord)
    return world.record


def test_of_long_texts_only_those_that_are_shown_are_read_and_a_stretch(world: World) -> None:
    ana = world.program("ana")
    reply = ana.asks("history", id=1, room="huddle", limit=WRITTEN)
    assert [each["seq"] for each in reply["messages"]] == list(
        range(WRITTEN - SHOWN + 1, WRITTEN + 1)
    )
    assert reply["more"]
    assert counted(world).count <= SHOWN + STRETCH


def test_from_a_time_on_none_is_read_behind_those_that_are_shown(world: World) -> None:
    ana = world.program("ana")
    reply = ana.asks("history", id=1, room="huddle", since="2026-11-19T00:00:00Z")
    assert [each["seq"] for each in reply["messages"]] == list(range(1, SHOWN + 1))
    assert reply["later"] == WRITTEN - SHOWN
    assert counted(world).count <= SHOWN + 1


def test_of_short_texts_as_many_are_shown_as_are_asked_for_and_few_are_read_at_once() -> None:
    world = World(CountingRecord(LIMITS), limits=LIMITS)
    world.person("bob").says(*[str(number) for number in range(WRITTEN)])
    ana = world.program("ana")
    reply = ana.asks("history", id=1, room="huddle", limit=300)
    assert [each["text"] for each in reply["messages"]] == [
        str(number) for number in range(WRITTEN - 300, WRITTEN)
    ]
    assert counted(world).count == 300
    assert counted(world).most <= STRETCH


def test_the_last_message_is_found_without_reading_all_that_might_be_it(world: World) -> None:
    bob = next(peer for peer in world.peers if peer.address == "10.0.0.1")
    bob.says("/delete")
    assert counted(world).count <= STRETCH
    host = world.person("host")
    host.says("/delete nobody")
    assert counted(world).most <= STRETCH


def test_looking_for_a_message_takes_turns_with_others_who_read_the_past(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = next(peer for peer in world.peers if peer.address == "10.0.0.1")
    asked: list[str] = []
    ask = world.huddle.reading.ask

    def noted(address: str, start: Callable[[], Deferred[T]]) -> Deferred[T]:
        asked.append(address)
        return ask(address, start)

    monkeypatch.setattr(world.huddle.reading, "ask", noted)
    bob.says("/delete")
    assert asked == ["10.0.0.1"]
