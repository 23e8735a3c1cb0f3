"""Whatever people and programs on two nodes do, and the log between them: nothing is lost.

The machine is that of one node (`tests.conversations.test_model`). Who comes connects to the one
and the other in turn, and what is appended takes its time; answers of the log are lost, so that it
is appended again. What becomes of disks is left out: a node whose disk fails ends.

A long search, as there, by ``HUDDLE_SEARCH=long``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from typing_extensions import override

from tests.cluster.memory_log import Faults
from tests.conversations.test_model import Human, Robot, Talk
from tests.slow_record import SlowRecord
from tests.two_nodes import InTurn
from tests.world import DIRECT, Peer

REPLACED = "-- You are here from another connection now; this one ends."

TROUBLES = Faults(delay=0.05, lost_answers=0.1)


class Roaming(Robot):
    """A program that counts its connections, by which the newest has the session on all nodes."""

    turn = 0

    @override
    def hello(self) -> dict[str, Any]:
        self.turn += 1
        return {"turn": self.turn}


class Wanderer(Human):
    """A person who uses one word on two nodes at once: the log says which connection has them."""

    @override
    def is_told(self, peer: Peer, line: str, asked: Mapping[Peer, str]) -> None:
        used = asked.get(peer)
        if line != REPLACED or used is None or peer is not self.visits[-1]:
            super().is_told(peer, line, asked)
            return
        by_other = used in [asked[other] for other in asked if other is not peer]
        assert by_other or self.word != used, f"{self} is on no other connection"
        self.asked.pop(peer)
        self.connects(peer.world, DIRECT)


class TwoNodesTalk(Talk):
    """The talk of one node, on two."""

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        self.disk = SlowRecord(self.limits)
        world = InTurn(self.disk, limits=self.limits)
        self.open(world)
        self.robots = [Roaming("rita"), Roaming("rolf"), Roaming("runa")]
        self.humans = [Wanderer("hana"), Wanderer("hugo")]
        self.everybody = [*self.robots, *self.humans]
        for newcomer in self.everybody:
            newcomer.connects(self.world, DIRECT)
        self.world.settle()
        self.compare()
        world.two.engine.faults = TROUBLES

    slow_down = write = refuse = break_disk = crash = None  # type: ignore[assignment]

    @override
    def teardown(self) -> None:
        self.all_come_back(seconds=16)


LONG = os.environ.get("HUDDLE_SEARCH") == "long"
SEARCH = settings(
    max_examples=1000 if LONG else 6,
    stateful_step_count=60 if LONG else 25,
    deadline=None,
    derandomize=not LONG,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_nothing_is_lost_doubled_or_out_of_order_on_two_nodes() -> None:
    run_state_machine_as_test(TwoNodesTalk, settings=SEARCH)
