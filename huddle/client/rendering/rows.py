"""A line in the rows of a terminal: those after the first hang below where the text began.

Where a terminal breaks a line itself, the next row begins at the first column, and a person who
filled the one before with blanks has a row that looks like another's line or the program's own.
"""

from __future__ import annotations

import re
from typing import Final

from huddle.locale.columns import columns_of, width_of

INDENT: Final = 6
"""Columns of the indentation where no head of a line is found: those of a time."""

RESET, LINK_ENDS = "\x1b[0m", "\x1b]8;;\x1b\\"

_PIECE = re.compile(
    r"(?P<paint>\x1b\[[0-9;]*m)|(?P<link>\x1b\]8;[^\x1b]*\x1b\\)"
    r"|(?P<blanks>[ \t]+)|(?P<word>[^ \t\x1b]+)"
)
_MARKUP = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")
_HEAD = re.compile(r"(?:\d\d:\d\d |  …   | {6})?(?:#\d+ )?(?:<\S+> |\* \S+ |\[[^\]]*\] |-- |│ )")


def rows_of(line: str, columns: int) -> list[str]:
    """A painted line broken where its rows end, between words if that can be.

    Each row can be shown by itself: what was begun before it in colour, or as a link, is begun
    anew. Blanks that reach beyond the edge are left out; all else stays.
    """
    if len(line) <= columns and line.isascii() and "\t" not in line:
        return [line]
    return _Rows(columns, hanging(line, columns)).broken(line)


def hanging(line: str, columns: int) -> int:
    """Columns before the text of a line, below which its further rows begin; where that would leave
    less than two thirds of a row for them it is a quarter of it at most."""
    head = _HEAD.match(plain(line))
    indent = INDENT if head is None else columns_of(head[0])
    return indent if indent <= columns // 3 else min(INDENT, columns // 4)


def plain(line: str) -> str:
    """A painted line without its colours and links."""
    return _MARKUP.sub("", line)


def fitted(text: str, columns: int) -> str:
    """A text without colours, cut where it would go beyond so many columns; ``…`` tells so."""
    if columns_of(text) <= columns:
        return text
    kept, width = [], 1
    for character in text:
        width += width_of(character)
        if width > columns:
            break
        kept.append(character)
    return "".join(kept) + "…" if columns > 0 else ""


class _Rows:
    """The rows of one line, as they are filled; what is painted goes on in the next one."""

    def __init__(self, columns: int, indent: int) -> None:
        self._columns, self._indent = columns, indent
        self._rows: list[str] = []
        self._row: list[str] = []
        self._start = self._column = 0
        self._paint: list[str] = []
        self._link = ""

    def broken(self, line: str) -> list[str]:
        for piece in _PIECE.finditer(line):
            if piece.lastgroup == "paint":
                self._paint = [] if piece[0] == RESET else [*self._paint, piece[0]]
                self._row.append(piece[0])
            elif piece.lastgroup == "link":
                self._link = "" if piece[0] == LINK_ENDS else piece[0]
                self._row.append(piece[0])
            else:
                self._append(piece[0], is_word=piece.lastgroup == "word")
        return [*self._rows, "".join(self._row)]

    def _append(self, text: str, *, is_word: bool) -> None:
        width = columns_of(text)
        if self._column + width <= self._columns:
            self._row.append(text)
            self._column += width
        elif not is_word:
            self._column = self._columns  # a word that follows begins a row; if none does, none
        else:
            if self._column > self._start and width <= self._columns - self._indent:
                self._break()
            for character in text:
                width = width_of(character)
                if self._column + width > self._columns:
                    self._break()
                self._row.append(character)
                self._column += width

    def _break(self) -> None:
        if self._link:
            self._row.append(LINK_ENDS)
        if self._paint:
            self._row.append(RESET)
        self._rows.append("".join(self._row))
        self._row = [" " * self._indent, *self._paint, self._link]
        self._start = self._column = self._indent
