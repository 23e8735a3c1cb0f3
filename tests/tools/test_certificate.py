"""huddle-certificate makes a certificate in one command, and says what to do with it."""

from __future__ import annotations

import os
import shlex
import ssl
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from huddle.protocol.fingerprint import fingerprint_of
from huddle.tools.certificate import main

Run = Callable[..., tuple[int, list[str]]]
SPANISH = {"LANG": "es_ES.UTF-8"}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs it in a folder of its own; gives the exit status, and what it said."""
    monkeypatch.chdir(tmp_path)

    def running(*arguments: str, **environ: str) -> tuple[int, list[str]]:
        monkeypatch.setattr("os.environ", {"LANG": "C.UTF-8", **environ})
        status = main(arguments)
        told = capsys.readouterr()
        assert bool(told.err) == (status != 0)
        return status, (told.out + told.err).splitlines()

    return running


def made(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def test_one_command_makes_a_key_and_its_certificate_for_their_owner_alone(
    run: Run, tmp_path: Path
) -> None:
    status, told = run()
    file = tmp_path / "huddle.pem"
    assert status == 0
    assert os.listdir(tmp_path) == ["huddle.pem"]
    assert file.stat().st_mode & 0o777 == 0o600
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(file)  # raises if they do not match
    assert f"SHA-256 {fingerprint_of(made(file).public_bytes(Encoding.DER))}" in told


def test_it_says_how_the_server_is_started_and_entered(run: Run, tmp_path: Path) -> None:
    _, told = run("--host", "chat.lan", "--host", "192.168.1.5", "-o", "a:b.pem")
    file = f"{tmp_path}/a\\:b.pem"
    assert told[0] == f"{tmp_path}/a:b.pem is a certificate for chat.lan, 192.168.1.5."
    assert shlex.split(told[-2]) == [
        *("twistd", "-n", "huddle", "--port"),
        f"ssl:55123:privateKey={file}:certKey={file}",
    ]
    assert told[-1] == "  huddle-client chat.lan --tls"


def test_the_address_to_enter_by_is_one_that_others_can_use(run: Run) -> None:
    assert run("--host", "localhost", "--host", "::1", "--host", "192.168.1.5")[1][-1] == (
        "  huddle-client 192.168.1.5 --tls"
    )
    assert run("--host", "::1", "--force")[1][-1] == "  huddle-client ::1 --tls"


def test_what_is_there_is_replaced_only_when_told_to(run: Run, tmp_path: Path) -> None:
    run()
    before = made(tmp_path / "huddle.pem")
    assert run() == (
        1,
        ["huddle-certificate: huddle.pem is there already; --force replaces it"],
    )
    assert made(tmp_path / "huddle.pem") == before
    assert run("--force")[0] == 0
    assert made(tmp_path / "huddle.pem") != before


def test_how_long_it_is_good_can_be_said(run: Run, tmp_path: Path) -> None:
    for days in (1, 3650):
        run(*([] if days == 3650 else ["--days", str(days)]), "--force")
        certificate = made(tmp_path / "huddle.pem")
        span = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        assert span.days == days + 1  # it is good since yesterday: clocks differ


@pytest.mark.parametrize(
    ("arguments", "status", "english", "spanish"),
    [
        (["--nope"], 2, "There is no option --nope.", "No hay ninguna opción --nope."),
        (["--host"], 2, "--host needs a value: NAME|IP", "--host necesita un valor: NAME|IP"),
        (["-o"], 2, "-o needs a value: FILE", "-o necesita un valor: FILE"),
        (["chat.lan"], 2, "chat.lan is no option", "chat.lan no es ninguna opción"),
        (
            ["--days", "0"],
            2,
            "0 is not a number from 1 to 36500.",
            "0 no es un número de 1 a 36500.",
        ),
        (
            ["--host", "a..b"],
            2,
            "a..b is neither a name nor an address",
            "a..b no es ni un nombre ni una dirección",
        ),
        (
            ["-o", "no/where"],
            1,
            "no/where: there is no such file",
            "no/where: no existe ese archivo",
        ),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    run: Run, arguments: list[str], status: int, english: str, spanish: str
) -> None:
    assert run(*arguments) == (status, [f"huddle-certificate: {english}"])
    assert run(*arguments, **SPANISH) == (status, [f"huddle-certificate: {spanish}"])


def test_without_the_library_it_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "huddle.tools.self_signed", None)
    assert run() == (1, ["huddle-certificate: TLS needs pip install 'huddle[tls]'"])


def test_its_help_names_every_option_in_both_languages(run: Run) -> None:
    for language, first in (("en", "Usage: "), ("es", "Uso: ")):
        status, told = run("--help", "--lang", language)
        assert status == 0
        assert told[0].startswith(first)
        named = [line.split()[0] for line in told if line.startswith("  --")]
        assert named == ["--host", "--output", "--days", "--force", "--lang", "--version", "--help"]


def test_a_language_that_is_not_there_is_refused(run: Run) -> None:
    status, told = run("--lang", "fr")
    assert (status, told) == (2, ["huddle-certificate: The languages are en, es."])
