"""Timing: what is done later, by a monotonic clock that is handed in; never by the time of day.

What whoever has it done is given is here: a `Scheduler`, or the whole `Clock`, both of them the
reactor's in a server and a test's own elsewhere. `timer_queue` has one timer for many deadlines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Scheduler(Protocol):
    """The part of `IReactorTime` that most of the core needs: durations only."""

    def __call__(self, delay: float, call: Callable[[], object], /) -> object:
        """Call it ``delay`` seconds from now."""


class Timer(Protocol):
    """What is to be called, as `Clock.callLater` gives it."""

    def cancel(self) -> None:
        """Have it not called. To be asked once, and before it was."""


class Clock(Protocol):
    """`IReactorTime`, as far as the core needs it where deadlines are taken back."""

    def seconds(self) -> float:
        """The time of this clock, which is nobody's time of day."""

    def callLater(self, delay: float, call: Callable[[], object], /) -> Timer:  # noqa: N802
        """Call it ``delay`` seconds from now."""
