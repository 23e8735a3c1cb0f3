"""Answering: what is told to one connection alone, or to each of many, and how that ends."""

from __future__ import annotations

from typing_extensions import override

from huddle.delivery.answering import Answering, answer_all
from huddle.protocol.answers import Answer, Aside, Goodbye, NickIs, RoomList, RoomListing
from huddle.visits.filters import QuietJoinsRenderer
from tests.delivery.hall import Hall
from tests.sample_messages import renderer


class Counted(QuietJoinsRenderer):
    """A renderer that counts what it renders."""

    def __init__(self, language: str = "en") -> None:
        super().__init__(renderer(language), quiet=False)
        self.rendered = 0

    @override
    def answer(self, event: Answer) -> bytes:
        self.rendered += 1
        return super().answer(event)


LONG = RoomList(tuple(RoomListing(f"room{number}", 1) for number in range(1000)))
LOST = Aside.LOST_OTHERS
TOLD = "-- This server has lost the others of the house; you can read."
DICHO = "-- Este servidor ha perdido a los demás de la casa; puedes leer."


def test_what_many_are_told_is_rendered_once_for_all_who_see_the_same() -> None:
    hall, english, spanish = Hall(), Counted(), Counted("es")
    readers = [hall.reader(english) for _ in range(50)] + [hall.reader(spanish)]
    answer_all([reader.outlet for reader in readers], LOST)
    assert [reader.hears() for reader in readers] == [[TOLD]] * 50 + [[DICHO]]
    assert (english.rendered, spanish.rendered) == (1, 1)


def test_who_takes_nothing_now_is_told_in_the_order_of_their_answers() -> None:
    hall = Hall()
    slow, dead, well = hall.reader(), hall.reader(), hall.reader()
    slow.stops()
    slow.outlet.answer(NickIs("ana"))
    dead.transport.gone = True
    answer_all([slow.outlet, dead.outlet, well.outlet], LOST)
    assert well.hears() == [TOLD] and slow.hears() == []
    assert dead.outlet.ended
    slow.goes_on()
    assert slow.hears() == ["-- you are ana", TOLD]


def test_who_has_been_said_good_bye_to_is_told_nothing_more() -> None:
    hall = Hall()
    waits, gone = hall.reader(), hall.reader()
    waits.stops()
    for reader in (waits, gone):
        reader.outlet.close(Goodbye())
    answer_all([waits.outlet, gone.outlet], LOST)
    waits.goes_on()
    assert [waits.hears(), gone.hears()] == [["-- Bye!"]] * 2
    assert waits.transport.closed and gone.transport.closed


def test_nobody_is_told_anything_where_nobody_is() -> None:
    nobody: list[Answering] = []
    answer_all(nobody, LOST)


def test_an_answer_comes_behind_a_long_one_also_while_a_page_is_read() -> None:
    hall = Hall(2)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.outlet.answer(LONG)
    reader.outlet.answer(NickIs("ana"))
    assert reader.hears() == []
    hall.disk.finds()
    answers = [line for line in reader.hears() if "<bob>" not in line]
    assert len(answers) > 1
    assert "room999" in answers[-2] and answers[-1] == "-- you are ana"


def test_a_connection_that_is_gone_costs_nothing_of_what_waits_for_it() -> None:
    hall = Hall()
    reader = hall.reader()
    reader.stops()
    reader.outlet.reply(b"x" * 1000)
    reader.outlet.reply(b"y" * 1000)
    assert reader.outlet.waiting
    reader.outlet.lost()
    assert reader.outlet.waiting == 0 and reader.outlet.ended
    reader.outlet.reply(b"z")
    reader.outlet.answer(LONG)
    assert reader.outlet.waiting == 0
    reader.outlet.close()
    assert reader.hears() == []
    assert reader.relieved == 1
