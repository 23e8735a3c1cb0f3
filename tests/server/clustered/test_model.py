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

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from typing_extensions import override

from tests.cluster.memory_log import Faults
from tests.conversations.test_model import Human, Robot, Talk
from tests.slow_record import SlowRecord
from tests.two_nodes import InTurn
from tests.world import DIRECT, Peer

REPLACED = "-- You are here from another connection now; this one ends."

TAKES_NOTHING = ("Not recorded", "lost the others", "cannot be read")
"""What a person is told at the door of a node that has lost the others, or was put down."""


class Roaming(Robot):
    """A program that counts its connections, by which the newest has the session on all nodes."""

    stays_by = ("no-such-room", "not-recorded")
    turn = 0

    @override
    def tries_again(self) -> None:
        """It says nothing before it is welcomed: behind a hello that is refused nothing counts."""
        if self.entered:
            super().tries_again()
        elif self.peer is not None and any(map(_is_refused, self.peer.heard)):
            self.connects(self.peer.world, DIRECT)

    @override
    def hello(self) -> dict[str, Any]:
        self.turn += 1
        return {"turn": self.turn}


class Wanderer(Human):
    """A person who uses one word on two nodes at once: the log says which connection has them."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.refused: set[Peer] = set()
        """Where a node that took nothing did not let them in."""

    @property
    @override
    def talks(self) -> bool:
        return super().talks and self.visits[-1] not in self.refused

    @override
    def tries_again(self) -> None:
        if self.visits[-1] in self.refused:
            self.connects(self.visits[-1].world, DIRECT)

    @override
    def is_told(self, peer: Peer, line: str, asked: Mapping[Peer, str]) -> None:
        if peer in self.asked and any(word in line for word in TAKES_NOTHING):
            self.refused.add(peer)
        used = asked.get(peer)
        if line != REPLACED or used is None or peer is not self.visits[-1]:
            super().is_told(peer, line, asked)
            return
        by_other = used in [asked[other] for other in asked if other is not peer]
        assert by_other or self.word != used, f"{self} is on no other connection"
        self.asked.pop(peer, None)  # it may have been let in just before, in the same pass
        self.connects(peer.world, DIRECT)


def _is_refused(answer: Mapping[str, Any]) -> bool:
    """Whether a node that takes nothing has answered a hello with this."""
    return answer.get("code") in ("not-recorded", "alone") and "id" not in answer


class TwoNodesTalk(Talk):
    """The talk of one node, on two."""

    troubles = Faults(delay=0.05, lost_answers=0.1)
    seconds = 16
    """Until all of them have come back."""

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
        self.two = world.two
        self.two.engine.faults = self.troubles

    slow_down = write = refuse = break_disk = crash = None  # type: ignore[assignment]

    @override
    def teardown(self) -> None:
        self.all_come_back(self.seconds)


class CutOffTalk(TwoNodesTalk):
    """The same where a node may hear nothing of the log for a while, and what it has asked for may
    land late. Where that is long the other one puts it down, and it begins another life."""

    troubles = Faults(delay=0.05, lost_answers=0.1, late_requests=0.05)
    seconds = 40

    @rule(name=st.sampled_from("ab"), seconds=st.sampled_from((1.0, 7.0)))
    def cut_off(self, name: str, seconds: float) -> None:
        view = self.two.views[name]
        view.cut_off = True
        self.world.beats(seconds)
        view.cut_off = False


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


@pytest.mark.parametrize("talk", [TwoNodesTalk, CutOffTalk])
def test_nothing_is_lost_doubled_or_out_of_order_on_two_nodes(talk: type[TwoNodesTalk]) -> None:
    run_state_machine_as_test(talk, settings=SEARCH)
