"""What a server has shown of itself, and what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import (
    Certificate,
    DNSName,
    ExtensionNotFound,
    IPAddress,
    SubjectAlternativeName,
)
from service_identity import CertificateError, VerificationError
from service_identity.cryptography import (
    verify_certificate_hostname,
    verify_certificate_ip_address,
)

from huddle.client.network.trust import ServerCertificate
from huddle.client.session.events import Doubt
from huddle.protocol.fingerprint import fingerprint_of
from huddle.protocol.text import clean

DOUBTS = {
    2: Doubt.UNKNOWN_AUTHORITY,
    7: Doubt.UNKNOWN_AUTHORITY,  # an authority that calls itself like one that is known
    9: Doubt.NOT_YET_VALID,
    10: Doubt.EXPIRED,
    18: Doubt.SELF_SIGNED,
    19: Doubt.UNKNOWN_AUTHORITY,
    20: Doubt.UNKNOWN_AUTHORITY,
    21: Doubt.UNKNOWN_AUTHORITY,
}
"""What the numbers mean that a check ends with (``X509_V_ERR_…`` in openssl/x509_vfy.h)."""

HOSTS = 10
"""How many of the hosts that a certificate is for are told at most; it may have thousands."""

WORST_FIRST = (
    Doubt.SELF_SIGNED,
    Doubt.UNKNOWN_AUTHORITY,
    Doubt.INVALID,
    Doubt.EXPIRED,
    Doubt.NOT_YET_VALID,
    Doubt.OTHER_NAME,
)
"""When no authority speaks for it, what it says of itself, its time and names, means nothing."""


def examined(certificate: Certificate, findings: Sequence[int], host: str) -> ServerCertificate:
    """What a server at ``host`` has shown, and what OpenSSL found when it checked that.

    Where nothing was checked nothing is good.
    """
    doubts = {DOUBTS.get(found, Doubt.INVALID) for found in findings or [-1] if found}
    if not doubts and not _is_for(certificate, host):
        doubts.add(Doubt.OTHER_NAME)
    doubt = min(doubts, key=WORST_FIRST.index) if doubts else None
    fingerprint = fingerprint_of(certificate.public_bytes(Encoding.DER))
    return ServerCertificate(fingerprint, doubt, _hosts(certificate))


def _is_for(certificate: Certificate, host: str) -> bool:
    """RFC 9525: only alternative names count, and an address is no name."""
    verify = verify_certificate_ip_address if is_address(host) else verify_certificate_hostname
    try:
        verify(certificate, host)
    except (VerificationError, CertificateError, ValueError):  # ValueError: what is no host
        return False
    return True


def is_address(host: str) -> bool:
    """Whether a host is named by its address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _hosts(certificate: Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except (ExtensionNotFound, ValueError):
        return ()
    hosts = [str(name.value) for name in found if isinstance(name, DNSName | IPAddress)]
    return tuple(map(clean, hosts[:HOSTS]))
