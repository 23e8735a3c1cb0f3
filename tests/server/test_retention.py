"""What is old is looked for again and again, and what becomes of it is told in the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from twisted.internet.defer import Deferred, fail, succeed
from twisted.logger import LogEvent
from typing_extensions import override

from huddle.locale import translator
from huddle.record import RecordFailure
from huddle.record.retention import ClockJumped
from huddle.server.retention import FORGETTING, Retention
from tests.server.in_memory_service import (
    ForgettingRecord,
    House,
    Run,
    interval,
    lines,
    logged,
    run,
)

__all__ = ["interval", "logged", "run"]


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


class Counted(ForgettingRecord):
    """What a `ForgettingRecord` is, which notes all that it is asked."""

    of_sessions: tuple[int, int] | None = None
    now = 0

    @override
    def forget(self, keep_ms: int | None, keep_messages: int | None, now: int) -> Deferred[int]:
        self.now = now
        return super().forget(keep_ms, keep_messages, now)

    @override
    def forget_sessions(self, seen_before: int, most: int) -> Deferred[int]:
        self.of_sessions = seen_before, most
        return self.answer()


def test_old_is_what_is_so_now_and_of_sessions_what_is_too_many(
    logged: Sequence[LogEvent],
) -> None:
    record = Counted()
    retention = Retention(record, 1000, None, 7, lambda: 1234, translator("en"))
    Deferred.fromCoroutine(retention.forget())
    Deferred.fromCoroutine(retention.forget_sessions())
    assert (record.now, record.of_sessions, lines(logged)) == (1234, (0, 7), [])
    record.answer = lambda: fail(RecordFailure())
    Deferred.fromCoroutine(retention.forget_sessions())
    assert lines(logged) == ["the record could not delete what is old"]
