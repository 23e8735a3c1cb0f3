"""A copy of a database that a server may be using, whole and of one moment.

SQLite's online backup copies the pages; the server goes on meanwhile, and its write-ahead log grows
by what is said until the copy is done. The copy is made beside its destination and takes the
name only when it is complete and on the disk, so what stands there is always a whole backup.

The copy gets another epoch. A server that is started on it knows nothing of what was said after
the backup and will give the same numbers to other messages; by the new epoch programs notice, and
begin anew instead of missing them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from huddle.record.errors import RecordUnusable
from huddle.record.files import refusal
from huddle.record.plain_file import replacing, sync
from huddle.record.sqlite import tables
from huddle.record.sqlite.opening import connect, reading, unusable

PAGES = 1024
"""Pages copied between two calls of ``progress``: 4 MiB."""


def back_up(
    path: str,
    destination: str,
    epoch: str,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> None:
    """Copy the database to ``destination``, replacing what stands there; mode 0600.

    ``progress`` is told the pages done and all of them, and may raise to break off. Raises
    `RecordUnusable`: of the database, or of the destination (``locked`` if a program uses it).
    """
    with reading(path) as source:
        if os.path.exists(f"{destination}-wal"):
            raise RecordUnusable("locked", destination)
        try:
            with replacing(destination) as part, closing(connect(Path(part).as_uri())) as copy:
                _copy(source, copy, progress)
                copy.execute("PRAGMA journal_mode = delete")
                copy.execute("UPDATE record SET epoch = ?", (epoch,))
            sync(os.path.dirname(os.path.abspath(destination)))
        except sqlite3.Error as error:
            raise unusable(error, destination) from error
        except OSError as error:
            raise refusal(error, destination) from error


def _copy(
    source: sqlite3.Connection, copy: sqlite3.Connection, progress: Callable[[int, int], object]
) -> None:
    # Within a transaction of the source's every step sees the same moment. Without one SQLite
    # would begin again whenever something has been said between two steps.
    source.execute("BEGIN")
    tables.epoch(source)
    source.backup(
        copy,
        pages=PAGES,
        progress=lambda _, remaining, total: progress(total - remaining, total),
    )
    source.execute("ROLLBACK")
