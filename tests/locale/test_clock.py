"""The clock on the wall: hours and days in the server's zone, and what people mean by them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from time import tzset
from zoneinfo import ZoneInfo

import pytest

from huddle.locale import translator
from huddle.locale.clock import HouseClock, day_in_words
from huddle.server.clocks import LocalZone

MADRID = ZoneInfo("Europe/Madrid")
THURSDAY = datetime(2026, 11, 19, 18, 2, tzinfo=MADRID)


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def clock_at(now: datetime, zone: tzinfo = MADRID) -> HouseClock:
    return HouseClock(zone, lambda: ms(now))


def meant(words: str, now: datetime = THURSDAY, zone: tzinfo = MADRID) -> str | None:
    """What these words mean, as the wall shows it."""
    time = clock_at(now, zone).read(words)
    return None if time is None else f"{datetime.fromtimestamp(time / 1000, zone):%Y-%m-%d %H:%M}"


@pytest.fixture(params=["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Madrid", "UTC"])
def local_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tzinfo]:
    """This machine's zone, which is for once another."""
    monkeypatch.setenv("TZ", request.param)
    tzset()
    yield LocalZone()
    monkeypatch.undo()
    tzset()


# What it shows


def test_a_minute_is_shown_as_the_wall_has_it() -> None:
    clock = clock_at(THURSDAY)
    assert [clock.minute(ms(THURSDAY) + shift) for shift in (0, 59_999, 60_000, 0)] == [
        "18:02",
        "18:02",
        "18:03",
        "18:02",
    ]


def test_a_day_begins_at_midnight_of_the_zone() -> None:
    clock = clock_at(THURSDAY)
    last = ms(datetime(2026, 11, 19, 23, 59, 59, 999_000, tzinfo=MADRID))
    assert clock.day(last) == date(2026, 11, 19)
    assert clock.day(last + 1) == date(2026, 11, 20)
    assert clock.other_day(last, last + 1)
    assert not clock.other_day(last - 1, last)
    assert not clock.other_day(last - 3_600_000, last)


def test_what_is_today_is_told_by_the_zone_and_not_by_utc() -> None:
    half_past_midnight = datetime(2026, 11, 20, 0, 30, tzinfo=MADRID)
    clock = clock_at(half_past_midnight)
    assert clock.is_today(ms(half_past_midnight) - 30 * 60_000)
    assert not clock.is_today(ms(half_past_midnight) - 31 * 60_000)


def test_the_wall_shows_the_hour_that_summer_time_gives() -> None:
    clock = clock_at(THURSDAY)
    before = ms(datetime(2026, 10, 25, 0, 59, tzinfo=UTC))
    assert [clock.minute(before), clock.minute(before + 60_000)] == ["02:59", "02:00"]


# What people mean


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("14:30", "2026-11-19 14:30"),
        ("9:05", "2026-11-19 09:05"),
        ("0:00", "2026-11-19 00:00"),
        ("18:02", "2026-11-19 18:02"),
        ("18:03", "2026-11-18 18:03"),
        ("23:59", "2026-11-18 23:59"),
        ("since 14:30", "2026-11-19 14:30"),
        ("desde las 14:30", "2026-11-19 14:30"),
        ("today", "2026-11-19 00:00"),
        ("hoy", "2026-11-19 00:00"),
        ("yesterday", "2026-11-18 00:00"),
        ("Ayer", "2026-11-18 00:00"),
        ("since yesterday", "2026-11-18 00:00"),
        ("desde ayer", "2026-11-18 00:00"),
        ("yesterday 14:30", "2026-11-18 14:30"),
        ("14:30 yesterday", "2026-11-18 14:30"),
        ("ayer a las 9:00", "2026-11-18 09:00"),
        ("since yesterday at 9:00", "2026-11-18 09:00"),
        ("wednesday", "2026-11-18 00:00"),
        ("thursday", "2026-11-12 00:00"),
        ("since Friday", "2026-11-13 00:00"),
        ("el viernes", "2026-11-13 00:00"),
        ("miércoles", "2026-11-18 00:00"),
        ("miercoles", "2026-11-18 00:00"),
        ("desde el sábado a las 20:15", "2026-11-14 20:15"),
        ("sabado", "2026-11-14 00:00"),
        ("sunday", "2026-11-15 00:00"),
        ("domingo", "2026-11-15 00:00"),
        ("monday", "2026-11-16 00:00"),
        ("martes", "2026-11-17 00:00"),
        ("2026-11-01", "2026-11-01 00:00"),
        ("2026-02-28 7:30", "2026-02-28 07:30"),
        ("since 2025-12-31", "2025-12-31 00:00"),
    ],
)
def test_people_are_understood(words: str, time: str) -> None:
    assert meant(words) == time


