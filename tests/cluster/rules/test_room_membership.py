"""Who is in which room: an account is one person there, and what nobody is in is gone."""

from __future__ import annotations

import pytest

from huddle.cluster.effects import (
    Audited,
    Done,
    Joined,
    Left,
    Marked,
    Removed,
)
from huddle.cluster.entries import (
    Act,
    Begin,
    Cut,
    Leave,
    Login,
    Restrict,
    Restriction,
    Say,
    Seat,
    Set,
    Unseat,
)
from huddle.cluster.naming import keyed
from tests.cluster.houseful import Houseful
from tests.cluster.written_log import HUDDLE, House, code, hashed, people_in, told


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


def test_who_makes_a_room_is_its_host_and_has_its_key_and_who_comes_at_that_moment_has_not(
    house: Houseful,
) -> None:
    """On another node the room was not there yet, either."""
    eve = house.a.begins("eve")
    late = house.a.writes(Seat(eve, keyed("Ops"), hashed("open"), host=True))
    made = house.b.does(Seat(house.bob, keyed("ops"), hashed("open"), host=True))
    host = "host", f"session:{house.bob}"
    assert told(made, Marked) == [Marked("ops", *host, house.state.position)]
    rows = {("mark", "ops", *host), ("room", "ops"), ("session", house.bob)}
    assert made.rows.keys() == rows
    assert house.lands(late).outcomes == [Done()]
    room = house.state.rooms["ops"]
    assert [*room.restrictions] == [host]
    assert (room.key, len(room.seats)) == (hashed("open"), 2)


@pytest.mark.parametrize("stays", [False, True])
def test_nothing_stays_of_it_but_what_its_host_has_set(house: Houseful, stays: bool) -> None:
    house.b.does(Seat(house.bob, keyed("ops"), host=True))
    if stays:
        house.b.does(Restrict("ops", house.bob, (Restriction("ban", "nick:eve"),)))
    left = house.b.does(Unseat(house.bob, "ops"))
    assert ("session", house.bob) in left.rows
    assert ("ops" in house.state.rooms) is ("ops" in house.state.room_names) is stays
    assert (("mark", "ops", "host", f"session:{house.bob}") in left.rows) is not stays


def test_who_names_a_room_twice_on_coming_is_in_it_once() -> None:
    house = House()
    node = house.node("a")
    eve = node.begins("eve", ["ops", "OPS"])
    assert house.state.rooms["ops"].people == {eve: 1}
    [left] = told(node.does(Leave(eve)), Left)
    assert (left.room, left.people) == ("ops", 0)


def test_who_comes_makes_no_more_rooms_than_there_may_be() -> None:
    house = House(rooms=3)
    node = house.node("a")
    assert [*house.state.sessions[node.begins("eve", list("abc"))].rooms] == ["a", "b"]
    assert [*house.state.sessions[node.begins("leo", list("cd"))].rooms] == ["huddle"]


def test_a_host_sends_out_another_host_and_the_record_knows_who_did(house: Houseful) -> None:
    eve = house.b.begins("eve", ["ops"])
    for who in (house.bob, eve):
        house.a.does(Restrict("ops", house.ana, (Restriction("host", f"session:{who}"),)))
    house.b.does(Seat(house.bob, keyed("ops")))
    cut = house.b.does(Cut(eve, "ops", house.bob, "bye", Act("kick", "eve", "bye")))
    assert cut.outcomes == [Done()]
    assert told(cut, Removed) == [Removed(eve, "ops", "bob", "bye", None)]
    assert [each.by for each in told(cut, Audited)] == ["bob"]
    assert house.state.sessions[eve].here


def test_who_is_gone_is_not_sent_out_once_more(house: Houseful) -> None:
    house.b.does(Leave(house.bob))
    present = house.state.present
    assert code(house.a.asks(Cut(house.bob, "huddle", house.ana))) == "nobody-there"
    assert house.state.present == present
