"""The Huddle: who is here, which rooms there are, and the one order of all that is said.

It joins the parts, each of which knows one thing:

- `registry` the sessions, nicks and accounts, `directory` the rooms and how they are
- `presence` who is connected, held or gone, `seats` who is in which room
- `sequencer` the order of all that is said and happens, `replies` what one session is told of it
- `saving` what the record is to keep of them

and owns the rules between them: which room somebody means and may read, what somebody is there,
what becomes of something said twice. A visit (`huddle.visits.visit`) asks it on behalf of one
connection; it knows nothing of wires and languages. What people may ask stands in
`huddle.visits.actions`.

Durations come from ``later`` (a monotonic scheduler), the time of day from ``now_ms``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from twisted.logger import Logger

from huddle.delivery.sequencer import Outcome, Sequencer
from huddle.delivery.turns import Scheduler, Turns
from huddle.people.accounts import Account, Accounts
from huddle.people.registry import Owner, Registry
from huddle.people.replies import Replies
from huddle.people.saving import Saving
from huddle.people.sessions import Session, Weight, same
from huddle.protocol.errors import Expired, HuddleError, IdReused, NoSuchRoom, NotRecorded
from huddle.protocol.events import FIRST_ROOM, INBOX, Draft, Kind, RoomEvent, Said, is_inbox, label
from huddle.protocol.limits import Limits
from huddle.protocol.nicks import NickRegistry
from huddle.protocol.permissions import Role
from huddle.record import MarkKind, Record
from huddle.rooms import inbox, speaking
from huddle.rooms.directory import Directory
from huddle.rooms.membership import Membership
from huddle.rooms.presence import Presence
from huddle.rooms.room import Room

__all__ = ["FIRST_ROOM", "Huddle", "Settled"]

Settled = Callable[[Outcome], None]


class Huddle:
    """The whole conversation. One for each running server."""

    _log = Logger()

    def __init__(
        self,
        record: Record,
        later: Scheduler,
        seconds: Callable[[], float],
        now_ms: Callable[[], int],
        limits: Limits,
        accounts: Accounts | None = None,
    ) -> None:
        """``later`` and ``seconds`` are of one monotonic clock, ``now_ms`` is the time of day.

        ``accounts`` are those of the record, and those that are expected beside.
        """
        self.record = record
        self.seconds = seconds
        self.limits = limits
        self.now_ms = now_ms
        self.later = later
        self.turns = Turns(later)
        if accounts is None:
            accounts = Accounts(record.accounts(), record.last_account)
        self.registry = Registry(record.last_session, accounts, limits)
        self.directory = Directory(record, later, now_ms, limits)
        self.saving = Saving(record, now_ms)
        self.replies = Replies(lambda: self.sequencer.publishing, limits)
        stamp, flush = self.saving.stamp, self.replies.flush
        self.sequencer = Sequencer(record, later, stamp, self._deliver, flush, limits)
        self.membership = Membership(self.directory, self.sequencer, self.saving)
        self.presence = Presence(
            self.registry,
            self.membership,
            self.sequencer,
            self.saving,
            self.replies,
            later,
            limits.hold,
            lambda session: inbox.leave(self, session),
        )
        self.opened_after = record.last_time
        for row in record.sessions_here():
            self.presence.hold_again(row)

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

    def role(self, who: Owner | None, room: str = FIRST_ROOM) -> Role:
        """What somebody is in a room: a session, or an account whether it is here or not."""
        if who is None:
            return Role.STRANGER
        account = who if isinstance(who, Account) else who.account
        if account is not None and account.is_operator:
            return Role.OPERATOR
        if self.directory.restrictions.of(room, MarkKind.HOST, who.identity) is not None:
            return Role.HOST
        return Role.GUEST if account is None else Role.MEMBER

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
            self.sequencer.give_up(session.number, draft.id)
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

    def _deliver(self, events: dict[str, list[RoomEvent]]) -> None:
        for name, in_room in events.items():
            try:
                if is_inbox(name):
                    inbox.publish(self, name, in_room)
                elif (room := self.directory.find(name)) is not None:
                    room.publish(in_room)
            except Exception:
                self._log.failure("Publishing in one room went wrong")


def _repeated(draft: Draft, said: Said | None) -> Outcome:
    if said is None:
        return Expired()
    first = Draft(
        said.room, said.session, said.nick, said.kind, said.text, draft.id, said.account, said.to
    )
    deleted = said.kind is Kind.DELETED and label(said.room) == label(draft.room)
    return said if deleted or same(first, draft) else IdReused()
