"""Shutdown: when the house closes, everybody hears what was said, and that it closes.

There is a second or two for all of them together, and some will not listen at all. So ::

    at once                  what was read is said, and no more is heard
    when that is recorded    those that are level are told; the others go on getting what they lack
    after half of the time   the others are told where they are
    after all of it          those that are still there are let go

Those who are let go are not aborted: that would throw away what the kernel has for them. It goes on
sending when the process has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from huddle.delivery.outlet import Outlet
from huddle.doors.input.line_input import LineInput
from huddle.protocol.answers import Closing


class Leaver(Protocol):
    """A connection, as far as the shutdown is concerned: what is heard of it, and what it hears."""

    input: LineInput
    outlet: Outlet


class Shutdown:
    """One closing of a server. ``connections`` are those that are still there, at any time;
    ``all_over`` tells whether all that they said is said, too."""

    def __init__(
        self,
        connections: Collection[Leaver],
        all_over: Callable[[], bool],
        reactor: IReactorTime,
        seconds: float,
    ) -> None:
        self._connections = connections
        self._all_over = all_over
        self._all_gone: Deferred[None] = Deferred()
        self._calls = [
            reactor.callLater(seconds / 2, self._hurry),
            reactor.callLater(seconds, self._end),
        ]

    def begin(self, all_said: Deferred[None]) -> Deferred[None]:
        """Fires when all are gone, or after the time. ``all_said`` fires when all is recorded."""
        all_said.addCallback(self._say_goodbye)
        self.one_is_over()
        return self._all_gone

    def one_is_over(self) -> None:
        """A connection is over; to be called for each. With the last one the shutdown ends."""
        if self._all_over() and not self._all_gone.called:
            for call in self._calls:
                if call.active():
                    call.cancel()
            self._all_gone.callback(None)

    def _say_goodbye(self, _: None) -> None:
        for connection in list(self._connections):
            connection.outlet.close_when_level(Closing())

    def _hurry(self) -> None:
        for connection in list(self._connections):
            connection.outlet.close(Closing())

    def _end(self) -> None:
        for connection in list(self._connections):
            connection.outlet.lost()
            connection.input.end(clean=False)
        if not self._all_gone.called:
            self._all_gone.callback(None)
