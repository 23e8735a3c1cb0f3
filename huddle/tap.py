"""What `twistd huddle` runs: one Huddle, and a service for each door.

All that is random, that ticks or that listens is put together here, and nowhere else.
"""

from __future__ import annotations

import gc
import resource
import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from twisted.application import strports
from twisted.application.service import MultiService, Service
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from typing_extensions import override

from huddle.arrival import Arrival
from huddle.dialects.ndjson import JsonDialect
from huddle.dialects.plain import PlainDialect
from huddle.doors.line import HuddleFactory
from huddle.doors.pulse import BEAT
from huddle.house_clock import HouseClock
from huddle.huddle import FIRST_ROOM, Huddle
from huddle.locale import translator
from huddle.options import Options, Refusal
from huddle.record.memory import MemoryRecord
from huddle.visit import House

OWN_FILES = 16
"""Open files that the server needs for itself: log, reactor, record."""


def makeService(options: Options) -> Service:
    """The server that these options describe. Raises `Refusal` when it cannot be."""
    from twisted.internet import reactor

    assert isinstance(reactor, ReactorBase)
    tick_steadily(reactor)
    factory = make_factory(options, reactor)
    service = HuddleService(factory, options.endpoints, options["lang"])
    for description in options.endpoints:
        try:
            door = strports.service(description, factory, reactor)
        except (ValueError, LookupError, TypeError) as error:
            raise Refusal(
                translator(options["lang"])
                .gettext("{endpoint} is no endpoint description: {reason}")
                .format(endpoint=description, reason=error)
            ) from None
        door.setServiceParent(service)
    return service


def make_factory(options: Options, reactor: IReactorTime) -> HuddleFactory:
    """The house behind the doors."""
    record = MemoryRecord(options.limits, epoch=secrets.token_hex(8))
    huddle = Huddle(record, reactor.callLater, now_ms, options.limits)
    huddle.room(FIRST_ROOM)
    arrival = Arrival(huddle, secrets.token_bytes(32), secrets.choice, reactor.seconds)
    house = House(huddle, arrival, options["lang"], options.motd)
    zone = options.zone or local_zone()
    return HuddleFactory(
        house, PlainDialect(HouseClock(zone, now_ms)), JsonDialect(options.limits), reactor
    )


class HuddleService(MultiService):
    """Starts the doors, beats the pulse, and closes in good order.

    The doors are its children. On stopping, everybody is told and what is on its way is sent,
    for at most `Limits.stopping` seconds.
    """

    _log = Logger()

    def __init__(self, factory: HuddleFactory, endpoints: Sequence[str], language: str) -> None:
        super().__init__()
        self.factory = factory
        self._endpoints = endpoints
        self._wording = translator(language)
        self._pulse = LoopingCall(factory.pulse.beat)
        self._pulse.clock = factory.reactor

    @override
    def privilegedStartService(self) -> None:
        try:
            super().privilegedStartService()
        except (CannotListenError, OSError) as error:
            _ = self._wording.gettext
            raise Refusal(_("cannot listen: {reason}").format(reason=error)) from None

    @override
    def startService(self) -> None:
        super().startService()
        self._tell_how_to_enter()
        self._pulse.start(BEAT, now=False)
        gc.collect()
        gc.freeze()

    @override
    def stopService(self) -> Deferred[Any]:
        if self._pulse.running:
            self._pulse.stop()
        doors_closed = super().stopService()
        everybody_gone = self.factory.close()
        return DeferredList([doors_closed, everybody_gone])

    def _tell_how_to_enter(self) -> None:
        _ = self._wording.gettext
        lines = [_("listening on {endpoint}").format(endpoint=door) for door in self._endpoints]
        count = raise_file_limit() - OWN_FILES
        lines.append(_("{count} may be connected at once").format(count=count))
        lines.append(_("--interface 0.0.0.0 lets in everybody who reaches this machine"))
        for line in lines:
            self._log.info("{line}", line=line)


def raise_file_limit() -> int:
    """Let the process have as many open files as it may; returns how many."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


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


def local_zone() -> tzinfo:
    """This machine's zone, whose offset may change over the year."""
    return LocalZone()


class LocalZone(tzinfo):
    """The zone that the C library knows."""

    @override
    def fromutc(self, dt: datetime) -> datetime:
        return dt.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)

    @override
    def utcoffset(self, dt: datetime | None) -> Any:
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    @override
    def dst(self, dt: datetime | None) -> None:
        return None

    @override
    def tzname(self, dt: datetime | None) -> str:
        return time.tzname[0]
