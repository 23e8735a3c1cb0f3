"""Which nodes are up, and which batches of theirs count.

A life is one start of one node. Its first batch begins with `Up`, which ends the life of that node
which it names, and counts only if that is the one that is up: the first batch of a start that was
killed may land behind that of the next one. A batch of a life that is not up counts for nothing,
whenever it comes. Batches of a life are numbered: what was applied is known by its number, and a
number that is passed over ends the life, since what its node told its members would no longer be
what the others have.

Who is dead stays so: the first batch of a life may come a second time, long after the life is over.
It was written before that, so it is known by how far its node had read then, if the place is kept
where the node's last life ended; by the first rules each dead life was remembered, for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huddle.cluster.batches import Batch
from huddle.cluster.effects import (
    VOID,
    Cause,
    Done,
    LifeDown,
    LifeUp,
    Outcome,
    Passed,
    Split,
)
from huddle.cluster.entries import Down, Mark, Up
from huddle.cluster.rules import names
from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.rules.reading import arrival_cursors, inbox_cursors
from huddle.cluster.rules.sessions import hold
from huddle.cluster.state import KEPT, UNSURE_MS, Life, Session, State

PLACES_FROM_RULES = 2
"""From these rules on the position is kept at which each node went (`State.gone`), and no dead
life is."""

STEPS_FROM_RULES = 2
STEP_MS = 1000
"""Of batches that were written within so many milliseconds one is remembered in `Life.steps`."""

VOTES = 4
"""Positions for which votes are remembered; a node that is slower than that has none."""


def admit(context: BatchContext, batch: Batch) -> Passed | None:
    """Why the batch is passed over; None where it is the next one of a life that is up, and
    counts."""
    state = context.state
    life = state.lives.get(batch.life)
    if life is None:
        return _begin(context, batch)
    if life.node != batch.node:
        return Passed.NOT_UP
    if batch.n <= life.n:
        return Passed.RETRY
    if batch.n != life.n + 1:
        end(context, batch.life, Cause.GAP)
        return Passed.GAP
    if state.rules >= STEPS_FROM_RULES:
        steps = life.steps
        if not steps or batch.time >= steps[-1][0] + STEP_MS:
            steps.append((batch.time, life.beat))
            while len(steps) > 1 and steps[1][0] <= batch.time - UNSURE_MS:
                del steps[0]
    life.n, life.at, life.beat = batch.n, batch.at, context.time
    if life.coming:
        for number in arrival_cursors.forget_shown(life):
            inbox_cursors.is_shown(context, number)
    return None


def _begin(context: BatchContext, batch: Batch) -> Passed | None:
    first = batch.entries[0]
    if batch.n != 1 or not isinstance(first, Up) or batch.life in context.state.dead:
        return Passed.NOT_UP
    refused = _refused(context.state, batch, first)
    if refused is not None:
        if context.state.rules < PLACES_FROM_RULES:
            context.state.dead[batch.life] = batch.node
        context.effects.append(LifeDown(batch.life, batch.node, refused.value))
        return Passed.REFUSED
    _come_up(context, batch, first)
    return None


def _refused(state: State, batch: Batch, up: Up) -> Cause | None:
    if up.rules < state.rules:
        return Cause.RULES
    if up.after != state.life_of(batch.node):
        return Cause.OVERTAKEN
    _, _, *went = state.gone.get(batch.node, (0, 0))
    return Cause.OVERTAKEN if went and batch.at < went[0] else None


def _come_up(context: BatchContext, batch: Batch, up: Up) -> None:
    state = context.state
    if up.after:
        end(context, up.after, Cause.FENCED, batch.life)
    own = dict(up.shared)
    state.lives[batch.life] = Life(
        batch.node, 1, batch.at, up.kept, context.time, up.rules, context.time, own
    )
    state.gone.pop(batch.node, None)
    _agree(state)
    state.words = state.words or up.words
    context.effects.append(LifeUp(batch.node, batch.life))


def _agree(state: State) -> None:
    """The house goes by the options with which all nodes that are up were started. While theirs
    differ it stays with those that it had, and each of them goes by these: so options are changed
    on one node after the other, and what was killed with some can be started with others."""
    wanted = [life.shared for life in state.lives.values()]
    if wanted[0] != state.shared and all(each == wanted[0] for each in wanted):
        _share(state, wanted[0])


def _share(state: State, shared: Mapping[str, Any]) -> None:
    for name in state.kept.values():
        names.give_up(state.names, name, KEPT)
    state.shared = shared
    state.derive_limits()
    operators = shared.get("operators")
    state.kept = {name[1]: tuple(name) for name in operators} if type(operators) is list else {}
    names.keep_free(state)


def end(context: BatchContext, life: str, cause: Cause, by: str = "") -> None:
    """The life is over: its batches count no more, and the sessions that it held are away."""
    state = context.state
    over = state.lives.pop(life)
    if state.rules >= PLACES_FROM_RULES:
        state.gone[over.node] = over.rules, context.time, context.position
    else:
        state.dead[life] = over.node
        state.gone[over.node] = over.rules, context.time
    context.effects.append(LifeDown(life, over.node, cause.value, by))
    held = [each.number for each in state.sessions.values() if _holds(life, each)]
    for session in map(state.sessions.__getitem__, held):
        arrival_cursors.put_back(over, session)
        hold(context, session)


def forget_the_dead(context: BatchContext) -> None:
    """Begin with `PLACES_FROM_RULES`: nodes that went before are taken to have gone at this
    position, behind which none of their dead lives can begin again."""
    gone = context.state.gone
    gone.update({node: (*each[:2], context.position) for node, each in gone.items()})
    context.state.dead.clear()


def _holds(life: str, session: Session) -> bool:
    return session.life == life and session.here and not session.away


def down(context: BatchContext, entry: Down) -> Outcome:
    """A life is over by its own word; another's, if nothing of it has come since that was said."""
    state, is_own = context.state, entry.life == context.life
    life = state.lives.get(entry.life)
    if not is_own and (life is None or life.n != entry.n):
        return VOID
    end(context, entry.life, Cause.LEFT if is_own else Cause.SILENT)
    if len(state.lives) > 1:  # one that is left alone by a misfortune decides nothing
        _agree(state)
    if state.read_only and state.votes:
        _count(context, max(state.votes))
    return Done()


