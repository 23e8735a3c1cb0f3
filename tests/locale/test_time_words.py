"""What was meant as a duration is never taken for a reason, nor a reason for a duration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from itertools import product
from unittest.mock import patch

import pytest
from typing_extensions import override

from huddle.locale import time_words
from huddle.locale.clock import HouseClock
from huddle.locale.time_words import (
    CONTINUED,
    NUMBERS,
    SIZES,
    any_of,
    begins_with_time,
    number_of,
)
from huddle.protocol.arguments import how_long_and_why
from huddle.protocol.commands import read_command
from huddle.protocol.errors import BadUsage
from huddle.protocol.requests import Ban, Mute, SetSlow

EPOCH = HouseClock(UTC, lambda: 0)
MARKS = ("{}", "*{}*", "({})", '"{}"', "«{}»", "¿{}?", "`{}`", "_{}_", "…{}", "~{}", "\u200b{}")
BEHIND = ("", " spam", ", spam", ": spam", " - spam")

ENGLISH_TIMES = [
    *("1h", "90s", "1 hour", "an hour", "two weeks", "week", "weeks", "a month", "weekend"),
    *("friday", "mondays", "tomorrow", "noon", "couple hours", "a couple days", "one-hour"),
    *("a few hours", "half a year", "some minutes", "moment", "fortnight", "decade", "3 months"),
]
SPANISH_TIMES = [
    *("1h", "90s", "1 hora", "una hora", "dos semanas", "semana", "semanas", "un mes", "viernes"),
    *("fin de semana", "los lunes", "mañana", "mediodía", "un par horas", "una-hora", "cinco días"),
    *("unas horas", "medio año", "unos minutos", "un rato", "quincena", "década", "3 meses"),
    *("manana", "mediodia", "mas de una hora", "proximo lunes"),
]
ENGLISH_BEFORE = ("in", "within", "for about", "until", "up to", "the next", "by", "at least")
SPANISH_BEFORE = ("en", "dentro de", "por unos", "hasta", "para", "al menos", "el próximo")

MEANT = [
    *ENGLISH_TIMES,
    *SPANISH_TIMES,
    *map(" ".join, product(ENGLISH_BEFORE, ENGLISH_TIMES)),
    *map(" ".join, product(SPANISH_BEFORE, SPANISH_TIMES)),
    *("until he is sorry", "hasta que pida perdón", "hasta nuevo aviso", "a while", "todo el día"),
]
ALONE = [
    *("30", "17:00", "in 30", "at 17:00", "a las 17", "today", "solo hoy", "second"),
    *("a hundred days", "cien días", "mil años", "overnight", "a night", "a bit"),
    *("esta noche", "esta tarde", "un ratito", "una semanita", "un poco", "until january", "enero"),
]

REASONS = [
    *("spam", "too 5", "d'oh", "sp4m", "l33t speak", "h1n1 jokes", "m8", "s p a m", "w/ spam"),
    *("for a second offence", "a second warning", "second warning", "for the third time"),
    *("un segundo aviso", "por un segundo aviso", "segundo aviso", "some second thoughts"),
    *("for 3 warnings", "for spamming", "one of many", "some people never learn", "last week too"),
    *(
        "por pesado",
        "por decir tonterías",
        "otra vez",
        "una y otra vez",
        "a las armas",
        "ayer",
    ),
    *("hora de irse", "day after day", "while drunk he swore", "today he swore", "hoy insultó"),
    *("hasta aquí", "hasta nunca", "hasta la vista", "monday's mess", "weekly spam", "mañanero"),
    *("half asleep", "media clase se queja", "on and on", "in public", "en serio", "the end"),
    *("tarde otra vez", "a bit rude", "un poco pesado", "night spam", "january sales"),
    *("- spam", "-- spam --", "∞", "一直刷屏", "…", "!"),
]


def bans(typed: str) -> Iterator[Ban | Mute | None]:
    """What `/ban` and `/mute` make of it, in either language; None: it is refused."""
    for name in ("ban", "vetar", "mute", "callar"):
        try:
            request = read_command(f"/{name} bob {typed}", EPOCH)
        except BadUsage as refused:
            assert "[10m|2h|30d|forever]" in str(refused.field)
            assert "[10m|2h|30d|para siempre]" in str(refused.field)
            yield None
        else:
            assert isinstance(request, Ban | Mute)
            yield request


def test_what_was_meant_as_a_duration_never_lasts_for_ever() -> None:
    for typed in MEANT:
        for request in bans(typed):
            assert request is None or request.seconds, typed
        for marks, behind in product(MARKS, BEHIND):
            read = how_long_and_why(marks.format(typed) + behind)
            assert read is None or read[0], typed


@pytest.mark.parametrize("marks", MARKS[1:])
def test_a_duration_with_marks_around_it_is_refused(marks: str) -> None:
    for typed, behind in product([*ENGLISH_TIMES, *SPANISH_TIMES], BEHIND):
        assert list(bans(marks.format(typed) + behind)) == [None] * 4


@pytest.mark.parametrize("typed", ALONE)
def test_so_is_a_number_alone_or_a_day(typed: str) -> None:
    for marks in MARKS:
        assert list(bans(marks.format(typed))) == [None] * 4


def test_a_reason_is_a_reason() -> None:
    for reason in REASONS:
        for request in bans(reason):
            assert request is not None, reason
            assert (request.seconds, request.reason) == (None, reason)


@pytest.mark.parametrize("forever", ["forever", "For Ever", "para siempre", "por siempre"])
@pytest.mark.parametrize("reason", [*REASONS[:3], *MEANT[:3], "3rd warning", "5", ""])
def test_behind_for_ever_anything_is_a_reason(forever: str, reason: str) -> None:
    for request in bans(f"{forever} {reason}"):
        assert request is not None
        assert (request.seconds, request.reason) == (None, reason)


@pytest.mark.parametrize("name", ["slow", "lento"])
def test_a_room_is_not_slow_for_what_is_not_understood(name: str) -> None:
    for typed in (*ENGLISH_TIMES, *SPANISH_TIMES, "in 1h", "forever", "*5s*"):
        try:
            request = read_command(f"/{name} {typed}", EPOCH)
        except BadUsage:
            continue
        assert isinstance(request, SetSlow), typed
        assert request.seconds, typed


def test_all_units_are_times() -> None:
    for unit in SIZES:
        assert begins_with_time(f"about 2 {unit}")
        assert begins_with_time(f"a few {unit}") is (len(unit) > 1), unit


def test_each_word_is_looked_at_once() -> None:
    """Counted: so many words, so many looks, whatever they are."""

    class Counted(frozenset[str]):
        looks = 0

        @override
        def __contains__(self, word: object) -> bool:
            Counted.looks += 1
            return super().__contains__(word)

    for word in ("a", "for", "hasta", "5", "half", "y", "un"):
        counts = []
        for times in (100, 200):
            Counted.looks = 0
            with patch.object(time_words, "_BEFORE", Counted(time_words._BEFORE)):
                begins_with_time(f"a {f'{word} ' * times}x")
            counts.append(Counted.looks)
        assert counts[1] - counts[0] <= 100


# Numbers in words: each is one number, in whichever language, and the longest words go first


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("half  an", 0.5),
        ("Media", 0.5),
        ("three quarters of an", 0.75),
        ("un", 1),
        ("dieciséis", 16),
        ("CUARENTA  y\tcinco", 45),
    ],
)
def test_numbers_say(words: str, number: float) -> None:
    assert number_of(words) == number


def test_each_number_is_read_whole_however_it_begins() -> None:
    reader = re.compile(any_of(NUMBERS))
    for words in NUMBERS:
        found = reader.fullmatch(words.replace(" ", "  "))
        assert found is not None
        assert reader.match(words)[0] == words  # type: ignore[index]


def test_one_is_no_more_that_a_duration_goes_on_with() -> None:
    assert not {"a", "an", "un", "una", "one"} & set(CONTINUED)
