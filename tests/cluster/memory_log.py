"""A log in memory with the faults of a real one, at the hands of a clock and a seeded chance.

An engine has one log; each node has its own view of it, behind a network of its own. What goes
wrong, and how often, is said in `Faults`; what a test wants to see for sure it does by hand::

    engine = MemoryEngine(Clock(), Random(7), Faults(lost_answers=0.2))
    here, there = engine.view(), engine.view()
    there.cut_off = True      # neither its appends nor what is delivered to it gets through
    there.behind = True       # its appends do, and nothing is delivered to it yet
    engine.lose(position)     # the engine forgets an entry, as none ever should

An append whose request or answer is lost, or late, is made again after `DEADLINE`; the first one
may have landed, or may still land, so that an entry stands in the log twice. Answers overtake each
other, and what they answer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from random import Random

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import Clock

from huddle.cluster.log import (
    FROM_THE_START,
    MOST_ENTRY,
    Cause,
    Deliver,
    EntryTooLarge,
    Gap,
    NotAppended,
    OutcomeUnknown,
    Same,
)
from huddle.cluster.succession import Succession

DEADLINE = 2.0
"""Seconds after which an attempt has had no answer, and the next one is made."""

position_of = attrgetter("position")


@dataclass(frozen=True)
class Faults:
    """How often (0 to 1) something goes wrong on its way; delays are up to so many seconds."""

    delay: float = 0.01
    lost_requests: float = 0.0
    lost_answers: float = 0.0
    late_requests: float = 0.0
    """Those that take up to ten seconds: the entry has been appended again when they land."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the engine keeps it, with its number in the log."""

    position: int
    count: int
    bytes: bytes


class MemoryEngine:
    """The engine: one log, whose positions have holes between them."""

    def __init__(self, clock: Clock, random: Random, faults: Faults | None = None) -> None:
        self.clock = clock
        self.random = random
        self.faults = faults or Faults()
        self.entries: list[Entry] = []
        self.truncated = FROM_THE_START
        """The position that `Log.truncate` was last called with."""
        self.views: list[MemoryLog] = []
        self.waits: Callable[[Callable[[], Deferred[int]]], Deferred[int]] = lambda lands: lands()
        """Has an entry land when the engine's disks are ready for it."""

    def view(self) -> MemoryLog:
        """A log for one more node."""
        self.views.append(MemoryLog(self))
        return self.views[-1]

    def take(self, entry: bytes) -> int:
        """Put an entry at the end of the log."""
        last = self.entries[-1] if self.entries else Entry(self.truncated, 0, b"")
        position = last.position + self.random.randint(1, 3)
        self.entries.append(Entry(position, last.count + 1, entry))
        for view in self.views:
            view.go_on()
        return position

    def lose(self, position: int) -> None:
        """Forget the entry there, and nothing of the others."""
        self.entries = [each for each in self.entries if each.position != position]

    def rewind(self, position: int) -> None:
        """Start anew from what was there when the entry at ``position`` was the last."""
        self.entries = [each for each in self.entries if each.position <= position]
        for view in self.views:
            view.begin_anew()

    def truncate(self, before: int) -> None:
        self.truncated = max(self.truncated, before)

    def later(self, call: Callable[[], object], most: float | None = None) -> None:
        """Call it after a delay."""
        delay = self.random.uniform(0, self.faults.delay if most is None else most)
        self.clock.callLater(delay, call)

    def happens(self, chance: float) -> bool:
        return self.random.random() < chance


class MemoryLog:
    """One node's view of the log."""

    def __init__(self, engine: MemoryEngine) -> None:
        self.engine = engine
        self._cut_off = self._behind = False
        self._followers: list[MemoryFollowing] = []

    @property
    def cut_off(self) -> bool:
        """Whether this node's network is cut: nothing gets through in either direction."""
        return self._cut_off

    @cut_off.setter
    def cut_off(self, value: bool) -> None:
        self._cut_off = value
        self.go_on()

    @property
    def behind(self) -> bool:
        """Whether what is delivered to this node waits, while its own appends land."""
        return self._behind

    @behind.setter
    def behind(self, value: bool) -> None:
        self._behind = value
        self.go_on()

    def append(self, entry: bytes) -> Deferred[int]:
        if not 0 < len(entry) <= MOST_ENTRY:
            return fail(EntryTooLarge(len(entry)))
        return Appending(self, entry).answer

    def follow(
        self,
        after: int,
        deliver: Deliver,
        gap: Callable[[Gap], None],
        same: Same | None = None,
    ) -> MemoryFollowing:
        following = MemoryFollowing(self.engine, self, after, deliver, gap, same)
        self._followers.append(following)
        following.go_on()
        return following

    def truncate(self, before: int) -> Deferred[None]:
        if not self._cut_off:
            self.engine.truncate(before)
        return succeed(None)

    def go_on(self) -> None:
        """Deliver what there is, to all who follow here."""
        for following in self._followers:
            following.go_on()

    def begin_anew(self) -> None:
        """Have all who follow here connect again."""
        for following in self._followers:
            following.begin_anew()


