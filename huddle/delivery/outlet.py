"""The outlet: the one object that writes to a connection.

An outlet is **live** or **catching up**.

*Live* it stands in the audience of each of its streams (`audience`), is level with all of them, and
nothing of ours waits in its transport. So a live outlet needs no cursor: it has what is published.

When a send is not taken whole, the outlet is *catching up*: it leaves the audiences and keeps a
**cursor** for each stream, the seq it has been given. Only the rest of the line that was cut is
handed to the transport (`Transport.finish`); from then on nothing is queued for it. Each time the
transport has drained it is given the next slab of the record behind its cursor, until it is level
with every stream; then it is live again. A reader that stops for an hour therefore costs one line,
and gets everything when it reads again. A new connection begins in the same way: its replay is a
catching up from twenty messages back.

Three things wait in a strict order: *replies* (answers for this connection alone; the visit stops
listening to a peer that lets them pile up), then the record, then live. Notices that are missed
meanwhile are not kept: one fresh `Here` tells how things stand now.

The state is spelled out in `_Stage`; `_stage` is the only thing that says what may happen next::

    DRAINING  the transport holds something of ours; `drained` is awaited
    READING   a block of the record is awaited
    READY     on the list of `turns`, to be given the next slab
    LIVE      in the audiences
    CLOSED    says nothing more
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from itertools import chain
from typing import Protocol

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from huddle.delivery.slab import Slab
from huddle.delivery.stream import Stream
from huddle.delivery.transport import DEAD, FULL, Transport
from huddle.delivery.turns import Turns
from huddle.protocol.answers import Answer, Gap
from huddle.protocol.dialect import Renderer
from huddle.protocol.limits import KIB
from huddle.protocol.long_answers import LONG, LongAnswer
from huddle.record import RecordFailure

POURED = 128 * KIB
"""Bytes that a long answer counts as while it waits: its connection is not listened to, so that no
more than one of them does."""

SLABS_A_TURN = 4
"""Slabs that one outlet may be given before others have their turn."""


class _Stage(Enum):
    DRAINING = auto()
    READING = auto()
    READY = auto()
    LIVE = auto()
    CLOSED = auto()


class Waiting(Protocol):
    """What hears a peer, and waits for something before it hears more."""

    def go_on(self) -> None:
        """What it waited for may have come: it looks, and goes on if that is so."""


class Watch:
    """What an outlet knows of one stream. The ``cursor`` is the seq that was given, and counts only
    while catching up.

    ``confirmed`` is the seq that has surely arrived, ``began`` the one behind which this connection
    began, ``changes`` the stream's count of changes when it was last told who is there, ``fresh``
    whether nothing of it was shown yet. What the session said itself is given up to the seq
    ``own_until``.
    """

    __slots__ = ("began", "changes", "confirmed", "cursor", "fresh", "own_until", "stream")

    def __init__(self, stream: Stream, cursor: int, own_until: int) -> None:
        self.stream = stream
        self.cursor = cursor
        self.own_until = own_until
        self.changes = stream.changes
        self.began = self.confirmed = cursor
        self.fresh = True


class Outlet:
    """Gives one connection every message of the streams it watches, once and in order."""

    __slots__ = (
        "_address",
        "_closing",
        "_farewell",
        "_renderer",
        "_replies",
        "_session",
        "_stage",
        "_transport",
        "_turns",
        "_watches",
        "relieves",
        "waiting",
    )

    _log = Logger()

    def __init__(
        self, transport: Transport, renderer: Renderer, turns: Turns, address: str = ""
    ) -> None:
        """``address`` is what it counts for among those who are catching up."""
        self._transport = transport
        self._renderer = renderer
        self._turns = turns
        self._address = address
        self._session = 0
        self._stage = _Stage.LIVE
        self._watches: dict[str, Watch] = {}
        self._replies: list[bytes | Iterator[bytes]] = []
        self.waiting = 0
        """Bytes of replies that have not gone out."""
        self._closing = False
        self._farewell: tuple[Answer, ...] | None = None
        self.relieves: Waiting | None = None
        """What goes on whenever replies that waited have gone out."""

    @property
    def renderer(self) -> Renderer:
        return self._renderer

    @property
    def live(self) -> bool:
        """Whether it is level with all its streams and gets what is said at once."""
        return self._stage is _Stage.LIVE

    @property
    def closed(self) -> bool:
        """Whether it takes nothing more to say; what it had may still be on its way (`ended`)."""
        return self._closing or self._stage is _Stage.CLOSED

    @property
    def ended(self) -> bool:
        """Whether all that was to be said is said, or the connection is gone."""
        return self._stage is _Stage.CLOSED

    def belongs_to(self, session: int) -> None:
        """Leave out, from now on, what this session says itself."""
        self._session = session

    @property
    def session(self) -> int:
        """The number of the session that this connection is of."""
        return self._session

    def render_by(self, renderer: Renderer) -> None:
        """Show everything from now on with another renderer."""
        if renderer is self._renderer:
            return
        if self._stage is _Stage.LIVE:
            for watch in self._watches.values():
                watch.stream.release(self._renderer, self)
                watch.stream.audience(renderer).add(self, self._transport.send)
        self._renderer = renderer

    # -- streams -------------------------------------------------------------------------------

    def watch(self, stream: Stream, after: int, own_until: int = 0) -> None:
        """Give every message of the stream behind the seq ``after``, then what is said.

        What the session said itself is given only up to the seq ``own_until``.
        """
        newest = stream.history.newest
        if after >= newest and self._stage is _Stage.LIVE:
            self.follow(stream)
            return
        self._fall_behind()
        self._watches[stream.name] = Watch(stream, min(after, newest), own_until)
        if self._stage is _Stage.READY:
            self._turns.ask(self.step, self._address)

    def follow(self, stream: Stream) -> None:
        """Give what is said in the stream from now on; nothing of it was missed."""
        if self._stage is not _Stage.LIVE:
            self.watch(stream, stream.history.newest)
            return
        self._watches[stream.name] = Watch(stream, stream.history.newest, 0)
        stream.audience(self._renderer).add(self, self._transport.send)

    def watches(self, stream: Stream) -> bool:
        """Whether it gives the messages of this stream."""
        return stream.name in self._watches

    def unwatch(self, stream: Stream) -> None:
        """Give nothing of the stream any more."""
        if self._watches.pop(stream.name, None) is not None and self._stage is _Stage.LIVE:
            stream.release(self._renderer, self)

    def cursors(self) -> dict[str, int]:
        """For each stream the seq that this outlet has been given."""
        live = self._stage is _Stage.LIVE
        return {
            name: watch.stream.history.newest if live else watch.cursor
            for name, watch in self._watches.items()
        }

    def mark(self) -> dict[str, int] | None:
        """The cursors, if all that they count was given to the transport's end; else None."""
        return None if self._stage is _Stage.DRAINING else self.cursors()

    def confirm(self, mark: Mapping[str, int]) -> None:
        """All that had been given when this mark was set has reached the peer's machine."""
        for name, watch in self._watches.items():
            watch.confirmed = max(watch.confirmed, mark.get(name, 0))

    def confirmed(self) -> dict[str, int]:
        """For each stream the seq that has surely reached the peer's machine."""
        return {name: watch.confirmed for name, watch in self._watches.items()}

    def surely_read(self) -> dict[str, int]:
        """The same, to be asked when the connection is over or given up: what may have been thrown
        away unread is not `confirmed` any more."""
        read = self._transport.read_before_reset()
        if read is not None:
            for name, watch in self._watches.items():
                watch.confirmed = min(watch.confirmed, max(read.get(name, 0), watch.began))
        return self.confirmed()

    # -- giving --------------------------------------------------------------------------------

    def answer(self, *events: Answer) -> None:
        """Render these for this connection alone and give them, as `reply` does; of a long one a
        piece at a time, when the transport has taken the one before."""
        if len(events) == 1 and isinstance(events[0], LONG):
            self._pour(events[0])
        else:
            self.reply(b"".join(map(self._renderer.answer, events)))

    def reply(self, data: bytes) -> None:
        """Give rendered answers; they come before anything of the record that still waits."""
        if not data or self._closing or self._stage is _Stage.CLOSED:
            return
        if self._stage is _Stage.LIVE or (self._stage is _Stage.READING and not self._replies):
            taken = self._send(data)
            if taken != len(data):
                self._fall_behind()
                self._settle(data, taken)
        else:
            self._replies.append(data)
            self.waiting += len(data)
            self._go_on()

    def _pour(self, event: LongAnswer) -> None:
        if self._closing or self._stage is _Stage.CLOSED:
            return
        pieces = self._renderer.pieces(event)
        first, second = next(pieces, b""), next(pieces, b"")
        if not second:
            self.reply(first)  # it was not long, and is given at once
            return
        self._fall_behind()
        self._replies.append(chain((first, second), pieces))
        self.waiting += POURED
        self._go_on()

    def give_around(self, stream: str, slab: Slab, session: int, lines: Sequence[int]) -> None:
        """Give a slab of what was just published, save these lines, which its session said."""
        if self._stage is not _Stage.LIVE:
            return
        data = slab.around(lines)
        taken = self._send(data)
        if taken != len(data):
            self.cut(stream, slab.without(session), taken)

    def cut(self, stream: str, slab: Slab, taken: int) -> None:
        """Take note that of a slab just published the transport took only ``taken`` bytes.

        The outlet is catching up from there: the rest of the line that was cut goes out first.
        ``taken`` may also be `FULL` (all of it, and no more now) or `DEAD`.
        """
        if self._stage is not _Stage.LIVE:
            return
        self._fall_behind()
        watch = self._watches[stream]
        if taken == FULL:
            watch.cursor = slab.last
            self._stall(b"")
        elif taken == DEAD:
            watch.cursor = slab.base
            self._die()
        else:
            rest, watch.cursor = slab.cut(taken)
            self._stall(rest)

    def drained(self) -> None:
        """The transport has sent what it had: go on. Called by the transport, after `finish`."""
        if self._stage is _Stage.DRAINING:
            self._stage = _Stage.READY
            self.step()

    def close(self, *farewell: Answer) -> None:
        """Say these as the last, behind the replies that wait, and end. What is still to be read
        of the record is not given any more; `close_when_level` gives it."""
        if self.closed:
            return
        self.answer(*farewell)
        self._closing = True
        self._transport.hurry()
        if self._stage is _Stage.LIVE:
            self._end()
        else:
            self._go_on()

    def close_when_level(self, *farewell: Answer) -> None:
        """Give what has been said already, and then `close`."""
        if self._stage is _Stage.LIVE:
            self.close(*farewell)
        else:
            self._farewell = farewell

    def lost(self) -> None:
        """Give nothing more: the connection is gone. Replies that wait are dropped."""
        self._leave_audiences()
        self._stage = _Stage.CLOSED
        if self.waiting and self.relieves is not None:
            self._turns.soon(self.relieves.go_on)
        self._replies.clear()
        self.waiting = 0

    # -- catching up ---------------------------------------------------------------------------

    def step(self) -> None:
        """Take a turn: go on with what waits, a few slabs at the most. Called by `turns`."""
        if self._stage is not _Stage.READY:
            return
        if self._replies:
            self._give_replies()
            if self._replies:
                self._go_on()
                return
        for _ in range(SLABS_A_TURN):
            if self._stage is not _Stage.READY:
                return
            if self._closing:
                self._end()
                return
            watch = self._behind()
            if watch is None:
                self._go_live()
                return
            self._give_page(watch)
        if self._stage is _Stage.READY:
            self._turns.ask(self.step, self._address)

    def _go_on(self) -> None:
        if self._stage is _Stage.READY:
            self._turns.ask(self.step, self._address)

    def _give_replies(self) -> None:
        """Give replies that wait, but of a long one no more than a piece."""
        poured = False
        while self._replies and self._stage is _Stage.READY and not poured:
            reply = self._replies[0]
            if isinstance(reply, bytes):
                data = reply
                self._is_given(len(data))
            else:
                data = self._draw(reply)
                poured = True
            taken = self._send(data) if data else 0
            if taken != len(data):
                self._settle(data, taken)
        if self.relieves is not None:
            self._turns.soon(self.relieves.go_on)

    def _draw(self, pieces: Iterator[bytes]) -> bytes:
        """The next piece of a long answer; nothing at its end."""
        try:
            piece = next(pieces, b"")
        except Exception:
            self._log.failure("The rest of an answer could not be made")
            piece = b""
        if not piece:
            self._is_given(POURED)
        return piece

    def _is_given(self, size: int) -> None:
        del self._replies[0]
        self.waiting -= size

    def _settle(self, data: bytes, taken: int) -> None:
        """What becomes of replies that were not taken whole."""
        if taken == DEAD:
            self._die()
        else:
            self._stall(b"" if taken == FULL else data[taken:])

    def _behind(self) -> Watch | None:
        for watch in self._watches.values():
            if watch.cursor < watch.stream.history.newest:
                return watch
        return None

    def _give_page(self, watch: Watch) -> None:
        history = watch.stream.history
        oldest = history.oldest
        if watch.cursor < oldest - 1:
            self._give_gap(watch, oldest - 1)
            return
        page = history.page(self._renderer, watch.cursor)
        if isinstance(page, Deferred):
            self._stage = _Stage.READING
            page.addCallbacks(self._has_read, self._could_not_read, (watch, self._renderer))
        else:
            self._give_past(watch, page)

    def _has_read(self, page: Slab, watch: Watch, renderer: Renderer) -> None:
        if self._stage is not _Stage.READING:
            return
        self._stage = _Stage.READY
        as_wished = self._watches.get(watch.stream.name) is watch and renderer is self._renderer
        if as_wished and not self._closing:
            self._give_past(watch, page)
        if self._stage is _Stage.READY:
            self._turns.ask(self.step, self._address)

    def _could_not_read(self, failure: Failure) -> None:
        if not failure.check(RecordFailure):
            self._log.failure("Reading what is to be given failed", failure)
        self._turns.in_a_while(self._read_again)

    def _read_again(self) -> None:
        if self._stage is _Stage.READING:
            self._stage = _Stage.READY
            self._turns.ask(self.step, self._address)

    def _give_past(self, watch: Watch, page: Slab) -> None:
        if page.base > watch.cursor:
            self._give_gap(watch, page.base)
            return
        slab = page.after(watch.cursor, self._session, watch.own_until)
        if watch.fresh and slab.times:
            watch.fresh = False
            opening = self._renderer.opening(slab.times[0])
            if opening and not slab.data.startswith(opening):
                slab = slab.opened_by(opening)
        taken = self._send(slab.data) if slab.data else 0
        if taken == len(slab.data) or taken == FULL:
            watch.cursor = slab.last
            if taken == FULL:
                self._stall(b"")
        elif taken == DEAD:
            self._die()
        else:
            rest, watch.cursor = slab.cut(taken)
            self._stall(rest)

    def _give_gap(self, watch: Watch, last: int) -> None:
        gap = self._renderer.answer(Gap(watch.stream.label, watch.cursor + 1, last))
        watch.cursor, watch.fresh = last, True  # the day before the gap tells nothing of the next
        taken = self._send(gap)
        if taken != len(gap):
            self._settle(gap, taken)

    def _go_live(self) -> None:
        """Level with every stream: tell who is there, where that has changed, and join in."""
        for watch in self._watches.values():
            if watch.changes != watch.stream.changes:
                watch.changes = watch.stream.changes
                here = self._renderer.answer(watch.stream.here(self._session))
                self._replies.append(here)
                self.waiting += len(here)
                self._give_replies()
        if self._stage is not _Stage.READY:
            return
        self._stage = _Stage.LIVE
        for watch in self._watches.values():
            watch.stream.audience(self._renderer).add(self, self._transport.send)
        if self._farewell is not None:
            self.close(*self._farewell)

    def _fall_behind(self) -> None:
        """Leave the audiences; the cursors stand where they are published now."""
        if self._stage is not _Stage.LIVE:
            return
        for watch in self._watches.values():
            watch.cursor = watch.stream.history.newest
            watch.changes = watch.stream.changes
        self._leave_audiences()
        self._stage = _Stage.READY

    def _leave_audiences(self) -> None:
        if self._stage is _Stage.LIVE:
            for watch in self._watches.values():
                watch.stream.release(self._renderer, self)

    def _stall(self, rest: bytes) -> None:
        self._stage = _Stage.DRAINING
        self._transport.finish(rest)

    def _send(self, data: bytes) -> int:
        try:
            return self._transport.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            return DEAD

    def _end(self) -> None:
        self._leave_audiences()
        self._stage = _Stage.CLOSED
        self._transport.close()

    def _die(self) -> None:
        self.lost()
        self._transport.abandon()
