"""Whose inbox one is, which is asked for each private message, twice."""

from __future__ import annotations

from functools import partial

from huddle.cluster.entries import Leave, Register, Retain
from huddle.cluster.naming import keyed
from huddle.cluster.snapshot import dump, load
from huddle.cluster.state import Account, State
from huddle.server.clustered.message_entries import person_of
from tests.cluster.test_apply import steps_of
from tests.cluster.written_log import House
from tests.two_nodes import TwoNodes


def test_an_inbox_is_a_guests_or_an_accounts_that_may_have_been_a_guests() -> None:
    house = House()
    node = house.node("a")
    ana, bob = node.begins("ana"), node.begins("bob")
    node.does(Register(keyed("ana"), "hash", ana, own=True))
    node.does(Leave(ana), Retain(sessions=0))
    for state in (house.state, load(dump(house.state))):
        assert person_of(state, f"@{ana}") == -1
        assert person_of(state, f"@{bob}") == bob
        assert person_of(state, "@a2") == 0


def test_of_a_session_that_is_over_nothing_is_left_and_no_block_is_taken_for_another() -> None:
    two = TwoNodes()
    entries = two.nodes["a"].record._message_entries
    ana = two.a.person("ana")
    ana.says("one", "two")
    two.settle()
    assert len(entries._blocks) == 1
    ana.says("/quit")
    two.settle()
    assert entries._blocks == {}
    again = two.a.connect()
    again.says(f"/back {ana.word}")
    again.says("three", "four")
    two.settle()
    blocks: list[tuple[str, int]] = []
    two.nodes["a"].record.read("huddle", 0, 9).addCallback(
        lambda found: blocks.extend((each.text, each.block) for each in found)
    )
    assert blocks == [("one", 1), ("two", 1), ("three", 3), ("four", 3)]


def test_it_costs_as_much_where_twenty_thousand_nicks_are_registered() -> None:
    steps = []
    for count in (200, 20_000):
        state = State()
        for number in range(1, count):
            state.accounts[number] = Account(number, keyed(f"n{number}"), inbox=f"@a{number}")
        steps.append(steps_of(partial(person_of, state, "@17")))
    assert steps[0] == steps[1]


def test_lines_that_wait_when_their_session_is_sent_out_are_refused_and_leave_nothing() -> None:
    two = TwoNodes(operators=["eva"], others={"eva": "secret-of-eva"})
    eva = two.b.program("eva", password="secret-of-eva")
    ana = two.a.person("ana")
    entries = two.nodes["a"].record._message_entries
    two.views["a"].behind = True
    eva.sends_objects({"type": "kick", "nick": "ana", "id": 1})
    two.settle()
    ana.says("one", "two")
    ana.says("three", "four")  # these wait for what the log makes of those
    two.views["a"].behind = False
    two.settle()
    assert not two.a.record.extent("huddle").newest
    assert entries._blocks == {}
