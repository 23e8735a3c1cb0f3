"""A slab: lines of one room, rendered and joined once, and shared by all who read them.

Beside its bytes a slab knows where each line ends and which seq a reader has reached with it.
That is all it takes to go on correctly wherever a send was cut: the rest of the cut line is
finished, and reading goes on behind it (`Slab.cut`). A line that is a notice has the seq of the
message before it, so a reader cut there misses nothing that is recorded.

No one is sent what they said themselves, so a speaker gets the lines *between* their own
(`Slab.without`), joined from slices of the same bytes. Who ignores somebody gets a slab of their
own, joined from those slices too, in which the lines of that person are empty (`Shared`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import attrgetter
from sys import maxsize

from huddle.protocol.dialect import Renderer
from huddle.protocol.events import Kind, RoomEvent, Said
from huddle.protocol.limits import KIB
from huddle.record import account_identity, session_identity

_SEQ, _SESSION, _TIME = map(attrgetter, ("seq", "session", "time"))

TOGETHER = 8 * KIB
"""Bytes of lines that are compressed together: a reader who stops costs the rest of them."""


class Slab:
    """Immutable. ``base`` is the seq a reader must have reached before it, ``last`` after it.

    For each line: where it ends in ``data``, the seq reached with it, the session it is of (0: of
    none), and, if it comes from the record, its time.
    """

    __slots__ = ("base", "data", "ends", "last", "seqs", "sessions", "times")

    def __init__(
        self,
        base: int,
        last: int,
        lines: Sequence[bytes | memoryview],
        seqs: Sequence[int],
        sessions: Sequence[int],
        times: Sequence[int] = (),
    ) -> None:
        self.base = base
        self.last = last
        self.data = data = b"".join(lines)
        self.ends = [len(data)] if len(lines) == 1 else list(accumulate(map(len, lines)))
        self.seqs = seqs
        self.sessions = sessions
        self.times = times

    def cut(self, accepted: int) -> tuple[bytes, int]:
        """Where a reader stands who took only ``accepted`` bytes.

        Returns the rest of the line that was cut (empty at a line's end) and the seq that is
        reached with it.
        """
        if accepted <= 0:
            return b"", self.base
        line = bisect_left(self.ends, accepted)
        if line == len(self.ends) - 1:
            return self.data[accepted:], self.last
        return self.data[accepted : self.ends[line]], self.seqs[line]

    def by_speaker(self) -> dict[int, list[int]]:
        """The lines of each session, by its number: their places in this slab, from 0."""
        lines: dict[int, list[int]] = {}
        for line, session in enumerate(self.sessions):
            lines.setdefault(session, []).append(line)
        return lines

    def around(self, lines: Sequence[int], behind: bytes = b"") -> bytes:
        """The bytes before, between and behind these lines, and then those."""
        view, ends, start = memoryview(self.data), self.ends, 0
        runs: list[bytes | memoryview] = []
        for line in lines:
            runs.append(view[start : ends[line - 1] if line else 0])
            start = ends[line]
        runs.append(view[start:])
        runs.append(behind)
        return b"".join(runs)

    def without(self, session: int) -> Slab:
        """The same stretch for one who said some of it; its bytes are `around` their lines."""
        lines = [line for line, who in enumerate(self.sessions) if who != session]
        return self._pick(lines, self.base, self.last)

    def after(self, seq: int, session: int, own_until: int) -> Slab:
        """What a reader who has reached ``seq`` is still to get of it.

        Lines of ``session`` itself are left out, save those up to the seq ``own_until``.
        """
        if seq <= self.base and session not in self.sessions:
            return self
        start = bisect_right(self.seqs, seq)
        lines = [
            i
            for i in range(start, len(self.ends))
            if self.sessions[i] != session or self.seqs[i] <= own_until
        ]
        return self._pick(lines, max(seq, self.base), self.last)

    def opened_by(self, opening: bytes) -> Slab:
        """The same with these bytes in front of its first line."""
        lines = self._lines(range(len(self.ends)))
        lines[0] = opening + bytes(lines[0])
        return Slab(self.base, self.last, lines, self.seqs, self.sessions, self.times)

    def compressed_by(self, renderer: Renderer) -> Slab:
        """The same in fewer bytes, for those who are given all of it. What is compressed together
        is one line of it."""
        parts = _pour(self, TOGETHER)
        lines = [renderer.compressed(part._lines(range(len(part.ends)))) for part in parts]
        slab = Slab(self.base, self.last, lines, [part.last for part in parts], [0] * len(parts))
        return slab if len(slab.data) < len(self.data) else self

    def _pick(self, chosen: Sequence[int], base: int, last: int) -> Slab:
        return Slab(
            base,
            last,
            self._lines(chosen),
            [self.seqs[i] for i in chosen],
            [self.sessions[i] for i in chosen],
            [self.times[i] for i in chosen] if self.times else (),
        )

    def _lines(self, chosen: Sequence[int]) -> list[bytes | memoryview]:
        view, ends = memoryview(self.data), self.ends
        return [view[ends[i - 1] if i else 0 : ends[i]] for i in chosen]


def live_slabs(
    renderer: Renderer, events: Sequence[RoomEvent], base: int, limit: int
) -> list[Slab]:
    """A batch of one room as those who are there get it: slabs of about ``limit`` bytes.

    ``base`` is the seq published before it.
    """
    seqs: list[int] = []
    sessions: list[int] = []
    seq = base
    for event in events:
        if isinstance(event, Said):
            seq = event.seq
        seqs.append(seq)
        sessions.append(event.session)
    slab = Slab(base, seq, renderer.live(events), seqs, sessions)
    return [slab] if len(slab.data) <= limit else _pour(slab, limit)


class Shared:
    """A batch of one room, rendered once for all audiences that see the same of it, but for the
    lines of those whom they ignore: each takes these bytes without those lines.

    (Were it rendered for each, sixty people who ignore one another would cost sixty renderings.)
    """

    __slots__ = ("_lines", "_said_by", "_slabs", "_whole")

    def __init__(
        self, renderer: Renderer, events: Sequence[RoomEvent], base: int, limit: int
    ) -> None:
        """As `live_slabs`, of which it has all that it gives."""
        [self._whole] = live_slabs(renderer, events, base, maxsize)
        self._lines = self._whole._lines(range(len(events)))
        self._slabs = _pour(self._whole, limit)
        self._said_by: dict[str, list[int]] = {}
        for line, event in enumerate(events):
            for who in identities(event) if isinstance(event, Said) else ():
                self._said_by.setdefault(who, []).append(line)

    def without(self, ignored: Iterable[str], limit: int) -> list[Slab]:
        """Slabs of about ``limit`` bytes, in which what these identities said is empty."""
        hidden = [line for who in ignored for line in self._said_by.get(who, ())]
        if not hidden:
            return self._slabs
        lines = self._lines.copy()
        for line in hidden:
            lines[line] = b""
        whole = self._whole
        return _pour(Slab(whole.base, whole.last, lines, whole.seqs, whole.sessions), limit)


def identities(said: Said) -> tuple[str, ...]:
    """Those under which one may ignore it; a person ignored as a guest still is after registering.

    What is announced to everybody is heard by everybody.
    """
    if said.kind is Kind.ANNOUNCE:
        return ()
    as_guest = session_identity(said.session)
    return (account_identity(said.account), as_guest) if said.account else (as_guest,)


def past_slabs(
    renderer: Renderer, messages: Sequence[Said], previous: int | None, last: int, limit: int
) -> list[Slab]:
    """A stretch of the record that ends with the seq ``last``, for those who read it later.

    What is missing at its beginning is no longer kept: the first slab's ``base`` says so. What is
    missing further on cannot be read: there a slab begins anew, with a ``base`` that says so.
    ``previous`` is the time of the message before the first, None if that is unknown.
    """
    if messages and last - messages[0].seq >= len(messages):
        return _around_what_is_missing(renderer, messages, previous, last, limit)
    seqs: list[int] = list(map(_SEQ, messages))
    sessions: list[int] = list(map(_SESSION, messages))
    times: list[int] = list(map(_TIME, messages))
    base = seqs[0] - 1 if seqs else last
    whole = Slab(base, last, renderer.past(messages, previous), seqs, sessions, times)
    return [whole] if len(whole.data) <= limit else _pour(whole, limit)


def _around_what_is_missing(
    renderer: Renderer, messages: Sequence[Said], previous: int | None, last: int, limit: int
) -> list[Slab]:
    slabs: list[Slab] = []
    start = 0
    for stop in range(1, len(messages) + 1):
        if stop == len(messages) or messages[stop].seq != messages[stop - 1].seq + 1:
            run, end = messages[start:stop], messages[stop - 1].seq
            slabs += past_slabs(renderer, run, previous, end, limit)
            start, previous = stop, run[-1].time
    if end < last:
        slabs.append(Slab(last, last, (), (), ()))
    return slabs


def _pour(whole: Slab, limit: int) -> list[Slab]:
    """Divide a slab at line ends; a line that alone is over the limit has a slab to itself."""
    slabs: list[Slab] = []
    start, base, ends = 0, whole.base, whole.ends
    while len(ends) > start and ends[-1] - (offset := ends[start - 1] if start else 0) > limit:
        stop = max(bisect_right(ends, offset + limit), start + 1)
        if stop == len(ends):
            break
        last = whole.seqs[stop - 1]
        slabs.append(whole._pick(range(start, stop), base, last))
        start, base = stop, last
    slabs.append(whole._pick(range(start, len(ends)), base, whole.last) if start else whole)
    return slabs
