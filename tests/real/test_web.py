"""The door for browsers of a real server: under TLS, and behind a proxy, with a real client."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from huddle.doors.web.files import page_files
from huddle.protocol.limits import KIB
from tests.certificate_authority import self_signed
from tests.patience import PATIENCE, until
from tests.real.certificate import BROWSERS_OFFER, tls_door, trusting
from tests.real.conftest import Enter, Start
from tests.real.server import Server
from tests.real.test_certificates import KINDS, Files, hang_up, seen
from tests.real.test_in_charge import code_of
from tests.real.websocket import WebSocketProgram

PEER = "192.0.2.7"

HELD = 7 * KIB
"""Bytes that a kernel holds for a peer with hardly any room; of more it wants some taken first."""

ENDED = "04"
"""The state of a connection whose end has been sent, and not acknowledged (linux/tcp_states.h)."""


def states_towards(port: int) -> set[str]:
    """Those of this machine's connections to a peer at this port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {state for _, _, peer, state, *_ in rows if peer.endswith(f":{port:04X}")}


@contextmanager
def browser(
    server: Server, nick: str, *, tls: bool = True, header: bytes = b""
) -> Iterator[WebSocketProgram]:
    """Somebody who has come in by the door for browsers; a ``header`` is sent before all else."""
    program = WebSocketProgram(int(server.address(1)[1]), tls=tls, header=header)
    with closing(program):
        program.sends(type="hello", v=1, nick=nick)
        program.hears("welcome")
        yield program


def asks(server: Server, path: str) -> tuple[int, bytes]:
    """Ask for a file over TLS."""
    host, port = server.address(1)
    connection = HTTPSConnection(
        host, int(port), timeout=PATIENCE, context=trusting(*BROWSERS_OFFER)
    )
    with closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


@KINDS
def test_page_and_talk_go_over_tls_and_a_new_certificate_is_shown_after_a_hangup(
    start: Start, enter: Enter, tmp_path: Path, kind: str
) -> None:
    files = Files(tmp_path, kind)
    server = start("--web", files.door)
    bob = enter(server, nick="bob")
    status, page = asks(server, "/")
    assert status == 200 and b"<!doctype html>" in page.lower()
    assert asks(server, "/page.mjs")[0] == 200 and asks(server, "/health") == (200, b"ok\n")
    with browser(server, "ana") as ana:
        files.put(self_signed("localhost"))
        hang_up(server, files.identity.fingerprint)
        assert seen(server) == files.identity.fingerprint
        ana.sends(type="say", id=1, room="huddle", text="x" * 4000)
        bob.hears("<ana> " + "x" * 4000)
        with browser(server, "eva") as eva:
            ana.sends(type="say", id=2, room="huddle", text="hola")
            assert eva.hears("said")["text"] == "x" * 4000
            assert eva.hears("said")["text"] == "hola"
        ana.sends(type="bye")
        ana.hears("bye")
        closed = ana.closed_by()
    assert closed is not None and closed.code == 1000
    bob.hears("-- ana left")


def test_who_speaks_no_tls_at_such_a_door_is_let_go(start: Start, tmp_path: Path) -> None:
    server = start("--web", tls_door(tmp_path))
    host, port = server.address(1)
    with socket.create_connection((host, int(port)), PATIENCE) as lost:
        lost.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        lost.shutdown(socket.SHUT_WR)
        assert b"200" not in lost.recv(1 << 16)
    assert asks(server, "/health")[0] == 200


def test_what_comes_under_tls_behind_the_last_answer_is_read_up_to_its_end(
    start: Start, tmp_path: Path
) -> None:
    """One that was not read was let go by a reset, after a while."""
    server = start("--web", tls_door(tmp_path))
    host, port = server.address(1)
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    bare = socket.create_connection((host, int(port)), PATIENCE)
    with closing(trusting().wrap_socket(bare)) as peer:
        peer.sendall(request)
        assert peer.recv(4) == b"HTTP"
        peer.sendall(b"x" * 2000)
        assert b"".join(iter(lambda: peer.recv(1 << 16), b"")).endswith(b"</html>\n")
        with closing(peer.unwrap()) as bare:
            assert bare.recv(1) == b""


def test_tls_at_a_door_without_it_is_refused_at_once(start: Start) -> None:
    server = start("--web", "0")
    host, port = server.address(1)
    with socket.create_connection((host, int(port)), PATIENCE) as lost, pytest.raises(ssl.SSLError):
        trusting().wrap_socket(lost)


@pytest.mark.parametrize("proxied", [False, True])
def test_who_takes_little_and_sends_more_behind_the_last_request_has_the_whole_answer(
    start: Start, proxied: bool
) -> None:
    server = start("--web", "haproxy:tcp:0:interface=127.0.0.1" if proxied else "0")
    header = f"PROXY TCP4 {PEER} 127.0.0.1 40000 8000\r\n" if proxied else ""
    held = [(len(file.body), path) for path, file in page_files().items() if len(file.body) < HELD]
    length, path = max(held)
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with socket.socket() as narrow:
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        narrow.settimeout(PATIENCE)
        narrow.connect(("127.0.0.1", int(server.address(1)[1])))
        narrow.sendall((header + request).encode())
        port = narrow.getsockname()[1]
        until(lambda: ENDED in states_towards(port), "the server never ends its side")
        for _ in range(20):
            narrow.sendall(b"x" * 500)
        body = b"".join(iter(lambda: narrow.recv(512), b"")).partition(b"\r\n\r\n")[2]
    assert len(body) == length


@pytest.mark.parametrize(("kind", "alone"), [("tcp", False), ("ssl", True)])
def test_browsers_behind_a_proxy_come_from_their_own_addresses(
    start: Start, tmp_path: Path, kind: str, alone: bool
) -> None:
    door = "tcp:0:interface=127.0.0.1" if kind == "tcp" else tls_door(tmp_path)
    options = (
        ("--web", f"haproxy:{door}") if alone else ("--web", door, "--proxy-from", "127.0.0.1")
    )
    server = start(*options)
    header = f"PROXY TCP4 {PEER} 127.0.0.1 40000 8000\r\n".encode()
    with browser(server, "ana", tls=kind == "ssl", header=header) as ana:
        ana.sends(type="charge", id=1, code=code_of(server))
        ana.hears("reply")
        ana.sends(type="whois", id=2, nick="ana")
        assert PEER in str(ana.hears("reply"))
