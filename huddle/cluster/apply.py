"""Apply: what a batch comes to, the same on every node.

Pure: it is given the state, where the batch stands and the batch, and asks nothing else: no clock,
no chance, no table of the Python that runs. What comes out are an outcome for each entry and the
effects (`huddle.cluster.effects`); the node that wrote the batch answers its members by the former,
every node records and tells the latter.

The **chain** is a hash over all of these from the first entry on. Nodes whose chains are the same
at one position have recorded and told the same; they compare them at every `MARK_EVERY`\\ th batch
(`huddle.cluster.rules.node_membership.mark`).
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from json import JSONEncoder
from typing import Any

from twisted.logger import Logger
from twisted.python.failure import Failure

from huddle.cluster import entries as known
from huddle.cluster.batches import BadBatch, Batch, Invalid, decode
from huddle.cluster.effects import VOID, Applied, Done, Outcome, Passed, Refused
from huddle.cluster.entries import Entry
from huddle.cluster.rules import (
    accounts,
    moderation,
    node_membership,
    retention,
    room_membership,
    sessions,
    speaking,
    upgrades,
)
from huddle.cluster.rules.batch_context import BatchContext, EntryRefused
from huddle.cluster.state import State

MARK_EVERY = 1024
"""Batches from one comparison of the chains to the next: some minutes of a quiet house of three."""

Rule = Callable[[BatchContext, Any], Outcome]


RULES: dict[type[Entry], Rule] = {
    # Anywhere else than in front of a life's first batch (`node_membership.admit`).
    known.Up: lambda context, entry: VOID,
    known.Down: node_membership.down,
    known.Beat: lambda context, entry: Done(),
    known.Mark: node_membership.mark,
    known.Upgrade: upgrades.upgrade,
    known.Begin: sessions.begin,
    known.Attach: sessions.attach,
    known.Lose: sessions.lose,
    known.Leave: sessions.leave,
    known.Expire: sessions.expire,
    known.Rename: sessions.rename,
    known.Own: sessions.own,
    known.Seat: room_membership.seat,
    known.Unseat: room_membership.unseat,
    known.Cut: room_membership.cut,
    known.Set: moderation.change,
    known.Restrict: moderation.restrict,
    known.Say: speaking.say,
    known.Announce: speaking.announce,
    known.Erase: speaking.erase,
    known.Register: accounts.register,
    known.Login: accounts.login,
    known.Password: accounts.password,
    known.Appoint: accounts.appoint,
    known.Retain: retention.retain,
}

_WHILE_SPLIT = (known.Down, known.Beat, known.Mark)
"""What still counts where nodes differ and no majority agrees."""


def apply(state: State, position: int, data: bytes) -> Applied:
    """Apply what stands at a position of the log. The same state, position and bytes give the same.

    Raises `huddle.cluster.batches.TooNew` or `BeginsElsewhere`, and then has changed nothing.
    """
    try:
        batch = decode(data, state.rules)
    except BadBatch:
        state.position = position
        return Applied(position, passed=Passed.UNREADABLE)
    state.position = position
    applied = Applied(position, batch.life, batch.node, batch.n)
    time = max(batch.time, state.time)
    context = BatchContext(state, batch.life, position, time, applied.effects, applied.rows)
    applied.passed = node_membership.admit(context, batch)
    if applied.passed is None:
        state.time = time
        applied.outcomes = _outcomes(context, batch)
    elif not applied.effects:
        return applied
    _chain(state, applied)
    return applied


def _outcomes(context: BatchContext, batch: Batch) -> list[Outcome]:
    outcomes: list[Outcome] = []
    up, state, life = context.state.lives, context.state, context.life
    for entry in batch.entries:
        if isinstance(entry, Invalid):
            outcomes.append(Refused("bad-field", (entry.why,)))
        elif life not in up or (state.read_only and type(entry) not in _WHILE_SPLIT):
            outcomes.append(Refused("not-recorded"))
        else:
            try:
                outcomes.append(RULES[type(entry)](context, entry))
            except EntryRefused as why:
                outcomes.append(why.refused)
            except (MemoryError, RecursionError):
                raise  # on this node, and perhaps on no other
            except Exception as why:
                stumbled(context, entry, why)
                outcomes.append(Refused("not-recorded"))
    return outcomes


def stumbled(context: BatchContext, entry: Entry, why: Exception) -> None:
    """Log that a rule failed at an entry. It fails on every node at the same place: what it had
    changed by then stays changed on all of them, and the entries behind that one are applied."""
    _log.failure("A rule of the cluster stumbled over {entry!r}", Failure(why), entry=entry)


_log = Logger()


def _chain(state: State, applied: Applied) -> None:
    told = [(type(each).__name__, each) for each in (*applied.effects, *applied.outcomes)]
    text = _written((state.chain, applied.position, applied.life, applied.n, told))
    state.chain = sha256(text.encode()).hexdigest()
    state.batches += 1
    if state.batches % MARK_EVERY == 0:
        state.due = applied.position, state.chain


_written = JSONEncoder(separators=(",", ":"), check_circular=False).encode
