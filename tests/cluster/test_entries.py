"""Whatever the entries are, and in whatever order: no rule stumbles, and all nodes agree.

The entries are drawn from a small house, so that they often meet: six sessions, four rooms, three
accounts, three nodes that are put down and come up.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from huddle.cluster import apply as applying
from huddle.cluster.apply import apply
from huddle.cluster.batches import Batch, encode
from huddle.cluster.effects import Refused
from huddle.cluster.entries import (
    NAMES,
    Announce,
    Appoint,
    Attach,
    Beat,
    Begin,
    Cut,
    Down,
    Entry,
    Erase,
    Expire,
    Leave,
    Lifted,
    Login,
    Lose,
    Mark,
    Own,
    Password,
    Register,
    Rename,
    Restrict,
    Restriction,
    Retain,
    Say,
    Seat,
    Set,
    Unseat,
    Up,
    Upgrade,
)
from huddle.cluster.naming import keyed
from huddle.cluster.refusals import error
from huddle.cluster.rows import ids, kept, said
from huddle.cluster.rules.upgrades import KNOWN_RULES
from huddle.cluster.snapshot import digest, dump, load
from huddle.cluster.state import State, first_state
from tests.cluster.written_log import NOON, hashed

NICKS = [keyed(nick) for nick in ("ana", "ANA", "bob", "eva", "аna", "root")]
ROOMS = [keyed(room) for room in ("huddle", "ops", "OPS", "dev")]
PLACES = ["huddle", "ops", "dev", "nowhere", "@1", "@a1"]
TARGETS = ["session:1", "session:2", "account:1", "nick:ana", "address:10.0.0.0/8"]
SETTINGS = [("topic", "soup"), ("key", "ab"), ("key", ""), ("slow", 5), ("quiet", True)]
HOSTS = ["", "040a000001", "040b000001"]
ORIGINS = [("", ""), ("10.0.0.1", ""), ("2001:db8:0:1::/64", "2001:db8::/48")]
"""What hosts count as where things are shared out."""


class Drawn:
    """Entries at random; what they name is there more often than not."""

    def __init__(self, seed: int, state: State) -> None:
        self.random = Random(seed)
        self.state = state
        self.operators: list[tuple[str, ...]] = []

    def session(self) -> int:
        return self.random.randint(1, 6)

    def by(self) -> int:
        return self.random.choice([0, 0, 1, 2, 3])

    def one(self, *of: Any) -> Any:
        return self.random.choice(of)

    def losses(self, session: int) -> int:
        there = self.state.sessions.get(session)
        return there.losses if there is not None and there.losses else 1

    def restrict(self) -> Restrict:
        network = {"first": "040a000000", "last": "040affffff"}
        who = self.one(*TARGETS)
        more = network if who.startswith("address") else {}
        kind = self.one("ban", "mute", "voice", "host", "soup")
        room = self.one(*PLACES)
        until = self.one(0, NOON + 50_000)
        there = self.state.rooms.get(room)
        drop: tuple[Lifted, ...] = ()
        if there is not None and there.restrictions and self.random.random() < 0.5:
            (what, whom), seen = next(iter(there.restrictions.items()))
            drop = (Lifted(what, whom, seen.version),)
        mark = Restriction(kind, who, "", until, "", **more)
        nicks = (keyed(self.one("ana", "ANA")),) if who == "nick:ana" and self.one(0, 1, 1) else ()
        return Restrict(room, self.by(), (mark,) if self.one(0, 1) else (), drop, nicks=nicks)

    def entry(self, kind: type[Entry]) -> Entry:
        session, nick, room = self.session(), self.one(*NICKS), self.one(*ROOMS)
        place, number = self.one(*PLACES), self.random.randint(0, 3)
        host, life = self.one(*HOSTS), self.one("", *self.state.lives, *self.state.dead)
        origin = ORIGINS[HOSTS.index(host)]
        at: dict[str, Any] = dict(zip(("address", "site"), origin, strict=True))
        some_life = life or "ff" * 16
        setting, value = self.one(*SETTINGS)
        made: dict[type, Entry] = {
            Up: Up({}),
            Down: Down(some_life, self.n_of(some_life)),
            Beat: Beat(),
            Mark: Mark(1 + number, "ab" * 32),
            Upgrade: Upgrade(1 + number),
            Begin: Begin(nick, (room,), self.one("", hashed("k")), host=host, **at),
            Attach: Attach(session, number, life, self.one(None, nick), number, host, **at),
            Lose: Lose(session, {place: number}),
            Leave: Leave(session, {place: number}),
            Expire: Expire(session, self.losses(session)),
            Rename: Rename(session, nick),
            Own: Own(
                session,
                self.one(None, "", "ab"),
                cursors={place: number},
                in_charge=self.one(True, False, False),
                code=life,
            ),
            Seat: Seat(session, room, self.one("", "ab"), self.one(True, False)),
            Unseat: Unseat(session, place),
            Cut: Cut(session, place, self.by()),
            Set: Set(place, setting, value, self.by()),
            Restrict: self.restrict(),
            Say: Say(
                session,
                self.random.randint(0, 9),
                "hola",
                place,
                whom=self.one(0, 0, 1, 2, -1, -2),
                block=number,
                inside=True,
            ),
            Announce: Announce(session, "soup"),
            Erase: Erase(place, (number,), self.by(), own=self.one(True, False)),
            Register: Register(nick, "", self.by(), own=self.one(True, False)),
            Login: Login(session, 1 + number, 1),
            Password: Password(1 + number, "", 1 + number),
            Appoint: Appoint(1 + number, self.one(True, False), self.by(), code=life),
            Retain: Retain(0, 5, self.state.time, self.one(0, 1)),
        }
        return made[kind]

    def options(self) -> dict[str, Any]:
        """Those of a start: people add operators, and take them back, on one node after another."""
        if self.random.random() < 0.3:
            self.operators = self.one([], [keyed("ana")], [keyed("bob"), keyed("eva")])
        operators = [list(name) for name in self.operators]
        shares = {"held_each": 1, "left_each": 1, "sessions": 5}
        return {"marks": 6, "pending": 3, "rooms": 3, **shares, "operators": operators}

    def n_of(self, life: str) -> int:
        return self.state.lives[life].n if life in self.state.lives else 0

    def some(self) -> list[Entry]:
        often = [Say, Say, Begin, Begin, Attach, Seat]
        kinds = [*NAMES.values(), *often]
        return [self.entry(self.random.choice(kinds)) for _ in range(self.random.randint(1, 8))]


def course(seed: int, batches: int = 60, rules: int = 0) -> list[tuple[int, bytes]]:
    """A log of that many batches, which were drawn while it was applied: by these rules from its
    first entry on, or by the first ones until it has an `Upgrade`."""
    state, log = first_state(), list[tuple[int, bytes]]()
    drawn = Drawn(seed, state)
    lives = 0
    for position in range(1, batches):
        node = drawn.one("a", "b", "c")
        life = state.life_of(node)
        entries = drawn.some()
        if not life:
            lives += 1
            up = [Up(drawn.options(), rules=rules or KNOWN_RULES)]
            begins = [Upgrade(rules)] if rules > 1 and lives == 1 else []
            life, entries = f"{lives:032x}", [*up, *begins, *entries]
        batch = Batch(life, node, drawn.n_of(life) + 1, 0, NOON + 1000 * position, entries)
        log.append((position, encode(batch)))
        apply(state, *log[-1])
    return log


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_entries_are(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(seed, monkeypatch)


def stands(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two nodes apply the log of this seed, one from a snapshot on, and no rule stumbles."""

    def stumbled(context: Any, entry: Entry, why: Exception) -> None:
        raise why

    monkeypatch.setattr(applying, "stumbled", stumbled)
    log = course(seed)
    state, other = first_state(), first_state()
    counts: Counter[str] = Counter()
    for position, batch in log:
        applied = apply(state, position, batch)
        for each in applied.outcomes:
            counts["refused" if isinstance(each, Refused) else type(each).__name__] += 1
            if isinstance(each, Refused):
                error(each, str)
        assert len(said(applied)) == len(ids(applied))
        kept(state, applied)
        apply(other, position, batch)
        if position == 30:
            other = load(dump(other))
        assert digest(load(dump(state))) == digest(state)
        sound(state)
    assert digest(other) == digest(state)
    assert counts["refused"]
    assert counts["Opened"] or state.accounts  # which may have all the nicks


