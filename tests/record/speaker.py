"""A process that speaks to a record until it is killed, and tells each seq it was answered."""

from __future__ import annotations

import sys
from pathlib import Path

from huddle.record.sqlite import maintenance
from tests.record.awaited_record import draft, sqlite_record

if __name__ == "__main__":
    maintenance.IDS, maintenance.IDS_LATEST = 8, 16
    awaited = sqlite_record(Path(sys.argv[1]))
    while True:
        first = awaited.record.extent("huddle").newest + 1
        drafts = [draft(f"text {id}", id=id) for id in range(first, first + first % 7 + 1)]
        said = awaited.append(*drafts, draft("aside", room="ops"))
        print(said[-2].seq, flush=True)
