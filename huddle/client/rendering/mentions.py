"""Is one being spoken to? The places of a text where a nick stands as a word of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache


def mentions(text: str, nick: str) -> bool:
    """Whether a text names a nick, in whatever case: not `ana` in `banana`."""
    return bool(nick) and _pattern(nick).search(text) is not None


def pieces(text: str, nick: str) -> Iterator[tuple[str, bool]]:
    """A text in pieces, in order; the second of each tells whether it is the nick."""
    if not nick:
        yield text, False
        return
    end = 0
    for found in _pattern(nick).finditer(text):
        if end < found.start():
            yield text[end : found.start()], False
        yield found.group(), True
        end = found.end()
    if end < len(text):
        yield text[end:], False


@lru_cache(maxsize=4)
def _pattern(nick: str) -> re.Pattern[str]:
    # Nicks may hold - _ . ' inside, so those join words here; at the end of one they are signs.
    return re.compile(rf"(?<!\w)(?<!\w[-.'’]){re.escape(nick)}(?!\w)(?![-'’]\w)", re.IGNORECASE)
