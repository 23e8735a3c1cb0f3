"""What stands in the engine is sealed: who reads its files, or its backups, reads no one's talk.

Every entry is encrypted and authenticated (AES-256-GCM) under a key that all nodes have and the
engine has not. What was not written by somebody with the key, for this house and in this version of
the batches, does not open. Nothing in it depends on where it stands: an entry that is appended
twice is the same bytes.

A sealed entry is 45 bytes longer than what is in it::

    1     version of the seal, 1
    4     key id: of several keys, the one it was sealed with
    12    salt, random: by it a key is made of the common one, by HMAC-SHA256
    12    nonce, random
    …     ciphertext
    16    tag

A node takes another salt for each start and for each `SEALS` entries, so that those who read them
make its key once. Two nonces under one salt are the same with a probability of 2 to the power of
-65 by then, and salts are 96 bits of chance, too: the common key need not be changed for the number
of entries under it. Authenticated with the text are all bytes in front of it, the id of the house,
and the version of what is sealed.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huddle.record.keyed_hash import KeyedHash

KEY_BYTES: Final = 32
MOST_KEYS: Final = 2
"""One is used, and the other is on its way in or out."""

SEALS: Final = 65_536
"""Entries that are sealed under one salt."""
MOST_SALTS: Final = 64
"""Salts whose keys are kept, to open what is sealed under them: those of so many nodes."""

_VERSION = b"\1"
_ID, _SALT, _NONCE, _TAG = 4, 12, 12, 16
_SALTED = len(_VERSION) + _ID + _SALT
_HEAD = _SALTED + _NONCE
OVERHEAD: Final = _HEAD + _TAG
"""Bytes that sealing adds to an entry."""

_KEY = re.compile(r"[0-9a-fA-F]{64}")


class NoSuchKey(Exception):
    """It was sealed under a key that this node does not have, or by a later version: other nodes
    can open it, so that this one must not go on without it."""


class NotGenuine(Exception):
    """It was not sealed by who has the key, or not for this house: no node can open it."""


class BadKeys(ValueError):
    """What should be a file of keys holds none, too many, or something else."""


def keys_of(text: str) -> list[bytes]:
    """The keys in a file: one on a line, 64 hexadecimal digits; ``#`` begins a comment.

    The first one seals, each opens. To replace a key without a stop, add the new one in the second
    line on every node, then make it the first on every node, then take the old one out. Raises
    `BadKeys`.
    """
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    found = [line for line in lines if line]
    if not 0 < len(found) <= MOST_KEYS or not all(_KEY.fullmatch(line) for line in found):
        raise BadKeys
    keys = [bytes.fromhex(line) for line in found]
    if len(set(keys)) < len(keys):
        raise BadKeys
    return keys


class Sealing:
    """Seals and opens for one house.

    ``keys`` are 32 bytes each, the first of which seals. ``house`` is the id of the house,
    ``version`` that of what is sealed, 0 to 255. ``random`` gives that many random bytes, such as
    `os.urandom`.
    """

    def __init__(
        self, keys: Sequence[bytes], house: str, version: int, random: Callable[[int], bytes]
    ) -> None:
        self._hashes = {key_id(key): KeyedHash(key, b"huddle entry") for key in keys}
        self._first = key_id(keys[0])
        self._place = bytes([version]) + house.encode()
        self._random = random
        self._ciphers: dict[bytes, AESGCM] = {}
        """By what entries begin with up to the salt, which they have in common."""
        self._begin = b""
        self._left = 0
        """Entries that may yet be sealed under the salt that is used."""

    def seal(self, entry: bytes) -> bytes:
        """The entry, sealed, as the engine is given it."""
        if not self._left:
            self._begin, self._left = _VERSION + self._first + self._random(_SALT), SEALS
        self._left -= 1
        nonce = self._random(_NONCE)
        head = self._begin + nonce
        cipher = self._ciphers.get(self._begin) or self._made(self._begin)
        return head + cipher.encrypt(nonce, entry, head + self._place)

    def open(self, sealed: bytes) -> bytes:
        """What is in it. Raises `NoSuchKey` or `NotGenuine`."""
        if len(sealed) < OVERHEAD:
            raise NotGenuine
        begin, place = sealed[:_SALTED], sealed[:_HEAD] + self._place
        cipher = self._ciphers.get(begin) or self._made(begin)
        try:
            return cipher.decrypt(sealed[_SALTED:_HEAD], sealed[_HEAD:], place)
        except InvalidTag:
            raise NotGenuine from None

    def _made(self, begin: bytes) -> AESGCM:
        """The cipher of all entries that begin like this, from now on among those that are kept."""
        keyed = self._hashes.get(begin[len(_VERSION) : -_SALT])
        if begin[:1] != _VERSION or keyed is None:
            raise NoSuchKey
        if len(self._ciphers) >= MOST_SALTS:
            self._ciphers.clear()
        cipher = self._ciphers[begin] = AESGCM(keyed.of(begin[-_SALT:]))
        return cipher


def key_id(key: bytes) -> bytes:
    """The four bytes by which a key is told from others, and nothing else is known of it."""
    return hmac.digest(key, b"huddle key id", sha256)[:_ID]
