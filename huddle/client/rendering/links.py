"""Addresses of the web in a text, as links that a terminal opens (OSC 8).

Only ``http`` and ``https`` are links, and what is opened is what one reads: the address itself, in
which everything but printable ASCII is escaped (RFC 3986), so that nothing in it can end the
sequence. Terminals that know no links pass over them; those that might not are given none.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from huddle.client.rendering.rows import LINK_ENDS

LONGEST = 2083
"""Characters of an address; terminals take no longer ones (the specification of OSC 8)."""

_ADDRESS = re.compile(r"https?://[^\s<>\"`{}|\\^\x00-\x1f\x7f-\x9f\ufffd]+", re.IGNORECASE)
_ENDS = ".,;:!?'…»”’"
_PAIRS = {")": "(", "]": "["}


def links_known(environ: Mapping[str, str]) -> bool:
    """Whether this terminal may be given links: the consoles show the sequence itself."""
    return not environ.get("TERM", "dumb").startswith(("linux", "vt", "dumb", "cons", "screen"))


def linked(text: str) -> str:
    """The text with its addresses made links."""
    if "://" not in text:
        return text
    return "".join(_link(piece) if is_address else piece for piece, is_address in addresses(text))


def addresses(text: str) -> Iterator[tuple[str, bool]]:
    """A text in pieces, in order; the second of each tells whether it is an address.

    Signs at the end of an address belong to the sentence, brackets only if they close one of its.
    """
    end = 0
    for found in _ADDRESS.finditer(text):
        address = _without_signs(found[0])
        if len(address) > LONGEST or address.endswith("://"):
            continue
        yield text[end : found.start()], False
        yield address, True
        end = found.start() + len(address)
    yield text[end:], False


def _without_signs(address: str) -> str:
    while address:
        last = address[-1]
        opens = _PAIRS.get(last)
        unpaired = opens is not None and address.count(last) > address.count(opens)
        if last not in _ENDS and not unpaired:
            break
        address = address[:-1]
    return address


def _link(address: str) -> str:
    target = quote(address, safe="!#$%&'()*+,/:;=?@[]~-._")
    number = zlib.crc32(target.encode())  # the rows of a broken address are one link
    return f"\x1b]8;id={number};{target}\x1b\\{address}{LINK_ENDS}"
