"""Durations in words of both languages: understood whole, or refused; never in part."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import product

import pytest

from huddle.locale.durations import leading, looks_like_one, seconds_of

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800

ENGLISH_UNITS = {"minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK}
SPANISH_UNITS = {"minuto": MINUTE, "hora": HOUR, "día": DAY, "semana": WEEK}
ENGLISH_NUMBERS = {"2": 2, "two": 2, "1.5": 1.5, "1,5": 1.5, "fifteen": 15, "twenty-four": 24}
SPANISH_NUMBERS = {"2": 2, "dos": 2, "1.5": 1.5, "1,5": 1.5, "quince": 15, "veinticuatro": 24}


def english() -> Iterator[tuple[str, float]]:
    for unit, size in ENGLISH_UNITS.items():
        one = "an" if unit == "hour" else "a"
        yield f"{one} {unit}", size
        yield f"one {unit}", size
        yield f"half {one} {unit}", size / 2
        yield f"a quarter of {one} {unit}", size / 4
        yield f"three quarters of {one} {unit}", size * 0.75
        yield f"{one} {unit} and a half", size * 1.5
        yield f"1 {unit} and a half", size * 1.5
        yield f"{unit} and a half", size * 1.5
        yield f"{one} {unit} and a quarter", size * 1.25
        yield f"a couple of {unit}s", size * 2
        yield f"one and a half {unit}s", size * 1.5
        yield f"2 and a half {unit}s", size * 2.5
        yield f"{one} {unit} and ten seconds", size + 10
        yield f"for {one} {unit}", size
        for number, value in ENGLISH_NUMBERS.items():
            yield f"{number} {unit}s", size * value
            yield f"{number} {unit}s, 5 seconds", size * value + 5


def spanish() -> Iterator[tuple[str, float]]:
    for unit, size in SPANISH_UNITS.items():
        feminine = unit.endswith("a")
        one, half = ("una", "media") if feminine else ("un", "medio")
        yield f"{one} {unit}", size
        yield f"{half} {unit}", size / 2
        yield f"un cuarto de {unit}", size / 4
        yield f"tres cuartos de {unit}", size * 0.75
        yield f"{unit} y {half}", size * 1.5
        yield f"{one} {unit} y {half}", size * 1.5
        yield f"1 {unit} y {half}", size * 1.5
        yield f"dos {unit}s y {half}", size * 2.5
        yield f"{unit} y cuarto", size * 1.25
        yield f"un par de {unit}s", size * 2
        yield f"{one} {unit} y diez segundos", size + 10
        yield f"por {one} {unit}", size
        yield f"durante {one} {unit}", size
        for number, value in SPANISH_NUMBERS.items():
            yield f"{number} {unit}s", size * value
            yield f"{number} {unit}s y 5 segundos", size * value + 5


UNDERSTOOD = [*english(), *spanish()]

REFUSED = [
    *("a month", "one year", "un mes", "dos años", "a fortnight", "una quincena", "un rato"),
    *("a few hours", "some minutes", "several days", "many weeks", "another hour", "the next hour"),
    *("unas horas", "unos minutos", "varios días", "muchas horas", "otra hora", "todo el día"),
    *("about 2 hours", "at least an hour", "only a minute", "for about an hour", "up to 2 days"),
    *("casi una hora", "como mucho 2 días", "al menos media hora", "durante unas 2 horas"),
    *("1 hour and some", "1 hora y pico", "media hora y pico", "1 hour and 30", "1 hora y 30"),
    *("1 hour ten", "1 hora media", "1 hora y media hora", "hora y media hora", "1 hora y diez"),
    *("1 hour or 2 hours", "1h o 2h", "1h to 2h", "an hour or two"),
    *("1,500 seconds", "1 1/2 hours", "½ hour", "5 more minutes", "2 o 3 horas", "two or 3 hours"),
]


def spelled(words: str) -> Iterator[str]:
    """The same, as keyboards and phones write it."""
    yield words
    yield words.upper()
    yield words.replace(" ", "  ").capitalize()
    yield unicodedata.normalize("NFD", words)


def test_it_is_understood_whole() -> None:
    for words, seconds in UNDERSTOOD:
        for typed in spelled(words):
            assert seconds_of(typed) == seconds, typed
            assert looks_like_one(typed), typed
            for reason in ("spam", "too loud, again", "y nada más", "and more"):
                assert leading(f"{typed} {reason}") == (seconds, reason), typed
            assert leading(f"{typed}: spam") == (seconds, "spam"), typed


def test_what_is_not_understood_is_a_duration_still_and_not_taken_in_part() -> None:
    for words, behind in product(REFUSED, ("", " spam", ", spam")):
        for typed in spelled(words):
            if (words, behind) in TAKEN_AS_A_REASON:
                continue
            assert leading(typed + behind) == (None, typed + behind), typed
            assert looks_like_one(typed + behind), typed
            assert seconds_of(typed) is None


TAKEN_AS_A_REASON = {
    (words, behind) for words in ("1 hour ten", "1 hora media") for behind in (" spam", ", spam")
}
"""``2h three times``: a number that is no duration's may begin a reason."""


@pytest.mark.parametrize(
    "reason",
    [
        *("a second offence", "a second warning, and the last", "un segundo aviso", "half asleep"),
        *("for a second offence", "second warning", "por un segundo aviso", "segundo aviso"),
        *("two warnings", "dos avisos", "for spamming", "por decir tonterías", "for 3 warnings"),
        *("media clase se queja", "hora de irse", "day after day", "one of many", "una y otra vez"),
        *("some people never learn", "otra vez", "another one", "ten", "sin motivo"),
    ],
)
def test_a_reason_that_begins_with_a_number_is_no_duration(reason: str) -> None:
    assert leading(reason) == (None, reason)
    assert not looks_like_one(reason)


def test_long_texts_are_read_soon() -> None:
    """Each word is looked at a few times at most; else these would take minutes."""
    parts = [
        "for ",
        "a few ",
        "half a ",
        "1 hora y ",
        "hora y media ",
        "a ",
        "2",
        " ",
        "and a half ",
        "1,",
    ]
    for part in parts:
        for text in (part * 20_000, "1" + part * 20_000, "1 hora" + part * 20_000):
            leading(text)
            looks_like_one(text)
