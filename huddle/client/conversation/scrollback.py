"""The lines of one window, the last of them: those that can be scrolled back to.

Each line has a number that it keeps, so that a person who has scrolled back stays where they
are while lines come at the end, and go at the beginning.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from huddle.client.rendering.message_line import MessageLine, Number

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
        self._messages: dict[Number, int] = {}

    @property
    def end(self) -> int:
        """The number that the next line will have."""
        return self.first + len(self._lines)

    def line(self, number: int) -> str:
        """The line of this number, which must be from ``first`` to before ``end``."""
        return self._lines[number - self.first]

    def add(self, lines: Sequence[str]) -> None:
        """Lines have come; the oldest ones go when there are too many."""
        for line in lines:
            if not (isinstance(line, MessageLine) and self._put_right(line)):
                self._append(line)
        while len(self._lines) > LINES or (self._size > CHARACTERS and len(self._lines) > 1):
            self._drop_oldest()

    def _append(self, line: str) -> None:
        if isinstance(line, MessageLine):
            self._messages[line.number] = self.end
        self._lines.append(line)
        self._size += len(line)

    def _put_right(self, by: MessageLine) -> bool:
        """Whether the line that this message puts right is kept, and was changed."""
        number = self._messages.get((by.number[0], by.edits))
        line = None if number is None else self.line(number)
        if number is None or not isinstance(line, MessageLine):
            return False
        right = line.put_right(by)
        self._lines[number - self.first] = right
        self._size += len(right) - len(line)
        return True

    def _drop_oldest(self) -> None:
        line = self._lines.popleft()
        if isinstance(line, MessageLine) and self._messages.get(line.number) == self.first:
            del self._messages[line.number]
        self._size -= len(line)
        self.first += 1

    def forget_messages(self) -> None:
        """The numbers of messages mean others from now on: no line that is kept is put right."""
        self._messages.clear()

    def draw_rule(self) -> None:
        """The next line is the first unread one: the rule stands above it."""
        self.rule = self.end

    def clear(self) -> None:
        """Forget all lines, and which messages they were."""
        self.first, self._size, self.rule = self.end, 0, None
        self._lines.clear()
        self._messages.clear()
