"""The keys of rooms: what is kept of one opens nothing by itself.

A key is kept as its HMAC under the server's own key, which lies beside the record and not in it. So
whoever has only a copy of the record cannot try keys against it; and unlike a password's hash it is
quickly made, which a key that a whole room knows may be.
"""

from __future__ import annotations

import hmac
from unicodedata import normalize

from huddle.protocol.errors import BadField
from huddle.protocol.limits import Limits


def hashed(word_key: bytes, key: str) -> bytes:
    """What is kept of a room's key, however a keyboard makes its letters.

    Raises `BadField` (``key``) unless it has 1 to `Limits.room_key` characters.
    """
    plain = normalize("NFKC", key).strip()
    if not 1 <= len(plain) <= Limits().room_key:
        raise BadField("key")
    try:
        return hmac.digest(word_key, plain.encode(), "sha256")
    except UnicodeEncodeError:
        raise BadField("key") from None
