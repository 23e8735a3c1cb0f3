"""Own lines and others' stand in the order that everybody sees."""

from __future__ import annotations

import pytest

from huddle.client.conversation.buffers import Buffers
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.conversation.order import MOST
from huddle.client.session.events import (
    Acknowledged,
    Answered,
    Cause,
    Entered,
    Event,
    Gap,
    Joined,
    Offline,
    Reset,
    Said,
    Welcomed,
)
from huddle.client.session.state import Kind, Line
from huddle.protocol.requests import Join


def said(seq: int, room: str = "huddle") -> Said:
    return Said(room, seq, "", "bob", "say", str(seq))


def own(seq: int, kind: Kind = Kind.SAY) -> Acknowledged:
    return Acknowledged(seq, Line(kind, "huddle" if kind is not Kind.MSG else "bob", str(seq)), seq)


def fresh() -> Buffers:
    return Buffers(CurrentRoom("huddle"))


def told(order: Buffers, *happened: Event) -> list[Event]:
    return [event for each in happened for event in order.in_order(each)]


def test_what_comes_in_order_passes_at_once() -> None:
    order = fresh()
    assert told(order, said(7), said(8), own(9), said(10)) == [said(7), said(8), own(9), said(10)]
    assert not order.waiting


ENTRIES: dict[str, Event] = {
    "welcomed": Welcomed("ana", {"huddle": Entered("huddle", 1, ("ana",), after=4)}, 1),
    "back in a room": Entered("huddle", 1, ("ana",), after=4),
    "joined": Answered(Join("huddle"), Entered("huddle", 1, ("ana",), after=4)),
    "a new record": Reset("huddle", after=4),
    "a gap": Gap("huddle", 2, 4),
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_the_first_message_of_a_room_waits_for_the_own_line_before_it(entry: Event) -> None:
    """Its acknowledgement was on its way when the server was killed."""
    order = fresh()
    assert told(order, entry, said(6), said(7)) == [entry]
    assert told(order, own(5)) == [own(5), said(6), said(7)]


def test_a_new_connection_goes_on_with_what_waits() -> None:
    order = fresh()
    welcomed = ENTRIES["welcomed"]
    assert told(order, said(8), said(10), welcomed, own(9)) == [said(8), welcomed, own(9), said(10)]


def test_a_message_waits_for_the_own_line_before_it() -> None:
    order = fresh()
    assert told(order, said(1), said(3), said(4)) == [said(1)]
    assert order.waiting
    assert told(order, own(2)) == [own(2), said(3), said(4)]


def test_an_acknowledgement_waits_for_the_messages_before_it() -> None:
    order = fresh()
    assert told(order, said(1), own(3)) == [said(1)]
    assert list(order.overdue()) == []  # they are still to come
    assert told(order, said(2)) == [said(2), own(3)]


def test_messages_are_let_go_when_no_own_line_can_be_before_them() -> None:
    order = fresh()
    told(order, said(1), said(3), own(5))
    assert list(order.overdue()) == [said(3)]
    assert told(order, said(4)) == [said(4), own(5)]


def test_a_late_acknowledgement_is_shown_late() -> None:
    order = fresh()
    told(order, said(1), said(3))
    assert list(order.overdue()) == [said(3)]
    assert told(order, own(2), said(4)) == [own(2), said(4)]


def test_rooms_do_not_wait_for_each_other() -> None:
    order = fresh()
    assert told(order, said(1), said(3), said(1, "ops"), said(2, "ops")) == [
        said(1),
        said(1, "ops"),
        said(2, "ops"),
    ]
    private = own(8, Kind.MSG)
    assert told(order, private) == [private]


def test_a_message_waits_through_a_broken_link_or_is_let_go() -> None:
    order = fresh()
    offline = Offline(Cause.CLOSED, 1.0)
    assert told(order, said(1), said(3), offline) == [said(1), offline]
    assert list(order.rest()) == [said(3)]
    assert told(order, own(2)) == [own(2)]


def test_what_has_no_number_passes() -> None:
    order = fresh()
    joined = Joined("huddle", "carla")
    assert told(order, said(1), said(3), joined) == [said(1), joined]


def test_gaps_and_new_records_start_anew() -> None:
    order = fresh()
    gap, reset = Gap("huddle", 3, 90), Reset("huddle")
    assert told(order, said(1), said(3), gap, said(91)) == [said(1), said(3), gap, said(91)]
    assert told(order, reset, said(1)) == [reset, said(1)]


def test_a_room_that_is_entered_again_starts_anew() -> None:
    order = fresh()
    entered = Answered(Join("huddle"), None)
    assert told(order, said(1), entered, own(500)) == [said(1), entered, own(500)]


def test_not_more_than_so_many_wait() -> None:
    order = fresh()
    told(order, said(1))
    many = [said(seq) for seq in range(3, 4 + MOST)]
    assert told(order, *many) == many
    assert not order.waiting
