"""Presence by the log: who is away, and when a session is over, is what all nodes say.

A connection that is lost is told to the log, with what had surely reached the person; how long the
session is held is counted there (`huddle.cluster.nodes.session_expiry`). A session is over here
when the log says so, by whichever node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from typing_extensions import override

from huddle.cluster.entries import Cut, Leave, Lose, Own
from huddle.delivery.entries import nothing
from huddle.delivery.outlet import Outlet
from huddle.people.sessions import Session
from huddle.protocol.answers import Refused
from huddle.protocol.errors import HuddleError
from huddle.protocol.events import FIRST_ROOM
from huddle.rooms.presence import Presence
from huddle.rooms.room import Room
from huddle.server.clustered.link import Link


@dataclass(eq=False, repr=False)
class LoggedPresence(Presence):
    """The presence of one node's core: who comes and goes here is put into the log."""

    _log = Logger()

    _link: Link = field(kw_only=True)

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        self._byes: dict[Session, list[Callable[[], None]]] = {}
        """What connections said good-bye while the session was just coming in on another."""

    @override
    def hold(self, session: Session) -> None:
        # Whoever is just coming in has asked the log for it: a loss behind that would be of theirs.
        if not session.expected and self._link.held(session.number) is not None:
            self._owe_preferences(session)
            self._link.owe(Lose(session.number, cursors_of(session)))

    def settle_preferences(self) -> None:
        """The node can propose again, and may be lost at any time: what was wished for meanwhile is
        kept now. Who is still to be taken back keeps it then (`taken_back`)."""
        for number in list(self._link.wishing):
            session = self._registry.by_number(number)
            if session is not None:
                self._owe_preferences(session)

    def _owe_preferences(self, session: Session) -> None:
        """What its person was told while this node took nothing holds when they come back."""
        there, preferences = self._link.held(session.number), session.preferences.written()
        if there is None:
            return
        self._link.wishing.discard(session.number)
        if there.wishes != preferences:
            self._link.owe(Own(session.number, wishes=preferences, was=there.life))

    @override
    def expect(self, session: Session) -> None:
        super().expect(session)
        self._link.word_before.setdefault(session.number, session.word)
        self.hear(session, self._membership.of(session))
        if session.elsewhere:  # on a node that may be lost, and have shown it nothing
            put_where_it_was(session, self._link.had(session.number))

    @override
    def expect_no_longer(self, session: Session) -> None:
        if session in self._registry:
            super().expect_no_longer(session)
        else:
            session.expected -= 1  # it has left, by another connection
        if session.expected:
            return
        self._link.word_before.pop(session.number, None)
        if self._link.held(session.number) is None:
            self._link.follow([("session", session.number)])  # what was not mirrored meanwhile
        for bye in self._byes.pop(session, ()):
            bye()

    def hear(self, session: Session, rooms: Iterable[Room]) -> None:
        """When it spoke last in those that are slow, on whichever node, is known here as well: it
        goes and leaves that behind, or comes to this node, where its new nicks are judged."""
        for room in rooms:
            there = self._link.state.rooms.get(room.name)
            spoke = None if there is None or not there.slow else there.spoke.get(session.identity)
            if spoke is not None:
                ago = max(self._link.state.time - spoke, 0) / 1000
                room.pace.hear(session, self._clock.seconds() - ago)

    @override
    def keep_lag(self, session: Session) -> None:
        """Each node is to know it, since any may be the one where the person comes back."""
        if self._link.held(session.number) is not None:
            own = Own(session.number, cursors=cursors_of(session), level=not session.lags)
            self._link.owe(own)

    def taken_back(self, session: Session) -> None:
        """The log takes it for level from here on; one that lags does so still."""
        if session.lags:
            self.keep_lag(session)
        if session.number in self._link.wishing:
            self._owe_preferences(session)

    @override
    def shown(self, session: Session, outlet: Outlet, seconds: float) -> None:
        """The log knows that by the node's batches (`huddle.cluster.rules.reading`)."""

    @override
    async def make_room(self) -> None:
        """The log makes it, where one hold ends for who comes (`huddle.cluster.rules.shares`)."""

    @override
    def leave(self, session: Session, then: Callable[[], None] = nothing) -> None:
        if session.leaving:
            return
        if session.expected:
            bye = partial(self._leave_unless_on_another, session, session.outlet, then)
            self._byes.setdefault(session, []).append(bye)
            return
        session.leaving = True

        def settle() -> None:
            if session.outlet is not None:
                session.rooms.update(session.outlet.surely_read())
                self._leave_mutes(session)
            self._owe_preferences(session)
            left = Leave(session.number, cursors_of(session))
            asked = self._link.recorded(left)
            stay = partial(self._stay, session)
            asked.addCallbacks(lambda _: stay(), lambda _: self._link.owe(left, lambda _: stay()))
            asked.addBoth(lambda _: then())

        self._sequencer.happen(tuple, settle)

    def _leave_unless_on_another(
        self, session: Session, outlet: Outlet | None, then: Callable[[], None]
    ) -> None:
        """Of a connection that has been replaced meanwhile a good-bye is not heard."""
        if session.outlet in (None, outlet) and session in self._registry:
            self.leave(session, then)
        else:
            then()

    def _stay(self, session: Session) -> None:
        """It has left, unless it was on another node by then: what was typed here counts not."""
        if session in self._registry:
            session.leaving = False
            self._wake_waiting(session)

    @override
    def expel(self, session: Session, error: HuddleError, by: str, reason: str) -> Deferred[None]:
        """Have the log send it out; where its connection is, it is told then."""
        act = self._link.take_act()
        cut = Cut(session.number, FIRST_ROOM, self._registry.session_number(by), reason, act)
        asked = Deferred.fromCoroutine(self._link.ask_in_turn(cut))
        return asked.addCallback(lambda _: None)

    # -- as the log says -----------------------------------------------------------------------

    def moved(self, session: Session, error: HuddleError) -> None:
        """Its connection here ends, with this word: it is on another node, or was sent out."""
        outlet, told = session.outlet, session.attendance
        if outlet is not None:
            self._leave_mutes(session)
        session.outlet = session.attendance = None
        self._leave_behind(session)
        if outlet is not None and told is not None:
            told.replaced()
            outlet.close(Refused(error))

    def over(self, session: Session) -> None:
        """The session is over, and its nick is free."""
        session.leaving = True
        self._held.discard(session)
        self._link.word_before.pop(session.number, None)
        self._dismiss(session)
        self._leave_behind(session)

    def _leave_behind(self, session: Session) -> None:
        """What it has said here and has no word of it says again where it comes next, be that here
        once more."""
        self._link.wishing.discard(session.number)
        if session.pending:
            session.pending = None
            self._sequencer.leave_behind(session.number)

    @override
    def keep_left(self, session: Session) -> None:
        """The log has said it already."""


def put_where_it_was(session: Session, rooms: Mapping[str, int | None]) -> None:
    """Have it where it was by then in those rooms that it is in, of which nothing else is known."""
    for name, seq in rooms.items():
        if session.rooms.get(name, seq) is None:
            session.rooms[name] = seq


def cursors_of(session: Session) -> dict[str, int]:
    """By room the seq up to which everything has surely reached the session, where it is known."""
    return {room: seq for room, seq in session.rooms.items() if seq is not None}