class Appending:
    """One entry on its way, attempt after attempt, until an answer comes."""

    def __init__(self, log: MemoryLog, entry: bytes) -> None:
        self._log = log
        self._engine = log.engine
        self._entry = entry
        self._ambiguous = False
        self.answer: Deferred[int] = Deferred(self._cancelled)
        self._attempt()

    def _attempt(self) -> None:
        if self.answer.called:
            return
        engine, faults = self._engine, self._engine.faults
        self._engine.clock.callLater(DEADLINE, self._too_late)
        if self._log.cut_off:
            return
        self._ambiguous = True
        if engine.happens(faults.lost_requests):
            return
        engine.later(self._lands, 10.0 if engine.happens(faults.late_requests) else None)

    def _lands(self) -> None:
        landing = self._engine.waits(lambda: succeed(self._engine.take(self._entry)))
        landing.addCallbacks(self._landed, lambda _: self._engine.later(self._lands))

    def _landed(self, position: int) -> None:
        if not self._engine.happens(self._engine.faults.lost_answers):
            self._engine.later(lambda: self._answered(position))

    def _answered(self, position: int) -> None:
        if not self._log.cut_off and not self.answer.called:
            self.answer.callback(position)

    def _too_late(self) -> None:
        if not self.answer.called:
            self._attempt()

    def _cancelled(self, answer: Deferred[int]) -> None:
        answer.errback(OutcomeUnknown() if self._ambiguous else NotAppended())


class MemoryFollowing:
    """One who follows a view: entry after entry, each after a delay of its own."""

    def __init__(
        self,
        engine: MemoryEngine,
        log: MemoryLog,
        after: int,
        deliver: Deliver,
        gap: Callable[[Gap], None],
        same: Same | None,
    ) -> None:
        self._engine = engine
        self._log = log
        self._deliver = deliver
        self._gap = gap
        self._same = same
        self._after = after
        self._succession: Succession | None = None
        self._paused = self._stopped = self._coming = False

    def stop(self) -> None:
        self._stopped = True

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False
        self.go_on()

    def go_on(self) -> None:
        waits = self._paused or self._log.cut_off or self._log.behind
        if not (self._coming or self._stopped or waits):
            self._coming = True
            self._engine.later(self._next)

    def begin_anew(self) -> None:
        """Connect again: is what came last still there?"""
        self._succession = None
        self.go_on()

    def _next(self) -> None:
        self._coming = False
        if self._stopped or self._log.cut_off or self._log.behind:
            return
        succession = self._succession = self._succession or self._begun()
        if succession is None:
            return
        entries = self._engine.entries
        behind = bisect_right(entries, succession.position, key=position_of)
        if entries and entries[-1].position < succession.position:
            self._end(Cause.REWOUND)
        elif succession.position < self._engine.truncated:
            self._end(Cause.TRUNCATED)
        elif behind < len(entries):
            self._take(entries[behind], succession)

    def _begun(self) -> Succession | None:
        """Where it starts, once the entry there is the one that the follower had."""
        if self._after == FROM_THE_START:
            return Succession(FROM_THE_START, 0)
        if self._after < self._engine.truncated:
            self._end(Cause.TRUNCATED)
            return None
        there = [each for each in self._engine.entries if each.position == self._after]
        if not there or (self._same and not self._same(there[0].bytes)):
            self._end(Cause.REWOUND)
            return None
        return Succession(self._after, there[0].count)

    def _take(self, entry: Entry, succession: Succession) -> None:
        cause = succession.takes(entry.position, entry.count)
        if cause:
            self._end(cause)
        else:
            self._after, self._same = entry.position, entry.bytes.__eq__
            self._deliver(entry.position, entry.bytes)
            self.go_on()

    def _end(self, cause: Cause) -> None:
        self._stopped = True
        self._gap(Gap(cause, self._after))