def sound(state: State) -> None:
    """What is in two places is the same in both."""
    here = {each.number for each in state.sessions.values() if each.here}
    assert state.present == len(here)
    for room in state.rooms.values():
        assert room.seats.keys() <= here
        people = Counter(state.sessions[number].person for number in room.seats)
        assert people == Counter(room.people)
        assert room.networks.keys() == {
            key for key, each in room.restrictions.items() if each.first
        }
        assert room.nicks.keys() <= room.restrictions.keys()
        for number in room.seats:
            assert room.name[0] in state.sessions[number].rooms
    for session in state.sessions.values():
        if session.here and not session.account:
            assert all(state.names[key] == session.number for key in session.nick[1:])
        if session.here:
            seats = {room for room in session.rooms if room[0] != "@"}
            assert seats == {r for r, each in state.rooms.items() if session.number in each.seats}
    for account in state.accounts.values():
        assert all(state.names[key] == -account.number for key in account.nick[1:])
        assert account.devices.keys() == {
            number for number in here if state.sessions[number].account == account.number
        }
    again = load(dump(state))
    assert (again.held_at, again.left_at) == (state.held_at, state.left_at)
    assert (again.held_groups, again.by_inbox) == (state.held_groups, state.by_inbox)
    assert again.alike == state.alike
    owners = {owner for owner in state.names.values() if owner > 0}
    assert owners <= {number for number in here if not state.sessions[number].account}
    assert set(state.room_names.values()) == state.rooms.keys()
