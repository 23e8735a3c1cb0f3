"""What goes wrong with a node, its clock or the engine, and what those see who talk meanwhile.

The rows of the table in docs/cluster.md that are tried in memory; those that need processes are in
`tests/long/test_cluster_troubles.py`. `tests/documents/test_cluster.py` asks that none is missing.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from huddle.cluster import apply as applying
from huddle.cluster.nodes.node_status import NodeStatus
from tests.cluster.memory_log import Faults
from tests.server.clustered.test_clustered import messages
from tests.two_nodes import TwoNodes
from tests.world import NOON, Program

HOUR = 3600.0


def statuses(two: TwoNodes) -> list[NodeStatus]:
    return [two.nodes[name].node.status for name in ("a", "b")]


def test_an_entry_that_the_engine_has_lost_ends_the_node_that_misses_it_and_no_other() -> None:
    """Row: the engine has lost an entry."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    bob.forgets()
    two.views["b"].cut_off = True
    ana.says("lost")
    ana.says("behind it")
    lost = two.engine.entries[-2].position
    two.engine.lose(lost)
    two.views["b"].cut_off = False
    two.a.passes(5)
    assert (two.ended["a"], two.ended["b"]) == ([], ["lost"])
    bob.hears()
    bob.says("refused")
    bob.hears("-- Not recorded, and nobody has seen it. Try again.")
    ana.says("goes on")
    assert [each.text for each in messages(two.records["a"], "huddle")][-1] == "goes on"


def test_an_engine_from_a_backup_ends_all_nodes_and_gives_no_number_again() -> None:
    """Row: the engine was restored from a backup."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.says("before the backup")
    kept = two.engine.entries[-1].position
    ana.says("behind it")
    two.a.passes(2)
    ana.forgets()
    two.engine.rewind(kept)
    two.a.passes(2)
    assert (two.ended["a"], two.ended["b"]) == (["rewound"], ["rewound"])
    for person in (ana, bob):
        person.says("refused")
        assert "-- Not recorded, and nobody has seen it. Try again." in person.reads()
    for name in ("a", "b"):
        found = [(each.seq, each.text) for each in messages(two.records[name], "huddle")]
        assert found == [(1, "before the backup"), (2, "behind it")]


def test_two_nodes_that_differ_are_read_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row: what the nodes have differs, and there is no majority."""
    two = TwoNodes()
    ana = two.a.person("ana")
    ana.says("hola")
    monkeypatch.setattr(applying, "MARK_EVERY", 20)
    two.nodes["b"].node.state.chain = "00" * 32
    two.a.passes(30)
    assert statuses(two) == [NodeStatus.READ_ONLY] * 2
    ana.forgets()
    ana.says("refused", "/history")
    assert ana.reads()[0] == "-- Not recorded, and nobody has seen it. Try again."
    assert two.ended == {"a": [], "b": []}
    two.nodes["b"].stop()
    two.a.passes(2)
    bob = two.a.person("bob")
    ana.says("taken")
    bob.hears("<ana> taken")
    assert two.nodes["a"].node.status is NodeStatus.LEVEL


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_a_wrong_clock_ends_no_ban_no_mute_and_no_hold(ahead: float) -> None:
    """Row: a node's clock is wrong by more than two seconds."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    eva, gone = two.b.person("eva"), two.b.person("gone")
    zoe = two.b.person("zoe")
    for person in (ana, bob, eva):
        person.says("/join ops")
    ana.says("/ban bob 10m", "/mute eva 10m")
    two.b.wall(NOON + timedelta(seconds=ahead))
    two.nodes["b"].note_skew(ahead)  # as the engine's machines have told it
    for person in (ana, bob, eva, zoe):
        person.forgets()
    zoe.says("refused")
    zoe.hears("-- Not recorded, and nobody has seen it. Try again.")
    before = two.nodes["a"].node.state.time
    gone.wire.break_off()
    two.a.passes(60)
    assert statuses(two) == [NodeStatus.LEVEL, NodeStatus.SKEWED]
    assert two.nodes["a"].node.state.time - before <= 61_000
    two.b.wall(NOON)
    two.nodes["b"].note_skew(0.0)
    two.a.passes(10)
    ana.forgets()
    bob.says("/join ops")
    eva.says("still muted")
    assert any("not let into ops" in line for line in bob.reads())
    assert ana.reads() == []
    two.a.passes(9 * 60)
    bob.forgets()
    bob.says("/join ops", "and free by the house's clock")
    eva.says("muted no more")
    assert ana.reads()[-2:] == ["<bob> and free by the house's clock", "<eva> muted no more"]


def test_a_second_server_of_a_name_ends_the_first_and_both_rows_are_one_record() -> None:
    """Row: a second server is started under a node's name."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    bob.says("by the first")
    other = two.start("b")
    two.settle()
    two.a.passes(1)
    assert two.ended["b"] == ["fenced"]
    bob.says("refused")
    eva = other.person("eva")
    eva.says("by the second")
    assert ana.reads()[-1] == "<eva> by the second"
    assert "refused" not in "".join(each.text for each in messages(two.records["a"], "huddle"))


