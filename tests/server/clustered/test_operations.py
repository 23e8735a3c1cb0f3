"""Who does something is found by the nick that a row names."""

from __future__ import annotations

from functools import partial

import pytest

from huddle.cluster.entries import Entry, Set
from huddle.cluster.naming import keyed
from huddle.cluster.rules import names
from huddle.cluster.state import Session
from huddle.record import RoomRow
from huddle.server.clustered.link import Link
from huddle.server.clustered.operations import operations
from tests.cluster.test_apply import steps_of
from tests.moderated_world import done
from tests.two_nodes import TwoNodes

PASSWORD = "correct horse battery"


def link_of(two: TwoNodes) -> Link:
    link = Link()
    link.node = two.nodes["a"].node
    return link


def topic_by(link: Link, nick: str) -> list[Entry]:
    return operations(link, [RoomRow("huddle", "a topic", topic_by=nick)])


@pytest.mark.parametrize("nick", ["ana", "Ana", "nobody", ""])
def test_it_is_the_session_of_that_very_nick_or_the_house_itself(nick: str) -> None:
    two = TwoNodes()
    two.b.person("bob")
    two.a.person("ana")
    [entry] = topic_by(link_of(two), nick)
    assert entry == Set("huddle", "topic", "a topic", 2 if nick == "ana" else 0)


def test_of_an_account_it_is_the_session_that_was_made_first() -> None:
    two = TwoNodes()
    guest = two.b.program("bob")
    done(two.a.program("ana"), "register", password=PASSWORD)
    two.settle()
    done(guest, "login", nick="ana", password=PASSWORD)
    two.settle()
    assert list(link_of(two).state.accounts[1].devices) == [2, 1]
    [entry] = topic_by(link_of(two), "ana")
    assert entry == Set("huddle", "topic", "a topic", 1)


def test_to_find_it_costs_as_much_where_twenty_thousand_are_here() -> None:
    steps = []
    for count in (200, 20_000):
        link = link_of(TwoNodes())
        state = link.state
        for number in range(1, count + 1):
            nick = keyed("zoe" if number == count else f"n{number}")
            state.sessions[number] = Session(number, nick)
            names.take(state.names, nick, number)
        steps.append(steps_of(partial(topic_by, link, "zoe")))
    assert steps[0] == steps[1]
