"""Snapshots: the state as bytes and back, so that a node need not read the whole log again.

The bytes of one state are the same on every node, whether it has applied the log from the first
entry on or was itself begun from a snapshot: their hash tells whether two nodes are one. A snapshot
is of one version, within which fields are only added.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from hashlib import sha256
from typing import Any, get_args, get_origin, get_type_hints

from huddle.cluster.rules import lookalikes, names, pace, shares
from huddle.cluster.state import (
    Account,
    ArrivalCursors,
    Inbox,
    Life,
    Restricted,
    Room,
    Session,
    State,
)
from huddle.protocol.events import FIRST_ROOM

VERSION = 1

PARTS = tuple(each.name for each in fields(State) if each.init)
"""What of a state is in its snapshot; the rest is made of it."""


class BadSnapshot(ValueError):
    """The bytes are no snapshot, or one of another version."""


def dump(state: State) -> bytes:
    """The bytes of a state, from which `load` makes it again."""
    given = {"v": VERSION, "state": {name: plain(getattr(state, name)) for name in PARTS}}
    return written(given).encode()


def digest(state: State) -> str:
    """The hash of a state, and of who has which name: of two nodes at one position it is the same,
    whether they have applied the whole log or started from a snapshot."""
    return sha256(dump(state) + written(sorted(state.names.items())).encode()).hexdigest()


def load(data: bytes) -> State:
    """The state of a snapshot. Raises `BadSnapshot`."""
    try:
        given = json.loads(data)
        if given["v"] != VERSION:
            raise BadSnapshot(given["v"])
        parts = given["state"].items()
        state = State(**{name: _MAKES[name](each) for name, each in parts if name in _MAKES})
        if FIRST_ROOM not in state.rooms:
            raise BadSnapshot("no house")
        _derive(state)
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError) as wrong:
        raise BadSnapshot(*wrong.args) from wrong
    return state


def plain(value: Any) -> Any:
    """A value as JSON has it: an object of ours as its fields in a list, a mapping as its pairs,
    since its order is part of it and its keys need not be strings."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind in _FIELDS:
        return [plain(getattr(value, name)) for name in _FIELDS[kind]]
    if isinstance(value, Mapping):
        return [[plain(key), plain(each)] for key, each in value.items()]
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value


_PLAIN = frozenset((str, int, float, bool, type(None)))
_FIELDS = {
    cls: tuple(each.name for each in fields(cls))
    for cls in (Account, ArrivalCursors, Inbox, Life, Restricted, Room, Session)
}
written = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


Make = Callable[[Any], Any]


def _make(kind: Any) -> Make:
    """What makes a value of this type again of what `plain` has made of it.

    What a version that knew fewer fields has written lacks the last ones: they are as usual. One
    that knew more has written some behind them, which say nothing by the rules of this one.
    """
    if kind in _FIELDS:
        ways = [_make(each) for each in get_type_hints(kind).values()]
        return lambda given: kind(*(way(each) for way, each in zip(ways, given, strict=False)))
    made_of = get_origin(kind)
    if made_of is tuple:
        return tuple
    if made_of is list:
        make = _make(*get_args(kind))
        return lambda given: [make(each) for each in given]
    if made_of in (dict, Mapping):
        key, value = map(_make, get_args(kind))
        return lambda given: {key(k): value(each) for k, each in given}
    return lambda value: value


_MAKES = {name: _make(kind) for name, kind in get_type_hints(State).items() if name in PARTS}


def _derive(state: State) -> None:
    """Make what is found by something else."""
    state.derive_limits()
    for account in state.accounts.values():
        names.take(state.names, account.nick, -account.number)
        state.by_inbox[account.inbox] = account.number
    for session in state.sessions.values():
        _find(state, session)
    names.keep_free(state)
    for room in state.rooms.values():
        names.take(state.room_names, room.name, room.name[0])
        for key in room.spoke_from:
            pace.note(state, room, key)
        for (kind, who), keys in room.nicks.items():
            lookalikes.list_it(state, room, kind, who, keys)


def _find(state: State, session: Session) -> None:
    state.present += session.here
    if session.here and not session.account:
        names.take(state.names, session.nick, session.number)
    if session.key:
        state.by_key[session.key] = session.number
    if session.word:
        state.by_word[session.word] = session.number
    shares.note(state, session)
