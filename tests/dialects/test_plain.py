"""The plain dialect: what people type becomes requests, what happens becomes lines to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.dialects.plain import PlainFace
from huddle.errors import HuddleError, NickTaken
from huddle.events import (
    Ack,
    Answer,
    Closing,
    CommandHelp,
    Done,
    Gap,
    Goodbye,
    Greeting,
    Help,
    Here,
    Joined,
    Kind,
    LanguageIs,
    Left,
    Missed,
    Motd,
    NickIs,
    NotUtf8,
    Past,
    Pong,
    Refused,
    Renamed,
    Reset,
    ReturnWord,
    RoomEvent,
    RoomList,
    RoomListing,
    RoomState,
    Roster,
    TimesAre,
    Welcome,
)
from huddle.requests import Back, Hello, HelpWanted, Leave, Request, Say, SetLanguage
from tests.sayings import CLOCK, DAY, MINUTE, NOON, PLAIN, said

LANGUAGES = ("en", "es")


def read(line: str | bytes, named: bool = True) -> Request | Refused | None:
    data = line.encode() if isinstance(line, str) else line
    return PLAIN.reader().read(data, named)


def lines(event: Answer, language: str = "en") -> list[str]:
    """What a person reads; every line has its end."""
    data = PLAIN.face(language, False).answer(event).decode()
    assert not data or data.endswith("\n")
    return data.splitlines()


def live(event: RoomEvent, language: str = "en", times: bool = False) -> str:
    return b"".join(PLAIN.face(language, times).live([event])).decode()


# Reading: at the door


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("ana", Hello("ana")),
        ("  ana\t", Hello("ana")),
        ("ana\r", Hello("ana\ufffd")),
        ("//ana", None),
        ("/back otter-41-lamp", Back("otter-41-lamp")),
        ("/volver otter-41-lamp", Back("otter-41-lamp")),
        ("/lang es", SetLanguage("es")),
        ("/ayuda", HelpWanted()),
        ("/salir", Leave()),
        ("salir", Leave()),
        (" Salir ", Leave()),
        ("{", Hello("{")),
    ],
)
def test_the_first_line_that_is_no_command_is_the_nick(line: str, request_: Request | None) -> None:
    answer = read(line, named=False)
    if request_ is None:
        assert isinstance(answer, Refused)
    else:
        assert answer == request_


# Reading: inside


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("hola", Say("hola")),
        ("  hola  \t", Say("  hola")),
        ("//hola", Say("/hola")),
        ("//", Say("/")),
        ("///hola", Say("//hola")),
        ("//salir", Say("salir")),
        ("//quit", Say("/quit")),
        ("salir", Leave()),
        ("SALIR ", Leave()),
        ("salir ya", Say("salir ya")),
        ("quit", Say("quit")),
        (" /quit", Say(" /quit")),
        ("/quit", Leave()),
        ("/yo baila", Say("baila", Kind.ME)),
        ("-- ana left", Say("-- ana left")),
        ("\x1b[2Jhola\x07", Say("\ufffd[2Jhola\ufffd")),
        ("a\u2028b\u202ec", Say("a\ufffdb\ufffdc")),
    ],
)
def test_what_is_typed_is_said_unless_it_is_a_command(line: str, request_: Request) -> None:
    assert read(line) == request_


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("line", ["", " ", "\t \t", "\u00a0\u3000"])
def test_a_line_of_white_space_is_ignored(line: str, named: bool) -> None:
    assert read(line, named) is None


@pytest.mark.parametrize("named", [True, False])
def test_a_command_that_makes_no_sense_is_refused(named: bool) -> None:
    refused = read("/nope", named)
    assert isinstance(refused, Refused)
    assert refused.error.code == "unknown-request"


def test_what_is_not_utf8_is_read_as_latin1_and_noted_from_then_on() -> None:
    reader = PLAIN.reader()
    assert reader.read("¿qué?".encode(), True) == Say("¿qué?")
    assert not reader.not_utf8
    assert reader.read("¿qué?".encode("latin-1"), True) == Say("¿qué?")
    assert reader.not_utf8
    assert reader.read(b"hola", True) == Say("hola")
    assert reader.not_utf8


def test_a_byte_order_mark_in_front_is_dropped() -> None:
    assert read(b"\xef\xbb\xbfana", named=False) == Hello("ana")


@given(st.binary(), st.booleans())
def test_no_bytes_break_the_reader(line: bytes, named: bool) -> None:
    PLAIN.reader().read(line, named)
    PLAIN.reader().read(b"/history " + line, named)


# Messages


def test_a_live_message_is_a_nick_and_a_text_in_every_language() -> None:
    for language in LANGUAGES:
        assert live(said(1), language) == "<bob> hola\n"
        assert live(said(1, "waves", kind=Kind.ME), language) == "* bob waves\n"


def test_a_live_message_has_its_time_in_front_where_one_wishes_it() -> None:
    at_six = NOON + 362 * MINUTE
    assert live(said(1, time=at_six), times=True) == "18:02 <bob> hola\n"
    assert live(said(1, "waves", kind=Kind.ME, time=at_six), times=True) == "18:02 * bob waves\n"


def test_a_message_read_later_has_its_time_and_each_day_its_line() -> None:
    messages = [
        said(1, time=NOON - DAY),
        said(2, time=NOON - DAY + 1),
        said(3, time=NOON, kind=Kind.ME),
        said(4, time=NOON + 361 * DAY),
    ]
    first, second, third, fourth = PLAIN.face("en", False).past(messages, None)
    assert first == second == b"12:00 <bob> hola\n"
    assert third == b"-- 19 November 2026 --\n12:00 * bob hola\n"
    assert fourth == b"-- 15 November 2027 --\n12:00 <bob> hola\n"
    third = PLAIN.face("es", True).past(messages, None)[2]
    assert third == b"-- 19 de noviembre de 2026 --\n12:00 * bob hola\n"


def test_the_first_of_a_stretch_has_a_line_for_the_day_if_the_one_before_was_of_another() -> None:
    shown = PLAIN.face("en", False)
    assert shown.past([said(1)], NOON - DAY) == [b"-- 19 November 2026 --\n12:00 <bob> hola\n"]
    assert shown.past([said(1)], NOON - MINUTE) == [b"12:00 <bob> hola\n"]


def test_a_replay_of_another_day_says_which_and_one_of_today_does_not() -> None:
    shown = PLAIN.face("en", False)
    assert shown.opening(NOON) == shown.opening(NOON - 12 * 60 * MINUTE) == b""
    assert shown.opening(NOON - 12 * 60 * MINUTE - 1) == b"-- 18 November 2026 --\n"
    assert PLAIN.face("es", False).opening(NOON - DAY) == b"-- 18 de noviembre de 2026 --\n"


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_has_its_name(language: str) -> None:
    january = NOON - 322 * DAY  # 2026-01-01
    days = [january + (30 * month + 20) * DAY for month in range(12)]
    shown = [PLAIN.face(language, False).opening(day).decode() for day in days]
    assert [
        name for name, line in zip(MONTHS[language].split(), shown, strict=True) if name in line
    ] == MONTHS[language].split()


# Notices


@pytest.mark.parametrize(
    ("event", "english", "spanish"),
    [
        (Joined("huddle", ("dan",)), "dan joined", "dan ha entrado"),
        (Left("huddle", ("dan",)), "dan left", "dan se ha ido"),
        (Renamed("huddle", "dan", "danny"), "dan is now danny", "dan ahora es danny"),
        (
            Joined("huddle", tuple("abcde")),
            "a, b and 3 more joined",
            "a, b y 3 más han entrado",
        ),
        (Left("huddle", tuple("abcd")), "a, b and 2 more left", "a, b y 2 más se han ido"),
        (
            Joined("huddle", tuple("abcd"), here=Here("huddle", 90, ())),
            "a, b and 2 more joined",
            "a, b y 2 más han entrado",
        ),
    ],
)
def test_a_notice_is_told(event: RoomEvent, english: str, spanish: str) -> None:
    for times in (False, True):
        assert live(event, "en", times) == f"-- {english}\n"
        assert live(event, "es", times) == f"-- {spanish}\n"


# Answers


def welcome(count: int, *names: str) -> Welcome:
    return Welcome("ana", "e", 0, {"huddle": RoomState(7, Here("huddle", count, names))})


HELP = Help((CommandHelp("/nick NAME", "/apodo NOMBRE", "changes your nick"),))


@pytest.mark.parametrize(
    ("event", "english", "spanish"),
    [
        (
            welcome(4, "bob", "carla", "dan"),
            "-- Hello ana. 3 here: bob, carla, dan. /help lists the commands, /salir leaves.",
            "-- Hola, ana. Hay 3 aquí: bob, carla, dan. /ayuda muestra las órdenes, "
            "/salir te saca.",
        ),
        (
            welcome(2, "bob"),
            "-- Hello ana. 1 here: bob. /help lists the commands, /salir leaves.",
            "-- Hola, ana. Hay 1 aquí: bob. /ayuda muestra las órdenes, /salir te saca.",
        ),
        (
            welcome(1),
            "-- Hello ana. Nobody else is here. /help lists the commands, /salir leaves.",
            "-- Hola, ana. No hay nadie más aquí. /ayuda muestra las órdenes, /salir te saca.",
        ),
        (
            welcome(61, "bob", "carla"),
            "-- Hello ana. 60 here: bob, carla and 58 more. /help lists the commands, "
            "/salir leaves.",
            "-- Hola, ana. Hay 60 aquí: bob, carla y 58 más. /ayuda muestra las órdenes, "
            "/salir te saca.",
        ),
        (
            Greeting(),
            "Welcome to huddle. What is your nick?",
            "Te damos la bienvenida a huddle. ¿Cuál es tu apodo?",
        ),
        (
            ReturnWord("otter-41-lamp"),
            "-- your return word: otter-41-lamp",
            "-- tu palabra de regreso: otter-41-lamp",
        ),
        (Gap("huddle", 300, 513), "-- 214 messages are gone --", "-- ya no están 214 mensajes --"),
        (Gap("huddle", 3, 3), "-- 1 message is gone --", "-- ya no está 1 mensaje --"),
        (
            Missed("huddle", 14),
            "-- you missed 14 messages --",
            "-- te has perdido 14 mensajes --",
        ),
        (Missed("huddle", 1), "-- you missed 1 message --", "-- te has perdido 1 mensaje --"),
        (
            HELP,
            "-- /nick NAME · /apodo NOMBRE: changes your nick",
            "-- /nick NAME · /apodo NOMBRE: cambia tu apodo",
        ),
        (
            Here("huddle", 3, ("bob", "carla")),
            "-- 2 here: bob, carla.",
            "-- Hay 2 aquí: bob, carla.",
        ),
        (Here("huddle", 1, ()), "-- Nobody else is here.", "-- No hay nadie más aquí."),
        (
            Roster(Here("huddle", 2, ("ana", "bob")), ()),
            "-- 2 here: ana, bob.",
            "-- Hay 2 aquí: ana, bob.",
        ),
        (
            Roster(Here("huddle", 60, ("ana", "bob")), ("bob", "dan")),
            "-- 60 here: ana, bob and 58 more. Away: bob, dan.",
            "-- Hay 60 aquí: ana, bob y 58 más. Ausentes: bob, dan.",
        ),
        (
            RoomList((RoomListing("huddle", 3), RoomListing("ops", 1))),
            "-- rooms: huddle (3), ops (1)",
            "-- salas: huddle (3), ops (1)",
        ),
        (NickIs("ana"), "-- you are ana", "-- eres ana"),
        (LanguageIs(), "-- I speak English now.", "-- Ahora hablo español."),
        (TimesAre(True), "-- every line shows its time", "-- cada línea muestra su hora"),
        (TimesAre(False), "-- new lines show no time", "-- las líneas nuevas no muestran la hora"),
        (
            NotUtf8(),
            "-- Your terminal does not send UTF-8; I read it as Latin-1.",
            "-- Tu terminal no envía UTF-8; lo leo como Latin-1.",
        ),
        (Goodbye(), "-- Bye!", "-- ¡Hasta luego!"),
        (Closing(), "-- The server is closing. Bye!", "-- El servidor se cierra. ¡Adiós!"),
        (Past("huddle", [], False), "-- There is nothing to show.", "-- No hay nada que mostrar."),
        (
            Refused(NickTaken("ana", "ana2"), 7),
            "-- The nick ana is taken. ana2 is free.",
            "-- El apodo ana ya está en uso. ana2 está libre.",
        ),
    ],
)
def test_an_answer_is_one_line(event: Answer, english: str, spanish: str) -> None:
    assert lines(event) == [english]
    assert lines(event, "es") == [spanish]


@pytest.mark.parametrize("event", [Ack(1, "huddle", 2), Reset("huddle", "e"), Done(), Pong(1)])
def test_what_only_programs_need_is_nothing_to_people(event: Answer) -> None:
    assert lines(event) == lines(event, "es") == []


def test_what_the_house_wants_read_is_the_servers_line_by_line() -> None:
    assert lines(Motd(("Welcome!", "", "  be kind"))) == ["-- Welcome!", "--", "--   be kind"]


def test_somebody_in_two_rooms_hears_who_is_in_each() -> None:
    rooms = {
        "huddle": RoomState(7, Here("huddle", 2, ("bob",))),
        "ops": RoomState(0, Here("ops", 1, ())),
    }
    [line] = lines(Welcome("ana", "e", 0, rooms))
    assert line.startswith("-- Hello ana. 1 here: bob. Nobody else is here. /help")


def test_the_past_is_shown_with_its_day_its_times_and_how_many_follow() -> None:
    messages = [said(1, time=NOON - DAY), said(2, time=NOON)]
    assert lines(Past("huddle", messages, False, later=3)) == [
        "-- 18 November 2026 --",
        "12:00 <bob> hola",
        "-- 19 November 2026 --",
        "12:00 <bob> hola",
        "-- 3 more messages follow --",
    ]
    assert lines(Past("huddle", messages[1:], True, later=1), "es") == [
        "12:00 <bob> hola",
        "-- queda 1 mensaje más --",
    ]
    assert lines(Past("huddle", messages[1:], True)) == ["12:00 <bob> hola"]


def test_a_refusal_nobody_has_words_for_is_one_all_the_same() -> None:
    assert lines(Refused(HuddleError())) == ["-- That cannot be done."]


# Faces


def test_faces_are_shared_and_an_audience_sees_the_same_bytes() -> None:
    assert PLAIN.face("en", True) is PLAIN.face("en", True)
    faces = [PLAIN.face(language, times) for language in LANGUAGES for times in (False, True)]
    assert len({face.audience for face in faces}) == 4
    assert PlainFace("en", False, CLOCK).audience == PLAIN.face("en", False).audience
    assert not PLAIN.stays
