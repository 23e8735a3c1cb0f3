"""Taking a message's text out of the database while its number stays.

The row is emptied in a transaction like everything that people are told of (`transactions`). Its
words go from the full-text index in the same transaction: FTS5 is told to delete what was indexed,
which must be said exactly as it was, and to index the nothing that is left, so that as many rows
are indexed as there are messages.

Then the text is no longer to be had from Huddle, but its bytes are still about:

- in the log, and in the database as it was before the log is carried over. So the log is carried
  over and cut to nothing.
- in FTS5's segments, which are never changed: a deletion only adds to them that a word is no
  longer there, and a merge of all of them drops both. So they are merged, step by step.
- in pages that became free when something was merged or deleted: ``secure_delete`` zeroes those.

`maintenance` sees to this; ``record.erased`` says that it is to be done, over a restart too.
(FTS5's own ``secure-delete`` is left alone: SQLite before 3.42 could not read such a database any
more.) What stays is slack: when SQLite spreads the rows of a full page over two, it does not zero
what it moved. Of 500 messages erased from 50 rooms that had grown side by side 3 or 4 had such a
copy (measured, 3.40). Only ``VACUUM`` removes it, beside which no message can be recorded: it is
for the next opening, of a database that is small.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from huddle.protocol.events import Kind, Said
from huddle.record import tombstone
from huddle.record.sqlite import tables
from huddle.record.sqlite.numbering import RoomCounter

MERGED = 64
"""Leaves of the index, of 1,000 bytes, that one step merges: a millisecond or two."""


def erase(connection: sqlite3.Connection, row: RoomCounter | None, seq: int) -> Said | None:
    """The tombstone that stands for the message now; None where there is no message."""
    found = tables.read(connection, row.name, seq, seq) if row else []
    if not row or not found:
        return None
    [said] = found
    if said.kind is Kind.DELETED:
        return said
    place = row.place(seq)
    if seq <= row.indexed:
        connection.execute(
            "INSERT INTO words (words, rowid, text)"
            " SELECT 'delete', place, text FROM texts WHERE place = ?",
            (place,),
        )
        connection.execute("INSERT INTO words (rowid, text) VALUES (?, '')", (place,))
    connection.execute(
        "UPDATE messages SET kind = ?, text = '', respelled = NULL WHERE place = ?",
        (Kind.DELETED.value, place),
    )
    connection.execute("UPDATE record SET erased = 1")
    return tombstone(said)


def is_to_be_scrubbed(connection: sqlite3.Connection) -> bool:
    """Whether something was erased whose bytes may still be about."""
    return bool(connection.execute("SELECT erased = 1 FROM record").fetchone()[0])


def has_been_scrubbed(connection: sqlite3.Connection) -> None:
    """Note that nothing but slack is left of the texts that were erased."""
    connection.execute("UPDATE record SET erased = 2")


def remove_slack(connection: sqlite3.Connection) -> None:
    """Write the whole database anew if something was erased; as before when there is no room."""
    (erased,) = connection.execute("SELECT erased FROM record").fetchone()
    if not erased:
        return
    with suppress(sqlite3.OperationalError):
        connection.execute("VACUUM")
        if erased == 2:
            connection.execute("UPDATE record SET erased = 0")


def merge(connection: sqlite3.Connection, *, begin: bool) -> bool:
    """Take a step of merging the index into one segment, the first or another; False: all done."""
    before = connection.total_changes
    # A negative number begins the merging of all there is; a positive one goes on with it.
    pages = -MERGED if begin else MERGED
    connection.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", (pages,))
    return connection.total_changes - before >= 2
