"""docs/clients.md says what both clients do: each dialogue that both hold, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = (ROOT / "docs" / "clients.md").read_text("utf-8")


def test_what_both_do_is_what_the_dialogues_show() -> None:
    file = json.loads((ROOT / "tests/client/session/dialogues.json").read_text("utf-8"))
    table = DOCUMENT.split("| what both do | rule |\n|---|---|\n")[1].split("\n\n")[0]
    told = [line.split("|")[1].strip() for line in table.splitlines()]
    assert told == [dialogue["name"] for dialogue in file["dialogues"]]


def test_the_rules_are_those_of_the_protocol() -> None:
    protocol = (ROOT / "docs" / "protocol.md").read_text("utf-8")
    rules = protocol.split("## What a client must do")[1].split("\n## ")[0]
    table = DOCUMENT.split("| what both do | rule |\n|---|---|\n")[1].split("\n\n")[0]
    named = {rule for line in table.splitlines() for rule in line.split("|")[2].strip().split(", ")}
    assert named - {""} == {str(n) for n in range(1, 14) if f"\n{n}. " in rules}
