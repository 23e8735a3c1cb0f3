"""The state: what is found in it, and until when a life has surely served those whom it held."""

from __future__ import annotations

from typing import Any

import pytest

from huddle.cluster.entries import Leave, Login, Lose, Register
from huddle.cluster.naming import keyed
from huddle.cluster.state import UNSURE_MS, Life, Session, State, first_state
from huddle.protocol.limits import Limits
from tests.cluster.written_log import HUDDLE, House, people_in


def test_a_house_begins_with_its_first_room_and_nobody_in_it() -> None:
    state = first_state()
    assert list(state.rooms) == ["huddle"] and not state.rooms["huddle"].people
    assert not state.sessions and not state.lives
    assert state.lowest_life() == state.life_of("a") == "" and state.settled() == 0
    assert first_state().rooms is not state.rooms


def test_the_node_that_does_what_one_has_to_do_is_the_first_by_name_that_is_up() -> None:
    house = House()
    c, b = house.node("c"), house.node("b")
    assert house.state.lowest_life() == b.life != c.life
    a = house.node("a")
    assert house.state.lowest_life() == house.state.life_of("a") == a.life


def test_the_log_is_needed_from_the_oldest_state_that_a_node_has_kept() -> None:
    state = State(lives={"1": Life("a", kept=7), "2": Life("b", kept=5)})
    assert state.settled() == 5


def test_a_room_is_found_by_any_name_that_looks_like_its_own() -> None:
    house = House()
    a = house.node("a")
    a.begins("ana", ["huddle", "Ops"])
    for name in ("Ops", "ops", "0ps", "OPS"):
        room = house.state.room_named(keyed(name))
        assert room is not None and room.name[0] == "Ops"
    assert house.state.room_named(keyed("elsewhere")) is None


def test_a_person_is_an_account_on_all_its_devices_or_a_guest() -> None:
    house = House()
    a, b = house.node("a"), house.node("b")
    guest = a.begins("ana", [HUDDLE[0]])
    b.does(Register(keyed("eva"), "hash", 0))
    devices = [b.begins("eva", account=1, version=1) for _ in range(2)]
    state = house.state
    assert state.sessions[guest].person == guest
    assert {state.sessions[each].person for each in devices} == {-1}
    assert people_in(state, HUDDLE[0]) == ["ana", "eva"]
    assert [state.inbox_of(person) for person in (guest, -1)] == [f"@{guest}", "@a1"]
    assert [state.sessions[each].identity for each in (guest, devices[0])] == [
        f"session:{guest}",
        "account:1",
    ]


def test_who_has_lost_every_device_can_be_reached_no_more() -> None:
    house = House()
    a, b = house.node("a"), house.node("b")
    guest = a.begins("ana")
    b.does(Register(keyed("eva"), "hash", 0))
    first, second = (b.begins("eva", account=1, version=1) for _ in range(2))
    state = house.state
    assert state.has_device(guest) and state.has_device(-1)
    a.does(Lose(guest, {}))
    b.does(Lose(first, {}))
    assert not state.has_device(guest) and state.has_device(-1)
    b.does(Lose(second, {}))
    assert not state.has_device(-1)


def test_a_session_is_held_by_the_life_that_has_it_on_a_connection_and_by_no_other() -> None:
    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana")
    state = house.state
    assert state.held(ana, a.life) is state.sessions[ana]
    assert state.held(ana, b.life) is state.held(ana, "") is state.held(99, a.life) is None
    a.does(Lose(ana, {}))
    assert state.held(ana, a.life) is None
    a.does(Leave(ana))
    assert state.held(ana, a.life) is None


@pytest.mark.parametrize("bad", ["7", None, -1, 2**53, True, [7], {}, float("nan"), float("inf")])
def test_options_that_make_no_sense_are_as_usual(bad: Any) -> None:
    """A later version, or another hand, may have written them."""
    state = State(shared={"sessions": bad, "hold": bad, "rooms": 7, "of a later version": 1})
    state.derive_limits()
    usual = Limits()
    assert (state.limits.sessions, state.limits.hold) == (usual.sessions, usual.hold)
    assert state.limits.rooms == 7


def test_a_number_is_of_the_kind_that_it_is_here() -> None:
    state = State(shared={"hold": 60, "rooms": 7.9})
    state.derive_limits()
    assert (state.limits.hold, type(state.limits.hold)) == (60.0, float)
    assert (state.limits.rooms, type(state.limits.rooms)) == (7, int)


@pytest.mark.parametrize(
    ("shared", "keeps"),
    [
        ({}, (0, 0)),
        ({"keep_ms": 1000, "keep_messages": 10}, (1000, 10)),
        ({"keep_ms": -1, "keep_messages": "all"}, (0, 0)),
        ({"keep_ms": 0.5, "keep_messages": True}, (0, 0)),
    ],
)
def test_all_is_kept_unless_a_number_says_otherwise(
    shared: dict[str, Any], keeps: tuple[int, int]
) -> None:
    assert State(shared=shared).keeps == keeps


def test_a_house_is_for_members_only_where_just_that_is_said() -> None:
    assert State(shared={"members_only": True}).members_only
    for otherwise in (False, 1, "true", None):
        assert not State(shared={"members_only": otherwise}).members_only


def test_a_life_has_surely_served_what_it_knew_a_while_before_its_last_batch() -> None:
    """By the first rules by its last batch alone; else by what its batches tell of themselves."""
    assert Life("a", beat=100_000).served_until() == 100_000 - UNSURE_MS
    fresh = Life("a", beat=100_000, steps=[(100_000, 99_000)])
    assert fresh.served_until() == 99_000 - UNSURE_MS
    goes_on = Life("a", beat=100_000, steps=[(90_000, 89_500), (100_000, 99_000)])
    assert goes_on.served_until() == 89_500


def test_after_an_engine_that_stood_still_its_node_has_served_no_more_than_it_knew() -> None:
    """What was written long ago comes out at once; the house's time goes on, and by that alone the
    node would seem to have shown what it was just given."""
    late = Life("a", beat=500_000, steps=[(101_000, 100_500), (101_500, 500_000)])
    assert late.served_until() == 100_500 - UNSURE_MS


def test_a_guest_that_logs_in_is_another_person() -> None:
    house = House()
    a = house.node("a")
    guest = a.begins("ana", ["huddle"])
    a.does(Register(keyed("eva"), "hash", 0))
    a.does(Login(guest, 1, 1))
    there: Session = house.state.sessions[guest]
    assert (there.person, there.identity, there.nick[0]) == (-1, "account:1", "eva")
    assert people_in(house.state, "huddle") == ["eva"]
