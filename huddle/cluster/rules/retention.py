"""Retention: what the house lets go of in time, at one place of the log and so on all nodes."""

from __future__ import annotations

from huddle.cluster.effects import Done, Forgotten, Outcome, Refused, Retained
from huddle.cluster.entries import Retain
from huddle.cluster.rules import shares
from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.rules.sessions import forget_word
from huddle.cluster.state import Session


def retain(context: BatchContext, entry: Retain) -> Outcome:
    """Old messages go, and the sessions that left long ago. Which these are is the same for all."""
    state = context.state
    if entry.before > context.time or entry.left_before > context.time:
        return Refused("bad-field", ("before",))
    if entry.before or entry.messages:
        context.effects.append(Retained(entry.before, entry.messages))
    gone = (each for each in state.sessions.values() if not each.here)
    left = sorted((0 if each.spare else each.seen, each.number) for each in gone)
    beyond = len(left) - entry.sessions if entry.sessions else 0
    going = [
        number
        for place, (seen, number) in enumerate(left)
        if place < beyond or seen < entry.left_before
    ]
    for number in going:
        _forget(context, state.sessions.pop(number))
    if going:
        context.effects.append(Forgotten(tuple(going)))
    return Done(len(going))


def _forget(context: BatchContext, session: Session) -> None:
    forget_word(context, session)
    shares.forget(context.state, session)
    context.state.by_key.pop(session.key, None)
    inbox = context.state.inbox_of(session.number)
    if not session.account or context.state.accounts[session.account].inbox != inbox:
        context.state.inboxes.pop(inbox, None)
