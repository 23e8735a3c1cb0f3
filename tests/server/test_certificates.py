"""A TLS door says what it shows; when its files cannot be read again it keeps what it had."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IStreamServerEndpoint
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import LogEvent, capturedLogs

from huddle.locale import translator
from huddle.server.certificates import NothingToShow, TlsEndpoint, why
from huddle.tools.self_signed import key_and_certificate

# Twisted 26.10 uses what pyOpenSSL 26 would rather have asked of cryptography.
pytestmark = pytest.mark.filterwarnings(r"ignore:.*\bdeprecated\b:DeprecationWarning")

DAYS = 10
KINDS = pytest.mark.parametrize("kind", ["ssl", "tls"])


@pytest.fixture
def logged() -> Iterator[Sequence[LogEvent]]:
    with capturedLogs() as events:
        yield events


def said(logged: Sequence[LogEvent]) -> list[str]:
    """What doors have said in the log."""
    return [
        event["line"] for event in logged if event.get("log_namespace", "").startswith("huddle")
    ]


class Door:
    """A TLS endpoint in memory, and the files behind it."""

    def __init__(self, folder: Path, kind: str, language: str = "en") -> None:
        self.key, self.certificate = folder / "key.pem", folder / "certificate.pem"
        self.renew()
        self.reactor = MemoryReactorClock()
        self.wording = translator(language)
        files = f"privateKey={self.key}:certKey={self.certificate}"
        self.description = {
            "ssl": f"ssl:55123:interface=127.0.0.1:{files}",
            "tls": f"tls:{folder}:port=55123:interface=127.0.0.1",
        }[kind]

    def renew(self, days: int = DAYS) -> str:
        """Put another key and certificate there; returns the fingerprint."""
        pem, fingerprint = key_and_certificate(["chat.lan"], days)
        begin = pem.index(b"-----BEGIN CERTIFICATE")
        self.key.write_bytes(pem[:begin])
        self.certificate.write_bytes(pem[begin:])
        return fingerprint

    def made(self) -> TlsEndpoint:
        return TlsEndpoint(self._make, self.wording)

    def opened(self) -> TlsEndpoint:
        endpoint = self.made()
        endpoint.listen(Factory.forProtocol(Protocol))
        return endpoint

    def _make(self) -> IStreamServerEndpoint:
        endpoint: IStreamServerEndpoint = serverFromString(self.reactor, self.description)
        return endpoint


def a_day(days: int) -> str:
    return str((datetime.now(UTC) + timedelta(days=days)).date())


@KINDS
def test_it_says_what_it_shows_when_it_opens(
    tmp_path: Path, kind: str, logged: Sequence[LogEvent]
) -> None:
    door = Door(tmp_path, kind)
    fingerprint = door.renew()
    door.opened()
    [line] = said(logged)
    assert line.endswith(f" is good until {a_day(DAYS)}; SHA-256 {fingerprint}")


@KINDS
def test_it_says_what_it_shows_when_its_files_are_read_again(
    tmp_path: Path, kind: str, logged: Sequence[LogEvent]
) -> None:
    door = Door(tmp_path, kind, language="es")
    endpoint = door.opened()
    fingerprint = door.renew()
    endpoint.reread()
    _, line = said(logged)
    assert line.endswith(f" vale hasta el {a_day(DAYS)}; SHA-256 {fingerprint}")


def test_it_says_that_what_it_shows_has_expired(tmp_path: Path, logged: Sequence[LogEvent]) -> None:
    for language, words in (("en", "has expired on"), ("es", "caducó el")):
        door = Door(tmp_path, "ssl", language)
        fingerprint = door.renew(days=0)
        door.opened()
        assert said(logged)[-1].endswith(f" {words} {a_day(0)}; SHA-256 {fingerprint}")


Harm = Callable[[Door], object]


def a_missing_file(door: Door) -> None:
    door.certificate.unlink()


def nonsense(door: Door) -> None:
    door.certificate.write_text(
        "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n"
    )


def another_key(door: Door) -> None:
    kept = door.certificate.read_bytes()
    door.renew()
    door.certificate.write_bytes(kept)


@pytest.mark.parametrize(
    ("kind", "harm", "english", "spanish"),
    [
        (
            "ssl",
            a_missing_file,
            "certificate.pem: there is no such file",
            "certificate.pem: no existe ese archivo",
        ),
        (
            "ssl",
            nonsense,
            "no key and certificate can be read there (",
            "ahí no se puede leer ninguna clave con su certificado (",
        ),
        (
            "ssl",
            another_key,
            "the key is not that of the certificate",
            "la clave no es la del certificado",
        ),
        (
            "tls",
            a_missing_file,
            "there is no certificate with its key",
            "no hay ningún certificado con su clave",
        ),
        (
            "tls",
            another_key,
            "there is no certificate with its key",
            "no hay ningún certificado con su clave",
        ),
    ],
)
def test_what_is_broken_does_not_open_and_does_not_take_the_place_of_what_works(
    tmp_path: Path,
    logged: Sequence[LogEvent],
    kind: str,
    harm: Harm,
    english: str,
    spanish: str,
) -> None:
    for language, reason in (("en", english), ("es", spanish)):
        door = Door(tmp_path, kind, language)
        endpoint = door.opened()
        harm(door)
        endpoint.reread()
        stays = {"en": "stays as it was: ", "es": "sigue como estaba: "}[language]
        assert f"{stays}" in said(logged)[-1]
        assert reason in said(logged)[-1]
        with pytest.raises(Exception) as refused:
            door.made()
        assert reason in why(refused.value, door.wording)


def test_an_empty_folder_is_nothing_to_show(tmp_path: Path) -> None:
    door = Door(tmp_path, "tls")
    door.key.unlink()
    door.certificate.unlink()
    with pytest.raises(NothingToShow):
        door.made()
