"""A process that speaks to a record until it is killed, and tells each seq it was answered."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.record.desk import draft, sqlite_desk

if __name__ == "__main__":
    desk = sqlite_desk(Path(sys.argv[1]))
    while True:
        first = desk.record.extent("huddle").newest + 1
        drafts = [draft(f"text {id}", id=id) for id in range(first, first + first % 7 + 1)]
        said = desk.append(*drafts, draft("aside", room="ops"))
        print(said[-2].seq, flush=True)
