"""Blocks, which are lines that were said together, as they are shown: under one head, and folded.

The lines behind the first stand behind a bar, and no other line does, so none of them looks like
another person's or the program's own. Where something else was shown in between, the head stands
there again. Of a long block only the beginning is shown; `/raw` shows all of it.
"""

from __future__ import annotations

from enum import Enum, auto

BAR = "│ "
"""Stands before the lines of a block behind its first one."""

MOST = 12
"""Lines that are shown of a block."""

BLOCKS = 64
"""Blocks of which it is remembered how many lines were shown."""


class Shown(Enum):
    """How a line is shown: with its head, behind a bar, as the place where a block is folded, or
    not at all."""

    HEAD = auto()
    BAR = auto()
    FOLD = auto()
    NOT = auto()


class Folding:
    """What was shown of the blocks in all windows of one terminal."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._counts: dict[tuple[str, int], int] = {}

    def interrupt(self) -> None:
        """Something else was shown: the next line of a block has its head again."""
        self._last.clear()

    def show(self, window: str, block: int, message: int) -> Shown:
        """How the next line of that window is shown. ``block`` is the message that its block begins
        with (0: it is in none)."""
        follows = block != 0 and self._last.get(window) == block
        self._last[window] = block or message
        if not block:
            return Shown.HEAD
        count = self._counts.pop((window, block), int(follows)) + 1
        self._counts[window, block] = count
        if len(self._counts) > BLOCKS:
            del self._counts[next(iter(self._counts))]
        if count > MOST:
            return Shown.FOLD if count == MOST + 1 else Shown.NOT
        return Shown.BAR if follows else Shown.HEAD
