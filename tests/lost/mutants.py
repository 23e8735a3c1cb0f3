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

from huddle.cluster.batches import Batch
from huddle.cluster.effects import Outcome, Passed
from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.state import Life
from huddle.people.sessions import Session, Weight
from huddle.protocol.events import Draft, Said
from huddle.record.sqlite import SqliteRecord, tables
from huddle.record.sqlite.writes import Append


def without_deduplication() -> None:
    """Everything that comes is new, and the record takes an id as often as it is given."""

    def is_new(self: Session, draft: Draft) -> Weight:
        return Weight.NEW

    _put(Session, "weigh", is_new)
    _take_every_id()


def _take_every_id() -> None:
    """The record takes an id as often as it is given."""
    _put(tables, "refuse_used", lambda connection, said: None)


def before_the_commit() -> None:
    """A batch is delivered and acknowledged as soon as it is on its way to the disk."""
    newest: dict[str, int] = {}

    def append_later(
        self: SqliteRecord, drafts: Sequence[Draft], time: int
    ) -> Deferred[Sequence[Said]]:
        self._writer.ask(Append(drafts, time))
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
        for say, given in self._message_entries.of(self._link.state, drafts):
            self._propose([say])
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


WINDOW = 16
"""Positions of the log for which the mutant below knows what has landed."""


def nodes_with_a_window() -> None:
    """Nodes that know what has landed already only for a while: what is appended again later than
    that counts again."""
    from huddle.cluster import apply
    from huddle.cluster.entries import Say
    from huddle.cluster.rules import node_membership, speaking

    admit, landed = node_membership.admit, dict[object, int]()

    def is_forgotten(what: object, position: int) -> bool:
        at = landed.setdefault(what, position)
        return position - at > WINDOW

    def admit_for_a_while(context: BatchContext, batch: Batch) -> Passed | None:
        passed = admit(context, batch)
        again = is_forgotten((batch.life, batch.n), context.position)
        return None if passed is Passed.RETRY and again else passed

    def say_for_a_while(context: BatchContext, entry: Say) -> Outcome:
        session = context.state.sessions.get(entry.session)
        again = is_forgotten((entry.session, entry.id), context.position)
        if session is None or not again or not 0 < entry.id <= session.last_id:
            return speaking.say(context, entry)
        last, session.last_id = session.last_id, entry.id - 1
        outcome = speaking.say(context, entry)
        session.last_id = last
        return outcome

    _put(node_membership, "admit", admit_for_a_while)
    apply.RULES[Say] = say_for_a_while
    _take_every_id()


def nodes_without_fencing() -> None:
    """Nodes for which a life that is over is up again as soon as anything of it comes."""
    from huddle.cluster.rules import node_membership

    admit, end = node_membership.admit, node_membership.end

    def end_for_now(context: BatchContext, life: str, *why: Any) -> None:
        context.state.dead[life] = context.state.lives[life].node
        end(context, life, *why)

    def admit_the_dead(context: BatchContext, batch: Batch) -> Passed | None:
        state = context.state
        if batch.life in state.dead and batch.life not in state.lives:
            del state.dead[batch.life]
            state.lives[batch.life] = Life(batch.node, batch.n - 1, rules=state.rules)
        return admit(context, batch)

    _put(node_membership, "end", end_for_now)
    _put(node_membership, "admit", admit_the_dead)


def _put(owner: Any, name: str, function: Callable[..., Any]) -> None:
    setattr(owner, name, function)


MUTANTS = {
    "without-deduplication": without_deduplication,
    "before-the-commit": before_the_commit,
    "nodes-before-the-log": nodes_before_the_log,
    "nodes-with-a-window": nodes_with_a_window,
    "nodes-without-fencing": nodes_without_fencing,
}


def launcher(name: str) -> list[str]:
    """What stands in the place of ``twistd``."""
    return [sys.executable, "-m", "tests.lost.mutants", name]


if __name__ == "__main__":
    MUTANTS[sys.argv.pop(1)]()
    run()
