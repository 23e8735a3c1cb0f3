"""Where much waits to be given out, who has put in much waits, and nobody for them."""

from __future__ import annotations

from huddle.delivery.sequencer.backlog import LEAST_WAITING
from huddle.doors.input.backlog_shares import SHARE, BacklogShares
from huddle.protocol.events import Draft, Kind
from huddle.protocol.limits import Limits
from tests.late_record import LateRecord
from tests.world import Peer, World

LONG = "x" * 4000
LIMITS = Limits(flood_rate=0)


class Flood:
    """A house with a listener, and an address that pours in long texts by many connections."""

    def __init__(self, connections: int = 40) -> None:
        self.record = LateRecord(LIMITS)
        self.world = World(self.record, limits=LIMITS)
        self.listener = self.world.person("carla", address="10.0.0.3")
        self.floods = [
            self.world.person(f"flood{n}", address="10.0.0.2") for n in range(connections)
        ]
        self.listener.forgets()

    def pours(self) -> None:
        for flood in self.floods:
            flood.sends(f"{LONG}\n".encode() * 60)
        self.world.settle()

    def next_batch(self) -> list[str]:
        """Who is heard in the next batch, in order."""
        self.record.keeps()
        self.world.settle()
        return [line.split(">")[0].lstrip("<") for line in self.listener.reads()]


def says(peer: Peer, text: str) -> None:
    peer.sends(f"{text}\n".encode())
    peer.world.settle()


def test_a_line_from_elsewhere_is_in_the_next_batch_whatever_one_address_pours_in() -> None:
    the = Flood()
    bob = the.world.person("bob", address="10.0.0.4")
    the.pours()
    says(bob, "hola")
    heard = the.next_batch(), the.next_batch()
    assert "bob" in heard[0] + heard[1]
    assert sum(map(len, heard)) * len(LONG) <= 4 * 2 * LEAST_WAITING


def test_who_of_an_address_has_said_little_is_heard_before_those_who_pour() -> None:
    the = Flood()
    pupil = the.world.person("pupil", address="10.0.0.2")
    the.pours()
    for _ in range(3):
        the.next_batch()  # all of them have said something by then
    already_heard = the.world.huddle.sequencer.backlog.texts // len(LONG)
    says(pupil, "hola")
    heard = the.next_batch() + the.next_batch()
    assert heard.index("pupil") <= already_heard + 2


def test_nothing_of_what_was_poured_in_is_lost_and_each_ones_lines_are_in_order() -> None:
    the = Flood(3)
    texts = [f"{n} {LONG}" for n in range(60)]
    for flood in the.floods:
        flood.sends("".join(f"{text}\n" for text in texts).encode())
    the.world.settle()
    lines: list[str] = []
    for _ in range(60):
        the.record.keeps()
        the.world.settle()
        lines += the.listener.reads()
    for number in range(3):
        assert [line for line in lines if line.startswith(f"<flood{number}>")] == [
            f"<flood{number}> {text}" for text in texts
        ]


def test_many_addresses_together_have_no_more_wait_than_twice_the_bound() -> None:
    record = LateRecord(LIMITS)
    world = World(record, limits=LIMITS)
    floods = [world.person(f"n{n}", address=f"10.0.1.{n}") for n in range(3 * SHARE)]
    sequencer = world.huddle.sequencer
    for flood in floods:
        flood.sends(f"{LONG}\n".encode() * 60)
    world.settle()
    assert sequencer.backlog.congested
    assert sequencer.backlog.texts <= 2 * sequencer.backlog.limit + 2 * len(LONG)
    for _ in range(200):
        record.keeps()
        world.settle()
    assert not sequencer.backlog.memory


def test_a_share_is_of_the_batch_that_is_being_filled() -> None:
    sequencer = World().huddle.sequencer
    shares = BacklogShares(sequencer)
    ours, theirs = shares.of("10.0.0.1"), shares.of("10.0.0.2")
    assert ours is shares.of("10.0.0.1") and ours is not theirs
    ours.count(sequencer.backlog.limit)
    assert ours.is_used_up and not theirs.is_used_up
    sequencer.say(Draft("huddle", 1, "ana", Kind.SAY, "hola"))
    sequencer.end_of_read()
    assert not ours.is_used_up


def test_what_is_announced_in_many_rooms_counts_for_its_author() -> None:
    world = World(limits=LIMITS, operators=["ana"], others={"ana": "the word of ana"})
    ana = world.connect()
    ana.says("/login ana the word of ana")
    for number in range(20):
        world.person(f"p{number}", address=f"10.0.1.{number}").says(f"/join room{number}")
    world.passes(3)
    ana.says(f"/announce {LONG}")
    assert ana.connection.input.in_debt_until > world.reactor.seconds() + 0.5
