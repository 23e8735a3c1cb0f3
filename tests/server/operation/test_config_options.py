"""Options that are typed or stand in a file: which go first, and where what is wrong stands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from huddle.server.options import Options
from huddle.server.start_errors import Refusal

Write = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file; gives its name."""

    def write(text: str) -> str:
        path = tmp_path / "huddle.toml"
        path.write_text(text, "utf-8", errors="surrogateescape")
        return str(path)

    return write


def options(*typed: str) -> Options:
    read = Options()
    read.parseOptions(["--lang", "en", *typed] if "--lang" not in typed else typed)
    return read


def refused(*typed: str) -> list[str]:
    """The lines of the refusal, without the name of the file."""
    with pytest.raises(Refusal) as refusal:
        options(*typed)
    lines = refusal.value.reason.splitlines()
    return [line.partition("huddle.toml:")[2] or line.strip() for line in lines]


def test_what_is_typed_goes_before_what_is_written(write: Write) -> None:
    path = write('hold = 90\nport = 1\nop = ["ana", "bob"]\nmotd = "nowhere"')
    read = options("-c", path, "--hold", "30", "--op", "carl", "--motd=/dev/null", "-p2")
    assert (read["hold"], read["port"], read.operators) == ("30", "2", ["carl"])


def test_a_flag_that_is_false_is_none(write: Write) -> None:
    assert not options("--config", write("members-only = false")).members_only


def test_one_value_of_a_list_needs_no_brackets(write: Write) -> None:
    assert options("--config", write('op = "ana"')).operators == ["ana"]


FAULTS = [
    ("ports = 1", ["1: there is no option ports; port is one"]),
    ("# x\n\nper_address = 1", ["3: there is no option per_address; per-address is one"]),
    ("zzz = 1", ["1: there is no option zzz"]),
    ("config = 'x'", ["1: there is no option config"]),
    ("check = true", ["1: there is no option check"]),
    ("hold = 1\n[port]\nx = 1", ["2: port is one value: a text or a number"]),
    ("[[op]]\nx = 1", ['1: op is a list, such as ["one", "two"]']),
    ("port = true", ["1: port is one value: a text or a number"]),
    ("port = [1]", ["1: port is one value: a text or a number"]),
    ("tz = 2026-11-20", ["1: tz is one value: a text or a number"]),
    ("op = 5", ['1: op is a list, such as ["one", "two"]']),
    ("op = [true]", ['1: op is a list, such as ["one", "two"]']),
    ("members-only = 1", ["1: members-only is true or false"]),
    ("hold = 1\nhold = 2", ["2: this is no TOML: Cannot overwrite a value"]),
    ("hold = \n", ["1: this is no TOML: Invalid value"]),
    ('hold = "1', ["1: this is no TOML: Unterminated string"]),
    ("hold = 1\n\udcff = 2", ["2: it is not UTF-8"]),
]


VALUES = [
    ("# x\nhold = 'x'", ["2: hold = x will not do: it is a duration, such as 90s, 5m, 1h or 30d"]),
    ("flood-burst = 0", ["1: flood-burst = 0 will not do: it is at least 1"]),
    (
        "keep = 30",
        [
            "1: keep = 30 will not do: it wants a unit, such as 30d (days), 12h (hours) or 5m"
            " (minutes)"
        ],
    ),
    ("op = [\n  'ana',\n  'a<b',\n]", ["3: op = a<b will not do: it is no nick"]),
    ("port = 70000", ["1: port = 70000 will not do: a port is at most 65535"]),
]


@pytest.mark.parametrize(("text", "told"), FAULTS + VALUES)
@pytest.mark.parametrize("check", [(), ("--check",)])
def test_what_is_wrong_is_told_with_its_line(
    write: Write, text: str, told: list[str], check: tuple[str, ...]
) -> None:
    assert refused("--config", write(text), *check) == told


def test_a_check_tells_all_that_is_wrong_and_a_start_the_first_of_it(write: Write) -> None:
    path = write("ports = 1\nhold = 'x'\nop = ['a<b', 'ana', 'c<d']\nmembers-only = 3\n")
    assert refused("--config", path) == ["1: there is no option ports; port is one"]
    assert refused("--config", path, "--check", "--searches", "x") == [
        "1: there is no option ports; port is one",
        "4: members-only is true or false",
        "2: hold = x will not do: it is a duration, such as 90s, 5m, 1h or 30d",
        "--searches x will not do: it is a number",
    ]


def test_what_is_typed_has_no_line_also_where_the_file_says_the_same(write: Write) -> None:
    told = refused("--config", write("hold = 'x'"), "--hold", "x")
    assert told == ["--hold x will not do: it is a duration, such as 90s, 5m, 1h or 30d"]


def test_it_is_told_in_the_language_of_the_file(write: Write) -> None:
    with pytest.raises(Refusal, match=r"huddle\.toml:2: hold = x no sirve: es una duración"):
        Options().parseOptions(["--config", write("lang = 'es'\nhold = 'x'")])


@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_who_reads_no_more_of_what_is_told_hears_of_no_fault(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``head`` does. What waits is tried once more as Python ends, here as the file closes."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as output:
        monkeypatch.setattr(sys, "stdout", output)
        with pytest.raises(SystemExit) as ended:
            options(asked)
        assert ended.value.code == 0
