"""Line input: what a peer sends, made into lines and handed on one at a time, as fast as allowed.

How fast that is, `huddle.doors.input_flow` says, whose turn it is, `huddle.doors.input_turns`.
Lines that had been read from a peer that then went are still said, at the same pace; only then is
the door told.

What was read stays as it came, in one buffer, and is cut into lines as their turn comes: 64 KiB of
short lines as objects would take twenty times their size, and a peer that comes, leaves that much
to be said and goes costs the others no more than the 64 KiB.

What cannot be said costs the others nothing either. Blank lines are skipped in C; a line that
outgrows `Limits.line` is refused once and thrown away as it comes. Both are counted by their
size, so that a flood of nothing is slowed like any other.

What a person pastes comes in one burst: in one read, or in several that follow on each other
(`BURST`). `huddle.visits.actions.paste.PasteState` is told which lines do. Between two texts of a
burst a blank line counts; so blank lines behind a text wait for what comes next.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from math import inf
from typing import Protocol

from huddle.delivery.sequencer.backlog import DELIVERY
from huddle.doors.input_flow import InputFlow
from huddle.doors.input_turns import DEBT, LINE_TIME, TURN, InputTurns
from huddle.doors.transports import READ, TwistedTransport
from huddle.doors.unheard import LEAST, Unheard
from huddle.protocol.answers import Refused
from huddle.protocol.errors import LineTooLong, ServerFull
from huddle.visits.visit import Visit

LINES_A_SLICE = 256
"""Lines that are heard at the most before another peer has its turn."""

READS_A_LINE = 16
"""Reads that bring no line's end and count as one line: each costs the reactor and the
kernel as much as a short line does. (A line of 64 KiB comes in 8 of `transports.READ`.)"""

BURST = 0.1
"""Seconds between two reads of one burst at the most. A terminal gives a pasted text to nc line by
line; over a network the second of them waits for the first to be confirmed. Nobody types a line in
that time."""

BLANKS = 1024
"""Bytes of blank lines in a row that count; more are a flood."""

_BEGINNING = 8
"""Bytes of a line by which it is known who speaks; they are looked at as they come."""

_WHITE = b" \t\r\v\f\n"
_BLANK_LINES = re.compile(rb"[ \t\r\v\f\n]*\n")
_WHITES = re.compile(rb"[ \t\r\v\f]*")


class Left(Enum):
    """What is left of what was read."""

    NOTHING = auto()
    LINES = auto()
    LINES_THAT_WAIT = auto()


_NOTHING, _LINES, _LINES_THAT_WAIT = Left  # to ask the class for one takes as long as ten steps


class Hearer(Protocol):
    """What takes the lines of one connection, as a visit does."""

    def line(self, line: bytes, /) -> None:
        """One more line, without its end."""


class Owner(Protocol):
    """The connection that lines come from. ``address`` is what it counts for."""

    address: str

    def finished(self, clean: bool) -> None:
        """The peer has ended, of its own will if ``clean``, and all it said is taken: told once."""


class LineInput:
    """The way in of one connection.

    ``hearer`` is given each line that says something, without its end. A line has at most
    ``longest`` bytes. ``flow`` is set before use. It is a `input_turns.Speaker`.
    """

    __slots__ = (
        "_at",
        "_closing",
        "_counted",
        "_end",
        "_ends_early",
        "_fed",
        "_longest",
        "_owner",
        "_paste",
        "_pieces",
        "_progress",
        "_read",
        "_searched",
        "_skipping",
        "_told",
        "_transport",
        "_turns",
        "_unheard",
        "_visit",
        "_working",
        "address",
        "flow",
        "hearer",
        "in_debt_until",
    )

    flow: InputFlow

    def __init__(
        self,
        visit: Visit,
        transport: TwistedTransport,
        hearer: Hearer,
        owner: Owner,
        longest: int,
        turns: InputTurns,
        unheard: Unheard,
    ) -> None:
        self._visit = visit
        self._progress = visit.progress
        self._transport = transport
        self.hearer = hearer
        self._owner = owner
        self._longest = longest
        self._turns = turns
        self._unheard = unheard
        self._paste = visit.paste
        self.address = owner.address
        self.in_debt_until = 0.0

        # what was read: lines up to _at are done with, up to _searched there is no further end
        self._read = b""
        self._pieces: tuple[bytes, ...] = ()
        """What has come behind it, until it is worth joining."""
        self._at = 0
        self._searched = 0
        self._counted = 0
        """Bytes that `Unheard` was told of."""
        self._skipping = False
        """Whether the line at ``_at`` has outgrown its bound, and is thrown away as it comes."""
        self._fed = -inf
        self._ends_early = False
        """Whether what was read last, at ``_fed``, ends where more was to be had."""

        # how far it has got
        self._working = False
        """Whether a line is being heard just now, which may lead here again."""
        self._end: bool | None = None
        """Once the peer has ended: whether of its own will; and whether the owner was ``_told``."""
        self._told = False
        self._closing = False
        """Whether the house closes, and hears no more."""

    def begins_with(self, prefix: bytes) -> bool:
        """Whether the line whose end has not come begins like this."""
        return self._read.startswith(prefix, self._at)

    def feed(self, data: bytes) -> None:
        """Take what was read; what comes behind the end is dropped."""
        if self._end is None:
            if self._paste.typed:
                now = self._turns.seconds()
                gap = now - self._fed
                # At one and the same instant there are not two reads of a burst; or what is typed
                # line by line while a clock stands still, in tests, would be one.
                if gap >= BURST or not (gap or self._ends_early):
                    self._paste.follows, self._paste.block = False, None
                self._fed, self._ends_early = now, len(data) >= READ or data[-1:] != b"\n"
            if not self._read:
                self._read = data
            else:
                self._pieces += (data,)
                few = len(self._pieces) < READS_A_LINE
                little = 4 * sum(map(len, self._pieces)) < len(self._read) + LEAST
                if few and little and len(self._read) >= _BEGINNING and b"\n" not in data:
                    return
                self._join_pieces()
            sequencer = self.flow.share.sequencer
            if self._transport.reads_once:
                sequencer.speaker = self
            try:
                self._turns.ask(self)
                if len(self._read) > self._longest + READ:
                    self._pause_reading()
                if self._counted or len(self._read) > LEAST:
                    self._weigh()
            finally:
                sequencer.hurry()

    def _pause_reading(self) -> None:
        """More waits than one line: read no more before its turn has come, which `hear` sees to.

        Each turn of the reactor reads 8 KiB from every peer, and hears for two milliseconds: what
        waits would grow for as long as others, whose lines have cost less, are heard first.
        """
        if self._transport.reading:
            self._transport.read(False)

    def _join_pieces(self) -> None:
        """Join what came in pieces; if they were many, they count as a line.

        Joining at each read would copy a line of 64 KiB that comes byte by byte 65,536 times.
        """
        self._read = b"".join([self._read, *self._pieces])
        if len(self._pieces) >= READS_A_LINE:
            self.flow.count_lines(1)
        self._pieces = ()

    def end(self, clean: bool) -> None:
        """Nothing more will come. What has no line's end is said if it was ended willingly."""
        if self._end is None:
            self._end = clean
            self._join_pieces()
            if clean:
                self._read += b"\n"
        self.go_on()

    def close(self) -> None:
        """The house closes: what was read is said now, a turn's lines of it, and no more is heard.

        The peer is not slowed down any more; but only so many lines are taken, since all are told
        to go in the next second.
        """
        self.flow.free()
        self.hear(self._turns.seconds() + TURN)
        self._closing = True
        self.hear(self._turns.seconds())

    @property
    def waits(self) -> bool:
        """Whether there is something to hear or to tell, or reading to be begun again."""
        return self._end is not None or not self._transport.reading or len(self._read) > self._at

    def go_on(self) -> None:
        """What held up the next line may be over: stand in line for a turn again."""
        if not self._working:
            self._turns.ask(self)

    def stand_in_line(self) -> None:
        """As `go_on`, for many at once: none is heard before all of them stand in line."""
        if not self._working:
            self._turns.wait(self)

    def hear(self, until: float) -> bool:
        """Hand on what may be handed on now, till that time; tells whether more could be at once.

        A peer that is not heard any more is read from nevertheless: a connection that is closed
        with something unread is reset, and our last words are lost with it.
        """
        if self._working:
            return False
        self._working = True
        try:
            left = self._hand_on(until)
            reads = left is _NOTHING
            if reads is not self._transport.reading:
                if reads:  # the rest of a burst has waited in the peer's machine
                    self._fed, self._ends_early = self._turns.seconds(), True
                self._transport.read(reads)
            if reads and self._end is not None:
                self._tell_the_end()
            if self._counted:
                self._weigh()
        finally:
            self._working = False
        return left is _LINES

    def count_nothing(self, size: int) -> None:
        """So many bytes came that brought nothing: what comes behind them waits for it."""
        self.flow.count_bytes(size)
        self.go_on()

    def count_time(self, seconds: float) -> None:
        """The lines that were heard just now took so long: they count as several."""
        self.flow.count_lines(int(seconds / LINE_TIME))

    def _hand_on(self, until: float) -> Left:
        """Hand on lines; tells what is left of what was read."""
        backlog, paste = self.flow.share.sequencer.backlog, self._paste
        for _ in range(LINES_A_SLICE):
            if self._closing or self._progress.over:
                self._at = self._searched = len(self._read)
                self._trim()
                return _NOTHING
            if not self.flow.lets_pass(self):
                return _LINES_THAT_WAIT
            line = self._next_line()
            if line is None:
                self.flow.give_back()
                return _NOTHING
            if paste.typed and (paste.block is None or not paste.follows):
                paste.more = self._at < len(self._read) and self._goes_on(self._at) is True
            texts = backlog.texts
            self.hearer.line(line)
            paste.follows = True
            if 2 * backlog.texts > backlog.limit:
                self._count_texts(backlog.texts - texts, until)
            if self._at == len(self._read):
                self._read, self._at, self._searched = b"", 0, 0
                return _NOTHING
            if self._turns.seconds() >= until:
                break
        return _LINES

    def _count_texts(self, size: int, now: float) -> None:
        """A line had so much wait to be given out: it counts for its address, and its connection
        goes behind those of the address that gave less to do."""
        share = self.flow.share
        share.count(size)
        takes = size * DELIVERY / share.sequencer.backlog.limit
        self.in_debt_until = max(self.in_debt_until, now) + takes * DEBT

    def _tell_the_end(self) -> None:
        progress = self._progress
        waits = progress.busy or (progress.owing and self._end)
        if self._end is not None and not self._told and not waits:
            self._told = True
            self._read, self._at, self._searched = b"", 0, 0
            self._owner.finished(self._end)

    # -- huddle.doors.unheard.Reading -----------------------------------------------------------

    def _size(self) -> int:
        return len(self._read) - self._at

    def _weigh(self) -> None:
        """Tell how much is kept here, if it is more than a little."""
        size = 0 if self._told else self._size()
        self._counted = size if size > LEAST else 0
        self._unheard.count(self, self._counted)

    def discard(self) -> None:
        """A line without an end is thrown away; where whole ones wait, the peer has to go."""
        self._join_pieces()
        if b"\n" in self._read[self._at :]:
            self._dismiss()
            return
        if not self._skipping:
            self._visit.refuse(LineTooLong(self._size()))
        self._skipping = True
        self._drop(len(self._read))
        self._trim()
        self._weigh()

    def _dismiss(self) -> None:
        self._read, self._at, self._searched = b"", 0, 0
        self._weigh()
        self._visit.dismiss(Refused(ServerFull()))

    # -- lines ---------------------------------------------------------------------------------

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
