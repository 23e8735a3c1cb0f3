"""How times are typed behind a nick, as the documents tell it, is how they are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from huddle.protocol.arguments import how_long_and_why

DOCS = Path(__file__).parents[2] / "docs"
ROWS = {
    "running.md": ("times are typed as (.+?)\\. What begins like a time (.+?)behind (`.+?`)"),
    "es/running.md": (
        "los tiempos se escriben (.+?)\\. Lo que empieza como un tiempo (.+?)detrás de (`.+?`)"
    ),
}


@pytest.mark.parametrize("document", ROWS)
def test_the_forms_of_a_time_are_those_that_are_read(document: str) -> None:
    found = re.search(ROWS[document], (DOCS / document).read_text("utf-8"))
    assert found is not None
    forms, others, forever = (re.findall("`(.+?)`", part) for part in found.groups())
    assert len(forms) == 6 and len(others) == 2 and len(forever) == 1
    for form in forms:
        read = how_long_and_why(f"{form} spam")
        assert read is not None and read[0] and read[1] == "spam"
    for other in others:
        assert how_long_and_why(other) is how_long_and_why(f"{other} spam") is None
    for form in (*forms, *others):
        assert how_long_and_why(f"{forever[0]} {form}") == (None, form)
