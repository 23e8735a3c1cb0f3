"""Moderation: sending away, keeping out, giving and taking the word; and the list of all that.

The first room stands for the house: who is sent out of it is sent out of the house, and who is
banned from it does not come in by any door. Every act is kept in the record with who did it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from huddle.people.identity import address_shown, address_target, address_within, nick_target
from huddle.people.registry import Owner, sessions_of
from huddle.people.sessions import Account, Session
from huddle.protocol import names
from huddle.protocol.answers import Answer, BanList, BanListing, Done, Removed, Standing, StandingIs
from huddle.protocol.arguments import how_long_and_why
from huddle.protocol.commands import command_named, usage_of
from huddle.protocol.errors import (
    BadUsage,
    Banned,
    HuddleError,
    Kicked,
    NobodyThere,
    Oneself,
    Replaced,
)
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.permissions import TO_BAN_NETWORKS, Role
from huddle.protocol.requests import Ban, Bans, Kick, Mute, SetVoice, Unban, Unmute
from huddle.protocol.text import sayable
from huddle.record import Mark, MarkKind
from huddle.rooms.room import Room
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.restricting import drop_marks, set_marks
from huddle.visits.welcome import go_home


def _reason(caller: Caller, room: Room, text: str) -> str:
    """The reason, which the room is told. Raises `Muted`: a host who may not speak gives none."""
    if text and room.restricted:
        caller.huddle.speaking.check(caller.session, room)
    return text and sayable(text, caller.huddle.limits.topic)


def _term(caller: Caller, room: Room, request: Ban | Mute) -> tuple[int | None, str]:
    """Until when, and why. Raises `BadUsage` for what a person typed and is no duration."""
    read: tuple[float | None, str] | None = request.seconds, request.reason
    if request.typed:
        typed = request.typed.strip()
        read = how_long_and_why(typed) if typed else None
    if read is None:
        command = command_named(request.type)
        assert command is not None
        raise BadUsage(usage_of(command))
    seconds, reason = read
    until = None if seconds is None else caller.huddle.saving.stamp() + round(seconds * 1000)
    return until, _reason(caller, room, reason)


# -- sending away ------------------------------------------------------------------------------


async def kick(caller: Caller, request: Kick) -> Answer | None:
    """Send a member out of the room, by all their devices, behind what was said until now, which
    they are shown. Raises `NobodyThere`, `NotAllowed`, and what a log refuses of each of them."""
    await caller.huddle.sequencer.in_turn()
    room = caller.room(request.room)
    owner = caller.target(request.nick, room)
    reason = _reason(caller, room, request.reason)
    there = [session for session in sessions_of(owner) if _is_there(caller, session, room)]
    if not there:
        raise NobodyThere(request.nick)
    caller.huddle.saving.save_quietly(caller.audited(room, "kick", owner.nick, reason))
    refused: list[HuddleError] = []
    for session in there:
        try:
            await _send_away(caller, session, room, Kicked(caller.session.nick, reason))
        except HuddleError as refusal:
            refused.append(refusal)
    if len(refused) == len(there):
        raise refused[0]
    return caller.seen(request.id)


def _is_there(caller: Caller, session: Session, room: Room) -> bool:
    """Whether the session is in the room, or anywhere in the house if the first one is meant."""
    return session in room or (room.name == FIRST_ROOM and session in caller.huddle.registry)


async def _send_away(caller: Caller, session: Session, room: Room, error: Kicked | Banned) -> None:
    by, reason = caller.session.nick, error.reason
    if room.name == FIRST_ROOM:
        await caller.huddle.presence.expel(session, error, by, reason)
        return
    await caller.huddle.claims.leave_seat(session, room, by, reason)
    session.sent_from = room.label, caller.huddle.seconds()
    told = Removed(room.label, by, reason, isinstance(error, Banned))
    caller.huddle.replies.inform(session, told)
    if not session.traits.many_rooms and not session.seats:
        with suppress(Replaced):  # it is held, and no node holds it: it goes home when it is back
            await go_home(caller.huddle, session)


# -- keeping out -------------------------------------------------------------------------------


async def ban(caller: Caller, request: Ban) -> Answer:
    """Keep a person, or all of a network, out of the room.

    A member who is called so, or has an address there, goes, behind what was said until now; one
    who has just gone does not come back under that nick. Raises `BadNick`, `NotAllowed`, `TooMany`
    and `NotRecorded`.
    """
    await caller.huddle.sequencer.in_turn()
    room = caller.room(request.room)
    until, reason = _term(caller, room, request)
    nick, targets = _targets(caller, room, request.who)
    await set_marks(caller, room, MarkKind.BAN, targets, nick, until, reason)
    room = caller.huddle.directory.find(room.name) or room  # it may have been empty meanwhile
    for session in _struck(caller, room, targets):
        await _send_away(caller, session, room, Banned(room.label, until, reason))
    return Done(id=request.id)


def _targets(caller: Caller, room: Room, who: str) -> tuple[str, list[str]]:
    """The nick that is meant, if one is, and all that is banned with it."""
    network = address_target(who)
    if network is not None:
        caller.check(TO_BAN_NETWORKS, room.name)
        if address_within(caller.session.host, network):
            raise Oneself("who")
        return "", [network]
    owner = caller.huddle.registry.meant(who)
    if owner is None:
        nick = names.nick(who)
        return nick, [nick_target(nick)]
    caller.check_target(owner, room)
    return owner.nick, [owner.identity, nick_target(owner.nick)]


def _struck(caller: Caller, room: Room, targets: Sequence[str]) -> list[Session]:
    """The sessions that a ban sends away. One on a network spares those that it lets in."""
    there = caller.huddle.registry.sessions if room.name == FIRST_ROOM else list(room)
    if not targets[0].startswith("address:"):
        return [session for session in there if session.identity in targets]
    return [
        session
        for session in there
        if address_within(session.host, targets[0])
        and caller.huddle.role(session, room.name) < Role.HOST
    ]


async def unban(caller: Caller, request: Unban) -> Answer:
    """Let them in again, whatever they were banned by. Raises `NobodyThere` and `NotRecorded`."""
    room = caller.room(request.room)
    is_meant = _naming(request.who)
    gone = [mark for mark in _bans(caller, room) if is_meant(mark)]
    if not gone:
        raise NobodyThere(request.who)
    await drop_marks(caller, room, gone, "unban", request.who)
    return Done(id=request.id)


def _naming(who: str) -> Callable[[Mark], bool]:
    """Tells of a ban whether what was typed is its nick, or looks like it, its address, or its row
    in the list."""
    targets, keys = (who, address_target(who)), names.keys(who)
    return lambda mark: mark.who in targets or bool(mark.nick and names.keys(mark.nick) & keys)


def bans(caller: Caller, request: Bans) -> Answer:
    """Who is kept out; a person who is banned by nick and identity once."""
    room = caller.room(request.room)
    rows = tuple(
        BanListing(_shown(mark), mark.nick, mark.until, mark.reason, mark.by)
        for mark in _bans(caller, room)
        if mark.who.startswith(("nick:", "address:"))
    )
    return BanList(room.label, rows, id=request.id)


def _shown(mark: Mark) -> str:
    return mark.nick if mark.who.startswith("nick:") else address_shown(mark.who)


def _bans(caller: Caller, room: Room) -> list[Mark]:
    return list(caller.huddle.directory.restrictions.all_of(room.name, MarkKind.BAN))


# -- the word ----------------------------------------------------------------------------------


async def mute(caller: Caller, request: Mute) -> Answer:
    """Have a member hear and not speak, for some time or for good. Raises as `ban`."""
    room = caller.room(request.room)
    owner = caller.target(request.nick, room)
    until, reason = _term(caller, room, request)
    muted = _muted(caller, owner)
    await set_marks(caller, room, MarkKind.MUTE, muted, owner.nick, until, reason)
    _tell(caller, owner, room, Standing.MUTED, until, reason)
    return Done(id=request.id)


def _muted(caller: Caller, owner: Owner) -> list[str]:
    """All that is muted with a person.

    A guest who leaves and comes in again has the same nick or comes from the same address, and who
    has an account may come in again as a guest. An address counts where no other is at it: a class
    behind one is not muted for one of them.
    """
    muted = [owner.identity]
    if not isinstance(owner, Account):
        muted.append(nick_target(owner.nick))
    for session in sessions_of(owner):
        network = address_target(session.address)
        if network is not None and caller.huddle.registry.is_alone(session):
            muted.append(network)
    return muted


async def unmute(caller: Caller, request: Unmute) -> Answer:
    """Let a member speak again. Raises as `mute`: a host who was muted by an operator cannot undo
    that in their own room."""
    room = caller.room(request.room)
    owner = caller.target(request.nick, room)
    restrictions = caller.huddle.directory.restrictions
    marks = restrictions.mutes_of(room.name, owner.identity, owner.nick)
    await drop_marks(caller, room, marks, "unmute", owner.nick)
    _tell(caller, owner, room, Standing.UNMUTED)
    return Done(id=request.id)


async def voice(caller: Caller, request: SetVoice) -> Answer:
    """Let a person speak in a quiet room, or no more."""
    room = caller.room(request.room)
    owner = caller.meant(request.nick)
    if request.on:
        await set_marks(caller, room, MarkKind.VOICE, [owner.identity], owner.nick)
    else:
        mark = caller.huddle.directory.restrictions.of(room.name, MarkKind.VOICE, owner.identity)
        marks = [] if mark is None else [mark]
        await drop_marks(caller, room, marks, "unvoice", owner.nick)
    _tell(caller, owner, room, Standing.VOICED if request.on else Standing.UNVOICED)
    return Done(id=request.id)


def _tell(
    caller: Caller,
    owner: Owner,
    room: Room,
    standing: Standing,
    until: int | None = None,
    reason: str = "",
) -> None:
    """Tell those of them who are in the room; elsewhere it is nothing to them."""
    for session in sessions_of(owner):
        if room.name not in session.rooms:
            continue
        told = StandingIs(room.label, standing, caller.session.nick, until, reason)
        caller.huddle.replies.inform(session, told)
