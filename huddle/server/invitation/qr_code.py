"""QR codes in a terminal: an address that a phone reads off the screen.

The light squares are drawn and the dark ones left out, since most terminals are dark; phones read
it either way. Two rows of squares are one row of text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

QUIET = 2
"""Light squares around it. The standard (ISO/IEC 18004) wants four; phones do with two, and a code
that fits the screen is worth more."""

_BLOCKS = {(1, 1): " ", (1, 0): "▄", (0, 1): "▀", (0, 0): "█"}
"""By whether the upper square is dark, and the lower one."""


def shown_on(screen: TextIO, address: str) -> list[str]:
    """The same, if the screen has the characters for it; else nothing."""
    rows = list(in_text(address))
    try:
        "".join(rows).encode(screen.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return []
    return rows


def in_text(address: str) -> Iterator[str]:
    """The rows of text that show the code of an address."""
    import segno  # 8 MiB that a server without a page does without

    code = segno.make(address, error="l", micro=False)
    rows = [tuple(row) for row in code.matrix_iter(border=QUIET)]
    if len(rows) % 2:
        rows.append((1,) * len(rows[0]))
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        yield "".join(
            _BLOCKS[bool(above), bool(below)] for above, below in zip(upper, lower, strict=True)
        )
