"""Make huddle/protocol/confusables.json, the table of look-alikes, from Unicode's own.

    python scripts/confusables.py confusables.txt LICENSE > huddle/protocol/confusables.json

The first file is https://www.unicode.org/Public/security/latest/confusables.txt, the second
Unicode's licence. Both are in the sources of ICU too (icu/source/data/unidata/ and icu/), so a
machine with nothing but a Debian mirror has them by ``apt-get source icu``; Unicode 17 came from
there (icu 78.3-2).

What is dropped: the comments, the names, and the rows of what is ignored before the table is asked
(`huddle.protocol.text.IGNORABLE`). What is left stands in escapes, because a file full of
look-alikes and right-to-left letters cannot be reviewed.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from huddle.locale.columns import IGNORABLE

_IGNORED = re.compile(f"[{IGNORABLE}]")


def rows(source: str) -> Iterator[tuple[str, str]]:
    """Each confusable character and its prototype, as they stand in Unicode's file."""
    for line in source.splitlines():
        data, _, _ = line.partition("#")
        if data.strip():
            character, prototype, _ = data.split(";")
            yield _characters(character), _characters(prototype)


def _characters(codes: str) -> str:
    return "".join(chr(int(code, 16)) for code in codes.split())


def alike(source: str) -> dict[str, str]:
    """Each prototype, decomposed, with all characters that are taken for it."""
    table: dict[str, str] = {}
    for character, prototype in sorted(rows(source)):
        if not _IGNORED.match(character):
            seen = unicodedata.normalize("NFD", prototype)
            table[seen] = table.get(seen, "") + character
    return dict(sorted(table.items()))


def provenance(source: str) -> list[str]:
    """What Unicode's file says of itself."""
    marks = ("# Date:", "# Version:", "# Unicode Security")
    return [line.removeprefix("# ") for line in source.splitlines() if line.startswith(marks)]


def main(confusables: str, licence: str) -> None:
    source = Path(confusables).read_text("utf-8-sig")
    notice, _, _ = Path(licence).read_text("utf-8-sig").partition("-" * 70)
    made = {
        "made_by": "scripts/confusables.py, for huddle/protocol/skeleton.py; not edited by hand",
        "made_from": provenance(source),
        "licence": notice.strip().splitlines(),
        "alike": alike(source),
    }
    print(json.dumps(made, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
