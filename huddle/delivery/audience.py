"""An audience: those who are level with a stream and see the same bytes.

This is where a message meets a thousand people, so the loop over them runs in C: the bound
``send`` of each transport stands in a list, and ``map(operator.call, sends, repeat(data))`` calls
them one after the other. What a send returns is compared in C as well; Python looks only at those
who did not take everything. Around 90 % of a delivery is then the kernel's.

Who is left out of one slab (a speaker, of their own lines) stays in the list with ``len`` in the
place of their ``send``: it "takes" everything and sends nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Protocol

from twisted.logger import Logger

from huddle.delivery.slab import Slab
from huddle.delivery.transport import DEAD, Send
from huddle.protocol.answers import Answer

_log = Logger()


class Listener(Protocol):
    """A member of an audience. Its bytes go to its ``send``; this is what else it is told."""

    @property
    def session(self) -> int:
        """The number of the session whose lines are its own, and are not given to it."""

    def answer(self, *events: Answer) -> None:
        """Tell it this, and nobody else."""

    def give_around(
        self,
        stream: str,
        slab: Slab,
        session: int,
        lines: Sequence[int],
        answers: Sequence[Answer] = (),
    ) -> None:
        """Give a slab of what was just published, save these lines, which the session said, and
        these answers behind it, by one send."""

    def cut(self, stream: str, slab: Slab, taken: int) -> None:
        """A slab, of what was just published, was not taken whole."""


Around = tuple[Listener, str, Slab, int, list[int]]
"""Who is still to be given a slab around their own lines: a listener, the stream, the slab, the
session and which lines are its own."""


class Audience:
    """The live listeners of one stream with one renderer, each beside its bound send."""

    __slots__ = ("_listeners", "_sends", "given", "places")

    def __init__(self) -> None:
        self.given = 0
        """How many were given the last slab, or a part of it."""
        self._sends: list[Send] = []
        self._listeners: list[Listener] = []
        self.places: dict[Listener, int] = {}
        """Who is in it, by their places; to be asked whether somebody is, and not to be changed."""

    def __len__(self) -> int:
        return len(self._listeners)

    def __iter__(self) -> Iterator[Listener]:
        return iter(self._listeners)

    def add(self, listener: Listener, send: Send) -> None:
        """Give the listener by its ``send`` everything that is said from now on."""
        self.places[listener] = len(self._listeners)
        self._listeners.append(listener)
        self._sends.append(send)

    def discard(self, listener: Listener) -> bool:
        """Give it nothing more; tells whether it was the last one.

        The last one takes its place, so that leaving costs no search.
        """
        place = self.places.pop(listener, None)
        if place is None:
            return not self.places
        listener_moved, send_moved = self._listeners.pop(), self._sends.pop()
        if listener_moved is not listener:
            self._listeners[place], self._sends[place] = listener_moved, send_moved
            self.places[listener_moved] = place
        return not self.places

    def deliver(self, data: bytes, left_out: Iterable[Listener]) -> list[tuple[Listener, int]]:
        """Send to all but those, who need not be in it; tells who took how much, if not all
        (`DEAD`: none ever)."""
        kept: list[tuple[int, Send]] = []
        for listener in left_out:
            place = self.places.get(listener)
            if place is not None:
                kept.append((place, self._sends[place]))
                self._sends[place] = len
        try:
            taken = send_to_all(self._sends, data)
        finally:
            for place, send in kept:
                self._sends[place] = send
        self.given = len(taken) - len(kept)
        whole = len(data)
        if taken.count(whole) == len(taken):
            return []
        return [(self._listeners[i], count) for i, count in enumerate(taken) if count != whole]


def send_to_all(sends: Collection[Send], data: bytes) -> list[int]:
    """Call each send with the data and tell what each returned.

    A `BlockingIOError` counts as 0 (nothing went out), another error as `DEAD`: who has that one
    comes back to all that was said. When one raises, what was collected before it stays in the
    list, and the same iterator goes on behind.
    """
    taken: list[int] = []
    each = map(operator.call, sends, repeat(data))
    while len(taken) < len(sends):
        try:
            taken.extend(each)
        except BlockingIOError:
            taken.append(0)
        except OSError:
            taken.append(DEAD)
        except Exception:
            _log.failure("A send went wrong; its connection is ended")
            taken.append(DEAD)
    return taken


def cut_each(left: Iterable[tuple[Listener, int]], stream: str, slab: Slab) -> None:
    """Tell those of whom `Audience.deliver` told what they have taken of a slab. What fails for one
    is logged, and keeps none of the others from being told."""
    for listener, taken in left:
        try:
            listener.cut(stream, slab, taken)
        except Exception:
            _log.failure("Somebody who did not take a slab whole was not told so")
