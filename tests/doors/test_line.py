"""The door for lines: who is let in, how each is met, and how a connection ends."""

from __future__ import annotations

import errno
import io
import json
from codecs import BOM_UTF8
from dataclasses import replace
from http.client import HTTPResponse
from typing import Any, cast

import pytest
from typing_extensions import override

from huddle.doors.input.scheduler import InputScheduler
from huddle.doors.line import GREETS_AFTER, HuddleFactory
from huddle.doors.transports import MOMENT, READ
from huddle.protocol.limits import Limits
from huddle.server.invitation.board import Board, Place, Ways, web_ways
from tests.conversations.test_short_way import calls_of
from tests.in_memory_tcp import MemorySocket
from tests.world import TRANSPORTS, Peer, Program, World

WELCOME = "Welcome to huddle. What is your nick?"
FULL = "-- There are too many connections. Try again later."
NO_TLS = "-- This port speaks no TLS. Connect without it."
FAREWELL = "-- The server is closing. Bye!"
HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256))


class Acknowledged(MemorySocket):
    """A connection whose kernel says in which state it is: 5 is FIN-WAIT-2."""

    state = 1

    @override
    def getsockopt(self, level: int, option: int, size: int = 0) -> bytes:
        return bytes([self.state]).ljust(size, b"\0")


class Lingering(MemorySocket):
    """A peer that keeps its side open."""

    def __init__(self) -> None:
        super().__init__()
        self.lingers = True


class Broken(MemorySocket):
    """A connection that was reset before it was ours."""

    def __init__(self) -> None:
        super().__init__()
        self.break_off()

    @override
    def setsockopt(self, level: int, option: int, value: object) -> None:
        raise OSError(errno.EINVAL, "no connection")


# -- who is let in -----------------------------------------------------------------------------


def test_three_talk_and_nobody_hears_themselves() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    carla = world.person("carla", transport="buffered")
    for each in (ana, bob):
        each.forgets()
    ana.says("hola")
    bob.hears("<ana> hola")
    carla.hears("<ana> hola")
    carla.says("¿qué tal?")
    bob.says("/me saluda")
    ana.hears("<carla> ¿qué tal?", "* bob saluda")
    bob.hears("<carla> ¿qué tal?")
    carla.hears("* bob saluda")


def test_the_sixty_fifth_of_one_address_is_told_so_and_has_to_go() -> None:
    world = World()
    class_room = [world.connect() for _ in range(64)]
    late = world.connect()
    late.hears(FULL)
    assert late.gone
    assert not any(peer.gone for peer in class_room)
    world.connect("10.0.0.9").hears(WELCOME)


def test_those_who_are_turned_away_count_until_they_are_gone_and_a_storm_is_told_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.world.MemorySocket", Lingering)
    world = World(limits=Limits(per_address=2))
    storm = [world.connect() for _ in range(10)]
    assert [peer.reads() for peer in storm] == [[WELCOME]] * 2 + [[FULL]] * 2 + [[]] * 6
    assert [peer.gone for peer in storm] == [False] * 4 + [True] * 6


def test_any_number_may_come_when_there_is_no_limit() -> None:
    world = World(limits=Limits(per_address=0))
    assert all(world.connect().reads() == [WELCOME] for _ in range(200))


def test_past_so_many_without_a_nick_the_oldest_of_them_goes() -> None:
    world = World(limits=Limits(unnamed=2))
    ana = world.person("ana")
    first, second, third = (world.connect() for _ in range(3))
    first.hears(WELCOME, FULL)
    assert first.gone and not second.gone and not third.gone and not ana.gone


def test_the_name_prompt_gives_up_after_a_minute() -> None:
    world = World(language="es")
    silent = world.connect()
    world.passes(59.9)
    assert not silent.gone
    world.passes(0.1)
    assert silent.gone
    assert len(silent.reads()) == 2


def test_who_has_given_a_nick_may_be_silent_for_as_long_as_they_like() -> None:
    world = World()
    ana = world.person("ana")
    world.passes(100_000)
    assert not ana.gone


def test_whoever_comes_while_the_house_closes_is_told_so() -> None:
    world = World()
    ana = world.person("ana")
    ana.stops_reading()
    world.closes()
    late = world.connect()
    late.hears(FAREWELL)
    assert late.gone


# -- how each is met ---------------------------------------------------------------------------


def test_a_browser_gets_an_http_400_and_what_it_says_is_not_heard() -> None:
    world = World()
    bob = world.person("bob")
    browser = world.connect()
    browser.sends(b"POST / HTTP/1.1\r\nHost: huddle\r\n\r\neva\r\nhola\r\n")
    world.settle()
    status, *_ = [line for line in browser.reads() if line != WELCOME]
    assert status == "HTTP/1.1 400 Bad Request\r"
    assert browser.gone and not browser.wire.incoming
    bob.hears()


