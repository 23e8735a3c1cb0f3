"""The outlet: the one object that writes to a connection.

An outlet is **live** or **catching up**.

*Live* it stands in the audience of each of its streams (`audience`), is level with all of them, and
nothing of ours waits in its transport. So a live outlet needs no cursor: it has what is published.

When a send is not taken whole, the outlet is *catching up*: it leaves the audiences and keeps a
**cursor** for each stream, the seq it has been given. Only the rest of the line that was cut is
handed to the transport (`Transport.finish`); from then on nothing is queued for it. Each time the
transport has drained it is given the next slab of the record behind a cursor, until it is level
with every stream; then it is live again. A reader that stops for an hour therefore costs one line,
and gets everything when it reads again. A new connection begins in the same way: its replay is a
catching up from twenty messages back.

Three things wait in a strict order: *replies* (answers for this connection alone; the visit stops
listening to a peer that lets them pile up), then the record, then live. Notices that are missed
meanwhile are not kept: one fresh `Here` tells how things stand now.

What may happen next, `huddle.delivery.outlet_state` tells; which of several goes on next,
`huddle.delivery.round_robin`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.delivery.answering import Answering
from huddle.delivery.outlet_state import State
from huddle.delivery.round_robin import SLABS_A_TURN
from huddle.delivery.slab import Slab
from huddle.delivery.stream import Stream
from huddle.delivery.subscription import Subscription, Subscriptions
from huddle.delivery.transport import DEAD, FULL
from huddle.protocol.answers import Answer, Gap
from huddle.protocol.dialect import Renderer
from huddle.record import RecordFailure

_NO_SUBSCRIPTIONS = Subscriptions()


@dataclass(slots=True, eq=False, repr=False)
class Outlet(Answering):
    """Gives one connection every message of the streams that it subscribes to, once and in
    order."""

    _log = Logger()

    session: int = 0
    """The number of the session that this connection is of: what that says is left out."""
    _subscriptions: Subscriptions = _NO_SUBSCRIPTIONS
    _farewell: tuple[Answer, ...] | None = None

    def render_by(self, renderer: Renderer) -> None:
        """Show everything from now on with another renderer."""
        before, self.renderer = self.renderer, renderer
        if renderer is not before and self._state is State.LIVE:
            for each in self._subscriptions:
                each.stream.release(before, self)
                each.stream.audience(renderer).add(self, self._transport.send)

    # -- streams -------------------------------------------------------------------------------

    def subscribe(self, stream: Stream, after: int, own_until: int = 0) -> None:
        """Give every message of the stream behind the seq ``after``, then what is said.

        What the session said itself is given only up to the seq ``own_until``.
        """
        newest = stream.history.newest
        is_level = after >= newest and self._state is State.LIVE
        if not is_level:
            self._fall_behind()
        new = Subscription(stream, min(after, newest), own_until)
        self._subscriptions = self._subscriptions.with_(new)
        if is_level:
            stream.audience(self.renderer).add(self, self._transport.send)
        elif self._state is State.READY:
            self._round_robin.ask(self.step, self._address)

    def follow(self, stream: Stream) -> None:
        """Give what is said in the stream from now on; nothing of it was missed."""
        self.subscribe(stream, stream.history.newest)

    def subscribes_to(self, stream: Stream) -> bool:
        """Whether it gives the messages of this stream."""
        return self._subscriptions.of(stream.name) is not None

    def unsubscribe(self, stream: Stream) -> None:
        """Give nothing of the stream any more; nothing happens where it does not subscribe."""
        before, self._subscriptions = self._subscriptions, self._subscriptions.without(stream.name)
        if self._subscriptions is not before and self._state is State.LIVE:
            stream.release(self.renderer, self)

    def cursors(self) -> dict[str, int]:
        """For each stream the seq that this outlet has been given."""
        return self._subscriptions.given(self._state is State.LIVE)

    def watermark(self) -> dict[str, int] | None:
        """The cursors, if all that they count was given to the transport's end and something of it
        is not confirmed yet; else None."""
        live = self._state is State.LIVE
        if self._state is State.DRAINING or not self._subscriptions.unconfirmed(live):
            return None
        return self._subscriptions.given(live)

    def confirm(self, watermark: Mapping[str, int]) -> None:
        """All that had been given when this watermark was set has reached the peer's machine."""
        self._subscriptions.confirm(watermark)

    def confirmed(self) -> dict[str, int]:
        """For each stream the seq that has surely reached the peer's machine."""
        return self._subscriptions.confirmed()

    def surely_read(self) -> dict[str, int]:
        """The same, to be asked when the connection is over or given up: what may have been thrown
        away unread is not `confirmed` any more."""
        read = self._transport.read_before_reset()
        if read is not None:
            self._subscriptions.take_back(read)
        return self.confirmed()

    # -- live ----------------------------------------------------------------------------------

    def give_around(
        self,
        stream: str,
        slab: Slab,
        session: int,
        lines: Sequence[int],
        answers: Sequence[Answer] = (),
    ) -> None:
        """Give a slab of what was just published, save these lines, which its session said, and
        these answers behind it, by one send.

        Where that is not taken whole they are two things: answers wait as others do, and what was
        cut of the slab comes from the record, behind them.
        """
        behind = b""
        try:
            if answers:
                behind = b"".join(map(self.renderer.answer, answers))
        finally:  # an answer that cannot be rendered keeps nobody from what others have said
            if self._state is State.LIVE:
                data = slab.around(lines, behind)
                taken = self._send(data)
                if taken != len(data):
                    around = len(data) - len(behind)
                    self._were_cut(stream, slab.without(session), around, behind, taken)
            else:
                self.reply(behind)

    def _were_cut(self, stream: str, slab: Slab, around: int, behind: bytes, taken: int) -> None:
        """Of a slab, which has so many bytes, and these answers not all was taken."""
        if taken < around:
            self.cut(stream, slab, taken)
            self.reply(behind if taken >= 0 else b"")
        else:
            self._fall_behind()
            self._wait_for_room(behind, taken - around)

    def cut(self, stream: str, slab: Slab, taken: int) -> None:
        """Take note that of a slab just published the transport took only ``taken`` bytes.

        The outlet is catching up from there: the rest of the line that was cut goes out first.
        ``taken`` may also be `FULL` (all of it, and no more now) or `DEAD`.
        """
        if self._state is not State.LIVE:
            return
        self._fall_behind()
        subscription = self._subscriptions.of(stream)
        assert subscription is not None
        self._note(subscription, slab, taken)

    @override
    def _fall_behind(self) -> None:
        """Leave the audiences; the cursors stand where they are published now."""
        if self._state is not State.LIVE:
            return
        for each in self._subscriptions:
            each.cursor, each.changes = each.stream.history.newest, each.stream.changes
        self._leave_audiences()
        self._state = State.READY

    @override
    def _leave_audiences(self) -> None:
        for each in self._subscriptions:
            each.stream.release(self.renderer, self)

    def close_when_level(self, *farewell: Answer) -> None:
        """Give what has been said already, and then `close`."""
        if self._state is State.LIVE:
            self.close(*farewell)
        else:
            self._farewell = farewell

    # -- catching up ---------------------------------------------------------------------------

    @override
    def step(self) -> None:
        """Take a turn: go on with what waits, a few slabs at the most. Called by `round_robin`."""
        if self._state is not State.READY:
            return
        if self._replies:
            self._give_replies()
            if self._replies:
                self._go_on()
                return
        for _ in range(SLABS_A_TURN):
            if self._state is not State.READY:
                return
            if self._closing:
                self._end()
                return
            for each in self._subscriptions:
                if each.cursor < each.stream.history.newest:
                    self._give_page(each)
                    break
            else:
                self._go_live()
                return
        self._go_on()

    def _give_page(self, subscription: Subscription) -> None:
        history = subscription.stream.history
        oldest = history.oldest
        if subscription.cursor < oldest - 1:
            self._give_gap(subscription, oldest - 1)
            return
        page = history.page(self.renderer, subscription.cursor)
        if isinstance(page, Deferred):
            self._state = State.READING
            for_whom = subscription, self.renderer
            page.addCallbacks(self._has_read, self._could_not_read, for_whom)
        else:
            self._give_past(subscription, page)

    def _has_read(self, page: Slab, subscription: Subscription, renderer: Renderer) -> None:
        if self._state is not State.READING:
            return
        self._state = State.READY
        as_wished = subscription in self._subscriptions and renderer is self.renderer
        if as_wished and not self._closing:
            self._give_past(subscription, page)
        self._go_on()

    def _could_not_read(self, failure: Failure) -> None:
        if not failure.check(RecordFailure):
            self._log.failure("Reading what is to be given failed", failure)
        self._round_robin.in_a_while(self._read_again)

    def _read_again(self) -> None:
        if self._state is State.READING:
            self._state = State.READY
            self._go_on()

    def _give_past(self, subscription: Subscription, page: Slab) -> None:
        if page.base > subscription.cursor:
            self._give_gap(subscription, page.base)
            return
        slab = subscription.rest_of(page, self.session, self.renderer)
        self._note(subscription, slab, self._send(slab.data) if slab.data else 0)

    def _give_gap(self, to: Subscription, last: int) -> None:
        gap = self.renderer.answer(Gap(to.stream.label, to.cursor + 1, last))
        to.cursor, to.fresh = last, True  # the day before the gap tells nothing of the next
        taken = self._send(gap)
        if taken != len(gap):
            self._wait_for_room(gap, taken)

    def _note(self, subscription: Subscription, slab: Slab, taken: int) -> None:
        """Of this slab, which is the next that the subscription is given, so much went out."""
        if taken == DEAD:
            subscription.cursor = slab.base
            self._die()
        elif taken == FULL:
            subscription.cursor = slab.last
            self._stall(b"")
        elif taken == len(slab.data):
            subscription.cursor = slab.last
        else:
            rest, subscription.cursor = slab.cut(taken)
            self._stall(rest)

    def _go_live(self) -> None:
        """Level with every stream: tell who is there, where that has changed, and join in."""
        for each in self._subscriptions:
            if each.changes != each.stream.changes:
                each.changes = each.stream.changes
                self._wait_with(self.renderer.answer(each.stream.here(self.session)))
                self._give_replies()
        if self._state is not State.READY:
            return
        self._state = State.LIVE
        for each in self._subscriptions:
            each.stream.audience(self.renderer).add(self, self._transport.send)
        if self._farewell is not None:
            self.close(*self._farewell)
