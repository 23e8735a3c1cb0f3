"""What is slow for one address holds up no line of anybody, and another's slow work by one job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar, cast

import pytest
from twisted.internet.defer import Deferred
from typing_extensions import override

from huddle.locale import translator
from huddle.people.accounts import Accounts
from huddle.protocol.events import Said
from huddle.protocol.limits import KIB, Limits
from huddle.record.memory import MemoryRecord
from huddle.server import password_checkers, passwords
from huddle.server.password_checkers import CredPasswords
from huddle.server.passwords import Hashing
from tests.counting_record import CountingRecord
from tests.in_memory_tcp import MemoryReactor
from tests.open_checker import kept
from tests.world import Peer, World

T = TypeVar("T")

FREELY = Limits(flood_rate=0, ring_bytes=1 << 30, block=16)
LONG = "x" * 4000


class Searching(MemoryRecord):
    """A record in which a search takes until it is told that it is over."""

    def __init__(self) -> None:
        super().__init__(FREELY, epoch="searching")
        self.begun: list[str] = []
        self._searching: Deferred[Sequence[Said]] = Deferred()

    @override
    def search(
        self, room: str, query: str, limit: int, before: int | None = None
    ) -> Deferred[Sequence[Said]]:
        self.begun.append(query)
        self._searching = Deferred()
        return self._searching

    def is_over(self) -> None:
        self._searching.callback([])


def test_lines_are_heard_and_a_search_is_next_though_another_address_searches_without_end() -> None:
    world = World(record := Searching(), limits=FREELY)
    carla = world.person("carla", address="10.0.0.3")
    bob = world.person("bob", address="10.0.0.4")
    attackers = [world.program(f"n{number}") for number in range(20)]
    for attacker in attackers:
        attacker.sends_objects(*[{"type": "search", "id": n, "words": "worst"} for n in (1, 2, 3)])
    world.settle()
    carla.forgets()
    bob.says("/search mine", "hola", "y adiós")
    carla.hears("<bob> hola", "<bob> y adiós")
    assert record.begun == ["worst"]
    record.is_over()
    world.settle()
    assert record.begun == ["worst", "mine"]
    record.is_over()
    world.settle()
    assert bob.reads()[-1] == "-- There is nothing to show."


@pytest.mark.parametrize("is_program", [True, False])
def test_a_line_waits_a_few_turns_of_the_reactor_whatever_searches_there_are(
    is_program: bool,
) -> None:
    world = World(record := Searching(), limits=FREELY)
    carla = world.person("carla", address="10.0.0.3")
    bob = world.person("bob", address="10.0.0.4")
    for number in range(20):
        if is_program:
            attacker: Peer = world.program(f"n{number}")
            attacker.sends(b'{"type":"search","id":1,"words":"a b c d e"}\n' * 60)
        else:
            attacker = world.person(f"n{number}")
            attacker.sends(b"/search a b c d e\n" * 60)
    for _ in range(20):
        bob.sends(b"hola\n")
        turns = 0
        while "<bob> hola" not in carla.reads():
            world.reactor.turn()
            turns += 1
        assert turns <= 4
        if record.begun:
            record.is_over()  # and the next one begins


def _verify(hash: str, password: str) -> bool:
    return hash == kept(password)


class Hashes(Hashing):
    """A queue of passwords whose thread is the test: each takes until it `is_done`."""

    def __init__(self) -> None:
        super().__init__(cast(Any, MemoryReactor()), FREELY.hashing)
        self.begun = 0
        self._work: Callable[[], None]

    @override
    def _begin(self, work: Callable[[], T]) -> Deferred[T]:
        self.begun += 1
        done: Deferred[T] = Deferred()
        self._work = lambda: done.callback(work())
        return done

    def is_done(self) -> None:
        self._work()


class HashingWorld(World):
    """A world in which passwords wait for each other as they do in a real server."""

    hashes: Hashes

    @override
    def _make_passwords(self, accounts: Accounts) -> Any:
        self.hashes = Hashes()
        hash_of = partial(self._hash_of, accounts)
        return CredPasswords(self.hashes, hash_of, (), translator("en"), lambda nick, new: None)


@pytest.mark.parametrize("password", ["theirsecret", "another"])
def test_a_login_waits_for_one_of_another_address_that_logs_in_without_end(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "verify", _verify)
    monkeypatch.setattr(passwords, "hash_password", kept)
    monkeypatch.setattr(password_checkers, "is_outdated", lambda kept: False)
    world = HashingWorld(limits=replace(FREELY, registrations=10))
    for nick in ("bob", *(f"account{number}" for number in range(5))):
        owner = world.person(nick)
        owner.says(f"/register {'bobssecret' if nick == 'bob' else 'theirsecret'}")
        world.hashes.is_done()
        world.settle()
        owner.says("/salir")
    for number in range(33):
        line = f"/login account{number % 5} {password}\n".encode()
        world.person(f"n{number}").sends(line * 60)
    world.settle()
    for _ in range(5):
        world.hashes.is_done()
        world.settle()
    bob = world.connect(address="10.0.0.4")
    before = world.hashes.begun
    bob.sends(b"/login bob bobssecret\n")
    world.settle()
    while not any(line.startswith("-- Hello bob") for line in bob.reads()):
        world.hashes.is_done()
        world.settle()
        assert world.hashes.begun <= before + 2, "bob waits for more than one of theirs"


READERS = 60
BEHIND = 4
"""Blocks that each of them reads."""


@pytest.mark.parametrize("take", [16 * KIB, 256 * KIB])
def test_readers_far_apart_have_each_stretch_read_once_however_slowly_they_take_it(
    take: int,
) -> None:
    record = CountingRecord(FREELY)
    bob = World(record, limits=FREELY).person("bob")
    written = (READERS + BEHIND) * FREELY.block
    bob.says(*[f"{number} {LONG}" for number in range(written)])
    world = bob.world.crashes()  # what was said last is in no memory
    readers = []
    for number in range(READERS):
        place = number * FREELY.block
        reader = world.connect(f"10.0.1.{number % 4}")
        reader.stops_reading()
        hello = f'{{"type":"hello","v":1,"nick":"r{number}","session":"{number:032}",'
        reader.sends(f'{hello}"epoch":"counting","after":{{"huddle":{place}}}}}\n'.encode())
        readers.append((reader, place))
    world.settle()
    record.count = 0
    needed = 0
    for _ in range(BEHIND * FREELY.block * len(LONG) // take + 1):
        for reader, _ in readers:
            reader.takes(take)
    for reader, place in readers:
        heard = [line for line in reader.reads() if '"type":"said"' in line]
        needed += len(heard)
        assert [f'"seq":{place + n + 1},' in line for n, line in enumerate(heard)] == (
            [True] * len(heard)
        )
    assert needed >= READERS * (BEHIND - 1) * FREELY.block
    assert record.count <= 1.3 * needed
