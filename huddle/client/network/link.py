"""Joins a `ClientSession` to the network, and keeps reconnecting: by another address of the house,
where there are several (`huddle.client.network.failover`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import random
from typing import Any, cast

from twisted.internet import error
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import (
    IDelayedCall,
    INegotiated,
    IPushProducer,
    IReactorTime,
    ITCPTransport,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.client.network.failover import Address, Failover
from huddle.client.network.trust import Distrusted, NoTls
from huddle.client.session import events
from huddle.client.session.events import Cause, Event
from huddle.client.session.session import ClientSession

CLOSING = 1.0
"""Seconds that the connection has to close in order at the end; then it is cut."""


class LinkTransport(ITCPTransport, IPushProducer):
    """What a connection must be able to do: be written to, be cut, and not be read for a while."""


class LinkProtocol(Protocol):
    """One connection; the `Link` it belongs to outlives it."""

    def __init__(self, link: Link) -> None:
        self._link = link

    @override
    def connectionMade(self) -> None:
        self._link.connected(cast(LinkTransport, self.transport))

    @override
    def dataReceived(self, data: bytes) -> None:
        self._link.received(data)

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._link.disconnected()


class Link:
    """One session's link to its house, by one of the ``addresses`` that there are.

    ``show`` gets every event. ``clock`` schedules; the time is that of the session. Without
    ``retry`` the first loss is the last, and each is tried once.
    ``jitter`` gives a number from 0 to 1, so that those who lost the same server do not come back
    at the same moment.
    """

    def __init__(
        self,
        session: ClientSession,
        addresses: Sequence[Address],
        show: Callable[[Event], None],
        *,
        clock: IReactorTime,
        retry: bool = True,
        jitter: Callable[[], float] = random,
    ) -> None:
        self.session = session
        self._show = show
        self._clock = clock
        self._failover = Failover(addresses, session.clock, jitter)
        self._retry = retry
        self._transport: LinkTransport | None = None
        self._alarm: IDelayedCall | None = None
        self._cut: IDelayedCall | None = None
        self._cause = Cause.CLOSED
        self._paused = self._stopping = False
        self._attempt: Deferred[Any] | None = None
        self._again: IDelayedCall | None = None
        self._stopped: list[Deferred[None]] = []

    def start(self) -> None:
        """Begin to connect, and to reconnect after each loss."""
        self._again = None
        factory = Factory.forProtocol(lambda: LinkProtocol(self))
        factory.noisy = False
        self._attempt = self._failover.current.endpoint.connect(factory)
        self._attempt.addErrback(self._could_not_connect)

    def stop(self) -> Deferred[None]:
        """Disconnect, and do not come back; fires when all is closed, within `CLOSING`."""
        first, self._stopping = not self._stopping, True
        self._set_alarm(None)
        if self._again is not None and self._again.active():
            self._again.cancel()
        if self._transport is None:
            if self._attempt is not None:
                self._attempt.cancel()
            return succeed(None)
        if first:
            self._transport.loseConnection()
            self._cut = self._clock.callLater(CLOSING, self._transport.abortConnection)
        self._stopped.append(Deferred())
        return self._stopped[-1]

    def carry_out(self, events: Iterable[Event]) -> None:
        """Do what follows from a call on the session, which returned ``events``."""
        for event in events:
            self._show(event)
            self._react(event)
        data = self.session.data_to_send()
        if data and self._transport is not None:
            self._transport.write(data)
        if not self._stopping:
            self._set_alarm(self.session.deadline)

    def pause(self) -> None:
        """Read nothing for now: what came cannot be shown yet."""
        self._paused = True
        self.session.reading_paused()
        if self._transport is not None:
            self._transport.pauseProducing()

    def resume(self) -> None:
        """Read on after `pause`; otherwise nothing happens."""
        if not self._paused:
            return
        self._paused = False
        self.session.reading_resumed()
        if self._transport is not None:
            self._transport.resumeProducing()
        self.carry_out(())

    # What becomes of the connection

    def connected(self, transport: LinkTransport) -> None:
        """A connection has been made: the session begins on it."""
        if self._stopping:
            transport.loseConnection()
            return
        self._transport = transport
        transport.setTcpNoDelay(True)
        # A server greets at once; one that waits for TLS goes when it hears something else.
        self._cause = Cause.CLOSED if INegotiated.providedBy(transport) else Cause.MUTE
        self.carry_out(self.session.connected())
        if self._paused:
            self.pause()

    def received(self, data: bytes) -> None:
        """Give bytes that have come to the session, and show what they were."""
        self._cause = Cause.CLOSED
        self.carry_out(self.session.receive(data))

    def disconnected(self) -> None:
        """The connection is gone; if that is not the end, there will be another one."""
        self._transport = None
        self.carry_out(self.session.disconnected())
        if not self._stopping:
            self._wait()
            return
        if self._cut is not None and self._cut.active():
            self._cut.cancel()
        stopped, self._stopped = self._stopped, []
        for each in stopped:
            each.callback(None)

    def _could_not_connect(self, failure: Failure) -> None:
        if self._stopping:
            return
        self._cause = _cause_of(failure)
        if isinstance(failure.value, Distrusted):
            if failure.value.event is not None:
                self._show(failure.value.event)
            self._give_up()  # it would be the same, or an attacker with another chance
        else:
            self._wait()

    def _wait(self) -> None:
        """Try again in a while, or by another address; or give up."""
        lost = self._failover.current.place
        if not (self._retry or self._failover.any_untried):
            self._give_up()
            return
        pause = self._failover.advance()
        self._again = self._clock.callLater(pause, self.start)
        following = self._failover.current.place
        self._show(events.Offline(self._cause, pause, lost, following if following != lost else ""))

    def _give_up(self) -> None:
        if not self._stopping:
            self.stop()
            self._show(events.Offline(self._cause, None, self._failover.current.place))

    # What follows from events

    def _react(self, event: Event) -> None:
        match event:
            case events.Welcomed():
                self._failover.succeeded()
            case events.Silent():
                self._cause = Cause.SILENT
                if self._transport is not None:
                    self._transport.abortConnection()
            case events.TurnedAway(retry_after=wait):
                self._failover.avoid(wait)
                if self._transport is not None:
                    self._transport.loseConnection()
            case events.Expelled() | events.Farewell() | events.Replaced():
                self.stop()

    def _set_alarm(self, deadline: float | None) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if deadline is not None:
            wait = max(0.0, deadline - self.session.clock())
            self._alarm = self._clock.callLater(wait, self._tick)

    def _tick(self) -> None:
        self._alarm = None
        self.carry_out(self.session.tick())


def _cause_of(failure: Failure) -> Cause:
    """Why there is no connection, as far as a person can do something about it."""
    if failure.check(error.ConnectionRefusedError):
        return Cause.REFUSED
    if failure.check(error.DNSLookupError, ValueError):  # of a name that can be no host's
        return Cause.UNKNOWN_HOST
    if failure.check(error.TimeoutError, error.TCPTimedOutError):
        return Cause.NO_ANSWER
    if failure.check(Distrusted):
        return Cause.UNTRUSTED
    if failure.check(NoTls):
        return Cause.NO_TLS
    if failure.check(error.ConnectionDone, error.ConnectionLost):
        return Cause.CLOSED
    return Cause.UNREACHABLE
