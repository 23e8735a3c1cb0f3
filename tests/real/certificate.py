"""A certificate that a server makes for itself."""

from __future__ import annotations

import ssl
from pathlib import Path

from tests.certificate_authority import self_signed


def tls_door(folder: Path, place: str = "0:interface=127.0.0.1") -> str:
    """The description of an endpoint that speaks TLS, with a new key and certificate."""
    made = self_signed("localhost")
    key, certificate = folder / "key.pem", folder / "cert.pem"
    key.write_bytes(made.key)
    certificate.write_bytes(made.certificate)
    return f"ssl:{place}:privateKey={key}:certKey={certificate}"


BROWSERS_OFFER = ("h2", "http/1.1")
"""What browsers say that they could speak under TLS (ALPN)."""


def trusting(*offers: str) -> ssl.SSLContext:
    """A client that takes any certificate, and no end of the stream that was not said. It may offer
    protocols."""
    context = ssl.create_default_context()
    if offers:
        context.set_alpn_protocols(list(offers))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
