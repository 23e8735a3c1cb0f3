"""docs/running.md says what is so: its table of limits is compared with the code."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from huddle.protocol.commands import COMMANDS
from huddle.protocol.limits import Limits
from huddle.server.options import Options

DOCUMENT = (Path(__file__).parent.parent.parent / "docs" / "running.md").read_text("utf-8")


def section(heading: str) -> str:
    return DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]


def rows() -> list[list[str]]:
    """The table of limits: name, value, option."""
    lines = [line for line in section("Limits").splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in line.split("|")[1:4]] for line in lines]


def test_the_limits_are_those_of_the_code_in_its_order() -> None:
    limits = Limits()
    documented = [(name, float(value)) for name, value, _ in rows()]
    assert documented == [(field.name, getattr(limits, field.name)) for field in fields(Limits)]


def test_the_options_of_limits_are_those_that_set_them() -> None:
    changed = Options()
    documented = {name: option for name, _, option in rows() if option}
    for name, option in documented.items():
        assert option == f"--{name.replace('_', '-')}"
        value = getattr(Limits(), name)
        changed.parseOptions([option, f"{value + 1:g}"])
        assert getattr(changed.limits, name) == value + 1
    parameters = {long.replace("-", "_") for long, *_ in Options.optParameters}
    parameters.discard("history")  # that is the file
    assert documented.keys() == parameters & {field.name for field in fields(Limits)}


def test_every_command_of_the_three_houses_is_one() -> None:
    names = {command.english for command in COMMANDS}
    for heading in ("A class", "A party", "An operations room"):
        typed = re.findall(r"(?:^|`)/([a-z]+)", section(heading), re.MULTILINE)
        assert typed
        assert set(typed) <= names
