"""The key of the return words, in its file."""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from huddle.server.key_file import KEY_BYTES, WordKey, kept_key, key_of
from tests.no_files import NO_FILES
from tests.record.small_disk import full, small_disk


def test_a_key_stays_the_same_and_is_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = kept_key(str(path))
    assert len(key) == KEY_BYTES
    assert kept_key(str(path)) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept_key(str(tmp_path / "other")) != key


def test_a_key_that_was_not_written_to_its_end_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"x" * (KEY_BYTES - 1))
    assert kept_key(str(path)) == path.read_bytes() != b"x" * (KEY_BYTES - 1)


def test_the_key_of_the_return_words_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "huddle.db.key"
    key = kept_key(str(path))
    assert len(key) == 32
    assert kept_key(str(path)) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "huddle.db.key"
    path.write_bytes(b"too short")
    key = kept_key(str(path))
    assert len(key) == 32
    assert path.read_bytes() == key


Reports = list[tuple[str, str]]


@pytest.fixture
def reports() -> Reports:
    return []


@pytest.fixture
def report(reports: Reports) -> Callable[[str, str], object]:
    return lambda code, detail: reports.append((code, detail))


Report = Callable[[str, str], object]


def linked(tmp_path: Path) -> tuple[Path, Path]:
    """A record, and a link to it in another folder."""
    (tmp_path / "data").mkdir()
    record, link = tmp_path / "data" / "huddle.db", tmp_path / "link.db"
    record.touch()
    link.symlink_to(record)
    return record, link


def test_the_key_lies_beside_the_file_whatever_link_leads_there(
    tmp_path: Path, reports: Reports, report: Report
) -> None:
    record, link = linked(tmp_path)
    key = key_of(str(record), True, report)
    assert key_of(str(link), False, report) == key
    assert not (tmp_path / "link.db.key").exists()
    assert not reports


def test_a_key_that_an_older_server_left_beside_the_link_is_used(
    tmp_path: Path, reports: Reports, report: Report
) -> None:
    record, link = linked(tmp_path)
    key = kept_key(f"{link}.key")
    assert key_of(str(link), False, report) == key
    assert reports == [("key-copied", f"{record}.key")]
    assert stat.S_IMODE(Path(f"{record}.key").stat().st_mode) == 0o600
    assert key_of(str(link), False, report) == key == key_of(str(record), False, report)
    assert len(reports) == 1


def test_of_two_keys_the_one_beside_the_file_is_used_and_that_is_told(
    tmp_path: Path, reports: Reports, report: Report
) -> None:
    record, link = linked(tmp_path)
    key = kept_key(f"{record}.key")
    kept_key(f"{link}.key")
    assert key_of(str(link), False, report) == key
    assert reports == [("two-keys", f"{record}.key")]


@pytest.mark.parametrize("before", [None, b"cut off"])
def test_that_a_key_is_missing_is_told_unless_the_record_is_new(
    tmp_path: Path, reports: Reports, report: Report, before: bytes | None
) -> None:
    path = tmp_path / "huddle.db"
    if before is not None:
        Path(f"{path}.key").write_bytes(before)
    assert len(key_of(str(path), False, report)) == KEY_BYTES
    assert reports == [("key-made", f"{path}.key")]
    key_of(str(tmp_path / "new.db"), True, report)
    assert len(reports) == 1


CHANGES: dict[str, Callable[[Path], object]] = {
    "removed": lambda path: path.unlink(),
    "moved": lambda path: path.rename(path.with_name("moved")),
    "emptied": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:20]),
    "a link": lambda path: os.replace(path.with_name("link"), path),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_key_that_is_changed_while_the_server_runs_is_put_back(
    tmp_path: Path, reports: Reports, report: Report, change: Callable[[Path], object]
) -> None:
    record, path = tmp_path / "huddle.db", tmp_path / "huddle.db.key"
    record.touch()
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "link").symlink_to(tmp_path / "precious")
    guard = WordKey(str(record), True, report)
    guard.look()
    assert reports == []
    change(path)
    guard.look()
    guard.look()
    assert reports == [("key-put-back", str(path))]
    assert path.read_bytes() == guard.key and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.is_symlink() and (tmp_path / "precious").read_bytes() == b"precious"


