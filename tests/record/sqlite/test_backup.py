"""Copying a database that is in use."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from huddle.record.errors import RecordUnusable
from huddle.record.sqlite import SqliteRecord
from huddle.record.sqlite.backup import back_up
from tests.record.awaited_record import AwaitedRecord, Pump, sqlite_record
from tests.record.small_disk import full, small_disk


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "huddle.db")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "huddle.db"


def opened(copy: Path) -> AwaitedRecord:
    return sqlite_record(copy.parent)


def test_a_backup_is_a_record_like_any_other(durable: AwaitedRecord, path: str, copy: Path) -> None:
    durable.say("hola", "adiós")
    back_up(path, str(copy), "new")
    restored = opened(copy)
    assert restored.read() == ["hola", "adiós"]
    assert restored.search("adios") == ["adiós"]
    assert restored.say("on")[0].seq == 3
    restored.close()
    assert durable.say("and here too")[0].seq == 3


def test_a_backup_has_an_epoch_of_its_own(durable: AwaitedRecord, path: str, copy: Path) -> None:
    back_up(path, str(copy), "new")
    restored = opened(copy)
    assert restored.record.epoch == "new"
    assert durable.record.epoch == "an epoch"
    restored.close()


def test_a_backup_is_one_file_for_its_owner_alone(
    durable: AwaitedRecord, path: str, copy: Path
) -> None:
    back_up(path, str(copy), "new")
    assert [each.name for each in copy.parent.iterdir()] == ["huddle.db"]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_backup_is_of_one_moment_though_people_go_on_speaking(
    durable: AwaitedRecord, path: str, copy: Path
) -> None:
    for _ in range(30):
        durable.say(*["x" * 4000] * 100)
    steps: list[int] = []

    def speak(done: int, total: int) -> None:
        steps.append(done)
        assert done <= total
        durable.say("meanwhile")

    back_up(path, str(copy), "new", speak)
    assert len(steps) > 2
    restored = opened(copy)
    assert restored.record.extent("huddle").newest == 3000
    assert "meanwhile" not in restored.read(2990)
    restored.close()
    database = sqlite3.connect(copy)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_a_backup_takes_the_place_of_the_one_before(
    durable: AwaitedRecord, path: str, copy: Path
) -> None:
    durable.say("a")
    back_up(path, str(copy), "first")
    durable.say("b")
    back_up(path, str(copy), "second")
    restored = opened(copy)
    assert restored.read() == ["a", "b"]
    restored.close()


def test_a_backup_that_is_broken_off_leaves_the_one_before(
    durable: AwaitedRecord, path: str, copy: Path
) -> None:
    durable.say("a")
    back_up(path, str(copy), "first")
    before = copy.read_bytes()

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(path, str(copy), "second", interrupt)
    assert copy.read_bytes() == before
    assert [each.name for each in copy.parent.iterdir()] == ["huddle.db"]


def refusal(path: str, copy: Path) -> RecordUnusable:
    with pytest.raises(RecordUnusable) as error:
        back_up(path, str(copy), "new")
    return error.value


def test_a_record_in_use_is_not_written_over(durable: AwaitedRecord, path: str, copy: Path) -> None:
    used = opened(copy)
    refused = refusal(path, copy)
    assert (refused.code, refused.path) == ("locked", str(copy))
    assert refusal(path, Path(path)).code == "locked"
    used.close()


def test_a_backup_to_nowhere_says_so(durable: AwaitedRecord, path: str, copy: Path) -> None:
    assert refusal(path, copy.parent / "nowhere" / "huddle.db").code == "no-folder"
    assert refusal(f"{path}.no", copy).code == "no-file"


def test_a_backup_to_a_full_disk_says_so_and_leaves_nothing(
    durable: AwaitedRecord, path: str, tmp_path: Path
) -> None:
    durable.say("x" * 4000)
    with small_disk(tmp_path) as disk, full(disk):
        refused = refusal(path, disk / "copy.db")
        assert (refused.code, refused.path) == ("full", str(disk / "copy.db"))
        assert [each.name for each in disk.iterdir()] == ["ballast"]


def test_a_database_without_a_server_is_backed_up_too(
    tmp_path: Path, path: str, copy: Path
) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.say("a")
    awaited.close()
    back_up(path, str(copy), "new")
    pump = Pump()
    record = SqliteRecord.open(str(copy), "unused", pump, print)
    assert record.extent("huddle").newest == 1
    pump.answer(record.close())
