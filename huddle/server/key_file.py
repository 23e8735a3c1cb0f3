"""The key under which return words and the keys of rooms are hashed, in a file of its own.

It lies beside the record and not in it: a copy of the record opens nothing.
"""

from __future__ import annotations

import os
import secrets

KEY_BYTES = 32
"""Of the key."""


def fresh_key() -> bytes:
    """A key that is kept nowhere: what it hashes is worth nothing after a restart."""
    return secrets.token_bytes(KEY_BYTES)


def kept_key(path: str) -> bytes:
    """The key in this file, which only its owner may read; made if it is not there.

    A file that was not written to its end is made anew. Raises `OSError`.
    """
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        with open(path, "rb") as kept:
            key = kept.read(KEY_BYTES)
        if len(key) == KEY_BYTES:
            return key
        os.remove(path)
        return kept_key(path)
    with open(file, "wb") as new:
        key = fresh_key()
        new.write(key)
        new.flush()
        os.fsync(new.fileno())
    return key
