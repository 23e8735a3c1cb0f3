"""Restrictions: who is banned, muted, given a voice or host, room by room, and until when.

How long one lasts is measured by a clock that no setting changes, so that a ban of two minutes is
one of two minutes, whatever becomes of the time of day meanwhile.

A mark is under one target: a person's identity, a nick, or a network (`huddle.people.identity`).
One that has ended counts no more, and goes when the room is next looked through.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from twisted.internet.defer import DeferredLock

from huddle.people.identity import Range, address_range, is_within, nick_target
from huddle.people.registry import Owner
from huddle.people.sessions import Session
from huddle.protocol import names
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.permissions import Role
from huddle.record import Dropped, Kept, Mark, MarkKind
from huddle.rooms.inherited_mutes import SOON, InheritedMutes, heir, is_about, mutes_nobody, waiting

_Key = tuple[MarkKind, str]


class Restrictions:
    """All of the house. ``now_ms`` is the time of day in milliseconds, by which marks are written
    down, ``seconds`` the clock by which they last: the same one, if none is given."""

    def __init__(
        self,
        marks: Iterable[Mark],
        now_ms: Callable[[], int],
        seconds: Callable[[], float] | None = None,
    ) -> None:
        self._now_ms = now_ms
        self._seconds = seconds or (lambda: now_ms() / 1000)
        self._ends: dict[tuple[str, MarkKind, str], float] = {}
        """When those end that do, by that clock."""
        self._rooms: dict[str, dict[_Key, Mark]] = {}
        self.banning: Counter[str] = Counter()
        """How many bans there are in each room that has any."""
        self._muting: Counter[str] = Counter()
        self._muted: dict[str, dict[str, None]] = {}
        """The rooms in which each target is muted: who goes is not looked for in all of them."""
        self._counted = {MarkKind.BAN: self.banning, MarkKind.MUTE: self._muting}
        self.inherited = InheritedMutes()
        self._alike: dict[tuple[str, MarkKind], dict[str, dict[str, None]]] = {}
        """The targets that are nicks, by each key that the nick is compared by: a nick that looks
        like it is meant, too, as where it is asked whether one is free."""
        self._networks: dict[str, dict[str, Range]] = {}
        """Those that are banned, as numbers: a thousand are compared for everybody who comes."""
        self.in_turn = DeferredLock()
        """Callers that count them and have the record keep more do that one after the other, by
        `huddle.delivery.sequencer.refusals.Refusals.run`."""
        for mark in marks:
            self.set(mark)

    def __len__(self) -> int:
        return sum(map(len, self._rooms.values()))

    def set(self, mark: Mark) -> None:
        """Have this mark hold, in the place of one of its kind on the same target."""
        marks = self._rooms.setdefault(mark.room, {})
        if (before := marks.get((mark.kind, mark.who))) is not None:
            self._forget_alike(before)
        if mark.kind in self._counted and (mark.kind, mark.who) not in marks:
            self._counted[mark.kind][mark.room] += 1
        marks[mark.kind, mark.who] = mark
        if mark.kind is MarkKind.MUTE:
            self._muted.setdefault(mark.who, {})[mark.room] = None
            self.inherited.note(mark)
        for key in _keys(mark):
            there = self._alike.setdefault((mark.room, mark.kind), {})
            there.setdefault(key, {})[mark.who] = None
        self._ends.pop((mark.room, mark.kind, mark.who), None)
        if mark.until is not None:
            left = (mark.until - self._now_ms()) / 1000
            self._ends[mark.room, mark.kind, mark.who] = self._seconds() + left
        kind, _, address = mark.who.partition(":")
        network = address_range(address) if kind == "address" else None
        if network is not None:
            self._networks.setdefault(mark.room, {})[mark.who] = network

    def drop(self, mark: Mark) -> None:
        """Have this mark hold no more; nothing happens when it did not. The record is not told."""
        marks = self._rooms.get(mark.room, {})
        dropped = marks.pop((mark.kind, mark.who), None)
        if dropped is not None:
            self._forget_alike(dropped)
        self._ends.pop((mark.room, mark.kind, mark.who), None)
        counted = self._counted.get(mark.kind)
        if dropped is not None and counted is not None:
            counted[mark.room] -= 1
            if not counted[mark.room]:
                del counted[mark.room]
        if mark.kind is MarkKind.MUTE and (muted := self._muted.get(mark.who)) is not None:
            muted.pop(mark.room, None)
            self.inherited.forget(mark)
            if not muted:
                del self._muted[mark.who]
        if not marks:
            self._rooms.pop(mark.room, None)
        networks = self._networks.get(mark.room, {})
        if not any((kind, mark.who) in marks for kind in MarkKind):
            networks.pop(mark.who, None)
        if not networks:
            self._networks.pop(mark.room, None)

    def _forget_alike(self, mark: Mark) -> None:
        there = self._alike.get((mark.room, mark.kind), {})
        for key in _keys(mark):
            there[key].pop(mark.who, None)
            if not there[key]:
                del there[key]
        if not there:
            self._alike.pop((mark.room, mark.kind), None)

    def of_nick(self, room: str, kind: MarkKind, nick: str) -> Mark | None:
        """The mark of this kind on this nick, or on one that looks like it, if one holds now."""
        there = self._alike.get((room, kind))
        if there is None:
            return None
        targets = [who for key in sorted(names.keys(nick)) for who in there.get(key, ())]
        return next(filter(None, [self.of(room, kind, who) for who in targets]), None)

    def of(self, room: str, kind: MarkKind, who: str) -> Mark | None:
        """The mark of this kind on this very target, if one holds now."""
        mark = self._rooms.get(room, {}).get((kind, who))
        return mark if mark is not None and self._is_in_force(mark) else None

    def role(self, who: Owner | None, room: str = FIRST_ROOM) -> Role:
        """What a person is in a room: a session, or an account whether it is here or not."""
        if who is None:
            return Role.STRANGER
        if who.is_operator:
            return Role.OPERATOR
        if room in self._rooms and self.of(room, MarkKind.HOST, who.identity) is not None:
            return Role.HOST
        is_guest = isinstance(who, Session) and who.account is None
        return Role.GUEST if is_guest else Role.MEMBER

    def any_of(self, room: str, kind: MarkKind) -> bool:
        """Whether any mark of this kind holds in the room."""
        return next(self.all_of(room, kind), None) is not None

    def all_of(self, room: str, kind: MarkKind) -> Iterator[Mark]:
        """The marks of this kind that hold in the room now, the oldest first."""
        return (mark for mark in self.in_force(room) if mark.kind is kind)

    def in_force(self, room: str) -> Iterator[Mark]:
        """The marks of any kind that hold in the room now, the oldest first."""
        return filter(self._is_in_force, self.in_room(room))

    def ban_of(self, room: str, identity: str, nick: str) -> Mark | None:
        """What keeps this person out of the room, if anything does."""
        if room not in self._rooms:
            return None
        mark = self.of(room, MarkKind.BAN, identity)
        return mark or self.of_nick(room, MarkKind.BAN, nick)

    def ban_of_host(self, room: str, host: str) -> Mark | None:
        """The ban on a network that keeps a host with this address out of the room, if any."""
        return self._on_host(room, MarkKind.BAN, host)

    def _on_host(self, room: str, kind: MarkKind, host: str) -> Mark | None:
        networks = self._networks.get(room)
        address = address_range(host) if networks else None
        if networks is None or address is None:
            return None
        meant = (who for who, network in networks.items() if is_within(address, network))
        marks = (self.of(room, kind, who) for who in meant)
        return next(filter(None, marks), None)

    def mute_of(self, room: str, session: Session) -> Mark | None:
        """What keeps the session from speaking in the room, if anything does.

        A guest is no other person for having come in again: a mute on their nick or their address
        counts too, the latter not for the room's host.
        """
        if room not in self._rooms:
            return None
        mark = self.of(room, MarkKind.MUTE, session.identity)
        if mark is not None or session.account is not None:
            return mark
        mark = self.of_nick(room, MarkKind.MUTE, session.nick)
        if mark is None and self.of(room, MarkKind.HOST, session.identity) is None:
            mark = self._on_host(room, MarkKind.MUTE, session.host)
        return mark

    def goes(self, session: Session, newest: int) -> list[Kept]:
        """A session is on its connection no more, and leaves mutes behind (`InheritedMutes`).

        So does an account whose person is on no other connection: they may come as a guest.

        ``newest`` is the number of the newest session of all. Returns what the record is to keep.
        """
        if not self._muting or not session.address or _is_elsewhere(session):
            return []
        mutes = [self.mute_of(room, session) for room in self._where_muted(session)]
        left = list(filter(None, mutes))
        if not left:
            return []
        until = self._now_ms() + round(SOON * 1000)
        marks = [waiting(session, mute, newest, until) for mute in left]
        ended = [mark for each in marks for mark in self.ended(each.room)]
        dropped = [*self.inherited.of(session.number), *ended]
        return self._change([*self.inherited.goes(session), *dropped], marks)

    def _where_muted(self, session: Session) -> Iterable[str]:
        """The rooms where the session may be muted; for its address, those that it is in."""
        rooms = set(self._muted.get(session.identity, ()))
        if session.account is None:
            rooms.update(self._muted.get(nick_target(session.nick), ()))
            rooms.update(name for name in session.seats if name in self._muting)
        return rooms

    def returns(self, session: Session) -> list[Kept]:
        """Take back the mutes that a session has left behind, since it is here again. Returns what
        the record is to keep."""
        return self._change(self.inherited.of(session.number), [])

    def inherits(self, session: Session, room: str) -> tuple[Mark | None, list[Kept]]:
        """The mute that a session inherits that comes into the room (None: it has one, or none),
        and what the record is to keep of that."""
        mute = self.mute_of(room, session)
        there = list(self.inherited.waiting(session.address, room))
        if mute is not None:  # as the one who went there had it: it waits for no other guest
            nick = nick_target(mute.nick)
            had = [each.mark for each in there if nick_target(each.mark.nick) == nick]
            return None, self._change(had[:1], [])
        if session.account is not None:
            return None, []
        for each in there:
            holds = self.of(room, MarkKind.MUTE, each.mark.who) is not None
            mute = self.of(room, MarkKind.MUTE, each.muted) if holds else None
            if mute is not None and session.number > each.newest:
                gone: list[Mark] = []
                for beside, who in self.inherited.inherits(session, room):
                    its = self.of(beside.room, MarkKind.MUTE, who)
                    is_inherited = its is not None and its.nick == beside.nick  # not its own since
                    gone += [beside, its] if its is not None and is_inherited else [beside]
                mark = replace(mute, who=session.identity)
                return mark, self._change([each.mark, *gone], [mark, heir(session, mute)])
        return None, []

    def _change(self, dropped: Iterable[Mark], marks: Sequence[Mark]) -> list[Kept]:
        gone = list({(mark.room, mark.kind, mark.who): mark for mark in dropped}.values())
        for mark in gone:
            self.drop(mark)
        for mark in marks:
            self.set(mark)
        return [*map(Dropped, gone), *marks]

    def mutes_of(self, room: str, identity: str, nick: str) -> list[Mark]:
        """All mutes in the room on this person, or on a person whose nick looked like that one."""
        keys = names.keys(nick)
        return [
            mark
            for mark in self.all_of(room, MarkKind.MUTE)
            if mark.who == identity
            or is_about(mark, identity)
            or (mark.nick and names.keys(mark.nick) & keys)
        ]

    def ended(self, room: str) -> list[Mark]:
        """The marks that have ended: they may be dropped, here and from the record."""
        return [mark for mark in self._rooms.get(room, {}).values() if not self._is_in_force(mark)]

    def count_with(self, room: str, more: Iterable[Mark]) -> int:
        """How many marks would hold in the room with these, but for those that mute nobody
        themselves."""
        marks = itertools.filterfalse(mutes_nobody, (*self.in_force(room), *more))
        return len({(mark.kind, mark.who) for mark in marks})

    def in_room(self, room: str) -> list[Mark]:
        """All marks of the room, those included that have ended and are not dropped yet."""
        return list(self._rooms.get(room, {}).values())

    def on(self, identity: str) -> list[Mark]:
        """All that this person is marked with, in any room."""
        keys = [(kind, identity) for kind in MarkKind]
        return [marks[key] for marks in self._rooms.values() for key in keys if key in marks]

    def rooms(self) -> list[str]:
        """The rooms that have marks, those included that have ended."""
        return list(self._rooms)

    def _is_in_force(self, mark: Mark) -> bool:
        if mark.until is None:
            return True
        return self._ends[mark.room, mark.kind, mark.who] > self._seconds()


def _keys(mark: Mark) -> frozenset[str]:
    """What a mark on a nick is found by."""
    kind, _, key = mark.who.partition(":")
    if kind != "nick":
        return frozenset()
    return names.keys(mark.nick) | {key} if nick_target(mark.nick) == mark.who else frozenset({key})


def _is_elsewhere(session: Session) -> bool:
    """Whether the person is on another connection, too, by their account."""
    account = session.account
    if account is None:
        return False
    return any(one.outlet for one in account.sessions.values() if one is not session)
