"""Who goes and is muted leaves that behind for the next guest from there, in shares by address."""

from __future__ import annotations

from functools import partial

import pytest

from huddle.people.sessions import Session
from huddle.record import Mark, MarkKind
from huddle.rooms.inherited_mutes import EACH, MOST, InheritedMutes
from tests.cluster.test_apply_calls import steps_of


def session(number: int, address: str) -> Session:
    one = Session(number, f"n{number}")
    one.address = address
    return one


def mute(room: str, number: int) -> Mark:
    return Mark(room, MarkKind.MUTE, f"session:{number}")


def goes(mutes: InheritedMutes, number: int, address: str, room: str = "ops") -> None:
    mutes.goes(session(number, address), [mute(room, number)], 0.0, number)


@pytest.mark.parametrize("wide", [False, True])
def test_who_has_muted_guests_of_their_own_go_has_nobody_elses_mute_forgotten(wide: bool) -> None:
    mutes = InheritedMutes()
    goes(mutes, 1, "192.0.2.1")
    for number in range(2, MOST + 10):
        goes(mutes, number, f"2001:db8:1:{number:x}::/64" if wide else "10.0.0.1", "own")
    assert len(mutes.left) == 1 + (3 * EACH if wide else EACH)
    assert mutes.comes(session(5000, "192.0.2.1"), "ops", 1.0) == mute("ops", 1)


def test_nor_does_who_has_guests_of_their_own_inherit_them() -> None:
    mutes = InheritedMutes()
    goes(mutes, 1, "192.0.2.1")
    heir = session(2, "192.0.2.1")
    assert mutes.comes(heir, "ops", 1.0) == mute("ops", 1)
    for number in range(3, 2 * MOST, 2):
        goes(mutes, number, "10.0.0.1", "own")
        assert mutes.comes(session(number + 1, "10.0.0.1"), "own", 1.0) == mute("own", number)
    assert mutes.of("ops", heir) == mute("ops", 1)
    mutes.let_go("ops", heir)
    assert mutes.of("ops", heir) is None


def test_of_all_addresses_so_many_are_remembered() -> None:
    mutes = InheritedMutes()
    for number in range(MOST + 5):
        goes(mutes, number, f"10.0.{number}")
    assert (min(mutes.left), len(mutes.left)) == (5, MOST)


def test_nothing_is_left_of_those_who_came_back_or_were_followed() -> None:
    mutes = InheritedMutes()
    for number in range(1, 4):
        goes(mutes, number, "10.0.0.1")
    mutes.returns(session(1, "10.0.0.1"))
    mutes.is_back(session(9, "10.0.0.1"), mute("ops", 2))
    assert mutes.comes(session(9, "10.0.0.1"), "ops", 1.0) == mute("ops", 3)
    assert not mutes.left and not mutes._left_at and not len(mutes._left_shares)


def test_who_comes_costs_as_much_however_many_went_from_elsewhere() -> None:
    steps = []
    for count in (1, MOST):
        mutes = InheritedMutes()
        for number in range(count):
            goes(mutes, number, f"10.0.{number}")
        newcomer = session(5000, "192.0.2.1")
        steps.append(steps_of(partial(mutes.comes, newcomer, "ops", 1.0)))
    assert steps[0] == steps[1]
