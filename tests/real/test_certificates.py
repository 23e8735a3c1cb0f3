"""Certificates are exchanged while the server runs, and nobody notices who is there."""

from __future__ import annotations

import shlex
import signal
import socket
from pathlib import Path

import pytest

from huddle.protocol.fingerprint import fingerprint_of
from tests.certificate_authority import Authority, Identity, self_signed
from tests.patience import PATIENCE
from tests.real.certificate import BROWSERS_OFFER, trusting
from tests.real.conftest import Enter, Start
from tests.real.preloaded import ROOT, TOOLS, run
from tests.real.server import Server, environment, twistd

KINDS = pytest.mark.parametrize("kind", ["ssl", "tls"])


class Files:
    """What a door shows, in a folder of its own."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder = folder / "certificates"
        self.folder.mkdir()
        self.kind = kind
        self.file = self.folder / "huddle.pem"
        self.put(self_signed("localhost", "127.0.0.1"))

    def put(self, identity: Identity) -> None:
        self.identity = identity
        identity.put(self.file)

    @property
    def door(self) -> str:
        if self.kind == "ssl":
            return f"ssl:0:interface=127.0.0.1:privateKey={self.file}:certKey={self.file}"
        return f"tls:{self.folder}:port=0:interface=127.0.0.1"


def seen(server: Server, name: str | None = None, *offers: str, door: int = 1) -> str:
    """The fingerprint of what a newcomer gets to see who asks for this name, and offers these
    protocols, of which none is chosen."""
    host, port = server.address(door=door)
    with (
        socket.create_connection((host, int(port)), timeout=PATIENCE) as connection,
        trusting(*offers).wrap_socket(connection, server_hostname=name) as peer,
    ):
        assert peer.selected_alpn_protocol() is None
        certificate = peer.getpeercert(binary_form=True)
    assert certificate is not None
    return fingerprint_of(certificate)


def hang_up(server: Server, line: str) -> None:
    """Send a SIGHUP, and wait for what the server says to it."""
    server.process.send_signal(signal.SIGHUP)
    server.tells(line)


@KINDS
def test_newcomers_see_the_new_certificate_and_who_is_there_stays(
    start: Start, enter: Enter, tmp_path: Path, kind: str
) -> None:
    files = Files(tmp_path, kind)
    server = start("--listen", files.door)
    ana = enter(server, nick="ana")
    bob = enter(server, "ncat --ssl", "bob", door=1)
    for identity in (self_signed("localhost"), self_signed("localhost")):
        files.put(identity)
        hang_up(server, identity.fingerprint)
        assert seen(server) == seen(server, "localhost") == identity.fingerprint
        bob.says("still here")
        ana.hears("<bob> still here")
    eva = enter(server, "ncat --ssl", "eva", door=1)
    eva.says("hola")
    bob.hears("<eva> hola")


@KINDS
def test_whoever_offers_protocols_gets_in_and_none_is_chosen(
    start: Start, tmp_path: Path, kind: str
) -> None:
    """As `openssl s_client -alpn irc` offers one, and every browser, at either door."""
    files = Files(tmp_path, kind)
    server = start("--listen", files.door, "--web", files.door)
    fresh = self_signed("localhost")
    for door, offers in ((1, ("irc",)), (1, BROWSERS_OFFER), (2, BROWSERS_OFFER), (2, ("irc",))):
        for name in (None, "localhost", "elsewhere"):
            assert seen(server, name, *offers, door=door) == files.identity.fingerprint
    files.put(fresh)
    hang_up(server, fresh.fingerprint)
    assert seen(server, "localhost", "irc") == fresh.fingerprint


@KINDS
def test_what_is_broken_changes_nothing_and_is_told_in_one_line(
    start: Start, tmp_path: Path, kind: str
) -> None:
    files = Files(tmp_path, kind)
    server = start("--listen", files.door, "--lang", "es")
    files.file.write_text("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    hang_up(server, "sigue como estaba: ahí no se puede leer ninguna clave con su certificado")
    assert seen(server) == files.identity.fingerprint
    files.put(self_signed("localhost"))
    hang_up(server, files.identity.fingerprint)
    assert seen(server) == files.identity.fingerprint


def test_a_folder_has_a_certificate_for_each_name(start: Start, tmp_path: Path) -> None:
    files, authority = Files(tmp_path, "tls"), Authority(tmp_path)
    other = authority.signs("chat.lan")
    other.put(files.folder / "other.pem")
    server = start("--listen", files.door)
    assert seen(server, "localhost") == files.identity.fingerprint
    assert seen(server, "chat.lan") == other.fingerprint


def test_the_log_tells_what_there_is_to_compare(start: Start, tmp_path: Path) -> None:
    files = Files(tmp_path, "ssl")
    server = start("--listen", files.door)
    [line] = [line for line in server.log if "SHA-256" in line]
    assert f"the certificate at {server.places[1]} is good until" in line
    assert files.identity.fingerprint in line


def test_a_server_without_certificates_lives_on_after_a_hangup(start: Start, enter: Enter) -> None:
    server = start()
    ana = enter(server, nick="ana")
    server.process.send_signal(signal.SIGHUP)
    ana.says("/who")
    ana.hears("-- 1 here: ana.")


def test_who_speaks_no_tls_at_such_a_door_is_let_go_and_nobody_notices(
    start: Start, enter: Enter, tmp_path: Path
) -> None:
    server = start("--listen", Files(tmp_path, "ssl").door)
    ana = enter(server, nick="ana")
    lost = enter(server, "nc", door=1)
    lost.says("ana", "hola")
    lost.ends_input()
    assert lost.hears_out() == []
    ana.says("/who")
    ana.hears("-- 1 here: ana.")


def test_what_the_one_command_says_is_all_it_takes(start: Start, tmp_path: Path) -> None:
    command = [*TOOLS["certificate"], "--host", "localhost"]
    made = run(command, cwd=tmp_path, env=environment(), text=True).stdout.splitlines()
    [twistd] = [shlex.split(line) for line in made if "twistd" in line]
    endpoint = twistd[-1].replace("ssl:55123:", "ssl:0:interface=127.0.0.1:")
    server = start("--listen", endpoint)
    assert f"SHA-256 {seen(server)}" in made


@pytest.mark.parametrize("endpoint", ["ssl:0:privateKey=huddle.pem", "tls:.:port=0"])
def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, endpoint: str) -> None:
    self_signed("localhost").put(tmp_path / "huddle.pem")
    (tmp_path / "OpenSSL.py").write_text("raise ImportError('it is not installed')")
    path = f"{tmp_path}:{ROOT}"
    for language, words in (("en", "is no endpoint: TLS needs"), ("es", "TLS necesita")):
        refused = twistd(
            *("-n", "--pidfile=", "huddle", "--lang", language, "--port", endpoint),
            folder=tmp_path,
            PYTHONPATH=path,
        )
        assert refused.returncode == 1
        assert refused.stderr.rstrip().endswith(f"{words} pip install 'huddle[tls]'")
        assert "Traceback" not in refused.stderr
