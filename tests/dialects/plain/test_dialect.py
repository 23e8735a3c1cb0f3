"""The plain dialect: what people type becomes requests, what happens becomes lines to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.dialects.plain.dialect import PlainRenderer
from huddle.protocol.answers import (
    Ack,
    Act,
    Answer,
    Aside,
    AuditList,
    BanList,
    BanListing,
    Closing,
    CommandHelp,
    Done,
    Entered,
    Gap,
    Goodbye,
    Greeting,
    Help,
    Ignoring,
    KeptFor,
    LoggedIn,
    Missed,
    Motd,
    NickIs,
    Parted,
    Past,
    Pong,
    Refused,
    Registered,
    Removed,
    Reset,
    ReturnWord,
    RoomList,
    RoomListing,
    Roster,
    Standing,
    StandingIs,
    TopicIs,
    Unread,
    Welcome,
    WhoIs,
)
from huddle.protocol.dialect import PERSON
from huddle.protocol.errors import (
    BadNick,
    BadUsage,
    Banned,
    HuddleError,
    Muted,
    NickTaken,
    RoomLocked,
    TextTooLong,
)
from huddle.protocol.events import (
    Changed,
    Deleted,
    Here,
    Joined,
    Kind,
    Left,
    Renamed,
    RoomEvent,
    Said,
    Setting,
)
from huddle.protocol.requests import (
    Back,
    Bye,
    ChangePassword,
    Hello,
    HelpWanted,
    Join,
    Login,
    Register,
    Request,
    Say,
    SetKey,
    SetLanguage,
)
from huddle.protocol.text import LONGEST, clean
from tests.rows import sentences
from tests.sample_messages import CLOCK, DAY, HOUR, MINUTE, NOON, PLAIN, said

LANGUAGES = ("en", "es")


def read(line: str | bytes, named: bool = True) -> Request | Refused | None:
    data = line.encode() if isinstance(line, str) else line
    return PLAIN.reader().read(data, named)


def lines(event: Answer, language: str = "en") -> list[str]:
    """What a person reads; every line has its end."""
    data = PLAIN.renderer(language, False).answer(event).decode()
    assert not data or data.endswith("\n")
    return sentences(data.splitlines())


def live(event: RoomEvent, language: str = "en", times: bool = False) -> str:
    return b"".join(PLAIN.renderer(language, times).live([event])).decode()


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
        ("/login s3cret", Login(None, "s3cret")),
        ("  /acceder ana s3cret", Login("ana", "s3cret")),
        ("/salir", Bye()),
        ("salir", Bye()),
        (" Salir ", Bye()),
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
        ("salir", Bye()),
        ("SALIR ", Bye()),
        ("salir ya", Say("salir ya")),
        ("quit.", Say("quit.")),
        ("exit now", Say("exit now")),
        (" /quit", Say(" /quit")),
        ("/quit", Bye()),
        ("/yo baila", Say("baila", Kind.ME)),
        ("-- ana left", Say("-- ana left")),
        ("\x1b[2Jhola\x07", Say("\ufffd[2Jhola\ufffd")),
        ("a\u2028b\u202ec", Say("a\ufffdb\ufffdc")),
    ],
)
def test_what_is_typed_is_said_unless_it_is_a_command(line: str, request_: Request) -> None:
    assert read(line) == request_


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        (" /login ana s3cret", Login("ana", "s3cret")),
        ("\t/ACCEDER s3cret", Login(None, "s3cret")),
        ("\u00a0 /register s3cret", Register("s3cret")),
        (" /registrar s3cret", Register("s3cret")),
        ("  /password old new", ChangePassword("old", "new")),
        (" /clave old new", ChangePassword("old", "new")),
        (" /key s3cret", SetKey(None, "s3cret")),
        (" /llave -", SetKey(None, None)),
        (" /join ops s3cret", Join("ops", "s3cret")),
        (" /entrar ops s3cret", Join("ops", "s3cret")),
        (" /back otter-41-lamp", Back("otter-41-lamp")),
        (" /kick bob", Say(" /kick bob")),
        (" //login s3cret", Say(" //login s3cret")),
        (" / login s3cret", Say(" / login s3cret")),
        (" see /login", Say(" see /login")),
        ("//login ana s3cret", Say("/login ana s3cret")),
    ],
)
def test_a_command_with_a_secret_is_never_said_for_a_space_in_front(
    line: str, request_: Request
) -> None:
    assert read(line) == request_


@pytest.mark.parametrize("line", [" /login", "\t/clave one", " /register a b c"])
def test_nor_is_one_that_makes_no_sense(line: str) -> None:
    refused = read(line)
    assert isinstance(refused, Refused) and isinstance(refused.error, BadUsage)


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


def test_what_is_far_too_long_is_refused_unseen() -> None:
    for text in ("x" * (LONGEST + 1), "\x01" * 60_000, "/msg bob " + "\u0301" * 30_000):
        refused = read(text)
        assert isinstance(refused, Refused) and isinstance(refused.error, TextTooLong)
        refused = read(text, named=False)
        assert isinstance(refused, Refused) and isinstance(refused.error, BadNick)
    assert read("hola" + " \t" * LONGEST) == Say("hola")
    assert read("\x01" * LONGEST) == Say("\ufffd" * LONGEST)  # and it is refused when it is said


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


def private(text: str, *, to: str = "", kind: Kind = Kind.SAY) -> Said:
    """A private message of ana's, as it is in an inbox; `to` is set in her own."""
    return Said("@7", 1, NOON, 7, "ana", kind, text, to=to)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (private("hola"), "[ana] hola"),
        (private("waves", kind=Kind.ME), "[* ana waves]"),
        (private("hola", to="bob"), "[ana → bob] hola"),
        (private("waves", to="bob", kind=Kind.ME), "[ana → bob] * ana waves"),
    ],
)
def test_a_private_message_stands_in_brackets_in_every_language(message: Said, line: str) -> None:
    for language in LANGUAGES:
        assert live(message, language) == f"{line}\n"
        assert live(message, language, times=True) == f"12:00 {line}\n"
        assert PLAIN.renderer(language, False).past([message], None) == [f"12:00 {line}\n".encode()]


