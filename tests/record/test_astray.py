"""A record whose files are taken away, moved or replaced under it: what is acknowledged is kept."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen, run
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from huddle.record import AuditEntry, RecordFailure, SessionRow
from huddle.record.files import Lock
from huddle.record.files.contents import Contents
from huddle.record.sqlite import maintenance, writer_thread
from tests.no_files import NO_FILES
from tests.patience import PATIENCE, until
from tests.record.awaited_record import AwaitedRecord, draft, sqlite_record, texts
from tests.record.faulty_connections import Faults
from tests.record.written_database import locks_on

Reports = list[tuple[str, str]]


@pytest.fixture
def reports() -> Reports:
    return []


@pytest.fixture
def awaited(
    tmp_path: Path, faults: Faults, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AwaitedRecord]:
    """A record in which one message was said, in a folder of its own."""
    monkeypatch.setattr(writer_thread, "LOOK_SECONDS", 0.01)
    (tmp_path / "house").mkdir()
    awaited = sqlite_record(
        tmp_path / "house",
        connect=faults.connect,
        report=lambda code, detail: reports.append((code, detail)),
    )
    awaited.say("before")
    yield awaited
    awaited.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "house" / "huddle.db"


def refuses(awaited: AwaitedRecord, *texts: str) -> bool:
    with pytest.raises(RecordFailure):
        awaited.say(*texts)
    return True


def found(awaited: AwaitedRecord, reports: Reports) -> str:
    """What is reported next, while nothing is said."""
    count = len(reports)
    while len(reports) == count:
        awaited.pump.turn()
    return reports[-1][0]


def kept(path: Path) -> list[str]:
    """What is in a database as it is, with its log if there is one."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT text FROM messages ORDER BY place").fetchall()
    connection.close()
    return [text for (text,) in rows]


def have_readers_open_anew(awaited: AwaitedRecord, path: Path, reports: Reports) -> None:
    """Whoever reads has let go of the connection that was open from the start."""
    path.with_name("huddle.db-wal").unlink()
    assert found(awaited, reports) == "log-carried-over"


