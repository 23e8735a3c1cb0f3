"""What an error of SQLite means: why there is no opening, and later what follows from it.

At the start there is somebody to tell, and `RecordUnusable` says what. Later an error belongs to
one of three kinds, and what follows depends on the kind alone:

- **what was given** cannot be kept (a constraint, a value SQLite has no room for): it fails alone,
- **passing**: the disk is full or somebody else holds the lock. Nothing was changed, the connection
  is as good as before, the next attempt may succeed,
- **broken**: anything else. The connection is closed and another one opened.
"""

from __future__ import annotations

import os
import sqlite3

from huddle.record.trouble import RecordUnusable

_GIVEN = {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH}
_PASSING = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

_UNUSABLE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "not-a-record",
    sqlite3.SQLITE_CANTOPEN: "no-permission",
    sqlite3.SQLITE_PERM: "no-permission",
    sqlite3.SQLITE_IOERR: "disk",
}


def unusable(error: sqlite3.Error, path: str) -> RecordUnusable:
    """The same as a reason not to start."""
    code = _UNUSABLE.get(_primary(error), "sqlite")
    # Without room for its shared memory SQLite complains of the disk, and not that it is full.
    if code == "disk" and not os.statvfs(os.path.dirname(path) or ".").f_bavail:
        code = "full"
    return RecordUnusable(code, path, str(error))


def is_given(error: Exception) -> bool:
    """Whether what was given is to blame, and not the database."""
    return not isinstance(error, sqlite3.Error) or _primary(error) in _GIVEN


def is_passing(error: Exception) -> bool:
    """Whether the connection is still good, and nothing was changed."""
    return _primary(error) in _PASSING


def _primary(error: Exception) -> int:
    # Python's own complaints about arguments have no code, and are about what was given.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISMATCH) & 0xFF
