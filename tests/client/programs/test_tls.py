"""Scripts over TLS: they cannot be asked, so they are told."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from huddle.client.network.known_servers import NAME, KnownServers
from tests.certificate_authority import Authority, Identity
from tests.client.programs.command import Command
from tests.patience import PATIENCE
from tests.real.server import Server

SPANISH = {"LANG": "es_ES.UTF-8"}
ELSEWHERE = ":".join(["AB"] * 32)


class House:
    """A server behind TLS, and whoever speaks for it."""

    def __init__(self, folder: Path, *hosts: str) -> None:
        self.authority = Authority(folder)
        self.identity: Identity = self.authority.signs(*hosts)
        file = self.identity.put(folder / "huddle.pem")
        door = f"ssl:0:interface=127.0.0.1:privateKey={file}:certKey={file}"
        self.server = Server(folder, "--history", "none", port=door)
        self.place = f"127.0.0.1:{self.server.port}"

    def close(self) -> None:
        self.server.end()
        assert self.server.process.stdout is not None
        self.server.process.stdout.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"), "localhost", "127.0.0.1")
    yield house
    house.close()


@pytest.fixture
def client(house: House, tmp_path: Path) -> Command:
    return Command(house.server, tmp_path)


SEND = ("--nick", "bot", "--send", "hola")


def test_an_unknown_server_is_refused_with_a_line_that_says_what_to_do(
    client: Command, house: House
) -> None:
    bare = house.identity.fingerprint.replace(":", "")
    refused = client.run(*SEND, "--tls")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        f"-- The certificate of {house.place} is signed by nobody known.",
        f"-- SHA-256 {house.identity.fingerprint}",
        f"-- If that is the server's: --trust {bare}",
        "-- If you have the certificate of its authority: --ca FILE",
        "-- not connected: the server is not trusted",
    ]
    refused = client.run(*SEND, "--tls", **SPANISH)
    assert refused.stderr.splitlines() == [
        f"-- El certificado de {house.place} no lo firma nadie conocido.",
        f"-- SHA-256 {house.identity.fingerprint}",
        f"-- Si es la del servidor: --trust {bare}",
        "-- Si tienes el certificado de su autoridad: --ca FICHERO",
        "-- sin conexión: no se confía en el servidor",
    ]
    assert client.run(*SEND, "--tls", "--trust", bare).returncode == 0


def test_an_authority_in_a_file_will_do_for_a_name_and_an_address(
    client: Command, house: House
) -> None:
    for host in ("localhost", "127.0.0.1"):
        sent = client.run(host, *SEND, "--tls", "--ca", str(house.authority.file))
        assert (sent.returncode, sent.stderr) == (0, "")


def test_the_configuration_may_say_it_all(client: Command, house: House, tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "huddle"
    folder.mkdir(parents=True)
    (folder / "client.toml").write_text(f'tls = true\nca = "{house.authority.file}"\n')
    assert client.run(*SEND).returncode == 0
    assert client.run(*SEND, "--trust", house.identity.fingerprint).returncode == 0
    assert client.run(*SEND, "--trust", ELSEWHERE).returncode == 1


def test_another_certificate_than_the_one_of_the_fingerprint_is_refused(
    client: Command, house: House
) -> None:
    refused = client.run(*SEND, "--tls", "--trust", ELSEWHERE)
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"-- The certificate of {house.place} is not the one of --trust.",
        f"-- SHA-256 {house.identity.fingerprint}",
        "-- not connected: the server is not trusted",
    ]


def test_no_check_at_all_is_said_once(client: Command) -> None:
    for environ, line in (
        ({}, "-- Nobody checks who the server is (--insecure)."),
        (SPANISH, "-- Nadie comprueba quién es el servidor (--insecure)."),
    ):
        sent = client.run(*SEND, "--tls", "--insecure", **environ)
        assert (sent.returncode, sent.stderr.splitlines()) == (0, [line])


@pytest.mark.parametrize("how", [["--send", "hola"], ["--tail"], []])
def test_a_certificate_that_has_changed_is_told_loudly_and_refused(
    client: Command, house: House, tmp_path: Path, how: list[str]
) -> None:
    folder = tmp_path / ".local" / "state" / "huddle"
    known = KnownServers(folder)
    known.add("chat.lan:55123", ELSEWHERE)
    known.add(house.place, ELSEWHERE)
    refused = client.run("--nick", "bot", "--tls", *how, says=None if how else "hola\n")
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"-- WARNING: THE CERTIFICATE OF {house.place} HAS CHANGED!",
        "-- Somebody may be listening in, or the server has a new one.",
        f"-- It was: SHA-256 {ELSEWHERE}",
        f"-- It is:  SHA-256 {house.identity.fingerprint}",
        f"-- If you are sure that it is right, remove line 2 of {folder / NAME}",
        "-- not connected: the server is not trusted",
    ]


def test_what_its_owner_has_taken_a_script_takes(
    client: Command, house: House, tmp_path: Path
) -> None:
    known = KnownServers(tmp_path / ".local" / "state" / "huddle")
    known.add(house.place, house.identity.fingerprint)
    assert client.run(*SEND, "--tls").returncode == 0


def test_who_is_known_by_a_certificate_gets_nothing_in_the_clear(
    client: Command, house: House, tmp_path: Path
) -> None:
    known = KnownServers(tmp_path / ".local" / "state" / "huddle")
    known.add(house.place, house.identity.fingerprint)
    assert client.run(*SEND).returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as thief:
        place = f"127.0.0.1:{thief.getsockname()[1]}"
        known.add(place, ELSEWHERE)
        robbed = client.start(*SEND, "--port", place.rpartition(":")[2], "--timeout", "1")
        connection, _ = thief.accept()
        with connection:
            assert connection.recv(2) == b"\x16\x03"  # TLS, and its first message
        robbed.communicate(timeout=PATIENCE)


def test_a_program_gets_it_as_json(client: Command, house: House) -> None:
    refused = client.run("--nick", "bot", "--tls", "--json", says='{"type":"say","text":"hola"}\n')
    told = [json.loads(line) for line in refused.stdout.splitlines()]
    assert refused.returncode == 1
    assert told[0] == {
        "type": "untrusted",
        "place": house.place,
        "fingerprint": house.identity.fingerprint,
        "doubt": "unknown-authority",
        "hosts": ["localhost", "127.0.0.1"],
        "known": None,
    }
    assert told[1] == {"type": "offline", "cause": "untrusted", "retry_in": None}


@pytest.mark.parametrize(
    ("arguments", "status", "english", "spanish"),
    [
        (["--trust", ELSEWHERE], 2, "--trust goes with --tls.", "--trust va con --tls."),
        (["--insecure"], 2, "--insecure goes with --tls.", "--insecure va con --tls."),
        (
            ["--tls", "--trust", "AB:CD"],
            2,
            "--trust takes a SHA-256 fingerprint.",
            "--trust admite una huella SHA-256.",
        ),
        (
            ["--tls", "--ca", "x", "--insecure"],
            2,
            "--ca, --insecure: only one of them.",
            "--ca, --insecure: solo una de ellas.",
        ),
        (
            ["--tls", "--ca", "no/where"],
            1,
            "no/where: there is no such file",
            "no/where: no existe ese archivo",
        ),
        (
            ["--tls", "--ca", "/dev/null"],
            1,
            "/dev/null: there is no certificate in it",
            "/dev/null: no contiene ningún certificado",
        ),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    client: Command, arguments: list[str], status: int, english: str, spanish: str
) -> None:
    for environ, line in (({}, english), (SPANISH, spanish)):
        refused = client.run(*SEND, *arguments, **environ)
        assert (refused.returncode, refused.stderr) == (status, f"huddle-client: {line}\n")


def test_without_the_extra_one_line_says_what_to_install(client: Command, tmp_path: Path) -> None:
    (tmp_path / "OpenSSL.py").write_text("raise ImportError('it is not installed')")
    path = ":".join([str(tmp_path), str(Path(__file__).parents[3])])
    for environ, words in (({}, "TLS needs"), (SPANISH, "TLS necesita")):
        refused = client.run(*SEND, "--tls", PYTHONPATH=path, **environ)
        assert refused.returncode == 1
        assert refused.stderr == f"huddle-client: {words} pip install 'huddle[tls]'\n"


def test_who_forgets_to_ask_for_tls_is_told(client: Command) -> None:
    for environ, line in (
        ({}, "closed without a word; if TLS is spoken there: --tls"),
        (SPANISH, "cerrada sin decir nada; si ahí se habla TLS: --tls"),
    ):
        refused = client.run(*SEND, "--no-retry", **environ)
        assert (refused.returncode, refused.stderr) == (1, f"-- {line}\n")


def test_a_server_without_tls_is_told_from_one_that_is_not_there(tmp_path: Path) -> None:
    plain = Server(tmp_path, "--history", "none")
    client = Command(plain, tmp_path)
    for environ, line in (({}, "no TLS is spoken there"), (SPANISH, "ahí no se habla TLS")):
        refused = client.run(*SEND, "--tls", "--no-retry", **environ)
        assert (refused.returncode, refused.stderr) == (1, f"-- {line}\n")
    plain.end()
    assert plain.process.stdout is not None
    plain.process.stdout.close()
    missing = client.run(*SEND, "--tls", "--no-retry")
    assert missing.stderr == f"-- nobody listens at 127.0.0.1:{plain.port}\n"