class Patient(World):
    """A server that greets as one does which is started: in a while."""

    @override
    def _open(self) -> HuddleFactory:
        factory = super()._open()
        factory.greets_after = GREETS_AFTER
        return factory


REQUEST = b"GET / HTTP/1.1\r\nHost: chat.lan:55123\r\n\r\n"


class Taken:
    """What a browser has taken, for Python's reader of HTTP."""

    def __init__(self, taken: bytes) -> None:
        self._taken = taken

    def makefile(self, *_: Any) -> io.BytesIO:
        return io.BytesIO(self._taken)


def asked(world: World) -> bytes:
    """All that a browser is given."""
    browser = world.connect()
    browser.sends(REQUEST)
    world.settle()
    world.passes(GREETS_AFTER)
    assert browser.gone and not world.connections.here
    return bytes(browser.wire.taken)


def test_a_browser_is_shown_where_the_page_is_and_nothing_before_that() -> None:
    response = HTTPResponse(cast(Any, Taken(asked(Patient()))))
    response.begin()
    body = response.read().decode()
    assert (response.status, response.getheader("Connection")) == (400, "close")
    assert body.count('<a href="http://192.168.1.5:8000/">http://192.168.1.5:8000/</a>') == 1
    assert "This port is for nc and huddle-client." in body


def test_it_is_told_in_the_language_of_the_house() -> None:
    told = asked(Patient(language="es")).decode()
    assert '<html lang="es">' in told and "Este puerto es para nc y huddle-client." in told


@pytest.mark.parametrize(
    ("doors", "host", "page"),
    [
        ([], "10.0.0.1", None),
        ([(Place("127.0.0.1", 8000), web_ways)], "10.0.0.1", None),
        ([(Place("127.0.0.1", 8000), web_ways)], "127.0.0.1", b"http://127.0.0.1:8000/"),
        ([(Place("0.0.0.0", 443, tls=True), web_ways)], "10.0.0.1", b"https://10.0.0.5/"),
    ],
    ids=["there is none", "none for others", "one on this machine", "one for all, by TLS"],
)
def test_it_is_told_a_page_that_is_reached_from_there(
    doors: list[tuple[Place, Ways]], host: str, page: bytes | None
) -> None:
    world = Patient()
    board = Board(doors, ["10.0.0.5"])
    world.factory.house = replace(world.factory.house, invitation=board.invitation)
    browser = world.connect(host)
    browser.sends(REQUEST)
    world.settle()
    told = bytes(browser.wire.taken)
    assert told.startswith(b"HTTP/1.1 400 ") and len(told) < 1024
    assert (b"--web" in told) is (page is None)
    assert page is None or b'<a href="%s">' % page in told


def test_who_says_nothing_is_greeted_in_a_while() -> None:
    world = Patient()
    ana = world.connect()
    ana.hears()
    world.passes(GREETS_AFTER)
    ana.hears(WELCOME)
    ana.says("ana")
    world.passes(GREETS_AFTER)
    assert WELCOME not in ana.reads()


@pytest.mark.parametrize("first", [b"ana\n", b'{"type":"hello","nick":"ana","v":1}\n'])
def test_who_says_something_is_greeted_before_that_is_answered_and_once(first: bytes) -> None:
    world = Patient()
    ana = world.connect()
    ana.sends(first)
    world.settle()
    world.passes(GREETS_AFTER)
    heard = bytes(ana.wire.taken)
    assert heard.startswith(WELCOME.encode() + b"\n") and heard.count(WELCOME.encode()) == 1
    assert len(heard) > 100


