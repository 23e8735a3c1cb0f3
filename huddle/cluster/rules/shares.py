"""Shares: what of the whole house one address can have, whichever nodes it goes through.

By rules 2, as on one machine (`huddle.rooms.session_quotas`): `Limits.held_each` sessions of one
address are held, three times as many of one IPv6 /48, and beyond it the oldest of them is over. In
a full house whoever comes has the oldest be over of the place with most. Of those that leave from
one address in a day `Limits.left_each` are forgotten as late as others, and the further ones first.
All are held whose node died, as after a restart on one machine: it was not they who lost their
connections.

What is counted follows from the sessions alone (`note`), so that a node which starts from a
snapshot counts the same. Who was lost first was last seen first; of one moment, the lower number.
It is kept in order, since who comes into a full house must not cost a look at all who are held.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TypeVar

from huddle.cluster.state import Session, State
from huddle.protocol.limits import SITE

FROM_RULES = 2
DAY_MS = 24 * 3_600_000


def note(state: State, session: Session) -> None:
    """Count the session where it is held, or has left; one that is here on a connection is not
    counted."""
    if session.here and session.away:
        for place in _places(session):
            held = state.held_at.setdefault(place, [])
            insort(held, (session.seen, session.number))
            list_again(state.held_groups, place, len(held) - 1, len(held))
    elif not session.here and not session.spare:
        for departure in _departures(session):
            state.left_at[departure] = state.left_at.get(departure, 0) + 1


def forget(state: State, session: Session) -> None:
    """Count the session no more. To be called before anything of it is changed."""
    if session.here and session.away:
        for place in _places(session):
            held = state.held_at[place]
            _take(held, (session.seen, session.number))
            list_again(state.held_groups, place, len(held) + 1, len(held))
            if not held:
                del state.held_at[place]
    elif not session.here and not session.spare:
        for departure in _departures(session):
            state.left_at[departure] -= 1
            if not state.left_at[departure]:
                del state.left_at[departure]


def beyond(state: State, session: Session) -> Session | None:
    """The session whose hold ends, now that this one is held, if an address or site has too
    many."""
    each = state.limits.held_each if state.rules >= FROM_RULES else 0
    if not (each and session.address):
        return None
    if len(state.held_at[session.address]) > each:
        return _oldest(state, session.address)
    wide = session.site or session.address
    return _oldest(state, wide) if len(state.held_at[wide]) > SITE["held_each"] * each else None


def one_of_most(state: State) -> Session | None:
    """The oldest session that is held of the place with most; None where each has one at most."""
    if state.rules < FROM_RULES:
        return None
    return _oldest(state, state.held_groups[-1][1]) if state.held_groups else None


def has_left_too_often(state: State, session: Session) -> bool:
    """Whether so many left from its address on the day on which it has that it is to be spare."""
    each = state.limits.left_each if state.rules >= FROM_RULES else 0
    if not (each and session.address):
        return False
    counts = [state.left_at.get(departure, 0) for departure in _departures(session)]
    return counts[0] >= each or counts[-1] >= SITE["left_each"] * each


def _places(session: Session) -> tuple[str, ...]:
    """Its address, and its /48 where it has one."""
    return (session.address, session.site) if session.site else (session.address,)


def _departures(session: Session) -> list[tuple[str, int]]:
    return [(place, session.seen // DAY_MS) for place in _places(session)]


def _oldest(state: State, place: str) -> Session:
    _, number = state.held_at[place][0]
    return state.sessions[number]


def list_again(groups: list[tuple[int, str]], place: str, before: int, count: int) -> None:
    """Have the ``groups``, which are in order, say that ``count`` are from that place now; until
    now it was ``before``. A place with one is not listed: it gives up nothing for others."""
    if before > 1:
        _take(groups, (before, place))
    if count > 1:
        insort(groups, (count, place))


_Listed = TypeVar("_Listed", tuple[int, int], tuple[int, str])


def _take(listed: list[_Listed], each: _Listed) -> None:
    del listed[bisect_left(listed, each)]
