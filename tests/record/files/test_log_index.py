"""SQLite's index of the log tells where that ends; looking takes nothing from SQLite."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from huddle.record.files.log_index import LogIndex
from tests.record.written_database import Written, locks_on


def test_a_look_takes_no_lock_of_sqlites_away(written: Written) -> None:
    written.writes(1)
    before = locks_on(written.index)
    assert before
    for _ in range(3):
        written.writes(1)
        assert written.contents.are_ours()
        assert locks_on(written.index) == before


def test_one_that_was_removed_is_let_go_and_one_that_has_its_name_keeps_its_locks(
    written: Written,
) -> None:
    before = locks_on(written.index)
    written.contents.log_index.close_removed()
    assert locks_on(written.index) == before
    with written.index.open("rb") as index:
        written.index.unlink()
        written.contents.log_index.close_removed()
        assert locks_on(Path(f"/proc/self/fd/{index.fileno()}")) == []
    assert written.contents.log_index.end() == (0, b"")


def test_the_log_ends_behind_what_was_committed(written: Written) -> None:
    index = written.contents.log_index
    before, _ = index.end()
    written.writes(3)
    end, salts = index.end()
    assert end == before + 3
    assert written.log.read_bytes()[16:24] == salts


def test_what_was_undone_is_behind_the_end(written: Written) -> None:
    written.writes(1)
    before = written.contents.log_index.end()
    written.writes_and_undoes(pages=100)
    assert written.log.stat().st_size > 32 + 50 * 4120
    assert written.contents.log_index.end() == before


def test_one_that_is_opened_later_is_locked_at_once_and_opened_once(tmp_path: Path) -> None:
    path = tmp_path / "huddle.db-shm"
    index = LogIndex(str(path))
    path.write_bytes(bytes(4096))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(2):
        index.open()
        assert locks_on(path) == [str(["WRITE", "121", "121"])]
        assert len(os.listdir("/proc/self/fd")) == before + 1
    index.close()


def test_what_was_written_is_counted_from_what_was_carried_over_last(written: Written) -> None:
    index = written.contents.log_index
    written.writes(3)
    assert index.pages_written() == 3
    written.contents.carried_over()  # as where that has failed: nothing was
    assert index.pages_written() == 0
    written.writes(2)
    assert index.pages_written() == 2
    written.carries_over()
    written.contents.carried_over()
    written.writes(1)  # into a log that is begun anew
    assert index.pages_written() == 1


def test_where_there_is_no_index_there_is_no_log(written: Written) -> None:
    index = LogIndex(str(written.index))
    assert index.end() == (0, b"")
    assert index.pages_written() == 0
    index.keep_others_from_checkpoints()
    assert not index.other_carries_over


@pytest.mark.parametrize("head", [bytes(4096), b"\1" * 39], ids=["not filled in", "cut"])
def test_an_index_that_is_none_yet_tells_of_no_page(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "huddle.db-shm"
    path.write_bytes(head)
    index = LogIndex(str(path))
    index.open()
    assert index.end().pages == 0
    index.close()
