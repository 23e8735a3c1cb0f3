"""Rows: what the record is to keep of the state, in the words of the record (`huddle.record`).

`huddle.cluster.effects.Applied.rows` names what has changed; its messages are among the effects.
Both are committed in one transaction with the position, so that a node which is killed finds its
record where it was in the log.
"""

from __future__ import annotations

from collections.abc import Iterator

from huddle.cluster.effects import Applied, Audited, Message, Row
from huddle.cluster.state import State
from huddle.protocol.events import Kind, Said
from huddle.record import (
    AccountRow,
    AuditEntry,
    Dropped,
    Kept,
    Mark,
    MarkKind,
    RoomRow,
    SessionRow,
)


def kept(state: State, applied: Applied) -> list[Kept]:
    """What the record is to keep of this batch beside its messages."""
    rows = [row for name in applied.rows for row in _row(state, name)]
    acts = [AuditEntry(*each) for each in applied.effects if isinstance(each, Audited)]
    return [*rows, *acts]


def is_said(applied: Applied) -> bool:
    """Whether nothing is in this batch but what was said."""
    return not applied.rows and all([type(each) is Message for each in applied.effects])


def said(applied: Applied) -> list[Said]:
    """The messages of this batch, as they are told and as the record has them."""
    messages = [each for each in applied.effects if type(each) is Message]
    return [
        Said(room, seq, time, session, nick, _KINDS[kind], text, account, to, block, re, edits)
        for room, seq, time, session, nick, kind, text, account, to, block, re, edits, _ in messages
    ]


def ids(applied: Applied) -> list[int]:
    """The ids under which the messages of this batch were said, in the order of `said`."""
    return [each.id for each in applied.effects if type(each) is Message]


_KINDS = {kind.value: kind for kind in Kind}


def _row(state: State, name: Row) -> Iterator[Kept]:
    match name:
        case ("session", int(number)) if number in state.sessions:
            yield session_row(state, number)
        case ("account", int(number)):
            yield account_row(state, number)
        case ("room", str(room)) if room in state.rooms:
            yield room_row(state, room)
        case ("mark", str(room), str(kind), str(who)):
            yield mark_row(state, room, kind, who)


def session_row(state: State, number: int) -> SessionRow:
    """What the record keeps of a session; one that is spare counts as the oldest that has left."""
    each = state.sessions[number]
    return SessionRow(
        number,
        each.nick[0],
        bytes.fromhex(each.key) or None,
        bytes.fromhex(each.word) or None,
        each.word_time,
        each.here,
        0 if each.spare else each.seen,
        dict(each.rooms),
        each.last_id,
        each.account,
        each.version,
        each.ignores,
        bytes.fromhex(each.word_at) or None,
        each.wishes,
    )


def account_row(state: State, number: int) -> AccountRow:
    """What the record keeps of an account."""
    each = state.accounts[number]
    return AccountRow(
        number,
        each.nick[0],
        each.hash or None,
        each.operator,
        each.version,
        each.inbox,
        each.read,
        each.time,
    )


def room_row(state: State, name: str) -> RoomRow:
    """What the record keeps of a room."""
    each = state.rooms[name]
    key = bytes.fromhex(each.key) or None
    return RoomRow(name, each.topic, each.topic_by, key, each.slow / 1000, each.quiet)


def mark_row(state: State, room: str, kind: str, who: str) -> Mark | Dropped:
    """What the record keeps of a restriction, or does no more where there is none."""
    there = state.rooms[room].restrictions.get((kind, who)) if room in state.rooms else None
    if there is None:
        return Dropped(Mark(room, MarkKind(kind), who))
    details = there.nick, there.until or None, there.reason, there.by, there.time
    return Mark(room, MarkKind(kind), who, *details)