@given(st.text(), st.sampled_from(["", "bob"]), st.sampled_from([Kind.SAY, Kind.ME]))
def test_no_private_text_makes_a_line_of_anybody_else(text: str, to: str, kind: Kind) -> None:
    line = live(private(clean(text), to=to, kind=kind))
    assert line.count("\n") == 1
    assert line.startswith("[ana → bob] " if to else "[* ana " if kind is Kind.ME else "[ana] ")


def test_an_announcement_is_the_servers_line_in_the_readers_language() -> None:
    message = said(1, "tea -- {now}", nick="ana", kind=Kind.ANNOUNCE)
    assert live(message) == "-- ana announces: tea -- {now}\n"
    assert live(message, "es") == "-- ana anuncia: tea -- {now}\n"
    assert live(message, "es", times=True) == "12:00 -- ana anuncia: tea -- {now}\n"
    assert PLAIN.renderer("en", False).past([message], None) == [
        b"12:00 -- ana announces: tea -- {now}\n"
    ]


def test_what_was_deleted_is_told_in_its_place() -> None:
    messages = [said(1), said(2, "", kind=Kind.DELETED), said(3)]
    assert PLAIN.renderer("en", False).past(messages, None) == [
        b"12:00 <bob> hola\n",
        b"12:00 -- a message of bob was deleted\n",
        b"12:00 <bob> hola\n",
    ]
    assert PLAIN.renderer("es", True).past(messages[1:2], None) == [
        "12:00 -- se borró un mensaje de bob\n".encode()
    ]


def test_a_message_read_later_has_its_time_and_each_day_its_line() -> None:
    messages = [
        said(1, time=NOON - DAY),
        said(2, time=NOON - DAY + 1),
        said(3, time=NOON, kind=Kind.ME),
        said(4, time=NOON + 361 * DAY),
    ]
    first, second, third, fourth = PLAIN.renderer("en", False).past(messages, None)
    assert first == second == b"12:00 <bob> hola\n"
    assert third == b"-- 19 November 2026 --\n12:00 * bob hola\n"
    assert fourth == b"-- 15 November 2027 --\n12:00 <bob> hola\n"
    third = PLAIN.renderer("es", True).past(messages, None)[2]
    assert third == b"-- 19 de noviembre de 2026 --\n12:00 * bob hola\n"


