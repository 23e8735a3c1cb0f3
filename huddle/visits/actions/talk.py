"""Talking: what is said to a room, to one person, to all; taking it back; not hearing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huddle.delivery.sequencer import Outcome
from huddle.people.accounts import Account
from huddle.people.sessions import Weight
from huddle.protocol.answers import Ack, Answer, Ignoring, Refused
from huddle.protocol.errors import (
    HuddleError,
    NobodyThere,
    NoSuchMessage,
    NoSuchRoom,
    NotReadable,
    NotRecorded,
    TooMany,
)
from huddle.protocol.events import FIRST_ROOM, INBOX, Deleted, Draft, Kind, Said, is_inbox
from huddle.protocol.names import folded_key
from huddle.protocol.permissions import Deed, Role
from huddle.protocol.requests import Announce, Delete, Ignore, Message, Say
from huddle.protocol.text import sayable
from huddle.record import RecordFailure, session_identity
from huddle.rooms import inbox
from huddle.rooms.room import Room
from huddle.visits.actions.caller import Caller

TYPING_MS = 2000
"""Milliseconds for which what a person says may have been typed before they knew that they were
sent away: a line that is on its way, and one that is nearly typed."""


def say(caller: Caller, request: Say) -> None:
    """A text for a room. The hot path: `Visit` calls it for most lines."""
    huddle, session = caller.huddle, caller.session
    if session.sent_from is not None and caller.is_person:
        _check_aim(caller, *session.sent_from)
    text = sayable(request.text, huddle.limits.text)
    account = 0 if session.account is None else session.account.number
    id = request.id or 0
    try:
        room = huddle.room_of(session, request.room).name
    except NoSuchRoom:
        if not session.knows(id):
            raise
        room = huddle.directory.named(request.room or FIRST_ROOM)  # it repeats what it said there
    if is_inbox(room):
        raise NobodyThere(INBOX)
    draft = Draft(room, session.number, session.nick, request.kind, text, id, account)
    huddle.say(session, draft, _settled(caller, request.id, room))


def _check_aim(caller: Caller, room: str, time: int) -> None:
    """What somebody was typing when they were sent out of a room was for that room, and not for
    the one where they are now. Raises `NoSuchRoom`."""
    if caller.huddle.saving.stamp() - time < TYPING_MS:
        raise NoSuchRoom(room)
    caller.session.sent_from = None


def message(caller: Caller, request: Message) -> None:
    """A text for one person. Raises `NobodyThere` and `TooMany`."""
    text = sayable(request.text, caller.huddle.limits.text)
    settled = _settled(caller, request.id, INBOX)
    inbox.send(caller.huddle, caller.session, request, text, settled)


def announce(caller: Caller, request: Announce) -> None:
    """A text for everybody: recorded in the first room, and in each other one with somebody in."""
    huddle, session = caller.huddle, caller.session
    text = sayable(request.text, huddle.limits.text)
    account = 0 if session.account is None else session.account.number

    def draft(room: str, id: int) -> Draft:
        return Draft(room, session.number, session.nick, Kind.ANNOUNCE, text, id, account)

    first = draft(FIRST_ROOM, request.id or 0)
    others = [draft(room.name, 0) for room in huddle.rooms if room.name != FIRST_ROOM]
    if session.weigh(first) is Weight.NEW:
        huddle.saving.save_quietly(caller.audited(None, "announce", ""))
    huddle.say(session, first, _settled(caller, request.id, FIRST_ROOM), others)


def _settled(caller: Caller, id: int | None, room: str) -> Callable[[Outcome], None]:
    """What the session is told of something said: its place, or why it has none."""
    huddle, session = caller.huddle, caller.session

    def settled(outcome: Outcome) -> None:
        if isinstance(outcome, HuddleError):
            huddle.replies.tell(session, Refused(outcome, id))
        elif id:
            huddle.replies.tell(session, Ack(id, room, outcome.seq))

    return settled


# -- taking back -------------------------------------------------------------------------------


async def delete(caller: Caller, request: Delete) -> Answer | None:
    """The text of a message goes; its number stays. One's own, or what one may moderate.

    Raises `NoSuchMessage` and `NotAllowed`, `NotReadable` and `NotRecorded` when it could not be
    done.
    """
    room = caller.room(request.room)
    try:
        said = await _meant(caller, room, request)
    except RecordFailure as failure:
        raise NotReadable from failure
    if said is None or said.kind is Kind.DELETED:
        raise NoSuchMessage
    own = _is_own(caller, room, said)
    if not own:
        caller.check(Deed.DELETE, room)
        caller.check_aim(room, _role_of_author(caller, room, said))
    await _erase(caller, room, said, own)
    return caller.seen(request.id)


async def _erase(caller: Caller, room: Room, said: Said, own: bool) -> None:
    huddle, nick = caller.huddle, caller.session.nick
    try:
        tombstone = await huddle.record.erase(room.name, said.seq)
    except RecordFailure as failure:
        raise NotRecorded from failure
    if tombstone is None:
        raise NoSuchMessage
    room.history.erase(tombstone)
    huddle.directory.forget_past(room.name)
    if not own:
        huddle.saving.save_quietly(caller.audited(room, "delete", said.nick, str(said.seq)))
    deleted = Deleted(room.name, said.seq, nick)
    huddle.sequencer.happen(lambda: [deleted])


async def _meant(caller: Caller, room: Room, request: Delete) -> Said | None:
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


def _is_own(caller: Caller, room: Room, said: Said) -> bool:
    """Whether it is the caller's: said by this session or account, or in their own inbox."""
    session = caller.session
    if room.name == session.inbox or said.session == session.number:
        return True
    return session.account is not None and said.account == session.account.number


def _role_of_author(caller: Caller, room: Room, said: Said) -> Role:
    registry = caller.huddle.registry
    if said.account:
        return caller.huddle.role(registry.accounts.numbered(said.account), room.name)
    return caller.huddle.role(registry.by_number(said.session), room.name)


# -- not hearing -------------------------------------------------------------------------------


def ignore(caller: Caller, request: Ignore) -> Answer:
    """Hear nothing more of somebody, whatever they are called, or hear them again.

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
