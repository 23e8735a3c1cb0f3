"""Who is let in by a node that has not heard yet of a ban on their network is sent out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huddle.cluster.effects import Outcome
from huddle.cluster.entries import Attach, Entry
from tests.two_nodes import TwoNodes
from tests.world import Peer


def comes_meanwhile(
    two: TwoNodes, ban: str, address: str, monkeypatch: pytest.MonkeyPatch | None
) -> tuple[Peer, Peer]:
    """Ana bans a network on one node, while bob comes from there to another that is cut off: at
    once, or in the moment in which the log has his session and not yet where he comes from."""
    ana = two.a.person("ana", address="10.1.0.1")
    ana.says(f"/operator {two.a.gives_code()}")
    link = two.nodes["b"]._link
    owe = link.owe

    def cut_off_then(entry: Entry, told: Callable[[Outcome], object] = lambda _: None) -> None:
        two.views["b"].cut_off = two.views["b"].cut_off or isinstance(entry, Attach)
        owe(entry, told)

    if monkeypatch is None:
        two.views["b"].cut_off = True
        ana.says(f"/ban {ban}")
        bob = two.b.connect(address)
        bob.says("bob")
    else:
        monkeypatch.setattr(link, "owe", cut_off_then)
        bob = two.b.connect(address)
        bob.says("bob")
        ana.says(f"/ban {ban}")
    two.views["b"].cut_off = False
    two.a.passes(3)
    ana.forgets()
    return ana, bob


@pytest.mark.parametrize("is_in", [False, True])
def test_one_from_a_banned_network_is_told_and_is_not_there(
    is_in: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = TwoNodes()
    patch = monkeypatch if is_in else None
    ana, bob = comes_meanwhile(two, "10.9.0.0/16", "10.9.0.7", patch)
    assert bob.closed == is_in
    assert bob.reads()[-1] == "-- You are not let into huddle"
    ana.says("/who")
    ana.hears("-- 1 here: ana.")
    for node in two.nodes.values():
        here = [each.nick[0] for each in node.node.state.sessions.values() if each.here]
        assert here == ["ana"]


@pytest.mark.parametrize("ban", ["10.8.0.0/16", "10.9.0.8"])
def test_one_from_beside_it_stays(ban: str, monkeypatch: pytest.MonkeyPatch) -> None:
    two = TwoNodes()
    ana, bob = comes_meanwhile(two, ban, "10.9.0.7", monkeypatch)
    assert not bob.closed
    bob.says("hola")
    assert ana.reads()[-1] == "<bob> hola"
