"""Claims: what one person has and no other can have at the same time.

A nick, a seat in a room, and a session on a connection are asked for here, and had when the outcome
has come: the caller awaits it, and tells no one before. On one machine the first to ask has it,
and each outcome is there at once (`Claims`). Where several servers share a log, the one that
is first in the log has it, and the outcome comes when the entry has come back; nothing else of the
house would have to know.
"""

from __future__ import annotations

from collections.abc import Iterable

from twisted.internet.defer import Deferred, execute

from huddle.delivery.outlet import Outlet
from huddle.people.registry import Registry
from huddle.people.sessions import Account, Attending, Session
from huddle.protocol.dialect import Traits
from huddle.protocol.errors import Replaced
from huddle.record import SessionRow
from huddle.rooms.membership import Membership
from huddle.rooms.presence import Presence
from huddle.rooms.room import Room


class Claims:
    """Of a server that is alone, which decides each at once; one of several has another.

    Where a claim fails with an error of `huddle.protocol.errors`, nothing is changed. Whether a
    person may come in at all is found out before (`huddle.visits.admission`).
    """

    def __init__(self, registry: Registry, membership: Membership, presence: Presence) -> None:
        self._registry = registry
        self._membership = membership
        self._presence = presence

    async def begin(
        self,
        nick: str,
        rooms: Iterable[str],
        key: bytes | None,
        account: Account | None,
        turn: int = 0,
    ) -> Session:
        """A new session under a free nick, or under that of an account; `attach` follows, in the
        same ``turn``.

        Fails with `BadNick`, `NickTaken`, `PasswordNeeded` and `ServerFull`.
        """
        return self._registry.begin(nick, rooms, key, account)

    async def revive(self, row: SessionRow, nick: str = "", turn: int = 0) -> Session:
        """A session that only the record still knows, under a new nick if one is given.

        Fails with `BadNick`, `NickTaken`, `PasswordNeeded` and `SessionUnknown`.
        """
        return self._registry.revive(row, nick)

    async def abandon(self, session: Session) -> None:
        """Give up a session that was begun and of which no one has heard; its nick is free."""
        self._registry.remove(session)

    async def rename(self, session: Session, nick: str, turn: int | None = None) -> None:
        """Give a guest's session another nick, beside the old one, which is released later.

        The nick is as `huddle.protocol.names.nick` makes it. Who is only coming in brings the
        ``turn`` of that: the session may be on another node until then. Fails with `NickTaken`,
        and with `Replaced` when the session has been on another connection since.
        """
        self._registry.rename(session, nick)

    async def take_seat(self, session: Session, room: str, key: bytes | None = None) -> Room:
        """Make the session a member of the room of that name, and tell the others.

        ``key`` is given for a room that there is not yet: the hash of its key, or nothing. Where
        several servers share a log, the session is its host by then, or another has made it.
        """
        return self._membership.join(session, room)

    async def change_seat(self, session: Session, room: str, key: bytes | None = None) -> Room:
        """Make the session a member of that room and of no other; the others are told, here and
        there."""
        return self._membership.move(session, room)

    async def leave_seat(
        self, session: Session, room: Room, by: str = "", reason: str = ""
    ) -> None:
        """Make the session no member any more; ``by`` is the nick of who has sent it away, if one
        did."""
        self._membership.part(session, room, by, reason)

    async def attach(
        self,
        session: Session,
        outlet: Outlet,
        traits: Traits,
        arrival: int,
        attendance: Attending,
        turn: int = 0,
    ) -> Session:
        """Have the session on this connection and no other; ``attendance`` is told when it goes on.

        Fires with the session that is to be gone on with: where this one has left meanwhile, by an
        earlier connection, that is the one which is here again.
        Fails with `Replaced` when it has come by a later ``arrival`` already, or in a later
        ``turn`` (0: it counts none).
        """
        if turn:
            if session.is_newer_than(turn):
                raise Replaced
            session.turn = turn
        return self._presence.enter(session, outlet, traits, arrival, attendance)

    def lose(self, session: Session, outlet: Outlet) -> Deferred[None]:
        """Note that this connection of the session's is gone; its nick is held for a while."""
        return execute(self._presence.lose, session, outlet)
