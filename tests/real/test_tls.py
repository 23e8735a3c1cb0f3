"""TLS and UNIX sockets: other transports, the same room."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import PATIENCE, lasts
from tests.real.certificate import tls_door, trusting
from tests.real.conftest import Enter, Start
from tests.real.own_time import wait_for_end
from tests.real.server import STOPPING, Server
from tests.real.unhurried import UNHURRIED

MIB = 1 << 20
TEXT = "x" * 4000
BYE = b"-- The server is closing. Bye!\n"

Secure = Callable[..., Server]


@pytest.fixture
def secure(start: Start, tmp_path: Path) -> Secure:
    """Starts a server whose second door speaks TLS."""
    return lambda *options, **how: start("--listen", tls_door(tmp_path), *options, **how)


@contextmanager
def tls_peer(server: Server, nick: str) -> Iterator[ssl.SSLSocket]:
    """Somebody in the room over TLS, who offers a protocol. The end of the stream has to be said,
    or reading raises."""
    host, port = server.address(door=1)
    with (
        socket.create_connection((host, int(port)), timeout=PATIENCE) as connection,
        trusting("irc").wrap_socket(connection, suppress_ragged_eofs=False) as peer,
    ):
        peer.sendall(f"{nick}\n".encode())
        _read_to(peer, b"-- your return word")
        yield peer


def _read_to(peer: ssl.SSLSocket, end: bytes) -> bytes:
    """Read until this has come, and to the end of its line."""
    heard = bytearray()
    while end not in heard[-MIB:] or not heard.endswith(b"\n"):
        data = peer.recv(MIB)
        assert data, f"{end!r} never came; this did:\n{heard[-500:].decode()}"
        heard += data
    return bytes(heard)


def test_people_over_tls_and_without_talk_in_one_room(secure: Secure, enter: Enter) -> None:
    server = secure()
    ana = enter(server, nick="ana")
    bob = enter(server, "ncat --ssl", "bob", door=1)
    ana.says("hola")
    bob.hears("<ana> hola")
    bob.says("¿qué tal?", "/salir")
    ana.hears("<bob> ¿qué tal?")
    ana.hears("-- bob left")
    bob.hears("-- Bye!")


def test_who_leaves_over_tls_reads_the_farewell_and_the_end_of_the_stream(
    secure: Secure, enter: Enter
) -> None:
    server = secure()
    ana = enter(server, nick="ana")
    with tls_peer(server, "bob") as bob:
        bob.sendall(b"hola\n/salir\n")
        assert _read_to(bob, b"Bye!") == b"-- Bye!\n"
        assert bob.recv(MIB) == b""  # a stream that was only cut off would raise
    ana.hears("<bob> hola")
    ana.hears("-- bob left")


def test_what_a_tls_peer_said_before_it_went_is_said(secure: Secure, enter: Enter) -> None:
    server = secure()
    ana = enter(server, nick="ana")
    with tls_peer(server, "bob") as bob:
        bob.sendall(b"".join(b"line %d\n" % number for number in range(62)))
    ana.hears("<bob> line 61")


def test_a_tls_reader_who_has_stopped_costs_neither_memory_nor_time_and_gets_what_there_is(
    secure: Secure, enter: Enter
) -> None:
    server = secure("--flood-rate", "0", "--history", "none")
    ana = enter(server, nick="ana")
    with tls_peer(server, "bob") as bob:
        before = server.memory
        ana.says(*[TEXT] * 5000, "/who")
        ana.hears("-- 2 here: ana, bob.")
        assert server.memory - before < 16 * MIB
        busy = server.busy
        lasts(1)  # nothing is to come: what is measured is a server that does nothing
        assert server.busy - busy < 0.3
        ana.says("that was all")
        heard = _read_to(bob, b"that was all").splitlines()
    shown = sum(line.endswith(TEXT.encode()) for line in heard)
    gone = sum(int(line.split()[1]) for line in heard if line.endswith(b" are gone --"))
    assert shown > 500
    assert shown + gone == 5000


def test_a_tls_reader_who_is_behind_gets_all_of_it_when_the_server_stops(
    secure: Secure, enter: Enter
) -> None:
    server = secure("--flood-rate", "0", launcher=UNHURRIED)
    ana = enter(server, nick="ana")
    with tls_peer(server, "bob") as bob:
        ana.says(*[TEXT] * 500, "/who")
        ana.hears("-- 2 here")
        server.process.terminate()
        heard = _read_to(bob, BYE)
        assert bob.recv(MIB) == b""
    assert heard.count(b"<ana> ") == 500
    assert wait_for_end(server.process, PATIENCE) < STOPPING


def test_the_server_stops_in_time_though_a_tls_peer_does_not_read(
    secure: Secure, enter: Enter
) -> None:
    server = secure("--flood-rate", "0", "--history", "none")  # it waits for no disk
    ana = enter(server, nick="ana")
    with tls_peer(server, "bob"):
        ana.says(*[TEXT] * 2000, "/who")
        ana.hears("-- 2 here")
        assert server.stop() < STOPPING


def test_a_unix_socket_is_a_door_too(start: Start, enter: Enter, tmp_path: Path) -> None:
    server = start("--listen", f"unix:{tmp_path / 'door'}")
    ana = enter(server, nick="ana")
    bob = enter(server, "nc -U", "bob", door=1)
    bot = enter(server, "nc -N -U", door=1)
    bot.says("bot", "hola")
    bot.ends_input()
    assert bot.hears_out()[-1] == "-- Bye!"
    for each in (ana, bob):
        each.hears("<bot> hola")
        each.hears("-- bot left")
    bob.says("hola, bot", "/salir")
    bob.hears("-- Bye!")
    ana.hears("<bob> hola, bot")
    ana.hears("-- bob left")


def test_a_reader_at_a_unix_socket_who_is_behind_gets_everything(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    server = start("--listen", f"unix:{tmp_path / 'door'}", "--flood-rate", "0")
    ana = enter(server, nick="ana")
    with socket.socket(socket.AF_UNIX) as bob:
        bob.connect(str(tmp_path / "door"))
        bob.sendall(b"bob\n")
        ana.hears("-- bob joined")
        ana.says(*[TEXT] * 1000, "/who")
        ana.hears("-- 2 here")
        with bob.makefile("rb") as lines:
            heard = 0
            while heard < 1000:
                heard += b"<ana> " in lines.readline()
            server.process.terminate()
            assert lines.read().endswith(BYE)
    assert wait_for_end(server.process, PATIENCE) < STOPPING