def test_the_first_of_a_stretch_has_a_line_for_the_day_if_the_one_before_was_of_another() -> None:
    shown = PLAIN.renderer("en", False)
    assert shown.past([said(1)], NOON - DAY) == [b"-- 19 November 2026 --\n12:00 <bob> hola\n"]
    assert shown.past([said(1)], NOON - MINUTE) == [b"12:00 <bob> hola\n"]


def test_a_replay_of_another_day_says_which_and_one_of_today_does_not() -> None:
    shown = PLAIN.renderer("en", False)
    assert shown.opening(NOON) == shown.opening(NOON - 12 * 60 * MINUTE) == b""
    assert shown.opening(NOON - 12 * 60 * MINUTE - 1) == b"-- 18 November 2026 --\n"
    assert PLAIN.renderer("es", False).opening(NOON - DAY) == b"-- 18 de noviembre de 2026 --\n"


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_has_its_name(language: str) -> None:
    january = NOON - 322 * DAY  # 2026-01-01
    days = [january + (30 * month + 20) * DAY for month in range(12)]
    shown = [PLAIN.renderer(language, False).opening(day).decode() for day in days]
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
        (Left("ops", ("dan",), by="ana"), "ana sent dan away", "ana ha echado a dan"),
        (
            Left("ops", ("dan",), by="ana", reason="too {loud}"),
            "ana sent dan away: too {loud}",
            "ana ha echado a dan: too {loud}",
        ),
        (
            Changed("ops", "ana", Setting.TOPIC, "on {call}"),
            "ana set the topic: on {call}",
            "ana ha puesto el tema: on {call}",
        ),
        (
            Changed("ops", "ana", Setting.TOPIC, ""),
            "ana took the topic away",
            "ana ha quitado el tema",
        ),
        (
            Changed("ops", "ana", Setting.KEY, True),
            "ana locked the room with a key",
            "ana ha cerrado la sala con llave",
        ),
        (
            Changed("ops", "ana", Setting.KEY, False),
            "ana took the key away",
            "ana ha quitado la llave",
        ),
        (
            Changed("ops", "ana", Setting.SLOW, 5.0),
            "ana made the room slow: one line every 5s",
            "ana ha hecho lenta la sala: una línea cada 5s",
        ),
        (
            Changed("ops", "ana", Setting.SLOW, 0.0),
            "ana ended the slow mode",
            "ana ha quitado el modo lento",
        ),
        (
            Changed("ops", "ana", Setting.QUIET, True),
            "ana made the room quiet: only those with a voice speak",
            "ana ha puesto la sala en silencio: solo hablan quienes tienen voz",
        ),
        (
            Changed("ops", "ana", Setting.QUIET, False),
            "ana lets everybody speak again",
            "ana deja hablar otra vez a todo el mundo",
        ),
        (Deleted("ops", 7, "ana"), "ana deleted a message", "ana ha borrado un mensaje"),
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
    return Welcome("ana", "e", 0, {"huddle": Entered("huddle", count, names, seq=7)})


HELP = Help((CommandHelp("/nick NAME", "/apodo NOMBRE", "changes your nick"),))


