"""The files of a record: who may have them, under which names, and what is never written to."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from huddle.record.errors import RecordUnusable
from huddle.record.files import (
    LOG_REMOVED,
    LOOKS_APART,
    REMOVED,
    REPLACED,
    Lock,
    beside,
    other_log,
)
from huddle.record.sqlite.accounts import register
from huddle.record.sqlite.backup import back_up
from tests.no_files import NO_FILES
from tests.record.awaited_record import sqlite_record

ANOTHER_SERVER = """
import sys
from huddle.record.sqlite import SqliteRecord
from huddle.record.errors import RecordUnusable
try:
    SqliteRecord.open(sys.argv[1], "e", print, print)
    print("open")
except RecordUnusable as error:
    print(error.code, error.detail)
"""


def another_server(path: Path) -> str:
    """What becomes of a server in another process that wants to use this."""
    command = [sys.executable, "-c", ANOTHER_SERVER, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def refused(path: Path) -> RecordUnusable:
    with pytest.raises(RecordUnusable) as error:
        Lock(str(path)).release()
    return error.value


def test_a_second_server_under_another_name_of_the_same_file_is_refused(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.say("hola")
    os.link(tmp_path / "huddle.db", tmp_path / "other.db")
    assert another_server(tmp_path / "other.db") == "linked"
    awaited.close()
    assert another_server(tmp_path / "other.db") == "open"


def test_the_shell_is_refused_under_another_name_too(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    lock = Lock(str(tmp_path / "huddle.db"))
    os.link(tmp_path / "huddle.db", path)
    with pytest.raises(RecordUnusable, match="linked"), register(str(path), "e"):
        pass
    lock.release()


def test_a_lock_that_was_removed_does_not_let_a_second_server_in(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    (tmp_path / "huddle.db-lock").unlink()
    assert another_server(tmp_path / "huddle.db") == "linked"
    awaited.close()


def test_what_was_said_last_is_looked_for_under_the_other_name(tmp_path: Path) -> None:
    """After a crash it is in a log that has the name by which the server knew the database."""
    (tmp_path / "running").mkdir()
    awaited = sqlite_record(tmp_path / "running")
    awaited.say("hola")
    shutil.copytree(tmp_path / "running", tmp_path / "crashed")
    awaited.close()
    crashed, other = tmp_path / "crashed" / "huddle.db", tmp_path / "crashed" / "other.db"
    os.link(crashed, other)
    assert (refused(other).code, refused(other).detail) == ("other-log", f"{crashed}-wal")
    with pytest.raises(RecordUnusable, match="other-log"):
        back_up(str(other), str(tmp_path / "copy.db"), "e")
    again = sqlite_record(tmp_path / "crashed")
    assert again.read() == ["hola"]
    again.close()


def test_where_other_names_cannot_be_looked_for_a_file_that_has_some_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder may be one that its user enters and may not list; root may list them all."""

    def may_not(folder: str) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)

    sqlite_record(tmp_path).close()
    os.link(tmp_path / "huddle.db", tmp_path / "other.db")
    monkeypatch.setattr(os, "scandir", may_not)
    with pytest.raises(PermissionError):
        other_log(str(tmp_path / "other.db"))
    (tmp_path / "other.db").unlink()
    assert other_log(str(tmp_path / "huddle.db")) is None


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_nothing_is_written_through_a_lock_that_is_a_link(link: object, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    precious.chmod(0o644)
    lock = tmp_path / "huddle.db-lock"
    assert callable(link)
    link(precious, lock)
    assert (refused(tmp_path / "huddle.db").code, refused(tmp_path / "huddle.db").detail) == (
        "not-a-lock",
        str(lock),
    )
    assert precious.read_text() == "precious"
    assert precious.stat().st_mode & 0o777 == 0o644
    lock.unlink()
    sqlite_record(tmp_path).close()


def test_a_lock_that_is_a_link_to_nothing_makes_nothing(tmp_path: Path) -> None:
    (tmp_path / "huddle.db-lock").symlink_to(tmp_path / "target")
    assert refused(tmp_path / "huddle.db").code == "not-a-lock"
    assert not (tmp_path / "target").exists()


def test_a_lock_that_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "huddle.db-lock")
    assert refused(tmp_path / "huddle.db").code == "not-a-lock"


def test_what_is_no_file_is_no_record_and_nothing_is_made_beside_it(tmp_path: Path) -> None:
    """As ``/dev/null``, which nobody but root could use any more."""
    path = tmp_path / "device"
    os.mkfifo(path)
    path.chmod(0o666)
    assert refused(path).code == "not-a-record"
    assert path.stat().st_mode & 0o777 == 0o666
    assert os.listdir(tmp_path) == ["device"]


@pytest.mark.parametrize("kind", ["words", "database"])
def test_the_file_of_another_program_stays_as_it_is(kind: str, tmp_path: Path) -> None:
    """Whoever mistypes a path must not lock others out of ``/etc/hosts``."""
    path = tmp_path / "huddle.db"
    if kind == "words":
        path.write_text("127.0.0.1 localhost\n" * 9)
    else:
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE precious (things)")
        other.close()
    path.chmod(0o644)
    before = path.read_bytes()
    with pytest.raises(RecordUnusable, match="not-a-record"):
        sqlite_record(tmp_path)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (before, 0o644)


