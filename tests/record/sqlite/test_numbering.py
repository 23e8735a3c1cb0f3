"""Messages that have their numbers are made rows by few calls of Python, for each of many."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import FrameType

from huddle.protocol.events import Draft, Kind, Said
from huddle.record.sqlite.numbering import Batch, Counters, RoomCounter

COUNT = 64


def said(seq: int, text: str) -> Said:
    return Said("huddle", seq, 1_790_000_000_000 + seq, 17, "ana", Kind.SAY, text)


def test_a_message_that_has_its_number_is_made_a_row_by_one_call() -> None:
    batch = Batch(Counters({"huddle": RoomCounter(1, "huddle")}))
    messages = [said(seq, "hola") for seq in range(1, COUNT + 1)]
    calls: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls.append(frame.f_code.co_qualname)

    sys.setprofile(note)
    try:
        batch.take(messages, range(1, COUNT + 1))
    finally:
        sys.setprofile(None)
    assert len(calls) <= COUNT + 10, calls
    assert batch.ids[1::3] == list(range(1, COUNT + 1))
    assert batch.rooms["huddle"].newest == COUNT


def test_an_id_stands_with_its_session_and_place_and_none_where_there_is_none() -> None:
    room = RoomCounter(1, "huddle")
    batch = Batch(Counters({"huddle": room}))
    batch.take([said(1, "hola"), said(2, "Привет"), said(3, "adiós")], [7, 0, 5])
    assert batch.ids == [17, 7, room.place(1), 17, 5, room.place(3)]
    spelled = batch.messages[7 :: len(batch.messages) // 3]
    assert [each is None for each in spelled] == [True, False, True]


def test_the_newest_time_of_all_rooms_counts_in_whichever_order_they_come() -> None:
    counters = Counters()
    counters.accept([RoomCounter(1, "huddle", newest=3, time=900)])
    counters.accept([RoomCounter(2, "ops", newest=1, time=500)])
    assert counters.time == 900
    assert Batch(counters).add([Draft("ops", 17, "ana", Kind.SAY, "hola")], 700)[0].time == 900


def test_behind_an_older_message_that_has_its_number_time_does_not_go_back() -> None:
    newer, older = replace(said(1, "hola"), time=900), replace(said(1, "hi"), room="ops", time=500)
    batch = Batch(Counters())
    batch.take([newer], [0])
    batch.take([older], [0])
    [last] = batch.add([Draft("ops", 17, "ana", Kind.SAY, "and?")], 700)
    assert (last.seq, last.time) == (2, 900)
