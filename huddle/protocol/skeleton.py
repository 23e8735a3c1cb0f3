"""What a word looks like: the skeletons of UTS #39, by which look-alikes are found.

Two words look alike when their skeletons are the same: Latin ``ana`` and ``аna`` with a Cyrillic
а, ``AIex`` with a capital i and ``Alex``, ``rn`` and ``m``. A skeleton is for comparing only; it is
a hodgepodge of scripts that is not to be shown to people.
https://www.unicode.org/reports/tr39/#Confusable_Detection

The table is Unicode 17's. No package on PyPI computed skeletons when this was written:
``confusable_homoglyphs`` and ``confusables`` list the look-alikes of single characters, and read
megabytes of JSON for it.
"""

from __future__ import annotations

import json
import re
from pkgutil import get_data

from huddle.locale.columns import IGNORABLE
from huddle.protocol.text import normalized

_IGNORABLE = re.compile(f"[{IGNORABLE}]")


def _read_prototypes() -> dict[int, str]:
    """Read what each confusable character is taken for: 6,564 of them in 2 ms, 0.6 MiB."""
    alike = json.loads(get_data("huddle.protocol", "confusables.json") or "")["alike"]
    return {ord(character): seen for seen, characters in alike.items() for character in characters}


_PROTOTYPES = _read_prototypes()


def skeleton(word: str) -> str:
    """Make what a word is compared by: the `internalSkeleton` of UTS #39, section 4.

    It goes by the order in which the word is stored, not shown: ask it of words that run in one
    direction, as names do (`huddle.protocol.names`).
    """
    if word.isascii():  # nothing to decompose or to ignore
        return word.translate(_PROTOTYPES)
    seen = _IGNORABLE.sub("", normalized("NFD", word)).translate(_PROTOTYPES)
    return normalized("NFD", seen)
