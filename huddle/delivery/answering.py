"""Answering: what one connection is told alone, and how it ends.

Replies go out at once where the transport takes them. What it does not take waits; the visit stops
listening to a peer that lets replies pile up (`Answering.waiting`), and goes on when they are out.
They come before everything else that the connection is to be given (`huddle.delivery.outlet`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from huddle.delivery.outlet_state import State
from huddle.delivery.round_robin import RoundRobin
from huddle.delivery.transport import DEAD, FULL, Transport, Waiting
from huddle.delivery.waiting_replies import WaitingReplies
from huddle.protocol.answers import Answer
from huddle.protocol.dialect import Renderer
from huddle.protocol.long_answers import LONG, LongAnswer, is_last


@dataclass(slots=True, eq=False, repr=False)
class Answering(ABC):
    """Gives replies to one connection by its transport. What else it is given, an outlet knows."""

    _transport: Transport
    renderer: Renderer
    _round_robin: RoundRobin
    _address: str = ""
    """What it counts for among those who are catching up."""
    _state: State = State.LIVE
    _replies: WaitingReplies | None = None
    waiting: int = 0
    """Bytes of replies that have not gone out."""
    _closing: bool = False
    _held: bytes = b""
    """What goes out with the next reply, in front of it."""
    relieves: Waiting | None = None
    """What goes on whenever replies that waited have gone out."""

    @abstractmethod
    def step(self) -> None:
        """Take a turn: go on with what waits. Called by `round_robin`."""

    @abstractmethod
    def _fall_behind(self) -> None:
        """Something waits: one that was live is so no more."""

    @abstractmethod
    def _leave_audiences(self) -> None:
        """Nothing that is published is to be given to it from now on."""

    @property
    def live(self) -> bool:
        """Whether it is level with all its streams and gets what is said at once."""
        return self._state is State.LIVE

    @property
    def closed(self) -> bool:
        """Whether it takes nothing more to say; what it had may still be on its way (`ended`)."""
        return self._closing or self._state is State.CLOSED

    @property
    def ended(self) -> bool:
        """Whether all that was to be said is said, or the connection is gone."""
        return self._state is State.CLOSED

    def answer(self, *events: Answer) -> None:
        """Render these for this connection alone and give them, as `reply` does; of a long one a
        piece at a time, when the transport has taken the one before."""
        if len(events) == 1 and isinstance(events[0], LONG):
            self._pour(events[0])
        else:
            self.reply(b"".join(map(self.renderer.answer, events)))

    def answer_with_next(self, event: Answer) -> None:
        """Have this go out in front of the next answer, by one send; `reply` with nothing gives it
        alone."""
        self._held += self.renderer.answer(event)

    def reply(self, data: bytes) -> None:
        """Give rendered answers; they come before anything of the record that still waits."""
        if self._held:
            data, self._held = self._held + data, b""
        if not data or self._closing or self._state is State.CLOSED:
            return
        if self._state is State.LIVE or (self._state is State.READING and not self._replies):
            taken = self._send(data)
            if taken != len(data):
                self._fall_behind()
                self._wait_for_room(data, taken)
        else:
            self._wait_with(data)
            self._go_on()

    def _pour(self, event: LongAnswer) -> None:
        if self._closing or self._state is State.CLOSED:
            return
        self.reply(b"")
        pieces = self.renderer.pieces(event)
        first = next(pieces, b"")
        if is_last(first):
            self.reply(first)  # it was not long, and is given at once
            return
        self._fall_behind()
        self._wait_with(chain((first,), pieces))
        self._go_on()

    def drained(self) -> None:
        """The transport has sent what it had: go on. Called by the transport, after `finish`."""
        if self._state is State.DRAINING:
            self._state = State.READY
            self.step()

    def close(self, *farewell: Answer) -> None:
        """Say these as the last, behind the replies that wait, and end. What is still to be read
        of the record is not given any more; `close_when_level` gives it."""
        if self.closed:
            return
        self.answer(*farewell)
        self._closing = True
        self._transport.hurry()
        if self._state is State.LIVE:
            self._end()
        else:
            self._go_on()

    def lost(self) -> None:
        """Give nothing more: the connection is gone. Replies that wait are dropped."""
        self._leave_audiences()
        self._state = State.CLOSED
        if self.waiting and self.relieves is not None:
            self._round_robin.soon(self.relieves.go_on)
        self._replies, self.waiting = None, 0

    def _go_on(self) -> None:
        if self._state is State.READY:
            self._round_robin.ask(self.step, self._address)

    def _give_replies(self) -> None:
        """Give replies that wait, but of a long one no more than a piece."""
        poured = False
        while self._replies and self._state is State.READY and not poured:
            poured = self._replies.is_long
            data = self._replies.take()
            self.waiting = self._replies.size
            taken = self._send(data) if data else 0
            if taken != len(data):
                self._wait_for_room(data, taken)
        self._replies = self._replies or None
        if self.relieves is not None:
            self._round_robin.soon(self.relieves.go_on)

    def _wait_with(self, reply: bytes | Iterator[bytes]) -> None:
        self._replies = self._replies or WaitingReplies()
        self._replies.add(reply)
        self.waiting = self._replies.size

    def _wait_for_room(self, data: bytes, taken: int) -> None:
        """What becomes of replies that were not taken whole."""
        if taken == DEAD:
            self._die()
        else:
            self._stall(b"" if taken == FULL else data[taken:])

    def _send(self, data: bytes) -> int:
        try:
            return self._transport.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            return DEAD

    def _stall(self, rest: bytes) -> None:
        self._state = State.DRAINING
        self._transport.finish(rest)

    def _end(self) -> None:
        self._leave_audiences()
        self._state = State.CLOSED
        self._transport.close()

    def _die(self) -> None:
        self.lost()
        self._transport.abandon()


def answer_all(connections: Iterable[Answering], event: Answer) -> None:
    """Tell all of these the same, which is short, each as `Answering.answer` would: rendered once
    for each renderer, however many have it."""
    rendered: dict[Renderer, bytes] = {}
    for connection in connections:
        renderer = connection.renderer
        if renderer not in rendered:
            rendered[renderer] = renderer.answer(event)
        connection.reply(rendered[renderer])
