"""The Huddle: who is here, which rooms there are, and the one order of all that is said.

It joins the parts (registry, directory, sequencer, record) and owns the rules between them: when
a nick is free, when a lost session has left, what becomes of something said twice. A visit
(`huddle.visit`) asks it on behalf of one connection; it knows nothing of wires and languages.
What people may ask of it beyond that stands in `huddle.acts`.

A session's life::

    begin / revive ──> enter ──> lose ──(hold ends)──> leave
                         │ ^       │
                         │ └───────┘ enter, from a new connection
                         └──> leave   in the order of the talk: after its own last line

Durations come from ``later`` (a monotonic scheduler), the time of day from ``now_ms``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from huddle import admission, inbox, names, speaking
from huddle.accounts import Account, Accounts
from huddle.directory import FIRST_ROOM, Directory
from huddle.errors import (
    AccountNick,
    Expired,
    HuddleError,
    IdReused,
    NoSuchRoom,
    NotRecorded,
    PasswordNeeded,
    Replaced,
)
from huddle.events import (
    INBOX,
    Answer,
    Draft,
    Joined,
    Kind,
    Left,
    Notice,
    Refused,
    Renamed,
    RoomEvent,
    Said,
    is_inbox,
)
from huddle.limits import Limits
from huddle.nicks import NickRegistry
from huddle.outlet import Outlet
from huddle.permissions import Role
from huddle.record import Card, Kept, MarkKind, Record
from huddle.registry import Owner, Registry
from huddle.rooms import Room
from huddle.sequencer import Outcome, Sequencer
from huddle.sessions import Session, Weight, same
from huddle.turns import Scheduler, Turns

__all__ = ["FIRST_ROOM", "Huddle", "Settled"]

UNTOLD = 20
"""Things that somebody who is away is told on coming back, at most."""

Settled = Callable[[Outcome], None]


class Huddle:
    """The whole conversation. One for each running server."""

    _log = Logger()

    def __init__(
        self,
        record: Record,
        later: Scheduler,
        now_ms: Callable[[], int],
        limits: Limits,
        accounts: Accounts | None = None,
    ) -> None:
        """``accounts`` are those of the record, and those that are expected beside."""
        self.record = record
        self.limits = limits
        self.now_ms = now_ms
        self.later = later
        self.turns = Turns(later)
        if accounts is None:
            accounts = Accounts(record.accounts(), record.last_account)
        self.registry = Registry(record.last_session, accounts, limits)
        self.directory = Directory(record, later, now_ms, limits)
        self.sequencer = Sequencer(record, later, self.stamp, self._deliver, self._tell, limits)
        self._arrivals = count(1)
        self._to_tell: dict[Outlet, list[Answer]] = {}
        self._last_time = self.opened_after = record.last_time
        for card in record.cards_here():
            self._hold_again(card)

    @property
    def nicks(self) -> NickRegistry[Owner]:
        """Which nicks are taken, and by whom."""
        return self.registry.nicks

    # -- rooms ---------------------------------------------------------------------------------

    def room(self, name: str) -> Room:
        """The room of that name, which is open from now on."""
        return self.directory.room(name)

    def room_of(self, session: Session, name: str | None) -> Room:
        """The room that a session means and may read. Raises `NoSuchRoom` when it is not in it.

        It is asked at each reading, so nobody reads on who has left or was sent away.
        """
        if name is None:
            name = next(iter(session.seats), FIRST_ROOM)
        elif name == INBOX:
            return self.room(session.inbox)
        if name not in session.rooms or is_inbox(name):
            name = self._another_spelling(session, name)
        return self.room(name)

    def _another_spelling(self, session: Session, name: str) -> str:
        meant = "" if is_inbox(name) else self.directory.named(name)
        if meant not in session.rooms:
            raise NoSuchRoom(name)
        return meant

    @property
    def rooms(self) -> Collection[Room]:
        """The rooms that have somebody in them."""
        return self.directory.open

    def known(self, names: Iterable[str]) -> list[str]:
        """Those of these rooms that there are: somebody is there, or something was said."""
        return [name for name in names if self.directory.is_known(name)]

    def role(self, session: Session | None, room: str = FIRST_ROOM) -> Role:
        """What somebody is in a room."""
        if session is None:
            return Role.STRANGER
        if session.account is not None and session.account.is_operator:
            return Role.OPERATOR
        if self.directory.marks.of(room, MarkKind.HOST, session.identity) is not None:
            return Role.HOST
        return Role.GUEST if session.account is None else Role.MEMBER

    # -- keeping -------------------------------------------------------------------------------

    def keep(self, session: Session, *more: Kept) -> Deferred[None]:
        """Have the record keep what is known of the session, and more with it, or nothing.

        Fails with `RecordFailure`.
        """
        return self.record.save(self.card(session), *more)

    def card(self, session: Session, here: bool = True) -> Card:
        """What is known of the session."""
        return Card(
            number=session.number,
            nick=session.nick,
            key=session.key,
            word=session.word,
            word_time=session.word_time,
            here=here,
            seen=self.stamp(),
            rooms=dict(session.rooms),
            account=0 if session.account is None else session.account.number,
            version=session.version,
            ignores=tuple(f"{identity} {nick}" for identity, nick in session.ignores),
        )

    def keep_quietly(self, session: Session, here: bool = True) -> None:
        """The same when nobody waits for it; what cannot be kept is only logged."""
        self.save_quietly(self.card(session, here), *self._read_inbox(session))

    def save_quietly(self, *kept: Kept) -> None:
        """Have the record keep this when nobody waits for it; a failure is only logged."""
        if kept:
            saved = self.record.save(*kept)
            saved.addErrback(lambda _: self._log.warn("Something could not be kept in the record"))

    def _read_inbox(self, session: Session) -> Sequence[Kept]:
        """An account has read what any of its devices has."""
        account, read = session.account, session.rooms.get(session.inbox)
        if account is None or read is None or read <= account.read:
            return ()
        account.read = read
        return (account.card,)

    # -- coming and going ----------------------------------------------------------------------

    def next_arrival(self) -> int:
        """Numbers the connections, and those who come back on one, in their order.

        A program that gives a connection up may be heard on it after it was on the next one, so its
        connections count; a person has to ask on one.
        """
        return next(self._arrivals)

    def enter(
        self,
        session: Session,
        outlet: Outlet,
        stays: bool,
        arrival: int,
        replaced: Callable[[], None],
    ) -> None:
        """The session is on this connection now; an older one is told and ends.

        Raises `Replaced` when this is the older one itself, on which it was heard later.
        """
        if session.outlet is not None and arrival < session.arrival:
            raise Replaced
        session.arrival = arrival
        older, told = session.outlet, session.replaced
        if older is not None:
            session.rooms.update(older.confirmed())
        session.outlet, session.replaced, session.stays = outlet, replaced, stays
        session.lags = False
        outlet.belongs_to(session.number)
        if older is not None and told is not None:
            told()
            older.close(Refused(Replaced()))

    def join(self, session: Session, name: str) -> Room:
        """The session is a member of the room; the others are told if the person was not.

        Whether it may be is asked before (`huddle.admission`).
        """
        room = self.room(name)
        if name not in session.rooms:
            session.rooms[name] = None
            self.keep_quietly(session)
        if session not in room:
            room.add(session)
            if room.devices(session) == 1:
                joined = Joined(room.label, (session.nick,), session.number)
                self.sequencer.happen(lambda: [joined], _nothing)
        return room

    def part(self, session: Session, room: Room, by: str = "", reason: str = "") -> None:
        """The session is no member any more, and reads nothing more of the room from now on.

        The others are told behind all that it has said there, and by whom it was sent away if it
        was.
        """
        session.rooms.pop(room.name, None)
        if session.outlet is not None:
            session.outlet.unwatch(room)
        self.keep_quietly(session)
        nick = session.nick
        left = Left(room.label, (nick,), session.number, by=by, reason=reason)

        def empty_the_seat() -> None:
            if room.name not in session.rooms:
                self._empty_seat(session, room)

        def farewell() -> Sequence[Notice]:
            gone = room.name not in session.rooms and room.devices(session) == 1
            return [left] if gone else []

        self.sequencer.happen(farewell, empty_the_seat)

    def give_up_seat(self, session: Session, name: str) -> None:
        """The session may not come into the room, in which it perhaps was while it was away."""
        room = self.directory.find(name)
        if room is not None and session in room:
            self.part(session, room)
        else:
            session.rooms.pop(name, None)

    def rename(self, session: Session, nick: str) -> None:
        """The session is called that from its next line on.

        Raises `BadNick`, `NickTaken`, `PasswordNeeded`, `Banned` and, for the session of an
        account, `AccountNick`.
        """
        new, old = names.nick(nick), session.nick
        if new == old:
            return
        if session.account is not None:
            raise AccountNick
        if self.registry.accounts.named(new) is not None:
            raise PasswordNeeded(new)
        admission.check_nick(self, session, new)
        self.nicks.claim(new, session)
        session.nick = new
        self._tell_new_name(session, old, new)
        self.keep_quietly(session)

    def _tell_new_name(self, session: Session, old: str, new: str) -> None:
        """Where the person of the new name was before, somebody of the old one has left."""
        there = self._rooms_with(session)
        for room in there:
            room.changes += 1
        notices: list[Notice] = [
            Renamed(room.label, old, new, session.number)
            if room.devices(session) == 1
            else Left(room.label, (old,), session.number)
            for room in there
        ]

        def free_the_old() -> None:
            if session.nick != old:
                self.nicks.release(old, session)

        self.sequencer.happen(lambda: notices, free_the_old)

    def log_in(self, session: Session, account: Account) -> None:
        """The session, a guest's until now, is the account's; where its person was, it stays.

        Whether it may be is found out before (`huddle.ownership`).
        """
        old, there, inbox = session.nick, self._rooms_with(session), session.inbox
        for room in there:
            room.remove(session)
        if session.outlet is not None and self.directory.find(inbox) is not None:
            session.outlet.unwatch(self.room(inbox))
            self.directory.close(inbox)
        self.registry.log_in(session, account)
        for room in there:
            room.add(session)
        self._tell_new_name(session, old, account.nick)

    def lose(self, session: Session, outlet: Outlet) -> None:
        """The connection is gone; the session's nick is held for it for a while."""
        if session.outlet is not outlet:
            return
        self._tell()
        session.outlet = session.replaced = None
        session.rooms.update(outlet.confirmed())
        self.keep_quietly(session)
        self._hold(session)

    def expect(self, session: Session) -> None:
        """It is about to come in: its hold does not end meanwhile."""
        session.losses += 1
        session.expected += 1

    def expect_no_longer(self, session: Session) -> None:
        """It has come in, or it did not: then it is held again, or leaves if it was not held."""
        session.expected -= 1
        if not session.away or session.expected:
            return
        if self._rooms_with(session):
            self._hold(session)
        else:
            self.leave(session, _nothing)

    def note_lag(self, session: Session, confirmed: Mapping[str, int] | None) -> None:
        """A person does not take what is sent (this is what they have), or does again (None).

        A crash leaves everybody where they surely were: those whose lag is in the record, and the
        others at most `arrival.UNSURE_MS` before the end.
        """
        if session.lags is (confirmed is not None):
            return
        session.lags = confirmed is not None
        session.rooms.update(dict.fromkeys(session.rooms) if confirmed is None else confirmed)
        self.keep_quietly(session)

    def _hold(self, session: Session) -> None:
        session.losses += 1
        loss = session.losses

        def end_of_hold() -> None:
            if session.away and session.losses == loss:
                self.leave(session, _nothing)

        self.later(self.limits.hold, end_of_hold)

    def _hold_again(self, card: Card) -> None:
        """After a restart: whoever had not left is still a member, and away."""
        try:
            session = self.registry.revive(card)
        except HuddleError:
            self._log.warn("A session in the record cannot have its nick any more: it has left")
            self.save_quietly(replace(card, here=False))
            return
        for name in session.seats:
            self.room(name).add(session)
        self._hold(session)

    def leave(self, session: Session, then: Callable[[], None]) -> None:
        """The session goes for good, behind everything it has said; ``then`` is called last."""
        if session.leaving:
            return
        session.leaving = True

        def settle() -> None:
            self._dismiss(session)
            self._tell()  # its last acks, which come before the farewell
            then()

        self.sequencer.happen(lambda: self._farewells(session), settle)

    def expel(self, session: Session, error: HuddleError, by: str, reason: str) -> None:
        """Somebody sends the session out of the house; its connection is told why, and ends."""
        outlet, told = session.outlet, session.replaced
        for room in self._rooms_with(session):
            self.part(session, room, by, reason)
        if outlet is not None and told is not None:
            session.rooms.update(outlet.cursors())
            session.outlet = session.replaced = None
            told()
            outlet.close(Refused(error))
        self.leave(session, _nothing)

    def register(self, session: Session, account: Account) -> None:
        """The session is that of an account which has just been made of its nick."""
        there = self._rooms_with(session)
        for room in there:
            room.remove(session)
        self.registry.register(session, account)
        for room in there:
            room.add(session)

    def _farewells(self, session: Session) -> Sequence[Notice]:
        return [
            Left(room.label, (session.nick,), session.number)
            for room in self._rooms_with(session)
            if room.devices(session) == 1
        ]

    def _rooms_with(self, session: Session) -> list[Room]:
        rooms = (self.directory.find(name) for name in session.seats)
        return [room for room in rooms if room is not None and session in room]

    def _dismiss(self, session: Session) -> None:
        if session.outlet is not None:
            session.rooms.update(session.outlet.confirmed())
        for room in self._rooms_with(session):
            self._empty_seat(session, room)
        self.sequencer.forget(session.number)
        self.keep_quietly(session, here=False)
        unread = inbox.unread(self, session)
        self.registry.remove(session)
        self._close_inbox(session)
        if unread is not None:
            inbox.tell_senders(self, session, unread)

    def _empty_seat(self, session: Session, room: Room) -> None:
        room.remove(session)
        if session.outlet is not None:
            session.outlet.unwatch(room)
        if not len(room):
            self.save_quietly(*self.directory.close(room.name))

    def _close_inbox(self, session: Session) -> None:
        room = self.directory.find(session.inbox)
        if room is not None and session.outlet is not None:
            session.outlet.unwatch(room)
        if session.account is None or not session.account.sessions:
            self.directory.close(session.inbox)

    # -- saying --------------------------------------------------------------------------------

    def say(
        self, session: Session, draft: Draft, settled: Settled, copies: Sequence[Draft] = ()
    ) -> None:
        """Have it said, once, and its copies with it; ``settled`` hears the message, or why not.

        A repetition is answered with the message that it repeats, whoever may speak by then.
        """
        try:
            weight = session.weigh(draft)
            if weight is Weight.NEW:
                self._may_speak(session, draft)
        except HuddleError as error:
            settled(error)
            return
        if weight is Weight.NEW:
            session.accept(draft)
            settle = partial(self._settle, session, draft, settled)
            self.sequencer.say(draft, settle, copies)
        elif weight is Weight.OLD:
            found = self.record.find(session.number, draft.id)
            found.addCallback(lambda said: settled(_repeated(draft, said)))
            found.addErrback(lambda _: settled(NotRecorded()))

    def _may_speak(self, session: Session, draft: Draft) -> None:
        room = self.directory.find(draft.room)
        if room is not None and room.restricted:
            speaking.check(self, session, room)

    def _settle(self, session: Session, draft: Draft, settled: Settled, outcome: Outcome) -> None:
        session.settle(draft, isinstance(outcome, Said))
        settled(outcome)

    def tell(self, session: Session, answer: Answer) -> None:
        """Answer the session, wherever it is now; once for all that one batch brings it."""
        if session.outlet is None:
            return
        self._to_tell.setdefault(session.outlet, []).append(answer)
        if not self.sequencer.publishing:
            self._tell()

    def inform(self, session: Session, answer: Answer) -> None:
        """Tell the session something that nothing asked for; when it is away, on coming back."""
        if session.outlet is None:
            session.untold = (*session.untold, answer)[-UNTOLD:]
        else:
            self.tell(session, answer)

    def _tell(self) -> None:
        to_tell, self._to_tell = self._to_tell, {}
        for outlet, answers in to_tell.items():
            try:
                outlet.answer(*answers)
            except Exception:
                self._log.failure("Answering one session went wrong")

    def _deliver(self, events: dict[str, list[RoomEvent]]) -> None:
        for name, in_room in events.items():
            try:
                if is_inbox(name):
                    inbox.publish(self, name, in_room)
                elif (room := self.directory.find(name)) is not None:
                    room.publish(in_room)
            except Exception:
                self._log.failure("Publishing in one room went wrong")

    def stamp(self) -> int:
        """The time of day in milliseconds, never before the last one that was given."""
        self._last_time = max(self._last_time, self.now_ms())
        return self._last_time


def _repeated(draft: Draft, said: Said | None) -> Outcome:
    if said is None:
        return Expired()
    first = Draft(
        said.room, said.session, said.nick, said.kind, said.text, draft.id, said.account, said.to
    )
    deleted = said.kind is Kind.DELETED and said.room == draft.room
    return said if deleted or same(first, draft) else IdReused()


def _nothing() -> None:
    """There is nothing to do afterwards."""
