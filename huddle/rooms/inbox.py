"""Inboxes: private messages, as messages in streams of their own.

An inbox is a stream with one reader: a session, or an account on all its devices. A private message
is said in two of them at once: in the sender's, under the sender's id and with the nick it went to,
and in the recipient's. Both are recorded together, so it is acknowledged, resumed and de-duplicated
like anything said. It goes to a person, never to a nick: another who is called so later has another
inbox.

An inbox is opened when the first message comes, so a house of ten thousand who never whisper pays
nothing for it. Its owner, if here, then begins to read it, or finds it by the record on coming.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from huddle.delivery.entries import Outcome
from huddle.delivery.history import History
from huddle.delivery.stream import Stream
from huddle.people.registry import Owner, Registry, sessions_of
from huddle.people.replies import Replies
from huddle.people.saving import Saving
from huddle.people.sessions import Account, Session, Weight
from huddle.protocol import names
from huddle.protocol.answers import KeptFor, Unread
from huddle.protocol.errors import NobodyThere, NotRecorded
from huddle.protocol.events import Block, Draft, Kind, RoomEvent, Said
from huddle.protocol.limits import Limits
from huddle.protocol.requests import Message
from huddle.protocol.timing import Scheduler
from huddle.record import Record, RecordFailure, account_identity, session_identity
from huddle.rooms.pending import Pending
from huddle.rooms.speaking import Speaking


@dataclass(frozen=True, slots=True)
class Linked:
    """What a message answers (``re``) and puts right (``edits``): the seq in its author's inbox,
    and the one in the recipient's; 0: nothing, or what is not there any more."""

    re: tuple[int, int] = (0, 0)
    edits: tuple[int, int] = (0, 0)


NOTHING_LINKED = Linked()


@dataclass(eq=False, repr=False)
class Inboxes:
    """All inboxes: what is said to one person alone, and which sessions read it.

    ``history`` makes the history of the inbox of that name. ``place``, set when the server is put
    together, sets how far a session had read that is away, where that is not known: its node has
    crashed, one of several.
    """

    _log = Logger()

    _record: Record
    _registry: Registry
    _speaking: Speaking
    _saving: Saving
    _replies: Replies
    _history: Callable[[str], History]
    _later: Scheduler
    _limits: Limits

    def __post_init__(self) -> None:
        self.pending = Pending(self._limits)
        self.place: Callable[[Session], Awaitable[None]] = _is_placed
        self._open: dict[str, Stream] = {}

    def find(self, name: str) -> Stream | None:
        """The inbox of that name, if it is open; one that is not gets no messages just now."""
        return self._open.get(name)

    def open(self, name: str) -> Stream:
        """The inbox of that name, which is open from now on."""
        stream = self._open.get(name)
        if stream is None:
            history = self._history(name)
            stream = self._open[name] = Stream(name, history, self._later, self._limits)
        return stream

    # -- saying --------------------------------------------------------------------------------

    def send(
        self,
        session: Session,
        request: Message,
        text: str,
        block: Block | None = None,
        linked: Linked = NOTHING_LINKED,
    ) -> None:
        """Have it said to one person, as a line of a block if there is one.

        Raises `NobodyThere`, `TooMany` and as `Speaking.say` does.
        A repetition needs no recipient: it is answered with the message that it repeats.
        """
        recipient = self._registry.meant(request.to)
        if isinstance(recipient, Session) and recipient.leaving:
            recipient = None
        to, own = _called(recipient, request.to), session.inbox
        grouped = block is not None
        (re, their_re), (edits, their_edits) = linked.re, linked.edits
        draft = session.draft(
            own, request.kind, text, request.id or 0, to, re, edits, block, in_block=grouped
        )
        if draft.id and (weight := session.weigh(draft)) is not Weight.NEW:
            self._speaking.repeat(session, draft, weight)
            return
        if recipient is None:
            raise NobodyThere(request.to)
        inbox, told = recipient.inbox, None
        copies: tuple[Draft, ...] = ()
        if inbox != own:
            their = session.draft(
                inbox, request.kind, text, 0, "", their_re, their_edits, block, in_block=grouped
            )
            copies = (their,)
            if not _here(recipient):
                self._take_share(session, recipient)
                told = None if request.id else self._told_of_keeping(session, recipient.nick)
        self._speaking.say(session, draft, None, copies, told, is_new=True)

    def _take_share(self, sender: Session, recipient: Owner) -> None:
        """Count one more that waits. How far one had read whose node has crashed, be it with one of
        their devices, is not known here; then the log alone counts it."""
        inbox = recipient.inbox
        if None not in [device.rooms.get(inbox, 0) for device in sessions_of(recipient)]:
            newest = self._record.extent(inbox).newest
            self.pending.take(sender, inbox, _read(recipient), newest)

    def _told_of_keeping(self, session: Session, nick: str) -> Callable[[Outcome], None]:
        """Have the author told, once the message is recorded, that it waits for one who is away."""

        def told(outcome: Outcome) -> None:
            if isinstance(outcome, Said):
                self._replies.tell(session, KeptFor(nick))

        return told

    # -- reading -------------------------------------------------------------------------------

    def publish(self, inbox: str, events: list[RoomEvent]) -> None:
        """Give these messages to the sessions that read the inbox; one that is away finds them in
        the record."""
        owners = self._registry.owning(inbox)
        if not owners:
            self._tell_of_moving(inbox, events)
        stream = self._open.get(inbox)
        for session in owners:
            outlet, told = session.outlet, session.attendance
            if outlet is None or told is None or not told.shown_in:
                continue  # who just comes in finds it recorded, too
            if stream is None:
                stream = self.open(inbox)
                stream.history.newest = _published(stream.history.newest, events)
            if not outlet.subscribes_to(stream):
                outlet.follow(stream)
                session.rooms[inbox] = None
                self._saving.keep_quietly(session)
        if stream is not None:
            stream.publish(events)

    def _tell_of_moving(self, inbox: str, events: list[RoomEvent]) -> None:
        """It was a guest's, who has logged in while this was on its way: it has no reader now."""
        number = inbox[1:]
        guest = self._registry.by_number(int(number)) if number.isdecimal() else None
        if guest is None:
            return
        for said in events:
            if isinstance(said, Said) and _waits(said, guest):
                self._inform(_sender(said), Unread(guest.nick, 1))

    def _inform(self, identity: str, unread: Unread) -> None:
        for sender in self._registry.sessions_of(identity):
            self._replies.inform(sender, unread)

    # -- leaving -------------------------------------------------------------------------------

    def close(self, session: Session) -> None:
        """The session has no part in its inbox any more, which is closed with its last reader."""
        stream = self._open.get(session.inbox)
        if stream is not None and session.outlet is not None:
            session.outlet.unsubscribe(stream)
        if stream is not None and (session.account is None or not session.account.sessions):
            del self._open[session.inbox]
            stream.history.forget(len(stream.history))

    def leave(self, session: Session) -> None:
        """The session has left: its inbox is closed, and who wrote what it did not read is told."""
        self.close(session)
        _quietly(self._tell_of_unread(session), self._log)

    async def _tell_of_unread(self, session: Session) -> None:
        if session.account is None and session.away:
            await self.place(session)
        unread = self.unread(session)
        if unread is not None:
            await self._tell_senders(session, session.nick, *unread)

    def unread(self, session: Session) -> tuple[str, int, int] | None:
        """What a guest who did not come back has not read: the inbox, its first and last such
        seq."""
        if session.account is not None or not session.away:
            return None
        newest = self._record.extent(session.inbox).newest
        read = session.rooms.get(session.inbox, 0)
        if read is None or read >= newest:
            return None
        return session.inbox, read + 1, newest

    def tell_senders(self, session: Session, unread: tuple[str, int, int], nick: str) -> None:
        """Tell those who wrote these, to the session when it had that nick, that they were not
        read."""
        _quietly(self._tell_senders(session, nick, *unread), self._log)

    async def _tell_senders(
        self, session: Session, nick: str, inbox: str, first: int, last: int
    ) -> None:
        counts: Counter[str] = Counter()
        block = self._limits.block
        for start in range(first, last + 1, block):
            messages = await self._record.read(inbox, start, min(start + block - 1, last))
            counts.update(_sender(said) for said in messages if _waits(said, session))
        for identity, count in counts.items():
            self._inform(identity, Unread(nick, count))


