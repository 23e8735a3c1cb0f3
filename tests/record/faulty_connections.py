"""Connections that fail, or stop, when a test says so: a seam where the disk is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from threading import Event
from typing import Any, TypeVar, cast

from typing_extensions import override

from huddle.record.sqlite.opening import connect
from tests.patience import PATIENCE

T = TypeVar("T")

Fault = Callable[[Callable[[], Any]], Any]
"""What happens in place of a statement, which is the argument."""


class Faults:
    """Opens connections, for `SqliteRecord.open`, and meddles with their next statements.

    ``connect rw`` stands for the opening of the writer's, ``connect ro`` of a reader's.
    """

    def __init__(self) -> None:
        self._faults: list[tuple[str, Fault]] = []
        self.seen: list[str] = []
        self.connections: list[sqlite3.Connection] = []

    def connect(self, uri: str) -> sqlite3.Connection:
        faults = self

        class Connection(sqlite3.Connection):
            @override
            def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
                return faults._meddle(sql, lambda: super(Connection, self).execute(sql, parameters))

        connection = self._meddle(f"connect {uri[-2:]}", lambda: connect(uri, Connection))
        self.connections.append(connection)
        return connection

    def _meddle(self, sql: str, run: Callable[[], T]) -> T:
        self.seen.append(sql)
        for fault in self._faults:
            if sql.startswith(fault[0]):
                self._faults.remove(fault)
                return cast(T, fault[1](run))
        return run()

    def fail(self, sql: str, code: int, *, done: bool = False, times: int = 1) -> None:
        """The next statement that begins so fails, without or after having been carried out."""

        def fault(run: Callable[[], object]) -> None:
            if done:
                run()
            raise error(code)

        self._faults += [(sql, fault)] * times

    def answer(self, sql: str, *row: object) -> None:
        """The next statement that begins so gives this row."""
        select = f"SELECT {', '.join('?' * len(row))}"
        self._faults.append((sql, lambda _: sqlite3.connect(":memory:").execute(select, row)))

    def forgive(self) -> None:
        """Whatever was still to fail works again."""
        self._faults.clear()

    def hold(self, sql: str, code: int | None = None) -> Hold:
        """The next statement that begins so waits until it is let go; with a code it fails then."""
        hold = Hold(code)
        self._faults.append((sql, hold.wait))
        return hold


class Hold:
    """A statement that waits."""

    def __init__(self, code: int | None) -> None:
        self._code = code
        self._reached = Event()
        self._let_go = Event()

    def wait(self, run: Callable[[], T]) -> T:
        self._reached.set()
        assert self._let_go.wait(PATIENCE)
        if self._code is not None:
            raise error(self._code)
        return run()

    def reached(self) -> None:
        """Wait until somebody waits there."""
        assert self._reached.wait(PATIENCE)

    def let_go(self) -> None:
        self._let_go.set()


def error(code: int) -> sqlite3.OperationalError:
    """An error as SQLite raises it."""
    error = sqlite3.OperationalError(f"made up: {code}")
    error.sqlite_errorcode = code
    return error
