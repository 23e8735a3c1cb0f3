"""Line buffer: what was read of one connection, cut into lines as their turn comes.

It stays as it came: 64 KiB of short lines as objects would take twenty times their size, and a peer
that comes, leaves that much to be said and goes costs the others no more than the 64 KiB.

What cannot be said costs the others nothing either. Blank lines are skipped in C; a line that
outgrows `Limits.line` is refused once and thrown away as it comes. Both are counted by their
size, so that a flood of nothing is slowed like any other.

Between two texts of one burst (`line_input`) a blank line counts; so blank lines behind a text wait
for what comes next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from huddle.doors.input.flow_control import FlowControl
from huddle.protocol.errors import LineTooLong
from huddle.visits.actions.paste import PasteState
from huddle.visits.visit import Visit

READS_A_LINE = 16
"""Reads that bring no line's end and count as one line: each costs the reactor and the
kernel as much as a short line does. (A line of 64 KiB comes in 8 of `transports.READ`.)"""

BLANKS = 1024
"""Bytes of blank lines in a row that count; more are a flood."""

_WHITE = b" \t\r\v\f\n"
_BLANK_LINES = re.compile(rb"[ \t\r\v\f\n]*\n")
_WHITES = re.compile(rb"[ \t\r\v\f]*")


@dataclass(slots=True, eq=False, repr=False)
class LineBuffer:
    """What was read: lines up to ``_at`` are done with, up to ``_searched`` there is no further
    end. A line has at most ``longest`` bytes; what is thrown away is counted by ``flow``."""

    _visit: Visit
    flow: FlowControl
    _longest: int
    _paste: PasteState = field(init=False)
    _read: bytes = field(default=b"", init=False)
    _pieces: tuple[bytes, ...] = field(default=(), init=False)
    """What has come behind it, until it is worth joining."""
    _at: int = field(default=0, init=False)
    _searched: int = field(default=0, init=False)
    _skipping: bool = field(default=False, init=False)
    """Whether the line at ``_at`` has outgrown its bound, and is thrown away as it comes."""
    _end: bool | None = field(default=None, init=False)
    """Once the peer has ended: whether of its own will."""

    def __post_init__(self) -> None:
        self._paste = self._visit.paste

    def begins_with(self, prefix: bytes) -> bool:
        """Whether the line whose end has not come begins like this."""
        return self._read.startswith(prefix, self._at)

    @property
    def has_line(self) -> bool:
        """Whether a line waits to be heard. What is thrown away is none: blanks, or a line that is
        too long. No further is looked than the first line that says something, and not behind a
        flood of blanks: all who wait in a crowd are asked again and again."""
        read, at = self._read, self._at
        if self._skipping:  # to the end of a line whose beginning was thrown away
            at = read.find(b"\n", at) + 1  # if that has not come, no line has, and ``at`` is 0
        part = read[at : at + BLANKS]
        text = part.lstrip()
        if not text:
            return False
        says_at = at + len(part) - len(text)
        start = read.rfind(b"\n", at, says_at) + 1 or at
        return read.find(b"\n", says_at, start + self._longest + 1) >= 0

    def _size(self) -> int:
        return len(self._read) - self._at

    def _join_pieces(self) -> None:
        """Join what came in pieces; if they were many, they count as a line.

        Joining at each read would copy a line of 64 KiB that comes byte by byte 65,536 times.
        """
        self._read = b"".join([self._read, *self._pieces])
        if len(self._pieces) >= READS_A_LINE:
            self.flow.count_lines(1)
        self._pieces = ()

    def _trim(self) -> None:
        """Keep nothing of what is done with."""
        if self._at:
            self._read = self._read[self._at :]
            self._searched -= self._at
            self._at = 0

    def _clear(self) -> None:
        """Keep nothing at all."""
        self._read, self._at, self._searched = b"", 0, 0

    def _next_line(self) -> bytes | None:
        """Cut off the next line that says something; None if its end has not come."""
        while (end := self._read.find(b"\n", self._searched)) >= 0:
            start = self._at
            if self._skipping:
                self._skipping = False
                self._drop(end + 1)
            elif self._read[start] in _WHITE and (blank := _BLANK_LINES.match(self._read, start)):
                counts = self._visit.hears_blanks or self._counts(blank.end())
                if counts:
                    self._at = self._searched = end + 1
                    return self._read[start:end].rstrip(b"\r")
                if counts is None:
                    self._trim()
                    return None
                self._drop(blank.end())
            elif end - start > self._longest:
                self._refuse()
                self._drop(end + 1)
            else:
                self._at = self._searched = end + 1
                return self._read[start:end].rstrip(b"\r")
        self._searched = len(self._read)
        self._bound()
        self._trim()
        return None

    def _counts(self, end: int) -> bool | None:
        """Whether the blank lines up to there count: they stand between texts of one burst.

        None: it is not known yet.
        """
        if self._paste.block is None or end - self._at > BLANKS:
            return False
        goes_on = self._goes_on(end)
        return goes_on if self._end is None else bool(goes_on)

    def _goes_on(self, at: int) -> bool | None:
        """Whether a text stands there or behind blank lines, and no command; None: nothing yet."""
        read = self._read
        if blank := _BLANK_LINES.match(read, at):
            at = blank.end()
        if read.startswith(b"/", at) and not read.startswith(b"//", at):
            return False
        white = _WHITES.match(read, at)
        return True if white and white.end() < len(read) else None

    def _bound(self) -> None:
        """Keep no more of a line that has not ended than a line may have."""
        if not self._skipping and self._searched - self._at > self._longest:
            self._skipping = True
            self._refuse()
        if self._skipping:
            self._drop(self._searched)

    def _drop(self, until: int) -> None:
        """Throw away what was read up to there, and count it."""
        self.flow.count_bytes(until - self._at)
        self._at = self._searched = until

    def _refuse(self) -> None:
        self._visit.refuse(LineTooLong(self._longest))