def test_a_key_that_cannot_be_put_back_is_told_once(
    tmp_path: Path, reports: Reports, report: Report
) -> None:
    record, path = tmp_path / "huddle.db", tmp_path / "huddle.db.key"
    record.touch()
    guard = WordKey(str(record), True, report)
    path.unlink()
    path.mkdir()
    guard.look()
    guard.look()
    assert reports == [("key-lost", str(path))]
    path.rmdir()
    guard.look()
    assert reports[1:] == [("key-put-back", str(path))]


@pytest.mark.parametrize("put", NO_FILES)
def test_no_key_is_read_of_what_is_no_file(
    tmp_path: Path, reports: Reports, report: Report, put: Callable[[Path], None]
) -> None:
    record, path = tmp_path / "huddle.db", tmp_path / "huddle.db.key"
    record.touch()
    guard = WordKey(str(record), True, report)
    path.unlink()
    put(path)
    guard.look()  # and does not wait for what comes through a pipe
    guard.look()
    assert reports == [("key-lost", str(path))]
    with pytest.raises(OSError):
        WordKey(str(record), True, report)


@contextmanager
def no_descriptors() -> Iterator[None]:
    """The process cannot open another file, as in a flood of connections."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


@pytest.mark.parametrize("gone", [False, True])
def test_a_key_that_cannot_be_looked_at_is_neither_touched_nor_told_to_be_lost(
    tmp_path: Path, reports: Reports, report: Report, gone: bool
) -> None:
    record, path = tmp_path / "huddle.db", tmp_path / "huddle.db.key"
    record.touch()
    guard = WordKey(str(record), True, report)
    if gone:
        path.unlink()
    with no_descriptors():
        guard.look()
        guard.look()
    assert reports == [] and path.exists() is not gone
    guard.look()
    assert path.read_bytes() == guard.key
    assert reports == ([("key-put-back", str(path))] if gone else [])


def test_a_key_that_cannot_be_read_is_told_once_and_left(
    tmp_path: Path, reports: Reports, report: Report
) -> None:
    record, path = tmp_path / "huddle.db", tmp_path / "huddle.db.key"
    record.touch()
    guard = WordKey(str(record), True, report)
    path.unlink()
    path.symlink_to(path)  # which opens as little to root as a file of another's does to us
    guard.look()
    guard.look()
    assert reports == [("key-lost", str(path))] and path.is_symlink()


def test_the_file_that_is_there_stays_until_the_key_is_written_whole(
    tmp_path: Path, reports: Reports, report: Report
) -> None:
    """A server that is killed meanwhile, or has no room left, leaves nothing worse behind."""
    with small_disk(tmp_path) as disk:
        record, path = disk / "huddle.db", disk / "huddle.db.key"
        record.touch()
        guard = WordKey(str(record), True, report)
        path.write_bytes(guard.key[:20])
        (disk / "huddle.db.key-new").write_bytes(b"of one that was killed")
        with full(disk):
            (disk / "huddle.db.key-new").unlink()
            (disk / "more").write_bytes(b"takes its place")
            guard.look()
            assert path.read_bytes() == guard.key[:20]
        guard.look()
        assert path.read_bytes() == guard.key
        assert [code for code, _ in reports] == ["key-lost", "key-put-back"]
        assert not (disk / "huddle.db.key-new").exists()


def test_another_whole_key_is_left_where_it_was_put_and_told_once(
    tmp_path: Path, reports: Reports, report: Report
) -> None:
    """As by those who were told that the right one was not there."""
    record, path = tmp_path / "huddle.db", tmp_path / "huddle.db.key"
    record.touch()
    guard = WordKey(str(record), True, report)
    path.write_bytes(b"k" * KEY_BYTES)
    guard.look()
    guard.look()
    assert reports == [("key-changed", str(path))]
    assert path.read_bytes() == b"k" * KEY_BYTES


def test_no_key_is_put_beside_a_record_that_is_gone(
    tmp_path: Path, reports: Reports, report: Report
) -> None:
    guard = WordKey(str(tmp_path / "huddle.db"), True, report)
    (tmp_path / "huddle.db.key").unlink()
    guard.look()
    assert reports == [] and not list(tmp_path.iterdir())
