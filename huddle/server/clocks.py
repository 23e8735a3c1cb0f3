"""Time: a reactor that no clock change can stop, the time of day, and this machine's zone."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo

from twisted.internet.base import ReactorBase
from typing_extensions import override


def tick_steadily(reactor: ReactorBase) -> None:
    """Have the reactor measure time by the monotonic clock.

    It takes the time of day, so that setting the clock back by an hour would stop everything that
    was to be called later, for that hour. Calls that wait already keep their distance.
    """
    if reactor.seconds is time.monotonic:
        return
    shift = time.monotonic() - reactor.seconds()
    reactor.seconds = time.monotonic
    for call in reactor.getDelayedCalls():
        call.time += shift  # type: ignore[attr-defined]
        call.seconds = time.monotonic  # type: ignore[attr-defined]


def now_ms() -> int:
    """The time of day, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class LocalZone(tzinfo):
    """The zone that the C library knows, whose offset may change over the year."""

    @override
    def fromutc(self, dt: datetime) -> datetime:
        return dt.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)

    @override
    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    @override
    def dst(self, dt: datetime | None) -> None:
        return None

    @override
    def tzname(self, dt: datetime | None) -> str:
        return time.tzname[0]