@pytest.mark.parametrize(
    ("first", "answer"),
    [
        (b"ana\n", WELCOME.encode()),
        (b"\r\n ana\n", WELCOME.encode()),
        (REQUEST, b"HTTP/1.1 400 "),
    ],
)
def test_whose_first_line_waits_for_its_turn_is_given_nothing_before_it(
    first: bytes, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = Patient()
    ana, bob = world.connect(), world.connect()
    with monkeypatch.context() as crowd:
        crowd.setattr(InputScheduler, "ask", lambda *_: True)
        ana.sends(first)
        bob.sends(b"bo")
        world.settle()
        world.passes(GREETS_AFTER)
        world.passes(GREETS_AFTER)
        bob.hears(WELCOME)
        assert not ana.wire.taken
    ana.protocol.connection.input.go_on()
    assert ana.wire.taken.startswith(answer) and ana.wire.taken.count(answer) == 1


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"an",
        b"\n",
        b" \t\r\n",
        b"\nan",
        b"x" * (65 * 1024) + b"\n",
        b"\n" + b"x" * (65 * 1024) + b"\n",
    ],
    ids=len,
)
def test_for_what_is_no_line_the_greeting_does_not_wait(
    first: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = Patient()
    ana = world.connect()
    monkeypatch.setattr(InputScheduler, "ask", lambda *_: True)
    ana.sends(first)
    world.settle()
    world.passes(GREETS_AFTER)
    ana.hears(WELCOME)


@pytest.mark.parametrize("in_a_crowd", [False, True])
@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"\n",
        b" \t\r\n",
        b" ",
        BOM_UTF8,
        BOM_UTF8 + b"\n",
        b"\xff\xf4",  # ^C by Telnet
        b"x" * 65537,
        b"x" * 90000,
        b"x" * 65537 + b"\n",
        b"\n" * 5000,
    ],
    ids=lambda first: f"{first[:6]!r}, {len(first)}",
)
def test_who_ends_without_a_line_is_greeted(
    first: bytes, in_a_crowd: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if in_a_crowd:
        monkeypatch.setattr(InputScheduler, "ask", InputScheduler.wait)
    ana = Patient().connect()
    ana.sends(first)
    ana.ends()
    ana.world.settle()
    assert bytes(ana.wire.taken).count(WELCOME.encode()) == 1


def test_who_was_greeted_and_ends_without_a_line_is_not_greeted_again() -> None:
    ana = Patient().connect()
    ana.world.passes(GREETS_AFTER)
    ana.hears(WELCOME)
    ana.ends()
    assert WELCOME not in ana.reads()


@pytest.mark.parametrize("in_a_crowd", [False, True])
def test_who_ends_behind_a_nick_is_greeted_with_the_answer(
    in_a_crowd: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if in_a_crowd:
        monkeypatch.setattr(InputScheduler, "ask", InputScheduler.wait)
    ana = Patient().connect()
    ana.sends(b"ana")
    ana.ends()
    ana.world.settle()
    greeting, welcome, *_ = ana.reads()
    assert greeting == WELCOME
    assert welcome.startswith("-- Hello ana.")


def test_who_ends_at_once_is_greeted_all_the_same() -> None:
    ana = Patient().connect()
    ana.ends()
    assert ana.reads()[0] == WELCOME


def test_who_is_gone_before_the_greeting_waits_for_it_no_more() -> None:
    world = Patient()
    for _ in range(3):
        world.connect().resets()
    assert not world.factory.greetings.due
    world.passes(GREETS_AFTER)


def test_who_says_something_is_given_the_greeting_and_the_answer_by_one_send() -> None:
    ana = Patient().connect()
    calls = calls_of(ana, b"ana\n")
    greeting, hello, *_ = ana.reads()
    assert greeting == WELCOME and hello.startswith("-- Hello ana. ")
    assert calls["/delivery/answering.py:Answering._send"] == 1


def test_whose_first_line_is_not_answered_is_greeted_at_once() -> None:
    ana = Patient().connect()
    ana.sends(b"\x08\n")
    ana.world.settle()
    ana.hears(WELCOME)


@pytest.mark.parametrize(
    "first", [b"GET /chat HTTP/1.1\r\n", b"OPTIONS * HTTP/1.0\n", b"PRI * HTTP/2.0\r\n"]
)
def test_any_http_request_line_is_known(first: bytes) -> None:
    browser = World().connect()
    browser.sends(first)
    browser.world.settle()
    assert browser.gone


def test_a_person_may_say_what_looks_like_http() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("GET / HTTP/1.1")
    bob.hears("<ana> GET / HTTP/1.1")


@pytest.mark.parametrize(
    "pieces",
    [[HELLO], [HELLO.replace(b"\n", b"")], [HELLO[:1], HELLO[1:2], HELLO[2:9]]],
    ids=["with a LF", "without", "in pieces"],
)
def test_a_tls_client_gets_a_hint(pieces: list[bytes]) -> None:
    world = World()
    lost = world.connect()
    for piece in pieces:
        lost.sends(piece)
        world.settle()
    lost.hears(WELCOME, NO_TLS)
    assert lost.gone


def test_a_program_is_known_by_its_first_line() -> None:
    world = World()
    bob = world.person("bob")
    bot = world.program("bot", bot=True)
    bob.hears("-- bot joined")
    bob.says("hola")
    bot.hears({"type": "said", "nick": "bob", "text": "hola"})


def test_telnets_bytes_are_left_alone_in_json() -> None:
    world = World()
    bob = world.person("bob")
    bot = world.program("bot")
    bob.forgets()
    raw = json.dumps({"type": "say", "id": 1, "room": "huddle", "text": "ÿô"}, ensure_ascii=False)
    bot.sends(raw.encode() + b"\n")
    world.settle()
    bob.hears("<bot> ÿô")


def test_a_byte_order_mark_is_dropped_from_a_nick_and_from_json() -> None:
    world = World()
    ana = world.connect()
    ana.sends(b"\xef\xbb\xbfana\r\n")
    world.settle()
    world.person("bob").says("/who")
    assert ana.reads()[1].startswith("-- Hello ana.")


def test_latin_1_is_read_with_one_hint() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    ana.sends("café\nañil\n".encode("latin-1"))
    world.settle()
    bob.hears("<ana> café", "<ana> añil")
    ana.hears("-- Your terminal does not send UTF-8; I read it as Latin-1.")


def test_a_bare_salir_leaves_and_two_slashes_say_it() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    ana.says("//salir", "salir")
    bob.hears("<ana> salir", "-- ana left")
    ana.hears("-- You leave by the word alone; //salir says it.", "-- Bye!")
    assert ana.gone


# -- how a connection ends ---------------------------------------------------------------------


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_who_ends_their_side_gets_all_replies(transport: str) -> None:
    world = World()
    bot = world.connect(transport=transport)
    bot.sends(b"bot\nhola\n/who")
    bot.ends()
    *_, who, bye = bot.reads()
    assert (who, bye) == ("-- 1 here: bot.", "-- Bye!")
    assert bot.gone


def test_a_person_at_the_door_who_ends_their_side_is_gone() -> None:
    world = World()
    nobody = world.connect()
    nobody.ends()
    assert nobody.gone


def test_telnets_interrupt_leaves_and_the_farewell_is_seen() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    ana.wire.taken.clear()
    ana.sends(b"\xff\xf4\xff\xfd\x06")
    world.settle()
    assert ana.wire.taken == b"\xff\xfb\x06-- Bye!\n"  # WILL TIMING-MARK, then what it held back
    bob.hears("-- ana left")


def test_telnets_question_is_answered_at_once() -> None:
    world = World()
    ana = world.person("ana")
    ana.wire.taken.clear()
    ana.sends(b"\xff\xf3\xff\xfd\x06hola\r\n")
    world.settle()
    assert ana.wire.taken == b"\xff\xfb\x06"


@pytest.mark.parametrize("command", [b"\xff\xf1", b"\xff\xfe\xff\xff", b"\xff\xfb\x01"])
def test_commands_of_telnet_in_bulk_are_paid_for_like_lines(command: bytes) -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    ana.sends(command * 20_000)
    world.settle()
    assert len(ana.wire.incoming) >= len(command) * 20_000 - 3 * READ  # no more is read for now
    world.passes(1200)
    assert not ana.wire.incoming
    ana.says("", "hola")
    bob.hears_at_last("<ana> hola")


def test_so_are_those_that_come_one_by_one() -> None:
    world = World()
    ana = world.person("ana")
    for _ in range(1000):
        ana.sends(b"\xff\xf1")
        world.settle()
    assert len(ana.wire.incoming) > 200


def test_our_end_is_followed_by_the_peers_and_that_is_no_leaving() -> None:
    world = World()
    world.person("ana")
    world.closes()
    assert world.huddle.nicks.owner("ana") is not None


def test_a_connection_that_is_lost_before_it_was_let_in_leaves_nothing_behind() -> None:
    world = World()
    peer = world.connect()
    peer.cut()
    assert peer.gone
    assert not world.connections.here
    world.passes(world.limits.name_seconds)  # one timer is for all that have no nick
    assert not world.reactor.getDelayedCalls()


def test_who_has_left_and_gone_is_not_waited_for() -> None:
    world = World()
    ana = world.person("ana")
    world.passes(world.limits.name_seconds)
    ana.says("/salir")
    assert ana.gone
    assert not world.reactor.getDelayedCalls()


def test_who_does_not_end_their_side_is_cut_off_after_a_while() -> None:
    world = World()
    ana = world.person("ana")
    ana.wire.lingers = True
    ana.says("/salir")
    world.passes(4.9)
    assert not ana.gone
    world.passes(0.1)
    assert ana.gone


def _with_acknowledged(world: World) -> tuple[Peer, Acknowledged]:
    ana = world.person("ana")
    wire = ana.wire
    wire.__class__ = Acknowledged
    wire.lingers = True
    assert isinstance(wire, Acknowledged)
    return ana, wire


def test_who_has_acknowledged_everything_is_cut_off_a_moment_later() -> None:
    world = World()
    ana, wire = _with_acknowledged(world)
    ana.says("/salir")
    world.passes(1)
    assert not ana.gone
    wire.state = 5
    world.passes(MOMENT)
    assert ana.gone
    ana.hears("-- Bye!")


def test_so_is_who_was_reset_though_nobody_has_noticed() -> None:
    world = World()
    ana = world.person("ana")
    ana.wire.lingers = True
    ana.says("/salir")
    ana.wire.unnoticed = True
    ana.resets()
    assert not ana.gone
    world.passes(MOMENT)
    assert ana.gone


def test_a_reader_who_has_stopped_may_still_read_the_farewell() -> None:
    world = World()
    ana = world.person("ana")
    ana.forgets()
    ana.stops_reading()
    ana.says("/salir")
    world.passes(4)
    ana.reads_again()
    ana.hears("-- Bye!")
    assert ana.gone


def test_a_program_that_ends_its_side_keeps_its_nick_for_a_while() -> None:
    world = World()
    bot = world.program("bot")
    bot.ends()
    assert bot.gone
    assert world.huddle.nicks.owner("bot") is not None
    world.passes(121)
    assert world.huddle.nicks.owner("bot") is None


def test_a_connection_that_was_reset_before_it_was_ours_is_gone_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    monkeypatch.setattr("tests.world.MemorySocket", Broken)
    peer = world.connect()
    assert peer.gone
    assert not world.connections.here
    world.passes(world.limits.name_seconds)  # one timer is for all that have no nick
    assert not world.reactor.getDelayedCalls()


ENDS = [b"\n", b"\r\n", b"\r\0", b"\r\r\n", b"\r\r\r\n", b"\r\r\0"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("at_once", [True, False])
def test_lines_end_in_many_ways(end: bytes, at_once: bool) -> None:
    world = World()
    ana, bob = world.person("ana"), world.connect()
    sent = end.join([b"bob", b"hola", b"", b"/me baila", b"adi\xc3\xb3s", b""])
    for piece in [sent] if at_once else [sent[i : i + 1] for i in range(len(sent))]:
        bob.sends(piece)
        world.settle()
    heard = [line for line in ana.reads() if line != "<bob> "]
    assert heard == ["-- bob joined", "<bob> hola", "* bob baila", "<bob> adiós"]


@pytest.mark.parametrize("rest", [b"", b"\n", b"\0"])
def test_enter_alone_ends_a_line_of_a_terminal_that_sends_every_key(rest: bytes) -> None:
    world = World()
    ana, bob = world.person("ana"), world.connect()
    for key in (b"b", b"x", b"\b", b"o", b"b", b"\r", rest, b"h", b"i", b"\x1b[D", b"\r", rest):
        bob.sends(key)
        world.settle()
    ana.hears("-- bob joined", "<bob> hi")


@pytest.mark.parametrize("end", ENDS)
def test_a_byte_order_mark_before_a_program_or_a_nick_is_no_part_of_it(end: bytes) -> None:
    world = World()
    ana = world.person("ana")
    bot, bob = Program(world, "bot", "secret of bot"), world.connect()
    world.attach(bot)
    hello = b'{"type":"hello","v":1,"nick":"bot","session":"secret of the bot of this test"}'
    bot.sends(b"\xef\xbb\xbf" + hello + end)
    bot.sends(b'{"type":"say","id":1,"room":"huddle","text":"hola"}' + end)
    bob.sends(b"\xef\xbb\xbfbob" + end + b"\xef\xbb\xbfhola" + end)
    world.settle()
    assert sorted(ana.reads()) == sorted(
        ["-- bot joined", "<bot> hola", "-- bob joined", "<bob> hola"]
    )


FIRST_LINE = b'{"type":"hello","v":1,"nick":"bot","session":"%s"}\n' % (b"0" * 32)
MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "before", [MARK, MARK * 2, MARK + b"\n", MARK + b"\r\n", b"\r\n" + MARK, b"\xff\xfb\x1f" + MARK]
)
def test_a_program_of_windows_begins_with_a_byte_order_mark(before: bytes) -> None:
    world = World()
    bot = world.connect()
    bot.sends(before + FIRST_LINE)
    world.settle()
    assert '"type":"welcome"' in bot.reads()[-1]


def test_a_person_with_a_byte_order_mark_has_a_nick_without_it() -> None:
    world = World()
    ana = world.connect()
    ana.sends(MARK + b"\n" + MARK + b"ana\r\n")
    world.settle()
    assert ana.reads()[1].startswith("-- Hello ana.")
