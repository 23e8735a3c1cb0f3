"""Owners and thieves do anything by chance, while the disk and the hashing are slow or fail.

Thieves know every return word that was ever told and the nicks of all, but no password of an owner
and no program's secret. Whatever happens: who is on an account is who knows its password.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from huddle.delivery.outlet import Outlet
from huddle.people.sessions import Account
from huddle.protocol.limits import Limits
from tests.open_checker import kept
from tests.slow_record import SlowRecord
from tests.world import Json, Peer, Program, World

NICKS = ["ana", "ana", "Ana", "аna", "bob", "carla", "root", "auth"]
OWNERS = ["owner-one", "owner-one", "owner-one", "owner-two"]
"""Passwords of the owners, whoever they are."""
THIEVES = ["of-a-thief"]
OTHERS = {"root": OWNERS[0], "auth": OWNERS[0]}

LIMITS = Limits(hold=20, registrations=1000)


class Storm:
    """A house, its disk, and everybody who ever came."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.disk = SlowRecord()
        self.world = World(self.disk, limits=LIMITS, operators=["root"], others=OTHERS)
        self.people: list[Peer] = []
        self.programs: list[Program] = []
        self.thieves: set[Peer] = set()
        self.theirs: set[Outlet] = set()
        self.words: set[str] = set()

    def blows(self) -> None:
        """One thing happens."""
        happenings: list[Callable[[], object]] = [self._person, self._program, self._disk]
        happenings += (
            [self._line] * 7 + [self._object] * 2 + [self._again, self._back, self._leaves]
        )
        happenings += [self._passwords, self._passes]
        if self.chance.random() < 0.01:
            happenings = [self._crash]
        self.chance.choice(happenings)()

    def calms_down(self) -> None:
        """The disk and the hashing do all that is to be done."""
        disk, passwords = self.disk, self.world.passwords
        disk.slow = disk.broken = disk.slow_to_read = passwords.held = False
        for _ in range(6):
            passwords.answers()
            disk.finds()
            disk.writes()
            self.world.settle()

    # -- what may happen -----------------------------------------------------------------------

    def _known_to(self, peer: Peer) -> str:
        return self.chance.choice(THIEVES if peer in self.thieves else OWNERS)

    def _person(self) -> None:
        peer = self._stranger()
        nick = self.chance.choice(NICKS)
        peer.says(self.chance.choice([nick, f"/login {nick} {self._known_to(peer)}"]))

    def _stranger(self) -> Peer:
        peer = self.world.connect(f"127.0.0.{self.chance.randint(1, 250)}")
        self.people.append(peer)
        if self.chance.random() < 0.4:
            self.thieves.add(peer)
            self.theirs.add(peer.connection.outlet)
        return peer

    def _program(self, secret: str = "", thief: bool = False) -> None:
        thief = thief if secret else self.chance.random() < 0.4
        own = secret or self.chance.choice(["t1", "t2"] if thief else ["s1", "s2", "s3"])
        program = Program(self.world, self.chance.choice(NICKS), own)
        if thief:
            self.thieves.add(program)
        self.programs.append(program)
        self.world.attach(program, f"10.0.0.{self.chance.randint(1, 250)}")
        if thief:
            self.theirs.add(program.connection.outlet)
        hellos: list[Json] = [{}, {"password": self._known_to(program)}]
        program.enters(**self.chance.choice(hellos), resume=bool(secret))

    def _again(self) -> None:
        if self.programs:
            program = self.chance.choice(self.programs)
            self._program(program.secret, program in self.thieves)

    def _back(self) -> None:
        for peer in self.people:
            peer.reads()
            self.words.add(peer.word)
        word = self.chance.choice(sorted(self.words) or [""])
        self.chance.choice([*self.people, self._stranger()]).says(f"/back {word}")

    def _line(self) -> None:
        if not self.people:
            return
        peer, nick = self.chance.choice(self.people), self.chance.choice(NICKS)
        one, two = self._known_to(peer), self._known_to(peer)
        lines = [f"/register {one}", f"/login {nick} {one}", f"/login {one}", f"/nick {nick}"]
        lines += [f"/password {one} {two}", f"/register {nick} {one}", "hola", "/quit", "/join ops"]
        lines += ["/join huddle", f"/kick {nick}", f"/mute {nick}", f"/op {nick}", f"/msg {nick} x"]
        peer.sends(f"{self.chance.choice(lines)}\n".encode())
        if self.chance.random() < 0.7:
            self.world.settle()

    def _object(self) -> None:
        if not self.programs:
            return
        program, nick = self.chance.choice(self.programs), self.chance.choice(NICKS)
        one, two = self._known_to(program), self._known_to(program)
        objects: list[Json] = [
            {"type": "register", "password": one},
            {"type": "login", "nick": nick, "password": one},
            {"type": "password", "old": one, "new": two},
            {"type": "nick", "nick": nick},
            {"type": "bye"},
        ]
        program.sends_objects({**self.chance.choice(objects), "id": 1})
        if self.chance.random() < 0.7:
            self.world.settle()

    def _leaves(self) -> None:
        if self.people or self.programs:
            peer = self.chance.choice([*self.people, *self.programs])
            self.chance.choice([peer.cut, peer.ends])()

    def _passwords(self) -> None:
        passwords = self.world.passwords
        passwords.held = self.chance.random() < 0.5
        passwords.answers(self.chance.randint(0, passwords.waiting))
        self.world.settle()

    def _disk(self) -> None:
        self.disk.slow = self.chance.random() < 0.5
        self.disk.slow_to_read = self.chance.random() < 0.3
        self.disk.broken = self.chance.random() < 0.1
        self.chance.choice([self.disk.writes, self.disk.refuses])(self.chance.randint(1, 3))
        self.disk.finds()
        self.world.settle()

    def _passes(self) -> None:
        self.world.passes(self.chance.choice([1, 3, 30]))

    def _crash(self) -> None:
        self.disk.loses_power(self.chance.randint(0, 3))
        self.world = self.world.crashes()
        self.people, self.programs = [], []

    # -- what holds whatever happens -----------------------------------------------------------

    def holds(self) -> None:
        """Who is on an account knows its password, and has its nick alone."""
        registry, nicks = self.world.huddle.registry, self.world.huddle.nicks
        for account in registry.accounts:
            assert nicks.owner(account.nick) is account
            by_thief = account.row.hash in [kept(password) for password in THIEVES]
            for session in account.sessions.values():
                assert (session.account, session.nick) == (account, account.nick)
                assert session.word is None
                assert session.outlet is None or (session.outlet in self.theirs) is by_thief
        for session in registry.sessions:
            owner = nicks.owner(session.nick)
            assert owner is session or isinstance(owner, Account)
        for room in self.world.huddle.rooms:
            devices = Counter(each.account for each in room if each.account is not None)
            assert all(room.devices(each) == devices[each.account] for each in room if each.account)

    def nothing_is_left_over(self) -> None:
        """Every nick is somebody's who is here, or an account's."""
        registry = self.world.huddle.registry
        guests = [each.nick for each in registry.sessions if each.account is None]
        accounts = [account.nick for account in registry.accounts]
        assert len(self.world.huddle.nicks) == len(guests) + len(accounts)
        assert all(nick in self.world.huddle.nicks for nick in guests + accounts)
        assert not any(session.expected for session in registry.sessions)


@pytest.mark.parametrize("seed", range(40))
def test_who_is_on_an_account_knows_its_password(seed: int) -> None:
    storm = Storm(seed)
    for _ in range(12):
        for _ in range(10):
            storm.blows()
            storm.holds()
        storm.calms_down()
        storm.holds()
        storm.nothing_is_left_over()
