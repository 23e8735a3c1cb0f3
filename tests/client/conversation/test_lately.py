"""What `/delete` means when no number is given."""

from __future__ import annotations

from huddle.client.conversation.lately import KEPT, Lately
from huddle.client.session.events import Acknowledged, Deleted, Named, Reset, Said
from huddle.client.session.state import Kind, Line


def said(seq: int, nick: str = "bob", room: str = "ops", to: str = "") -> Said:
    return Said(room, seq, "2026-11-20T18:02:11.123Z", nick, "say", "hola", to=to)


def own(seq: int, kind: Kind = Kind.SAY, place: str = "ops") -> Acknowledged:
    return Acknowledged(seq, Line(kind, place, "mine"), seq)


def followed(*happened: Said | Acknowledged | Deleted | Named | Reset) -> Lately:
    lately = Lately()
    for event in happened:
        lately.follow(event)
    return lately


def test_it_is_the_last_one_in_that_room() -> None:
    lately = followed(own(1), said(2), own(3), said(4, "eva"), own(9, Kind.MSG, "bob"))
    assert (lately.own("ops"), lately.of("ops", "BOB"), lately.of("ops", "eva")) == (3, 2, 4)
    assert lately.own("@") == 9
    assert lately.own("den") is lately.of("den", "bob") is None


def test_after_a_deletion_it_is_the_one_before() -> None:
    assert followed(own(1), own(3), Deleted("ops", 3, "ana")).own("ops") == 1


def test_numbers_of_another_record_mean_nothing() -> None:
    assert followed(own(1), Reset("ops")).own("ops") is None


def test_own_ones_are_found_by_the_nick_too() -> None:
    assert followed(Named("ana"), own(1)).of("ops", "ana") == 1


def test_an_own_one_of_another_device_is_own() -> None:
    assert followed(said(5, "ana", "@", to="bob")).own("@") == 5


def test_it_does_not_grow_for_ever() -> None:
    lately = followed(own(1), *(said(seq) for seq in range(2, KEPT + 2)))
    assert lately.own("ops") is None
