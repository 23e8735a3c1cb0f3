"""The fields of an object have the type that is asked for, or the question names them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huddle.dialects.fields import BIGGEST, ROOMS, Fields
from huddle.locale.durations import LONGEST
from huddle.protocol.errors import BadField
from huddle.protocol.events import Kind

NOT_STRINGS: list[object] = [None, 1, 1.5, True, [], {}, ["a"]]


def refuses(question: Callable[[], object]) -> bool:
    with pytest.raises(BadField) as refused:
        question()
    return refused.value.field == "field" and refused.value.code == "bad-field"


def fields(value: object) -> Fields:
    return Fields({"field": value})


# Texts


def test_a_text_is_clean() -> None:
    assert fields("a\0b\ud800\x1b").text("field") == "a\ufffdb\ufffd\ufffd"


def test_a_text_must_be_there() -> None:
    assert refuses(lambda: Fields({}).text("field"))


@pytest.mark.parametrize("value", NOT_STRINGS)
def test_a_text_is_a_string(value: object) -> None:
    assert refuses(lambda: fields(value).text("field"))
    assert refuses(lambda: fields(value).line("field"))


@pytest.mark.parametrize("value", ["a\nb", "\n", "a\r", "a\r\nb"])
def test_a_line_has_no_break(value: str) -> None:
    assert refuses(lambda: fields(value).line("field"))


def test_a_line_keeps_its_spaces_and_tabs() -> None:
    assert fields("  a\tb ").line("field") == "  a\tb "


def test_a_text_that_need_not_be_there_may_be_null() -> None:
    assert Fields({}).optional_text("field") is None
    assert fields(None).optional_text("field") is None
    assert fields("ops").optional_text("field") == "ops"
    assert refuses(lambda: fields(0).optional_text("field"))
    assert fields(None).optional_line("field") is None
    assert fields("ops").optional_line("field") == "ops"
    assert refuses(lambda: fields("a\nb").optional_line("field"))


# Numbers


@pytest.mark.parametrize("value", [1, 7, BIGGEST])
def test_a_count_is_a_whole_number(value: int) -> None:
    assert fields(value).optional_count("field") == value
    assert Fields({"id": value}).id() == value


@pytest.mark.parametrize(
    "value", [0, -1, BIGGEST + 1, 10**100, 1.0, 1.5, 1e300, float("inf"), True, False, "1", [], {}]
)
def test_what_is_no_count_is_refused(value: object) -> None:
    assert refuses(lambda: fields(value).optional_count("field"))


def test_a_count_that_need_not_be_there_may_be_null_and_may_begin_at_0() -> None:
    assert Fields({}).optional_count("field") is None
    assert fields(None).optional_count("field") is None
    assert fields(0).optional_count("field", least=0) == 0
    assert refuses(lambda: fields(-1).optional_count("field", least=0))


def test_a_count_may_have_to_be_there() -> None:
    assert fields(7).count("field") == 7
    assert refuses(lambda: Fields({}).count("field"))
    assert refuses(lambda: fields(0).count("field"))


@pytest.mark.parametrize("value", [0, 1, 2.5, LONGEST])
def test_seconds_are_a_number(value: float) -> None:
    assert fields(value).optional_seconds("field") == value


@pytest.mark.parametrize(
    "value", [-1, -0.5, LONGEST + 1, float("inf"), float("nan"), True, "5", "5s", [], {}]
)
def test_what_are_no_seconds_is_refused(value: object) -> None:
    assert refuses(lambda: fields(value).optional_seconds("field"))


def test_seconds_may_be_null_or_not_there() -> None:
    assert Fields({}).optional_seconds("field") is fields(None).optional_seconds("field") is None


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
    assert fields(value).optional_time("field") == time


@pytest.mark.parametrize(
    "value",
    ["", "now", "2026-11-20", "2026-11-20T18:02:11", "2026-02-30T00:00:00Z", "18:02Z", 0, True, []],
)
def test_what_is_no_time_with_a_zone_is_refused(value: object) -> None:
    assert refuses(lambda: fields(value).optional_time("field"))


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999-23:59"])
def test_the_ends_of_the_calendar_are_times(value: str) -> None:
    assert isinstance(fields(value).optional_time("field"), int)


def test_a_time_that_need_not_be_there_may_be_null() -> None:
    assert Fields({}).optional_time("field") is None
    assert fields(None).optional_time("field") is None


# Flags and kinds


def test_a_flag_is_a_boolean_and_false_when_it_is_not_there() -> None:
    assert fields(True).flag("field") is True
    assert fields(False).flag("field") is False
    assert Fields({}).flag("field") is fields(None).flag("field") is False


@pytest.mark.parametrize("value", [0, 1, "true", []])
def test_what_is_no_boolean_is_no_flag(value: object) -> None:
    assert refuses(lambda: fields(value).flag("field"))
    assert refuses(lambda: fields(value).switch("field"))


def test_a_switch_must_be_told() -> None:
    assert fields(True).switch("field") is True
    assert fields(False).switch("field") is False
    assert refuses(lambda: fields(None).switch("field"))
    assert refuses(lambda: Fields({}).switch("field"))


def test_what_is_said_is_said_plainly_if_nothing_else_is_told() -> None:
    assert Fields({}).kind() is Fields({"kind": None}).kind() is Kind.SAY
    assert Fields({"kind": "say"}).kind() is Kind.SAY
    assert Fields({"kind": "me"}).kind() is Kind.ME


@pytest.mark.parametrize("value", ["", "SAY", "shout", "announce", "deleted", 1, [], {}])
def test_there_is_no_other_kind(value: object) -> None:
    with pytest.raises(BadField) as refused:
        Fields({"kind": value}).kind()
    assert refused.value.field == "kind"


# Seqs of rooms


def test_seqs_are_counts_from_0_by_room() -> None:
    assert fields({"huddle": 1041, "@": 0}).seqs("field") == {"huddle": 1041, "@": 0}
    assert fields({}).seqs("field") == fields(None).seqs("field") == Fields({}).seqs("field") == {}


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
    assert refuses(lambda: fields(value).seqs("field"))


def test_as_many_rooms_may_be_named_as_the_limit_says() -> None:
    rooms = {f"r{number}": 1 for number in range(ROOMS)}
    assert fields(rooms).seqs("field") == rooms
