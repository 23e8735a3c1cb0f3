"""Connections: who is connected, by whichever door.

A server has one of these for all its doors. It lets each new connection in or turns it away, gives
it a minute for its nick, has the kernel asked whether its peer still lives, and on closing tells
everybody. A door adds what it alone knows: a protocol, a transport, a dialect
(`huddle.doors.connection`).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from huddle.delivery.tally import TALLY
from huddle.doors.connection_limits import ConnectionLimits, Verdict
from huddle.doors.input.backlog_shares import BacklogShares
from huddle.doors.input.buffers import InputBuffers
from huddle.doors.input.scheduler import REQUESTS, InputScheduler
from huddle.doors.keepalive import Keepalive, Monitored
from huddle.doors.shutdown import Leaver, Shutdown
from huddle.doors.unnamed import Unnamed
from huddle.huddle import Huddle
from huddle.protocol.answers import Closing, Refused
from huddle.protocol.errors import ServerFull
from huddle.protocol.timing.timer_queue import TimerQueue

Waiting = TypeVar("Waiting", bound=Hashable)

TOLD = 4
"""Connections beyond those that may be here that are told so at once; others are closed."""


GONE = 40
"""Connections that have ended, after which the garbage is looked through. One by TLS that is broken
off leaves a circle of Twisted's with all that it had: left to Python, two thousand of them would be
looked for at once. Every fifth time those are looked through too that were in use at the time
before. The others leave nothing to be found."""


class Connected(Monitored, Leaver, Protocol):
    """A connection, whatever door it came by. ``address`` is what it counts for."""

    address: str


class Connections:
    """All that are connected to a server, by whichever door.

    A door calls `let_in` with each new connection, `let_out` at its end and `over` when it is heard
    out, too; the service calls `beat` while it runs and `close` once.
    """

    def __init__(
        self, huddle: Huddle, reactor: IReactorTime, processor_seconds: Callable[[], float]
    ) -> None:
        """``processor_seconds`` are those that this thread has worked (``time.thread_time``)."""
        self.reactor = reactor
        self.processor_seconds = processor_seconds
        self.here: set[Connected] = set()
        """Those whose connection has not ended."""
        self.most: int | None = None
        """How many may be here at once; none where only the limits of addresses count. The process
        needs open files for itself, without which nothing of the past can be read."""
        self.input_scheduler = InputScheduler(huddle.later, reactor.seconds, processor_seconds)
        """Decides which connection's lines are heard next."""
        self.request_scheduler = InputScheduler(
            huddle.later, reactor.seconds, processor_seconds, REQUESTS
        )
        """Decides which browser's request is answered next."""
        self.input_buffers = InputBuffers(huddle.limits)
        """What has been read of each and is not heard yet."""
        self.backlog_shares = BacklogShares(huddle.sequencer)
        """What each address has put into what waits to be given out."""
        self.standing: Callable[[], str] | None = None
        """How this server stands with the others of its house, in a word; None: it is alone there.
        It is well where that is one of `huddle.doors.health.LEVEL`."""
        self.records = True
        """Whether what is said can be recorded, as far as the service has been told."""
        self._huddle = huddle
        self._limits = ConnectionLimits(huddle.limits, reactor.seconds)
        self._unnamed: Unnamed[Connected] = Unnamed(huddle.limits, reactor, _no_name)
        self._deadlines: list[TimerQueue[Any]] = []
        self._keepalive = Keepalive(reactor.seconds, huddle.limits.give_up)
        self._gone = 0
        self._not_over = 0
        """Those that are here, and those that have ended and are not heard out."""
        self._shutdown: Shutdown | None = None

    @property
    def closing(self) -> bool:
        """Whether the house closes, and lets nobody in any more."""
        return self._shutdown is not None

    def deadlines(self, overdue: Callable[[Waiting], object]) -> TimerQueue[Waiting]:
        """A timer queue of a door's own, of which nothing is left once the house has closed."""
        queue = TimerQueue(self.reactor, overdue)
        self._deadlines.append(queue)
        return queue

    def let_in(self, connection: Connected) -> bool:
        """Count a new connection, and tell whether it may stay; else it is turned away."""
        self.here.add(connection)
        self._not_over += 1
        self._keepalive.add(connection)
        verdict = self._verdict(connection)
        if verdict is not Verdict.WELCOME:
            TALLY.turned_away[verdict.name.lower()] += 1
        match verdict:
            case Verdict.WELCOME if self._shutdown is None:
                too_much = self._unnamed.stand(connection, connection.address)
                if too_much is not None:
                    too_much.visit.dismiss(Refused(ServerFull()))
                return True
            case Verdict.STORM:
                connection.visit.dismiss()  # nor is it heard, where its first line has come already
                connection.transport.abort()
            case Verdict.WELCOME:
                connection.visit.dismiss(Closing())
            case Verdict.TOO_MANY:
                connection.visit.dismiss(Refused(ServerFull()))
        return False

    def _verdict(self, connection: Connected) -> Verdict:
        verdict = self._limits.arrive(connection.address)
        beyond = 0 if self.most is None else len(self.here) - self.most
        if beyond > TOLD:
            return Verdict.STORM
        return Verdict.TOO_MANY if beyond > 0 and verdict is Verdict.WELCOME else verdict

    def has_name(self, connection: Connected) -> None:
        """Note that the connection has got beyond the door: the time to give a nick is not counted
        any more."""
        self._unnamed.pass_on(connection)

    def let_out(self, connection: Connected) -> None:
        """The connection has ended: it is looked after no more. What it said last may wait."""
        self.here.discard(connection)
        self._gone += 1
        if self._gone % GONE == 0:
            gc.collect(int(self._gone % (5 * GONE) == 0))
        self._keepalive.discard(connection)
        self._unnamed.pass_on(connection)

    def over(self, address: str) -> None:
        """A connection from this address has ended, and all that it said has been said: another may
        come from there. On closing this may be the last that is done: the record is closed then."""
        self._limits.leave(address)
        self._not_over -= 1
        if self._shutdown is not None:
            self._shutdown.one_is_over()

    def beat(self) -> Deferred[None] | None:
        """Look at some of the connections, whether their peers live. To be called every
        `keepalive.BEAT` seconds; where there are none, not before this fires."""
        return self._keepalive.beat()

    def close(self) -> Deferred[None]:
        """Tell everybody that the house closes; fires when all are gone or time is over."""
        for connection in list(self.here):
            connection.input.close()
        seconds = self._huddle.limits.stopping
        self._shutdown = Shutdown(self.here, lambda: not self._not_over, self.reactor, seconds)
        closing = self._shutdown.begin(self._huddle.sequencer.when_idle())
        return closing.addCallback(self._clear_deadlines)

    def _clear_deadlines(self, _: None) -> None:
        self._unnamed.clear()
        for each in self._deadlines:
            each.clear()


def _no_name(connection: Connected) -> None:
    connection.visit.took_too_long()
