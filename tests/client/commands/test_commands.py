"""What one types, and what it means."""

from __future__ import annotations

import pytest

from huddle.client.commands import intents
from huddle.client.commands.commands import intent_of, secret_at
from huddle.client.commands.intents import (
    Ask,
    Mistake,
    Say,
    ShowHelp,
    Talk,
    Tell,
)
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
        ("salir", requests.Bye()),
        (" Salir ", requests.Bye()),
        ("/quit", requests.Bye()),
        ("/SALIR", requests.Bye()),
        ("/exit", requests.Bye()),
        ("/help", ShowHelp()),
        ("/ayuda", ShowHelp()),
        ("/me waves", Say("waves", Kind.ME)),
        ("/yo saluda", Say("saluda", Kind.ME)),
        ("/msg bob psst, bob", Tell("bob", "psst, bob")),
        ("/privado bob  eh", Tell("bob", "eh")),
        ("/msg bob  ", Talk("bob")),
        ("/leave", requests.Leave(None)),
        ("/dejar huddle", requests.Leave("huddle")),
        ("/announce fire drill", Say("fire drill", Kind.ANNOUNCE, "huddle")),
        ("/delete", requests.Delete()),
        ("/borrar 17", requests.Delete(None, 17)),
        ("/delete eva", requests.Delete(nick="eva")),
        ("/fix hola  a todos", requests.Fix("hola  a todos")),
        ("/corregir #41 hola  a todos", requests.Fix("hola  a todos", 41)),
        ("/fix @041  hola", requests.Fix("hola", 41, "@")),
        ("/fix #41", requests.Fix("#41")),
        ("/fix 41 hola", requests.Fix("41 hola")),
        ("/fix #0 hola", requests.Fix("#0 hola")),
        ("/login correct horse", requests.Login("correct", "horse")),
        ("/acceder horse", requests.Login(None, "horse")),
        ("  /login ana horse", requests.Login("ana", "horse")),
        ("\t/entrar ops key", requests.Join("ops", "key")),
        ("  /who", Say("  /who")),
        ("/join ops", requests.Join("ops", None)),
        ("/entrar ops open sesame", requests.Join("ops", "open sesame")),
        ("/lang ES", SetLanguage("es")),
        ("/idioma en", SetLanguage("en")),
        ("/lang es_MX", SetLanguage("es")),
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


def test_a_command_is_clean_since_it_is_told_of() -> None:
    assert intent_of("/\x1b]52;c;x\a eh") == Mistake("\ufffd]52;c;x\ufffd")
    assert intent_of("/query \x1b[2Jbob") == intent_of("/query \ufffd[2Jbob")
