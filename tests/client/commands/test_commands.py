"""What one types, and what it means."""

from __future__ import annotations

import pytest

from huddle.client.commands import intents
from huddle.client.commands.commands import intent_of, secret_at
from huddle.client.commands.intents import (
    Ask,
    Confide,
    Enter,
    Erase,
    Fix,
    GoOut,
    LogIn,
    Mistake,
    Quit,
    Recall,
    Say,
    ShowHelp,
    Talk,
    Tell,
)
from huddle.client.commands.table import COMMANDS
from huddle.client.session.state import Kind
from huddle.protocol import requests
from huddle.protocol.requests import (
    ChangeNick,
    History,
    Request,
    Rooms,
    Search,
    SetLanguage,
    SetTimes,
    Who,
)


@pytest.mark.parametrize(
    ("line", "intent"),
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
        ("/msg bob  ", Talk("bob")),
        ("/leave", GoOut(None)),
        ("/dejar huddle", GoOut("huddle")),
        ("/announce fire drill", Say("fire drill", Kind.ANNOUNCE, "huddle")),
        ("/delete", Erase()),
        ("/borrar 17", Erase(17)),
        ("/delete eva", Erase(nick="eva")),
        ("/fix hola  a todos", Fix("hola  a todos")),
        ("/corregir #41 hola  a todos", Fix("hola  a todos", 41)),
        ("/fix @041  hola", Fix("hola", 41, "@")),
        ("/fix #41", Fix("#41")),
        ("/fix 41 hola", Fix("41 hola")),
        ("/fix #0 hola", Fix("#0 hola")),
        ("/login correct horse", LogIn("correct", "horse")),
        ("/acceder horse", LogIn(None, "horse")),
        ("  /login ana horse", LogIn("ana", "horse")),
        ("\t/entrar ops key", Enter("ops", "key")),
        ("  /who", Say("  /who")),
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
def test_a_line_means(line: str, intent: intents.Intent) -> None:
    assert intent_of(line) == intent


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
        ("/inbox 3", History("@", 3)),
        ("/topic", requests.Topic("ops")),
        ("/tema fire drill", requests.Topic("ops", "fire drill")),
        ("/topic -", requests.Topic("ops", "")),
        ("/ignore", requests.Ignore()),
        ("/ignorar eva", requests.Ignore("eva", True)),
        ("/oír eva", requests.Ignore("eva", False)),
        ("/register correct-horse", requests.Register("correct-horse")),
        ("/registrar eva correct-horse", requests.Register("correct-horse", "eva")),
        ("/clave old new", requests.ChangePassword("old", "new")),
        ("/key open sesame", requests.SetKey("ops", "open sesame")),
        ("/llave -", requests.SetKey("ops", None)),
        ("/slow 5s", requests.SetSlow("ops", 5)),
        ("/lento no", requests.SetSlow("ops", 0)),
        ("/quiet on", requests.SetQuiet("ops", True)),
        ("/voz eva", requests.SetVoice("ops", "eva", True)),
        ("/unvoice eva", requests.SetVoice("ops", "eva", False)),
        ("/kick eva", requests.Kick("ops", "eva")),
        ("/echar eva no more spam", requests.Kick("ops", "eva", "no more spam")),
        ("/ban 10.0.0.0/8 30d", requests.Ban("ops", "10.0.0.0/8", 30 * 86_400)),
        ("/vetar eva 1 semana 3 avisos", requests.Ban("ops", "eva", 604_800, "3 avisos")),
        ("/unban eva", requests.Unban("ops", "eva")),
        ("/vetados", requests.Bans("ops")),
        ("/mute eva 10m shouting", requests.Mute("ops", "eva", 600, "shouting")),
        ("/dejarhablar eva", requests.Unmute("ops", "eva")),
        ("/op eva", requests.MakeOperator("eva", True)),
        ("/desoperador eva", requests.MakeOperator("eva", False)),
        ("/whois eva", requests.WhoIsIt("eva")),
        ("/audit", requests.Audit()),
        ("/nodes", requests.Nodes()),
        ("/nodos", requests.Nodes()),
        ("/actas 5", requests.Audit(5)),
    ],
)
def test_a_question_is_asked_about_the_room_one_is_in(line: str, request_: Request) -> None:
    intent = intent_of(line)
    assert isinstance(intent, Ask)
    assert intent.request("ops") == request_


