"""docs/running.md says what is so, in both languages: its table of limits is that of the code."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from random import Random

import pytest

from huddle.locale import column_of
from huddle.people.return_words import WORDS
from huddle.protocol.commands import COMMANDS
from huddle.protocol.limits import Limits
from huddle.server.options import Options
from tests.record.awaited_record import draft, sqlite_record

DOCS = Path(__file__).parent.parent.parent / "docs"
IN = {
    "en": (DOCS / "running.md", "Limits", ("A class", "A party", "An operations room")),
    "es": (
        DOCS / "es" / "running.md",
        "Límites",
        ("Una clase", "Una fiesta", "Una sala de operaciones"),
    ),
}
"""By language: the document, the heading of its limits, those of the three houses."""

in_both = pytest.mark.parametrize("language", IN)


def section(language: str, heading: str) -> str:
    return IN[language][0].read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]


def rows(language: str) -> list[list[str]]:
    """The table of limits: name, value, option."""
    table = section(language, IN[language][1])
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in line.split("|")[1:4]] for line in lines]


@in_both
def test_the_limits_are_those_of_the_code_in_its_order(language: str) -> None:
    limits = Limits()
    documented = [(name, float(value)) for name, value, _ in rows(language)]
    assert documented == [(field.name, getattr(limits, field.name)) for field in fields(Limits)]


@in_both
def test_the_options_of_limits_are_those_that_set_them(language: str) -> None:
    changed = Options()
    documented = {name: option for name, _, option in rows(language) if option}
    for name, option in documented.items():
        assert option == f"--{name.replace('_', '-')}"
        value = getattr(Limits(), name)
        changed.parseOptions([option, f"{value + 1:g}"])
        assert getattr(changed.limits, name) == value + 1
    parameters = {long.replace("-", "_") for long, *_ in Options.optParameters}
    parameters.discard("history")  # that is the file
    assert documented.keys() == parameters & {field.name for field in fields(Limits)}


@in_both
def test_every_command_of_the_three_houses_is_one(language: str) -> None:
    names = {command.names[column_of(language)] for command in COMMANDS}
    for heading in IN[language][2]:
        typed = re.findall(r"(?:^|`)/([a-z]+)", section(language, heading), re.MULTILINE)
        assert typed
        assert set(typed) <= names


def test_a_message_of_ten_words_takes_about_what_is_told(tmp_path: Path) -> None:
    """The full-text index included, which a search brings up to date."""
    chosen = Random(1).choice
    record = sqlite_record(tmp_path)
    for _ in range(10):
        record.append(*[draft(" ".join(chosen(WORDS) for _ in range(10))) for _ in range(500)])
    record.search("x")
    record.close()
    [told] = re.findall(r"ten words takes about (\d+) bytes", IN["en"][0].read_text("utf-8"))
    assert 0.85 < (tmp_path / "huddle.db").stat().st_size / 5000 / int(told) < 1.15
