"""An audience: those in a room who are level with it and see the same bytes.

This is where a message meets a thousand people, so the loop over them runs in C: the bound
``send`` of each pipe stands in a list, and ``map(operator.call, sends, repeat(data))`` calls them
one after the other. What a send returns is compared in C as well; Python looks only at those who
did not take everything. Around 90 % of a delivery is then the kernel's.

Who is left out of one slab (a speaker, of their own lines) stays in the list with ``len`` in the
place of their ``send``: it "takes" everything and sends nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING

from huddle.delivery.transport import DEAD, Send

if TYPE_CHECKING:
    from huddle.delivery.outlet import Outlet


class Audience:
    """The live outlets of one room with one face, each beside its bound send."""

    __slots__ = ("_outlets", "_places", "_sends")

    def __init__(self) -> None:
        self._sends: list[Send] = []
        self._outlets: list[Outlet] = []
        self._places: dict[Outlet, int] = {}

    def __len__(self) -> int:
        return len(self._outlets)

    def __iter__(self) -> Iterator[Outlet]:
        return iter(self._outlets)

    def __contains__(self, outlet: object) -> bool:
        return outlet in self._places

    def add(self, outlet: Outlet, send: Send) -> None:
        """Give the outlet everything from now on."""
        self._places[outlet] = len(self._outlets)
        self._outlets.append(outlet)
        self._sends.append(send)

    def discard(self, outlet: Outlet) -> None:
        """Give it nothing more. The last one takes its place, so that leaving costs no search."""
        place = self._places.pop(outlet, None)
        if place is None:
            return
        outlet_moved, send_moved = self._outlets.pop(), self._sends.pop()
        if outlet_moved is not outlet:
            self._outlets[place], self._sends[place] = outlet_moved, send_moved
            self._places[outlet_moved] = place

    def deliver(self, data: bytes, left_out: Iterable[Outlet]) -> list[tuple[Outlet, int]]:
        """Send to everybody but those; tells who took how much, if not all (`DEAD`: none ever)."""
        kept = [(self._places[outlet], self._send_of(outlet)) for outlet in left_out]
        for place, _ in kept:
            self._sends[place] = len
        try:
            taken = send_to_all(self._sends, data)
        finally:
            for place, send in kept:
                self._sends[place] = send
        whole = len(data)
        if taken.count(whole) == len(taken):
            return []
        return [(self._outlets[i], count) for i, count in enumerate(taken) if count != whole]

    def _send_of(self, outlet: Outlet) -> Send:
        return self._sends[self._places[outlet]]


def send_to_all(sends: Collection[Send], data: bytes) -> list[int]:
    """Call each send with the data and tell what each returned.

    A `BlockingIOError` counts as 0 (nothing went out), another `OSError` as `DEAD`. When one
    raises, what was collected before it stays in the list, and the same iterator goes on behind.
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
    return taken
