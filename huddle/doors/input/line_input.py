"""Line input: what a peer sends is handed on line by line, as fast as allowed.

How fast that is, `flow_control` says, whose turn it is, `scheduler`. Lines that had been read from
a peer that then went are still said, at the same pace; only then is the door told.

What a person pastes comes in one burst: in one read, or in several that follow on each other
(`BURST`). `huddle.visits.actions.paste.PasteState` is told which lines do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from math import inf
from typing import Protocol

from typing_extensions import override

from huddle.delivery.sequencer.backlog import DELIVERY
from huddle.doors.input.buffers import LEAST, InputBuffers
from huddle.doors.input.line_buffer import READS_A_LINE, LineBuffer
from huddle.doors.input.scheduler import DEBT, LINE_TIME, TURN, InputScheduler
from huddle.doors.transports import READ, TwistedTransport
from huddle.protocol.answers import Refused
from huddle.protocol.errors import LineTooLong, ServerFull
from huddle.visits.states import Progress

LINES_A_SLICE = 256
"""Lines that are heard at the most before another peer has its turn."""

BURST = 0.1
"""Seconds between two reads of one burst at the most. A terminal gives a pasted text to nc line by
line; over a network the second of them waits for the first to be confirmed. Nobody types a line in
that time."""

_BEGINNING = 8
"""Bytes of a line by which it is known who speaks; they are looked at as they come."""


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

    def ended(self, clean: bool) -> None:
        """The peer has ended, of its own will if ``clean``, and all it said is taken: told once."""


class Owner(Protocol):
    """The connection that lines come from. ``address`` is what it counts for."""

    address: str

    def finished(self, clean: bool) -> None:
        """The peer has ended, of its own will if ``clean``, and all it said is taken: told once."""


@dataclass(slots=True, eq=False, repr=False)
class LineInput(LineBuffer):
    """The way in of one connection.

    ``hearer`` is given each line that says something, without its end. A line has at most
    ``longest`` bytes. It is a `scheduler.Speaker` and a `buffers.InputBuffer`.
    """

    _transport: TwistedTransport
    hearer: Hearer
    _owner: Owner
    _scheduler: InputScheduler
    _buffers: InputBuffers
    _progress: Progress = field(init=False)
    address: str = field(init=False)
    in_debt_until: float = field(default=0.0, init=False)
    _counted: int = field(default=0, init=False)
    """Bytes that `InputBuffers` was told of."""
    _fed: float = field(default=-inf, init=False)
    _ends_early: bool = field(default=False, init=False)
    """Whether what was read last, at ``_fed``, ends where more was to be had."""
    _working: bool = field(default=False, init=False)
    """Whether a line is being heard just now, which may lead here again."""
    _told: bool = field(default=False, init=False)
    """Whether the owner was told that the peer has ended."""
    _closing: bool = field(default=False, init=False)
    """Whether the house closes, and hears no more."""

    @override
    def __post_init__(self) -> None:
        # Slots make another class of this one, of which `super` knows nothing.
        LineBuffer.__post_init__(self)
        self._progress, self.address = self._visit.progress, self._owner.address

    def feed(self, data: bytes) -> None:
        """Take what was read; what comes behind the end is dropped."""
        if self._end is None:
            if self._paste.typed:
                now = self._scheduler.seconds()
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
            sequencer, reads_once = self.flow.share.sequencer, self._transport.reads_once
            if reads_once:
                sequencer.current_speaker = self
            try:
                self._scheduler.ask(self)
            finally:
                if sequencer.current_speaker is self or not reads_once:
                    sequencer.end_of_read()
            if self._read:  # it has to wait, or its end has not come
                if len(self._read) > self._longest + READ:
                    self._pause_reading()
                if self._counted or len(self._read) > LEAST:
                    self._weigh()

    def _pause_reading(self) -> None:
        """More waits than one line: read no more before its turn has come, which `hear` sees to.

        Each turn of the reactor reads 8 KiB from every peer, and hears for two milliseconds: what
        waits would grow for as long as others, whose lines have cost less, are heard first.
        """
        if self._transport.reading:
            self._transport.read(False)

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
        self.hear(self._scheduler.seconds() + TURN)
        self._closing = True
        self.hear(self._scheduler.seconds())

    @property
    def waits(self) -> bool:
        """Whether there is something to hear or to tell, or reading to be begun again."""
        return self._end is not None or not self._transport.reading or len(self._read) > self._at

    def go_on(self) -> None:
        """What held up the next line may be over: stand in line for a turn again."""
        if not self._working:
            self._scheduler.ask(self)

    def stand_in_line(self) -> None:
        """As `go_on`, for many at once: none is heard before all of them stand in line."""
        if not self._working:
            self._scheduler.wait(self)

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
                    self._fed, self._ends_early = self._scheduler.seconds(), True
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
        sequencer, paste = self.flow.share.sequencer, self._paste
        backlog = sequencer.backlog
        for _ in range(LINES_A_SLICE):
            if self._closing or self._progress.over:
                self._clear()
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
            said = backlog.texts - texts
            if 2 * backlog.texts > backlog.limit:
                self._count_texts(said, until)
            if said and self._at == len(self._read) and sequencer.current_speaker is self:
                self._scheduler.left_out += sequencer.commit_early()  # before all else
            paste.follows = True
            if self._at == len(self._read):
                self._read, self._at, self._searched = b"", 0, 0  # as `_clear`, without a call
                return _NOTHING
            if self._scheduler.seconds() >= until:
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
            self._clear()
            self._owner.finished(self._end)

    # -- what is kept --------------------------------------------------------------------------

    def _weigh(self) -> None:
        """Tell how much is kept here, if it is more than a little."""
        size = 0 if self._told else self._size()
        self._counted = size if size > LEAST else 0
        self._buffers.count(self, self._counted)

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
        self._clear()
        self._weigh()
        self._visit.dismiss(Refused(ServerFull()))
