"""Where a session stands in one room: what it has had, what it said itself, what is missing.

A room's messages are numbered without a hole, and the server gives them in order, each once, except
the session's own, which it acknowledges instead. So every number below the highest one had must be
a message had, a gap told of, or an own line. The acknowledgement of an own line may come after the
messages that follow it, which is why a hole is only counted as missing once nothing that the
session said still waits for its number.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

MAX_STRETCHES = 16_384
"""Stretches remembered of one room; beyond it the lowest are forgotten. An honest server causes as
many as own lines are acknowledged, between those of others, while older ones are still coming."""

Stretch = tuple[int, int]
"""First and last of consecutive numbers, both included."""


class Numbers:
    """A set of positive numbers, held as its stretches."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._firsts, number) - 1
        return at >= 0 and number <= self._lasts[at]

    def __iter__(self) -> Iterator[Stretch]:
        return iter(list(zip(self._firsts, self._lasts, strict=True)))

    def __len__(self) -> int:
        """How many stretches there are."""
        return len(self._firsts)

    def add(self, first: int, last: int) -> None:
        low, high = bisect_left(self._lasts, first - 1), bisect_right(self._firsts, last + 1)
        if low < high:
            first, last = min(first, self._firsts[low]), max(last, self._lasts[high - 1])
        self._firsts[low:high] = [first]
        self._lasts[low:high] = [last]
        del self._firsts[:-MAX_STRETCHES], self._lasts[:-MAX_STRETCHES]

    def discard(self, number: int) -> None:
        at = bisect_right(self._firsts, number) - 1
        if at >= 0 and number <= self._lasts[at]:
            first, last = self._firsts.pop(at), self._lasts.pop(at)
            for left in ((number + 1, last), (first, number - 1)):
                if left[0] <= left[1]:
                    self._firsts.insert(at, left[0])
                    self._lasts.insert(at, left[1])

    def forget_up_to(self, number: int) -> None:
        """Without the numbers up to and including ``number``."""
        at = bisect_right(self._lasts, number)
        del self._firsts[:at], self._lasts[:at]
        if self._firsts:
            self._firsts[0] = max(self._firsts[0], number + 1)

    def holes(self, first: int, last: int) -> Iterator[Stretch]:
        """The stretches from ``first`` to ``last`` that are not in the set."""
        at = bisect_left(self._lasts, first)
        while at < len(self._firsts) and self._firsts[at] <= last:
            if first < self._firsts[at]:
                yield first, self._firsts[at] - 1
            first = self._lasts[at] + 1
            at += 1
        if first <= last:
            yield first, last


class Cursor:
    """A session's place in one room. ``own`` are the numbers of its own lines, kept by others."""

    def __init__(self, had: int | None, own: Numbers) -> None:
        self._had = had
        """The highest number had, as a message or as part of a gap; None: nothing yet."""
        self.replayed_to = 0
        """The number up to which messages are from the past, as the room was when entered."""
        self._own = own
        self._missing = Numbers()
        self._start: int | None = None

    @property
    def after(self) -> int | None:
        """The number after which the server is to go on; None: it chooses."""
        return self._start if self._had is None else self._had

    def enter(self, seq: int, replay: int) -> None:
        """The room is entered when its last message is ``seq``.

        Of a room of which nothing is had, ``replay`` messages come. Should the link break before
        the first of them, what comes later must not be counted against that number: so the start
        is remembered.
        """
        self.replayed_to = seq
        if self.after is None:
            self._start = max(0, seq - replay)

    def said(self, seq: int) -> bool:
        """A message has come; whether it is a new one, and not an own line."""
        if self._had is not None:
            if seq <= self._had:
                return False
            self._miss(self._had + 1, seq - 1)
        self._had = seq
        return seq not in self._own

    def gap(self, first: int, last: int) -> Stretch | None:
        """The server no longer has these; the part of them that is news, if any."""
        if self._had is not None:
            if last <= self._had:
                return None
            self._miss(self._had + 1, first - 1)
            first = max(first, self._had + 1)
        self._had = last
        return first, last

    def acknowledged(self, seq: int) -> None:
        """An own line has its number, which never moves the cursor but may fill a hole."""
        self._missing.discard(seq)

    def take_missing(self) -> list[Stretch]:
        """The stretches of seqs that the server passed over without a word; each is given once."""
        missing, self._missing = list(self._missing), Numbers()
        return missing

    def _miss(self, first: int, last: int) -> None:
        for stretch in self._own.holes(first, last):
            self._missing.add(*stretch)
