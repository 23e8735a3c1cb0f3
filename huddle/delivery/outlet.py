"""The outlet: the one object that writes to a connection.

An outlet is **live** or **catching up**.

*Live* it stands in the audience of each of its streams (`audience`), is level with all of them, and
nothing of ours waits in its transport. So a live outlet needs no cursor: it has what is published.

When a send is not taken whole, the outlet is *catching up* (`catching_up`): it leaves the audiences
and keeps a **cursor** for each stream, the seq it has been given. What is behind that it gives from
the record, as fast as its reader takes it, until it is level with every stream; then it is live
again. A reader that stops for an hour therefore costs one line.

Three things wait in a strict order: *replies* (answers for this connection alone; the visit stops
listening to a peer that lets them pile up), then the record, then live. Notices that are missed
meanwhile are not kept: one fresh `Here` tells how things stand now.

What may happen next, `huddle.delivery.stages` tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from typing_extensions import override

from huddle.delivery.catching_up import CatchingUp
from huddle.delivery.slab import Slab
from huddle.delivery.stages import Stage
from huddle.delivery.stream import Stream
from huddle.delivery.transport import Transport
from huddle.delivery.turns import Turns
from huddle.delivery.watch import Watch
from huddle.protocol.answers import Answer
from huddle.protocol.dialect import Renderer


class Outlet(CatchingUp):
    """Gives one connection every message of the streams it watches, once and in order."""

    __slots__ = ("_farewell",)

    def __init__(
        self, transport: Transport, renderer: Renderer, turns: Turns, address: str = ""
    ) -> None:
        """``address`` is what it counts for among those who are catching up."""
        super().__init__(transport, renderer, turns, address)
        self._farewell: tuple[Answer, ...] | None = None

    def render_by(self, renderer: Renderer) -> None:
        """Show everything from now on with another renderer."""
        before, self.renderer = self.renderer, renderer
        if renderer is not before and self._stage is Stage.LIVE:
            for watch in self._watches:
                watch.stream.release(before, self)
                watch.stream.audience(renderer).add(self, self._transport.send)

    # -- streams -------------------------------------------------------------------------------

    def watch(self, stream: Stream, after: int, own_until: int = 0) -> None:
        """Give every message of the stream behind the seq ``after``, then what is said.

        What the session said itself is given only up to the seq ``own_until``.
        """
        newest = stream.history.newest
        is_level = after >= newest and self._stage is Stage.LIVE
        if not is_level:
            self._fall_behind()
        self._watches = self._watches.with_(Watch(stream, min(after, newest), own_until))
        if is_level:
            stream.audience(self.renderer).add(self, self._transport.send)
        elif self._stage is Stage.READY:
            self._turns.ask(self.step, self._address)

    def follow(self, stream: Stream) -> None:
        """Give what is said in the stream from now on; nothing of it was missed."""
        self.watch(stream, stream.history.newest)

    def watches(self, stream: Stream) -> bool:
        """Whether it gives the messages of this stream."""
        return self._watches.of(stream.name) is not None

    def unwatch(self, stream: Stream) -> None:
        """Give nothing of the stream any more; nothing happens where it is not watched."""
        before, self._watches = self._watches, self._watches.without(stream.name)
        if self._watches is not before and self._stage is Stage.LIVE:
            stream.release(self.renderer, self)

    def cursors(self) -> dict[str, int]:
        """For each stream the seq that this outlet has been given."""
        return self._watches.given(self._stage is Stage.LIVE)

    def watermark(self) -> dict[str, int] | None:
        """The cursors, if all that they count was given to the transport's end and something of it
        is not confirmed yet; else None."""
        live = self._stage is Stage.LIVE
        if self._stage is Stage.DRAINING or not self._watches.unconfirmed(live):
            return None
        return self._watches.given(live)

    def confirm(self, watermark: Mapping[str, int]) -> None:
        """All that had been given when this watermark was set has reached the peer's machine."""
        self._watches.confirm(watermark)

    def confirmed(self) -> dict[str, int]:
        """For each stream the seq that has surely reached the peer's machine."""
        return self._watches.confirmed()

    def surely_read(self) -> dict[str, int]:
        """The same, to be asked when the connection is over or given up: what may have been thrown
        away unread is not `confirmed` any more."""
        read = self._transport.read_before_reset()
        if read is not None:
            self._watches.take_back(read)
        return self.confirmed()

    # -- giving --------------------------------------------------------------------------------

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
            if self._stage is Stage.LIVE:
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
        if self._stage is not Stage.LIVE:
            return
        self._fall_behind()
        watch = self._watches.of(stream)
        assert watch is not None
        self._note(watch, slab, taken)

    def close_when_level(self, *farewell: Answer) -> None:
        """Give what has been said already, and then `close`."""
        if self._stage is Stage.LIVE:
            self.close(*farewell)
        else:
            self._farewell = farewell

    # -- live ----------------------------------------------------------------------------------

    @override
    def _go_live(self) -> None:
        """Level with every stream: tell who is there, where that has changed, and join in."""
        for watch in self._watches:
            if watch.changes != watch.stream.changes:
                watch.changes = watch.stream.changes
                self._wait_with(self.renderer.answer(watch.stream.here(self.session)))
                self._give_replies()
        if self._stage is not Stage.READY:
            return
        self._stage = Stage.LIVE
        for watch in self._watches:
            watch.stream.audience(self.renderer).add(self, self._transport.send)
        if self._farewell is not None:
            self.close(*self._farewell)

    @override
    def _fall_behind(self) -> None:
        """Leave the audiences; the cursors stand where they are published now."""
        if self._stage is not Stage.LIVE:
            return
        for watch in self._watches:
            watch.cursor, watch.changes = watch.stream.history.newest, watch.stream.changes
        self._leave_audiences()
        self._stage = Stage.READY

    @override
    def _leave_audiences(self) -> None:
        if self._stage is Stage.LIVE:
            for watch in self._watches:
                watch.stream.release(self.renderer, self)
