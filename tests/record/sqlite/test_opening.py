"""Opening a database: what a file must be, and what is said when it is not."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from huddle.record import SessionRow
from huddle.record.errors import RecordUnusable
from huddle.record.sqlite import SqliteRecord, opening, schema
from tests.record.awaited_record import Pump, draft, sqlite_record
from tests.record.faulty_connections import Faults
from tests.record.small_disk import full, read_only, small_disk


def refusal(path: Path) -> RecordUnusable:
    with pytest.raises(RecordUnusable) as error:
        SqliteRecord.open(str(path), "an epoch", Pump(), print)
    assert error.value.path == str(path)
    return error.value


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    awaited = sqlite_record(tmp_path)
    awaited.say("hola")
    names = "huddle.db", "huddle.db-wal", "huddle.db-shm", "huddle.db-lock"
    assert [mode(tmp_path / name) for name in names] == [0o600] * 4
    awaited.close()
    os.umask(old)


def test_a_database_that_was_copied_about_is_made_private_again(tmp_path: Path) -> None:
    sqlite_record(tmp_path).close()
    (tmp_path / "huddle.db").chmod(0o644)
    sqlite_record(tmp_path).close()
    assert mode(tmp_path / "huddle.db") == 0o600


def test_closing_leaves_one_file_beside_the_lock(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.say("hola")
    awaited.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["huddle.db", "huddle.db-lock"]


def test_what_is_known_is_there_again(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.append(draft("a", id=3, session=5), draft("b", room="ops"), time=77)
    here = SessionRow(5, "ana", key=b"k", rooms={"huddle": 1, "ops": None}, seen=9)
    awaited.answer(awaited.record.save(here))
    awaited.answer(awaited.record.save(SessionRow(6, "gone", here=False)))
    awaited.close()
    pump = Pump()
    record = SqliteRecord.open(str(tmp_path / "huddle.db"), "another epoch", pump, print)
    assert record.epoch == "an epoch"
    assert (record.last_session, record.last_time) == (6, 77)
    assert (record.extent("huddle").newest, record.extent("ops").newest) == (1, 1)
    assert record.sessions_here() == [SessionRow(5, "ana", b"k", None, 0, True, 9, here.rooms, 3)]
    pump.answer(record.close())


def test_a_second_server_is_refused_and_told_who_the_first_is(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    refused = refusal(tmp_path / "huddle.db")
    assert (refused.code, refused.detail) == ("locked", str(os.getpid()))
    awaited.close()
    sqlite_record(tmp_path).close()


def test_another_name_for_the_same_database_is_refused_too(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    (tmp_path / "alias.db").symlink_to(tmp_path / "huddle.db")
    assert refusal(tmp_path / "alias.db").code == "locked"
    awaited.close()


def test_a_server_in_another_process_is_refused(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    script = (
        "import sys; from huddle.record.sqlite import SqliteRecord\n"
        "from huddle.record.errors import RecordUnusable\n"
        "try: SqliteRecord.open(sys.argv[1], 'e', print, print)\n"
        "except RecordUnusable as error: print(error.code, error.detail)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "huddle.db")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told == f"locked {os.getpid()}\n"
    awaited.close()


def test_an_opening_that_was_refused_leaves_no_lock(tmp_path: Path) -> None:
    (tmp_path / "huddle.db").write_text("no database at all, but long enough to be one" * 99)
    assert refusal(tmp_path / "huddle.db").code == "not-a-record"
    (tmp_path / "huddle.db").unlink()
    sqlite_record(tmp_path).close()


def test_somebody_elses_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "huddle.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE precious (things)")
    other.close()
    before = path.read_bytes()
    assert refusal(path).code == "not-a-record"
    assert path.read_bytes() == before


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "huddle.db").mkdir()
    assert refusal(tmp_path / "huddle.db").code == "not-a-record"


def test_an_empty_file_becomes_a_record(tmp_path: Path) -> None:
    (tmp_path / "huddle.db").touch()
    sqlite_record(tmp_path).close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere" / "huddle.db").code == "no-folder"
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file" / "huddle.db").code == "no-folder"


@contextmanager
def forbidden(folder: Path) -> Iterator[None]:
    """A folder that one may not use; for root, whom nothing is forbidden, as somebody else."""
    mode, is_root = folder.stat().st_mode, os.geteuid() == 0
    folder.chmod(0)
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(mode)


def test_a_folder_that_one_may_not_use_is_named(tmp_path: Path) -> None:
    with forbidden(tmp_path):
        assert refusal(tmp_path / "huddle.db").code == "no-permission"


def test_where_no_more_files_may_be_open_that_is_told_and_no_lock_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(os, "eventfd", refuse)
        refused = refusal(tmp_path / "huddle.db")
    assert (refused.code, refused.detail) == ("disk", "Too many open files")
    sqlite_record(tmp_path).close()


def test_a_newer_schema_is_refused_with_its_version(tmp_path: Path) -> None:
    sqlite_record(tmp_path).close()
    newer = sqlite3.connect(tmp_path / "huddle.db")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    refused = refusal(tmp_path / "huddle.db")
    assert (refused.code, refused.detail) == ("newer-schema", "99")


def test_an_older_schema_is_brought_forward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.say("old")
    awaited.close()
    steps = ["ALTER TABLE rooms ADD COLUMN topic TEXT", "UPDATE rooms SET topic = name"]
    monkeypatch.setattr(schema, "VERSIONS", (*schema.VERSIONS, steps))
    awaited = sqlite_record(tmp_path)
    assert awaited.read() == ["old"]
    awaited.close()
    database = sqlite3.connect(tmp_path / "huddle.db")
    assert database.execute("SELECT topic FROM rooms").fetchall() == [("huddle",)]
    assert database.execute("PRAGMA user_version").fetchone() == (len(schema.VERSIONS),)
    database.close()


def test_a_step_forward_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_record(tmp_path).close()
    steps = ["ALTER TABLE rooms ADD COLUMN topic TEXT", "nonsense"]
    with monkeypatch.context() as patch:
        patch.setattr(schema, "VERSIONS", (*schema.VERSIONS, steps))
        assert refusal(tmp_path / "huddle.db").code == "sqlite"
    sqlite_record(tmp_path).close()


def test_a_database_with_a_broken_page_is_refused(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.say(*("some text" for _ in range(2000)))
    awaited.close()
    with (tmp_path / "huddle.db").open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xff" * 4096)
    refused = refusal(tmp_path / "huddle.db")
    assert refused.code == "corrupt"
    assert refused.detail


@pytest.mark.parametrize("column", ["rooms", "ignores"])
@pytest.mark.parametrize("text", ["oops", "[" * 100_000])
def test_a_session_that_cannot_be_read_is_refused(tmp_path: Path, column: str, text: str) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.answer(awaited.record.save(SessionRow(5, "ana")))
    awaited.close()
    with closing(sqlite3.connect(tmp_path / "huddle.db")) as database, database:
        database.execute(f"UPDATE sessions SET {column} = ?", (text,))
    refused = refusal(tmp_path / "huddle.db")
    assert refused.code == "corrupt"
    assert refused.detail


def test_a_database_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.say(*("some text" for _ in range(2000)))
    awaited.close()
    os.truncate(tmp_path / "huddle.db", 10 * 4096)
    assert refusal(tmp_path / "huddle.db").code == "corrupt"


def test_a_read_only_disk_is_refused(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        sqlite_record(disk).close()
        with read_only(disk):
            assert refusal(disk / "huddle.db").code == "read-only"
        sqlite_record(disk).close()


def test_a_full_disk_is_refused(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        sqlite_record(disk).close()
        with full(disk):
            assert refusal(disk / "huddle.db").code == "full"
        sqlite_record(disk).close()


def test_a_database_that_somebody_locks_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.02)
    sqlite_record(tmp_path).close()
    other = sqlite3.connect(tmp_path / "huddle.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert refusal(tmp_path / "huddle.db").code == "locked"
    other.close()


def test_a_sqlite_without_full_text_search_is_named(tmp_path: Path) -> None:
    faults = Faults()
    faults.fail("CREATE VIRTUAL TABLE", sqlite3.SQLITE_ERROR)
    with pytest.raises(RecordUnusable) as error:
        sqlite_record(tmp_path, connect=faults.connect)
    assert error.value.code == "sqlite"


def test_a_file_system_that_cannot_share_memory_is_named(tmp_path: Path) -> None:
    faults = Faults()
    faults.answer("PRAGMA journal_mode", "delete")
    with pytest.raises(RecordUnusable) as error:
        sqlite_record(tmp_path, connect=faults.connect)
    assert error.value.code == "no-wal"


def test_a_disk_that_fails_after_the_checks_leaves_no_lock(tmp_path: Path) -> None:
    faults = Faults()
    faults.fail("SELECT epoch", sqlite3.SQLITE_IOERR)
    with pytest.raises(RecordUnusable) as error:
        sqlite_record(tmp_path, connect=faults.connect)
    assert error.value.code == "disk"
    sqlite_record(tmp_path).close()


def test_strange_names_are_only_names(tmp_path: Path) -> None:
    path = tmp_path / "¿a b?mode=memory#%41.db"
    pump = Pump()
    record = SqliteRecord.open(str(path), "an epoch", pump, print)
    pump.answer(record.close())
    assert path.stat().st_size > 0


def test_reading_goes_on_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may change its working folder after it was started."""
    monkeypatch.chdir(tmp_path)
    pump = Pump()
    record = SqliteRecord.open("huddle.db", "an epoch", pump, print)
    pump.answer(record.append([draft("a")], 1))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert len(pump.answer(record.read("huddle", 1, 1))) == 1
    pump.answer(record.close())


