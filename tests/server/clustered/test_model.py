"""Whatever people and programs on two nodes do, and the log between them: nothing is lost.

The machine is that of one node (`tests.conversations.test_model`). Who comes connects to the one
and the other in turn, and what is appended takes its time; answers of the log are lost, so that it
is appended again. What becomes of disks is left out: a node whose disk fails ends.

A long search, as there, by ``HUDDLE_SEARCH=long``.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from typing_extensions import override

from tests.cluster.memory_log import Faults
from tests.conversations.test_model import Human, Robot, Talk
from tests.slow_record import SlowRecord
from tests.two_nodes import InTurn
from tests.world import DIRECT

TROUBLES = Faults(delay=0.05, lost_answers=0.1)


class Roaming(Robot):
    """A program that counts its connections, by which the newest has the session on all nodes."""

    turn = 0

    @override
    def hello(self) -> dict[str, Any]:
        self.turn += 1
        return {"turn": self.turn}


class TwoNodesTalk(Talk):
    """The talk of one node, on two."""

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        self.disk = SlowRecord(self.limits)
        world = InTurn(self.disk, limits=self.limits)
        self.open(world)
        self.robots = [Roaming("rita"), Roaming("rolf"), Roaming("runa")]
        self.humans = [Human("hana"), Human("hugo")]
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
