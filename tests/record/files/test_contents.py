"""Before a commit is told it is looked whether the log is still what SQLite has made of it."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from huddle.record.files.contents import Contents
from huddle.record.files.log_index import LogIndex
from huddle.server.operation.memory import LARGE
from tests.record.written_database import Written


@pytest.mark.parametrize("pages", [0, 1, 7, 8, 9, 16, 33])
def test_a_log_is_ours_however_many_pages_were_written_since_the_last_look(
    written: Written, pages: int
) -> None:
    written.writes(1)
    assert written.contents.are_ours()
    for _ in range(2):
        written.writes(pages)
        assert written.contents.are_ours()


@pytest.mark.parametrize("page", [1, 8, 9, 17])
def test_a_hole_in_any_of_them_is_seen(written: Written, page: int) -> None:
    written.writes(1)
    assert written.contents.are_ours()
    written.writes(18)
    with written.log.open("r+b") as log:
        log.seek(32 + page * 4120)
        log.write(bytes(4120))
    assert not written.contents.are_ours()


def test_so_is_a_log_that_was_cut_or_emptied_or_begins_otherwise(written: Written) -> None:
    written.writes(20)
    assert written.contents.are_ours()
    whole = written.log.read_bytes()
    other_salts = whole[:16] + bytes(8) + whole[24:]
    for spoilt in (b"", whole[:-1], whole[: 32 + 4120], bytes(32) + whole[32:], other_salts):
        written.log.write_bytes(spoilt)
        assert not written.contents.are_ours()
        written.log.write_bytes(whole)
        assert written.contents.are_ours()
    written.writes(1)
    os.truncate(written.log, written.log.stat().st_size - 1)
    assert not written.contents.are_ours()


def test_so_is_each_byte_of_its_head_that_was_changed(written: Written) -> None:
    """SQLite would find no log there when it opens the database next, and lose what is in it."""
    written.writes(1)
    assert written.contents.are_ours()
    whole = written.log.read_bytes()
    for at in range(32):
        written.log.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert not written.contents.are_ours(), at
    written.log.write_bytes(whole)
    assert written.contents.are_ours()


def test_so_is_an_older_copy_of_the_log_with_pages_that_were_undone(written: Written) -> None:
    written.writes(1)
    assert written.contents.are_ours()
    written.writes_and_undoes(pages=100)
    copy = written.log.read_bytes()
    written.writes(2)
    written.log.write_bytes(copy)
    assert not written.contents.are_ours()


@pytest.mark.parametrize("how", ["PASSIVE", "RESTART", "TRUNCATE"])
def test_a_log_that_was_carried_over_is_ours_and_so_is_what_follows(
    written: Written, how: str
) -> None:
    written.writes(20)
    assert written.contents.are_ours()
    written.carries_over(how)
    written.contents.carried_over()
    for _ in range(2):
        assert written.contents.are_ours()
        written.writes(1)


def test_a_database_that_was_written_into_or_cut_is_not_ours_any_more(written: Written) -> None:
    written.writes(1, text="x" * 100_000)
    written.carries_over()
    written.contents.carried_over()
    size = written.path.stat().st_size
    assert size > 64 * 1024
    os.truncate(written.path, size - 1)
    assert not written.contents.are_ours()
    assert not written.contents.database_is_ours()
    written.contents.carried_over()  # by which no database grows shorter
    assert not written.contents.database_is_ours()
    os.truncate(written.path, size)
    assert written.contents.database_is_ours()
    with written.path.open("r+b") as database:
        database.seek(5000)
        database.write(b"other")
    assert not written.contents.are_ours()
    assert not written.contents.database_is_ours()


def test_one_that_was_only_touched_is_ours_and_is_read_once_for_that(
    written: Written, asked: list[int]
) -> None:
    os.utime(written.path)
    for _ in range(2):
        assert written.contents.database_is_ours()
    assert len(asked) == 1


def test_what_sqlite_has_opened_anew_is_ours(written: Written) -> None:
    """It has carried the log over at the end; the one that is there then may have fewer commits."""
    written.writes(2)
    copies = {each: each.read_bytes() for each in (written.path, written.log)}
    written.writes(1)
    assert written.contents.are_ours()
    written.closes()
    written.contents.log_is_open()
    assert written.contents.are_ours()
    for path, copy in copies.items():
        path.write_bytes(copy)
    with closing(sqlite3.connect(written.path, isolation_level=None)) as connection:
        connection.execute("SELECT count(*) FROM lines").fetchone()
        written.contents.log_is_open()
        for _ in range(2):
            assert written.contents.are_ours()
            connection.execute("INSERT INTO lines VALUES ('one')")


def test_what_is_not_open_yet_is_looked_at_as_soon_as_it_is_there(written: Written) -> None:
    with written.path.open("rb") as database:
        contents = Contents(database.fileno(), str(written.log), LogIndex(str(written.index)))
        written.writes(1)
        assert contents.are_ours()
        written.log.write_bytes(b"")
        assert not contents.are_ours()
        contents.close()


def test_what_cannot_be_looked_at_is_taken_as_it_is(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.writes(1)
    log = written.log.rename(written.log.with_suffix(".moved"))
    assert written.contents.are_ours()  # that the log is gone is told by others
    log.rename(written.log)

    def fails(file: int) -> os.stat_result:
        raise OSError(errno.EIO, "the disk")

    monkeypatch.setattr(os, "fstat", fails)
    assert written.contents.are_ours()
    assert written.contents.database_is_ours()
    monkeypatch.undo()


def test_looks_leave_no_file_open(written: Written) -> None:
    before = os.listdir("/proc/self/fd")
    for _ in range(3):
        written.writes(1)
        assert written.contents.are_ours()
        assert len(os.listdir("/proc/self/fd")) == len(before)
    written.contents.close()
    assert len(os.listdir("/proc/self/fd")) == len(before) - 1


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes were read at a time."""
    sizes: list[int] = []

    def noted(
        file: int, size: int, offset: int, read: Callable[[int, int, int], bytes] = os.pread
    ) -> bytes:
        sizes.append(size)
        return read(file, size, offset)

    monkeypatch.setattr(os, "pread", noted)
    return sizes


def test_a_look_asks_for_no_memory_of_the_kernel_and_reads_what_is_new_once(
    written: Written, asked: list[int]
) -> None:
    written.writes(100)
    assert written.contents.are_ours()
    assert max(asked) < LARGE // 2
    written.writes(1)
    asked.clear()
    assert written.contents.are_ours()
    read = ["where the log ends", "its head", "the page that was the last", "what is new"]
    assert len(asked) == len(read)


def test_nothing_is_read_by_a_head_that_tells_of_larger_pages_than_there_are(
    written: Written, asked: list[int]
) -> None:
    written.writes(1)
    with written.log.open("r+b") as log:
        log.seek(8)
        log.write(b"\xff" * 4)
    asked.clear()
    assert not written.contents.are_ours()
    read = ["where the log ends", "its head"]
    assert len(asked) == len(read)
