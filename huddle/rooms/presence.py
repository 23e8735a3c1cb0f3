"""Presence: who is connected, who is held, and who has left.

A session's life::

    begin / revive ──> enter ──> lose ──(hold ends)──> leave
                         │ ^       │
                         │ └───────┘ enter, from a new connection
                         └──> leave   in the order of the talk: after its own last line

A hold is a duration on a monotonic scheduler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger

from huddle.delivery.entries import nothing
from huddle.delivery.outlet import Outlet
from huddle.delivery.sequencer import Sequencer
from huddle.people.registry import Registry
from huddle.people.replies import Replies
from huddle.people.saving import Saving
from huddle.people.sessions import Attending, Session
from huddle.protocol.answers import Refused
from huddle.protocol.dialect import Traits
from huddle.protocol.errors import HuddleError, Replaced
from huddle.protocol.limits import Limits
from huddle.protocol.timing import Clock
from huddle.protocol.timing.timer_queue import TimerQueue
from huddle.record import SessionRow
from huddle.rooms.membership import Membership
from huddle.rooms.session_quotas import departures, held_sessions


@dataclass(eq=False, repr=False)
class Presence:
    """``gone`` is called with a session that has left. ``clock`` is monotonic.

    A server that is one of several overrides what its log decides: `expect`, `expect_no_longer`,
    `shown`, `make_room`, `leave` and `expel`, and `hold`, `keep_lag` and `keep_left`, which those
    ask.
    """

    _log = Logger()

    _registry: Registry
    _membership: Membership
    _sequencer: Sequencer
    _saving: Saving
    _replies: Replies
    _clock: Clock
    _limits: Limits
    _gone: Callable[[Session], None]

    def __post_init__(self) -> None:
        self._held = held_sessions(self._limits)
        """The sessions that are held, by the addresses where they were."""
        self._holds: TimerQueue[Session] = TimerQueue(self._clock, self._end_of_hold)
        """When each hold ends. One whose person is just coming back has no end."""
        self._departures = departures(self._limits)
        self._waited_for: dict[Session, list[Deferred[None]]] = {}
        """Of each session that is leaving, what fires when it has left (`when_gone`)."""
        self.next_arrival: Callable[[], int] = count(1).__next__
        """Numbers the connections, and those who come back on one, in their order.

        A program that gives a connection up may be heard on it after it was on the next one, so its
        connections count; a person has to ask on one.
        """

    def enter(
        self,
        session: Session,
        outlet: Outlet,
        traits: Traits,
        arrival: int,
        attendance: Attending,
    ) -> Session:
        """The session, which is returned, is on this connection now; an older one is told and ends.

        Raises `Replaced` when this is the older one itself, on which it was heard later.
        """
        if session.outlet is not None and arrival < session.arrival:
            raise Replaced
        session.arrival = arrival
        older, told = session.outlet, session.attendance
        if older is not None:
            session.rooms.update(older.surely_read())
        else:
            self._held.discard(session)
        restrictions = self._membership.restrictions
        if restrictions.inherited.left:
            self._saving.save_quietly(*restrictions.returns(session))
        session.outlet, session.attendance, session.traits = outlet, attendance, traits
        session.lags = False
        outlet.session = session.number
        if older is not None and told is not None:
            told.replaced()
            older.close(Refused(Replaced()))
        return session

    def lose(self, session: Session, outlet: Outlet) -> None:
        """The connection is gone; the session's nick is held for it for a while."""
        if session.outlet is not outlet:
            return
        self._replies.flush()
        session.outlet = session.attendance = None
        session.rooms.update(outlet.surely_read())
        self._leave_mutes(session)
        self._saving.keep_quietly(session)
        self.hold(session)

    def _leave_mutes(self, session: Session) -> None:
        kept = self._membership.restrictions.goes(session, self._registry.newest)
        self._saving.save_quietly(*kept)

    def expect(self, session: Session) -> None:
        """Note that the session is about to come in: its hold does not end meanwhile."""
        self._holds.due.pop(session, None)
        session.expected += 1

    @contextmanager
    def expected(self, session: Session) -> Iterator[None]:
        """Have the session expected from now on; no longer where what is done here goes wrong."""
        self.expect(session)
        try:
            yield
        except BaseException:
            self.expect_no_longer(session)
            raise

    def expect_no_longer(self, session: Session) -> None:
        """Note that the session has come in, or did not: then it is held again, or leaves if it was
        not held."""
        session.expected -= 1
        if session.outlet is not None or session.elsewhere or session.expected:
            return
        if self._membership.of(session):
            self.hold(session)
        else:
            self.leave(session)

    def note_lag(self, session: Session, confirmed: Mapping[str, int] | None) -> None:
        """A person does not take what is sent (this is what they have), or does again (None).

        A crash leaves everybody where they surely were: those whose lag is in the record, and the
        others at most `crash_cursors.UNSURE_MS` before the end. In a room that they come into
        meanwhile, or an inbox that begins, they lag as well.
        """
        if session.lags is (confirmed is not None) and not _begins(session, confirmed or {}):
            return
        session.lags = confirmed is not None
        session.rooms.update(dict.fromkeys(session.rooms) if confirmed is None else confirmed)
        self.keep_lag(session)

    def shown(self, session: Session, outlet: Outlet, seconds: float) -> None:
        """A person who is back is given what they missed. The record has where they were for so
        long: until it has reached them, or is known not to have. Then a crash shows them none of
        it again, however much later it comes."""

        def settle() -> None:
            if session.outlet is outlet and not session.leaving:  # who has left keeps it
                self._saving.keep_quietly(session)

        self._clock.callLater(seconds, settle)

    def _end_of_hold(self, session: Session) -> None:
        if session.away:
            self.leave(session)

    def _let_go(self, held: Session) -> None:
        """End the hold of the session now, unless its owner is just coming back."""
        self._held.discard(held)
        if held.away and not held.expected:
            self.leave(held)

    async def make_room(self) -> None:
        """Where the house is full, end the oldest hold of the address, or IPv6 /48, that has most
        of them (`huddle.rooms.session_quotas`)."""
        if len(self._registry.sessions) < self._limits.sessions:
            return
        held = self._held.one_of_most()
        if held is not None:
            self._let_go(held)
            await self._sequencer.when_idle()

    def hold_again(self, row: SessionRow) -> None:
        """Hold a session that had not left before a restart: it is still a member, and away."""
        try:
            session = self._registry.revive(row)
        except HuddleError:
            self._log.warn("A session in the record cannot have its nick any more: it has left")
            self._saving.save_quietly(replace(row, here=False))
            return
        for name in session.seats:
            self._membership.restore(session, name)
        self.hold(session)

    def leave(self, session: Session, then: Callable[[], None] = nothing) -> None:
        """The session goes for good, behind everything it has said; ``then`` is called last."""
        if session.leaving:
            return
        session.leaving = True
        self._holds.due.pop(session, None)
        self._held.discard(session)
        if session.outlet is not None:
            self._leave_mutes(session)

        def settle() -> None:
            self._dismiss(session)
            self._replies.flush()  # its last acks, which come before the farewell
            then()

        self._sequencer.happen(lambda: self._membership.farewells(session), settle)

    def when_gone(self, session: Session) -> Deferred[None]:
        """Fires, in a turn of its own, when the session that is leaving has left: its nick is free.

        How long that takes is for whatever orders the talk to say: the log of several nodes, too,
        by which it may even stay, because it is on another node by then.
        """
        if session not in self._registry:
            return succeed(None)
        left: Deferred[None] = Deferred()
        self._waited_for.setdefault(session, []).append(left)
        return left

    def expel(self, session: Session, error: HuddleError, by: str, reason: str) -> Deferred[None]:
        """Send the session out of the house; its connection is told the ``error``, and ends. Fires
        when that is decided; a log of several nodes may refuse it."""
        outlet, told = session.outlet, session.attendance
        self._leave_mutes(session)
        for room in self._membership.of(session):
            self._membership.part(session, room, by, reason)
        if outlet is not None and told is not None:
            session.rooms.update(outlet.cursors())
            session.outlet = session.attendance = None
            told.replaced()
            outlet.close(Refused(error))
        self.leave(session)
        return succeed(None)

    def _dismiss(self, session: Session) -> None:
        if session.outlet is not None:
            session.rooms.update(session.outlet.surely_read())
        for room in self._membership.of(session):
            self._membership.empty(session, room)
        self._sequencer.refusals.forget(session.number)
        self.keep_left(session)
        self._registry.remove(session)
        self._gone(session)
        self._wake_waiting(session)

    def _wake_waiting(self, session: Session) -> None:
        for left in self._waited_for.pop(session, ()):
            self._clock.callLater(0, partial(left.callback, None))

    # -- what is the log's to say, where the server is one of several --------------------------

    def hold(self, session: Session) -> None:
        """Have the session held from now on; where its address has too many, the oldest goes."""
        if session.leaving:
            return  # what is held would stay so for good
        self._holds.set(session, self._limits.hold)
        for too_many in self._held.add(session, session.address):
            self._let_go(too_many)

    def keep_lag(self, session: Session) -> None:
        """Have it kept up to where everything has surely reached the session, or that it does."""
        self._saving.keep_quietly(session)

    def keep_left(self, session: Session) -> None:
        """Have the record know that the session has left; where too many have from its address, as
        the one to be forgotten first."""
        forgotten_first = self._departures.take(session.address, self._clock.seconds()) > 0
        self._saving.keep_quietly(session, here=False, forgotten_first=forgotten_first)


def _begins(session: Session, confirmed: Mapping[str, int]) -> bool:
    """Whether one of these is a stream of the session by now of which it is not noted how far it
    has got in it."""
    return any(session.rooms.get(name, 0) is None for name in confirmed)
