"""TLS to the engine: who it must be, and with which certificate this node shows itself."""

from __future__ import annotations

import re
from pathlib import Path

from OpenSSL import SSL
from twisted.internet.error import VerifyError
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import (
    Certificate,
    PrivateCertificate,
    optionsForClientTLS,
    platformTrust,
    trustRootFromCertificates,
)

from huddle.cluster.etcd.errors import AddressUnusable

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class EnginePolicy:
    """The engine's certificate is signed by an authority of this file (empty: by one that this
    machine trusts) and has the name, or the address, under which it is asked.

    Raises `OSError`, and `AddressUnusable` where a file does not hold what it should.
    """

    def __init__(self, authorities: str, certificate: str, key: str) -> None:
        self._trust = platformTrust()
        if authorities:
            found = _CERTIFICATE.findall(Path(authorities).read_bytes())
            if not found:
                raise AddressUnusable("no-certificate", authorities)
            self._trust = trustRootFromCertificates([Certificate.loadPEM(each) for each in found])
        self._own = _own(certificate, key) if certificate else None

    def creator_for(self, name: str) -> IOpenSSLClientConnectionCreator:
        """What makes a connection to the engine's machine of this name, or address, secure."""
        creator: IOpenSSLClientConnectionCreator = optionsForClientTLS(name, self._trust, self._own)
        return creator


def _own(certificate: str, key: str) -> PrivateCertificate:
    both = Path(certificate).read_bytes() + b"\n" + Path(key).read_bytes()
    try:
        own: PrivateCertificate = PrivateCertificate.loadPEM(both)
    except (SSL.Error, VerifyError):
        raise AddressUnusable("no-key", f"{certificate}, {key}") from None
    return own
