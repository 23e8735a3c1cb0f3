"""What hostile, broken and merely foreign programs send, and what must never come of it."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator

FRAGMENTS = (
    b"-- ana left",
    b"-- The server is closing. Bye!",
    b"<bob> yes",
    b"* bob agrees",
    b"[bob] psst",
    b"18:02 <bob> yes",
    b"-- 19 November 2026 --",
    b"\r",
    b"\r\n",
    b"\r\0",
    b"\0",
    b"\x07",
    b"\x1b[2J\x1b[1;1H",
    b"\x1b]0;title\x07",
    b"\x7f",
    b"\x85",
    b"\x9b31m",
    b"\xc2\x9b31m",  # CSI as C1
    b"\xc2\x85",  # NEL
    b"\xe2\x80\xa8",  # line separator
    b"\xe2\x80\xa9",  # paragraph separator
    b"\xe2\x80\xae",  # right-to-left override
    b"\xe2\x81\xa6",  # left-to-right isolate
    b"\xe2\x80\x8f",  # right-to-left mark
    b"\xd8\x9c",  # Arabic letter mark
    b"\xef\xbb\xbf",  # byte order mark
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xc0\x8a",  # a LF, overlong
    b"\xf4\x90\x80\x80",  # beyond Unicode
    b"\xff\xfb\x01",  # IAC WILL ECHO
    b"\xff\xfa\x18\x00VT100\xff\xf0",
    b"\xff\xff",
    b"\xff",
    b"caf\xe9",
    "¿qué?".encode(),
    "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{FAMILY}".encode(),
    "שלום".encode(),
    b"//salir",
    b"/nope",
    b"/me ",
    b"\t",
    b" " * 20,
    b"x" * 300,
)

INTERRUPT = b"\xff\xf4"
"""IAC IP, ^C: whoever sends it rightly leaves."""

LEAVING = re.compile(rb"(?i)/(quit|salir)|^\s*salir\s*$", re.MULTILINE)

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def hostile_bytes(chance: random.Random, size: int) -> bytes:
    """About so many bytes of it, in lines: half of them random, half made of `FRAGMENTS`."""
    lines = []
    while size > 0:
        if chance.random() < 0.5:
            line = chance.randbytes(int(chance.expovariate(1 / 80)))
        else:
            line = b"".join(chance.choices(FRAGMENTS, k=chance.randrange(1, 6)))
        lines.append(line)
        size -= len(line) + 1
    made = b"\n".join(lines) + b"\n"
    while INTERRUPT in made:
        made = made.replace(INTERRUPT, b"")
    return made


def pieces(chance: random.Random, data: bytes) -> Iterator[bytes]:
    """The same, as it might come out of a network: most pieces are small, some are not."""
    start = 0
    while start < len(data):
        size = 1 + int(chance.paretovariate(0.4))
        yield data[start : start + size]
        start += size


def assert_harmless(heard: bytes) -> list[str]:
    """What reached a plain socket moves no screen and turns round no line; returns its lines."""
    text = heard.decode()  # strictly
    for character in set(text) - {"\n", "\t"}:
        category = unicodedata.category(character)
        assert category not in ("Cc", "Cs", "Zl", "Zp"), f"{character!r} was let through"
        assert character not in BIDI, f"{character!r} was let through"
    return text.removesuffix("\n").split("\n")
