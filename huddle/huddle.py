"""The Huddle: who is here, which rooms there are, and the one order of all that is said.

It joins its parts, each of which knows one thing:

- `registry` the sessions, nicks and accounts, `directory` the rooms and how they are
- `presence` who is connected, held or gone, `membership` who is in which room
- `speaking` who may say what, and what becomes of it; `inboxes` what is said to one person
- `sequencer` the order of all that is said and happens, `replies` what one session is told of it
- `claims` what only one can have (nicks, seats, sessions), taken by `registry`, `membership` and
  `presence`; of a server that is one of several, by the log that all of them share
- `saving` what the record is to keep of them

and sees to it that what the sequencer publishes reaches its room. A visit (`huddle.visits.visit`)
asks it on behalf of one connection; it knows nothing of wires and languages. What people may ask
stands in `huddle.visits.actions`.

Durations come from a monotonic ``clock``, the time of day from ``now_ms``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from twisted.logger import Logger

from huddle.delivery.fair_queue import FairQueue
from huddle.delivery.round_robin import RoundRobin
from huddle.delivery.sequencer import Sequencer
from huddle.delivery.stream import Stream
from huddle.people.accounts import Accounts
from huddle.people.identity import site
from huddle.people.registry import Registry
from huddle.people.replies import Replies
from huddle.people.saving import Saving
from huddle.people.sessions import Session
from huddle.protocol.errors import TooFast
from huddle.protocol.events import FIRST_ROOM, INBOX, RoomEvent
from huddle.protocol.limits import Limits
from huddle.protocol.timing import Clock
from huddle.record import Record
from huddle.rooms.claims import Claims
from huddle.rooms.directory import Directory
from huddle.rooms.inbox import Inboxes
from huddle.rooms.membership import Membership
from huddle.rooms.presence import Presence
from huddle.rooms.room import Room
from huddle.rooms.speaking import Speaking

__all__ = ["FIRST_ROOM", "Huddle"]


ASK_LATER = 5.0
"""Seconds after which to ask again where too many searches of one address wait."""


class Huddle:
    """The whole conversation. One for each running server."""

    _log = Logger()

    def __init__(
        self,
        record: Record,
        clock: Clock,
        now_ms: Callable[[], int],
        limits: Limits,
        accounts: Accounts,
        presence: Callable[..., Presence],
        claims: Callable[[Registry, Membership, Presence], Claims],
    ) -> None:
        """``clock`` is monotonic, ``now_ms`` is the time of day.

        ``accounts`` are those of the record, and those that are expected beside. ``presence`` and
        ``claims`` make those two, of which a server that is one of several has its own.
        """
        later, seconds = clock.callLater, clock.seconds
        self.record = record
        self.seconds = seconds
        self.limits = limits
        self.now_ms = now_ms
        self.later = later
        self.round_robin = RoundRobin(later)
        self.searching = self._queue()
        """Searches of the record, in turns by address."""
        self.reading = self._queue()
        """Readings of the past that sessions asked for, by their addresses in turn."""
        self.registry = Registry(record.last_session, accounts, limits)
        self.nicks = self.registry.nicks
        """Which nicks are taken, and their owners."""
        self.directory = Directory(record, later, now_ms, limits, seconds)
        self.saving = Saving(record, now_ms)
        self.replies = Replies(limits)
        self.sequencer = Sequencer(record, later, now_ms, seconds, limits)
        self.speaking = Speaking(
            record, self.registry, self.directory, self.sequencer, self.replies, seconds, limits
        )
        self.inboxes = Inboxes(
            record,
            self.registry,
            self.speaking,
            self.saving,
            self.replies,
            self.directory.history,
            later,
            limits,
        )
        self.sequencer.publish_by(self._deliver, self.speaking.settle, self.replies.give_out)
        self.membership = Membership(self.directory, self.sequencer, self.saving, self.replies)
        self.presence = presence(
            self.registry,
            self.membership,
            self.sequencer,
            self.saving,
            self.replies,
            clock,
            limits,
            self.inboxes.leave,
        )
        self.room = self.directory.room
        self.claims = claims(self.registry, self.membership, self.presence)
        self.role = self.directory.restrictions.role
        self.opened_after = record.last_time
        for row in record.sessions_here():
            self.presence.hold_again(row)
        self.directory.recall_paces(seconds(), now_ms())

    def _queue(self) -> FairQueue:
        """Slow jobs that are done one after the other, by the addresses that ask for them."""
        each = self.limits.asking
        return FairQueue(each, lambda: TooFast(ASK_LATER), self.round_robin.soon, site)

    # -- rooms ---------------------------------------------------------------------------------

    def stream_of(self, session: Session, name: str | None) -> Stream:
        """The room that a session means and may read, or its inbox. Raises `NoSuchRoom`.

        It is asked at each reading, so a session that has left or was sent away reads no more.
        """
        if name == INBOX:
            return self.inboxes.open(session.inbox)
        return self.directory.room_of(session, name)

    def stream(self, name: str) -> Stream | None:
        """The room or the inbox of that name, if it is open."""
        return self.directory.find(name) or self.inboxes.find(name)

    @property
    def rooms(self) -> Collection[Room]:
        """The rooms that have members; the others are kept by the record alone."""
        return self.directory.open

    # -- publishing ----------------------------------------------------------------------------

    def publish(self, events: Iterable[RoomEvent]) -> None:
        """Give out what has happened to the whole house, where that is not for the sequencer to
        tell: its members on other nodes have said or done it, or those here."""
        by_room: dict[str, list[RoomEvent]] = {}
        for event in events:
            by_room.setdefault(event.room, []).append(event)
        self._deliver(by_room, False)
        self.replies.give_out()

    def _deliver(self, events: dict[str, list[RoomEvent]], drafts_alone: bool) -> None:
        """Behind drafts alone come their acks, and nothing else: what speakers get between their
        own lines goes out with these."""
        replies = self.replies
        replies.gathering = True
        for name, in_room in events.items():
            if replies.around:
                replies.give_around()  # before they are given what is said elsewhere
            try:
                room = self.directory.find(name)
                if room is not None:
                    room.publish(in_room, replies.around)
                elif name[0] == INBOX:
                    self.inboxes.publish(name, in_room)
            except Exception:
                self._log.failure("Publishing in one room went wrong")
        if replies.around and not drafts_alone:
            replies.give_around()
