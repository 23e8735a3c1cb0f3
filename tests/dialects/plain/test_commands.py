"""Every command is found by its name in either language, and knows what it is typed with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.locale import LANGUAGES, translator
from huddle.protocol.commands import (
    COMMANDS,
    Command,
    commands_for,
    contains_secret,
    read_command,
    typed,
)
from huddle.protocol.errors import BadRequest, BadUsage, UnknownCommand
from huddle.protocol.events import Kind
from huddle.protocol.permissions import LEAST, Role
from huddle.protocol.requests import (
    Announce,
    Audit,
    Back,
    Ban,
    Bans,
    Bye,
    ChangeNick,
    ChangePassword,
    Delete,
    Hello,
    HelpWanted,
    History,
    Ignore,
    Join,
    Kick,
    Leave,
    Login,
    MakeOperator,
    Message,
    Mute,
    Nodes,
    Ping,
    Register,
    Request,
    Rooms,
    Say,
    Search,
    SetKey,
    SetLanguage,
    SetQuiet,
    SetSlow,
    SetTimes,
    SetVoice,
    Topic,
    Unban,
    Unmute,
    Who,
    WhoIsIt,
)
from tests.sample_messages import CLOCK, NOON


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
        ("/history 50", "/historial 50", History(limit=50)),
        ("/search two words", "/buscar two words", Search(None, "two words")),
        ("/times", "/horas", SetTimes(None)),
        ("/times on", "/horas sí", SetTimes(True)),
        ("/times on", "/horas si", SetTimes(True)),
        ("/times off", "/horas no", SetTimes(False)),
        ("/lang es", "/idioma es", SetLanguage("es")),
        ("/lang EN", "/idioma en_GB", SetLanguage("en")),
        ("/back otter-41-lamp", "/volver otter-41-lamp", Back("otter-41-lamp")),
        ("/msg bob two  words", "/privado bob two  words", Message("bob", "two  words")),
        ("/inbox", "/buzon", History("@")),
        ("/inbox 5", "/buzón 5", History("@", 5)),
        ("/rooms", "/salas", Rooms()),
        ("/join ops", "/entrar ops", Join("ops")),
        ("/join ops open sesame", "/entrar ops open sesame", Join("ops", "open sesame")),
        ("/join ops -", "/entrar ops -", Join("ops", "-")),
        ("/leave", "/dejar", Leave()),
        ("/topic", "/tema", Topic()),
        ("/topic on  call", "/tema on  call", Topic(text="on  call")),
        ("/topic -", "/tema -", Topic(text="")),
        ("/topic - or not", "/tema - or not", Topic(text="- or not")),
        ("/ignore", "/ignorar", Ignore()),
        ("/ignore bob", "/ignorar bob", Ignore("bob", True)),
        ("/unignore bob", "/oir bob", Ignore("bob", False)),
        ("/unignore bob", "/oír bob", Ignore("bob", False)),
        ("/delete", "/borrar", Delete()),
        ("/delete 41", "/borrar 041", Delete(seq=41)),
        ("/delete bob", "/borrar bob", Delete(nick="bob")),
        ("/register s3cret", "/registrar s3cret", Register("s3cret")),
        ("/register bob s3cret", "/registrar bob  s3cret", Register("s3cret", "bob")),
        ("/login s3cret", "/acceder s3cret", Login(None, "s3cret")),
        ("/login ana s3cret", "/acceder ana s3cret", Login("ana", "s3cret")),
        ("/login ana open  sesame", "/acceder ana  open  sesame", Login("ana", "open  sesame")),
        ("/password old new", "/clave old  new", ChangePassword("old", "new")),
        ("/key sesame", "/llave sesame", SetKey(None, "sesame")),
        ("/key open sesame", "/llave open sesame", SetKey(None, "open sesame")),
        ("/key -", "/llave -", SetKey(None, None)),
        ("/slow 5s", "/lento 5", SetSlow(None, 5)),
        ("/slow 0.5m", "/lento 30s", SetSlow(None, 30)),
        ("/slow off", "/lento no", SetSlow(None, 0)),
        ("/slow 0", "/lento 0s", SetSlow(None, 0)),
        ("/quiet on", "/silencio sí", SetQuiet(None, True)),
        ("/quiet OFF", "/silencio no", SetQuiet(None, False)),
        ("/voice bob", "/voz bob", SetVoice(None, "bob", True)),
        ("/unvoice bob", "/sinvoz bob", SetVoice(None, "bob", False)),
        ("/kick bob", "/echar bob", Kick(None, "bob")),
        ("/kick bob too  loud", "/echar bob too  loud", Kick(None, "bob", "too  loud")),
        ("/ban bob", "/vetar bob", Ban(None, "bob")),
        ("/ban bob 10m", "/vetar bob 10M", Ban(None, "bob", 600)),
        ("/ban bob 2h too loud", "/vetar bob 2h too loud", Ban(None, "bob", 7200, "too loud")),
        ("/ban bob 1w", "/vetar bob 1 semana", Ban(None, "bob", 604_800)),
        ("/ban bob 1h30m", "/vetar bob 1 hora y 30 minutos", Ban(None, "bob", 5400)),
        ("/ban bob 1 hora y media", "/vetar bob hora y media", Ban(None, "bob", 5400)),
        ("/ban bob half an hour", "/vetar bob media hora", Ban(None, "bob", 1800)),
        ("/mute bob a week, no", "/callar bob una semana no", Mute(None, "bob", 604_800, "no")),
        ("/slow a minute and a half", "/lento 1,5 min", SetSlow(None, 90)),
        (
            "/ban bob two warnings",
            "/vetar bob two warnings",
            Ban(None, "bob", None, "two warnings"),
        ),
        ("/ban bob 2 hours spam", "/vetar bob 2 horas spam", Ban(None, "bob", 7200, "spam")),
        ("/mute bob 10min", "/callar bob 10 min", Mute(None, "bob", 600)),
        ("/mute bob 2h 3rd time", "/callar bob 2h 3rd time", Mute(None, "bob", 7200, "3rd time")),
        ("/slow 1m30s", "/lento 1 minuto y 30 segundos", SetSlow(None, 90)),
        ("/ban 10.0.0.0/8 30d", "/vetar 10.0.0.0/8 30d", Ban(None, "10.0.0.0/8", 2_592_000)),
        ("/ban fe80::1 spam", "/vetar fe80::1 spam", Ban(None, "fe80::1", None, "spam")),
        ("/unban 10.0.0.0/8", "/readmitir 10.0.0.0/8", Unban(None, "10.0.0.0/8")),
        ("/bans", "/vetados", Bans()),
        ("/mute bob", "/callar bob", Mute(None, "bob")),
        ("/mute bob 1d spam", "/callar bob 1d spam", Mute(None, "bob", 86_400, "spam")),
        ("/unmute bob", "/dejarhablar bob", Unmute(None, "bob")),
        ("/announce tea  time", "/anunciar tea  time", Announce("tea  time")),
        ("/op bob", "/operador bob", MakeOperator("bob", True)),
        ("/deop bob", "/desoperador bob", MakeOperator("bob", False)),
        ("/whois bob", "/quienes bob", WhoIsIt("bob")),
        ("/nodes", "/nodos", Nodes()),
        ("/whois bob", "/quiénes bob", WhoIsIt("bob")),
        ("/audit", "/actas", Audit()),
        ("/audit 7", "/actas 7", Audit(7)),
        ("/quit", "/salir", Bye()),
        ("/exit", "/salir", Bye()),
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
        ("/quit now", Bye()),
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
        "/msg",
        "/privado bob",
        "/inbox soon",
        "/buzon 0",
        "/join",
        "/ignore bob eva",
        "/oir",
        "/unignore bob eva",
        "/delete 0",
        "/borrar bob eva",
        "/register",
        "/registrar a b c",
        "/login",
        "/password old",
        "/clave a b c",
        "/key",
        "/slow",
        "/lento on",
        "/slow -5s",
        "/slow fast",
        "/quiet",
        "/silencio maybe",
        "/voice",
        "/sinvoz bob eva",
        "/kick",
        "/ban",
        "/vetar bob 0s",
        "/unban",
        "/readmitir bob eva",
        "/callar",
        "/mute bob 0d spam",
        "/dejarhablar",
        "/ban bob 3 warnings",
        "/vetar bob 5",
        "/ban bob 1fortnight",
        "/ban bob 1h-ish",
        "/ban bob -1h",
        "/ban bob –1h",
        "/ban bob .5h",
        '/ban bob "5m"',
        "/ban bob 1h 30",
        "/mute bob (5m)",
        "/mute bob 1h, 30",
        "/vetar bob +2h spam",
        "/mute bob 0h",
        "/callar bob ½h",
        "/mute bob 1h30",
        "/mute bob 1 month",
        "/slow 5 warnings",
        "/lento -5s",
        "/slow 1mes",
        "/ban bob a month",
        "/vetar bob unas horas",
        "/mute bob 1 hora y pico",
        "/callar bob about 2 hours, spam",
        "/slow a few minutes",
        "/announce",
        "/op",
        "/desoperador bob eva",
        "/quienes",
        "/audit all",
        "/actas 0",
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
    given = {"[N|14:30|yesterday]": "yesterday", "on|off": "on", "en|es": "en", "5s|off": "5s"}
    given |= {"N": "7", "N TEXT": "7 hola"}
    takes = command.usages[0].partition(" ")[2].replace("[10m|2h|30d|forever]", "10m")
    argument = given.get(takes.strip("[]"), given.get(takes, takes)).replace("[N]", "7")
    assert read(f"/{command.english} {argument}") == read(f"/{command.names[1]} {argument}")
    assert read(f"/{command.english} {argument}") != read("/help") or command.english == "help"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.english)
def test_a_command_is_the_deed_that_it_asks_for(command: Command) -> None:
    given = {"N": "7", "14:30": "yesterday", "5s": "5s", "on": "on", "en": "en"}
    for argument in ("", *given.values(), "one", "one two"):
        try:
            asked = read(f"/{command.english} {argument}")
        except BadUsage:
            continue
        assert type(asked) is command.request


def test_everything_that_can_be_done_has_a_command_but_what_only_programs_do() -> None:
    assert set(LEAST) - {command.request for command in COMMANDS} == {Hello, Ping}


@pytest.mark.parametrize("role", Role)
def test_everybody_is_shown_the_commands_of_what_they_may_do(role: Role) -> None:
    shown = commands_for(role)
    assert shown == tuple(each.help for each in COMMANDS if LEAST[each.request] <= role)
    assert set(shown) <= set(commands_for(Role.OPERATOR))


def test_what_a_stranger_and_a_guest_may_do_is_not_what_an_operator_may() -> None:
    def names(role: Role) -> set[str]:
        return {row.english.split()[0] for row in commands_for(role)}

    assert names(Role.STRANGER) == {"/help", "/times", "/lang", "/back", "/login", "/quit"}
    assert {"/join", "/msg", "/register"} <= names(Role.GUEST) - names(Role.STRANGER)
    assert names(Role.MEMBER) - names(Role.GUEST) == {"/password"}
    assert {"/kick", "/key", "/slow"} <= names(Role.HOST) - names(Role.MEMBER)
    assert {"/announce", "/op", "/audit"} <= names(Role.OPERATOR) - names(Role.HOST)


# Secrets


SECRETS = ("login", "register", "password", "key", "join", "back", "operator")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.english)
def test_it_is_known_which_commands_hold_a_secret(command: Command) -> None:
    for name in (*command.names, command.english.upper()):
        secret = command.english in SECRETS
        assert contains_secret(f"/{name} s3cret") is contains_secret(f"/{name}") is secret
    assert not contains_secret("/logins s3cret")


@pytest.mark.parametrize(
    "line",
    ["/register a s3cret s3cret", "/clave s3cret", "/password s3cret b c", "/nope s3cret"],
)
def test_no_refusal_repeats_what_was_typed_behind_the_name(line: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read(line)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "line",
    [
        "/register s3cret",
        "/login ana s3cret",
        "/password s3cret s3cret",
        "/key s3cret",
        "/join ops s3cret",
    ],
)
def test_a_secret_is_not_in_what_a_log_would_show_of_the_request(line: str) -> None:
    assert "s3cret" not in repr(read(line))


@given(
    st.sampled_from(COMMANDS),
    st.text() | st.lists(st.sampled_from(["ana", "5m", "7", "-", "on", "ayer"])).map(" ".join),
)
def test_whatever_stands_behind_a_name_is_a_request_or_bad_usage(
    command: Command, text: str
) -> None:
    for name in command.names:
        try:
            assert isinstance(read(f"/{name} {text}"), get_args(Request))
        except BadUsage as refused:
            assert refused.field == f"{command.help.english} · {command.help.spanish}"


def test_an_act_of_moderation_is_shown_as_it_is_typed() -> None:
    assert (typed("ban", "en"), typed("ban", "es")) == ("/ban", "/vetar")
    assert typed("password", "es") == "/clave"
    assert typed("remove", "en") == typed("remove", "es") == "remove"
