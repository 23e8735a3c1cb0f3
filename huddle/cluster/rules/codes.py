"""The operators' codes: by one of them one person is put in charge, and then none is good any more.

Each life has a code, which the node made of its number shows (`huddle.server.clustered.shared_code`
makes it). By rules 2 the log says which are good: who comes second there, in the same instant on
another node, is not put in charge, and no start of a node makes one good again that was used up.
"""

from __future__ import annotations

from huddle.cluster.effects import Refused
from huddle.cluster.rules.batch_context import BatchContext, EntryRefused
from huddle.cluster.state import State

FROM_RULES = 2
GOOD_MS = 3_600_000
"""For so long from its life's start on a code is good."""


def is_good(state: State, life: str, time: int) -> bool:
    """Whether somebody can be put in charge by the code of this life."""
    each = state.lives.get(life)
    if each is None or each.spent or time - each.since >= GOOD_MS:
        return False
    return not _is_anyone_in_charge(state)


def _is_anyone_in_charge(state: State) -> bool:
    there = (each.in_charge and each.here for each in state.sessions.values())
    return any(there) or any(each.operator for each in state.accounts.values())


def use(context: BatchContext, life: str) -> None:
    """Use up the code of this life, and with it those of all that are up. Raises `EntryRefused`
    where it is not good, and then uses up nothing."""
    if context.state.rules < FROM_RULES:
        return
    if not is_good(context.state, life, context.time):
        raise EntryRefused(Refused("wrong-code"))
    for each in context.state.lives.values():
        each.spent = True