@pytest.mark.parametrize(("sync", "level"), [("full", 2), ("normal", 1)])
def test_the_disk_is_waited_for_as_was_asked(tmp_path: Path, sync: str, level: int) -> None:
    faults = Faults()
    awaited = sqlite_record(tmp_path, connect=faults.connect, sync=sync)
    hold = faults.hold("COMMIT")
    appended = awaited.record.append([draft("a")], 1)
    hold.reached()
    connection = faults.connections[0]
    assert connection.execute("PRAGMA synchronous").fetchone() == (level,)
    hold.let_go()
    awaited.answer(appended)
    awaited.close()


@pytest.mark.parametrize(
    ("sync", "closed", "rebooted", "epoch"),
    [
        ("normal", False, True, "another epoch"),
        ("normal", False, False, "an epoch"),
        ("normal", True, True, "an epoch"),
        ("full", False, True, "an epoch"),
    ],
)
def test_a_record_that_may_have_lost_its_end_with_the_machine_gets_a_new_epoch(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sync: str,
    closed: bool,
    rebooted: bool,
    epoch: str,
) -> None:
    awaited = sqlite_record(tmp_path, sync=sync)
    awaited.say("hola")
    if closed:
        awaited.close()
    left = tmp_path / "left"
    left.mkdir()
    for file in tmp_path.glob("huddle.db*"):
        shutil.copy(file, left)
    awaited.close()
    if rebooted:
        (tmp_path / "boot").write_text("another boot\n")
        monkeypatch.setattr(opening, "_BOOT", tmp_path / "boot")
    pump = Pump()
    record = SqliteRecord.open(str(left / "huddle.db"), "another epoch", pump, print)
    assert record.epoch == epoch
    pump.answer(record.close())


def test_a_machine_that_does_not_name_its_starts_has_one_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_BOOT", tmp_path / "none")
    for _ in range(2):
        awaited = sqlite_record(tmp_path, sync="normal")
        assert awaited.record.epoch == "an epoch"
        awaited.close()
