"""Apply: what a batch comes to, the same on every node.

Pure: it is given the state, where the batch stands and the batch, and asks nothing else: no clock,
no chance, no table of the Python that runs. What comes out are an outcome for each entry and the
effects (`huddle.cluster.effects`); the node that wrote the batch answers its members by the former,
every node records and tells the latter.

The **chain** is a hash over all of these from the first entry on. Nodes whose chains are the same
at one position have recorded and told the same; they compare them at every `MARK_EVERY`\\ th batch
(`huddle.cluster.rules.lives.mark`).
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
from huddle.cluster.rules import holding, lives, moderation, owning, seating, speaking, upgrades
from huddle.cluster.rules.turn import Turn
from huddle.cluster.state import State

MARK_EVERY = 1024
"""Batches from one comparison of the chains to the next: some minutes of a quiet house of three."""

Rule = Callable[[Turn, Any], Outcome]


def _nothing(turn: Turn, entry: Entry) -> Outcome:
    return Done()


def _too_late(turn: Turn, entry: Entry) -> Outcome:
    """What `Up` comes to anywhere else than in front of a life's first batch (`lives.admit`)."""
    return VOID


RULES: dict[type[Entry], Rule] = {
    known.Up: _too_late,
    known.Down: lives.down,
    known.Beat: _nothing,
    known.Mark: lives.mark,
    known.Upgrade: upgrades.upgrade,
    known.Begin: holding.begin,
    known.Attach: holding.attach,
    known.Lose: holding.lose,
    known.Leave: holding.leave,
    known.Expire: holding.expire,
    known.Rename: holding.rename,
    known.Own: holding.own,
    known.Seat: seating.seat,
    known.Unseat: seating.unseat,
    known.Cut: seating.cut,
    known.Set: moderation.change,
    known.Restrict: moderation.restrict,
    known.Say: speaking.say,
    known.Announce: speaking.announce,
    known.Erase: speaking.erase,
    known.Register: owning.register,
    known.Login: owning.login,
    known.Password: owning.password,
    known.Appoint: owning.appoint,
    known.Retain: owning.retain,
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
    turn = Turn(state, batch.life, position, time, applied.effects, applied.rows)
    applied.passed = lives.admit(turn, batch)
    if applied.passed is None:
        state.time = time
        applied.outcomes = _outcomes(turn, batch)
    elif not applied.effects:
        return applied
    _chain(state, applied)
    return applied


def _outcomes(turn: Turn, batch: Batch) -> list[Outcome]:
    outcomes: list[Outcome] = []
    up, state, life = turn.state.lives, turn.state, turn.life
    for entry in batch.entries:
        if isinstance(entry, Invalid):
            outcomes.append(Refused("bad-field", (entry.why,)))
        elif life not in up or (state.read_only and type(entry) not in _WHILE_SPLIT):
            outcomes.append(Refused("not-recorded"))
        else:
            try:
                outcomes.append(RULES[type(entry)](turn, entry))
            except (MemoryError, RecursionError):
                raise  # on this node, and perhaps on no other
            except Exception as why:
                stumbled(turn, entry, why)
                outcomes.append(Refused("not-recorded"))
    return outcomes


def stumbled(turn: Turn, entry: Entry, why: Exception) -> None:
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
