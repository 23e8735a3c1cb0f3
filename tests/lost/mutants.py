"""Servers with one thing taken out, to see that its absence is noticed.

    python -m tests.lost.mutants NAME -n --pidfile= huddle …

starts `twistd` with what follows the name, and with the fault of that name in it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.scripts.twistd import run

from huddle.people.sessions import Session, Weight
from huddle.protocol.events import Draft, Said
from huddle.record.sqlite import SqliteRecord, schema


def without_deduplication() -> None:
    """Everything that comes is new, and the record takes an id as often as it is given."""

    def is_new(self: Session, draft: Draft) -> Weight:
        return Weight.NEW

    _put(Session, "weigh", is_new)
    schema.VERSIONS = tuple(
        [each.replace("CREATE UNIQUE INDEX", "CREATE INDEX") for each in statements]
        for statements in schema.VERSIONS
    )


def before_the_commit() -> None:
    """A batch is delivered and acknowledged as soon as it is on its way to the disk."""
    newest: dict[str, int] = {}

    def append_later(
        self: SqliteRecord, drafts: Sequence[Draft], time: int
    ) -> Deferred[Sequence[Said]]:
        self._writer.append(drafts, time)
        said = []
        for draft in drafts:
            seq = newest.get(draft.room, self.extent(draft.room).newest) + 1
            newest[draft.room] = seq
            said.append(
                Said(draft.room, seq, time, draft.session, draft.nick, draft.kind, draft.text)
            )
        return succeed(self._tell(said, drafts))

    _put(SqliteRecord, "append", append_later)


def nodes_before_the_log() -> None:
    """Nodes that acknowledge what is said as soon as it is on its way to the engine."""
    from huddle.cluster.effects import Placed
    from huddle.server.clustered.logged_record import LoggedRecord

    async def append(self: LoggedRecord, drafts: Sequence[Draft], time: int) -> Sequence[Said]:
        outcomes: list[Any] = []
        newest: dict[str, int] = {}
        for say, given in self._sayings.of(self._link.state, drafts):
            self._propose(say)
            room = given[0].room
            stood = self._link.state.rooms.get(room)
            newest[room] = newest.get(room, stood.newest if stood else 0) + 1
            outcomes += [await self._became(given[0], Placed(room, newest[room]), time)] * len(
                given
            )
        if self._told is not None:
            self._told(drafts, outcomes)
        return []

    _put(LoggedRecord, "_append", append)


def _put(owner: type, name: str, function: Callable[..., Any]) -> None:
    setattr(owner, name, function)


MUTANTS = {
    "without-deduplication": without_deduplication,
    "before-the-commit": before_the_commit,
    "nodes-before-the-log": nodes_before_the_log,
}


def launcher(name: str) -> list[str]:
    """What stands in the place of ``twistd``."""
    return [sys.executable, "-m", "tests.lost.mutants", name]


if __name__ == "__main__":
    MUTANTS[sys.argv.pop(1)]()
    run()
