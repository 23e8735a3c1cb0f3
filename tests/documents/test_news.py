"""The news name what there is, and are as fast as they say."""

from __future__ import annotations

import re

from huddle.protocol.commands import COMMANDS
from scripts.manual_pages import PROGRAMS, told
from tests.documents.blocks import ROOT

NEWS = (ROOT / "NEWS.md").read_text("utf-8")
NO_COMMAND = {"/health"}
"""What is asked for in a browser."""


def test_the_commands_that_they_name_can_be_typed() -> None:
    named = set(re.findall(r"`(/[a-z-]+)\b[^`]*`", NEWS)) - NO_COMMAND
    assert len(named) > 30
    assert named <= {f"/{name}" for command in COMMANDS for name in command.names}


def test_the_options_that_they_name_can_be_given() -> None:
    named = set(re.findall(r"(?<=[` ])--[a-z-]+", NEWS))
    assert len(named) > 15
    assert named <= {
        name
        for program in PROGRAMS
        for option in told(program, "en").options
        for name in option.names
    }


def test_what_they_say_of_other_servers_was_measured() -> None:
    text = (ROOT / "docs" / "performance.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")][:5]
        for row in re.findall(r"^\| .* ÷ .*\|$", text, re.MULTILINE)
    ]
    measured = {(load, figure): float(ratio) for load, figure, _, _, ratio in rows}
    many = "1,000 members, 50 speakers, 64 in flight"
    assert measured[many, "deliveries/s ÷ InspIRCd"] > 1
    assert measured[many, "deliveries/s ÷ Redis"] > 1
    assert 0.8 < measured["10 members, one at a time", "no record: p50 ÷ InspIRCd"] < 1.2
