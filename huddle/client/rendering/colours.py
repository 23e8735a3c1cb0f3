"""Colours for people: each nick has one, always the same, readable on dark and on light.

A terminal program does not know the background. So the palette holds only colours that stand out
from black and from white alike: at least `CONTRAST` to one from both (by WCAG 2.2, "contrast
ratio"; the best that any colour can have from both is 4.58).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum, auto

CONTRAST = 3.7
"""The least contrast ratio of a colour of the palette from black, and from white."""

PALETTE = (160, 166, 130, 100, 64, 28, 29, 30, 31, 32, 27, 63, 98, 129, 134, 164, 163, 132, 161, 67)
"""Colours of the xterm palette of 256, whose values from 16 to 231 are the same everywhere."""

FEW = (31, 32, 33, 34, 35, 36)
"""What a terminal of eight colours has, black and white left out (ECMA-48, SGR)."""

RESET, BOLD, FAINT, ITALIC, REVERSE = "\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[3m", "\x1b[7m"


class Depth(Enum):
    """How many colours a terminal shows."""

    NONE = auto()
    FEW = auto()
    MANY = auto()


def depth_of(environ: Mapping[str, str]) -> Depth:
    """How many colours to use here (https://no-color.org: any NO_COLOR but an empty one: none)."""
    term = environ.get("TERM", "dumb")
    if environ.get("NO_COLOR") or term in ("", "dumb"):
        return Depth.NONE
    if "256color" in term or environ.get("COLORTERM") or term in MODERN:
        return Depth.MANY
    return Depth.FEW


MODERN = frozenset({"alacritty", "foot", "xterm-ghostty", "xterm-kitty", "wezterm"})
"""Terminals of 256 colours and more whose names do not say so."""


class Paint:
    """Puts colours and weights around texts, which are clean already."""

    def __init__(self, depth: Depth) -> None:
        self._depth = depth

    def nick(self, nick: str, text: str) -> str:
        """A text in the colour of a nick."""
        return self._in(self._colour(nick), text)

    def faint(self, text: str) -> str:
        """What stands back: times, notices, lines without an acknowledgement."""
        return self._in(FAINT, text)

    def strong(self, text: str) -> str:
        return self._in(BOLD, text)

    def marked(self, text: str) -> str:
        """What must not be overlooked."""
        return self._in(BOLD + REVERSE, text)

    def colour_of(self, nick: str) -> int | None:
        """The number of a nick's colour in the palette of 256; None: it has none here."""
        return PALETTE[_number(nick) % len(PALETTE)] if self._depth is Depth.MANY else None

    def _colour(self, nick: str) -> str:
        match self._depth:
            case Depth.NONE:
                return ""
            case Depth.FEW:
                return f"\x1b[{FEW[_number(nick) % len(FEW)]}m"
            case Depth.MANY:
                return f"\x1b[38;5;{self.colour_of(nick)}m"

    def _in(self, start: str, text: str) -> str:
        return f"{start}{text}{RESET}" if start and text else text


def _number(nick: str) -> int:
    """The same for a nick on every machine and in every run."""
    return int.from_bytes(hashlib.sha256(nick.casefold().encode("utf-8", "replace")).digest()[:4])
