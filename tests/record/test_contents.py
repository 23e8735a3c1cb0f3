"""Before a commit is told it is looked whether the log is still what SQLite has made of it."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

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
    written.writes(1)
    asked.clear()
    assert written.contents.are_ours()
    assert max(asked) < LARGE // 2
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
