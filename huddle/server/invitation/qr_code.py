"""QR codes: an address that a phone reads off the screen."""

from __future__ import annotations

from functools import lru_cache
from typing import TextIO

from huddle.locale.listings import code_rows

QUIET = 2
"""Light squares around it. The standard (ISO/IEC 18004) wants four; phones do with two, and a code
that fits the screen is worth more."""

_KEPT = 64
"""Codes that are kept: one takes about 10 ms to make, and rooms are asked for again and again."""


def shown_on(screen: TextIO, address: str) -> list[str]:
    """The rows of text that show the code of an address, if the screen has the characters for it;
    else nothing."""
    rows = list(code_rows(squares_of(address)))
    try:
        "".join(rows).encode(screen.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return []
    return rows


@lru_cache(maxsize=_KEPT)
def squares_of(address: str) -> tuple[str, ...]:
    """The code of an address: the squares of each row, ``1`` for a dark one."""
    import segno  # 8 MiB that a server without a page does without

    code = segno.make(address, error="l", micro=False)
    return tuple("".join(map(str, row)) for row in code.matrix_iter(border=QUIET))
