"""A house that is asked anything by anybody, and stays sound: ``python -m tests.doors.fuzz``.

A few peers at a time, people and programs, guests, accounts and operators, send requests by chance
(`tests.doors.random_requests`). Between that they lose their connections and come back, stop
reading, and the server crashes; its disk is slow and fails. At each rest (everybody has gone, every
hold has ended) the house must be sound (`tests.doors.soundness`), and hold no more than before.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from zope.interface import implementer

from huddle.protocol.limits import Limits
from huddle.record import Dropped
from huddle.record.memory import MemoryRecord
from tests.doors.hostile_bytes import assert_harmless
from tests.doors.random_requests import NICKS, RandomRequests, password_of
from tests.doors.soundness import assert_sound
from tests.slow_record import SlowRecord
from tests.world import TRANSPORTS, Peer, World

LIMITS = Limits(
    flood_rate=0,
    per_address=40,
    attempts_rate=0,
    rooms=40,
    rooms_made=0,
    rooms_each=6,
    marks=30,
    marks_all=200,
    sessions=60,
    sessions_kept=100,
    accounts=30,
    ring_messages=100,
    pending=10,
    ignores=5,
)
"""So small that each is reached."""

ADDRESSES = ("192.0.2.7", "192.0.2.8", "198.51.100.1", "2001:db8::1", "::ffff:192.0.2.9")
OPERATORS = ("ana", "bob")
PEERS = 12
NOISE = 0.05
"""By so much what is held differs from one part of a run to another (measured: 3 %)."""

REST = 20_000
"""Requests from one rest to the next."""


@implementer(ILogObserver)
class Failures(list[str]):
    """The tracebacks that were logged."""

    def __call__(self, event: LogEvent) -> None:
        if "log_failure" in event:
            self.append(event["log_failure"].getTraceback())


@dataclass(slots=True)
class Rest:
    """What is held when nobody is there."""

    requests: int
    objects: int
    resident: int
    """KiB, at the most so far."""


class AskingPeer(Peer):
    """A peer that babbles as a program does, or as a person."""

    def __init__(self, world: World, is_program: bool) -> None:
        super().__init__(world)
        self.is_program = is_program


class Fuzz:
    """One run. The same ``seed`` does the same."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._asker = RandomRequests(self._chance)
        self._record = SlowRecord(LIMITS)
        self._world = World(
            self._record,
            limits=LIMITS,
            operators=OPERATORS,
            others={nick: password_of(nick) for nick in OPERATORS},
        )
        self._words: list[str] = []
        self._ids = 0
        self.requests = 0
        self.crashes = 0
        self.rests: list[Rest] = []
        self.codes: dict[str, int] = {}
        """How often each answer came, by type or code."""

    def run(self, requests: int, rest: int = REST) -> None:
        """Make at least so many requests. Raises `AssertionError` when something is wrong."""
        with failures() as seen:
            while self.requests < requests:
                until = min(self.requests + rest, requests)
                while self.requests < until:
                    self._step()
                    assert not seen, seen[0]
                self._come_to_rest()
                assert not seen, seen[0]

    # -- what happens --------------------------------------------------------------------------

    def _step(self) -> None:
        chance, world = self._chance, self._world
        here = self._here()
        world.peers[:] = here
        what = chance.random()
        if len(here) < PEERS or what < 0.005:
            self._comes()
        elif what < 0.9:
            self._speaks(chance.choice(here))
        elif what < 0.93:
            self._trouble(chance.choice(here))
        elif what < 0.95:
            world.passes(chance.choice((0.1, 1, 5, 30)))
        elif what < 0.96:
            self._disk()
        elif what < 0.9605:
            self._crash()
        elif what < 0.97:
            self._pardon()
        world.settle()
        self._listen()

    def _here(self) -> list[AskingPeer]:
        peers = self._world.peers
        return [peer for peer in peers if isinstance(peer, AskingPeer) and not peer.gone]

    def _comes(self) -> None:
        chance = self._chance
        peer = AskingPeer(self._world, is_program=chance.random() < 0.5)
        self._world.attach(peer, chance.choice(ADDRESSES), chance.choice(TRANSPORTS))
        self._knocks(peer)

    def _knocks(self, peer: AskingPeer) -> None:
        chance = self._chance
        nick = chance.choice(NICKS[:10])
        if peer.is_program:
            secret = f"{chance.randrange(3)} of {nick}"
            peer.sends(self._asker.hello(nick, secret) + b"\n")
        elif self._words and chance.random() < 0.3:
            peer.sends(f"/back {chance.choice(self._words)}\n{nick}\n".encode())
        else:
            peer.sends(f"{nick}\n/login {password_of(nick)}\n".encode())
        self.requests += 1

    def _speaks(self, peer: AskingPeer) -> None:
        if not peer.connection.visit.progress.named and self._chance.random() < 0.7:
            self._knocks(peer)
            return
        for _ in range(self._chance.randrange(1, 12)):
            self._ids += 1
            asker = self._asker
            line = asker.asked(self._ids) if peer.is_program else asker.typed()
            peer.sends(line + b"\n")
            self.requests += 1

    def _trouble(self, peer: AskingPeer) -> None:
        match self._chance.randrange(5):
            case 0:
                peer.wire.break_off()
            case 1:
                peer.wire.input_ended = True
            case 2:
                peer.wire.stop(self._chance.choice((0, 10, 1000)))
            case 3:
                peer.wire.take(self._chance.randrange(5000))
            case 4:
                peer.wire.go_on()

    def _disk(self) -> None:
        record = self._record
        record.slow, record.slow_to_read, record.broken, record.unreadable = (
            self._chance.random() < 0.1 for _ in range(4)
        )
        if self._chance.random() < 0.3:
            record.refuses(2)
        record.writes()
        record.finds()

    def _crash(self) -> None:
        self.crashes += 1
        self._record.loses_power(self._chance.randrange(4))
        self._world = self._world.crashes()

    def _pardon(self) -> None:
        """Nobody is banned from the house for ever, or soon nobody would be left to ask."""
        marks = self._world.huddle.directory.restrictions
        for mark in marks.in_room("huddle"):
            marks.drop(mark)
            MemoryRecord.save(self._record, Dropped(mark))

    def _listen(self) -> None:
        for peer in self._here():
            heard, whole, rest = bytes(peer.wire.taken).rpartition(b"\n")
            if not whole:
                continue
            peer.wire.taken[:] = rest
            if peer.is_program:
                self._count(heard)
            else:
                assert_harmless(heard + whole)
                self._note_word(heard)

    def _count(self, heard: bytes) -> None:
        for line in heard.split(b"\n"):
            if line.startswith(b"{"):
                event = json.loads(line)
                code = event.get("code", event["type"])
                self.codes[code] = self.codes.get(code, 0) + 1

    def _note_word(self, heard: bytes) -> None:
        for line in heard.split(b"\n"):
            if b"return word: " in line or b"palabra de regreso: " in line:
                self._words = [*self._words[-9:], line.rpartition(b" ")[2].decode()]

    # -- at rest -------------------------------------------------------------------------------

    def _come_to_rest(self) -> None:
        world, record = self._world, self._record
        record.slow = record.slow_to_read = record.broken = record.unreadable = False
        record.writes()
        record.finds()
        world.settle()
        for peer in world.peers:
            peer.wire.go_on()
        world.settle()
        world.peers[:] = [peer for peer in world.peers if not peer.gone]
        assert_sound(world)
        for peer in world.peers:
            peer.wire.break_off()
        world.settle()
        world.passes(2 * LIMITS.hold)
        world.peers.clear()
        assert_sound(world)
        assert not world.huddle.registry.sessions, "somebody never leaves"
        assert not [room for room in world.huddle.rooms if room.name != "huddle"]
        record.forget_sessions(0, LIMITS.sessions_kept)
        record.batches.clear()
        record.kept.clear()
        gc.collect()
        resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.rests.append(Rest(self.requests, len(gc.get_objects()), resident))

    def growth(self, warm: float = 0.3) -> float:
        """By what part more objects are held in the second half than at the most before it, when
        all that is bounded has been filled."""
        if len(self.rests) < 4:
            return 0.0
        begun = int(len(self.rests) * warm)
        half = (begun + len(self.rests)) // 2
        before = max(rest.objects for rest in self.rests[begun:half])
        after = max(rest.objects for rest in self.rests[half:])
        return after / before - 1


@contextmanager
def failures() -> Iterator[Failures]:
    """What is logged as a failure meanwhile."""
    seen = Failures()
    globalLogPublisher.addObserver(seen)
    try:
        yield seen
    finally:
        globalLogPublisher.removeObserver(seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.doors.fuzz")
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    typed = parser.parse_args()
    fuzz, began = Fuzz(typed.seed), time.monotonic()
    fuzz.run(typed.requests)
    for rest in fuzz.rests:
        print(f"{rest.requests:>9} requests: {rest.objects} objects, {rest.resident} KiB at most")
    print(", ".join(f"{code} {count}" for code, count in sorted(fuzz.codes.items())))
    seconds = time.monotonic() - began
    print(f"{fuzz.requests} requests, {fuzz.crashes} crashes, {seconds:.0f} s")
    print(f"growth of objects: {fuzz.growth():+.1%}")
    assert fuzz.growth() < NOISE


if __name__ == "__main__":
    main()
