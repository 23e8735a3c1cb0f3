"""Talking: what is said to a room, to one person, to all; taking it back; not hearing it."""

from __future__ import annotations

from collections.abc import Sequence

from huddle.delivery.stream import Stream
from huddle.people.sessions import Account, Weight
from huddle.protocol.answers import Answer, Ignoring
from huddle.protocol.errors import (
    NobodyThere,
    NoSuchMessage,
    NoSuchRoom,
    NotReadable,
    NotRecorded,
    TooMany,
)
from huddle.protocol.events import FIRST_ROOM, INBOX, Deleted, Kind, Said
from huddle.protocol.names import folded_key
from huddle.protocol.permissions import Permission, Role
from huddle.protocol.requests import Announce, Delete, Ignore, Message, Say
from huddle.protocol.text import sayable
from huddle.record import session_identity
from huddle.record.trouble import failing_as
from huddle.visits.actions.caller import Caller

TYPING = 2.0
"""Milliseconds for which what a person says may have been typed before they knew that they were
sent away: a line that is on its way, and one that is nearly typed."""


def say(caller: Caller, request: Say) -> None:
    """A text for a room. The hot path: `Visit` calls it for most lines."""
    huddle, session, id = caller.huddle, caller.session, request.id or 0
    if session.sent_from is not None and not session.traits.many_rooms:
        _check_aim(caller, *session.sent_from)
    text = sayable(request.text, huddle.limits.text)
    if request.room == INBOX:
        raise NobodyThere(INBOX)
    try:
        room = huddle.directory.room_of(session, request.room)
    except NoSuchRoom:
        if not session.knows(id):
            raise
        name = huddle.directory.named(request.room or FIRST_ROOM)
        draft = session.draft(name, request.kind, text, id)  # it repeats what it said there
        huddle.speaking.repeat(session, draft, session.weigh(draft))
    else:
        draft = session.draft(room.name, request.kind, text, id)
        huddle.speaking.say(session, draft, room)


def _check_aim(caller: Caller, room: str, time: float) -> None:
    """What a person was typing when they were sent out of a room was for that room, and not for
    the one where they are now. Raises `NoSuchRoom`."""
    if caller.huddle.seconds() - time < TYPING:
        raise NoSuchRoom(room)
    caller.session.sent_from = None


def msg(caller: Caller, request: Message) -> None:
    """A text for one person. Raises `NobodyThere` and `TooMany`."""
    text = sayable(request.text, caller.huddle.limits.text)
    caller.huddle.inboxes.send(caller.session, request, text)


def announce(caller: Caller, request: Announce) -> None:
    """A text for everybody: recorded in the first room, and in each other one that has members."""
    huddle, session = caller.huddle, caller.session
    text = sayable(request.text, huddle.limits.text)
    first = session.draft(FIRST_ROOM, Kind.ANNOUNCE, text, request.id or 0)
    others = [
        session.draft(room.name, Kind.ANNOUNCE, text)
        for room in huddle.rooms
        if room.name != FIRST_ROOM
    ]
    if session.weigh(first) is Weight.NEW:
        huddle.saving.save_quietly(caller.audited(None, "announce", ""))
    huddle.speaking.say(session, first, huddle.room(FIRST_ROOM), others)


# -- taking back -------------------------------------------------------------------------------


async def delete(caller: Caller, request: Delete) -> Answer | None:
    """The text of a message goes; its number stays. One's own, or what one may moderate.

    Raises `NoSuchMessage` and `NotAllowed`, `NotReadable` and `NotRecorded` when it could not be
    done.
    """
    room = caller.stream(request.room)
    with failing_as(NotReadable):
        said = await _meant(caller, room, request)
    if said is None or said.kind is Kind.DELETED:
        raise NoSuchMessage
    own = _is_own(caller, room, said)
    if not own:
        caller.check(Permission.DELETE, room)
        caller.check_aim(room, _role_of_author(caller, room, said))
    await _erase(caller, room, said, own)
    return caller.seen(request.id)


async def _erase(caller: Caller, room: Stream, said: Said, own: bool) -> None:
    huddle, nick = caller.huddle, caller.session.nick
    with failing_as(NotRecorded):
        tombstone = await huddle.record.erase(room.name, said.seq)
    if tombstone is None:
        raise NoSuchMessage
    room.history.erase(tombstone)
    huddle.directory.forget_past(room.name)
    if not own:
        huddle.saving.save_quietly(caller.audited(room, "delete", said.nick, str(said.seq)))
    deleted = Deleted(room.name, said.seq, nick)
    huddle.sequencer.happen(lambda: [deleted])


async def _meant(caller: Caller, room: Stream, request: Delete) -> Said | None:
    """The message of that seq; without one, the last of that nick, or one's own last."""
    if request.seq is not None:
        if request.seq > room.published:
            return None
        found = await caller.huddle.record.read(room.name, request.seq, request.seq)
        return found[0] if found else None

    def fits(said: Said) -> bool:
        if said.kind is Kind.DELETED:
            return False
        if request.nick is None:
            return _is_own(caller, room, said)
        return folded_key(said.nick) == folded_key(request.nick)

    await caller.huddle.sequencer.when_idle()  # one's last line may be on its way
    first = max(room.published - caller.huddle.limits.history, 0) + 1
    lately = await caller.huddle.record.read(room.name, first, room.published)
    return next((said for said in reversed(lately) if fits(said)), None)


def _is_own(caller: Caller, room: Stream, said: Said) -> bool:
    """Whether it is the caller's: said by this session or account, or in their own inbox."""
    session = caller.session
    if room.name == session.inbox or said.session == session.number:
        return True
    return session.account is not None and said.account == session.account.number


def _role_of_author(caller: Caller, room: Stream, said: Said) -> Role:
    registry = caller.huddle.registry
    if said.account:
        return caller.huddle.role(registry.accounts.numbered(said.account), room.name)
    return caller.huddle.role(registry.by_number(said.session), room.name)


# -- not hearing -------------------------------------------------------------------------------


def ignore(caller: Caller, request: Ignore) -> Answer:
    """Hear nothing more of a person, whatever they are called, or hear them again.

    Raises `NobodyThere` and `TooMany`.
    """
    session, limits = caller.session, caller.huddle.limits
    if request.nick is not None:
        ignores = _without(session.ignores, caller, request.nick)
        if request.on:
            ignores = (*ignores, _person(caller, request.nick))
        elif len(ignores) == len(session.ignores):
            raise NobodyThere(request.nick)
        if len(ignores) > limits.ignores:
            raise TooMany("ignores", limits.ignores)
        session.ignores = ignores
        caller.refresh()
        caller.huddle.saving.keep_quietly(session)
    return Ignoring(tuple(nick for _, nick in session.ignores), request.id)


def _person(caller: Caller, nick: str) -> tuple[str, str]:
    meant = caller.huddle.registry.meant(nick)
    if meant is None or meant.identity == caller.session.identity:
        raise NobodyThere(nick)
    return meant.identity, meant.nick


def _without(
    ignores: Sequence[tuple[str, str]], caller: Caller, nick: str
) -> tuple[tuple[str, str], ...]:
    """Those but the one who is, or was, called so."""
    meant = caller.huddle.registry.meant(nick)
    identities = set() if meant is None else {meant.identity}
    if isinstance(meant, Account):  # they may be ignored since before they registered
        identities.update(map(session_identity, meant.sessions))
    key = folded_key(nick)
    return tuple(
        (who, called)
        for who, called in ignores
        if who not in identities and folded_key(called) != key
    )