def carry_over(awaited: AwaitedRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in the log comes into the database, as it does when there is time."""
    monkeypatch.setattr(maintenance, "CHECKPOINT_LATEST", 0)
    awaited.say("more")
    assert awaited.search("before") == ["before"]  # which waits for that, too
    monkeypatch.setattr(maintenance, "CHECKPOINT_LATEST", 1 << 30)


def remove(path: Path) -> None:
    path.unlink()


def remove_all(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()


def move(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


def replace(path: Path) -> None:
    other = path.parent.with_name("other")
    other.mkdir()
    awaited = sqlite_record(other)
    awaited.say("other")
    awaited.close()
    (other / "huddle.db").rename(path)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def copy_over(path: Path) -> None:
    other = path.parent.with_name("other")
    other.mkdir()
    awaited = sqlite_record(other)
    awaited.say(*map(str, range(100)))
    awaited.close()
    shutil.copyfile(other / "huddle.db", path)


def empty_log(path: Path) -> None:
    os.truncate(f"{path}-wal", 0)


def write_into_log(path: Path) -> None:
    Path(f"{path}-wal").write_bytes(b"x" * 5000)


def cut_log(path: Path) -> None:
    """In its first page: what is written next comes behind a hole."""
    os.truncate(f"{path}-wal", 3000)


OVERWRITES = [cut_log, empty, copy_over, empty_log, write_into_log]

STRAYS: list[Callable[[Path], None]] = [remove, remove_all, move, move_folder, replace]


@pytest.mark.parametrize("stray", STRAYS)
def test_nothing_is_acknowledged_once_the_record_is_gone(
    awaited: AwaitedRecord, path: Path, reports: Reports, stray: Callable[[Path], None]
) -> None:
    stray(path)
    assert refuses(awaited, "lost")
    assert refuses(awaited, "lost too")
    code = "replaced" if stray is replace else "removed"
    assert reports == [(code, str(path))]


@pytest.mark.parametrize("stray", STRAYS)
def test_that_it_is_gone_is_found_while_nobody_speaks(
    awaited: AwaitedRecord, path: Path, reports: Reports, stray: Callable[[Path], None]
) -> None:
    stray(path)
    assert found(awaited, reports) == ("replaced" if stray is replace else "removed")


@pytest.mark.parametrize("overwrite", OVERWRITES)
@pytest.mark.parametrize("carried_over", [False, True])
def test_nothing_is_acknowledged_once_it_was_written_over_in_its_place(
    awaited: AwaitedRecord,
    path: Path,
    reports: Reports,
    overwrite: Callable[[Path], None],
    carried_over: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if carried_over:
        carry_over(awaited, monkeypatch)
    awaited.say("in the log")
    overwrite(path)
    for _ in range(3):
        assert refuses(awaited, "lost")
    assert reports == [("overwritten", str(path))]
    before = path.read_bytes()
    awaited.close()
    assert path.read_bytes() == before


def test_what_was_in_flight_when_it_was_written_over_is_answered_though_the_disk_failed_too(
    awaited: AwaitedRecord, path: Path, faults: Faults, reports: Reports
) -> None:
    hold = faults.hold("COMMIT", sqlite3.SQLITE_IOERR_FSYNC)
    waiting = awaited.record.append([draft("lost")], 2000)
    hold.reached()
    copy_over(path)
    hold.let_go()
    with pytest.raises(RecordFailure):
        awaited.answer(waiting)
    assert found(awaited, reports) == "overwritten"


def test_nothing_is_carried_over_into_what_was_written_over_while_the_disk_failed(
    awaited: AwaitedRecord, path: Path, faults: Faults, reports: Reports
) -> None:
    faults.fail("COMMIT", sqlite3.SQLITE_IOERR_FSYNC)
    hold = faults.hold("connect rw", sqlite3.SQLITE_IOERR)
    waiting = awaited.record.append([draft("lost")], 2000)
    hold.reached()
    copy_over(path)
    before = path.read_bytes()
    hold.let_go()
    with pytest.raises(RecordFailure):
        awaited.answer(waiting)
    assert refuses(awaited, "lost too")
    assert [code for code, _ in reports] == ["failing", "overwritten"]
    awaited.close()
    assert path.read_bytes() == before


def test_nor_is_it_gone_on_with_where_no_connection_was_open_then(
    awaited: AwaitedRecord,
    path: Path,
    faults: Faults,
    reports: Reports,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer_thread, "LOOK_SECONDS", PATIENCE)
    faults.fail("BEGIN", sqlite3.SQLITE_IOERR)
    assert refuses(awaited, "refused")
    copy_over(path)
    assert refuses(awaited, "lost")
    assert [code for code, _ in reports] == ["failing", "overwritten"]


def test_what_sqlite_carries_over_when_it_fails_to_open_is_its_own_doing(
    awaited: AwaitedRecord,
    path: Path,
    faults: Faults,
    reports: Reports,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It does so with the last connection, which here is the one that failed."""
    have_readers_open_anew(awaited, path, reports)
    monkeypatch.setattr(writer_thread, "LOOK_SECONDS", PATIENCE)
    awaited.say("in the log")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reader:
        reader.execute("SELECT * FROM rooms").fetchall()
        faults.fail("BEGIN", sqlite3.SQLITE_IOERR)
        assert refuses(awaited, "refused")
    faults.fail("PRAGMA fullfsync", sqlite3.SQLITE_IOERR)
    assert refuses(awaited, "refused")
    assert not path.with_name("huddle.db-wal").exists()
    assert awaited.say("after")[0].seq == 3
    assert awaited.read() == ["before", "in the log", "after"]


@pytest.mark.parametrize("names", [["huddle.db-wal"], ["huddle.db-wal", "huddle.db-shm"]])
def test_a_log_that_was_removed_is_not_carried_over_into_what_was_put_over_the_database(
    awaited: AwaitedRecord, path: Path, faults: Faults, reports: Reports, names: list[str]
) -> None:
    """As by who goes back to a backup and has not stopped the server."""
    hold = faults.hold("COMMIT")
    waiting = awaited.record.append([draft("lost")], 2000)
    hold.reached()
    for name in names:
        path.with_name(name).unlink()
    copy_over(path)
    before = path.read_bytes()
    hold.let_go()
    with pytest.raises(RecordFailure):
        awaited.answer(waiting)
    assert refuses(awaited, "lost too")
    assert reports == [("overwritten", str(path))]
    awaited.close()
    assert path.read_bytes() == before


def test_nor_is_its_log_where_it_was_written_over_and_moved_then(
    awaited: AwaitedRecord, path: Path, faults: Faults, reports: Reports
) -> None:
    hold = faults.hold("COMMIT")
    waiting = awaited.record.append([draft("lost")], 2000)
    hold.reached()
    copy_over(path)
    before = path.read_bytes()
    move(path)
    hold.let_go()
    with pytest.raises(RecordFailure):
        awaited.answer(waiting)
    path.with_name("moved.db").rename(path)
    assert refuses(awaited, "lost too")
    assert reports == [("overwritten", str(path))]
    awaited.close()
    assert path.read_bytes() == before


def test_what_was_written_over_is_not_gone_on_with_when_it_was_away_and_is_back(
    awaited: AwaitedRecord, path: Path, reports: Reports
) -> None:
    copy_over(path)
    assert refuses(awaited, "lost")
    move(path)
    assert refuses(awaited, "lost")
    path.with_name("moved.db").rename(path)
    assert refuses(awaited, "lost")
    assert reports == [("overwritten", str(path))]


@pytest.mark.parametrize("overwrite", OVERWRITES)
def test_that_it_was_written_over_is_found_while_nobody_speaks(
    awaited: AwaitedRecord, path: Path, reports: Reports, overwrite: Callable[[Path], None]
) -> None:
    overwrite(path)
    assert found(awaited, reports) == "overwritten"


@pytest.mark.parametrize("overwrite", OVERWRITES)
@pytest.mark.parametrize("step", ["INSERT INTO words", "COMMIT"])
def test_that_it_was_written_over_while_it_was_indexed_is_found(
    awaited: AwaitedRecord,
    path: Path,
    faults: Faults,
    reports: Reports,
    step: str,
    overwrite: Callable[[Path], None],
) -> None:
    awaited.answer(awaited.record.append([draft("more")], 2000))
    hold = faults.hold(step)
    hold.reached()
    overwrite(path)
    hold.let_go()
    assert found(awaited, reports) == "overwritten"


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("looked_before", [False, True])
def test_a_log_that_was_cut_and_has_grown_again_when_it_is_looked_at_is_found_out(
    tmp_path: Path, reports: Reports, share: float, looked_before: bool
) -> None:
    """As in a busy room: between the cut and the look come other messages."""
    now = 0.0
    busy = sqlite_record(
        tmp_path, report=lambda code, detail: reports.append((code, detail)), seconds=lambda: now
    )
    busy.say("looked at")
    busy.say(*"abcdefgh" * 40)
    if looked_before:
        now += 1
    for number in range(40):
        busy.say(str(number))
    log = tmp_path / "huddle.db-wal"
    os.truncate(log, int(os.path.getsize(log) * share))
    with suppress(RecordFailure):
        busy.say("behind the hole")
    now += 1
    with suppress(RecordFailure):
        busy.say("and looked at")
    assert refuses(busy, "refused")
    assert reports == [("overwritten", str(tmp_path / "huddle.db"))]


@pytest.mark.parametrize("how", ["PASSIVE", "FULL", "RESTART", "TRUNCATE"])
def test_another_program_that_would_carry_the_log_over_is_told_that_it_is_busy(
    awaited: AwaitedRecord,
    path: Path,
    reports: Reports,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """Also behind what the record itself has carried over, and with another log."""

    def asks() -> str:
        program = (sys.executable, "-c", CHECKPOINT, str(path), how)
        return run(program, stdout=PIPE, text=True, check=True).stdout.strip()

    assert asks() == BUSY
    carry_over(awaited, monkeypatch)
    assert asks() == BUSY
    have_readers_open_anew(awaited, path, reports)
    assert asks() == BUSY
    awaited.say("after")
    assert asks() == BUSY
    assert awaited.read() == ["before", "more", "after"]
    assert [code for code, _ in reports] == ["log-carried-over"]
    awaited.close()
    assert asks() != BUSY  # who has it alone may


CHECKPOINT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0)
connection.execute("SELECT count(*) FROM rooms").fetchone()
print(*connection.execute(f"PRAGMA wal_checkpoint({sys.argv[2]})").fetchone(), sep="|")
"""

BUSY = "1|-1|-1"


def test_what_was_written_over_is_found_at_once_also_where_a_reader_has_met_it_before(
    tmp_path: Path, faults: Faults, reports: Reports
) -> None:
    now = 0.0
    busy = sqlite_record(
        tmp_path,
        report=lambda code, detail: reports.append((code, detail)),
        seconds=lambda: now,
        connect=faults.connect,
    )
    busy.say("before")
    empty(tmp_path / "huddle.db")
    now += 1
    faults.fail("SELECT", sqlite3.SQLITE_IOERR)
    with pytest.raises(RecordFailure):
        busy.answer(busy.record.find(1, 1))
    assert refuses(busy, "lost")
    assert [code for code, _ in reports] == ["unreadable", "overwritten"]


def test_a_disk_that_does_not_give_what_is_looked_at_is_no_reason_to_stop(
    awaited: AwaitedRecord, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite meets the same; as here, where only the look has failed, it goes on."""

    def fail(*_: object) -> bytes:
        raise OSError(errno.EIO, "bad sector")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", fail)
        assert awaited.say("more")[0].seq == 2
    assert awaited.say("still more")[0].seq == 3
    assert reports == []


def test_a_fault_that_ends_the_writers_thread_is_reported_and_no_more_is_taken(
    awaited: AwaitedRecord, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Contents, "are_ours", lambda _: reports[0])
        assert found(awaited, reports) == "broken"
    assert "IndexError" in reports[0][1]
    assert refuses(awaited, "refused")
    awaited.record.close().addErrback(lambda failure: failure.trap(RecordFailure))


def test_a_record_that_is_only_touched_and_carried_over_again_and_again_is_itself(
    awaited: AwaitedRecord, path: Path, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        os.utime(path)
        awaited.say(str(number))
        carry_over(awaited, monkeypatch)
    assert reports == []


def test_when_the_file_is_back_it_goes_on(
    awaited: AwaitedRecord, path: Path, reports: Reports
) -> None:
    move(path)
    assert refuses(awaited, "refused")
    path.with_name("moved.db").rename(path)
    assert awaited.say("after")[0].seq == 2
    assert [code for code, _ in reports] == ["removed", "recovered"]
    assert awaited.read() == ["before", "after"]
    assert kept(path) == ["before", "after"]


@pytest.mark.parametrize("indexed", [False, True])
def test_that_it_is_back_is_found_while_nobody_speaks(
    awaited: AwaitedRecord, path: Path, reports: Reports, indexed: bool
) -> None:
    """Also where there is nothing to be done beside that looks at the files once more."""
    if indexed:
        assert awaited.search("before") == ["before"]
    move_folder(path)
    assert found(awaited, reports) == "removed"
    path.parent.with_name("moved").rename(path.parent)
    assert found(awaited, reports) == "recovered"
    assert awaited.say("after")[0].seq == 2


def test_what_was_committed_just_when_the_file_went_is_taken_back(
    awaited: AwaitedRecord, path: Path, faults: Faults
) -> None:
    hold = faults.hold("COMMIT")
    waiting = awaited.record.append([draft("a", id=1), draft("b", room="new")], 2000)
    saved = awaited.record.save(AuditEntry(1, "huddle", "kick", "ana"))
    hold.reached()
    move(path)
    hold.let_go()
    both: list[Deferred[Any]] = [waiting, saved]
    for each in both:
        with pytest.raises(RecordFailure):
            awaited.answer(each)
    path.with_name("moved.db").rename(path)
    assert awaited.record.extent("huddle").newest == 1
    assert awaited.answer(awaited.record.find(1, 1)) is None
    said = awaited.append(draft("a", id=1), draft("b", room="new"))
    assert [each.seq for each in said] == [2, 1]
    assert awaited.answer(awaited.record.find(1, 1)) == said[0]
    assert kept(path) == ["before", "a", "b"]
    awaited.answer(awaited.record.save(AuditEntry(2, "huddle", "ban", "ana")))
    assert [entry.act for entry in awaited.answer(awaited.record.audit(10))] == ["ban"]


@pytest.mark.parametrize("merged", [False, True])
def test_what_was_taken_back_does_not_count_as_said_when_the_session_comes_again(
    awaited: AwaitedRecord, path: Path, monkeypatch: pytest.MonkeyPatch, merged: bool
) -> None:
    """Else what the program says again, as it was told to, would be taken for what is gone."""
    awaited.answer(awaited.record.save(SessionRow(1, "ana", key=b"k"), SessionRow(2, "bea")))
    awaited.append(draft("a", id=4), draft("b", id=5, room="other"))
    if merged:
        monkeypatch.setattr(maintenance, "IDS", 1)
        awaited.search("before")
    move(path)
    with pytest.raises(RecordFailure):
        awaited.append(draft("c", id=7, room="other"), draft("d", id=8), draft("e", 3, session=2))
    path.with_name("moved.db").rename(path)
    known = awaited.answer(awaited.record.sessions())
    assert [row.last_id for row in known] == [6, 2]
    awaited.append(draft("c", id=7, room="other"), draft("d", id=8))
    known = awaited.answer(awaited.record.sessions())
    assert [row.last_id for row in known] == [8, 2]


def test_a_file_that_was_moved_is_whole_without_its_log(
    awaited: AwaitedRecord, path: Path, reports: Reports, tmp_path: Path
) -> None:
    move(path)
    assert found(awaited, reports) == "removed"
    shutil.copy(path.with_name("moved.db"), tmp_path / "alone.db")
    assert kept(tmp_path / "alone.db") == ["before"]


def test_so_is_one_that_was_back_in_between(
    awaited: AwaitedRecord, path: Path, reports: Reports, tmp_path: Path
) -> None:
    move(path)
    assert found(awaited, reports) == "removed"
    path.with_name("moved.db").rename(path)
    assert found(awaited, reports) == "recovered"
    awaited.say("between")
    move(path)
    assert found(awaited, reports) == "removed"
    shutil.copy(path.with_name("moved.db"), tmp_path / "alone.db")
    assert kept(tmp_path / "alone.db") == ["before", "between"]


def test_nor_is_what_was_taken_back_in_a_file_that_was_moved(
    awaited: AwaitedRecord, path: Path, faults: Faults, tmp_path: Path
) -> None:
    hold = faults.hold("COMMIT")
    waiting = awaited.record.append([draft("lost")], 2000)
    hold.reached()
    move(path)
    hold.let_go()
    with pytest.raises(RecordFailure):
        awaited.answer(waiting)
    assert refuses(awaited, "nor this")  # by when the log is emptied again
    shutil.copy(path.with_name("moved.db"), tmp_path / "alone.db")
    assert kept(tmp_path / "alone.db") == ["before"]


def test_the_old_log_does_no_harm_to_a_file_that_was_put_in_its_place(
    awaited: AwaitedRecord, path: Path, reports: Reports, tmp_path: Path
) -> None:
    """Also where the server is killed then, and never closes anything."""
    replace(path)
    assert found(awaited, reports) == "replaced"
    killed = tmp_path / "killed"
    shutil.copytree(path.parent, killed)
    again = sqlite_record(killed)
    assert again.read() == ["other"]
    again.close()


def test_the_log_of_what_was_put_in_its_place_is_left_alone(
    awaited: AwaitedRecord, path: Path, tmp_path: Path
) -> None:
    other = sqlite_record(tmp_path)
    other.say("other")
    for name in ("huddle.db", "huddle.db-wal"):
        shutil.copy(tmp_path / name, tmp_path / f"new-{name}")
        (tmp_path / f"new-{name}").rename(path.with_name(name))
    other.close()
    awaited.close()
    assert kept(path) == ["other"]


def test_nothing_is_read_from_a_file_that_was_put_in_its_place(
    awaited: AwaitedRecord, path: Path
) -> None:
    replace(path)
    assert awaited.read() == ["before"]


def test_nor_where_a_connection_has_to_be_opened_anew(
    awaited: AwaitedRecord, path: Path, reports: Reports
) -> None:
    have_readers_open_anew(awaited, path, reports)
    replace(path)
    with pytest.raises(RecordFailure):
        awaited.read()


@pytest.mark.parametrize(
    "names", [["huddle.db-wal"], ["huddle.db-shm"], ["huddle.db-wal", "huddle.db-shm"]]
)
def test_what_was_in_a_log_that_was_removed_is_carried_over(
    awaited: AwaitedRecord, path: Path, reports: Reports, names: list[str], tmp_path: Path
) -> None:
    assert awaited.read() == ["before"]
    assert awaited.search("before") == ["before"]
    for name in names:
        path.with_name(name).unlink()
    assert found(awaited, reports) == "log-carried-over"
    shutil.copy(path, tmp_path / "alone.db")
    assert kept(tmp_path / "alone.db") == ["before"]
    awaited.say("after")
    assert awaited.read() == ["before", "after"]
    assert awaited.search("after") == ["after"]
    assert len(reports) == 1


@pytest.mark.parametrize("names", [["huddle.db-wal"], ["huddle.db-wal", "huddle.db-shm"]])
def test_a_log_that_was_removed_leaves_no_file_open_and_takes_no_lock_along(
    awaited: AwaitedRecord, path: Path, faults: Faults, reports: Reports, names: list[str]
) -> None:
    index = path.with_name("huddle.db-shm")
    both = len(["that it is in use", "that others carry nothing over"])
    until(lambda: len(locks_on(index)) == both)  # the writer has another while it tidies up
    before = locks_on(index)
    for number in range(1, 4):
        hold = faults.hold("COMMIT")
        waiting = awaited.record.append([draft("more")], 2000)
        hold.reached()
        for name in names:
            path.with_name(name).unlink()
        hold.let_go()
        awaited.answer(waiting)
        assert [code for code, _ in reports] == ["log-carried-over"] * number
        assert removed_but_open(path) == []
        reading = [awaited.record.read("huddle", 1, 9) for _ in range(9)]
        assert [len(awaited.answer(each)) for each in reading] == [1 + number] * 9
        until(lambda: locks_on(index) == before, lambda: f"{locks_on(index)}, not {before}")


def removed_but_open(path: Path) -> list[str]:
    """What this process has open of a database, and has no name any more."""
    there = [Path("/proc/self/fd", each) for each in os.listdir("/proc/self/fd")]
    names = [os.readlink(each) for each in there if each.is_symlink()]
    return [each for each in names if each.startswith(str(path)) and each.endswith(" (deleted)")]


@pytest.mark.parametrize("carried_over", [False, True])
def test_who_reads_while_a_removed_log_is_carried_over_waits_and_goes_on_with_the_new_one(
    awaited: AwaitedRecord,
    path: Path,
    faults: Faults,
    reports: Reports,
    monkeypatch: pytest.MonkeyPatch,
    carried_over: bool,
) -> None:
    """With the old one it would find nothing, or have the writer go on with the old index, too:
    other programs neither see its locks nor keep to them."""
    if carried_over:
        carry_over(awaited, monkeypatch)
    else:
        awaited.say("more")
    hold = faults.hold("PRAGMA wal_checkpoint(TRUNCATE)")
    for name in ("huddle.db-wal", "huddle.db-shm"):
        path.with_name(name).unlink()
    hold.reached()
    reading = [awaited.record.read("huddle", 1, 9) for _ in range(4)]
    hold.let_go()
    for each in reading:
        assert texts(awaited.answer(each)) == ["before", "more"]
    awaited.say("after")
    assert [code for code, _ in reports] == ["log-carried-over"]
    assert removed_but_open(path) == []
    assert locks_on(path.with_name("huddle.db-shm")) != []
    assert kept(path) == awaited.read() == ["before", "more", "after"]


@contextmanager
def another_program(path: Path) -> Iterator[None]:
    """It has read once, and keeps the database open."""
    program = (sys.executable, "-c", READS_ONCE, str(path))
    with Popen(program, stdin=PIPE, stdout=PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "has it open\n"
        yield
        other.communicate("enough")


READS_ONCE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
try:
    connection.execute("SELECT count(*) FROM rooms").fetchall()
except sqlite3.Error:
    pass  # of a log that is gone
print("has it open", flush=True)
sys.stdin.read()
"""


def test_who_reads_for_long_while_a_log_is_removed_is_waited_for_once(
    awaited: AwaitedRecord, path: Path, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each message, and whatever else is written, would be refused seconds later."""
    monkeypatch.setattr(writer_thread, "LOOK_SECONDS", PATIENCE)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM rooms").fetchall()
        faults.connections[0].execute("PRAGMA busy_timeout = 10")
        before = len(faults.seen)
        path.with_name("huddle.db-wal").unlink()
        assert refuses(awaited, "refused")
        assert refuses(awaited, "refused, too")
        seen = faults.seen[before:]
        assert awaited.read() == ["before"]
    tries = [at for at, sql in enumerate(seen) if sql.startswith("PRAGMA wal_checkpoint")]
    assert [seen[at - 1] == "PRAGMA busy_timeout = 0" for at in tries] == [False, True]
    assert awaited.say("after")[0].seq == 2
    assert awaited.read() == ["before", "after"]


REMOVED_OF_A_LOG = [["huddle.db-wal"], ["huddle.db-shm"], ["huddle.db-wal", "huddle.db-shm"]]


def kept_when_killed(path: Path, tmp_path: Path) -> list[str]:
    """What another process finds. (A copy that is made here would take SQLite's locks along.)"""
    run(("cp", "-r", str(path.parent), str(tmp_path / "killed")), check=True)
    return kept(tmp_path / "killed" / "huddle.db")


@pytest.mark.parametrize("names", REMOVED_OF_A_LOG)
@pytest.mark.parametrize("opens_it_behind_that", [False, True])
def test_nothing_is_lost_where_another_program_has_the_log_that_was_removed_or_made_one(
    awaited: AwaitedRecord,
    path: Path,
    faults: Faults,
    reports: Reports,
    tmp_path: Path,
    names: list[str],
    opens_it_behind_that: bool,
) -> None:
    with ExitStack() as other:
        if not opens_it_behind_that:
            other.enter_context(another_program(path))
        hold = faults.hold("COMMIT")
        waiting = awaited.record.append([draft("then")], 2000)
        hold.reached()
        for name in names:
            path.with_name(name).unlink()
        if opens_it_behind_that:
            other.enter_context(another_program(path))
        hold.let_go()
        assert [said.seq for said in awaited.answer(waiting)] == [2]
        assert [said.seq for said in awaited.say("after")] == [3]
        assert awaited.read() == ["before", "then", "after"]
        assert kept_when_killed(path, tmp_path) == ["before", "then", "after"]
    assert [code for code, _ in reports] == ["log-carried-over"]


@pytest.mark.parametrize("names", REMOVED_OF_A_LOG)
def test_one_that_was_removed_while_it_was_opened_is_found_out(
    awaited: AwaitedRecord,
    path: Path,
    reports: Reports,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
) -> None:
    def remove_names() -> None:
        for name in names:
            path.with_name(name).unlink()

    def removed_again(lock: Lock, look: Callable[[Lock], None] = Lock.log_is_open) -> None:
        monkeypatch.setattr(Lock, "log_is_open", look)
        remove_names()
        look(lock)

    monkeypatch.setattr(Lock, "log_is_open", removed_again)
    remove_names()
    for _ in range(2):
        assert found(awaited, reports) == "log-carried-over"
    awaited.say("after")
    assert kept_when_killed(path, tmp_path) == ["before", "after"]


@pytest.mark.parametrize("names", REMOVED_OF_A_LOG)
def test_what_was_in_a_log_that_was_removed_is_kept_where_the_disk_fails_before_that_is_found(
    awaited: AwaitedRecord,
    path: Path,
    faults: Faults,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
) -> None:
    monkeypatch.setattr(writer_thread, "LOOK_SECONDS", PATIENCE)
    awaited.say("in the log")
    for name in names:
        path.with_name(name).unlink()
    faults.fail("BEGIN", sqlite3.SQLITE_IOERR)
    assert refuses(awaited, "refused")
    assert awaited.say("after")[0].seq == 3
    assert kept_when_killed(path, tmp_path) == ["before", "in the log", "after"]


def test_an_index_that_was_replaced_is_made_anew_and_others_read_with_it(
    awaited: AwaitedRecord, path: Path, reports: Reports
) -> None:
    index = path.with_name("huddle.db-shm")
    shutil.copy(index, index.with_name("copy"))
    index.with_name("copy").rename(index)
    assert found(awaited, reports) == "log-carried-over"
    awaited.say("after")
    assert kept(path) == ["before", "after"]
    assert awaited.say("again")[0].seq == 3


def test_what_is_no_index_is_left_and_costs_nothing(
    awaited: AwaitedRecord, path: Path, reports: Reports
) -> None:
    path.with_name("huddle.db-shm").unlink()
    path.with_name("huddle.db-shm").mkdir()
    awaited.say("after")
    assert awaited.read() == ["before", "after"]
    assert reports in ([], [("log-carried-over", str(path))])
    path.with_name("huddle.db-shm").rmdir()


def test_what_is_acknowledged_is_not_in_a_log_that_was_removed(
    awaited: AwaitedRecord, path: Path, faults: Faults, tmp_path: Path
) -> None:
    hold = faults.hold("COMMIT")
    waiting = awaited.record.append([draft("a")], 2000)
    hold.reached()
    path.with_name("huddle.db-wal").unlink()
    hold.let_go()
    awaited.answer(waiting)
    shutil.copytree(path.parent, tmp_path / "killed")
    assert kept(tmp_path / "killed" / "huddle.db") == ["before", "a"]
    assert [said.seq for said in awaited.say("b")] == [3]


def test_a_log_that_cannot_be_carried_over_yet_stops_the_speaking(
    awaited: AwaitedRecord, path: Path, faults: Faults, reports: Reports
) -> None:
    faults.fail("PRAGMA wal_checkpoint(TRUNCATE)", sqlite3.SQLITE_IOERR, times=10**4)
    path.with_name("huddle.db-wal").unlink()
    assert refuses(awaited, "refused")
    assert ("log-removed", str(path)) in reports
    faults.forgive()
    assert [said.seq for said in awaited.say("after")] == [2]
    assert awaited.read() == ["before", "after"]


def test_a_second_name_is_told_once_and_costs_nothing(
    awaited: AwaitedRecord, path: Path, reports: Reports
) -> None:
    os.link(path, path.with_name("other.db"))
    assert found(awaited, reports) == "several-names"
    awaited.say("after")
    assert kept(path) == ["before", "after"]
    assert reports == [("several-names", str(path))]


def test_a_record_that_is_gone_is_not_begun_anew_when_the_disk_fails_too(
    awaited: AwaitedRecord, path: Path, faults: Faults
) -> None:
    """The connection is lost, and another one would be to the file that is there now."""
    replace(path)
    faults.fail("BEGIN", sqlite3.SQLITE_IOERR)
    assert refuses(awaited, "refused")
    assert refuses(awaited, "refused")
    assert kept(path) == ["other"]


def test_a_reader_that_is_asked_while_nothing_is_there_fails_and_works_again(
    awaited: AwaitedRecord, path: Path, reports: Reports
) -> None:
    have_readers_open_anew(awaited, path, reports)
    move(path)
    with pytest.raises(RecordFailure):
        awaited.answer(awaited.record.find(1, 1))
    path.with_name("moved.db").rename(path)
    assert awaited.answer(awaited.record.find(1, 1)) is None


@pytest.mark.parametrize("put", NO_FILES)
@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_what_is_no_file_in_the_place_of_one_leaves_no_message_without_an_answer(
    awaited: AwaitedRecord, path: Path, suffix: str, put: Callable[[Path], None]
) -> None:
    place = path.with_name(path.name + suffix)
    place.unlink()
    put(place)
    said = ["before"]
    for text in ("first", "second"):
        with suppress(RecordFailure):
            awaited.say(text)
            said.append(text)
    if place.is_dir():  # what is no folder SQLite has put a log of its own in the place of
        place.rmdir()
    while True:
        with suppress(RecordFailure):
            awaited.say("after")
            break
    assert kept(path) == [*said, "after"]