def test_a_refused_lock_can_be_had_later(tmp_path: Path) -> None:
    path = str(tmp_path / "huddle.db")
    first = Lock(path)
    assert refused(Path(path)).code == "locked"
    first.release()
    Lock(path).release()


def test_what_lies_beside_a_record_lies_beside_the_file_and_not_the_link(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "huddle.db")
    assert beside(str(link), ".key") == str(tmp_path / "huddle.db.key")


def test_a_look_tells_what_has_become_of_the_files(tmp_path: Path) -> None:
    path, log = tmp_path / "huddle.db", tmp_path / "huddle.db-wal"
    lock = Lock(str(path))
    assert (lock.look(), lock.names) == ("", 1)
    log.write_text("log")
    log.with_name("huddle.db-shm").write_text("index")
    lock.log_is_open()
    assert lock.look() == ""
    log.rename(tmp_path / "log")
    assert lock.look() == LOG_REMOVED
    log.write_text("another log")
    assert lock.look() == LOG_REMOVED
    path.rename(tmp_path / "moved.db")
    assert lock.look() == REMOVED
    path.write_text("another database")
    assert lock.look() == REPLACED
    (tmp_path / "moved.db").rename(path)
    (tmp_path / "log").rename(log)
    os.link(path, tmp_path / "other.db")
    assert (lock.look(), lock.names) == ("", 2)
    lock.release()


@pytest.mark.parametrize("gone", ["huddle.db-wal", "huddle.db-shm"])
def test_what_had_no_name_any_more_when_it_was_open_is_told_of(gone: str, tmp_path: Path) -> None:
    lock = Lock(str(tmp_path / "huddle.db"))
    for name in {"huddle.db-wal", "huddle.db-shm"} - {gone}:
        (tmp_path / name).write_text("there")
    lock.log_is_open()
    assert lock.look() == LOG_REMOVED
    lock.release()


def test_only_what_another_has_made_in_the_place_of_the_index_is_removed(tmp_path: Path) -> None:
    log, index = tmp_path / "huddle.db-wal", tmp_path / "huddle.db-shm"
    lock = Lock(str(tmp_path / "huddle.db"))
    log.write_text("log")
    index.write_text("index")
    lock.log_is_open()
    log.rename(tmp_path / "log")
    log.write_text("another log")
    lock.remove_log_of_another()
    assert log.exists()
    assert index.exists()
    index.rename(tmp_path / "index")
    index.write_text("another index")
    (tmp_path / "huddle.db").rename(tmp_path / "moved.db")
    lock.remove_log_of_another()
    assert log.exists()
    assert index.exists()
    (tmp_path / "moved.db").rename(tmp_path / "huddle.db")
    lock.remove_log_of_another()
    assert not log.exists()
    assert not index.exists()
    lock.release()


def test_a_link_that_leads_elsewhere_now_is_another_file(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "huddle.db")
    lock = Lock(str(link))
    link.unlink()
    assert lock.look() == REMOVED
    (tmp_path / "other.db").touch()
    link.symlink_to(tmp_path / "other.db")
    assert lock.look() == REPLACED
    lock.release()


def test_with_a_clock_the_files_are_looked_at_only_so_often(tmp_path: Path) -> None:
    now = 0.0
    lock = Lock(str(tmp_path / "huddle.db"), lambda: now)
    assert lock.is_due
    lock.look()
    assert not lock.is_due
    now = LOOKS_APART
    assert lock.is_due
    lock.release()


def await_tick(path: Path) -> None:
    """Until what happens to a file has another time than what happened last to this one."""
    other = path.with_name("tick")
    while not other.exists() or other.stat().st_ctime_ns == path.stat().st_ctime_ns:
        other.write_bytes(b"")


def rename(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def link(path: Path) -> None:
    os.link(path, path.with_name("linked.db"))


def put_another(path: Path) -> None:
    other = path.with_name("other.db")
    other.touch()
    other.rename(path)


@pytest.mark.parametrize(
    "harm", [Path.unlink, rename, link, put_another, lambda path: path.write_bytes(b"other")]
)
def test_as_soon_as_something_has_happened_to_the_database_it_is_looked_at(
    tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    path = tmp_path / "huddle.db"
    lock = Lock(str(path), lambda: 0.0)
    lock.look()
    assert not lock.is_due
    await_tick(path)
    harm(path)
    lock.glance()
    assert lock.is_due
    lock.release()


@pytest.mark.parametrize("put", NO_FILES)
@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_what_is_no_file_in_the_place_of_one_is_told_at_the_start(
    tmp_path: Path, suffix: str, put: Callable[[Path], None]
) -> None:
    path = tmp_path / "huddle.db"
    Lock(str(path)).release()
    put(tmp_path / f"huddle.db{suffix}")
    told = refused(path)
    assert (told.code, told.detail) == ("not-a-log", f"{path}{suffix}")
