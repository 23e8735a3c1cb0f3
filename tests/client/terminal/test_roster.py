"""Who is where, as far as one has been told."""

from __future__ import annotations

from huddle.client.session.events import (
    Answered,
    Here,
    Joined,
    Left,
    Renamed,
    RoomList,
    RoomListing,
    Said,
    Welcomed,
)
from huddle.client.session.requests import Leave, Rooms, Who
from huddle.client.terminal.roster import MAX_NICKS, Roster


def welcomed() -> Roster:
    roster = Roster()
    roster.follow(Welcomed("ana", {"huddle": Here("huddle", 3, ("bob", "carla"))}, 0))
    return roster


def said(nick: str, room: str = "huddle", past: bool = False) -> Said:
    return Said(room, 1, "", nick, "say", "hola", past)


def test_people_come_and_go() -> None:
    roster = welcomed()
    roster.follow(Joined("huddle", "dan"))
    roster.follow(Left("huddle", "bob"))
    assert roster.count("huddle") == 3
    assert set(roster.nicks("huddle")) == {"carla", "dan"}


def test_who_spoke_last_comes_first() -> None:
    roster = welcomed()
    roster.follow(said("bob"))
    assert roster.nicks("huddle")[0] == "bob"
    roster.follow(said("carla"))
    roster.follow(said("bob", past=True))
    assert roster.nicks("huddle")[0] == "carla"


def test_a_new_name_takes_the_place_of_the_old_one() -> None:
    roster = welcomed()
    roster.follow(Renamed("huddle", "bob", "roberto"))
    assert roster.nicks("huddle") == ["roberto", "carla"]


def test_a_whole_list_corrects_what_was_thought() -> None:
    roster = welcomed()
    roster.follow(said("ghost"))
    roster.follow(Answered(Who("huddle"), Here("huddle", 2, ("ana", "bob"))))
    assert roster.count("huddle") == 2
    assert set(roster.nicks("huddle")) == {"ana", "bob"}


def test_a_part_of_a_list_only_adds() -> None:
    roster = welcomed()
    roster.follow(Here("huddle", 500, ("dan",)))
    assert set(roster.nicks("huddle")) == {"bob", "carla", "dan"}


def test_rooms_are_those_one_is_in_and_those_one_was_told_of() -> None:
    roster = welcomed()
    roster.follow(Answered(Rooms(), RoomList((RoomListing("ops", 2, None),))))
    assert roster.rooms() == ["huddle", "ops"]
    roster.follow(Answered(Leave("huddle"), None))
    assert roster.rooms() == ["ops"]
    assert roster.count("huddle") == 0 and roster.nicks("huddle") == []


def test_private_messages_put_nobody_into_a_room() -> None:
    roster = welcomed()
    roster.follow(said("eve", "@"))
    assert roster.rooms() == ["huddle"]


def test_a_crowd_is_remembered_in_part() -> None:
    roster = Roster()
    for n in range(MAX_NICKS + 10):
        roster.follow(Joined("huddle", f"n{n}"))
    assert roster.count("huddle") == MAX_NICKS + 10
    assert len(roster.nicks("huddle")) == MAX_NICKS
