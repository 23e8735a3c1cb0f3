"""The fields of an object have the type that is asked for, or the refusal names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, make_dataclass
from typing import Any

import pytest

from huddle.locale.durations import LONGEST
from huddle.protocol.codec import NEEDED, asked
from huddle.protocol.errors import BadField
from huddle.protocol.events import Kind, Speech
from huddle.protocol.fields import (
    BIGGEST,
    ROOMS,
    Count,
    Duration,
    Key,
    Line,
    Number,
    Seconds,
    Seqs,
    Text,
    Time,
    Version,
)

NOT_STRINGS: list[object] = [None, 1, 1.5, True, [], {}, ["a"]]
MISSING = object()


def refuses(question: Callable[[], object]) -> bool:
    with pytest.raises(BadField) as refused:
        question()
    return refused.value.field == "field" and refused.value.code == "bad-field"


def read(hint: Any, value: object, **more: Any) -> Any:
    """What a program's object means in a request with one such field."""
    made = make_dataclass("Made", [("field", hint, field(**more))])
    given = {} if value is MISSING else {"field": value}
    return asked(made)(given, None).field


# Texts


def test_a_text_is_clean() -> None:
    assert read(Text, "a\0b\ud800\x1b") == "a\ufffdb\ufffd\ufffd"


def test_a_text_must_be_there() -> None:
    assert refuses(lambda: read(Text, MISSING))


@pytest.mark.parametrize("value", NOT_STRINGS)
def test_a_text_is_a_string(value: object) -> None:
    assert refuses(lambda: read(Text, value))
    assert refuses(lambda: read(Line, value))


@pytest.mark.parametrize("value", ["a\nb", "\n", "a\r", "a\r\nb"])
def test_a_line_has_no_break(value: str) -> None:
    assert refuses(lambda: read(Line, value))


def test_a_line_keeps_its_spaces_and_tabs() -> None:
    assert read(Line, "  a\tb ") == "  a\tb "


def test_a_text_that_need_not_be_there_may_be_null() -> None:
    assert read(Text | None, MISSING) is None
    assert read(Text | None, None) is None
    assert read(Text | None, "ops") == "ops"
    assert refuses(lambda: read(Text | None, 0))
    assert read(Line | None, None) is None
    assert read(Line | None, "ops") == "ops"
    assert refuses(lambda: read(Line | None, "a\nb"))


def test_a_key_is_not_empty() -> None:
    assert refuses(lambda: read(Key | None, ""))
    assert refuses(lambda: read(Key | None, "a\nb"))
    assert read(Key | None, "sesame") == "sesame"
    assert read(Key | None, None) is None


def test_what_people_may_leave_out_a_program_may_have_to_tell() -> None:
    assert refuses(lambda: read(Count | None, None, default=None, metadata=NEEDED))
    assert refuses(lambda: read(Line | None, MISSING, default=None, metadata=NEEDED))


# Numbers


@pytest.mark.parametrize("value", [1, 7, BIGGEST])
def test_a_count_is_a_whole_number(value: int) -> None:
    assert read(Count | None, value) == value


@pytest.mark.parametrize(
    "value", [0, -1, BIGGEST + 1, 10**100, 1.0, 1.5, 1e300, float("inf"), True, False, "1", [], {}]
)
def test_what_is_no_count_is_refused(value: object) -> None:
    assert refuses(lambda: read(Count | None, value))


def test_a_count_that_need_not_be_there_may_be_null_and_may_begin_at_0() -> None:
    assert read(Count | None, MISSING) is None
    assert read(Count | None, None) is None
    assert read(Number | None, 0) == 0
    assert refuses(lambda: read(Number | None, -1))


def test_a_count_may_have_to_be_there() -> None:
    assert read(Count, 7) == 7
    assert refuses(lambda: read(Count, MISSING))
    assert refuses(lambda: read(Count, 0))


@pytest.mark.parametrize("value", [0, 1, 2.5, LONGEST])
def test_seconds_are_a_number(value: float) -> None:
    assert read(Seconds | None, value) == value


@pytest.mark.parametrize(
    "value", [-1, -0.5, LONGEST + 1, float("inf"), float("nan"), True, "5", "5s", [], {}]
)
def test_what_are_no_seconds_is_refused(value: object) -> None:
    assert refuses(lambda: read(Seconds | None, value))


