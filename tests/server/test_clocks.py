"""Durations that no change of the clock touches, and the zone that the machine is in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from twisted.internet.base import DelayedCall, ReactorBase
from twisted.internet.task import Clock

from huddle.server.clocks import LocalZone, now_ms, tick_steadily


@pytest.fixture(params=["Europe/Madrid", "America/New_York", "Asia/Kolkata", "UTC"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """This machine's zone, which is for once another."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


# Durations


def test_a_reactor_measures_by_the_monotonic_clock_and_its_calls_keep_their_distance() -> None:
    clock = Clock()
    clock.rightNow = time.time()
    call = clock.callLater(10, lambda: None)
    reactor = cast(ReactorBase, clock)
    before = time.monotonic()
    tick_steadily(reactor)
    after = time.monotonic()
    assert reactor.seconds is time.monotonic
    assert cast(DelayedCall, call).seconds is time.monotonic
    assert before - 0.001 <= call.getTime() - 10 <= after + 0.001


def test_doing_it_again_moves_nothing() -> None:
    clock = Clock()
    clock.rightNow = time.time()
    call = clock.callLater(10, lambda: None)
    tick_steadily(cast(ReactorBase, clock))
    due = call.getTime()
    tick_steadily(cast(ReactorBase, clock))
    assert call.getTime() == due


def test_the_time_of_day_is_in_milliseconds() -> None:
    before = time.time()
    assert before * 1000 - 1 <= now_ms() <= time.time() * 1000 + 1


# The zone


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 15, 12, tzinfo=UTC),
        datetime(2026, 7, 15, 12, tzinfo=UTC),
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    ],
)
def test_the_machines_zone_shows_what_the_c_library_shows(zone: str, moment: datetime) -> None:
    shown = datetime.fromtimestamp(moment.timestamp(), LocalZone())
    local = time.localtime(moment.timestamp())
    assert (shown.month, shown.day, shown.hour, shown.minute) == local[1:5]


@pytest.mark.parametrize("month", [1, 7])
def test_a_time_on_the_wall_is_the_moment_that_it_was(zone: str, month: int) -> None:
    wall = datetime(2026, month, 15, 12, 30, tzinfo=LocalZone())
    assert wall.timestamp() == time.mktime((2026, month, 15, 12, 30, 0, 0, 0, -1))
    assert wall.utcoffset() == timedelta(seconds=time.localtime(wall.timestamp()).tm_gmtoff)


def test_of_summer_the_zone_says_nothing_of_its_own(zone: str) -> None:
    wall = datetime(2026, 7, 15, tzinfo=LocalZone())
    assert wall.dst() is None
    assert wall.tzname() == time.tzname[0]
    assert LocalZone().utcoffset(None) is None
