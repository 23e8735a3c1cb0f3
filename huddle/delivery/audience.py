"""An audience: those who are level with a stream and see the same bytes.

This is where a message meets a thousand people, so the loop over them runs in C: the bound
``send`` of each transport stands in a list, and ``map(operator.call, sends, repeat(data))`` calls
them one after the other. What a send returns is compared in C as well; Python looks only at those
who did not take everything. Around 90 % of a delivery is then the kernel's.

Who is left out of one slab (a speaker, of their own lines) stays in the list with ``len`` in the
place of their ``send``: it "takes" everything and sends nothing.

A send copies what it is given. So where many are given much, it is laid into pages once, and each
socket takes those (`send_pages_to_all`): 2,000 copies of 12 KB, as json has it, took more of the
server's time than all else that json costs.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Protocol

from huddle.delivery.slab import Slab
from huddle.delivery.transport import DEAD, NOWHERE, Handle, Send
from huddle.protocol.limits import KIB

MUCH = 8 * KIB
"""Bytes from which on a slab is laid into pages. With 5 KB, which plain slabs of 64 messages have,
that makes no difference."""

MANY = 16
"""Listeners from which on it is: to lay it out takes as long as two or three sends."""

_Call = Callable[[int, int, int, int], int]
"""As `os.sendfile`: to which socket, from which file, from where in it, and how much."""

_HAS_PAGES = hasattr(os, "memfd_create")
"""Whether the system is a Linux."""


class Listener(Protocol):
    """A member of an audience. Its bytes go to its ``send``; this is what else it is told."""

    @property
    def session(self) -> int:
        """The number of the session whose lines are its own, and are not given to it."""

    def give_around(self, stream: str, slab: Slab, session: int, lines: Sequence[int]) -> None:
        """Give a slab of what was just published, save these lines, which the session said."""

    def cut(self, stream: str, slab: Slab, taken: int) -> None:
        """A slab, of what was just published, was not taken whole."""


class Audience:
    """The live listeners of one stream with one renderer, each beside its bound send."""

    __slots__ = ("_handles", "_listeners", "_places", "_sends", "given")

    def __init__(self) -> None:
        self.given = 0
        """How many were given the last slab, or a part of it."""
        self._sends: list[Send] = []
        self._handles: list[Handle] = []
        self._listeners: list[Listener] = []
        self._places: dict[Listener, int] = {}

    def __len__(self) -> int:
        return len(self._listeners)

    def __iter__(self) -> Iterator[Listener]:
        return iter(self._listeners)

    def __contains__(self, listener: object) -> bool:
        return listener in self._places

    def add(self, listener: Listener, send: Send, handle: Handle = NOWHERE) -> None:
        """Give the listener by its ``send`` everything that is said from now on.

        ``handle`` is the socket by which it sends, if nothing stands between the two.
        """
        self._places[listener] = len(self._listeners)
        self._listeners.append(listener)
        self._sends.append(send)
        self._handles.append(handle)

    def discard(self, listener: Listener) -> bool:
        """Give it nothing more; tells whether it was the last one.

        The last one takes its place, so that leaving costs no search.
        """
        place = self._places.pop(listener, None)
        if place is None:
            return not self._places
        listener_moved, send_moved = self._listeners.pop(), self._sends.pop()
        handle_moved = self._handles.pop()
        if listener_moved is not listener:
            self._listeners[place], self._sends[place] = listener_moved, send_moved
            self._handles[place] = handle_moved
            self._places[listener_moved] = place
        return not self._places

    def deliver(self, data: bytes, left_out: Iterable[Listener]) -> list[tuple[Listener, int]]:
        """Send to all but those, who need not be in it; tells who took how much, if not all
        (`DEAD`: none ever)."""
        kept: list[tuple[int, Send, Handle]] = []
        for listener in left_out:
            place = self._places.get(listener)
            if place is not None:
                kept.append((place, self._sends[place], self._handles[place]))
                self._sends[place], self._handles[place] = len, NOWHERE
        try:
            if len(data) >= MUCH and len(self._sends) >= MANY and _HAS_PAGES:
                taken = send_pages_to_all(self._sends, self._handles, data)
            else:
                taken = send_to_all(self._sends, data)
        finally:
            for place, send, handle in kept:
                self._sends[place], self._handles[place] = send, handle
        self.given = len(taken) - len(kept)
        whole = len(data)
        if taken.count(whole) == len(taken):
            return []
        return [(self._listeners[i], count) for i, count in enumerate(taken) if count != whole]


def send_to_all(
    sends: Collection[Send], data: bytes, each: Iterator[int] | None = None
) -> list[int]:
    """Call each send with the data and tell what each returned; ``each`` may call others instead.

    A `BlockingIOError` counts as 0 (nothing went out), another `OSError` as `DEAD`. When one
    raises, what was collected before it stays in the list, and the same iterator goes on behind.
    """
    taken: list[int] = []
    each = each or map(operator.call, sends, repeat(data))
    while len(taken) < len(sends):
        try:
            taken.extend(each)
        except BlockingIOError:
            taken.append(0)
        except OSError:
            taken.append(DEAD)
    return taken


def send_pages_to_all(sends: Sequence[Send], handles: Sequence[Handle], data: bytes) -> list[int]:
    """The same where the data is copied once, and each socket takes the pages that it lies in.

    Who has no handle is sent to as there, and so are all where there is no room for pages, and
    whoever cannot take them: a sandbox may forbid that, which is nobody's death.
    """
    try:
        pages = _pages_of(data)
    except OSError:
        return send_to_all(sends, data)
    calls: list[_Call] = [os.sendfile] * len(sends)
    for place, handle in enumerate(handles):
        if handle is NOWHERE:
            calls[place] = _copying(sends[place], data)
    numbers = map(operator.methodcaller("fileno"), handles)
    each = map(operator.call, calls, numbers, repeat(pages), repeat(0), repeat(len(data)))
    try:
        taken = send_to_all(sends, data, each)
    finally:
        os.close(pages)  # each page stays for as long as a socket has it
    if DEAD in taken:
        dead = [place for place, count in enumerate(taken) if count == DEAD]
        copied = send_to_all([sends[place] for place in dead], data)
        for place, count in zip(dead, copied, strict=True):
            taken[place] = count
    return taken


def _pages_of(data: bytes) -> int:
    """A file in memory that holds the data. It is not written to again: a socket whose reader is
    slow would send what it holds then. Raises `OSError`."""
    pages = os.memfd_create("slab")
    try:
        if os.write(pages, data) < len(data):
            raise OSError
    except OSError:
        os.close(pages)
        raise
    return pages


def _copying(send: Send, data: bytes) -> _Call:
    return lambda *_: send(data)
