"""Whatever comes out of the log, in whatever order: both cores have it as the state says it is.

The entries are those of `tests.cluster.test_entries`; no person would ask for most of them.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from huddle.cluster.batches import BadBatch
from huddle.cluster.entries import (
    NAMES,
    Attach,
    Beat,
    Begin,
    Down,
    Leave,
    Login,
    Mark,
    Register,
    Rename,
    Say,
    Seat,
    Up,
    Upgrade,
)
from huddle.cluster.snapshot import digest
from huddle.protocol.limits import Limits
from huddle.server.clustered.clustered import Clustered
from tests.cluster.test_entries import Drawn
from tests.two_nodes import TwoNodes
from tests.world import World

LIVES = (Beat, Down, Mark, Up, Upgrade)
OFTEN = (Begin, Begin, Begin, Attach, Rename, Rename, Register, Login, Leave, Seat, Seat, Say)
KINDS = [*OFTEN, *OFTEN, *OFTEN, *(kind for kind in NAMES.values() if kind not in LIVES)]


@pytest.mark.parametrize("seed", range(8))
def test_both_cores_are_as_the_state_is(seed: int, logged_failures: list[Any]) -> None:
    two = TwoNodes(seed=seed, limits=Limits(marks=6, pending=3, rooms=4))
    worlds = {"a": two.a, "b": two.b}
    drawn = Drawn(seed, two.nodes["a"].node.state)
    for at in range(100):
        proposes = two.nodes[drawn.one("a", "b")].node
        for _ in range(drawn.random.randint(1, 8)):
            with suppress(BadBatch):
                proposes.propose(drawn.entry(drawn.one(*KINDS))).addErrback(lambda _: None)
        if at % 3:
            two.settle()
        if at % 10 == 0:
            two.a.passes(1)
    two.a.passes(3)
    assert not logged_failures
    for name, node in two.nodes.items():
        assert two.ended[name] == []
        compare(worlds[name], node)
    assert digest(two.nodes["a"].node.state) == digest(two.nodes["b"].node.state)
    two.kill("b")
    compare(two.restart("b"), two.nodes["b"])
    assert not logged_failures


def compare(world: World, clustered: Clustered) -> None:
    state, huddle = clustered.node.state, world.factory.huddle
    here = {each.number: each.nick[0] for each in state.sessions.values() if each.here}
    assert {each.number: each.nick for each in huddle.registry.sessions} == here
    accounts = {each.number: each.nick[0] for each in state.accounts.values()}
    for number, nick in accounts.items():
        account = huddle.registry.accounts.numbered(number)
        assert account is not None and account.nick == nick
        assert account.row.operator == state.accounts[number].operator
    for session in huddle.registry.sessions:
        there = state.sessions[session.number]
        assert (0 if session.account is None else session.account.number) == there.account
        assert huddle.nicks.owner(session.nick) is (session.account or session)
    for name, room in state.rooms.items():
        found = huddle.directory.find(name)
        seats = set() if found is None else {each.number for each in found}
        assert seats == set(room.seats), name
        row = huddle.directory.row(name)
        assert (row.topic, row.quiet) == (room.topic, room.quiet)


def test_a_fault_of_the_core_harms_nothing_else_of_the_batch(
    monkeypatch: pytest.MonkeyPatch, logged_failures: list[Any]
) -> None:
    """Raised into the log's adapter, it would leave the node half in a batch, and deaf."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.forgets()

    def stumbles(*given: object) -> None:
        raise KeyError("a fault of ours")

    with monkeypatch.context() as faulty:
        faulty.setattr(two.b.factory.huddle.directory, "put", stumbles)
        faulty.setattr(two.nodes["b"]._local_effects, "_tell_standing", stumbles)
        ana.says("/topic the news", "hola", "/join ops", "/quiet on")
    assert "<ana> hola" in bob.reads()
    eva = two.b.person("eva")
    eva.says("still here")
    assert bob.reads()[-1] == "<eva> still here"
    assert two.ended["b"] == []
    assert logged_failures and all(each.check(KeyError) for each in logged_failures)
    logged_failures.clear()


def test_a_session_that_was_others_nick_in_the_core_has_what_the_log_says() -> None:
    """The core of one node had given the nick away, or kept it for someone by its own options."""
    two = TwoNodes()
    kept = two.b.factory.huddle.registry
    kept.nicks.claim("ana", kept.accounts.expect("ana"))
    bob = two.b.person("bob")
    two.a.person("ana").says("hola")
    assert bob.reads() == ["-- ana joined", "<ana> hola"]
    compare(two.b, two.nodes["b"])
