"""Who said some of a batch gets the rest of it and their acks by one send, and all of it once."""

from __future__ import annotations

import pytest

from huddle.delivery.audience import Around
from huddle.delivery.slab import Slab
from huddle.dialects.plain.dialect import PlainRenderer
from huddle.protocol.answers import Answer, NickIs
from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from tests.delivery.hall import ANA, BOB, FullTransport, Hall, numbers

AROUND, ACKS = "<bob> 1\n<bob> 3\n", "-- you are ana\n"


@pytest.fixture(autouse=True)
def short_lines_with_acks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of people, which are short, for readers who are told of their acks."""
    monkeypatch.setattr(PlainRenderer, "acknowledges", True)


def around_of(hall: Hall, *said: Said) -> list[Around]:
    """One batch, and what is still to be given of it to those who said something."""
    around: list[Around] = []
    hall.room().publish([*said], around)
    return around


def given(hall: Hall, *answers: Answer) -> None:
    """Ana says the second line of three, and is given the others with these answers behind."""
    said = hall.write("1"), hall.write("2", ANA), hall.write("3")
    [(listener, stream, slab, session, lines)] = around_of(hall, *said)
    listener.give_around(stream, slab, session, lines, answers)


def test_they_come_behind_each_other_as_they_are_given() -> None:
    hall = Hall()
    reader = hall.live_reader()
    given(hall, NickIs("ana"))
    assert reader.transport.reads() == [*AROUND.splitlines(), "-- you are ana"]


@pytest.mark.parametrize("taken", range(len(AROUND + ACKS) + 1))
def test_wherever_they_are_cut_all_of_it_comes_once(taken: int) -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(taken)
    given(hall, NickIs("ana"))
    assert reader.outlet.live is (taken == len(AROUND + ACKS))
    hall.says("4")
    reader.goes_on()
    texts = reader.texts()
    assert sorted(texts) == ["1", "3", "4", "ana"]
    texts.remove("ana")
    assert texts == ["1", "3", "4"]


def test_a_pipe_that_is_full_with_both_is_given_nothing_twice() -> None:
    hall = Hall()
    transport = FullTransport()
    reader = hall.live_reader(transport)
    transport.full = True
    given(hall, NickIs("ana"))
    hall.says("4")
    assert reader.hears() == [*AROUND.splitlines(), "-- you are ana"]
    reader.goes_on()
    assert reader.texts() == ["4"]


def test_a_connection_that_is_gone_has_neither() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.transport.gone = True
    given(hall, NickIs("ana"))
    assert reader.outlet.ended
    assert reader.outlet.cursors() == {"huddle": 0}


def test_who_is_behind_already_has_their_acks_before_what_they_missed() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(4)
    hall.says("1")
    hall.says("2")
    slab = Slab(1, 2, [b"<bob> 2\n", b"<ana> 3\n"], [2, 3], [BOB, ANA])
    reader.outlet.give_around("huddle", slab, ANA, [1], [NickIs("ana")])
    reader.goes_on()
    assert reader.texts() == ["1", "ana", "2"]


@pytest.mark.parametrize("taken", [0, 5, len(AROUND)])
def test_an_answer_that_cannot_be_rendered_keeps_nobody_from_what_others_said(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> bytes:
        raise KeyError

    hall = Hall()
    reader = hall.live_reader()
    reader.stops(taken)
    with monkeypatch.context() as patch, pytest.raises(KeyError):
        patch.setattr(type(reader.outlet.renderer), "answer", stumble)
        given(hall, NickIs("ana"))
    if not reader.outlet.live:
        reader.goes_on()
    assert reader.texts() == ["1", "3"]


def test_who_is_told_of_no_acks_waits_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlainRenderer, "acknowledges", False)
    hall = Hall()
    reader = hall.live_reader()
    assert around_of(hall, hall.write("1"), hall.write("2", ANA)) == []
    assert reader.texts() == ["1"]


def test_where_more_slabs_follow_they_are_not_waited_for() -> None:
    hall = Hall(limits=Limits(block=4, slab=30))
    reader = hall.live_reader()
    said = [hall.write(text, ANA if text == "2" else BOB) for text in numbers(1, 8)]
    assert around_of(hall, *said) == []
    assert reader.texts() == ["1", *numbers(3, 8)]
