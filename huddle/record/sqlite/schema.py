"""The tables, and how an older database becomes a newer one.

`VERSIONS` holds, for each version of the schema, the statements that lead there from the one
before; a new database goes through all of them. A version that has been released is never
changed: another one is added. The version stands in SQLite's ``user_version``; ``application_id``
says that it is a database of ours.

A message's key is its **place**: the number of its room in the upper bits and its seq in the
lower ones. So the messages of a room lie side by side in one tree, in order, without an index; a
place is at the same time the row number that FTS5 needs, and "the newest in this room that match"
is a walk backwards through a range of rows.

The counters (a room's ``newest``, a session's ``last_id``) are rows of their own and outlive the
messages. But a message counts by being there: a room's row is written with its first message, and
then only beside something else (indexing, deletion), so that a commit writes a page less. The
room's last message may be a later one than its row says (`tables.counters`). ``indexed`` is the
last seq of a room that the full-text index has; it is filled after the commit (`maintenance` says
why). ``respelled`` is the text as it is indexed, where that differs (`huddle.record.search`).

Where something was said under an id is found by ``ids``, in which each session has pages of its
own: written beside each commit, 64 lines of 50 programs would be 42 pages of the log. So they are
put into ``new_ids``, one behind the other, and into ``ids`` many at once (`maintenance`), as in a
log-structured merge tree. Each message with an id is in exactly one of the two.

The ``block`` of a line is the place of the first line of its block. It is negative in a line that
follows right behind another one of the block, as nearly all do, and such a line is in no index: so
a commit writes a page less. What comes behind other people's lines is found by its index, and what
is negative behind that by going from line to line (`tables.belonging`). In records that were begun
by an older version all lines of a block are in the index.

What the port saves has a table for each kind: ``sessions``, ``room_cards``, ``marks``,
``accounts``, ``audit``. A row of ``room_cards`` is what was set about the room, whether anything
was said there or not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from huddle.record.files import APPLICATION

SEQ_BITS = 39
"""Bits of a place for the seq: 5 × 10^11 messages a room; the rest leaves 16 million rooms."""

VERSIONS: tuple[Sequence[str], ...] = (
    (
        """CREATE TABLE record (
            epoch TEXT NOT NULL,
            openings INTEGER NOT NULL DEFAULT 0,
            unsynced_boot TEXT,
            believed INTEGER NOT NULL DEFAULT 0,
            doubted_from INTEGER NOT NULL DEFAULT 0,
            doubted_to INTEGER NOT NULL DEFAULT 0)""",
        """CREATE TABLE rooms (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            oldest INTEGER NOT NULL,
            newest INTEGER NOT NULL,
            time INTEGER NOT NULL,
            indexed INTEGER NOT NULL)""",
        """CREATE TABLE messages (
            place INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            session INTEGER NOT NULL,
            id INTEGER NOT NULL,
            nick TEXT NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            respelled TEXT)""",
        "CREATE UNIQUE INDEX identities ON messages (session, id) WHERE id > 0",
        """CREATE TABLE sessions (
            number INTEGER PRIMARY KEY,
            nick TEXT NOT NULL DEFAULT '',
            key BLOB,
            word BLOB,
            word_time INTEGER NOT NULL DEFAULT 0,
            here INTEGER NOT NULL DEFAULT 0,
            seen INTEGER NOT NULL DEFAULT 0,
            rooms TEXT NOT NULL DEFAULT '{}',
            last_id INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX keys ON sessions (key) WHERE key IS NOT NULL",
        "CREATE INDEX return_words ON sessions (word) WHERE word IS NOT NULL",
        "CREATE INDEX sessions_here ON sessions (number) WHERE here",
        """CREATE VIEW texts (place, text) AS
            SELECT place, coalesce(respelled, text) FROM messages""",
        """CREATE VIRTUAL TABLE words USING fts5(
            text, content='texts', content_rowid='place', columnsize=0,
            tokenize='unicode61 remove_diacritics 2')""",
        # FTS5 merges its segments 64 leaves at a time. With leaves of 1,000 bytes that takes at
        # most 8 ms, with the 4,050 it has of itself 20 (measured, 200,000 messages).
        "INSERT INTO words (words, rank) VALUES ('pgsz', 1000)",
    ),
    (
        # A number is not given again when its row is gone; ``erased``: see `maintenance`.
        "ALTER TABLE record ADD COLUMN last_session INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE record ADD COLUMN last_account INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE record ADD COLUMN erased INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE messages ADD COLUMN account INTEGER NOT NULL DEFAULT 0",
        """ALTER TABLE messages ADD COLUMN "to" TEXT NOT NULL DEFAULT ''""",
        "ALTER TABLE sessions ADD COLUMN account INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE sessions ADD COLUMN version INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE sessions ADD COLUMN ignores TEXT NOT NULL DEFAULT '[]'",
        "CREATE INDEX sessions_gone ON sessions (seen, number) WHERE NOT here",
        """CREATE TABLE room_cards (
            name TEXT PRIMARY KEY,
            topic TEXT NOT NULL,
            topic_by TEXT NOT NULL,
            key BLOB,
            slow REAL NOT NULL,
            quiet INTEGER NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE marks (
            room TEXT NOT NULL,
            kind TEXT NOT NULL,
            who TEXT NOT NULL,
            nick TEXT NOT NULL,
            until INTEGER,
            reason TEXT NOT NULL,
            "by" TEXT NOT NULL,
            time INTEGER NOT NULL,
            PRIMARY KEY (room, kind, who)) WITHOUT ROWID""",
        """CREATE TABLE accounts (
            number INTEGER PRIMARY KEY,
            nick TEXT NOT NULL UNIQUE,
            hash TEXT,
            operator INTEGER NOT NULL,
            version INTEGER NOT NULL,
            inbox TEXT NOT NULL,
            read INTEGER NOT NULL,
            time INTEGER NOT NULL)""",
        "CREATE INDEX inboxes ON accounts (inbox)",
        """CREATE TABLE audit (
            number INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            room TEXT NOT NULL,
            act TEXT NOT NULL,
            "by" TEXT NOT NULL,
            target TEXT NOT NULL,
            detail TEXT NOT NULL)""",
    ),
    ("ALTER TABLE sessions ADD COLUMN word_at BLOB",),
    (
        # ``re`` and ``edits`` are seqs; ``block`` is said above.
        "ALTER TABLE messages ADD COLUMN block INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE messages ADD COLUMN re INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE messages ADD COLUMN edits INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX blocks ON messages (block) WHERE block > 0",
        "CREATE INDEX edited ON messages (edits, place) WHERE edits > 0",
    ),
    (),  # the rows of ``rooms`` lag behind: who takes them for the counters gives numbers again
    ("ALTER TABLE sessions ADD COLUMN wishes TEXT NOT NULL DEFAULT ''",),
    ("ALTER TABLE record ADD COLUMN position INTEGER NOT NULL DEFAULT 0",),  # `huddle.record.Step`
    (),  # ``block`` may be negative: who looks into the index alone for a block misses lines of it
    (
        """CREATE TABLE ids (
            session INTEGER NOT NULL,
            id INTEGER NOT NULL,
            place INTEGER NOT NULL,
            PRIMARY KEY (session, id)) WITHOUT ROWID""",
        """INSERT INTO ids SELECT session, id, place FROM messages INDEXED BY identities
            WHERE id > 0 ORDER BY session, id""",
        "DROP INDEX identities",
        """CREATE TABLE new_ids (
            session INTEGER NOT NULL,
            id INTEGER NOT NULL,
            place INTEGER NOT NULL)""",
    ),
)


def version(connection: sqlite3.Connection) -> int:
    """The version of the schema that the database has; 0 if it has none yet."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the database is one of ours, or an empty one that may become ours."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(application == APPLICATION or (application == 0 and tables == 0))


def migrate(connection: sqlite3.Connection, epoch: str) -> None:
    """Bring the database to the newest version, in one transaction; a new one gets this epoch."""
    old = version(connection)
    if old == len(VERSIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    for statements in VERSIONS[old:]:
        for statement in statements:
            connection.execute(statement)
    if old == 0:
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("INSERT INTO record (epoch) VALUES (?)", (epoch,))
    connection.execute(f"PRAGMA user_version = {len(VERSIONS)}")
    connection.execute("COMMIT")