@pytest.mark.parametrize(
    ("event", "english", "spanish"),
    [
        (
            welcome(4, "bob", "carla", "dan"),
            "-- Hello ana. 3 others here: bob, carla, dan."
            " /help lists the commands, /salir leaves.",
            "-- Hola, ana. Hay 3 personas más aquí: bob, carla, dan."
            " /ayuda muestra las órdenes, /salir te saca.",
        ),
        (
            welcome(2, "bob"),
            "-- Hello ana. 1 other here: bob. /help lists the commands, /salir leaves.",
            "-- Hola, ana. Hay 1 persona más aquí: bob."
            " /ayuda muestra las órdenes, /salir te saca.",
        ),
        (
            welcome(1),
            "-- Hello ana. Nobody else is here. /help lists the commands, /salir leaves.",
            "-- Hola, ana. No hay nadie más aquí. /ayuda muestra las órdenes, /salir te saca.",
        ),
        (
            welcome(61, "bob", "carla"),
            "-- Hello ana. 60 others here: bob, carla and 58 more. /help lists the commands, "
            "/salir leaves.",
            "-- Hola, ana. Hay 60 personas más aquí: bob, carla y 58 más."
            " /ayuda muestra las órdenes, /salir te saca.",
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
            "-- 2 others here: bob, carla.",
            "-- Hay 2 personas más aquí: bob, carla.",
        ),
        (Here("huddle", 1, ()), "-- Nobody else is here.", "-- No hay nadie más aquí."),
        (
            Roster("huddle", 2, ("ana", "bob"), ()),
            "-- 2 here: ana, bob.",
            "-- Hay 2 aquí: ana, bob.",
        ),
        (
            Roster("huddle", 60, ("ana", "bob"), ("bob", "dan")),
            "-- 60 here: ana, bob and 58 more. Away: bob, dan.",
            "-- Hay 60 aquí: ana, bob y 58 más. Ausentes: bob, dan.",
        ),
        (
            RoomList((RoomListing("huddle", 3), RoomListing("ops", 1))),
            "-- rooms: huddle (3), ops (1)",
            "-- salas: huddle (3), ops (1)",
        ),
        (
            RoomList((RoomListing("huddle", 3), RoomListing("ops", 1, keyed=True))),
            "-- rooms: huddle (3), ops (1, locked)",
            "-- salas: huddle (3), ops (1, con llave)",
        ),
        (NickIs("ana"), "-- you are ana", "-- eres ana"),
        (Done(), "-- Done.", "-- Hecho."),
        (
            Entered("ops", 2, ("bob",), seq=0),
            "-- You are in ops now. 1 other here: bob.",
            "-- Ahora estás en ops. Hay 1 persona más aquí: bob.",
        ),
        (Parted("ops"), "-- You have left ops.", "-- Has salido de ops."),
        (Removed("ops", "ana"), "-- ana sent you out of ops", "-- ana te ha echado de ops"),
        (
            Removed("ops", "ana", "too {loud}", banned=True),
            "-- ana banned you from ops: too {loud}",
            "-- ana no te deja entrar más en ops: too {loud}",
        ),
        (TopicIs("ops", ""), "-- This room has no topic.", "-- Esta sala no tiene tema."),
        (TopicIs("ops", "on {call}"), "-- topic: on {call}", "-- tema: on {call}"),
        (
            TopicIs("ops", "on call", "ana"),
            "-- topic, by ana: on call",
            "-- tema, por ana: on call",
        ),
        (
            StandingIs("ops", Standing.VOICED, "ana"),
            "-- ana gave you a voice: you may speak in a quiet room",
            "-- ana te ha dado voz: puedes hablar en una sala en silencio",
        ),
        (
            StandingIs("ops", Standing.UNVOICED, "ana"),
            "-- ana took your voice away: you do not speak in a quiet room",
            "-- ana te ha quitado la voz: no hablas en una sala en silencio",
        ),
        (
            StandingIs("ops", Standing.MUTED, "ana", reason="too {loud}"),
            "-- ana muted you: you hear, and do not speak: too {loud}",
            "-- ana te ha callado: oyes, pero no hablas: too {loud}",
        ),
        (
            StandingIs("ops", Standing.MUTED, "ana", NOON + HOUR),
            "-- ana muted you until 13:00 today",
            "-- ana te ha callado hasta las 13:00 de hoy",
        ),
        (
            StandingIs("ops", Standing.UNMUTED, "ana"),
            "-- ana lets you speak again",
            "-- ana te deja hablar otra vez",
        ),
        (
            StandingIs("", Standing.OPERATOR, ""),
            "-- the house made you an operator: /help lists what you may do",
            "-- la casa te ha hecho operador: /ayuda muestra lo que puedes hacer",
        ),
        (
            StandingIs("", Standing.NO_OPERATOR, "ana"),
            "-- ana made you no operator any more",
            "-- ana te ha quitado el cargo de operador",
        ),
        (BanList("ops", ()), "-- Nobody is kept out.", "-- No hay nadie sin permiso para entrar."),
        (
            BanList("ops", (BanListing("10.0.0.0/8", "", None, "", "ana"),)),
            "-- 10.0.0.0/8 by ana",
            "-- 10.0.0.0/8, por ana",
        ),
        (
            BanList("ops", (BanListing("account", "bob", NOON + DAY, "spam {0}", "ana"),)),
            "-- account (bob) by ana until 12:00 on 20 November 2026: spam {0}",
            "-- account (bob), por ana, hasta las 12:00 del 20 de noviembre de 2026: spam {0}",
        ),
        (Ignoring(()), "-- You ignore nobody.", "-- No ignoras a nadie."),
        (Ignoring(("bob", "eva")), "-- You ignore: bob, eva.", "-- Ignoras a: bob, eva."),
        (
            WhoIs("bob", "", (), (), False, False),
            "-- bob has no account.",
            "-- bob no tiene cuenta.",
        ),
        (
            WhoIs("bob", "bob", ("10.0.0.1", "::1"), ("huddle", "ops"), True, True),
            "-- bob has the account bob. Operator. Away. From: 10.0.0.1, ::1. In: huddle, ops.",
            "-- bob tiene la cuenta bob. Con cargo de operador. No está ahora. "
            "Desde: 10.0.0.1, ::1. En: huddle, ops.",
        ),
        (AuditList(()), "-- There is nothing to show.", "-- No hay nada que mostrar."),
        (
            AuditList((Act(NOON, "ops", "ban", "ana", "bob", "10m spam"),)),
            "-- 12:00 · ops · ana /ban bob · 10m spam",
            "-- 12:00 · ops · ana /vetar bob · 10m spam",
        ),
        (
            AuditList((Act(NOON - DAY, "", "op", "ana", "bob", ""),)),
            "-- 2026-11-18 12:00 · ana /op bob",
            "-- 2026-11-18 12:00 · ana /operador bob",
        ),
        (
            AuditList((Act(NOON, "ops", "quiet", "ana", "", "on"),)),
            "-- 12:00 · ops · ana /quiet · on",
            "-- 12:00 · ops · ana /silencio · on",
        ),
        (
            AuditList((Act(NOON, "", "remove", "-", "bob", ""),)),
            "-- 12:00 · - remove bob",
            "-- 12:00 · - remove bob",
        ),
        (
            Registered("ana"),
            "-- The nick ana is registered: from now on it needs its password.",
            "-- El apodo ana queda registrado: desde ahora pide su clave.",
        ),
        (LoggedIn("ana"), "-- You are logged in as ana.", "-- Has entrado con la cuenta ana."),
        (
            Aside.IN_CLEAR,
            "-- This connection is not encrypted: others on the way could read your password.",
            "-- Esta conexión no está cifrada: en el camino podrían leer tu clave.",
        ),
        (
            Aside.SECRET_SAID,
            "-- Everybody has read that. If there was a password in it, change it;"
            " /delete takes the line back.",
            "-- Eso lo han leído todos. Si llevaba una clave, cámbiala; /borrar retira la línea.",
        ),
        (
            KeptFor("bob"),
            "-- bob is away; your message waits.",
            "-- bob no está ahora; tu mensaje espera.",
        ),
        (
            Unread("bob", 1),
            "-- bob did not come back: 1 message of yours was not read.",
            "-- bob no ha vuelto: no ha leído 1 mensaje tuyo.",
        ),
        (
            Unread("bob", 3),
            "-- bob did not come back: 3 messages of yours were not read.",
            "-- bob no ha vuelto: no ha leído 3 mensajes tuyos.",
        ),
        (Aside.LANGUAGE_IS, "-- I speak English now.", "-- Ahora hablo español."),
        (Aside.TIMES_ON, "-- every line shows its time", "-- cada línea muestra su hora"),
        (Aside.TIMES_OFF, "-- new lines show no time", "-- las líneas nuevas no muestran la hora"),
        (
            Aside.NOT_KEPT,
            "-- This cannot be recorded now; when you come back it may be as before.",
            "-- Esto no se puede guardar ahora; cuando vuelvas puede que esté como antes.",
        ),
        (
            Aside.LOST_OTHERS,
            "-- This server has lost the others of the house; you can read.",
            "-- Este servidor ha perdido a los demás de la casa; puedes leer.",
        ),
        (
            Aside.HEARS_OTHERS,
            "-- This server hears the others of the house again.",
            "-- Este servidor vuelve a oír a los demás de la casa.",
        ),
        (
            Aside.NOT_UTF8,
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
        (
            Refused(Banned("ops", NOON + HOUR, "spam")),
            "-- You are not let into ops until 13:00 today: spam",
            "-- No puedes entrar en ops hasta las 13:00 de hoy: spam",
        ),
        (
            Refused(Muted("ops", NOON + DAY)),
            "-- Not said: you are muted here until 12:00 on 20 November 2026",
            "-- No se ha dicho: aquí no puedes hablar hasta las 12:00 del 20 de noviembre de 2026",
        ),
        (
            Refused(RoomLocked("ops")),
            "-- ops is locked; it opens with its key: /join ops KEY",
            "-- La sala ops está cerrada; se abre con su llave: /entrar ops LLAVE",
        ),
    ],
)
def test_an_answer_is_one_line(event: Answer, english: str, spanish: str) -> None:
    assert lines(event) == [english]
    assert lines(event, "es") == [spanish]


@pytest.mark.parametrize("event", [Ack(1, "huddle", 2), Reset("huddle", "e"), Pong(1)])
def test_what_only_programs_need_is_nothing_to_people(event: Answer) -> None:
    assert lines(event) == lines(event, "es") == []


def test_what_the_house_wants_read_is_the_servers_line_by_line() -> None:
    assert lines(Motd(("Welcome!", "", "  be kind"))) == ["-- Welcome!", "--", "--   be kind"]


def test_somebody_in_two_rooms_hears_who_is_in_each() -> None:
    rooms = {
        "huddle": Entered("huddle", 2, ("bob",), seq=7),
        "ops": Entered("ops", 1, (), seq=0),
    }
    hello, where = lines(Welcome("ana", "e", 0, rooms))
    assert hello.startswith("-- Hello ana. 1 other here: bob. Nobody else is here. /help")
    assert where == "-- You are in ops now."


def test_who_comes_into_another_room_hears_which_and_what_is_unusual_there() -> None:
    ops = Entered("ops", 2, ("bob",), (), "on call", True, 90, True, 7)
    rooms = {"ops": ops, "@7": Entered("@7", 1, (), seq=3)}
    how = [
        "-- topic: on call",
        "-- locked room: it opens with its key",
        "-- slow room: one line every 90s",
        "-- quiet room: only those with a voice speak",
    ]
    assert lines(Welcome("ana", "e", 0, rooms)) == [
        "-- Hello ana. 1 other here: bob. /help lists the commands, /salir leaves.",
        "-- You are in ops now.",
        *how,
    ]
    assert lines(ops) == ["-- You are in ops now. 1 other here: bob.", *how]
    assert lines(ops, "es")[1:] == [
        "-- tema: on call",
        "-- sala con llave: se abre con ella",
        "-- sala lenta: una línea cada 90s",
        "-- sala en silencio: solo hablan quienes tienen voz",
    ]


def test_topics_of_rooms_have_lines_of_their_own() -> None:
    rooms = (RoomListing("huddle", 3, "be {kind}"), RoomListing("ops", 1, "", keyed=True))
    assert lines(RoomList(rooms)) == [
        "-- rooms: huddle (3), ops (1, locked)",
        "-- huddle: be {kind}",
    ]


def test_every_ban_and_every_act_has_its_line() -> None:
    bans = tuple(BanListing(who, who, None, "", "ana") for who in ("bob", "eva"))
    assert lines(BanList("ops", bans)) == ["-- bob by ana", "-- eva by ana"]
    acts = tuple(Act(NOON, "ops", act, "ana", "bob", "") for act in ("mute", "unmute"))
    assert lines(AuditList(acts)) == [
        "-- 12:00 · ops · ana /mute bob",
        "-- 12:00 · ops · ana /unmute bob",
    ]


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


# Renderers


def test_renderers_are_shared_and_an_audience_sees_the_same_bytes() -> None:
    assert PLAIN.renderer("en", True) is PLAIN.renderer("en", True)
    renderers = [
        PLAIN.renderer(language, times) for language in LANGUAGES for times in (False, True)
    ]
    assert len({renderer.audience for renderer in renderers}) == 4
    assert PlainRenderer("en", False, CLOCK).audience == PLAIN.renderer("en", False).audience
    assert PLAIN.traits is PERSON
