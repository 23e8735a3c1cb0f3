"""A line that shows a message, and in whose place another can be shown that puts it right."""

from __future__ import annotations

from typing import Self

Number = tuple[str, int]
"""A room, and the number of a message in it."""


class MessageLine(str):
    """A painted line with what is needed to find it again; all else takes it for its text.

    ``number`` is the message's, ``edits`` that of the one it puts right (0: none), and ``mark`` is
    shown behind the text of one that was put right.
    """

    __slots__ = ("_text", "edits", "mark", "number")

    number: Number
    edits: int
    mark: str
    _text: int

    def __new__(cls, start: str, text: str, number: Number, edits: int = 0, mark: str = "") -> Self:
        """The line of what stands before the message's text, and the text itself, both painted."""
        made = super().__new__(cls, start + text)
        made.number, made.edits, made.mark, made._text = number, edits, mark, len(start)
        return made

    def put_right(self, by: MessageLine) -> MessageLine:
        """The line with the other one's text, marked: its time, number and head stay."""
        return MessageLine(self[: self._text], by[by._text :] + by.mark, self.number)
