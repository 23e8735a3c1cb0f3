"""Standard input and output as a `Screen`: lines in, lines out.

Lines that come one after the other in a moment belong together: a terminal hands out a paste line
by line, a pipe what fits into it, and each is to arrive as one. What is shown is written to
standard output; what the one who runs the program must know goes there too on a terminal, and to
standard error on a pipe.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from twisted.internet.interfaces import IConsumer, IDelayedCall, IPushProducer, IReactorTime
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.client.conversation.conversation import Conversation
from huddle.client.lines.output import Output, Reader
from huddle.client.session.wire import LineBuffer
from huddle.protocol.text import decode

TOGETHER = 0.02
"""Seconds from one line to the next within which they belong together: longer than a terminal takes
from one line of a paste to the next, shorter than a person notices."""

LONGEST = 0.5
"""Seconds after which lines are said though more of them still come."""

PASTED = 5
"""Lines that come together which a person has pasted, and not typed: none of them is a command."""


class LineScreen(Reader):
    """The protocol of `StandardIO`. ``hide`` is called with whether what is typed next is a secret.

    ``ended`` is called once, with the exit status.
    """

    conversation: Conversation
    """To be set before the connection is made."""

    def __init__(
        self,
        clock: IReactorTime,
        warn: Callable[[Sequence[str]], None] | None,
        ended: Callable[[int], None],
        hide: Callable[[bool], None] = lambda hidden: None,
    ) -> None:
        super().__init__(ended)
        self._clock = clock
        self._warn = warn
        self._hide = hide
        self._typed = LineBuffer()
        self._together: list[str] = []
        self._flush: IDelayedCall | None = None
        self._give_by = 0.0
        self._input_open = True
        self._paused = False

    # Standard input

    @override
    def connectionMade(self) -> None:
        self.output = Output(cast(IConsumer, self.transport), self._drained, self._full)
        self.conversation.begin()

    @override
    def dataReceived(self, data: bytes) -> None:
        dropped = self._typed.dropped
        self._take(self._typed.feed(data))
        if self._typed.dropped > dropped:
            self.conversation.line_too_long()

    @override
    def readConnectionLost(self) -> None:
        self._input_open = False
        rest = self._typed.take_rest()
        if rest:
            self._take([rest])
        self._give()
        self.conversation.ended()

    @override
    def leave(self) -> None:
        self.conversation.leave()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._input_open = False
        self._status = self._status or 0  # it is the end, without a farewell
        super().connectionLost(reason)

    # A screen

    def found(self, title: str, lines: Sequence[str]) -> None:
        """Write what was found to standard output; who asked knows what for."""
        self.show(lines)

    def warn(self, lines: Sequence[str], place: str | None = None) -> None:
        """Write lines where the one who runs the program sees them."""
        if self._warn is None:
            self.show(lines)
        else:
            self._warn(lines)

    def crowded(self, crowded: bool) -> None:
        """Read no more of what is typed until it is told that it is not crowded."""
        if crowded != self._paused and self._input_open:
            self._paused = crowded
            source = cast(IPushProducer, self.transport)
            if crowded:
                source.pauseProducing()
            else:
                source.resumeProducing()

    def hide(self, hidden: bool) -> None:
        """Have the terminal, if this is one, show what is typed or not."""
        self._hide(hidden)

    def give_back(self, text: str) -> None:
        """What has been typed here cannot be taken back; it is shown by what is told of it."""

    @override
    def close(self, status: int) -> None:
        if self._flush is not None:
            self._flush.cancel()
            self._flush = None
        super().close(status)

    # In between

    def _take(self, lines: Sequence[bytes]) -> None:
        self._together += (decode(line.rstrip(b"\r"))[0] for line in lines)
        if not self._together:
            return
        if self._flush is None:
            self._give_by = self._clock.seconds() + LONGEST
            self._flush = self._clock.callLater(TOGETHER, self._give)
        else:
            self._flush.reset(max(0, min(TOGETHER, self._give_by - self._clock.seconds())))

    def _give(self) -> None:
        if self._flush is not None and self._flush.active():
            self._flush.cancel()
        self._flush = None
        lines, self._together = self._together, []
        talk = self.conversation
        if len(lines) >= PASTED and talk.interactive and not talk.asking:
            talk.say(lines)
        elif lines:
            talk.typed(lines)

    def _drained(self) -> None:
        self.conversation.shown()
        self.conversation.screen_drained()

    def _full(self) -> None:
        self.conversation.screen_full()