# -- marks -------------------------------------------------------------------------------------


def mark(context: BatchContext, entry: Mark) -> Outcome:
    """A node tells its chain at a position; where nodes differ, the minority is put down."""
    state = context.state
    if entry.at > context.position:
        return VOID
    life = state.lives[context.life]
    life.kept = max(life.kept, min(entry.kept, entry.at))
    if entry.at == state.agreed[0] and entry.chain != state.agreed[1]:
        end(context, context.life, Cause.OUTVOTED)
        return VOID
    votes = state.votes.setdefault(entry.at, {})
    votes.setdefault(context.life, entry.chain)
    while len(state.votes) > VOTES:
        del state.votes[min(state.votes)]
    _count(context, entry.at)
    return Done()


def _count(context: BatchContext, at: int) -> None:
    """Put down those who were outvoted; where no majority can be had any more, write no more.

    What a majority has had at the newest mark that one has told is what the house stands by: who
    comes later with something else is put down, however few are up by then. Nodes that differ
    without a majority wait for one: a node that is stopped leaves it to the others.
    """
    state = context.state
    votes = {life: chain for life, chain in state.votes.get(at, {}).items() if life in state.lives}
    chains = sorted(votes.values())
    most = max(chains, key=chains.count, default="")
    if 2 * chains.count(most) > len(state.lives):
        if at >= state.agreed[0]:
            state.agreed, state.read_only = (at, most), False
        for life, chain in votes.items():
            if chain != most:
                end(context, life, Cause.OUTVOTED)
    elif len(set(chains)) > 1 and len(votes) == len(state.lives) and not state.read_only:
        state.read_only = True
        context.effects.append(Split(at))
