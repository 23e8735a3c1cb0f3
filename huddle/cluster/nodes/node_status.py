"""The status of a node: how it stands with the others. Programs and operators are told it as its
standing."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto


class NodeStatus(Enum):
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

    @property
    def word(self) -> str:
        """What programs are told of it, such as ``read-only``."""
        return self.name.lower().replace("_", "-")


TAKING = NodeStatus.LEVEL, NodeStatus.WAITING
"""Where what is asked of the node is taken, to be appended as soon as that can be."""


class LastHeard:
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
