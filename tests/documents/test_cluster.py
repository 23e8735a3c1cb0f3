"""What docs/cluster.md says of what happens when is tried, row by row.

A test says which row it tries: ``Row: a node is killed.``, in its docstring or above its lines.
"""

from __future__ import annotations

import re

from huddle.cluster.etcd.address import address_of
from tests.documents.blocks import ROOT

ROW = re.compile(r"\bRow: ([^.\n]+)\.")


def test_an_engine_is_written_as_it_is_read() -> None:
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    addresses = [address_of(each) for each in re.findall(r"etcds?://[^\s`]+", text)]
    assert [each.house for each in addresses] == ["school", "school"]
    assert {each.endpoints[2][-14:] for each in addresses} == {"/10.0.0.3:2379"}
    assert (addresses[0].authorities, addresses[0].password_file) == ("ca.pem", "engine.password")


def test_each_row_of_what_happens_when_is_tried() -> None:
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    table = text.partition("## What happens when\n")[2].partition("\n\nStatus 78")[0]
    events = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:]
    tests = (ROOT / "tests").rglob("test_*.py")
    tried = {row for test in tests for row in ROW.findall(test.read_text("utf-8"))}
    assert len(events) > 10
    assert [event for event in events if event not in tried] == []
    assert tried <= set(events)
