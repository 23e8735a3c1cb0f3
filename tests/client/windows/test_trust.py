"""A person meets a server that nobody speaks for: asked once, and warned when it changes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from typing_extensions import override

from huddle.client.network.known_servers import NAME
from tests.certificate_authority import Identity, self_signed
from tests.client.windows.conftest import OpenWindow
from tests.client.windows.house import House
from tests.client.windows.window import Window

COLUMNS = 200
"""A fingerprint, or the path of a file, fits into a row."""


class TlsHouse(House):
    """A house behind TLS whose certificate can be exchanged."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "huddle.pem"
        folder.mkdir()
        self.put(self_signed("localhost"))
        super().__init__(folder)
        self.place = f"127.0.0.1:{self.port}"

    def put(self, identity: Identity) -> None:
        """Another certificate, for the next start or SIGHUP."""
        self.identity = identity
        identity.put(self._file)

    def read_again(self) -> None:
        self.server.process.send_signal(signal.SIGHUP)
        self.server.tells(self.identity.fingerprint)

    @override
    def door(self, port: int) -> str:
        return f"ssl:{port}:interface=127.0.0.1:privateKey={self._file}:certKey={self._file}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[TlsHouse]:
    with TlsHouse(tmp_path / "server") as house:
        yield house


@pytest.fixture
def enter(house: TlsHouse, window: OpenWindow) -> OpenWindow:
    """Opens a window in which Ana comes to the house over TLS."""

    def enter(*arguments: str, **options: object) -> Window:
        port = str(house.port)
        return window(
            "--port", port, "--nick", "ana", "--tls", *arguments, columns=COLUMNS, **options
        )

    return enter


def is_said(ana: Window, text: str) -> None:
    """Wait until the server has a line of hers."""
    ana.shows(f"<ana> {text}")
    ana.until(lambda: not ana.faint(f"<ana> {text}"), "acknowledgement")


QUESTION = "Is that the server's fingerprint?"


def test_one_is_asked_once_and_it_is_remembered(
    house: TlsHouse, enter: OpenWindow, tmp_path: Path
) -> None:
    first = enter()
    first.shows(f"-- The certificate of {house.place} is signed by nobody but itself.")
    first.shows(f"-- SHA-256 {house.identity.fingerprint}")
    first.shows(QUESTION)
    first.enters("perhaps")
    first.until(lambda: sum(QUESTION in line for line in first.lines) == 2, "the question again")
    first.enters("yes")
    first.shows("online, TLS")
    first.shows("Hello ana.")
    first.enters("/quit")
    assert first.ends() == 0
    file = tmp_path / "huddle" / NAME
    assert file.read_text() == f"{house.place} {house.identity.fingerprint}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    second = enter()
    second.shows("online, TLS")
    assert not any(QUESTION in line for line in second.whole())


def test_who_says_no_does_not_connect(house: TlsHouse, enter: OpenWindow, tmp_path: Path) -> None:
    ana = enter("--lang", "es")
    ana.shows("¿Es esa la huella del servidor?")
    ana.enters("no")
    assert ana.ends() == 1
    assert "no se confía en el servidor" in "\n".join(ana.lines)
    assert not (tmp_path / "huddle" / NAME).exists()


def test_one_may_leave_instead_of_answering(house: TlsHouse, enter: OpenWindow) -> None:
    for way_out in ("\x04", "/quit\r"):
        ana = enter()
        ana.shows(QUESTION)
        ana.types(way_out)
        assert ana.ends() == 0


def test_a_change_is_told_loudly_in_the_middle_of_a_conversation_and_nothing_is_sent(
    house: TlsHouse, enter: OpenWindow, tmp_path: Path
) -> None:
    before = house.identity
    ana = enter()
    ana.shows(QUESTION)
    ana.enters("yes")
    ana.shows("online, TLS")
    house.put(self_signed("localhost"))
    house.read_again()
    ana.enters("who is there stays")
    is_said(ana, "who is there stays")
    house.start_again()
    assert ana.ends() == 1
    shown = "\n".join(ana.lines)
    assert f"WARNING: THE CERTIFICATE OF {house.place} HAS CHANGED!" in shown
    assert f"-- It was: SHA-256 {before.fingerprint}" in shown
    assert f"-- It is:  SHA-256 {house.identity.fingerprint}" in shown
    assert f"remove line 1 of {tmp_path / 'huddle' / NAME}" in shown
    (tmp_path / "huddle" / NAME).unlink()
    again = enter()
    again.shows(QUESTION)


def test_a_server_that_comes_later_is_asked_about_then(house: TlsHouse, enter: OpenWindow) -> None:
    house.kill()
    ana = enter()
    ana.shows("reconnecting in")
    ana.enters("said meanwhile")
    house.start_again()
    ana.shows(QUESTION)
    ana.enters("yes")
    ana.shows("online, TLS")
    is_said(ana, "said meanwhile")


def test_without_an_interface_one_is_asked_too(house: TlsHouse, enter: OpenWindow) -> None:
    ana = enter(TERM="dumb")
    ana.shows(QUESTION)
    ana.enters("yes")
    ana.shows("Hello ana.")
    ana.enters("/quit")
    assert ana.ends() == 0


def test_that_nobody_checks_stays_to_be_seen(house: TlsHouse, enter: OpenWindow) -> None:
    ana = enter("--insecure")
    ana.shows("Nobody checks who the server is (--insecure).")
    ana.shows("online, TLS unchecked")
