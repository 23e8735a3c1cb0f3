"""Why a node ends: what the sentences say is what the document says."""

from __future__ import annotations

import re

from huddle.locale import translator
from huddle.server.node.ending import PEOPLE
from huddle.server.node.troubles import node_trouble, status_of
from tests.documents.blocks import ROOT


def test_the_document_names_the_options_that_all_nodes_have_alike() -> None:
    told = node_trouble("options", {}, translator("en"))
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    [named] = re.findall(r"^(`--hold`.*?) are to be the same on all nodes", text, re.MULTILINE)
    assert re.findall(r"--[a-z-]+", named) == re.findall(r"--[a-z-]+", told)
    assert status_of("options") == PEOPLE
