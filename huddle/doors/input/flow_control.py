"""Flow control: when the next line of a peer is heard.

A line has to wait while the visit is busy, while too much of its address waits to be given out
(`backlog_shares`), while the peer does not take its own answers, or while it has said too much too
fast. Then its connection is not read from: the rest waits in the peer's machine, and nothing is
ever dropped.

(That is about what a peer says. A peer that does not *read* is the outlet's, `huddle.delivery`.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from huddle.delivery.outlet import Outlet
from huddle.delivery.transport import Waiting
from huddle.doors.input.backlog_shares import BacklogShare
from huddle.huddle import Huddle
from huddle.people.rates import Throttle
from huddle.visits.states import Progress

JUNK_A_LINE = 4096
"""Bytes that cannot be said and count as one line."""


class Input(Waiting, Protocol):
    """What hears lines, one after the other, and keeps those that may not pass yet."""

    def stand_in_line(self) -> None:
        """As `go_on`, for many at once: none is heard before all of them stand in line."""


@dataclass(slots=True, eq=False, repr=False)
class FlowControl:
    """Slows one connection down. The input whose line had to wait goes on when it may pass."""

    _huddle: Huddle
    _progress: Progress
    _outlet: Outlet
    _seconds: Callable[[], float]
    share: BacklogShare
    """What its address has put into what waits to be given out."""
    _throttle: Throttle | None = field(default=None, init=False)
    _junk: int = field(default=0, init=False)
    _asked: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        limits = self._huddle.limits
        if limits.flood_rate:
            self._throttle = Throttle(limits.flood_rate, limits.flood_burst, self._seconds())

    def lets_pass(self, input: Input) -> bool:
        """Whether the next line of this input may pass now; it counts as passed then (or
        `give_back`)."""
        waiting = self._outlet.waiting
        if self._progress.busy or (waiting and waiting > self._huddle.limits.replies):
            return False
        share = self.share
        backlog = share.sequencer.backlog
        if backlog.congested and share.is_used_up:
            backlog.when_relieved(input.stand_in_line)
            return False
        if self._throttle is None:
            return True
        wait = self._throttle.take(self._seconds())
        if wait:
            self._go_on_after(wait, input)
        return not wait

    def give_back(self) -> None:
        """Take back what `lets_pass` counted: there was no line that could have passed."""
        if self._throttle is not None:
            self._throttle.give_back()

    def count_bytes(self, junk: int) -> None:
        """So many bytes came that cannot be said: the lines behind them wait for it."""
        self._junk += junk
        lines, self._junk = divmod(self._junk, JUNK_A_LINE)
        if self._throttle is not None:
            self._throttle.spend(self._seconds(), lines)

    def count_lines(self, lines: int) -> None:
        """What was heard took as long as so many lines more: the following ones wait for them."""
        if self._throttle is not None:
            self._throttle.spend(self._seconds(), lines)

    def free(self) -> None:
        """Slow the peer down no more for saying too much."""
        self._throttle = None

    def _go_on_after(self, delay: float, input: Input) -> None:
        if not self._asked:
            self._asked = True
            self._huddle.later(delay, partial(self._ask_again, input))

    def _ask_again(self, input: Input) -> None:
        self._asked = False
        input.go_on()
