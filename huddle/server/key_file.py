"""The key under which return words and the keys of rooms are hashed, in a file of its own.

It lies beside the record and not in it: a copy of the record opens nothing. It lies beside the file
itself, where its lock and its log are, also when the server was given a link to it. Older servers
had it beside the link; what is found there is used.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress

from huddle.record.files import beside

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
    key = fresh_key()
    _write_to(file, key)
    return key


def _write(path: str, key: bytes) -> None:
    with suppress(FileNotFoundError):
        os.remove(path)  # one that was not written to its end
    _write_to(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), key)


def _write_to(file: int, key: bytes) -> None:
    with open(file, "wb") as new:
        new.write(key)
        new.flush()
        os.fsync(new.fileno())


def key_of(path: str, is_new: bool, report: Callable[[str, str], object]) -> bytes:
    """The key of the record at this path; ``is_new`` says that nothing can have been hashed yet.

    Reports (`start_errors.record_news`) ``key-copied``, ``two-keys`` and ``key-made``, each with
    the file of the key. Raises `OSError`.
    """
    own, by_link = beside(path, ".key"), f"{path}.key"
    key, other = _key_in(own), _key_in(by_link)
    if key is None and other is not None:
        _write(own, other)
        report("key-copied", own)
        return other
    if key is None and not is_new:
        report("key-made", own)
    elif key is not None and other not in (None, key):
        report("two-keys", own)
    return kept_key(own)


def _key_in(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            key = file.read(KEY_BYTES)
    except FileNotFoundError:
        return None
    return key if len(key) == KEY_BYTES else None
