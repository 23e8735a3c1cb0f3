"""Whatever happens to nodes, the engine and the network: once, in one order, the same for all.

`tests/long/test_cluster_rules.py` runs the same machine for longer, and with rules that are
simpler, or wrong: it has to find each of them out.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from tests.cluster.memory_log import Faults
from tests.cluster.small_house import Town

NODES = st.sampled_from("abc")
MEMBERS = st.integers(0, 5)
LATE = Faults(delay=0.2, late_requests=1.0)


class Troubles(RuleBasedStateMachine):
    """A town of three nodes, four programs and two people, and what can happen to it."""

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        self.town = Town(seed, delay=0.2, lost_requests=0.1, lost_answers=0.2, late_requests=0.1)
        self.prepare()
        for member in self.town.members:
            member.connect(self.town.servers["abc"[member.number % 3]])
        self.town.goes(3)

    def prepare(self) -> None:
        """For those who do worse."""

    @rule(member=MEMBERS, lines=st.integers(1, 5))
    def says(self, member: int, lines: int) -> None:
        for _ in range(lines):
            self.town.members[member].say()

    @rule(member=MEMBERS, other=MEMBERS, lines=st.integers(1, 3))
    def whispers(self, member: int, other: int, lines: int) -> None:
        for _ in range(lines):
            self.town.members[member].say(self.town.members[other])

    @rule(member=MEMBERS, node=NODES)
    def moves(self, member: int, node: str) -> None:
        server = self.town.servers[node]
        if not server.dead:
            self.town.members[member].connect(server)

    @rule(member=MEMBERS)
    def hangs_up(self, member: int) -> None:
        self.town.members[member].hang_up()

    @rule(member=MEMBERS)
    def leaves(self, member: int) -> None:
        self.town.members[member].leave()

    @rule(member=MEMBERS)
    def is_called_otherwise(self, member: int) -> None:
        self.town.members[member].rename()

    @rule(member=MEMBERS, other=MEMBERS)
    def wants_another_s_nick(self, member: int, other: int) -> None:
        self.town.members[member].nick = self.town.members[other].nick

    @rule(node=NODES)
    def a_node_is_killed(self, node: str) -> None:
        server = self.town.servers[node]
        if not server.dead and len(list(self.town.living())) > 1:
            server.kill()

    @rule(node=NODES)
    def a_node_is_started(self, node: str) -> None:
        self.town.restart(node)

    @rule(node=NODES)
    def a_node_is_cut_off(self, node: str) -> None:
        self.town.servers[node].log.cut_off = True

    @rule(node=NODES)
    def it_heals(self, node: str) -> None:
        server = self.town.servers[node]
        server.log.cut_off = server.dead

    @rule(member=MEMBERS, lines=st.integers(1, 6), node=NODES, how=st.sampled_from(["kill", "cut"]))
    def is_torn_away(self, member: int, lines: int, node: str, how: str) -> None:
        """While what it said is on its way its node is gone, and it goes on to another."""
        torn = self.town.members[member]
        server = torn.server
        self.says(member, lines)
        self.town.goes(0.3)
        if server is None:
            return
        if how == "cut":
            server.log.cut_off = True
        elif not server.dead and len(list(self.town.living())) > 1:
            server.kill()
        self.moves(member, node)

    @rule(member=MEMBERS, lines=st.integers(1, 6), seconds=st.sampled_from([3, 8, 12]))
    def is_late(self, member: int, lines: int, seconds: int) -> None:
        """What it said takes long, and its node is cut off meanwhile."""
        server = self.town.members[member].server
        faults, self.town.engine.faults = self.town.engine.faults, LATE
        self.says(member, lines)
        self.town.goes(0.3)
        self.town.engine.faults = faults
        if server is not None and not server.dead:
            server.log.cut_off = True
            self.town.goes(seconds, 0.1)
            server.log.cut_off = server.dead

    @rule(seconds=st.sampled_from([0.1, 0.5, 3, 12, 40]))
    def time_goes(self, seconds: float) -> None:
        self.town.goes(seconds, 0.1)

    @override
    def teardown(self) -> None:
        if hasattr(self, "town"):
            self.town.settle()
            self.town.check()


QUICK = settings(
    max_examples=3,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_whatever_happens_every_line_is_there_once_and_the_same_for_all() -> None:
    run_state_machine_as_test(Troubles, settings=QUICK)