@pytest.mark.parametrize("seed", range(4))
def test_an_append_that_had_landed_and_is_tried_again_counts_once(seed: int) -> None:
    """Row: an answer of the engine is lost, and what it had taken is appended again."""
    two = TwoNodes(seed=seed)
    ana, bob = two.a.person("ana"), two.b.program("bob")
    two.engine.faults = Faults(delay=0.1, lost_answers=0.7)
    for number in range(10):
        ana.says(f"a{number}")
        bob.sends_objects({"type": "say", "id": number + 1, "room": "huddle", "text": f"b{number}"})
        two.a.passes(0.3)
    two.engine.faults = Faults(delay=0.0)
    two.a.passes(60)
    texts = [each.text for each in messages(two.records["a"], "huddle")]
    assert sorted(texts) == sorted(f"{who}{number}" for who in "ab" for number in range(10))
    assert messages(two.records["b"], "huddle") == messages(two.records["a"], "huddle")
    entries = [each.bytes for each in two.engine.entries]
    assert len(set(entries)) < len(entries)  # some did stand there twice


def test_a_program_that_tries_two_nodes_at_once_is_on_the_later_one() -> None:
    """Row: a program comes in by two nodes at once."""
    two = TwoNodes()
    two.engine.faults = Faults(delay=0.5)
    tries = [Program(world, "bot", "secret of bot") for world in (two.a, two.b)]
    for turn, each in enumerate(tries, 5):
        each.world.attach(each)
        hello = {"type": "hello", "v": 1, "nick": "bot", "session": each.secret, "turn": turn}
        each.sends_objects(hello)
    two.a.passes(5)
    assert [each.closed for each in tries] == [True, False]
    assert tries[0].reads()[-1]["code"] == "replaced"
    two.engine.faults = Faults(delay=0.0)
    tries[1].sends_objects({"type": "say", "id": 1, "room": "huddle", "text": "from one place"})
    two.a.passes(5)
    assert [each.text for each in messages(two.records["b"], "huddle")] == ["from one place"]


def test_the_engine_may_be_silent_for_a_moment_and_nobody_is_put_down() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    lives = [node.node.life for node in two.nodes.values()]
    for view in two.views.values():
        view.cut_off = True
    ana.says("waits")
    two.a.passes(3)
    assert statuses(two) == [NodeStatus.WAITING] * 2
    for view in two.views.values():
        view.cut_off = False
    two.a.passes(5)
    assert bob.reads()[-1] == "<ana> waits"
    assert [node.node.life for node in two.nodes.values()] == lives


@pytest.mark.parametrize(
    "act", ["/kick bob", "/ban bob", "/nick anna", "/topic x", "/delete", "/leave", "/join other"]
)
def test_no_act_waits_behind_a_line_that_waits_for_the_others(act: str) -> None:
    """Row: the network of a node is cut."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.a.person("bob")
    ana.says("/join ops")
    bob.says("/join ops")
    ana.says("before")
    bob.forgets()
    two.views["a"].cut_off = True
    ana.says("waits")
    two.a.passes(12)
    assert statuses(two)[0] is NodeStatus.REFUSING
    ana.forgets()
    bob.hears("-- This server has lost the others of the house; you can read.")
    ana.says(act, "/who")
    refused, *who = ana.reads()
    assert refused == "-- Not recorded, and nobody has seen it. Try again."
    assert who[0].startswith("-- 2 here: ana, bob")
    bob.forgets()
    two.views["a"].cut_off = False
    two.a.passes(3)
    bob.hears("<ana> waits", "-- This server hears the others of the house again.")


@pytest.mark.parametrize(
    ("language", "lost", "heard"),
    [
        (
            "en",
            "-- This server has lost the others of the house; you can read.",
            "-- This server hears the others of the house again.",
        ),
        (
            "es",
            "-- Este servidor ha perdido a los demás de la casa; puedes leer.",
            "-- Este servidor vuelve a oír a los demás de la casa.",
        ),
    ],
)
def test_people_are_told_once_that_their_node_is_alone_and_once_that_it_is_not(
    language: str, lost: str, heard: str
) -> None:
    """Row: the network of a node is cut."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.says(f"/lang {language}")
    for person in (ana, bob):
        person.forgets()
    two.views["a"].cut_off = True
    two.a.passes(9)
    ana.hears()
    two.a.passes(50)
    ana.hears(lost)
    two.views["a"].cut_off = False
    two.a.passes(9)
    ana.hears(heard)
    assert "others of the house" not in "".join(bob.reads())
