"""A line in the rows of a terminal: those after the first are indented.

Where a terminal breaks a line itself, the next row begins at the first column, and a person who
filled the one before with blanks has a row that looks like another's line or the program's own.
"""

from __future__ import annotations

import re
from typing import Final

from huddle.locale.columns import width_of

INDENT: Final = 6
"""Columns of the indentation: those of a time. In a narrow terminal it is a quarter of a row."""

_PIECE = re.compile(r"(?P<paint>\x1b\[[0-9;]*m)|(?P<blanks>[ \t]+)|(?P<word>[^ \t\x1b]+)")


def in_rows(line: str, columns: int) -> str:
    """Break a painted line where its rows end, between words if that can be.

    The rows are parted by CR LF. Blanks that reach beyond the edge are left out; all else stays.
    """
    if len(line) <= columns and line.isascii() and "\t" not in line:
        return line
    indent = min(INDENT, columns // 4)
    end_of_row = "\r\n" + " " * indent
    rows: list[str] = []
    start = column = 0
    for piece in _PIECE.finditer(line):
        text, is_word = piece[0], piece.lastgroup == "word"
        width = 0 if piece.lastgroup == "paint" else sum(map(width_of, text))
        if column + width <= columns:
            rows.append(text)
            column += width
        elif not is_word:
            column = columns  # a word that follows begins a row, and if there is none, none begins
        else:
            if column > start and width <= columns - indent:
                rows.append(end_of_row)
                start = column = indent
            for character in text:
                width = width_of(character)
                if column + width > columns:
                    rows.append(end_of_row)
                    start = column = indent
                rows.append(character)
                column += width
    return "".join(rows)
