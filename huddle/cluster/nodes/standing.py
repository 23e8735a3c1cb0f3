"""How a node stands with the others."""

from __future__ import annotations

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
    """How programs are told it, such as ``read-only``."""
    return standing.name.lower().replace("_", "-")
