"""What docs/cluster.md says of what happens when is tried, row by row.

A test says which row it tries: ``Row: a node is killed.``, in its docstring or above its lines.
"""

from __future__ import annotations

import re

from tests.documents.blocks import ROOT

ROW = re.compile(r"\bRow: ([^.\n]+)\.")


def test_each_row_of_what_happens_when_is_tried() -> None:
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    table = text.partition("## What happens when\n")[2].partition("\n\nStatus 78")[0]
    events = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:]
    tests = (ROOT / "tests").rglob("test_*.py")
    tried = {row for test in tests for row in ROW.findall(test.read_text("utf-8"))}
    assert len(events) > 10
    assert [event for event in events if event not in tried] == []
    assert tried <= set(events)