@pytest.mark.parametrize(
    "words",
    [
        "",
        "at " * 100 + "14:30",
        "since",
        "x",
        "14",
        "14:3",
        "24:00",
        "12:60",
        "123:00",
        ":30",
        "14:",
        "-1:30",
        "14:30:00",
        "2026-13-01",
        "2026-02-30",
        "19 November",
        "14:30 15:30",
        "today yesterday",
        "today 14",
        "today x",
        "today 14:30 x",
        "²:00",
    ],
)
def test_what_means_no_time_is_none(words: str) -> None:
    assert meant(words) is None


def test_an_hour_that_comes_twice_as_summer_ends_is_the_first_of_them() -> None:
    second_pass = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=MADRID)
    first = datetime(2026, 10, 25, 2, 30, tzinfo=MADRID)
    assert clock_at(second_pass).read("2:30") == ms(first) < ms(second_pass)


def test_an_hour_that_was_left_out_as_summer_began_is_never_one_to_come() -> None:
    now = datetime(2026, 3, 29, 3, 10, tzinfo=MADRID)
    assert meant("2:30", now) == "2026-03-28 02:30"
    later = datetime(2026, 3, 29, 12, 0, tzinfo=MADRID)
    assert meant("2:30", later) == "2026-03-29 03:30"


def test_yesterday_is_the_day_before_though_it_had_another_length() -> None:
    assert meant("yesterday", datetime(2026, 10, 26, 0, 30, tzinfo=MADRID)) == "2026-10-25 00:00"
    assert meant("ayer", datetime(2026, 3, 30, 0, 30, tzinfo=MADRID)) == "2026-03-29 00:00"


def test_a_midnight_that_was_left_out_is_when_that_day_began() -> None:
    havana = ZoneInfo("America/Havana")
    now = datetime(2026, 3, 9, 12, tzinfo=havana)
    assert meant("yesterday", now, havana) == "2026-03-08 01:00"


def test_just_after_midnight_an_hour_is_that_of_the_day_before() -> None:
    assert meant("23:55", datetime(2027, 1, 1, 0, 1, tzinfo=MADRID)) == "2026-12-31 23:55"
    assert meant("0:01", datetime(2027, 1, 1, 0, 1, tzinfo=MADRID)) == "2027-01-01 00:01"


@pytest.mark.parametrize("words", ["0001-01-01", "9999-12-31 23:59", "0001-01-01 23:59"])
def test_the_ends_of_the_calendar_break_nothing(local_zone: tzinfo, words: str) -> None:
    time = clock_at(THURSDAY, local_zone).read(words)
    assert time is None or abs(time) > 10**13


def test_the_machines_own_zone_is_read_as_any(local_zone: tzinfo) -> None:
    now = datetime(2026, 11, 19, 18, 2, tzinfo=local_zone)
    assert meant("14:30", now, local_zone) == "2026-11-19 14:30"
    assert meant("yesterday 14:30", now, local_zone) == "2026-11-18 14:30"


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        (date(2026, 11, 20), "20 November 2026", "20 de noviembre de 2026"),
        (date(2024, 2, 29), "29 February 2024", "29 de febrero de 2024"),
        (date(1, 1, 1), "1 January 1", "1 de enero de 1"),
    ],
)
def test_a_day_reads(day: date, english: str, spanish: str) -> None:
    assert day_in_words(day, translator("en")) == english
    assert day_in_words(day, translator("es")) == spanish
