"""Names as they go into the log: with their keys, and of characters that every node knows.

Which names look alike is computed where one is asked for (`huddle.protocol.names`), and what is
applied compares the keys alone. A Python with a newer Unicode table takes characters for letters
that an older one does not know, and would fold them: so a name has only characters that were
letters, marks or digits in Unicode 14, the table of Python 3.11, the oldest that Huddle runs on.
What was assigned by then has the same normal forms and the same folding in all later versions
(https://www.unicode.org/policies/stability_policy.html).
"""

from __future__ import annotations

from bisect import bisect_right
from pkgutil import get_data

from huddle.cluster.state import Name
from huddle.protocol import names
from huddle.protocol.errors import BadNick

_BESIDES = "-_.'\u200c\u200d"


def keyed(name: str) -> Name:
    """A nick or a room's name, as `huddle.protocol.names` made it, with its keys behind it.

    Raises `BadNick` for a character that a node on an older Python might not know.
    """
    unknown = next((each for each in name if not is_known(each)), None)
    if unknown is not None:
        raise BadNick("character", unknown)
    return with_keys(name)


def with_keys(name: str) -> Name:
    """The same of a name that nobody asks for: of what is on those who have it, or was theirs. Only
    the keys are compared, and they are made here, once for all nodes."""
    folded = names.folded_key(name)
    return (name, folded, *sorted(names.keys(name) - {folded}))


def is_known(character: str) -> bool:
    """Whether a name may have this character on every Python that Huddle runs on."""
    place = bisect_right(_FIRST, ord(character)) - 1
    return character in _BESIDES or (place >= 0 and ord(character) <= _LAST[place])


def _ranges() -> list[tuple[int, int]]:
    words = (get_data("huddle.cluster", "unicode14.txt") or b"").decode().split()
    ends = (word.partition("-") for word in words)
    return [(int(first, 16), int(last or first, 16)) for first, _, last in ends]


_FIRST, _LAST = zip(*_ranges(), strict=True)
