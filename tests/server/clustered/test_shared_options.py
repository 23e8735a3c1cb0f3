"""What all nodes have alike is all by which the log judges."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import huddle.cluster
from huddle.protocol.limits import Limits
from huddle.server.clustered.shared_options import shared_options
from tests.two_nodes import TwoNodes

SOURCE = Path(huddle.cluster.__file__).parent
LIMIT = re.compile(r"\blimits\.(\w+)")


def test_every_limit_that_entries_are_judged_by_is_shared() -> None:
    """One that is not would be another in the next version, and nodes of two versions differ."""
    names = {each.name for each in fields(Limits)}
    used = {
        name
        for path in SOURCE.rglob("*.py")
        for name in LIMIT.findall(path.read_text("utf-8"))
        if name in names
    }
    assert len(used) > 10
    assert used <= shared_options(Limits()).keys()


def test_a_version_with_another_limit_goes_by_that_of_the_house_until_all_nodes_have_it() -> None:
    two = TwoNodes()
    two.options["limits"] = replace(Limits(), spoke_all=7, block_rooms=3)
    for name, expected in (("a", Limits()), ("b", two.options["limits"])):
        two.kill(name)
        two.restart(name)
        two.a.passes(8)
        there = [each.node.state.limits for each in two.nodes.values()]
        assert [(each.spoke_all, each.block_rooms) for each in there] == [
            (expected.spoke_all, expected.block_rooms)
        ] * 2
    assert two.differing == [["block_rooms", "spoke_all"]]
