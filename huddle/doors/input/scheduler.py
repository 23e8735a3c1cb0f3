"""Input scheduler: whose lines are heard next, by the time that they take.

What the bytes of a peer cost (cutting, filtering, reading, carrying out) is measured and counted to
its connection and its address. As long as the house has little to do, lines are heard as soon as
they have been read. Once a turn's time is used up, a peer that has more to say waits in line:

- a turn gives `TURN` seconds to lines, and then the reactor sees to everything else,
- addresses take turns, `SLICE` seconds each, and those of one IPv6 /48 have one turn: who sends
  from one address what costs a second, holds up the others by a slice for each slice that they need
  themselves,
- within an address the connection goes first whose lines have cost least lately: a class behind
  one NAT does not wait for the one pupil who floods,
- who has cost nothing lately, from an address of which no other waits, is heard as soon as it has
  been read, `SLICE` seconds of such lines from one turn to the next: behind an attack a line would
  wait for all else that is read and given out in between.

What lines cost is measured in the time that the thread has worked, and not on the clock, but for
what is done at once (`SOON`): a peer is not blamed for what else the machine does meanwhile. That
no peer says too *many* lines is for `flow_control`, where a line that takes long counts as several
(`LINE_TIME`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

from huddle.people.identity import site
from huddle.protocol.timing import Scheduler

TURN = 0.002
"""Seconds of one turn of the reactor that are given to lines: what a live message waits for them
at the most, but for a single line that takes longer."""

_ANOTHER_TURN = 2 * TURN
"""Seconds after a turn began by which it is surely over, where no other is due."""

REQUESTS = 0.001
"""The same for requests by the web, whose turns are their own: those that come and go without end
would be in everybody's way for all of `TURN`, and no line waits for them besides."""

SLICE = 0.0005
"""Seconds after which another address has its turn: about ten usual lines."""

LINE_TIME = 0.0005
"""Seconds that a line may take and still count as one; five to ten times what a usual one takes."""

SOON = LINE_TIME / 4
"""Seconds that nearly all lines are done in, and in which little else can have been done meanwhile:
they are measured by the clock, which takes 50 ns, where the thread's own takes 600."""

DEBT = 50.0
"""Seconds for which a second of work is remembered: a peer that took a millisecond is light again
after 50 ms."""


class Speaker(Hashable, Protocol):
    """A connection that has lines to be heard. ``address`` is what it counts for.

    ``in_debt_until`` is the time at which what its lines have cost is forgotten; 0.0 at first.
    """

    address: str
    in_debt_until: float

    def hear(self, until: float) -> bool:
        """Hear lines until that time; tells whether more could be heard at once."""

    def count_time(self, seconds: float) -> None:
        """What was heard took so long, which is more than a line may take."""


def _line_of(speaker: Speaker) -> str:
    """Where it stands in line: with its IPv6 /48, which is one customer's, or its address."""
    return site(speaker.address) or speaker.address


_Place = tuple[float, int, Speaker]
"""The debt of one who waits, when it came in the order of all, and who it is."""


@dataclass(eq=False, repr=False)
class InputScheduler:
    """All who have lines to be heard, one for all doors of a server; and all who have requests.

    ``worked`` are the seconds that this thread has worked, ``seconds`` those that passed. ``most``
    are the seconds of one turn of the reactor that are given to lines.
    """

    _later: Scheduler
    seconds: Callable[[], float]
    _worked: Callable[[], float]
    _most: float = TURN
    _waiting: OrderedDict[str, list[_Place]] = field(default_factory=OrderedDict, init=False)
    """For each address, or /48, a heap of those who wait, the lightest first."""
    _listed: set[Speaker] = field(default_factory=set, init=False)
    _tickets: Iterator[int] = field(default_factory=count, init=False)
    _began: float = field(default=0.0, init=False)
    _spent: float = field(default=0.0, init=False)
    _light_until: float = field(default=0.0, init=False)
    """How much may be spent before the light ones wait for the next turn, too."""
    _scheduled: bool = field(default=False, init=False)
    left_out: float = field(default=0.0, init=False)
    """Seconds, of what is being heard, that are nobody's cost: to give out what was said takes the
    longer the more there are to whom it goes. The speaker adds to them."""

    def ask(self, speaker: Speaker) -> bool:
        """Hear a speaker now if there is time and no other waits, else when its turn comes; tells
        whether it waits for that."""
        now = self.seconds()
        if now - self._began > _ANOTHER_TURN and not self._scheduled:
            self._began, self._spent = now, 0.0
        if self._waiting or self._spent >= self._most:
            waits = not self._goes_first(speaker, now) or self._hear(speaker, now, now + SLICE)
        else:
            waits = self._hear(speaker, now, now + self._most - self._spent)
            if not waits and self._spent >= SLICE:
                self._schedule()  # which tells when the reactor has seen to other things
        if waits:
            self.wait(speaker)
        return waits

    def wait(self, speaker: Speaker) -> None:
        """Hear a speaker when its turn comes, among all who wait by then."""
        if speaker not in self._listed:
            self._listed.add(speaker)
            place = speaker.in_debt_until, next(self._tickets), speaker
            heappush(self._waiting.setdefault(_line_of(speaker), []), place)
        self._schedule()

    def _goes_first(self, speaker: Speaker, now: float) -> bool:
        is_light = speaker.in_debt_until <= now and self._spent < self._light_until
        return is_light and _line_of(speaker) not in self._waiting

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._later(0, self._turn)

    def _turn(self) -> None:
        self._scheduled = False
        # However much they spent, there is a slice left in each turn for one who waits.
        by_light_ones = min(max(0.0, self._spent - self._light_until + SLICE), self._most - SLICE)
        self._began, self._spent = self.seconds(), by_light_ones if self._light_until else 0.0
        self._light_until = 0.0
        try:
            while self._waiting and self._spent < self._most:
                self._next_address()
        finally:
            if self._waiting:
                self._light_until = self._spent + SLICE
            if self._waiting or self._spent >= SLICE:
                self._schedule()  # what was spent counts till the reactor has seen to other things

    def _next_address(self) -> None:
        """Give the address that has waited longest a slice of time."""
        address, places = self._waiting.popitem(last=False)
        now = self.seconds()
        end = now + SLICE
        again: Speaker | None = None
        try:
            while places and now < end and again is None:
                speaker = heappop(places)[2]
                self._listed.discard(speaker)
                if self._hear(speaker, now, end):
                    again = speaker  # it has had the whole slice
                now = self.seconds()
        finally:
            if places:
                self._requeue(address, places)
            if again is not None:
                self.wait(again)

    def _requeue(self, address: str, places: list[_Place]) -> None:
        """Let those who were not heard wait behind the other addresses."""
        came_meanwhile = self._waiting.get(address)
        if came_meanwhile is None:
            self._waiting[address] = places
        else:
            for place in places:
                heappush(came_meanwhile, place)

    def _hear(self, speaker: Speaker, now: float, until: float) -> bool:
        worked = self._worked()
        try:
            return speaker.hear(until)
        finally:
            left_out, self.left_out = self.left_out, 0.0
            cost = passed = self.seconds() - now - left_out
            self._spent += passed
            if passed > SOON:
                cost = max(self._worked() - worked - left_out, 0.0)
                if cost > LINE_TIME:
                    speaker.count_time(cost)
            owed = speaker.in_debt_until
            speaker.in_debt_until = (owed if owed > now else now) + cost * DEBT
