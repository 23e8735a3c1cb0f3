"""Events in sentences: what each reads as, the help, mistakes, and every cause and doubt."""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta, timezone

import pytest

from huddle.client.commands.intents import Mistake
from huddle.client.commands.table import COMMANDS
from huddle.client.rendering.rendering import Rendering
from huddle.client.rendering.sentences import CAUSES, DOUBTS
from huddle.client.session import events
from huddle.client.session.events import Cause, Doubt, Event, Known
from huddle.client.session.state import Kind, Line
from huddle.locale import LANGUAGES, translator
from huddle.locale.columns import wrapped
from huddle.protocol.requests import History, Join, Leave, Rooms, Who

NOON = "2026-11-20T12:00:00.000Z"


def rendering(language: str = "en", hours: int = 0) -> Rendering:
    zone = timezone(timedelta(hours=hours)) if hours else UTC
    made = Rendering(translator(language), lambda: date(2026, 11, 20), zone)
    made.room = "huddle"
    return made


def said(text: str = "hola", **fields: object) -> events.Said:
    made = {"room": "huddle", "seq": 1, "time": NOON, "nick": "bob", "kind": "say"} | fields
    return events.Said(text=text, **made)  # type: ignore[arg-type]


LINE = Line(Kind.SAY, "huddle", "hola a todos")


HERE = events.Here("huddle", 3, ("bob", "eva"))


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (said(), ["<bob> hola"]),
        (said("waves", kind="me"), ["* bob waves"]),
        (said("psst", room="@"), ["[bob] psst"]),
        (said(room="ops"), ["#ops <bob> hola"]),
        (said(past=True), ["12:00 <bob> hola"]),
        (said(past=True, time="yesterday"), ["<bob> hola"]),
        (said(past=True, time="0001-01-01T00:00:00"), ["<bob> hola"]),
        (events.Joined("huddle", "eva"), ["-- eva joined"]),
        (events.Left("ops", "eva"), ["-- #ops eva left"]),
        (events.Renamed("huddle", "eva", "eve"), ["-- eva is now eve"]),
        (HERE, ["-- 2 others here: bob, eva."]),
        (events.Gap("huddle", 1, 214), ["-- 214 messages are gone --"]),
        (events.Gap("huddle", 7, 7), ["-- 1 message is gone --"]),
        (events.Reset("huddle"), ["-- The server has begun a new record."]),
        (events.Acknowledged(1, LINE, 7), []),
        (
            events.Delayed(),
            ["-- The server cannot record anything now; what you said is said again."],
        ),
        (events.Refused(LINE, "id-reused", "Not said."), ["-- Not said.", "--    hola a todos"]),
        (
            events.Refused(Line(Kind.SAY, "huddle", "x" * 5000), "text-too-long", ""),
            ["-- Not said: it is too long.", f"--    {'x' * 60}…"],
        ),
        (
            events.Expired(LINE),
            ["-- It is not known any more whether this was said: hola a todos"],
        ),
        (
            events.InDoubt((LINE, LINE)),
            [
                "-- The server does not know you any more; 2 lines may be unsaid:",
                "--    hola a todos",
                "--    hola a todos",
            ],
        ),
        (
            events.Welcomed("ana", {"huddle": HERE}, 0),
            ["-- Hello ana. 2 others here: bob, eva. /help lists the commands, /salir leaves."],
        ),
        (
            events.Welcomed("ana", {"huddle": events.Here("huddle", 1, ())}, 1),
            [
                "-- Hello ana. Nobody else is here. /help lists the commands, /salir leaves.",
                "-- 1 line had not been acknowledged and is said again.",
            ],
        ),
        (events.NickRefused("ana", "nick-taken", "Taken.", "ana2"), ["-- Taken."]),
        (events.NickRefused("ana", "nick-taken", "", None), ["-- That was refused (nick-taken)."]),
        (events.Denied(Rooms(), "unknown-request", "No."), ["-- No."]),
        (events.TurnedAway("server-full", "Full."), ["-- Full."]),
        (events.Motd(("Be kind.", "")), ["-- Be kind."]),
        (events.Closing(), ["-- The server is closing. Bye!"]),
        (events.Named("anita"), ["-- you are anita"]),
        (
            events.Replaced(),
            ["-- You are here from another connection now; this one ends."],
        ),
        (events.Farewell(0), []),
        (events.Answered(Who("huddle"), HERE), ["-- 3 here: bob, eva and 1 more."]),
        (
            events.Answered(Who("huddle"), events.Here("huddle", 1, ("bob",), ("eva",))),
            ["-- 1 here: bob. Away: eva."],
        ),
        (events.Answered(Join("huddle"), None), ["-- You are in huddle now."]),
        (events.Answered(Leave("ops"), None), ["-- You have left ops. You are in huddle now."]),
        (
            events.Answered(
                Rooms(),
                events.RoomList(
                    (events.RoomListing("huddle", 3), events.RoomListing("ops", 1, "x"))
                ),
            ),
            ["-- rooms: huddle (3), ops (1)", "-- ops: x"],
        ),
        (
            events.Answered(History("huddle", 1), events.Past("huddle", (said(past=True),), False)),
            ["12:00 <bob> hola"],
        ),
        (
            events.Answered(History("huddle", 1), events.Past("huddle", (), False)),
            ["-- There is nothing to show."],
        ),
        (events.Missing("huddle", 3, 4), ["-- The server has left out 2 messages."]),
        (
            events.Unreadable(),
            ["-- The server sent something that this program does not understand."],
        ),
        (events.Silent(), []),
        (
            events.Offline(Cause.CLOSED, 2.2),
            ["-- the connection is lost; trying again in 3 s"],
        ),
        (
            events.Offline(Cause.REFUSED, 0.3, "a.lan:1", "b.lan:2"),
            ["-- nobody listens at a.lan:1; trying b.lan:2 in 1 s"],
        ),
        (
            events.Offline(Cause.REFUSED, None, "chat.lan:55123"),
            ["-- nobody listens at chat.lan:55123"],
        ),
        (events.Offline(Cause.UNKNOWN_HOST, None, "[::1]:9"), ["-- no such host: [::1]"]),
        (events.Offline(Cause.NO_ANSWER, None, "b.lan:1"), ["-- no answer from b.lan:1"]),
        (events.Offline(Cause.UNREACHABLE, None, "b.lan:1"), ["-- b.lan:1 cannot be reached"]),
    ],
)
def test_an_event_reads(event: Event, lines: list[str]) -> None:
    assert rendering().lines(event) == lines


