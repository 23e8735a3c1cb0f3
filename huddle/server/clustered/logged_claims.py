"""Claims by the log: who is first there has what is asked for.

Each claim is an entry, and its outcome what that comes to. By then the core mirrors what has been
claimed (`huddle.server.clustered.state_mirror`), so a session that has begun is found in the
registry.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from twisted.internet.defer import Deferred, DeferredLock
from typing_extensions import override

from huddle.cluster.effects import Opened, Outcome, Refused
from huddle.cluster.entries import Attach, Begin, Cut, Leave, Login, Own, Rename, Seat, Unseat
from huddle.cluster.naming import keyed
from huddle.cluster.refusals import error
from huddle.cluster.rows import session_row
from huddle.delivery.outlet import Outlet
from huddle.people.identity import site
from huddle.people.registry import Registry
from huddle.people.sessions import Account, Attending, Session
from huddle.protocol.dialect import Traits
from huddle.protocol.errors import (
    HuddleError,
    Muted,
    MutedNick,
    NotRecorded,
    QuietNick,
    Replaced,
    RoomQuiet,
)
from huddle.protocol.events import is_inbox
from huddle.record import SessionRow
from huddle.rooms.claims import Claims
from huddle.rooms.membership import Membership
from huddle.rooms.room import Room
from huddle.server.clustered.link import Link
from huddle.server.clustered.logged_presence import LoggedPresence, put_where_it_was
from huddle.server.clustered.operations import host_written


@dataclass(slots=True)
class Awaited:
    """What a session that is attached to this node already waits for: the connection of this turn.

    ``was_in`` are the rooms where it was when it had left, by how far it had read them. The log
    lets it into none of these that is closed to it by now, and into another where no room is left;
    they are asked for once more where the session is shown in, and told so there.
    """

    turn: int = 0
    was_in: Mapping[str, int | None] | None = None


class LoggedClaims(Claims):
    """The claims of one node's core: each is put into the log, which decides."""

    _presence: LoggedPresence

    def __init__(
        self, link: Link, registry: Registry, membership: Membership, presence: LoggedPresence
    ) -> None:
        super().__init__(registry, membership, presence)
        self._link = link
        self._awaited: dict[int, Awaited] = {}
        """By their numbers, the sessions that are attached to this node for a connection that is to
        come."""
        self._orders: dict[int, DeferredLock] = {}
        """Sessions that ask something of their seats here, or for a connection: one after the
        other, so that what one connection has asked is known when the next one is shown in, and
        what it asks behind that is not heard."""

    @override
    async def begin(
        self,
        nick: str,
        rooms: Iterable[str],
        key: bytes | None,
        account: Account | None,
        turn: int = 0,
    ) -> Session:
        name = self._registry.guests_name(nick) if account is None else account.nick
        number, version = (0, 0) if account is None else (account.number, account.row.version)
        seats = tuple(keyed(room) for room in rooms)
        hashed = "" if key is None else key.hex()
        return await self._open(Begin(keyed(name), seats, hashed, number, version, turn=turn))

    @override
    async def revive(self, row: SessionRow, nick: str = "", turn: int = 0) -> Session:
        there = self._link.state.sessions.get(row.number)
        is_accounts = there is not None and there.account  # the row may not know that yet
        name = None
        if not row.account and not is_accounts:
            name = keyed(self._registry.guests_name(nick or row.nick))
        if there is None or is_accounts or not row.account:
            word = "" if row.key is not None or row.word is None else row.word.hex()
            attach = Attach(row.number, turn, nick=name, version=row.version, word=word)
            return self._as_it_left(await self._open(attach), row)
        session = await self._open(Attach(row.number, turn, nick=there.nick))
        try:
            await self._link.ask(Login(row.number, row.account, row.version))
        except HuddleError:  # it was over, and nobody comes to have it
            self._awaited.pop(row.number, None)
            self._link.owe(Leave(row.number))
            raise
        return self._as_it_left(session, row)

    def _as_it_left(self, session: Session, row: SessionRow) -> Session:
        awaited = self._awaited.get(session.number)
        if awaited is not None:
            awaited.was_in = row.rooms
        put_where_it_was(session, row.rooms)
        return session

    async def _open(self, entry: Begin | Attach) -> Session:
        outcome = await self._link.ask_at_the_door(entry)
        number = outcome.session if isinstance(outcome, Opened) else 0
        session = self._registry.by_number(number)
        if session is None:
            raise NotRecorded  # it is over again
        self._awaited.setdefault(number, Awaited()).turn = entry.turn
        # What was looked up may be older: it may have read on, and left, elsewhere.
        put_where_it_was(session, self._link.had(number))
        return session

    @override
    async def abandon(self, session: Session) -> None:
        self._awaited.pop(session.number, None)
        await self._link.ask_in_turn(Leave(session.number))

    @override
    async def rename(self, session: Session, nick: str, turn: int | None = None) -> None:
        there = self._link.state.sessions.get(session.number)
        is_elsewhere = there is not None and there.life != self._link.node.life
        rename = Rename(session.number, keyed(nick))
        try:
            if turn is None or not is_elsewhere:
                try:
                    await self._link.ask_in_turn(rename)
                    return
                except Replaced:
                    if turn is None:
                        raise
            await self._open(Attach(session.number, turn))
            await self._link.ask_in_turn(rename)
        except Muted as refused:
            raise MutedNick(refused.room, refused.until, refused.reason) from None
        except RoomQuiet as refused:
            raise QuietNick(refused.room) from None

    @override
    async def take_seat(self, session: Session, room: str, key: bytes | None = None) -> Room:
        return await self._seat(session, room, key, move=False)

    @override
    async def change_seat(self, session: Session, room: str, key: bytes | None = None) -> Room:
        return await self._seat(session, room, key, move=True)

    async def _seat(
        self, session: Session, name: str, made_with: bytes | None, *, move: bool
    ) -> Room:
        """The key that was brought has just been found right (`Admission.check_room`): that of now,
        and of none that is set while this waits for its turn."""
        there, outlet = self._link.state.rooms.get(name), session.outlet
        makes = there is None and made_with is not None
        key = (made_with or b"").hex() if there is None else there.key
        async with self._in_order(session):
            _check_on(session, outlet)
            room = self._link.state.rooms.get(name)
            if room is None or session.number not in room.seats:
                moves = move or not session.traits.many_rooms
                entry = Seat(session.number, keyed(name), key, moves, makes)
                await self._link.ask_in_turn(entry)
            return self._membership.join(session, name)

    @override
    async def leave_seat(
        self, session: Session, room: Room, by: str = "", reason: str = ""
    ) -> None:
        if by:
            number, act = self._registry.session_number(by), self._link.take_act()
            cut = Cut(session.number, room.name, number, reason, act)
            await self._link.ask_in_turn(cut)
            return
        outlet = session.outlet
        async with self._in_order(session):
            _check_on(session, outlet)
            await self._link.ask_in_turn(Unseat(session.number, room.name))

    @override
    async def attach(
        self,
        session: Session,
        outlet: Outlet,
        traits: Traits,
        arrival: int,
        attendance: Attending,
        turn: int = 0,
    ) -> Session:
        async with self._in_order(session):
            here = await self._attach(session, turn)
            return self._presence.enter(here, outlet, traits, arrival, attendance)

    async def _attach(self, session: Session, turn: int) -> Session:
        """Have the session on a connection of this node; returns the one that is here then."""
        number = session.number
        own, word = self._link.when_held.pop(number, (None, ""))
        host = host_written(session.host)
        version = session.version if session.account is not None else 0  # of what was proven here
        address = session.address
        attach = Attach(number, turn, "", None, version, host, address, site(address), word)
        awaited = self._awaited.pop(number, None)
        is_new = awaited is not None and awaited.turn == turn
        if is_new and self._link.held(number) is not None:
            # Where it comes from, for bans of networks; if it has not gone elsewhere by then.
            self._owe_origin(session, attach)
            for room in self._membership.of(session):
                room.note_coming(session)
        else:
            try:
                await self._ask_both(attach, own)
            finally:
                if own is not None:
                    self._take_word(self._registry.by_number(number))
        here = self._registry.by_number(number)
        if here is None or self._link.held(number) is None:
            raise self._link.not_held(number)
        if here is not session:  # it has left by an earlier connection, and come by this one
            self._registry.note_origin(here, session.host, session.address)
            put_where_it_was(here, session.rooms)
        if awaited is not None and is_new and awaited.was_in is not None:
            _look_for_rooms_again(here, awaited.was_in)
        here.turn = turn or here.turn
        return here

    async def _ask_both(self, attach: Attach, own: Own | None) -> None:
        """Have the one in the log right behind the other: no person is told a new return word that
        the log has not heard of."""
        asked = [
            Deferred.fromCoroutine(self._link.ask_at_the_door(each))
            for each in (attach, own)
            if each is not None
        ]
        try:
            for each in asked:
                await each
        except HuddleError as refused:
            asked[-1].addErrback(lambda failure: failure.trap(HuddleError))
            if isinstance(refused, Replaced):
                raise self._link.not_held(attach.session) from None
            raise

    def _take_word(self, session: Session | None) -> None:
        """It was given another return word for this connection: the one that all know holds, which
        is this one where it was let in."""
        if session is not None and session.account is None:
            row = session_row(self._link.state, session.number)
            self._registry.set_word(session, row.word, row.word_time, row.word_at)

    def _owe_origin(self, session: Session, attach: Attach) -> None:
        again = replace(attach, was=self._link.node.life)
        self._link.owe(again, partial(self._attached, session, again))

    def _attached(self, session: Session, attach: Attach, outcome: Outcome) -> None:
        """The log has heard where a new session comes from; it may not be let in from there, which
        this node had not heard of."""
        if not isinstance(outcome, Refused):
            return
        refused = error(outcome, self._link.suggest)
        if not isinstance(refused, Replaced):
            self._presence.moved(session, refused)
            self._link.owe(Leave(session.number))
        elif self._link.held(session.number) is None:
            self._presence.moved(session, refused)
        elif attach.was != self._link.node.life:  # it was taken back since, in another life
            self._owe_origin(session, attach)

    @override
    def lose(self, session: Session, outlet: Outlet) -> Deferred[None]:
        self._awaited.pop(session.number, None)
        return super().lose(session, outlet)

    @asynccontextmanager
    async def _in_order(self, session: Session) -> AsyncIterator[None]:
        """The turn of a claim comes when those of this session that were made before are
        decided."""
        number = session.number
        lock = self._orders.setdefault(number, DeferredLock())
        await lock.acquire()
        goes_on = True
        try:
            yield
        except GeneratorExit:  # the house was thrown away, and nobody goes on in it
            goes_on = False
            raise
        finally:
            if goes_on:
                lock.release()
                if not lock.locked and self._orders.get(number) is lock:
                    del self._orders[number]


def _check_on(session: Session, outlet: Outlet | None) -> None:
    """Raises `Replaced` where the session is on another connection than when this was asked."""
    if session.outlet is not outlet:
        raise Replaced


def _look_for_rooms_again(session: Session, was_in: Mapping[str, int | None]) -> None:
    """It is to be shown in to the rooms where it was, and to none as if it had missed something."""
    for name in session.rooms:
        if name not in was_in:
            session.rooms[name] = None
    for name, seq in was_in.items():
        if not is_inbox(name):
            session.rooms.setdefault(name, seq)
