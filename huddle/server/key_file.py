"""The key under which return words and the keys of rooms are hashed, in a file of its own.

It lies beside the record and not in it: a copy of the record opens nothing. It lies beside the file
itself, where its lock and its log are, also when the server was given a link to it. Older servers
had it beside the link; what is found there is used.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable

from huddle.record.files import beside
from huddle.record.plain_file import open_plain, write_whole

KEY_BYTES = 32
"""How many bytes the key has."""

_NOT_OF_THE_FILE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""The process or the system has no descriptors or memory left: nothing is known of the file."""


def fresh_key() -> bytes:
    """A key that is kept nowhere: what it hashes is worth nothing after a restart."""
    return secrets.token_bytes(KEY_BYTES)


def kept_key(path: str) -> bytes:
    """The key in this file, which only its owner may read; made if it is not there.

    A file that was not written to its end is made anew. Raises `OSError`.
    """
    key = _key_in(path)
    if key is None:
        key = fresh_key()
        write_whole(path, key)
    return key


def key_of(path: str, is_new: bool, report: Callable[[str, str], object]) -> bytes:
    """The key of the record at this path; ``is_new`` says that nothing can have been hashed yet.

    Reports (`start_errors.record_news`) ``key-copied``, ``two-keys`` and ``key-made``, each with
    the file of the key. Raises `OSError`.
    """
    own, by_link = beside(path, ".key"), f"{path}.key"
    key, other = _key_in(own), _key_in(by_link)
    if key is None and other is not None:
        write_whole(own, other)
        report("key-copied", own)
        return other
    if key is None and not is_new:
        report("key-made", own)
    elif key is not None and other not in (None, key):
        report("two-keys", own)
    return kept_key(own)


class WordKey:
    """The ``key`` of a running server; sees to it that the file of a record's holds it.

    Found at the next start, when only the file has known it, that would be too late: return words
    and keys of rooms would open nothing. Reports (`start_errors.record_news`) ``key-put-back``, and
    once ``key-lost`` where it cannot be, or ``key-changed`` where another whole key is there, which
    is left: whoever has lost the right one puts it there and starts the server again. Each is
    reported with the file.
    """

    def __init__(
        self, record: str | None, is_new: bool, report: Callable[[str, str], object]
    ) -> None:
        """As `key_of`; where there is no record, the key is kept nowhere."""
        self.key = fresh_key() if record is None else key_of(record, is_new, report)
        self._record = record
        self._path = "" if record is None else beside(record, ".key")
        self._report = report
        self._told = ""

    def look(self) -> None:
        """Put the key back where it is not; not beside a record that is gone itself."""
        found = self._found() if self._record and os.path.exists(self._record) else ""
        if found and found != self._told:
            self._report(found, self._path)
        self._told = found

    def _found(self) -> str:
        try:
            key = _key_in(self._path)
            if key is None:
                write_whole(self._path, self.key)
                return "key-put-back"
        except OSError as error:
            return self._told if error.errno in _NOT_OF_THE_FILE else "key-lost"
        return "" if key == self.key else "key-changed"


def _key_in(path: str) -> bytes | None:
    """The key that is there, or None where there is none or a part of one. Raises `OSError` where
    that cannot be seen, which is no reason to write there."""
    try:
        with open(open_plain(path), "rb") as file:
            key = file.read(KEY_BYTES)
    except FileNotFoundError:
        return None
    return key if len(key) == KEY_BYTES else None
