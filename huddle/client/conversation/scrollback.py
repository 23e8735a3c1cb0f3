"""The lines of one window, the last of them: those that can be scrolled back to.

Each line has a number that it keeps, so that who has scrolled back stays where they are while lines
come at the end, and go at the beginning.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

LINES = 5_000
"""Lines kept of one window; older ones are in the server's record (`/history`)."""

CHARACTERS = 512 * 1024
"""Characters kept of one window, whatever its lines are."""


class Scrollback:
    """The lines of one window, the oldest first; they are numbered from 0 on."""

    def __init__(self) -> None:
        self.first = 0
        """The number of the oldest line that is kept."""
        self.rule: int | None = None
        """The number of the line that a rule stands above: the first unread one."""
        self._lines: deque[str] = deque()
        self._size = 0

    @property
    def end(self) -> int:
        """The number that the next line will have."""
        return self.first + len(self._lines)

    def line(self, number: int) -> str:
        """The line of this number, which must be from ``first`` to before ``end``."""
        return self._lines[number - self.first]

    def add(self, lines: Sequence[str]) -> None:
        """Lines have come; the oldest ones go when there are too many."""
        self._lines.extend(lines)
        self._size += sum(map(len, lines))
        while len(self._lines) > LINES or (self._size > CHARACTERS and len(self._lines) > 1):
            self._size -= len(self._lines.popleft())
            self.first += 1

    def draw_rule(self) -> None:
        """The next line is the first unread one: the rule stands above it."""
        self.rule = self.end

    def clear(self) -> None:
        """Keep none of the lines."""
        self.first, self._size, self.rule = self.end, 0, None
        self._lines.clear()
