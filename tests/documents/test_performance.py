"""What the document of the figures says of a table is what stands in it, and none is empty."""

from __future__ import annotations

import re

from tests.documents.blocks import ROOT


def test_what_is_said_of_the_row_of_websocket_is_what_stands_there() -> None:
    text = (ROOT / "docs" / "performance.md").read_text("utf-8")
    [table] = re.findall(r"<!-- goals -->\n(.*?)<!-- /goals -->", text, re.DOTALL)
    [commit] = re.findall(r"^\*.*, commit (\w+):", table, re.MULTILINE)
    [row] = re.findall(r"^\|.* by WebSocket .*\|$", table, re.MULTILINE)
    measured, _, verdict = [cell.strip() for cell in row.strip("|").split("|")][4:]
    [told] = re.findall(r"^- \*WebSocket\*: (.*?)(?=^- )", text, re.MULTILINE | re.DOTALL)
    assert f"at commit {commit}, in the table above" in told
    assert f"{measured} of the deliveries of plain members" in told
    assert ("misses the goal" in told) == (verdict == "MISSED")


def test_what_is_said_of_what_is_not_huddles_own_is_what_was_measured() -> None:
    text = (ROOT / "docs" / "performance.md").read_text("utf-8")
    [table] = re.findall(r"<!-- floors -->\n(.*?)<!-- /floors -->", text, re.DOTALL)
    measured = {
        figure.strip(): float(ratio)
        for figure, ratio in re.findall(
            r"^\|[^|]*\|([^|]*÷[^|]*)\|[^|]*\|[^|]*\| ([\d.]+) ", table, re.MULTILINE
        )
    }
    assert measured["json: deliveries/s ÷ as long"] >= 1
    assert measured["CPU per message ÷ that of 4,500"] > 2


def test_no_section_waits_for_its_figures() -> None:
    sections = [
        (path.name, name, figures)
        for path in sorted((ROOT / "docs").rglob("*.md"))
        for name, figures in re.findall(
            r"<!-- (\w+) -->\n(.*?)<!-- /\1 -->", path.read_text("utf-8"), re.DOTALL
        )
    ]
    assert {"goals", "floors", "idle", "hostile", "client"} <= {name for _, name, _ in sections}
    assert [(path, name) for path, name, figures in sections if "|" not in figures] == []
