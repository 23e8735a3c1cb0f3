"""The Huddle: who is here, which rooms there are, and the one order of all that is said.

It joins the parts (nicks, sessions, rooms, sequencer, record) and owns the rules between them: when
a nick is free, when a lost session has left, what becomes of something said twice. A visit
(`huddle.visit`) asks it on behalf of one connection; it knows nothing of wires and languages.

A session's life::

    begin / revive ──> enter ──> lose ──(hold ends)──> leave
                         │ ^       │
                         │ └───────┘ enter, from a new connection
                         └──> leave   in the order of the talk: after its own last line

Durations come from ``later`` (a monotonic scheduler), the time of day from ``now_ms``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import count

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from huddle import names
from huddle.errors import (
    Expired,
    HuddleError,
    IdReused,
    NickTaken,
    NoSuchRoom,
    NotRecorded,
    Replaced,
)
from huddle.events import Answer, Draft, Joined, Left, Notice, Refused, Renamed, RoomEvent, Said
from huddle.history import History, Pages
from huddle.limits import Limits
from huddle.nicks import NickRegistry
from huddle.outlet import Outlet
from huddle.record import Card, Record
from huddle.registry import Registry
from huddle.rooms import Room
from huddle.sequencer import Outcome, Sequencer
from huddle.sessions import Session, Weight, same
from huddle.turns import Scheduler, Turns

FIRST_ROOM = "huddle"
"""The room in which everybody starts."""

Settled = Callable[[Outcome], None]


class Huddle:
    """The whole conversation. One for each running server."""

    _log = Logger()

    def __init__(
        self, record: Record, later: Scheduler, now_ms: Callable[[], int], limits: Limits
    ) -> None:
        self.record = record
        self.limits = limits
        self.now_ms = now_ms
        self.later = later
        self.turns = Turns(later)
        self.registry = Registry(record.last_session)
        self.sequencer = Sequencer(record, later, self._stamp, self._deliver, self._tell, limits)
        self._arrivals = count(1)
        self._to_tell: dict[Outlet, list[Answer]] = {}
        self._rooms: dict[str, Room] = {}
        self._pages = Pages(limits.pages)
        self._last_time = self.opened_after = record.last_time
        for card in record.cards_here():
            self._hold_again(card)

    @property
    def nicks(self) -> NickRegistry[Session]:
        """Which nicks are taken, and by whom."""
        return self.registry.nicks

    # -- rooms ---------------------------------------------------------------------------------

    def room(self, name: str) -> Room:
        """The room of that name, made if it is not there."""
        room = self._rooms.get(name)
        if room is None:
            history = History(name, self.record, self._pages, self.limits)
            room = self._rooms[name] = Room(name, history, self.later, self.limits)
        return room

    def room_of(self, session: Session, name: str | None) -> Room:
        """The room that a session means. Raises `NoSuchRoom` when it is not in it."""
        if name is None:
            name = next(iter(session.rooms), FIRST_ROOM)
        if name not in session.rooms:
            raise NoSuchRoom(name)
        return self.room(name)

    @property
    def rooms(self) -> Collection[Room]:
        """The rooms that have somebody in them."""
        return [room for room in self._rooms.values() if len(room)]

    def known(self, names: Iterable[str]) -> list[str]:
        """Those of these rooms that there are: somebody is there, or something was said."""
        return [name for name in names if name in self._rooms or self.record.extent(name).newest]

    # -- keeping -------------------------------------------------------------------------------

    def keep(self, session: Session) -> Deferred[None]:
        """Have the record keep what is known of the session. Fails with `RecordFailure`."""
        return self.record.save(self._card(session, here=True))

    def _card(self, session: Session, here: bool) -> Card:
        return Card(
            number=session.number,
            nick=session.nick,
            key=session.key,
            word=session.word,
            word_time=session.word_time,
            here=here,
            seen=self._stamp(),
            rooms=dict(session.rooms),
        )

    def keep_quietly(self, session: Session, here: bool = True) -> None:
        """The same when nobody waits for it; what cannot be kept is only logged."""
        saved = self.record.save(self._card(session, here))
        saved.addErrback(lambda _: self._log.warn("A session could not be kept in the record"))

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
        """The session is a member of the room; the others are told if it was not."""
        room = self.room(name)
        if name not in session.rooms:
            session.rooms[name] = None
            self.keep_quietly(session)
        if session not in room:
            room.add(session)
            joined = Joined(room.label, (session.nick,), session.number)
            self.sequencer.happen(lambda: [joined], _nothing)
        return room

    def rename(self, session: Session, nick: str) -> None:
        """The session is called that from its next line on. Raises `BadNick` and `NickTaken`."""
        new, old = names.nick(nick), session.nick
        if new == old:
            return
        self.nicks.claim(new, session)
        session.nick = new
        there = self._rooms_with(session)
        for room in there:
            room.changes += 1

        def free_the_old() -> None:
            if session.nick != old:
                self.nicks.release(old)

        self.sequencer.happen(
            lambda: [Renamed(room.label, old, new, session.number) for room in there],
            free_the_old,
        )
        self.keep_quietly(session)

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
        except NickTaken:
            self._log.warn("Two sessions in the record have the same nick; one has left")
            return
        for name in session.rooms:
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

    def _farewells(self, session: Session) -> Sequence[Notice]:
        there = self._rooms_with(session)
        return [Left(room.label, (session.nick,), session.number) for room in there]

    def _rooms_with(self, session: Session) -> list[Room]:
        rooms = (self._rooms.get(name) for name in session.rooms)
        return [room for room in rooms if room is not None and session in room]

    def _dismiss(self, session: Session) -> None:
        if session.outlet is not None:
            session.rooms.update(session.outlet.confirmed())
        for name in session.rooms:
            self._empty_seat(session, name)
        self.sequencer.forget(session.number)
        self.keep_quietly(session, here=False)
        self.registry.remove(session)

    def _empty_seat(self, session: Session, name: str) -> None:
        room = self.room(name)
        room.remove(session)
        if session.outlet is not None:
            session.outlet.unwatch(room)
        if not len(room) and name != FIRST_ROOM:
            del self._rooms[name]

    # -- saying --------------------------------------------------------------------------------

    def say(self, session: Session, draft: Draft, settled: Settled) -> None:
        """Have it said, once; ``settled`` hears the message, or why there is none.

        A repetition is answered with the message that it repeats.
        """
        try:
            weight = session.weigh(draft)
        except HuddleError as error:
            settled(error)
            return
        if weight is Weight.NEW:
            session.accept(draft)
            self.sequencer.say(draft, partial(self._settle, session, draft, settled))
        elif weight is Weight.OLD:
            found = self.record.find(session.number, draft.id)
            found.addCallback(lambda said: settled(_repeated(draft, said)))
            found.addErrback(lambda _: settled(NotRecorded()))

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
                self.room(name).publish(in_room)
            except Exception:
                self._log.failure("Publishing in one room went wrong")

    def _stamp(self) -> int:
        """The time of day in milliseconds, never before the last one that was given."""
        self._last_time = max(self._last_time, self.now_ms())
        return self._last_time


def _repeated(draft: Draft, said: Said | None) -> Outcome:
    if said is None:
        return Expired()
    first = Draft(said.room, said.session, said.nick, said.kind, said.text, draft.id)
    return said if same(first, draft) else IdReused()


def _nothing() -> None:
    """There is nothing to do afterwards."""
