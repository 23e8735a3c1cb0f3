"""Catching up: what a reader is given, and costs, that did not keep up, or has just come.

Only the rest of the line that was cut is handed to the transport (`Transport.finish`); from then on
nothing is queued for it. Each time the transport has drained it is given the next slab of the
record behind its cursor, until it is level with every stream. A reader that stops for an hour
therefore costs one line, and gets everything when it reads again. A new connection begins in the
same way: its replay is a catching up from twenty messages back.

Replies come before that. What is to be given when all is level, an outlet knows
(`huddle.delivery.outlet`); which of several goes on next, `huddle.delivery.turns`.
"""

from __future__ import annotations

from abc import abstractmethod

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.delivery.answering import Answering
from huddle.delivery.slab import Slab
from huddle.delivery.stages import Stage
from huddle.delivery.transport import DEAD, FULL, Transport
from huddle.delivery.turns import SLABS_A_TURN, Turns
from huddle.delivery.watch import Watch, Watches
from huddle.protocol.answers import Gap
from huddle.protocol.dialect import Renderer
from huddle.record import RecordFailure

_NO_WATCHES = Watches()


class CatchingUp(Answering):
    """Gives one connection what it lacks of the streams it watches, a few slabs at a time."""

    __slots__ = ("_watches", "session")

    _log = Logger()

    def __init__(
        self, transport: Transport, renderer: Renderer, turns: Turns, address: str
    ) -> None:
        """``address`` is what it counts for among those who are catching up."""
        super().__init__(transport, renderer, turns, address)
        self.session = 0
        """The number of the session that this connection is of: what that says is left out."""
        self._watches = _NO_WATCHES

    @abstractmethod
    def _go_live(self) -> None:
        """It is level with every stream: give what is said from now on."""

    @override
    def step(self) -> None:
        """Take a turn: go on with what waits, a few slabs at the most. Called by `turns`."""
        if self._stage is not Stage.READY:
            return
        if self._replies:
            self._give_replies()
            if self._replies:
                self._go_on()
                return
        for _ in range(SLABS_A_TURN):
            if self._stage is not Stage.READY:
                return
            if self._closing:
                self._end()
                return
            for watch in self._watches:
                if watch.cursor < watch.stream.history.newest:
                    self._give_page(watch)
                    break
            else:
                self._go_live()
                return
        self._go_on()

    def _give_page(self, watch: Watch) -> None:
        history = watch.stream.history
        oldest = history.oldest
        if watch.cursor < oldest - 1:
            self._give_gap(watch, oldest - 1)
            return
        page = history.page(self.renderer, watch.cursor)
        if isinstance(page, Deferred):
            self._stage = Stage.READING
            page.addCallbacks(self._has_read, self._could_not_read, (watch, self.renderer))
        else:
            self._give_past(watch, page)

    def _has_read(self, page: Slab, watch: Watch, renderer: Renderer) -> None:
        if self._stage is not Stage.READING:
            return
        self._stage = Stage.READY
        as_wished = watch in self._watches and renderer is self.renderer
        if as_wished and not self._closing:
            self._give_past(watch, page)
        self._go_on()

    def _could_not_read(self, failure: Failure) -> None:
        if not failure.check(RecordFailure):
            self._log.failure("Reading what is to be given failed", failure)
        self._turns.in_a_while(self._read_again)

    def _read_again(self) -> None:
        if self._stage is Stage.READING:
            self._stage = Stage.READY
            self._go_on()

    def _give_past(self, watch: Watch, page: Slab) -> None:
        if page.base > watch.cursor:
            self._give_gap(watch, page.base)
            return
        slab = watch.rest_of(page, self.session, self.renderer)
        self._note(watch, slab, self._send(slab.data) if slab.data else 0)

    def _give_gap(self, watch: Watch, last: int) -> None:
        gap = self.renderer.answer(Gap(watch.stream.label, watch.cursor + 1, last))
        watch.cursor, watch.fresh = last, True  # the day before the gap tells nothing of the next
        taken = self._send(gap)
        if taken != len(gap):
            self._wait_for_room(gap, taken)

    def _note(self, watch: Watch, slab: Slab, taken: int) -> None:
        """Of this slab, which is the next that the watch is given, so much went out."""
        if taken == DEAD:
            watch.cursor = slab.base
            self._die()
        elif taken == FULL:
            watch.cursor = slab.last
            self._stall(b"")
        elif taken == len(slab.data):
            watch.cursor = slab.last
        else:
            rest, watch.cursor = slab.cut(taken)
            self._stall(rest)
