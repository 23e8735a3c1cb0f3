"""The link: what goes with the next entry goes with no other, and what is owed is said once."""

from __future__ import annotations

from typing import Any, cast

import pytest
from twisted.internet.defer import Deferred, fail, succeed

from huddle.cluster.entries import Act, Beat, Entry, Leave
from huddle.cluster.naming import keyed
from huddle.cluster.nodes.node import Node
from huddle.cluster.rules.reading import arrival_cursors
from huddle.cluster.state import UNSURE_MS, Session, first_state
from huddle.protocol.errors import NotRecorded
from huddle.record import AuditEntry
from huddle.server.clustered.link import Link

OWN, ANOTHER = "a" * 32, "b" * 32


class Asked:
    """A node that takes what is proposed, or nothing."""

    def __init__(self) -> None:
        self.state = first_state()
        self.life = OWN
        self.takes = True
        self.proposed: list[Entry] = []

    def propose(self, entry: Entry) -> Deferred[Any]:
        assert len(self.proposed) < 9, "it goes on for ever"
        self.proposed.append(entry)
        return succeed(None) if self.takes else fail(NotRecorded())


@pytest.fixture
def node() -> Asked:
    return Asked()


@pytest.fixture
def link(node: Asked) -> Link:
    made = Link()
    made.node = cast(Node, node)
    return made


def test_an_act_and_a_code_go_with_one_entry_alone(link: Link) -> None:
    link.act, link.code = AuditEntry(1234, "ops", "ban", "ana", "bob", "spam"), ANOTHER
    assert (link.take_act(), link.take_code()) == (Act("ban", "bob", "spam"), ANOTHER)
    assert (link.take_act(), link.take_code()) == (None, "")


def test_what_is_owed_is_said_when_the_node_takes_it_and_then_no_more(
    link: Link, node: Asked
) -> None:
    told: list[Any] = []
    node.takes = False
    link.owe(Leave(1), told.append)
    link.owe(Beat())
    link.settle()
    assert node.proposed == [Leave(1), Beat()] * 2 and not told
    node.takes = True
    link.settle()
    link.settle()
    assert node.proposed == [Leave(1), Beat()] * 3
    assert told == [None]


@pytest.mark.parametrize(
    ("here", "away", "life", "elsewhere"),
    [
        (True, False, ANOTHER, True),
        (True, False, OWN, False),
        (True, True, ANOTHER, False),
        (False, False, ANOTHER, False),
    ],
)
def test_who_has_gone_or_is_here_is_on_no_other_node(
    link: Link, here: bool, away: bool, life: str, elsewhere: bool
) -> None:
    session = Session(1, keyed("ana"), here=here, away=away, life=life)
    assert link.is_elsewhere(session) is elsewhere


def test_a_session_was_served_for_a_while_longer_than_its_node_was_heard(link: Link) -> None:
    link.state.sessions[1] = Session(1, keyed("ana"), life=ANOTHER, since=5_000)
    heard = arrival_cursors.served_until(link.state, link.state.sessions[1])
    assert link.served_until(1) == heard + UNSURE_MS
