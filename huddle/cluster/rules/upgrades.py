"""Upgrades: by which rules the house goes.

What entries come to is numbered: whatever a version of Huddle has them come to otherwise, or knows
beside them (`huddle.cluster.entries.SINCE`), is of higher rules than those before. Each life says
up to which its node knows them. The house goes by the first ones until an `Upgrade` stands in the
log: the lowest life appends it as soon as all nodes know higher ones, so that they begin for all of
them at one place. From then on a node of an older version can take no part.
"""

from __future__ import annotations

from collections.abc import Iterator

from huddle.cluster.effects import Done, Outcome, Refused
from huddle.cluster.entries import Upgrade
from huddle.cluster.rules import node_membership, pace
from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.state import State

KNOWN_RULES = 4
"""The highest rules that this version can apply."""

AWAY_MS = 24 * 3_600_000
"""For so long a node that has gone counts with the rules that it knew: one that is only cut off, or
stands still, is to be let in when it is heard again."""


def known_to_all(state: State, time: int) -> int:
    """The highest rules that all nodes know at that time."""
    away = [rules for rules, since, *_ in state.gone.values() if time - since < AWAY_MS]
    return min([*(life.rules for life in state.lives.values()), *away])


def upgrades(state: State) -> Iterator[Upgrade]:
    """What is to be said where all nodes know newer rules than those that hold."""
    known = known_to_all(state, state.time)
    if known > state.rules:
        yield Upgrade(known)


def upgrade(context: BatchContext, entry: Upgrade) -> Outcome:
    """Other rules hold from the next entry on, which every node has said to know."""
    state = context.state
    if not state.rules < entry.rules <= known_to_all(state, context.time):
        return Refused("bad-field", ("rules",))
    if state.rules < node_membership.PLACES_FROM_RULES <= entry.rules:
        node_membership.forget_the_dead(context)
    if state.rules < pace.FROM_RULES <= entry.rules:
        pace.begin(state)
    state.rules = entry.rules
    return Done(entry.rules)
