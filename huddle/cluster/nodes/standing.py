"""How a node stands with the others."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto


class Standing(Enum):
    """How the node stands with the others."""

    COMING = auto()
    """It reads the log, and does not know yet how far behind it is: its doors are closed."""
    LEVEL = auto()
    WAITING = auto()
    """Nothing has come back for a moment."""
    REFUSING = auto()
    """Nothing has come back for so long that nothing new is taken."""
    ALONE = auto()
    SKEWED = auto()
    """Its clock is wrong: it proposes nothing."""
    READ_ONLY = auto()
    """Nodes differ, and no majority agrees."""
    HALTED = auto()


TAKING = Standing.LEVEL, Standing.WAITING
"""Where what is asked of the node is taken, to be appended as soon as that can be."""


def word_of(standing: Standing) -> str:
    """What programs are told of a standing, such as ``read-only``."""
    return standing.name.lower().replace("_", "-")


class Unheard:
    """Since when nothing of one's own has come back from the log, by a monotonic clock.

    The time does not count in which the process itself stood still: what came meanwhile is read
    first, and is the sign that the node is heard.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self.since = self._looked = seconds()
        """To be set whenever something comes back."""

    def look(self, every: float) -> None:
        """To be called every so many seconds: one that comes later by as much tells that the
        process stood still."""
        late = self._seconds() - self._looked - every
        self.since += late if late > every else 0.0
        self._looked = self._seconds()
