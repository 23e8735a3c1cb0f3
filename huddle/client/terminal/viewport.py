"""The part of a window's lines that is to be seen, which ends at their end, or was scrolled back.

What was scrolled back stays where it is while lines come at the end. A place among the rows is a
line's number and, since lines take several rows, a row of it; both hold in a terminal of any width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from huddle.client.conversation.scrollback import Scrollback
from huddle.client.rendering.rows import rows_of

Place = tuple[int, int]
"""A line's number, and a row of it."""


class Viewport:
    """The viewport of one window. ``rule`` gives the row above the first unread line."""

    def __init__(self, lines: Scrollback, rule: Callable[[], str]) -> None:
        self.lines = lines
        self._rule = rule
        self._last: Place | None = None  # the row at the bottom; None: the end of the lines

    @property
    def below(self) -> int:
        """Lines below what is to be seen; 0: it is the end."""
        return 0 if self._last is None else max(0, self.lines.end - 1 - self._last[0])

    def rows(self, columns: int, height: int) -> list[str]:
        """What is to be seen, ``height`` rows at most, the oldest first."""
        found = list(islice(self._upwards(columns), height))
        if self._last is not None and len(found) < height:  # the top: it fills the window
            self._last = None
            if len(shown := self._from_top(columns, height)) == height:
                self._last = shown[-1][0]
            return [row for _, row in shown]
        return [row for _, row in reversed(found)]

    def scroll(self, rows: int, columns: int, height: int) -> bool:
        """Go up by so many rows, or down where negative; whether there was somewhere to go."""
        before = self._last
        if rows > 0:
            seen = list(islice(self._upwards(columns), rows + height))
            if len(seen) <= height:
                return False
            self._last = seen[min(rows, len(seen) - height)][0]
        elif before is not None:
            below = list(islice(self._downwards(columns), -rows + 1))
            self._last = below[-1][0] if len(below) > -rows else None
        return self._last != before

    def to_end(self) -> None:
        """Show the end again, and stay with it as lines come."""
        self._last = None

    def to_top(self, columns: int, height: int) -> None:
        """Show the oldest lines that are kept, and stay with them."""
        shown = self._from_top(columns, height)
        self._last = shown[-1][0] if len(shown) == height else None

    def _from_top(self, columns: int, height: int) -> list[tuple[Place, str]]:
        return list(islice(self._rows_from(self.lines.first, columns), height))

    def _upwards(self, columns: int) -> Iterator[tuple[Place, str]]:
        lines, last = self.lines, self._last
        bottom = lines.end - 1 if last is None else last[0]
        for number in range(bottom, lines.first - 1, -1):
            rows = self._rows_of(number, columns)
            if last is not None and number == last[0]:
                rows = rows[: last[1] + 1]
            for at in range(len(rows) - 1, -1, -1):
                yield (number, at), rows[at]

    def _downwards(self, columns: int) -> Iterator[tuple[Place, str]]:
        """From the row at the bottom on."""
        assert self._last is not None
        number, row = self._last
        start = max(number, self.lines.first)
        return islice(self._rows_from(start, columns), row if start == number else 0, None)

    def _rows_from(self, first: int, columns: int) -> Iterator[tuple[Place, str]]:
        for number in range(first, self.lines.end):
            for at, row in enumerate(self._rows_of(number, columns)):
                yield (number, at), row

    def _rows_of(self, number: int, columns: int) -> list[str]:
        rows = rows_of(self.lines.line(number), columns)
        return [self._rule(), *rows] if number == self.lines.rule else rows
