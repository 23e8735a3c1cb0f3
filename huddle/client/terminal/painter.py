"""Puts a frame on the terminal: only those of its rows that have changed, in one write.

Held together by the terminal ("synchronized output") there is nothing in between to be seen. Rows
are never longer than the terminal is wide, and it is told not to break them (DECAWM).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huddle.client.rendering.colours import RESET

AT_ONCE, NOW = "\x1b[?2026h", "\x1b[?2026l"
"""Ask the terminal to show what is between them at once; those that do not know it pass over it
(ECMA-48, unknown private modes)."""

HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
ERASE_ROW, ERASE_ALL = "\x1b[K", "\x1b[2J"


@dataclass(frozen=True, slots=True)
class Frame:
    """All rows of the terminal, painted, and where the cursor is: row and column from 0 on."""

    rows: Sequence[str]
    cursor: tuple[int, int]


class Painter:
    """Writes to one terminal what is not on its screen yet."""

    def __init__(self) -> None:
        self._shown: Sequence[str] = ()
        self._cursor = (-1, -1)

    def forget(self) -> None:
        """What is on the terminal is not known any more: the next frame is painted whole."""
        self._shown, self._cursor = (), (-1, -1)

    def change_to(self, frame: Frame) -> str:
        """What to write so that the terminal shows this frame; empty: it does already."""
        parts = []
        whole = len(frame.rows) != len(self._shown)
        for y, row in enumerate(frame.rows):
            if whole or row != self._shown[y]:
                # Erased first: behind a row as wide as the terminal that would take its last sign.
                parts.append(f"{_at(y, 0)}{RESET}{ERASE_ROW}{row}{RESET}")
        if not parts and frame.cursor == self._cursor:
            return ""
        self._shown, self._cursor = frame.rows, frame.cursor
        if not parts:
            return _at(*frame.cursor)
        erase = ERASE_ALL if whole else ""
        changes = "".join(parts)
        return f"{AT_ONCE}{HIDE_CURSOR}{erase}{changes}{_at(*frame.cursor)}{SHOW_CURSOR}{NOW}"


def _at(row: int, column: int) -> str:
    return f"\x1b[{row + 1};{column + 1}H"
