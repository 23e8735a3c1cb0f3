"""Restricting: setting marks on people and taking them off, and keeping that.

The record keeps a mark, and the act itself for the audit, before it holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from huddle.people.identity import address_shown
from huddle.protocol.errors import NobodyThere, NoSuchRoom, TooMany
from huddle.protocol.permissions import Role
from huddle.record import Dropped, Mark, MarkKind
from huddle.rooms.room import Room
from huddle.visits.actions.caller import Caller


async def set_marks(
    caller: Caller,
    room: Room,
    kind: MarkKind,
    targets: Sequence[str],
    nick: str,
    until: int | None = None,
    reason: str = "",
) -> None:
    """Set marks of a kind on these identities and targets, which are shown as ``nick``, until a
    time (Unix ms; None: for good), once the record keeps them. They are by the caller, and from now
    on. Raises `TooMany`, `NoSuchRoom` and `NotRecorded`."""
    by, time = caller.session.nick, caller.huddle.saving.stamp()
    marks = [Mark(room.name, kind, who, nick, until, reason, by, time) for who in targets]
    in_turn = caller.huddle.directory.restrictions.in_turn  # or each would find room for its own
    refusals, shown = caller.huddle.sequencer.refusals, nick or address_shown(targets[0])
    await refusals.run(in_turn, _set_marks, caller, room, marks, kind.value, shown)


async def _set_marks(
    caller: Caller, room: Room, marks: Sequence[Mark], act: str, target: str
) -> None:
    huddle, audited = caller.huddle, caller.audited(room, act, target, _detail(marks[0]))
    ended = huddle.directory.restrictions.ended(room.name)
    if huddle.directory.restrictions.count_with(room.name, marks) > huddle.limits.marks:
        raise TooMany("marks", huddle.limits.marks)
    is_host = caller.role(room) < Role.OPERATOR
    if is_host:
        _check_shares(caller, room, marks)
    await huddle.saving.save(*map(Dropped, ended), *marks, audited)
    for mark in ended:
        huddle.directory.restrictions.drop(mark)
    if not huddle.directory.is_known(room.name):  # it was given up meanwhile
        huddle.saving.save_quietly(*map(Dropped, marks))
        raise NoSuchRoom(room.label)
    for mark in marks:
        huddle.directory.restrictions.set(mark)
    huddle.directory.rules_changed(room.name)


def _check_shares(caller: Caller, room: Room, marks: Sequence[Mark]) -> None:
    """What hosts set is bounded for the house, and from one address; a few in each room always go.

    Raises `TooMany` and `TooFast`.
    """
    directory, limits = caller.huddle.directory, caller.huddle.limits
    restrictions = directory.restrictions
    if restrictions.count_with(room.name, marks) <= limits.marks_all // limits.rooms:
        return
    ended = len(restrictions.ended(room.name))
    if len(restrictions) - ended + len(marks) > limits.marks_all:
        raise TooMany("marks_all", limits.marks_all)
    directory.pace_marks(caller.address, len(marks), caller.huddle.seconds())


def _detail(mark: Mark) -> str:
    span = "" if mark.until is None else f"{round((mark.until - mark.time) / 1000)} s"
    return f"{span} {mark.reason}".strip()


async def drop_marks(
    caller: Caller, room: Room, marks: Sequence[Mark], act: str, target: str
) -> None:
    """Take these marks off, once the record knows it. Raises `NobodyThere` where another node has
    done so by then, and `NotRecorded`."""
    dropped = [Dropped(mark) for mark in marks]
    try:
        await caller.huddle.saving.save(*dropped, caller.audited(room, act, target))
    except NobodyThere:
        raise NobodyThere(target) from None
    for mark in marks:
        caller.huddle.directory.restrictions.drop(mark)
    caller.huddle.directory.rules_changed(room.name)
