"""The code that a node shows is good on whichever node it is typed, once, and for an hour."""

from __future__ import annotations

import pytest

from huddle.cluster.rules import codes
from huddle.people.operator_code import GOOD_MS
from tests.two_nodes import TwoNodes
from tests.visits.actions.test_charge import ACTING, SECRET, WRONG, is_operator


def test_each_node_shows_its_own_and_takes_that_of_the_others() -> None:
    two = TwoNodes()
    codes = [two.a.gives_code(), two.b.gives_code()]
    assert codes[0] != codes[1]
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.says(f"/operator {codes[1].upper()}")
    ana.hears_at_last(ACTING)
    assert is_operator(ana)
    for code in codes:  # somebody is in charge
        bob.says(f"/operator {code}")
        bob.hears_at_last(WRONG)
    ana.says("/quit")
    two.settle()
    two.a.passes(60)
    for code in codes:
        bob.forgets()
        bob.says(f"/operator {code}")
        assert WRONG in bob.reads()
        two.passes(600)


def test_one_with_letters_that_no_code_has_is_wrong_and_no_fault_of_the_node() -> None:
    two = TwoNodes()
    bob = two.a.person("bob")
    bob.says("/operator 名前")
    assert bob.reads() == [WRONG]


def test_a_node_that_was_started_again_knows_that_somebody_is_in_charge() -> None:
    two = TwoNodes()
    code = two.b.gives_code()
    ana = two.b.person("ana")
    ana.says(f"/register {SECRET}", f"/operator {code}")
    assert is_operator(ana)
    two.kill("a")
    two.b.passes(10)
    again = two.restart("a")
    bob = again.person("bob")
    bob.says(f"/operator {code}")
    bob.hears_at_last(WRONG)


def test_it_is_good_for_an_hour_and_a_new_start_has_another() -> None:
    two = TwoNodes()
    code = two.a.gives_code()
    two.passes(3601)
    bob = two.b.person("bob")
    bob.says(f"/operator {code}")
    bob.hears_at_last(WRONG)
    two.kill("a")
    two.b.passes(20)
    another = two.restart("a").gives_code()
    assert another != code
    bob.says(f"/operator {another}")
    bob.hears_at_last(ACTING)


def test_the_code_of_a_node_that_is_gone_is_good_on_none_and_its_next_start_shows_another() -> None:
    two = TwoNodes()
    shown, bob = two.a.gives_code(), two.b.person("bob")
    two.kill("a")
    two.b.passes(20)
    bob.says(f"/operator {shown}")
    bob.hears_at_last(WRONG)
    another = two.restart("a").gives_code()
    bob.says(f"/operator {another}")
    bob.hears_at_last(ACTING)


def test_what_was_not_recorded_used_nothing_up() -> None:
    two = TwoNodes()
    bob, code = two.b.person("bob"), two.a.gives_code()
    two.views["b"].cut_off = True
    two.b.passes(15)
    bob.says(f"/operator {code}")
    assert not is_operator(bob)
    two.views["b"].cut_off = False
    two.b.passes(15)
    bob.forgets()
    bob.says(f"/operator {code}")
    bob.hears_at_last(ACTING)


@pytest.mark.parametrize("registered", [False, True])
@pytest.mark.parametrize("code", ["a", "b"])
def test_of_two_who_type_one_at_once_on_two_nodes_one_is_in_charge(
    code: str, registered: bool
) -> None:
    two = TwoNodes()
    shown = {"a": two.a.gives_code(), "b": two.b.gives_code()}
    ana, bob = two.a.person("ana"), two.b.person("bob")
    if registered:
        for person in (ana, bob):
            person.says(f"/register {SECRET}")
    for person in (ana, bob):
        person.forgets()
    for view in two.views.values():
        view.behind = True
    ana.says(f"/operator {shown['a']}")
    bob.says(f"/operator {shown[code]}")
    for view in two.views.values():
        view.behind = False
    two.settle()
    assert (WRONG in ana.reads(), WRONG in bob.reads()) == (False, True)
    assert (is_operator(ana), is_operator(bob)) == (True, False)
    for world in (two.a, two.b):
        in_charge = [each.nick for each in world.huddle.registry.sessions if each.is_operator]
        assert in_charge == ["ana"]


@pytest.mark.parametrize("restarts", ["a", "b"])
def test_one_that_is_used_up_is_so_after_a_restart_though_nobody_is_in_charge(
    restarts: str,
) -> None:
    two = TwoNodes()
    shown = {"a": two.a.gives_code(), "b": two.b.gives_code()}
    ana = two.a.person("ana")
    ana.says(f"/operator {shown['b']}", "/quit")
    two.settle()
    two.kill(restarts)
    (two.a if restarts == "b" else two.b).passes(20)
    bob = two.restart(restarts).person("bob")
    for code in shown.values():
        bob.forgets()
        bob.says(f"/operator {code}")
        bob.hears_at_last(WRONG)


def test_one_that_was_used_before_all_nodes_knew_these_rules_is_used_up_on_each() -> None:
    class Older(TwoNodes):
        """The nodes say what they know a second later, as after an upgrade."""

        rules = 1

    two = Older()
    code = two.b.gives_code()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.says(f"/operator {code}")
    ana.hears_at_last(ACTING)
    ana.says("/quit")
    two.a.passes(60)
    assert two.nodes["a"].node.state.rules > 1
    bob.says(f"/operator {code}")
    bob.hears_at_last(WRONG)


def test_it_is_good_for_as_long_as_on_one_machine() -> None:
    assert codes.GOOD_MS == GOOD_MS
