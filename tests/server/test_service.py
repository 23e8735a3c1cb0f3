"""The running server's own duties: its record, what it tells of it, and what is old."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

import pytest
from twisted.logger import LogEvent

from huddle.delivery.slab import Slab
from huddle.doors.health import health_of
from huddle.record.errors import REFUSING, RecordUnusable
from huddle.record.memory import MemoryRecord
from huddle.server.key_file import KEY_BYTES
from huddle.server.operation.call_from_thread import CallFromThread
from huddle.server.operation.memory import MEMORY_BEAT
from huddle.server.start_errors import Refusal
from tests.server.in_memory_service import House, Run, interval, lines, logged, run

__all__ = ["interval", "logged", "run"]


# What nobody reads


def test_the_rendered_pages_that_nobody_reads_do_not_stay(run: Run) -> None:
    house = run(House())
    pages = house.service.factory.huddle.directory.pages
    pages.put("a page", [Slab(0, 1, [b"x" * 1000], [1], [1])])
    house.reactor.advance(MEMORY_BEAT)
    assert len(pages) == 1
    house.reactor.advance(MEMORY_BEAT)
    assert len(pages) == 0


# The record


def test_a_record_that_will_not_do_is_refused_in_the_language_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unusable(*arguments: object, **more: object) -> None:
        raise RecordUnusable("full", "h.db")

    monkeypatch.setattr("huddle.server.service.SqliteRecord.open", unusable)
    house = House("--history", "h.db", language="es")
    with pytest.raises(Refusal, match=r"^huddle: el disco de h\.db está lleno$"):
        house.service.privilegedStartService()


def test_a_nodes_record_is_not_written_by_a_server_alone(tmp_path: Path) -> None:
    """Whoever forgets ``--cluster``: the other nodes would never have what was said there."""
    (tmp_path / "one.db.node").touch()
    (tmp_path / "link.db").symlink_to(tmp_path / "one.db")
    for name in ("one.db", "link.db"):
        house = House("--history", str(tmp_path / name))
        with pytest.raises(Refusal, match=rf"{name} is the record of one of several nodes"):
            house.service.privilegedStartService()
    assert not (tmp_path / "one.db").exists()


def test_news_of_the_record_are_in_the_log_and_the_file_is_the_one_asked_for(
    monkeypatch: pytest.MonkeyPatch, logged: Sequence[LogEvent], tmp_path: Path
) -> None:
    path = str(tmp_path / "h.db")
    house = House("--history", path, "--sync", "normal")

    def opened(
        given: str,
        epoch: str,
        call: object,
        report: object,
        *,
        sync: str,
        seconds: object,
        alone: bool,
    ) -> MemoryRecord:
        assert (given, sync, len(epoch), alone) == (path, "normal", 16, True)
        assert callable(report) and callable(seconds)
        report("failing", "disk I/O error")
        report("recovered", "")
        return house.record

    monkeypatch.setattr("huddle.server.service.SqliteRecord.open", opened)
    house.service.privilegedStartService()
    assert lines(logged) == [
        "nothing can be recorded now, and what is said is refused: disk I/O error",
        "the record can be written again",
    ]
    assert len((tmp_path / "h.db.key").read_bytes()) == KEY_BYTES


def test_the_records_threads_call_by_what_the_reactor_waits_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house, given = House("--history", str(tmp_path / "h.db")), []

    def opened(path: str, epoch: str, call: object, *_: object, **more: object) -> MemoryRecord:
        given.append(call)
        return house.record

    monkeypatch.setattr("huddle.server.service.SqliteRecord.open", opened)
    house.service.privilegedStartService()
    assert [CallFromThread] == [type(each) for each in given]
    assert given == [
        each for each in house.reactor.getReaders() if isinstance(each, CallFromThread)
    ]


def test_where_no_more_files_may_be_open_the_start_ends_with_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*arguments: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "eventfd", full)
    with pytest.raises(Refusal, match=r"^huddle: h\.db cannot be opened: Too many open files$"):
        House("--history", "h.db").service.privilegedStartService()


def test_a_key_that_cannot_be_kept_ends_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "h.db"
    (tmp_path / "h.db.key").mkdir()
    house = House("--history", str(path))
    monkeypatch.setattr("huddle.server.service.SqliteRecord.open", lambda *_, **__: house.record)
    with pytest.raises(Refusal, match=r"^huddle: no key for the return words: .*h\.db\.key: "):
        house.service.privilegedStartService()


# Its health


@pytest.mark.parametrize("code", REFUSING)
def test_what_the_record_tells_is_what_health_is_told_by(
    run: Run, code: str, logged: Sequence[LogEvent]
) -> None:
    house = run(House())
    health = health_of(house.service.factory.connections)
    assert health() == (HTTPStatus.OK, "ok")
    house.service._report("log-large", "9")
    assert health() == (HTTPStatus.OK, "ok")
    house.service._report(code, "h.db")
    assert health() == (HTTPStatus.SERVICE_UNAVAILABLE, "not recording")
    house.service._report("recovered", "")
    assert health() == (HTTPStatus.OK, "ok")
