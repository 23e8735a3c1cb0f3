"""Why a node ends: what the sentences say is what the document says."""

from __future__ import annotations

import re

from huddle.locale import translator
from huddle.protocol.limits import Limits
from huddle.server.clustered.shared_options import shared_options
from huddle.server.node.node_messages import OPTIONS, other_options
from tests.documents.blocks import ROOT


def test_the_document_names_the_options_that_all_nodes_have_alike() -> None:
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    [named] = re.findall(r"^(`--hold`.*?) are to be the same on all nodes", text, re.MULTILINE)
    assert re.findall(r"--[a-z-]+", named) == list(OPTIONS.values())
    assert shared_options(Limits()).keys() >= OPTIONS.keys()


def test_a_node_with_other_options_names_them_and_says_how_they_come_to_hold() -> None:
    told = other_options(["members_only", "hold"], translator("en"))
    assert told == (
        "this node was started with another --hold, --members-only than the house goes by, which"
        " holds here too: start all nodes with the same, one after the other, and it holds when the"
        " last is there"
    )
    for unnamed in (["accounts"], []):
        assert " another version than " in other_options(unnamed, translator("en"))
