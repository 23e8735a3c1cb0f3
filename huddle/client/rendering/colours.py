"""Colours for people: each nick has one, always the same, to be read on the ground that is there.

Every colour has a contrast ratio of `CONTRAST` or more (WCAG 2.2, "contrast ratio", what is asked
for texts) from each ground that it is used on. A terminal that is asked tells its ground (OSC 11),
and some environments do (`COLORFGBG`); where nothing tells, only those few colours are used that
stand out from black and from white alike.

The grounds that count as dark are the black of xterm, the Linux console, PuTTY and macOS' Terminal,
Windows' Campbell (0c0c0c), VS Code (1e1e1e), Ubuntu (300a24), Solarized dark (002b36), One Dark
(282c34) and Dracula (282a36); as light, white, Solarized light (fdf6e3) and One Light (fafafa).

Of 256 colours those from 16 to 255 have the same values everywhere. The first 16 are the terminal's
own: those in `FEW` are readable with the values that xterm, the Linux console (VGA), Windows
(Campbell), macOS' Terminal, GNOME's (Tango) and PuTTY give them, on their own ground.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

CONTRAST: Final = 4.5
"""The least contrast ratio of a colour from each ground it is used on (WCAG 2.2, 1.4.3)."""


class Ground(Enum):
    """What a terminal writes on, as far as it is known."""

    UNKNOWN = auto()
    DARK = auto()
    LIGHT = auto()


PALETTES: Mapping[Ground, tuple[int, ...]] = {
    Ground.DARK: (
        *(203, 209, 215, 222, 179, 185, 149, 113, 77, 78),
        *(43, 80, 39, 75, 110, 141, 177, 213, 205, 174),
    ),
    Ground.LIGHT: (
        *(160, 124, 88, 94, 58, 22, 23, 24, 25, 26),
        *(20, 61, 57, 92, 97, 128, 90, 127, 125, 161),
    ),
    Ground.UNKNOWN: (131, 29, 63, 98, 163),
}
"""Colours of the xterm palette of 256."""

GREYS: Mapping[Ground, int] = {Ground.DARK: 248, Ground.LIGHT: 241, Ground.UNKNOWN: 243}
"""What stands back, out of the same palette."""

FEW: Mapping[Ground, tuple[int, ...]] = {
    Ground.DARK: (32, 36, 92, 93, 96),
    Ground.LIGHT: (31, 34, 35),
    Ground.UNKNOWN: (),
}
"""What a terminal of 16 colours has (ECMA-48, SGR; aixterm's bright ones from 90 on)."""

RESET, BOLD, FAINT, REVERSE = "\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[7m"


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

ASK_GROUND = "\x1b]11;?\x1b\\"
"""Asks a terminal for the colour of its ground (xterm's OSC 11)."""


def ground_of(environ: Mapping[str, str]) -> Ground:
    """The ground that the environment tells: rxvt's and Konsole's ``COLORFGBG``, the console."""
    number = environ.get("COLORFGBG", "").rpartition(";")[2]
    if number.isascii() and number.isdecimal():
        return Ground.LIGHT if int(number) in (7, 15) else Ground.DARK
    return Ground.DARK if environ.get("TERM") == "linux" else Ground.UNKNOWN


def ground_told(answer: str) -> Ground:
    """The ground in a terminal's answer to `ASK_GROUND`, ``11;rgb:1e1e/1e1e/1e1e``."""
    found = re.fullmatch(
        r"11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4}).*", answer
    )
    if found is None:
        return Ground.UNKNOWN
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in found.groups())
    return Ground.LIGHT if luminance(red, green, blue) > 0.5 else Ground.DARK


def luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance of a colour whose channels go from 0 to 1 (WCAG 2.2)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class Paint:
    """Puts colours and weights around texts, which are clean already."""

    def __init__(self, depth: Depth, ground: Ground = Ground.UNKNOWN) -> None:
        self.ground = ground
        """What is written on; what is painted from now on is painted for it."""
        self.depth = depth

    def nick(self, nick: str, text: str) -> str:
        """A text in the colour of a nick."""
        return self._in(self._colour(nick), text)

    def faint(self, text: str) -> str:
        """What stands back: times, notices, lines without an acknowledgement."""
        if self.depth is Depth.MANY:
            return self._in(f"\x1b[38;5;{GREYS[self.ground]}m", text)
        return self._in(FAINT, text)

    def strong(self, text: str) -> str:
        return self._in(BOLD, text)

    def marked(self, text: str) -> str:
        """A text in the colour of what must not be overlooked."""
        return self._in(BOLD + REVERSE, text)

    def colour_of(self, nick: str) -> int | None:
        """The number of a nick's colour in the palette of 256; None: it has none here."""
        palette = PALETTES[self.ground]
        return palette[_number(nick) % len(palette)] if self.depth is Depth.MANY else None

    def _colour(self, nick: str) -> str:
        few = FEW[self.ground]
        match self.depth:
            case Depth.MANY:
                return f"\x1b[38;5;{self.colour_of(nick)}m"
            case Depth.FEW if few:
                return f"\x1b[{few[_number(nick) % len(few)]}m"
            case _:
                return ""

    def _in(self, start: str, text: str) -> str:
        return f"{start}{text}{RESET}" if start and text else text


def _number(nick: str) -> int:
    """The colour of a nick: the same one on every machine and in every run."""
    return zlib.crc32(nick.casefold().encode("utf-8", "replace"))
