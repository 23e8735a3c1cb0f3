"""Who is in which room: an account is one person there, and what nobody is in is gone."""

from __future__ import annotations

import pytest

from huddle.cluster.effects import (
    Done,
    Joined,
    Left,
)
from huddle.cluster.entries import (
    Begin,
    Leave,
    Login,
    Say,
    Seat,
    Set,
    Unseat,
)
from huddle.cluster.naming import keyed
from tests.cluster.houseful import Houseful
from tests.cluster.written_log import HUDDLE, code, hashed, people_in, told


@pytest.fixture
def house() -> Houseful:
    return Houseful()


def test_a_key_that_was_set_meanwhile_keeps_out_who_is_on_the_way(house: Houseful) -> None:
    house.a.does(Seat(house.ana, keyed("ops")))
    coming = house.b.writes(Seat(house.bob, keyed("ops")))
    house.a.does(Set("ops", "key", hashed("open"), house.ana))
    assert code(house.lands(coming).outcomes[0]) == "room-locked"
    assert house.b.asks(Seat(house.bob, keyed("ops"), hashed("open"))) == Done()


def test_an_account_on_two_nodes_is_one_person_in_a_room(house: Houseful) -> None:
    """Told of by each node for itself, she would have come twice and left while she is there."""
    second = house.b.does(Begin(keyed("root"), (HUDDLE,), account=1, version=1))
    assert not told(second, Joined)
    phone = house.state.last_session
    assert people_in(house.state, "huddle") == ["root", "bob"]
    assert not told(house.a.does(Leave(house.ana)), Left)
    [left] = told(house.b.does(Leave(phone)), Left)
    assert (left.nick, left.people) == ("root", 1)


def test_a_guest_who_logs_in_where_the_account_is_already_has_left_as_a_guest(
    house: Houseful,
) -> None:
    applied = house.b.does(Login(house.bob, 1, 1))
    assert [each.nick for each in told(applied, Left)] == ["bob"]
    assert people_in(house.state, "huddle") == ["root"]


def test_a_room_in_which_nothing_ever_was_is_gone_with_its_last_member(house: Houseful) -> None:
    """A thousand rooms are all that there may be: a guest could walk through a thousand names."""
    rooms = dict(house.state.rooms)
    for number in range(20):
        house.b.does(Seat(house.bob, keyed(f"room{number}"), move=True))
    house.b.does(Seat(house.bob, keyed("huddle"), move=True))
    assert house.state.rooms.keys() == rooms.keys()
    assert house.state.room_names.keys() == {"huddle"}
    house.b.does(Seat(house.bob, keyed("ops")), Say(house.bob, 1, "hola", "ops"))
    house.b.does(Unseat(house.bob, "ops"))
    assert "ops" in house.state.rooms
