"""Behind real proxies: HAProxy with both versions of the header, and stunnel."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from select import select

import pytest

from tests.free_ports import free_port
from tests.needs import needs
from tests.patience import PATIENCE, until
from tests.real.certificate import tls_door, trusting
from tests.real.conftest import Start
from tests.real.server import Server
from tests.real.test_in_charge import code_of

SOURCE = "127.0.0.7"
"""Where the peers of the proxy come from, which is another address than the proxy's own."""

HAPROXY = """
global
    maxconn 100
defaults
    mode tcp
    timeout connect 60s
    timeout client 60s
    timeout server 60s
listen huddle
    bind fd@{port} {bind}
    server huddle {server}
"""

STUNNEL = """
foreground = yes
pid =
[huddle]
accept = 127.0.0.1:{port}
connect = {server}
protocol = proxy
cert = {pem}
"""

Proxy = Callable[..., int]


@pytest.fixture
def haproxy(tmp_path: Path) -> Iterator[Proxy]:
    """Starts HAProxy in front of a server; gives the port at which it listens."""
    running: list[subprocess.Popen[bytes]] = []

    def start(server: str, bind: str = "") -> int:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            file = tmp_path / "haproxy.cfg"
            file.write_text(HAPROXY.format(port=listening.fileno(), bind=bind, server=server))
            command = [needs("haproxy"), "-f", str(file)]
            running.append(subprocess.Popen(command, pass_fds=[listening.fileno()]))
            return int(listening.getsockname()[1])

    yield start
    for process in running:
        process.kill()
        process.wait()


@contextmanager
def peer(port: int, *, tls: bool = False) -> Iterator[socket.socket]:
    """Somebody who connects to a proxy."""
    place = ("127.0.0.1", port)
    with socket.create_connection(place, PATIENCE, (SOURCE, 0)) as connection:
        if not tls:
            yield connection
            return
        with trusting().wrap_socket(connection) as encrypted:
            yield encrypted


def hears(connection: socket.socket, text: str) -> str:
    """Read until this has come, and to the end of its line."""
    heard = b""
    while text.encode() not in heard or not heard.endswith(b"\n"):
        data = connection.recv(1 << 16)
        assert data, f"{text!r} never came; this did:\n{heard.decode()}"
        heard += data
    return heard.decode()


def comes_from(server: Server, connection: socket.socket) -> str:
    """What an operator, who is this peer, is told of where they come from."""
    connection.sendall(f"ana\n/operator {code_of(server)}\n/whois ana\n".encode())
    return hears(connection, "-- ana has no account.")


def is_seen_gone(connection: socket.socket, nick: str) -> bool:
    """Whether this peer is told that the other has left, or is away."""
    connection.sendall(b"/who\n")
    told = hears(connection, " here: ").rpartition(" here: ")[2].strip()
    here, _, away = told.partition(" Away: ")
    return nick in away or nick not in here


@pytest.mark.parametrize("version", ["send-proxy", "send-proxy-v2"])
@pytest.mark.parametrize(
    "options", [("--proxy-from", "127.0.0.1"), ("--listen", "haproxy:tcp:0:interface=127.0.0.1")]
)
def test_people_behind_haproxy_come_from_their_own_addresses(
    start: Start, haproxy: Proxy, version: str, options: Sequence[str]
) -> None:
    server = start(*options)
    with peer(haproxy(f"{':'.join(server.address(-1))} {version}")) as ana:
        assert f"From: {SOURCE}." in comes_from(server, ana)


def test_it_reads_on_behind_all_that_haproxy_can_add(start: Start, haproxy: Proxy) -> None:
    server = start("--proxy-from", "127.0.0.0/8")
    options = "send-proxy-v2 proxy-v2-options crc32c,ssl,cert-cn,unique-id"
    with peer(haproxy(f"127.0.0.1:{server.port} {options}")) as ana:
        assert f"From: {SOURCE}." in comes_from(server, ana)


@pytest.mark.parametrize("version", ["send-proxy", "send-proxy-v2"])
def test_tls_goes_through_haproxy_behind_its_header(
    start: Start, haproxy: Proxy, tmp_path: Path, version: str
) -> None:
    server = start("--listen", f"haproxy:{tls_door(tmp_path)}")
    with peer(haproxy(f"{':'.join(server.address(1))} {version}"), tls=True) as ana:
        told = comes_from(server, ana)
        assert f"From: {SOURCE}." in told


