"""Inboxes: private messages, as messages in rooms of their own.

Everybody's inbox is a room that nobody else reads: that of a session, or of an account on all its
devices. A private message is said in two of them at once: in the sender's, under the sender's id
and with the nick it went to, and in the recipient's. Both are recorded together, so it is
acknowledged, resumed and de-duplicated like anything said. It goes to a person, never to a nick:
whoever is called so later has another inbox.

An inbox is opened when the first message comes, so a house of ten thousand who never whisper pays
nothing for it. Whoever is here then begins to read it; whoever comes later finds it by the record.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from huddle.delivery.sequencer import Outcome
from huddle.people.accounts import Account
from huddle.people.registry import Owner
from huddle.people.sessions import Session, Weight
from huddle.protocol import names
from huddle.protocol.answers import KeptFor, Unread
from huddle.protocol.errors import NobodyThere, TooMany
from huddle.protocol.events import Draft, Kind, RoomEvent, Said
from huddle.protocol.requests import Message
from huddle.record import RecordFailure, account_identity, session_identity

if TYPE_CHECKING:
    from huddle.huddle import Huddle, Settled

_log = Logger()


def send(huddle: Huddle, session: Session, request: Message, text: str, settled: Settled) -> None:
    """Have it said to one person. Raises `NobodyThere`, `TooMany`, `IdReused` and `Expired`.

    A repetition needs nobody any more: it is answered with the message that it repeats.
    """
    recipient = _meant(huddle, request.to)
    to = _called(recipient, request.to)
    draft = _draft(session, session.inbox, request, text, request.id or 0, to)
    copies: list[Draft] = []
    if session.weigh(draft) is Weight.NEW:
        if recipient is None:
            raise NobodyThere(request.to)
        if recipient.inbox != session.inbox:
            _check_room(huddle, recipient)
            copies = [_draft(session, recipient.inbox, request, text, 0, "")]
            if not request.id and not _here(recipient):
                settled = _telling_of_keeping(huddle, session, recipient.nick, settled)
    huddle.say(session, draft, settled, copies)


def _meant(huddle: Huddle, nick: str) -> Owner | None:
    """Who of that nick can read it: nobody who goes."""
    owner = huddle.registry.meant(nick)
    return None if isinstance(owner, Session) and owner.leaving else owner


def _called(recipient: Owner | None, typed: str) -> str:
    """The nick it goes to: a former one where the new one is being told just now, or a repetition
    would go to somebody else."""
    if recipient is None or names.keys(recipient.nick).isdisjoint(names.keys(typed)):
        return typed
    return recipient.nick


def _telling_of_keeping(huddle: Huddle, session: Session, nick: str, settled: Settled) -> Settled:
    """A person is told, once it is recorded, that it waits."""

    def told(outcome: Outcome) -> None:
        settled(outcome)
        if isinstance(outcome, Said):
            huddle.replies.tell(session, KeptFor(nick))

    return told


def _draft(session: Session, inbox: str, request: Message, text: str, id: int, to: str) -> Draft:
    account = 0 if session.account is None else session.account.number
    return Draft(inbox, session.number, session.nick, request.kind, text, id, account, to)


def _here(recipient: Owner) -> bool:
    if isinstance(recipient, Session):
        return not recipient.away
    return any(not session.away for session in recipient.sessions.values())


def _check_room(huddle: Huddle, recipient: Owner) -> None:
    """For whoever is away only so much is kept."""
    if _here(recipient):
        return
    read = _read(recipient)
    waiting = huddle.record.extent(recipient.inbox).newest - read
    if waiting >= huddle.limits.pending:
        raise TooMany("pending", huddle.limits.pending)


def _read(owner: Owner) -> int:
    if isinstance(owner, Account):
        return owner.read
    return owner.rooms.get(owner.inbox) or 0


def read(session: Session) -> int:
    """The last seq of its inbox that any device of its person has surely had."""
    if session.account is None:
        return _read(session)
    inbox, devices = session.inbox, session.account.sessions.values()
    had = [device.outlet.confirmed().get(inbox, 0) for device in devices if device.outlet]
    return max([session.account.read, *had])


def publish(huddle: Huddle, inbox: str, events: list[RoomEvent]) -> None:
    """Give these to whoever has the inbox; who is away finds them in the record."""
    owners = huddle.registry.owning(inbox)
    if not owners:
        _tell_of_moving(huddle, inbox, events)
    connected = [session for session in owners if session.outlet is not None]
    room = huddle.directory.find(inbox)
    if room is None:
        if not connected:
            return
        room = huddle.room(inbox)
        room.history.newest = _published(room.history.newest, events)
    for session in connected:
        if session.outlet is not None and not session.outlet.watches(room):
            session.outlet.follow(room)
            session.rooms[inbox] = None
            huddle.saving.keep_quietly(session)
    room.publish(events)


def _tell_of_moving(huddle: Huddle, inbox: str, events: list[RoomEvent]) -> None:
    """It was a guest's, who has logged in while this was on its way: nobody reads it any more."""
    number = inbox[1:]
    guest = huddle.registry.by_number(int(number)) if number.isdecimal() else None
    if guest is None:
        return
    for said in events:
        if isinstance(said, Said) and _waits(said, guest):
            for sender in huddle.registry.sessions_of(_sender(said)):
                huddle.replies.inform(sender, Unread(guest.nick, 1))


def _published(newest: int, events: list[RoomEvent]) -> int:
    """What was given out before these, which the record has already."""
    return next((event.seq - 1 for event in events if isinstance(event, Said)), newest)


def leave(huddle: Huddle, session: Session) -> None:
    """The session has left: its inbox is closed, and who wrote what it did not read is told."""
    room = huddle.directory.find(session.inbox)
    if room is not None and session.outlet is not None:
        session.outlet.unwatch(room)
    if session.account is None or not session.account.sessions:
        huddle.directory.close(session.inbox)
    which = unread(huddle, session)
    if which is not None:
        tell_senders(huddle, session, which, session.nick)


def unread(huddle: Huddle, session: Session) -> tuple[str, int, int] | None:
    """What a guest who did not come back has not read: the inbox, its first and last such seq."""
    if session.account is not None or not session.away:
        return None
    newest = huddle.record.extent(session.inbox).newest
    read = session.rooms.get(session.inbox, 0)
    if read is None or read >= newest:
        return None
    return session.inbox, read + 1, newest


def tell_senders(huddle: Huddle, session: Session, which: tuple[str, int, int], nick: str) -> None:
    """Tell those who wrote these to whoever had that nick that they were not read."""

    telling = Deferred.fromCoroutine(_tell_senders(huddle, session, nick, *which))
    telling.addErrback(lambda failure: failure.trap(RecordFailure))
    telling.addErrback(lambda failure: _log.failure("Nobody was told what was not read", failure))


async def _tell_senders(
    huddle: Huddle, session: Session, nick: str, inbox: str, first: int, last: int
) -> None:
    counts: Counter[str] = Counter()
    block = huddle.limits.block
    for start in range(first, last + 1, block):
        messages = await huddle.record.read(inbox, start, min(start + block - 1, last))
        counts.update(_sender(said) for said in messages if _waits(said, session))
    for identity, count in counts.items():
        for sender in huddle.registry.sessions_of(identity):
            huddle.replies.inform(sender, Unread(nick, count))


def _waits(said: Said, session: Session) -> bool:
    return said.session != session.number and said.kind is not Kind.DELETED


def _sender(said: Said) -> str:
    return account_identity(said.account) if said.account else session_identity(said.session)
