"""A database of an older version becomes one of this, with all that is in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred

from huddle.protocol.events import Draft, Kind, Said
from huddle.record import Extent, Mark, MarkKind, SessionRow
from huddle.record.errors import RecordUnusable
from huddle.record.files import APPLICATION
from huddle.record.sqlite import schema
from huddle.record.sqlite.export import export
from huddle.server.node.founding_state import state_of
from tests.record.awaited_record import draft, sqlite_record

PLACE = 1 << schema.SEQ_BITS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database of the first version, with three messages, two of them indexed, and a session."""
    with closing(sqlite3.connect(tmp_path / "huddle.db", isolation_level=None)) as old:
        old.execute("PRAGMA journal_mode = wal")
        for statement in schema.VERSIONS[0]:
            old.execute(statement)
        old.execute(f"PRAGMA application_id = {APPLICATION}")
        old.execute("PRAGMA user_version = 1")
        old.execute("INSERT INTO record (epoch) VALUES ('an old epoch')")
        old.execute("INSERT INTO rooms VALUES (1, 'huddle', 2, 4, 70, 3)")
        old.executemany(
            "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            [
                (PLACE + 2, 50, 3, 1, "ana", "say", "first words"),
                (PLACE + 3, 60, 3, 2, "ana", "me", "second words"),
                (PLACE + 4, 70, 4, 0, "bob", "say", "third words"),
            ],
        )
        old.execute(
            "INSERT INTO words (rowid, text) SELECT place, text FROM texts WHERE place <= ?",
            (PLACE + 3,),
        )
        old.execute(
            """INSERT INTO sessions VALUES (3, 'ana', x'01', x'02', 5, 1, 9, '{"huddle": 3}', 2)"""
        )
    return tmp_path


def test_a_house_of_several_nodes_begins_with_a_record_of_the_first_version(folder: Path) -> None:
    """Who was there by it is held on all nodes, with their key, their word and their last id."""
    awaited = sqlite_record(folder)
    state, rows = awaited.answer(Deferred.fromCoroutine(state_of(awaited.record, "ab", 7)))
    ana = state.sessions[3]
    assert (ana.nick[0], ana.here, ana.key, ana.word, ana.last_id) == ("ana", True, "01", "02", 2)
    assert ana.rooms == {"huddle": 3} and state.rooms["huddle"].newest == 4 and not rows
    awaited.close()


ANA = SessionRow(3, "ana", b"\x01", b"\x02", 5, True, 9, {"huddle": 3}, 2)


def test_everything_is_there_as_it_was(folder: Path) -> None:
    awaited = sqlite_record(folder)
    record = awaited.record
    assert record.epoch == "an old epoch"
    assert record.extent("huddle") == Extent(2, 4, 70)
    assert awaited.answer(record.read("huddle", 1, 9)) == [
        Said("huddle", 2, 50, 3, "ana", Kind.SAY, "first words"),
        Said("huddle", 3, 60, 3, "ana", Kind.ME, "second words"),
        Said("huddle", 4, 70, 4, "bob", Kind.SAY, "third words"),
    ]
    assert awaited.search("words") == ["first words", "second words", "third words"]
    assert list(record.sessions_here()) == [ANA]
    assert awaited.answer(record.session_by_word(b"\x02")) == ANA
    assert (record.last_session, record.last_account) == (3, 0)
    assert not record.room_rows() and not record.marks() and not record.accounts()
    awaited.close()


def test_all_that_is_new_works_on_what_is_old(folder: Path) -> None:
    awaited = sqlite_record(folder)
    awaited.append(Draft("huddle", 3, "ana", Kind.SAY, "new words", 3, account=1, to="bob"))
    erased = awaited.answer(awaited.record.erase("huddle", 2))
    assert erased == Said("huddle", 2, 50, 3, "ana", Kind.DELETED, "")
    ban = Mark("huddle", MarkKind.BAN, "session:3")
    awaited.answer(awaited.record.save(ban))
    assert awaited.search("words") == ["second words", "third words", "new words"]
    assert awaited.answer(awaited.record.forget(None, 1, 100)) == 3
    awaited.close()
    awaited = sqlite_record(folder)
    assert awaited.read() == ["new words"]
    assert awaited.record.marks() == [ban]
    awaited.close()
    with closing(sqlite3.connect(folder / "huddle.db", isolation_level=None)) as other:
        other.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


def test_what_was_said_after_its_room_was_counted_last_counts(folder: Path) -> None:
    awaited = sqlite_record(folder)
    awaited.say("more", "and more", time=80)
    awaited.close()
    with closing(sqlite3.connect(folder / "huddle.db", isolation_level=None)) as other:
        other.execute("UPDATE rooms SET newest = 4, time = 70, indexed = 3")
    assert len(list(export(str(folder / "huddle.db"), "huddle", "text"))) == 5
    awaited = sqlite_record(folder)
    assert awaited.record.extent("huddle") == Extent(2, 6, 80)
    assert awaited.say("the next")[0].seq == 7
    awaited.close()


def test_a_block_of_which_all_lines_are_in_the_index_is_found_and_goes_on(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "huddle.db", isolation_level=None)) as old:
        for statements in schema.VERSIONS[1:7]:
            for statement in statements:
                old.execute(statement)
        old.execute("PRAGMA user_version = 7")
        old.execute("UPDATE messages SET block = ? WHERE place > ?", (PLACE + 2, PLACE + 2))
    awaited = sqlite_record(folder)
    block = {"huddle": 2}
    for text in ("more words", "last words"):
        awaited.append(Draft("huddle", 3, "ana", Kind.SAY, text, block=block, in_block=True))
    found = awaited.answer(awaited.record.belonging("huddle", 2, 9))
    awaited.close()
    assert [(each.seq, each.block) for each in found] == [(2, 0), (3, 2), (4, 2), (5, 2), (6, 2)]


def test_it_is_read_only_when_a_server_has_made_it_new(folder: Path) -> None:
    path = str(folder / "huddle.db")
    with pytest.raises(RecordUnusable) as refusal:
        next(export(path, "huddle", "text"))
    assert (refusal.value.code, refusal.value.detail) == ("older-schema", "1")
    awaited = sqlite_record(folder)
    awaited.append(draft("more"))
    assert len(list(export(path, "huddle", "text"))) == 4
    awaited.close()


def test_the_schema_is_the_same_however_it_came_about(folder: Path, tmp_path: Path) -> None:
    sqlite_record(folder).close()
    new = tmp_path / "new"
    new.mkdir()
    sqlite_record(new).close()
    made = []
    for path in (folder, new):
        with closing(sqlite3.connect(path / "huddle.db")) as record:
            version = record.execute("PRAGMA user_version").fetchone()
            tables = record.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
            made.append((version, tables))
    assert made[0] == made[1]