@pytest.mark.parametrize(
    "line",
    [
        "/me",
        "/msg",
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
        "/register three words here",
        "/password only-one",
        "/slow down",
        "/quiet",
        "/ban",
        "/ban eva 0s",
        "/delete 0",
        "/audit all",
        "/voice",
    ],
)
def test_a_command_that_does_not_take_what_it_is_given_is_a_mistake(line: str) -> None:
    mistake = intent_of(line)
    assert isinstance(mistake, Mistake)
    assert mistake.command is not None
    assert mistake.name in mistake.command.names


def test_a_command_is_typed_in_either_language() -> None:
    history = next(command for command in COMMANDS if "history" in command.names)
    assert history.usage("en") == "/history [N|14:30|yesterday]"
    assert history.usage("es") == "/historial [N|14:30|ayer]"


@pytest.mark.parametrize(
    "wish", ["yesterday", "ayer", "since yesterday", "2026-11-19", "14:30", "el viernes a las 9:00"]
)
def test_the_past_begins_when_people_say(wish: str) -> None:
    assert intent_of(f"/history {wish}") == Recall(wish)
    assert intent_of(f"/buzon {wish}") == Recall(wish, "@")


def test_no_name_is_given_twice() -> None:
    names = [name for command in COMMANDS for name in command.names]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("line", "open_part"),
    [
        ("/join ops sesame", "/join ops "),
        ("  /entrar  ops   open sesame", "  /entrar  ops   "),
        ("/login ana horse", "/login "),
        ("/REGISTER horse", "/REGISTER "),
        ("/clave old new", "/clave "),
        ("/key sesame", "/key "),
        ("/join ops", None),
        ("/join ops ", None),
        ("/login", None),
        ("//login ana horse", None),
        ("login ana horse", None),
    ],
)
def test_a_secret_begins_at(line: str, open_part: str | None) -> None:
    assert secret_at(line) == (None if open_part is None else len(open_part))


@pytest.mark.parametrize("line", ["/login ana horse", "/join ops horse", "/key horse"])
def test_no_secret_is_in_the_repr_of_a_meaning(line: str) -> None:
    assert "horse" not in repr(intent_of(line))


def test_what_is_not_to_be_typed_in_the_open_is_asked_for() -> None:
    register, change, login, key = map(intent_of, ("/register", "/password", "/login", "/key"))
    assert isinstance(register, Confide) and isinstance(change, Confide)
    assert isinstance(login, Confide) and isinstance(key, Confide)
    assert [hidden for _, hidden in register.questions] == [True, True]
    made = register.then("horse", "horse")
    assert isinstance(made, Ask) and made.request("ops") == requests.Register("horse")
    assert register.then("horse", "house") is None
    made = change.then("old", "new", "new")
    assert isinstance(made, Ask) and made.request("ops") == requests.ChangePassword("old", "new")
    assert change.then("old", "new", "knew") is None
    assert [hidden for _, hidden in login.questions] == [False, True]
    assert login.then("", "horse") == LogIn(None, "horse")
    assert login.then("ana", "horse") == LogIn("ana", "horse")
    made = key.then("sesame")
    assert isinstance(made, Ask) and made.request("ops") == requests.SetKey("ops", "sesame")
    assert key.then("") is None


def test_the_commands_are_those_that_people_with_nc_have() -> None:
    from huddle.protocol import commands

    names = {
        (command.english, command.spanish)
        for command in commands.COMMANDS
        if command.english != "back"
    }
    assert {command.names for command in COMMANDS} == names


def test_a_command_is_clean_since_it_is_told_of() -> None:
    assert intent_of("/\x1b]52;c;x\a eh") == Mistake("\ufffd]52;c;x\ufffd")
    assert intent_of("/query \x1b[2Jbob") == intent_of("/query \ufffd[2Jbob")
