"""The caller: who asks for something, and what an action may need of their connection."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from huddle.delivery.outlet import Outlet
from huddle.delivery.stream import Stream
from huddle.huddle import Huddle
from huddle.people.registry import Owner
from huddle.people.sessions import Account, Session
from huddle.protocol.answers import Answer, Done
from huddle.protocol.codec import dataclass
from huddle.protocol.errors import NobodyThere, NotAllowed, Oneself
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.permissions import Role, may_aim
from huddle.record import AuditEntry
from huddle.rooms.room import Room
from huddle.visits.actions.paste import PasteState
from huddle.visits.house import House
from huddle.visits.view import View

Result = Answer | Coroutine[Any, Any, Answer | None] | None


@dataclass(frozen=True, slots=True)
class Caller:
    """A session, on the connection by which it asks. ``address`` is what that counts as, ``view``
    how things are shown on it, ``paste`` what it is saying.

    ``huddle`` is that of the ``house``: looked up once, since every line asks for it.
    """

    huddle: Huddle
    house: House
    session: Session
    outlet: Outlet
    address: str
    view: View
    paste: PasteState

    def room(self, name: str | None) -> Room:
        """The room that is meant. Raises `NoSuchRoom`."""
        return self.huddle.directory.room_of(self.session, name)

    def stream(self, name: str | None) -> Stream:
        """The room that is meant, or the caller's inbox. Raises `NoSuchRoom`."""
        return self.huddle.stream_of(self.session, name)

    def role(self, room: Stream) -> Role:
        """The role of the caller in this room. A host has theirs in their own rooms alone."""
        return self.huddle.role(self.session, room.name)

    def seen(self, id: int | None) -> Answer | None:
        """The answer to what everybody in the room is told of: people, who see that, need none."""
        return Done(id=id) if self.session.traits.awaits_answers else None

    def check(self, least: Role, room: str = FIRST_ROOM) -> None:
        """Raises `NotAllowed` when the caller's role in this room is a lower one than that from
        which on it may be done. The first room's is that in the house."""
        if self.huddle.role(self.session, room) < least:
            raise NotAllowed(least.name.lower())

    def check_aim(self, room: Stream, other: Role) -> None:
        """Raises `NotAllowed` when it is aimed at a person whose role there is a higher one."""
        if not may_aim(self.role(room), other):
            raise NotAllowed(other.name.lower())

    def meant(self, nick: str) -> Owner:
        """The person of that nick, here or held. Raises `NobodyThere`."""
        meant = self.huddle.registry.meant(nick)
        if meant is None:
            raise NobodyThere(nick)
        return meant

    def target(self, nick: str, room: Room) -> Owner:
        """The person of that nick, at whom the caller may aim an act of moderation. Raises
        `NobodyThere` and as `check_target`."""
        owner = self.meant(nick)
        self.check_target(owner, room)
        return owner

    def check_target(self, owner: Owner, room: Room) -> None:
        """Raises `Oneself` when it is aimed at oneself, `NotAllowed` at a person with a higher
        role.

        An operator whom the house has appointed (``--op``) is for another such alone to touch.
        """
        own = self.session.account
        if owner.identity == self.session.identity:
            raise Oneself("nick")
        if isinstance(owner, Account) and owner.appointed and not (own and own.appointed):
            raise NotAllowed("house")
        self.check_aim(room, self.huddle.role(owner, room.name))

    def audited(self, room: Stream | None, act: str, target: str, detail: str = "") -> AuditEntry:
        """What the record is to keep of an act of moderation."""
        name = "" if room is None else room.name
        return AuditEntry(self.huddle.saving.stamp(), name, act, self.session.nick, target, detail)
