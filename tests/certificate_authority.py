"""Certificates of every kind that a server may show: signed by an authority, or by nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from OpenSSL import crypto
from twisted.internet.ssl import CertificateOptions

from huddle.protocol.fingerprint import fingerprint_of


@dataclass(frozen=True)
class Identity:
    """A certificate and its key, both in PEM."""

    key: bytes
    certificate: bytes

    @property
    def fingerprint(self) -> str:
        made = x509.load_pem_x509_certificate(self.certificate)
        return fingerprint_of(made.public_bytes(Encoding.DER))

    def options(self) -> Any:
        """What a server of Twisted's shows it with."""
        key = load_pem_private_key(self.key, None)
        return CertificateOptions(
            privateKey=crypto.PKey.from_cryptography_key(key),  # type: ignore[arg-type]
            certificate=crypto.X509.from_cryptography(
                x509.load_pem_x509_certificate(self.certificate)
            ),
        )

    def put(self, file: Path) -> Path:
        """Both in one file, as `huddle-certificate` makes it."""
        file.write_bytes(self.key + self.certificate)
        return file


class Authority:
    """Signs certificates; its own is in a file, as ``--ca`` takes it."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("an authority")
        made = _certificate(self._name, self._key, self._name, (), -2, 20, True, self._key)
        self.file = folder / "authority.pem"
        self.file.write_bytes(made.public_bytes(Encoding.PEM))

    def signs(self, *hosts: str, since: int = -1, until: int = 10) -> Identity:
        """An identity for these hosts, good from and to a day, counted from today."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named(hosts[0])
        return _identity(
            key, _certificate(name, key, self._name, hosts, since, until, False, self._key)
        )


def self_signed(*hosts: str, named: bool = True) -> Identity:
    """An identity that nobody speaks for; ``named`` False: as such were made long ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(hosts[0])
    alternative = hosts if named else ()
    return _identity(key, _certificate(name, key, name, alternative, -1, 10, False, key))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    hosts: Sequence[str],
    since: int,
    until: int,
    authority: bool,
    signing: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=since))
        .not_valid_after(now + timedelta(days=until))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
    )
    if hosts:
        names = x509.SubjectAlternativeName([_alternative_name(host) for host in hosts])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signing, SHA256())


def _alternative_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _identity(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> Identity:
    return Identity(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        certificate.public_bytes(Encoding.PEM),
    )
