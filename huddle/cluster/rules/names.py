"""Who has a name: the first in the log that asks for it.

Names are compared by their keys alone, which come with them: two are one when they share a key. An
owner has one nick at a time; while it takes another, its own keys are no obstacle.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from huddle.cluster.effects import Refused
from huddle.cluster.state import KEPT, Name, State

Owner = TypeVar("Owner", int, str)


def is_free(owners: Mapping[str, Owner], name: Name, owner: Owner) -> bool:
    """Whether each key of the name is no one's, or the owner's own."""
    return all(owners.get(key, owner) == owner for key in name[1:])


def take(owners: dict[str, Owner], name: Name, owner: Owner) -> None:
    """The name is the owner's. Whether it is free was asked before."""
    for key in name[1:]:
        owners[key] = owner


def give_up(owners: dict[str, Owner], name: Name, owner: Owner, but: Name = ()) -> None:
    """The name is no one's, as far as it was this owner's; the keys of the name ``but`` stay."""
    for key in name[1:]:
        if owners.get(key) == owner and key not in but[1:]:
            del owners[key]


def keep_free(state: State) -> None:
    """Keep free what `State.kept` wants and is no person's. To be called whenever a person has
    taken or given up a name, so that the owners are always those that the rest of a state says
    (`huddle.cluster.snapshot`)."""
    for name in state.kept.values():
        give_up(state.names, name, KEPT)
    for name in state.kept.values():
        if is_free(state.names, name, KEPT):
            take(state.names, name, KEPT)


def refusal(state: State, name: Name, person: int) -> Refused | None:
    """Why the person, no account, cannot be called that; None where it can.

    The nick of an account wants its password; a free nick is suggested where the answer is worded.
    """
    if is_free(state.names, name, person):
        return None
    owner = state.names.get(name[1], person)
    if owner < KEPT and owner != person:
        return Refused("password-needed", (state.accounts[-owner].nick[0],))
    return Refused("nick-taken", (name[0],))


def take_nick(state: State, name: Name, person: int, former: Name = ()) -> None:
    """The nick is the person's, who gives up the former one in the same moment."""
    if former:
        give_up(state.names, former, person, but=name)
    take(state.names, name, person)
    keep_free(state)


def give_up_nick(state: State, name: Name, person: int) -> None:
    """The nick is nobody's, or is kept from now on for the operator who waits for it."""
    give_up(state.names, name, person)
    keep_free(state)