def test_seconds_may_be_null_or_not_there() -> None:
    assert read(Seconds | None, MISSING) is read(Seconds | None, None) is None


@pytest.mark.parametrize("value", [0, 0.0, -1, True, "5"])
def test_what_lasts_no_time_is_no_duration(value: object) -> None:
    assert refuses(lambda: read(Duration | None, value))
    assert read(Duration | None, 0.5) == 0.5
    assert read(Duration | None, None) is None


@pytest.mark.parametrize("value", [0, 2, "1", True, 1.0])
def test_there_is_one_version(value: object) -> None:
    assert refuses(lambda: read(Version, value))
    assert read(Version, 1) == read(Version, None, default=1) == 1


# Times


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-11-20T18:02:11.123Z", 1_795_197_731_123),
        ("2026-11-20T19:02:11.123+01:00", 1_795_197_731_123),
        ("2026-11-20 18:02:11+00:00", 1_795_197_731_000),
        ("1969-12-31T23:59:59.999Z", -1),
    ],
)
def test_a_time_is_that_of_rfc_3339(value: str, time: int) -> None:
    assert read(Time | None, value) == time


@pytest.mark.parametrize(
    "value",
    ["", "now", "2026-11-20", "2026-11-20T18:02:11", "2026-02-30T00:00:00Z", "18:02Z", 0, True, []],
)
def test_what_is_no_time_with_a_zone_is_refused(value: object) -> None:
    assert refuses(lambda: read(Time | None, value))


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999-23:59"])
def test_the_ends_of_the_calendar_are_times(value: str) -> None:
    assert isinstance(read(Time | None, value), int)


def test_a_time_that_need_not_be_there_may_be_null() -> None:
    assert read(Time | None, MISSING) is None
    assert read(Time | None, None) is None


# Flags and kinds


def test_a_flag_is_a_boolean_and_false_when_it_is_not_there() -> None:
    assert read(bool, True, default=False) is True
    assert read(bool, False, default=False) is False
    assert read(bool, MISSING, default=False) is read(bool, None, default=False) is False


@pytest.mark.parametrize("value", [0, 1, "true", []])
def test_what_is_no_boolean_is_no_flag(value: object) -> None:
    assert refuses(lambda: read(bool, value, default=False))
    assert refuses(lambda: read(bool, value))


def test_a_switch_must_be_told() -> None:
    assert read(bool, True) is True
    assert read(bool, False) is False
    assert refuses(lambda: read(bool, None))
    assert refuses(lambda: read(bool, MISSING))


def test_what_is_said_is_said_plainly_if_nothing_else_is_told() -> None:
    for missing in (MISSING, None):
        assert read(Speech, missing, default=Kind.SAY) is Kind.SAY
    assert read(Speech, "say", default=Kind.ME) is Kind.SAY
    assert read(Speech, "me", default=Kind.SAY) is Kind.ME


@pytest.mark.parametrize("value", ["", "SAY", "shout", "announce", "deleted", 1, [], {}])
def test_there_is_no_other_kind(value: object) -> None:
    assert refuses(lambda: read(Speech, value, default=Kind.SAY))


# Seqs of rooms


def test_seqs_are_counts_from_0_by_room() -> None:
    assert read(Seqs, {"huddle": 1041, "@": 0}) == {"huddle": 1041, "@": 0}
    for given in ({}, None, MISSING):
        assert read(Seqs, given, default_factory=dict) == {}


@pytest.mark.parametrize(
    "value",
    [
        [],
        "huddle",
        1,
        {"huddle": -1},
        {"huddle": None},
        {"huddle": True},
        {"huddle": 1.0},
        {"huddle": BIGGEST + 1},
        {"x" * 33: 1},
        {"a\0": 1},
        {"\ud800": 1},
        {f"r{number}": 1 for number in range(ROOMS + 1)},
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_are_no_seqs_is_refused(value: object) -> None:
    assert refuses(lambda: read(Seqs, value))


def test_as_many_rooms_may_be_named_as_the_limit_says() -> None:
    rooms = {f"r{number}": 1 for number in range(ROOMS)}
    assert read(Seqs, rooms) == rooms
