"""What one types, and what it means."""

from __future__ import annotations

import pytest

from huddle.client import commands
from huddle.client.commands import (
    COMMANDS,
    Enter,
    Mistake,
    Quit,
    Say,
    SetLanguage,
    SetTimes,
    ShowHelp,
    Tell,
    meaning_of,
)
from huddle.client.requests import ChangeNick, History, Leave, Request, Rooms, Search, Who
from huddle.client.state import Kind


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("hola", Say("hola")),
        ("  two  spaces ", Say("  two  spaces ")),
        ("//help", Say("/help")),
        ("///", Say("//")),
        ("//salir", Say("salir")),
        ("salir de aquí", Say("salir de aquí")),
        ("salir", Quit()),
        (" Salir ", Quit()),
        ("/quit", Quit()),
        ("/SALIR", Quit()),
        ("/exit", Quit()),
        ("/help", ShowHelp()),
        ("/ayuda", ShowHelp()),
        ("/me waves", Say("waves", Kind.ME)),
        ("/yo saluda", Say("saluda", Kind.ME)),
        ("/msg bob psst, bob", Tell("bob", "psst, bob")),
        ("/privado bob  eh", Tell("bob", "eh")),
        ("/join ops", Enter("ops", None)),
        ("/entrar ops open sesame", Enter("ops", "open sesame")),
        ("/lang ES", SetLanguage("es")),
        ("/idioma en", SetLanguage("en")),
        ("/times", SetTimes(None)),
        ("/horas sí", SetTimes(True)),
        ("/times off", SetTimes(False)),
        ("/dance wildly", Mistake("dance")),
        ("/", Mistake("")),
        ("/ help", Mistake("")),
    ],
)
def test_a_line_means(line: str, meaning: commands.Meaning) -> None:
    assert meaning_of(line) == meaning


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("/who", Who("ops")),
        ("/quien", Who("ops")),
        ("/quién", Who("ops")),
        ("/nick anita", ChangeNick("anita")),
        ("/apodo anita", ChangeNick("anita")),
        ("/history", History("ops", 20)),
        ("/historial 500", History("ops", 500)),
        ("/search café con leche", Search("ops", "café con leche", 20)),
        ("/buscar x", Search("ops", "x", 20)),
        ("/rooms", Rooms()),
        ("/salas", Rooms()),
        ("/leave", Leave("ops")),
        ("/dejar huddle", Leave("huddle")),
    ],
)
def test_a_question_is_asked_about_the_room_one_is_in(line: str, request_: Request) -> None:
    meaning = meaning_of(line)
    assert isinstance(meaning, commands.Ask)
    assert meaning.request("ops") == request_


@pytest.mark.parametrize(
    "line",
    [
        "/me",
        "/msg bob",
        "/msg bob  ",
        "/nick",
        "/nick two words",
        "/history 0",
        "/history 501",
        "/history -1",
        "/history ²",
        "/history 99999999999999999999",
        "/search",
        "/join",
        "/leave two rooms",
        "/lang fr",
        "/lang",
        "/times maybe",
    ],
)
def test_a_command_that_does_not_take_what_it_is_given_is_a_mistake(line: str) -> None:
    mistake = meaning_of(line)
    assert isinstance(mistake, Mistake)
    assert mistake.command is not None
    assert mistake.name in mistake.command.names


def test_a_command_is_typed_in_either_language() -> None:
    history = next(command for command in COMMANDS if "history" in command.names)
    assert history.usage("en") == "/history [N]"
    assert history.usage("es") == "/historial [N]"


def test_no_name_is_given_twice() -> None:
    names = [name for command in COMMANDS for name in command.names]
    assert len(set(names)) == len(names)
