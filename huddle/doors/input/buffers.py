"""Input buffers: what has been read and is not heard yet, in bytes, by where it comes from.

A line may have 64 KiB and may never end; lines that have ended wait till their peer may go on.
Either is little for one connection, and 1.3 GB for twenty thousand. So each address has a share
(`Limits.unheard_each`), an IPv6 /48 four of them, and the house a bound (`Limits.unheard`). Past it
the connection with most gives up what it has: of that address, or of the place with most.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Hashable
from math import inf
from typing import Protocol

from huddle.people.identity import site
from huddle.protocol.limits import SITE, Limits

LEAST = 1024
"""Bytes of one connection that are not counted: what is typed key by key costs nothing here."""


class InputBuffer(Hashable, Protocol):
    """What has been read of one connection. ``address`` is what it counts for."""

    address: str

    def discard(self) -> None:
        """Keep nothing of what has been read and is not heard yet, and `InputBuffers.count` it."""


class InputBuffers:
    """What all connections of a server have read and not heard."""

    def __init__(self, limits: Limits) -> None:
        self._each = limits.unheard_each if limits.per_address else inf
        self._most = limits.unheard
        self._places: dict[str, dict[InputBuffer, int]] = {}
        """The bytes of each, by the address or the IPv6 /48 that it comes from."""
        self._sums: Counter[str] = Counter()
        """Of each address, and of each place."""
        self._ranked: list[tuple[int, str]] = []
        """The sums of the places, in order: in a full house there are twenty thousand."""
        self.all = 0

    def count(self, buffer: InputBuffer, size: int) -> None:
        """Note that one has so many bytes now; others, or it, may have to give up theirs."""
        address = buffer.address
        place = site(address) or address
        sizes = self._places.setdefault(place, {})
        more = size - sizes.pop(buffer, 0)
        if size:
            sizes[buffer] = size
        if not sizes:
            del self._places[place]
        self._rank(place, more)
        for name in {address, place}:
            self._sums[name] += more
            if not self._sums[name]:
                del self._sums[name]
        self.all += more
        while more > 0 and (buffers := self._too_much(address, place)):
            max(buffers, key=buffers.__getitem__).discard()

    def _too_much(self, address: str, place: str) -> dict[InputBuffer, int]:
        """Those of whom one has to give up; none where all have room."""
        if address and self._sums[address] > self._each:
            sizes = self._places[place]
            return {buffer: sizes[buffer] for buffer in sizes if buffer.address == address}
        if place != address and self._sums[place] > SITE["unheard_each"] * self._each:
            return self._places[place]
        if self.all > self._most:
            return self._places[self._ranked[-1][1]]
        return {}

    def _rank(self, place: str, more: int) -> None:
        """The place has so much more than its sum is, which is counted behind this."""
        before = self._sums[place]
        if more and before:
            del self._ranked[bisect_left(self._ranked, (before, place))]
        if more and before + more:
            insort(self._ranked, (before + more, place))
