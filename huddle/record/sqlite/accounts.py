"""The accounts of a database that no server uses: for the shell, where the first one is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

from huddle.record import AccountRow, Kept, account_identity
from huddle.record.files import Lock
from huddle.record.sqlite import state, tables
from huddle.record.sqlite.opening import Database, open_database, unusable
from huddle.record.sqlite.outcomes import empty_log, transaction


@contextmanager
def register(path: str, epoch: str) -> Iterator[Register]:
    """The register of this database, which is created under ``epoch`` if it is not there.

    No other process uses it meanwhile. Raises `RecordUnusable`, here and in all that is done.
    """
    with ExitStack() as held:
        held.callback(Lock(path).release)
        connection = held.enter_context(closing(open_database(Database(path), epoch)))
        try:
            yield Register(connection)
            with suppress(sqlite3.Error):  # A program may be reading, which does no harm.
                empty_log(connection)
        except sqlite3.Error as error:
            raise unusable(error, path) from error


class Register:
    """All accounts. What is done is on the disk when it returns. Raises `sqlite3.Error`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def is_nodes(self) -> bool:
        """Whether the record is that of one node of several, of which all have the same accounts by
        their log: nothing may be changed in it here."""
        return tables.position(self._connection) > 0

    def accounts(self) -> list[AccountRow]:
        """All of them, in the order of their numbers."""
        return state.read(self._connection, AccountRow, "ORDER BY number")

    def next_number(self) -> int:
        """A number that no account ever had, for a new one."""
        return state.last(self._connection, "account") + 1

    def save(self, *kept: Kept) -> None:
        """Keep all these rows in one transaction, or none of them."""
        with transaction(self._connection):
            self._save(kept)

    def remove(self, account: AccountRow, *kept: Kept) -> None:
        """Drop the account, and with it its private messages, its standing in all rooms, and the
        sessions that were logged in to it; keep these."""
        with transaction(self._connection):
            connection, number = self._connection, account.number
            if (inbox := tables.counters(connection).rooms.get(account.inbox)) is not None:
                tables.delete(connection, inbox, inbox.newest)
                tables.drop(connection, "rooms", [inbox.number])
            who = account_identity(number)
            connection.execute("DELETE FROM marks WHERE who = ?", (who,))
            connection.execute(
                "UPDATE sessions SET account = 0, version = 0, key = NULL, word = NULL, here = 0"
                " WHERE account = ?",
                (number,),
            )
            tables.drop(connection, "accounts", [number])
            # The number is not given again, and the next server scrubs the words of the messages.
            connection.execute(
                "UPDATE record SET erased = 1, last_account = max(last_account, ?)", (number,)
            )
            self._save(kept)

    def _save(self, kept: tuple[Kept, ...]) -> None:
        state.write(self._connection, kept, tables.counters(self._connection).last_act)
