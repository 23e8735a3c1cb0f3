"""People with nc, ncat and telnet in one room of a real server."""

from __future__ import annotations

import re
import socket
import ssl
import sys

import pytest

from tests.needs import needs
from tests.real.certificate import trusting
from tests.real.conftest import Enter, Start
from tests.real.programs import Program, Telnet, untimed

AT_ONCE = 1.0
"""Seconds of the server's own time in which a paste of fifty lines has arrived."""


def lines(count: int) -> list[str]:
    return [f"line {number}" for number in range(count)]


def texts_of(nick: str, heard: Program) -> list[str]:
    """What this one has heard from that one."""
    lines = map(untimed, heard.heard)
    return [line.removeprefix(f"<{nick}> ") for line in lines if line.startswith(f"<{nick}>")]


def needs_really(*commands: str) -> None:
    """It is these programs that the test is about; nothing can stand in for them."""
    for command in commands:
        program = command.split()[0]
        needs("nc.openbsd" if program == "nc" else program)


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [("nc", "ncat", "telnet"), ("telnet", "nc -N", "telnet"), ("ncat", "nc", "nc -N")],
)
def test_three_hold_a_conversation_and_nobody_hears_themselves(
    start: Start, enter: Enter, first: str, second: str, third: str
) -> None:
    needs_really(first, second, third)
    server = start()
    ana, bob, carla = (
        enter(server, command, nick)
        for command, nick in ((first, "ana"), (second, "bob"), (third, "carla"))
    )
    ana.says("hola a todos")
    bob.hears("<ana> hola a todos")
    carla.hears("<ana> hola a todos")
    carla.says("¿qué tal, ana?", "/me saluda")
    for each in (ana, bob):
        each.hears("<carla> ¿qué tal, ana?")
        each.hears("* carla saluda")
    bob.says("bien", "/salir")
    bob.hears("-- Bye!")
    for each in (ana, carla):
        each.hears("<bob> bien")
        each.hears("-- bob left")
    assert not texts_of("ana", ana) and not texts_of("bob", bob) and not texts_of("carla", carla)


def test_fifty_thousand_lines_through_nc_arrive_all_and_in_order(
    start: Start, enter: Enter
) -> None:
    needs_really("nc")
    server = start("--flood-rate", "0")
    ana = enter(server, nick="ana")
    bot = enter(server, "nc -N")
    bot.says("bot", *lines(50_000))
    bot.ends_input()
    ana.hears("<bot> line 49999")
    assert bot.hears_out()[-1] == "-- Bye!"
    assert bot.process.returncode == 0
    ana.says("/who")  # that bot left she is not told in these words if she fell behind
    ana.hears("-- 1 here: ana.")
    assert texts_of("bot", ana) == lines(50_000)


def test_a_paste_of_fifty_lines_arrives_together(start: Start, enter: Enter) -> None:
    server = start()
    ana, bob = enter(server, nick="ana"), enter(server, nick="bob")
    ana.says(*lines(50))
    bob.hears("<ana> line 0")
    began = server.own_time()
    bob.hears("<ana> line 49")
    assert server.own_time() - began < AT_ONCE  # flood control would take ten
    assert texts_of("ana", bob) == lines(50)


def test_a_bot_of_one_line_gets_its_replies(start: Start, enter: Enter) -> None:
    server = start()
    ana = enter(server, nick="ana")
    bot = enter(server, "nc -N")
    bot.says("bot", "hola", "/who")
    bot.ends_input()
    _, hello, _, who, bye = bot.hears_out()
    assert hello.startswith("-- Hello bot. 1 other here: ana.")
    assert (who, bye) == ("-- 2 here: ana, bot.", "-- Bye!")
    assert bot.process.returncode == 0
    ana.hears("<bot> hola")
    ana.hears("-- bot left")