def test_the_language_can_be_changed() -> None:
    made = rendering()
    made.wording = translator("es")
    assert made.lines(events.Left("huddle", "eva")) == ["-- eva se ha ido"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_lists_every_command_in_both_languages(language: str) -> None:
    made = rendering(language)
    lines = made.notices(made.help())
    assert len([row for line in lines for row in wrapped(line)]) <= 24
    named = {word for line in lines for word in re.findall(r"/(\S+)", line)}
    own = LANGUAGES.index(language)
    assert {command.names[own] for command in COMMANDS} <= named
    for command in COMMANDS:
        for name in command.names:
            [told] = made.help_on(name)
            assert all(f"/{each}" in told for each in command.names)
    assert "nope" in next(made.help_on("/nope"))


def test_a_mistake_is_explained() -> None:
    made = rendering()
    assert list(made.mistake(Mistake("dance"))) == [
        "There is no command dance. /help lists them; //dance says it."
    ]
    for name in ("", "/"):
        [told] = made.help_on(name) if name else made.mistake(Mistake(name))
        assert told.startswith("A command stands right behind its slash")
    history = next(command for command in COMMANDS if "history" in command.names)
    assert list(made.mistake(Mistake("history", history))) == [
        "It is typed like this: /history [N|14:30|yesterday]"
    ]


def test_every_cause_has_its_words() -> None:
    assert set(CAUSES) == set(Cause)


def test_every_doubt_has_its_words() -> None:
    assert set(DOUBTS) == set(Doubt)


def test_a_certificate_that_is_not_for_the_server_is_told_with_those_it_is_for() -> None:
    event = events.Untrusted("10.0.0.1:1", "AB:CD", Doubt.OTHER_NAME, ("chat.lan", "10.0.0.2"))
    assert rendering().lines(event) == [
        "-- The certificate of 10.0.0.1:1 is not for it, but for: chat.lan, 10.0.0.2.",
        "-- SHA-256 AB:CD",
        "-- If that is the server's: --trust ABCD",
        "-- If you have the certificate of its authority: --ca FILE",
    ]


def test_a_changed_certificate_is_told_with_the_old_one_and_where_that_stands() -> None:
    known = Known("12:34", "/home/ana/known_servers", 3)
    event = events.Untrusted("chat.lan:1", "AB:CD", Doubt.CHANGED, ("chat.lan",), known)
    assert rendering("es").lines(event)[:4] == [
        "-- ATENCIÓN: ¡EL CERTIFICADO DE chat.lan:1 HA CAMBIADO!",
        "-- Puede que alguien esté escuchando, o que el servidor tenga uno nuevo.",
        "-- Era: SHA-256 12:34",
        "-- Es:  SHA-256 AB:CD",
    ]
    assert rendering().lines(event)[4:] == [
        "-- If you are sure that it is right, remove line 3 of /home/ana/known_servers"
    ]
