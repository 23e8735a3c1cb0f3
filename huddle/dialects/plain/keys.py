"""What a terminal sends that sends every key at once: a line with what its author did to it.

`nc`, and `telnet` on most machines, send a line when it is finished. Windows' telnet, and
terminals in raw mode, send what is typed as it is typed: backspace comes as a character, an arrow
as a sequence that begins with ESC. What was erased is taken out here, by backspace, by word
(Ctrl-W) or all of it (Ctrl-U). The arrows are left out: where the cursor was, nobody can tell. So
is the key Esc in front of Enter, which gave nothing to see.
"""

from __future__ import annotations

import re
from typing import Final

# Arrows, Home, End, Ins, Del, Page, F1 to F20 with or without Shift, Alt and Ctrl, as xterm, the
# consoles of Linux and Windows send them; the marks around a paste. Not what moves a screen, as
# ``ESC [ 2 J`` does: that was written, and is shown as the rest (`huddle.protocol.text`).
_KEY: Final = re.compile(
    r"\x1b(?:\[[0-9]{0,2}(?:;[0-9]{1,2})?[A-DFHP-SZ]|\[[0-9]{1,3}(?:;[0-9]{1,2})?~|\[\[[A-E]"
    r"|O[A-DFHMP-S])"
)
_ERASES: Final = re.compile("([\x08\x7f\x15\x17])")
_ALL, _WORD = "\x15", "\x17"
_MARKS: Final = frozenset("\u200d").union(
    *(map(chr, range(first, last + 1)) for first, last in ((0x300, 0x36F), (0xFE00, 0xFE0F)))
)


def edited(text: str) -> str:
    """A line as its author saw it: without what they erased, and without keys that only move.

    Takes time that grows with the length of the line alone.
    """
    if "\x1b" in text:
        text = _KEY.sub("", text).rstrip("\x1b")
    if not _ERASES.search(text):
        return text
    before, *rest = _ERASES.split(text)
    left = list(before)
    for key, typed in zip(rest[::2], rest[1::2], strict=True):
        if key == _ALL:
            left.clear()
        elif key == _WORD:
            _erase_word(left)
        else:
            while left and left.pop() in _MARKS:
                pass  # a letter goes with its marks
        left += typed
    return "".join(left)


def _erase_word(left: list[str]) -> None:
    """The word at the end goes, with the blanks behind it."""
    while left and left[-1].isspace():
        left.pop()
    while left and not left[-1].isspace():
        left.pop()
