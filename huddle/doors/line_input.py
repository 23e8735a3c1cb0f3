"""The intake: what a peer sends, made into lines and handed on one at a time, as fast as allowed.

A line has to wait while the visit is busy, while too much waits to be committed, while the peer
does not take its own answers, or while it has said too much too fast. Then the transport is not
read from: the rest waits in the peer's machine, and nothing is ever dropped. Lines that had been
read from a peer that then went are still said, at the same pace; only then is the door told.

What was read stays as it came, in one buffer, and is cut into lines as their turn comes: 64 KiB of
short lines as objects would take twenty times their size, and somebody who comes, leaves that much
to be said and goes costs nobody more than the 64 KiB.

What cannot be said costs nobody anything either. Blank lines are skipped in C; a line that outgrows
`Limits.line` is refused once and thrown away as it comes. Both are charged for by their size, so
that a flood of nothing is slowed like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from huddle.delivery.outlet import Outlet
from huddle.huddle import Huddle
from huddle.people.rates import Throttle
from huddle.protocol.errors import LineTooLong
from huddle.visits.visit import Visit

LINES_A_TURN = 256
"""Lines of one peer that are taken before others have their turn: about 4 ms."""

JUNK_A_LINE = 4096
"""Bytes that cannot be said and are charged for like one line."""

_WHITE = b" \t\r\v\f\n"
_BLANK_LINES = re.compile(rb"[ \t\r\v\f\n]*\n")


class Source(Protocol):
    """What the intake needs of a transport."""

    def pause(self) -> None:
        """Read no more. Harmless when it does not read."""

    def resume(self) -> None:
        """Read again. Harmless when it reads, or cannot any more."""


class Intake:
    """The way in of one connection.

    ``take`` is called with each line that says something, without its end, and ``finished`` once
    when the peer has ended and all it said is taken: with whether it ended of its own will.
    """

    def __init__(
        self,
        huddle: Huddle,
        source: Source,
        visit: Visit,
        outlet: Outlet,
        take: Callable[[bytes], None],
        finished: Callable[[bool], None],
        throttle: Throttle | None,
        seconds: Callable[[], float],
    ) -> None:
        self._huddle = huddle
        self._source = source
        self._visit = visit
        self._outlet = outlet
        self._take = take
        self._finished = finished
        self._throttle = throttle
        self._seconds = seconds
        self._read = b""
        self._at = 0
        self._searched = 0
        self._skipping = False
        self._junk = 0
        self._end: bool | None = None
        self._closing = False
        self._told = False
        self._working = False
        self._asked = False

    def begins_with(self, prefix: bytes) -> bool:
        """Whether the line whose end has not come begins like this."""
        return self._read.startswith(prefix, self._at)

    def feed(self, data: bytes) -> None:
        """Take what was read; what comes behind the end is dropped."""
        if self._end is None:
            self._add(data)
            self.go_on()

    def end(self, clean: bool) -> None:
        """Nothing more will come. What has no line's end is said if it was ended willingly."""
        if self._end is None:
            self._end = clean
            if clean:
                self._add(b"\n")
        self.go_on()

    def close(self) -> None:
        """The house closes: what was read is said now, a turn's lines of it, and no more is heard.

        Nobody is slowed down any more; but only so many lines are taken, since all are told to go
        in the next second.
        """
        self._throttle = None
        self.go_on()
        self._closing = True
        self.go_on()

    def go_on(self) -> None:
        """Hand on what may be handed on now."""
        if self._working:
            return
        self._working = True
        try:
            self._direct(all_taken=self._hand_on())
        finally:
            self._working = False

    def _hand_on(self) -> bool:
        """Hand on lines; tells whether all that was read is done with."""
        for _ in range(LINES_A_TURN):
            if self._closing or self._visit.over:
                self._at = self._searched = len(self._read)
                self._trim()
                return True
            if self._must_wait():
                return False
            line = self._next_line()
            if line is None:
                return True
            self._spend()
            self._take(line)
        self._ask_later(0)
        return False

    def _direct(self, all_taken: bool) -> None:
        """Read or do not, and tell when the end is reached.

        Whoever is not heard any more is read from nevertheless: a connection that is closed with
        something unread is reset, and our last words are lost with it.
        """
        if not all_taken:
            self._source.pause()
            return
        self._source.resume()
        if self._end is not None and not self._told and not self._visit.busy:
            self._told = True
            self._finished(self._end)

    # -- lines ---------------------------------------------------------------------------------

    def _add(self, data: bytes) -> None:
        self._read = self._read + data if self._read else data

    def _trim(self) -> None:
        """Keep nothing of what is done with."""
        if self._at:
            self._read = self._read[self._at :]
            self._searched -= self._at
            self._at = 0

    def _next_line(self) -> bytes | None:
        """Cut off the next line that says something; None if its end has not come."""
        while (end := self._read.find(b"\n", self._searched)) >= 0:
            start = self._at
            if self._skipping:
                self._skipping = False
                self._drop(end + 1)
            elif self._read[start] in _WHITE and (blank := _BLANK_LINES.match(self._read, start)):
                self._drop(blank.end())
            elif end - start > self._huddle.limits.line:
                self._refuse()
                self._drop(end + 1)
            else:
                self._at = self._searched = end + 1
                return self._read[start:end].removesuffix(b"\r")
        self._searched = len(self._read)
        self._bound()
        self._trim()
        return None

    def _bound(self) -> None:
        """Keep no more of a line that has not ended than a line may have."""
        if not self._skipping and self._searched - self._at > self._huddle.limits.line:
            self._skipping = True
            self._refuse()
        if self._skipping:
            self._drop(self._searched)

    def _drop(self, until: int) -> None:
        """Throw away what was read up to there, and charge for it."""
        self._junk += until - self._at
        self._at = self._searched = until
        while self._junk >= JUNK_A_LINE:
            self._junk -= JUNK_A_LINE
            self._spend()

    def _refuse(self) -> None:
        self._visit.refuse(LineTooLong(self._huddle.limits.line))

    # -- waiting -------------------------------------------------------------------------------

    def _must_wait(self) -> bool:
        if self._visit.busy or self._outlet.waiting > self._huddle.limits.replies:
            return True
        if self._huddle.sequencer.congested:
            self._huddle.sequencer.when_relieved(self.go_on)
            return True
        return self._throttle is not None and self._is_too_fast(self._throttle)

    def _is_too_fast(self, throttle: Throttle) -> bool:
        wait = throttle.wait(self._seconds())
        if wait:
            self._ask_later(wait)
        return bool(wait)

    def _spend(self) -> None:
        if self._throttle is not None:
            self._throttle.spend(self._seconds())

    def _ask_later(self, delay: float) -> None:
        if not self._asked:
            self._asked = True
            self._huddle.later(delay, self._asked_again)

    def _asked_again(self) -> None:
        self._asked = False
        self.go_on()
