"""No line holds up the house: the dearest are looked for, in every field of both dialects.

A few seconds of looking find what is dear by kind (a length that is not measured, a loop over what
was typed); how far it goes in ten minutes shows
``HUDDLE_DEAR_SECONDS=600 pytest tests/long/test_dear_lines.py``, from another seed each time.
"""

from __future__ import annotations

import os
import random
from time import monotonic

from tests.dear_lines import ALL_TEMPLATES, Search

MOST = 10_000_000
"""Nanoseconds, by estimate, that hearing one line may take, with all that becomes of it."""

SECONDS = float(os.environ.get("HUDDLE_DEAR_SECONDS", "10"))


def test_no_line_of_64_kib_is_dear() -> None:
    seed = random.randrange(2**32) if "HUDDLE_DEAR_SECONDS" in os.environ else 1
    search = Search(ALL_TEMPLATES, random.Random(seed))
    end = monotonic() + SECONDS
    tried = 0
    for tried, _ in enumerate(search.steps(), 1):
        if monotonic() > end and tried >= len(ALL_TEMPLATES):
            break
    found = [f"{cost / 1e6:5.1f} ms {line}" for cost, line in search.dearest]
    assert search.dearest[0][0] <= MOST, "\n".join([f"seed {seed}, {tried} lines", *found])
