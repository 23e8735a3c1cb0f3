"""Every command is found by its name in either language, and knows what it is typed with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huddle.commands import COMMANDS, Command, read_command
from huddle.errors import BadUsage, UnknownCommand
from huddle.events import Kind
from huddle.locale import LANGUAGES, translator
from huddle.requests import (
    Back,
    ChangeNick,
    HelpWanted,
    History,
    Leave,
    Request,
    Say,
    Search,
    SetLanguage,
    SetTimes,
    Who,
)
from tests.sayings import CLOCK, NOON


def read(line: str) -> Request:
    return read_command(line, CLOCK)


@pytest.mark.parametrize(
    ("english", "spanish", "request_"),
    [
        ("/help", "/ayuda", HelpWanted()),
        ("/who", "/quien", Who()),
        ("/who", "/quién", Who()),
        ("/nick", "/apodo", ChangeNick(None)),
        ("/nick anita", "/apodo anita", ChangeNick("anita")),
        ("/me waves", "/yo waves", Say("waves", Kind.ME)),
        ("/me", "/yo", Say("", Kind.ME)),
        ("/history", "/historial", History()),
        ("/history 50", "/historial 50", History(50)),
        ("/search two words", "/buscar two words", Search("two words")),
        ("/times", "/horas", SetTimes(None)),
        ("/times on", "/horas sí", SetTimes(True)),
        ("/times on", "/horas si", SetTimes(True)),
        ("/times off", "/horas no", SetTimes(False)),
        ("/lang es", "/idioma es", SetLanguage("es")),
        ("/lang EN", "/idioma en_GB", SetLanguage("en")),
        ("/back otter-41-lamp", "/volver otter-41-lamp", Back("otter-41-lamp")),
        ("/quit", "/salir", Leave()),
        ("/exit", "/salir", Leave()),
    ],
)
def test_a_command_is_read_in_both_languages(english: str, spanish: str, request_: Request) -> None:
    assert read(english) == read(spanish) == request_


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("/NICK Ana", ChangeNick("Ana")),
        ("/Quién", Who()),
        ("/nick   ana  ", ChangeNick("ana")),
        ("/me\twaves", Say("waves", Kind.ME)),
        ("/me\u3000waves", Say("waves", Kind.ME)),
        ("/me  two  gaps ", Say("two  gaps", Kind.ME)),
        ("/TIMES ON", SetTimes(True)),
        ("/horas SÍ", SetTimes(True)),
        ("/who is there", Who()),
        ("/quit now", Leave()),
    ],
)
def test_case_and_gaps_do_not_matter(line: str, request_: Request) -> None:
    assert read(line) == request_


@pytest.mark.parametrize(
    ("wish", "time"),
    [
        ("11:30", datetime(2026, 11, 19, 11, 30, tzinfo=UTC)),
        ("14:30", datetime(2026, 11, 18, 14, 30, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 18, tzinfo=UTC)),
        ("ayer a las 9:00", datetime(2026, 11, 18, 9, tzinfo=UTC)),
        ("since friday", datetime(2026, 11, 13, tzinfo=UTC)),
        ("2026-10-01", datetime(2026, 10, 1, tzinfo=UTC)),
    ],
)
def test_history_since_a_time_is_asked_for_as_people_say_it(wish: str, time: datetime) -> None:
    asked = round(time.timestamp() * 1000)
    assert asked < NOON
    assert read(f"/history {wish}") == read(f"/historial {wish}") == History(since=asked)


@pytest.mark.parametrize(
    "line",
    [
        "/history 0",
        "/history -5",
        "/history 5.5",
        "/history 1000000000",
        "/history soon",
        "/history 25:00",
        "/historial 50 60",
        "/search",
        "/buscar ",
        "/times maybe",
        "/horas on off",
        "/lang",
        "/lang fr",
        "/idioma klingon",
        "/back",
        "/volver\t",
    ],
)
def test_what_makes_no_sense_is_answered_with_how_it_is_typed(line: str) -> None:
    with pytest.raises(BadUsage) as refused:
        read(line)
    usage = refused.value.field
    english, spanish = usage.split(" · ")
    assert line.split()[0] in (english.split()[0], spanish.split()[0])
    assert refused.value.code == "bad-field"


@pytest.mark.parametrize(
    ("line", "name"),
    [("/nope", "nope"), ("/", ""), ("/ help", ""), ("/help!", "help!"), ("/HLEP me", "HLEP")],
)
def test_a_command_that_is_not_there_is_named(line: str, name: str) -> None:
    with pytest.raises(UnknownCommand) as refused:
        read(line)
    assert (refused.value.name, refused.value.code) == (name, "unknown-request")


def test_the_help_has_a_row_for_every_command_as_it_is_typed() -> None:
    rows = {command.help.english: command.help for command in COMMANDS}
    assert rows["/nick NAME"].spanish == "/apodo NOMBRE"
    assert rows["/quit"].spanish == "/salir"
    assert len(rows) == len(COMMANDS)
    for row in rows.values():
        assert row.english.startswith("/")
        assert row.spanish.startswith("/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_says_what_its_command_does(language: str) -> None:
    summaries = [translator(language).gettext(command.summary) for command in COMMANDS]
    assert len(set(summaries)) == len(COMMANDS)
    if language != "en":
        assert not set(summaries) & {command.summary for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.english)
def test_what_the_help_shows_can_be_typed(command: Command) -> None:
    given = {"[N|14:30|yesterday]": "yesterday", "[on|off]": "on", "en|es": "en"}
    argument = given.get(command.takes[0], command.takes[0])
    assert read(f"/{command.english} {argument}") == read(f"/{command.spanish} {argument}")
