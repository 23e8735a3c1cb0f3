"""The intake: what a peer sends, made into lines and handed on one at a time, as fast as allowed.

A line has to wait while the visit is busy, while too much waits to be committed, while the peer
does not take its own answers, or while it has said too much too fast. Then the transport is not
read from: the rest waits in the peer's machine, and nothing is ever dropped. Lines that had been
read from a peer that then went are still said, at the same pace; only then is the visit told.

One read is split at once and in C. What cannot be said costs nobody anything: lines of white space
are dropped here, and a line that outgrows `Limits.line` is refused once and thrown away as it
comes. Both are charged for like lines, by the piece of 64 KiB or of a hundred blanks, so that a
flood of nothing is slowed like any other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from huddle.errors import LineTooLong
from huddle.huddle import Huddle
from huddle.outlet import Outlet
from huddle.throttle import Throttle
from huddle.visit import Visit

LINES_A_TURN = 256
"""Lines of one peer that are taken before others have their turn: about 4 ms."""

BLANKS_A_LINE = 100
"""Blank lines that are charged for like one line."""


class Source(Protocol):
    """What the intake needs of a transport."""

    def pause(self) -> None:
        """Read no more. Harmless when it does not read."""

    def resume(self) -> None:
        """Read again. Harmless when it reads, or cannot any more."""


class Intake:
    """The way in of one connection. ``take`` is called with each line, without its end."""

    def __init__(
        self,
        huddle: Huddle,
        source: Source,
        take: Callable[[bytes], None],
        throttle: Throttle,
        seconds: Callable[[], float],
    ) -> None:
        self._huddle = huddle
        self._source = source
        self._take = take
        self._throttle = throttle
        self._seconds = seconds
        self._visit: Visit | None = None
        self._outlet: Outlet | None = None
        self._begun = bytearray()
        self._overlong = False
        self._debt = 0
        self._lines: deque[bytes] = deque()
        self._end: bool | None = None
        self._working = False
        self._asked = False

    def serve(self, visit: Visit, outlet: Outlet) -> None:
        """From now on lines are for this visit."""
        self._visit, self._outlet = visit, outlet

    @property
    def begun(self) -> bytes:
        """The beginning of a line whose end has not come."""
        return bytes(self._begun)

    def feed(self, data: bytes) -> None:
        """Take what was read."""
        if b"\n" in data:
            first, *lines = data.split(b"\n")
            self._finish(first)
            rest = lines.pop()
            kept = [line for line in lines if line.strip()]
            self._debt += (len(lines) - len(kept)) // BLANKS_A_LINE
            self._lines.extend(kept)
            self._begun += rest
        elif not self._overlong:
            self._begun += data
        else:
            self._debt += 1
        self._check_length()
        self.go_on()

    def end(self, clean: bool) -> None:
        """Nothing more will come."""
        if self._end is None:
            if self._begun.strip() and not self._overlong:
                self._finish(b"")
            self._end = clean
        self.go_on()

    def go_on(self) -> None:
        """Hand on what may be handed on now."""
        if self._working:
            return
        self._working = True
        try:
            self._work()
        finally:
            self._working = False

    def _finish(self, tail: bytes) -> None:
        line = bytes(self._begun) + tail
        self._begun.clear()
        if self._overlong:
            self._overlong = False
        elif len(line) > self._huddle.limits.line:
            self._refuse()
        elif line.strip():
            self._lines.append(line)

    def _check_length(self) -> None:
        if len(self._begun) > self._huddle.limits.line:
            self._begun.clear()
            self._overlong = True
            self._refuse()

    def _refuse(self) -> None:
        self._debt += 1
        if self._visit is not None:
            self._visit.refuse(LineTooLong(self._huddle.limits.line))

    def _work(self) -> None:
        for _ in range(LINES_A_TURN):
            if self._visit is not None and self._visit.over:
                self._lines.clear()
            if not self._lines or self._must_wait():
                break
            self._take(self._lines.popleft().removesuffix(b"\r"))
        else:
            self._ask_later(0)
        if self._lines:
            self._source.pause()
        elif self._end is None:
            self._source.resume()
        elif self._visit is not None and not self._visit.busy:
            self._visit.ended(self._end)

    def _must_wait(self) -> bool:
        if self._visit is None or self._outlet is None:
            return False
        if self._visit.busy or self._outlet.waiting > self._huddle.limits.replies:
            return True
        if self._huddle.sequencer.congested:
            self._huddle.sequencer.when_relieved(self.go_on)
            return True
        return self._is_too_fast()

    def _is_too_fast(self) -> bool:
        now = self._seconds()
        wait = self._throttle.take(now)
        while not wait and self._debt:
            self._debt -= 1
            wait = self._throttle.take(now)
        if wait:
            self._ask_later(wait)
        return bool(wait)

    def _ask_later(self, delay: float) -> None:
        if not self._asked:
            self._asked = True
            self._huddle.later(delay, self._asked_again)

    def _asked_again(self) -> None:
        self._asked = False
        self.go_on()