def test_who_sends_and_goes_without_listening_is_still_heard_out(
    start: Start, enter: Enter
) -> None:
    server = start("--flood-rate", "50")
    ana = enter(server, nick="ana")
    bot = enter(server, "ncat --send-only")
    bot.says("bot", *lines(120))
    bot.ends_input()
    ana.hears("<bot> line 58")
    ana.says("who are you?")
    ana.hears("<bot> line 119")
    assert texts_of("bot", ana) == lines(120)


@pytest.mark.parametrize("command", ["nc", "nc -N"])
def test_a_bare_salir_leaves_and_nc_ends(start: Start, enter: Enter, command: str) -> None:
    needs_really(command)
    server = start()
    ana, bob = enter(server, nick="ana"), enter(server, command, "bob")
    bob.says("//salir", "salir")
    began = server.own_time()
    assert bob.hears_out()[-1] == "-- Bye!"
    assert server.own_time() - began < 3  # not when the connection is cut off
    ana.hears("<bob> salir")
    ana.hears("-- bob left")


def test_telnets_interrupt_leaves_with_a_farewell(start: Start, enter: Enter) -> None:
    server = start()
    ana, bob = enter(server, nick="ana"), enter(server, "telnet", "bob")
    bob.sends(Telnet.INTERRUPT)
    assert bob.hears_out()[-2:] == ["^C-- Bye!", "Connection closed by foreign host."]
    ana.hears("-- bob left")


def test_telnets_own_quit_is_a_leaving(start: Start, enter: Enter) -> None:
    server = start()
    ana, bob = enter(server, nick="ana"), enter(server, "telnet", "bob")
    bob.sends(Telnet.ESCAPE)
    bob.sends(b"quit\n")
    assert bob.hears_out()[-1] == "telnet> Connection closed."
    ana.hears("-- bob left")


def test_characters_split_over_two_packets_are_whole_and_latin_1_is_read(
    start: Start, enter: Enter
) -> None:
    server = start()
    ana = enter(server, nick="ana")
    bob = enter(server)
    bob.hears("Welcome to huddle.")
    bob.sends(b"\xef\xbb\xbfbob\r\n")
    bob.hears("-- your return word")
    bob.sends("ñ".encode()[:1])
    ana.says("and now?")
    bob.hears("<ana> and now?")
    bob.sends("ñ".encode()[1:] + b"and\xc3\xba\r\ncaf\xe9\r\n")
    ana.hears("<bob> ñandú")
    ana.hears("<bob> café")
    bob.hears("-- Your terminal does not send UTF-8; I read it as Latin-1.")


def test_a_web_page_cannot_speak(start: Start, enter: Enter) -> None:
    server = start()
    ana = enter(server, nick="ana")
    browser = enter(server)
    browser.says("POST / HTTP/1.1\r", "Host: huddle\r", "\r", "eva", "I am no person")
    assert "HTTP/1.1 400 Bad Request" in browser.hears_out()
    ana.says("/who")
    ana.hears("-- 1 here: ana.")
    assert not any(re.search(r"\beva\b", line) for line in ana.heard)  # her word may be elevator


def test_a_tls_client_is_sent_away_and_nobody_notices(start: Start, enter: Enter) -> None:
    server = start()
    ana = enter(server, nick="ana")
    with (
        socket.create_connection(("127.0.0.1", server.port)) as connection,
        pytest.raises(ssl.SSLError),
    ):
        trusting().wrap_socket(connection)
    ana.says("/who")
    ana.hears("-- 1 here: ana.")


def test_huddle_client_and_nc_talk_in_one_room(start: Start, enter: Enter) -> None:
    server = start()
    ana = enter(server, nick="ana")
    client = (sys.executable, "-m", "huddle.client.program", "--port", str(server.port))
    bot = Program(*client, "--nick", "bot")
    try:
        ana.hears("-- bot joined")
        ana.says("hola, bot")
        bot.hears("<ana> hola, bot")
        bot.says("hola")
        ana.hears("<bot> hola")
        bot.ends_input()
        bot.hears_out()
        assert bot.process.returncode == 0
    finally:
        bot.end()
    ana.hears("-- bot left")
    assert not texts_of("bot", bot)
