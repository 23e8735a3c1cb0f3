"""The fingerprint of a certificate: what two people compare to know that they mean the same one.

It is the SHA-256 of its DER form as ``openssl x509 -fingerprint -sha256`` and browsers show it:
pairs of hexadecimal digits between colons.
"""

from __future__ import annotations

import re

_LABEL = re.compile(r"^\s*sha-?256(?:\s+fingerprint)?\s*[:= ]", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9A-F]{64}")


def fingerprint_of(der: bytes) -> str:
    """The fingerprint of a certificate in DER."""
    from hashlib import sha256  # with it comes OpenSSL's library: 4 MiB that most runs do without

    return sha256(der).digest().hex(":").upper()


def read_fingerprint(text: str) -> str:
    """A fingerprint as a person typed or pasted it: with colons, spaces or neither, in any case,
    and perhaps with the label that openssl and others put in front. Raises ValueError."""
    digits = re.sub(r"[:\s]", "", _LABEL.sub("", text)).upper()
    if not _DIGITS.fullmatch(digits):
        raise ValueError("not a SHA-256 fingerprint")
    return bytes.fromhex(digits).hex(":").upper()