async def _is_placed(session: Session) -> None:
    """As it is on one server, which has placed everybody when it starts."""


def _quietly(telling: Coroutine[Deferred[Any], Any, None], log: Logger) -> None:
    told = Deferred.fromCoroutine(telling)
    told.addErrback(lambda failure: failure.trap(RecordFailure, NotRecorded))
    told.addErrback(lambda failure: log.failure("Senders were not told", failure))


def read(session: Session) -> int:
    """The last seq of its inbox that any device of its person has surely had."""
    if session.account is None:
        return _read(session)
    inbox, devices = session.inbox, session.account.sessions.values()
    had = [device.outlet.confirmed().get(inbox, 0) for device in devices if device.outlet]
    return max([session.account.row.read, *had])


def _read(owner: Owner) -> int:
    if isinstance(owner, Account):
        return owner.row.read
    return owner.rooms.get(owner.inbox) or 0


def _here(recipient: Owner) -> bool:
    if isinstance(recipient, Session):
        return not recipient.away
    return any(not device.away for device in recipient.sessions.values())


def _called(recipient: Owner | None, typed: str) -> str:
    """The nick it goes to: a former one where the new one is being told just now, or a repetition
    would go to another person."""
    if recipient is None or recipient.nick == typed:
        return typed
    return recipient.nick if names.keys(recipient.nick) & names.keys(typed) else typed


def _published(newest: int, events: list[RoomEvent]) -> int:
    """The seq of the last message that was given out before these events."""
    return next((event.seq - 1 for event in events if isinstance(event, Said)), newest)


def _waits(said: Said, session: Session) -> bool:
    return said.session != session.number and said.kind is not Kind.DELETED


def _sender(said: Said) -> str:
    return account_identity(said.account) if said.account else session_identity(said.session)
