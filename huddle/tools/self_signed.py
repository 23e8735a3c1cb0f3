"""Certificates that sign themselves, and the names that this machine goes by."""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import idna
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from huddle.protocol.fingerprint import fingerprint_of
from huddle.server.invitation.addresses import own_addresses

BACK = timedelta(days=1)
"""It is good since a day ago: clocks on a network without the Internet differ."""

COMMON_NAME = 64
"""Characters of a common name at most (RFC 5280); clients look at the alternative names."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")

_LABEL = r"(?!-)[a-z0-9_-]{1,63}"  # with "_": there are machines that are called so
_NAME = re.compile(rf"(\*\.)?{_LABEL}(\.{_LABEL})*")


def key_and_certificate(hosts: Sequence[str], days: int) -> tuple[bytes, str]:
    """A new key and a certificate for these hosts, together in PEM, and its fingerprint.

    Raises ValueError, with the host, for one that is neither an address nor a name.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _unsigned(hosts, key.public_key(), days).sign(key, SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem += certificate.public_bytes(Encoding.PEM)
    return pem, fingerprint_of(certificate.public_bytes(Encoding.DER))


def _unsigned(
    hosts: Sequence[str], key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    """For servers only, and with no authority over other certificates (RFC 5280)."""
    names = _alternative_names(hosts)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:COMMON_NAME])])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACK)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_only(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative_names(hosts: Sequence[str]) -> list[x509.GeneralName]:
    names = [_alternative_name(host) for host in hosts]
    if not any(isinstance(name, x509.DNSName) for name in names):
        names.append(x509.DNSName("localhost"))  # Twisted's tls: finds certificates by name only
    return names


def _alternative_name(host: str) -> x509.GeneralName:
    with suppress(ValueError):
        return x509.IPAddress(ip_address(host))
    try:
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
    except UnicodeError:
        raise ValueError(host) from None
    if not _NAME.fullmatch(name):
        raise ValueError(host)
    return x509.DNSName(name)


def own_hosts() -> list[str]:
    """This machine's name and addresses, and those by which it calls itself."""
    addresses = [address for _interface, address in own_addresses()]
    names = [socket.gethostname(), *addresses, *LOOPBACK]
    return list(dict.fromkeys(name for name in names if name))
