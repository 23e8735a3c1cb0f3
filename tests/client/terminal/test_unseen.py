"""What has come elsewhere is counted until one goes there."""

from __future__ import annotations

from huddle.client.session.events import Said
from huddle.client.terminal.unseen import MAX_PLACES, Unseen


def said(room: str, nick: str = "bob", *, past: bool = False, to: str = "") -> Said:
    return Said(room, 1, "2026-11-20T18:02:11.123Z", nick, "say", "hola", past, to)


def test_other_rooms_and_persons_are_counted() -> None:
    unseen = Unseen()
    for each in (said("ops"), said("huddle"), said("@"), said("ops"), said("@", "eva")):
        unseen.follow(each, "huddle", None)
    assert unseen.counts("huddle", None) == [("ops", 2), ("@bob", 1), ("@eva", 1)]
    assert unseen.counts("ops", None) == [("@bob", 1), ("@eva", 1)]
    assert unseen.counts("ops", "eva") == [("@bob", 1)]


def test_who_talks_to_one_person_hears_the_room_as_another_place() -> None:
    unseen = Unseen()
    unseen.follow(said("huddle"), "huddle", "bob")
    unseen.follow(said("@"), "huddle", "bob")
    assert unseen.counts("huddle", "bob") == [("huddle", 1)]
    assert unseen.counts("huddle", None) == []


def test_neither_the_past_nor_what_one_said_oneself_counts() -> None:
    unseen = Unseen()
    unseen.follow(said("ops", past=True), "huddle", None)
    unseen.follow(said("@", "ana", to="bob"), "huddle", None)
    assert unseen.counts("huddle", None) == []


def test_strangers_cannot_fill_the_line() -> None:
    unseen = Unseen()
    for n in range(2 * MAX_PLACES):
        unseen.follow(said("@", f"n{n}"), "huddle", None)
    assert len(unseen.counts("huddle", None)) == MAX_PLACES