def test_who_speaks_tls_with_haproxy_is_known_to(
    start: Start, haproxy: Proxy, tmp_path: Path
) -> None:
    server = start("--proxy-from", "127.0.0.1")
    tls_door(tmp_path)
    pem = tmp_path / "both.pem"
    pem.write_bytes((tmp_path / "cert.pem").read_bytes() + (tmp_path / "key.pem").read_bytes())
    port = haproxy(f"127.0.0.1:{server.port} send-proxy-v2-ssl", f"ssl crt {pem}")
    with peer(port, tls=True) as ana:
        ana.sendall(b"ana\n/register a-long-secret\n")
        assert "not encrypted" not in hears(ana, "The nick ana is registered")


def test_a_proxy_comes_by_a_unix_socket_too(start: Start, haproxy: Proxy, tmp_path: Path) -> None:
    server = start("--listen", f"haproxy:unix:{tmp_path / 'door'}")
    with peer(haproxy(f"unix@{tmp_path / 'door'} send-proxy-v2")) as ana:
        assert f"From: {SOURCE}." in comes_from(server, ana)


@pytest.mark.parametrize(
    ("door", "size", "first"),
    [
        ("tcp:0:interface=127.0.0.1", 0, 0),
        ("tcp:0:interface=127.0.0.1", 2000, 300 - 48 * 1024 // 2000),
        ("unix:door", 0, 0),
        ("unix:door", 2000, 0),
    ],
)
def test_who_stops_behind_haproxy_and_is_killed_is_shown_what_they_had_not_read(
    start: Start, haproxy: Proxy, tmp_path: Path, door: str, size: int, first: int
) -> None:
    """By UNIX sockets all of it; over TCP the last 48 KiB at least."""
    server = start("--listen", f"haproxy:{door}", "--flood-rate", "0")
    place = ":".join(server.address(-1))
    port = haproxy(
        f"unix@{tmp_path / 'door'} send-proxy" if "unix" in door else f"{place} send-proxy"
    )
    with peer(port) as bob, peer(port) as carla:
        with peer(port) as ana:
            ana.sendall(b"ana\n")
            told = hears(ana, "-- your return word")
            for each, nick in ((bob, b"bob\n"), (carla, b"carla\n")):
                each.sendall(nick)
                hears(each, "-- your return word")
            for number in range(300):
                bob.sendall(b"unread %d %s\n" % (number, b"x" * size))
            hears(carla, "<bob> unread 299")
            assert select([ana], [], [], PATIENCE)[0]  # its kernel has something when it goes
        until(lambda: is_seen_gone(bob, "ana"), "it is never seen that ana is gone")
        word = told.rpartition("-- your return word")[2].splitlines()[0].split()[-1]
        with peer(port) as again:
            again.sendall(f"/back ana {word}\n".encode())
            heard = hears(again, "<bob> unread 299")
    shown = [int(each.split()[0]) for each in heard.split("<bob> unread ")[1:]]
    assert [number for number in range(first, 300) if number not in shown] == []


def test_haproxy_finds_that_the_server_lives(start: Start, haproxy: Proxy) -> None:
    """By a LOCAL header, and none of its looks is anybody."""
    server = start("--proxy-from", "127.0.0.1")
    looks = "send-proxy-v2 check inter 20ms rise 3 fall 1"
    with peer(haproxy(f"127.0.0.1:{server.port} {looks}")) as ana:
        ana.sendall(b"ana\n/who\n")
        hears(ana, "1 here: ana")


def test_a_header_of_others_is_not_believed(start: Start) -> None:
    server = start("--proxy-from", "192.0.2.1")
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as eve:
        eve.sendall(b"PROXY TCP4 192.0.2.66 127.0.0.1 1 2\r\n")
        hears(eve, "A nick has at most")


def test_people_behind_stunnel_come_from_their_own_addresses(start: Start, tmp_path: Path) -> None:
    server = start("--listen", "haproxy:tcp:0:interface=127.0.0.1")
    tls_door(tmp_path)
    pem = tmp_path / "both.pem"
    pem.write_bytes((tmp_path / "cert.pem").read_bytes() + (tmp_path / "key.pem").read_bytes())
    port = free_port()
    file = tmp_path / "stunnel.conf"
    file.write_text(STUNNEL.format(port=port, server=":".join(server.address(1)), pem=pem))
    with subprocess.Popen(
        [needs("stunnel"), str(file)], stderr=subprocess.PIPE, text=True
    ) as stunnel:
        try:
            assert stunnel.stderr is not None
            assert any("Configuration successful" in line for line in stunnel.stderr)
            with peer(port, tls=True) as ana:
                assert f"From: {SOURCE}." in comes_from(server, ana)
        finally:
            stunnel.kill()
