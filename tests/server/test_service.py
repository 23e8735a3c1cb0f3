"""The running server's own duties: its record, what it tells of it, and what is old."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred, fail, succeed
from twisted.logger import LogEvent

from huddle.delivery.slab import Slab
from huddle.doors.health import health_of
from huddle.record import RecordFailure
from huddle.record.errors import REFUSING, RecordUnusable
from huddle.record.memory import MemoryRecord
from huddle.record.retention import ClockJumped
from huddle.server.key_file import KEY_BYTES
from huddle.server.operation.call_from_thread import CallFromThread
from huddle.server.operation.memory import MEMORY_BEAT
from huddle.server.retention import FORGETTING
from huddle.server.start_errors import Refusal
from tests.server.in_memory_service import House, Run, interval, lines, logged, run

__all__ = ["interval", "logged", "run"]


# What is old


def test_the_rendered_pages_that_nobody_reads_do_not_stay(run: Run) -> None:
    house = run(House())
    pages = house.service.factory.huddle.directory.pages
    pages.put("a page", [Slab(0, 1, [b"x" * 1000], [1], [1])])
    house.reactor.advance(MEMORY_BEAT)
    assert len(pages) == 1
    house.reactor.advance(MEMORY_BEAT)
    assert len(pages) == 0


def test_what_is_old_is_deleted_at_once_and_every_hour(run: Run) -> None:
    house = run(House("--keep", "30d", "--keep-messages", "500"))
    month = 30 * 86_400_000
    assert house.record.asked == [(month, 500)]
    house.reactor.advance(FORGETTING - 1)
    assert len(house.record.asked) == 1
    house.reactor.advance(1)
    assert house.record.asked == [(month, 500)] * 2


@pytest.mark.parametrize(
    ("option", "value", "asked"),
    [("--keep", "1h", (3_600_000, None)), ("--keep-messages", "9", (None, 9))],
)
def test_either_bound_is_enough(
    run: Run, option: str, value: str, asked: tuple[int | None, int | None]
) -> None:
    assert run(House(option, value)).record.asked == [asked]


def test_without_a_bound_nothing_is_ever_deleted(run: Run) -> None:
    house = run(House())
    house.reactor.pump([FORGETTING] * 3)
    assert house.record.asked == []


@pytest.mark.parametrize(
    ("answer", "english", "spanish"),
    [
        (lambda: succeed(1), "1 old message deleted", "1 mensaje antiguo borrado"),
        (lambda: succeed(7), "7 old messages deleted", "7 mensajes antiguos borrados"),
        (
            lambda: fail(ClockJumped(1, 2)),
            "the clock has jumped; nothing is deleted until it can be believed",
            "el reloj ha dado un salto; no se borra nada hasta que sea de fiar",
        ),
        (
            lambda: fail(RecordFailure()),
            "the record could not delete what is old",
            "el registro no ha podido borrar lo antiguo",
        ),
    ],
)
def test_what_became_of_it_is_in_the_log(
    run: Run,
    logged: Sequence[LogEvent],
    answer: Callable[[], Deferred[int]],
    english: str,
    spanish: str,
) -> None:
    for language, line in (("en", english), ("es", spanish)):
        house = House("--keep", "1h", language=language)
        house.record.answer = answer
        run(house)
        assert line in lines(logged)
        house.reactor.advance(FORGETTING)
        assert lines(logged).count(line) == 2


def test_nothing_deleted_is_nothing_to_tell(run: Run, logged: Sequence[LogEvent]) -> None:
    run(House("--keep", "1h"))
    assert not [line for line in lines(logged) if line and "deleted" in line]


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
