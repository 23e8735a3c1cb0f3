"""A reader who is behind is given all of it once and in order, and costs the rest of one line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from twisted.python.failure import Failure

from huddle.delivery.round_robin import RETRY, SLABS_A_TURN
from huddle.delivery.slab import Slab
from huddle.protocol.answers import NickIs
from huddle.protocol.limits import Limits
from huddle.visits.filters import IgnoringRenderer
from tests.delivery.hall import ANA, BOB, FullTransport, Hall, numbers, ring
from tests.sample_messages import DAY, NOON, renderer

# Replay


def test_a_new_reader_is_given_what_is_behind_the_seq_they_have() -> None:
    hall = Hall(10)
    reader = hall.reader()
    reader.subscribes(after=7)
    assert reader.hears() == ["12:00 <bob> 8", "12:00 <bob> 9", "12:00 <bob> 10"]
    assert reader.outlet.live


def test_nobody_is_given_more_than_there_is_for_having_more_than_there_is() -> None:
    hall = Hall(3)
    reader = hall.reader()
    reader.subscribes(after=99)
    assert reader.outlet.confirmed() == {"huddle": 3}
    assert reader.hears() == []
    hall.says("4")
    assert reader.texts() == ["4"]


def test_nothing_is_given_beyond_what_was_published() -> None:
    hall = Hall(5)
    hall.room()
    hall.write("6")
    reader = hall.reader()
    reader.subscribes(after=2)
    assert reader.texts() == numbers(3, 5)


def test_ones_own_lines_are_shown_up_to_a_seq_and_then_no_more() -> None:
    hall = Hall()
    for number in range(1, 7):
        hall.write(str(number), session=ANA if number % 2 else BOB)
    reader = hall.reader()
    reader.subscribes(after=0, own_until=3)
    assert reader.texts() == ["1", "2", "3", "4", "6"]


def test_a_long_replay_lets_others_have_their_turns() -> None:
    hall = Hall(4 * (SLABS_A_TURN + 2))
    reader = hall.reader()
    reader.subscribes(after=0)
    for _ in range(3):
        hall.disk.readings = 0
        hall.reactor.turn()
        assert hall.disk.readings <= SLABS_A_TURN
    assert reader.texts() == numbers(1, 4 * (SLABS_A_TURN + 2))


def test_a_replay_out_of_memory_gives_a_few_slabs_a_turn() -> None:
    hall = Hall(limits=Limits(slab=40))
    hall.says(*numbers(1, 30))
    first = hall.reader()
    first.subscribes(after=0)
    hall.reactor.settle()
    second = hall.reader()
    second.subscribes(after=0)
    hall.reactor.turn()
    some = [line.rpartition(" ")[2] for line in second.transport.reads()]
    assert 0 < len(some) < 30
    assert some + second.texts() == first.texts() == numbers(1, 30)


@pytest.mark.parametrize("room", range(0, 14 * 9, 7))
def test_a_replay_of_many_slabs_is_cut_in_any_of_them_and_misses_nothing(room: int) -> None:
    hall = Hall(limits=Limits(slab=20))
    hall.says(*numbers(1, 9))
    reader = hall.reader()
    reader.stops(room)
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.goes_on()
    assert reader.texts() == numbers(1, 9)


def test_the_first_line_of_an_older_day_has_its_day_in_front() -> None:
    hall = Hall()
    hall.write("old", time=NOON - DAY)
    hall.write("new")
    reader = hall.reader()
    reader.subscribes(after=0)
    assert reader.hears() == [
        "-- 18 November 2026 --",
        "12:00 <bob> old",
        "-- 19 November 2026 --",
        "12:00 <bob> new",
    ]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_older_day_is_told_once_wherever_one_begins_in_it(after: int) -> None:
    hall = Hall()
    hall.write("1", time=NOON - 2 * DAY)
    for number in range(2, 10):
        hall.write(str(number), time=NOON - DAY)
    reader = hall.reader()
    reader.subscribes(after=after)
    days = [line for line in reader.hears() if "November" in line]
    assert days == ["-- 17 November 2026 --", "-- 18 November 2026 --"][min(after, 1) :]


# Catching up


LIVE_LINES = sum(len(f"<bob> {number}\n") for number in range(1, 5))
PAST_LINES = sum(len(f"12:00 <bob> {number}\n") for number in range(1, 9))


@pytest.mark.parametrize("room", range(LIVE_LINES))
def test_a_live_batch_cut_anywhere_is_given_once_and_in_order(room: int) -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(room)
    hall.says(*numbers(1, 4))
    hall.says(*numbers(5, 9))
    assert not reader.outlet.live
    reader.goes_on()
    assert reader.texts() == numbers(1, 9)
    assert reader.outlet.live


@pytest.mark.parametrize("room", range(PAST_LINES))
def test_a_replay_cut_anywhere_is_given_once_and_in_order(room: int) -> None:
    hall = Hall(8)
    reader = hall.reader()
    reader.stops(room)
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.goes_on()
    assert reader.texts() == numbers(1, 8)


@pytest.mark.parametrize("room", range(0, LIVE_LINES + 3, 3))
def test_a_speaker_who_is_cut_anywhere_gets_the_others_lines_once(room: int) -> None:
    hall = Hall()
    reader = hall.member_reader()
    reader.stops(room)
    hall.tells(
        hall.write("1"), hall.write("own", ANA), hall.write("2"), hall.write("own", ANA),
        hall.write("3"), hall.write("4"),
    )  # fmt: skip
    if not reader.outlet.live:
        reader.goes_on()
    assert reader.texts() == numbers(1, 4)


def test_whoever_has_stopped_costs_the_rest_of_one_line() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(3)
    for _ in range(100):
        hall.says("x" * 50)
    assert reader.transport.rest == b"b> " + b"x" * 50 + b"\n"
    assert reader.outlet.waiting == 0


def test_a_pipe_that_is_full_has_taken_all_and_is_given_no_more_until_it_has_drained() -> None:
    hall = Hall()
    transport = FullTransport()
    reader = hall.live_reader(transport)
    transport.full = True
    hall.says("1", "2")
    hall.says("3")
    assert reader.texts() == ["1", "2"]
    reader.goes_on()
    assert reader.texts() == ["3"]


def test_a_pipe_that_gets_full_by_a_replay_has_all_of_the_slab() -> None:
    hall = Hall(8)
    transport = FullTransport()
    reader = hall.reader(transport=transport)
    transport.full = True
    reader.subscribes(after=0)
    assert reader.texts() == numbers(1, 4)
    reader.goes_on()
    assert reader.texts() == numbers(5, 8)


def test_a_pipe_that_gets_full_by_a_reply_has_all_of_it() -> None:
    hall = Hall(2)
    transport = FullTransport()
    reader = hall.live_reader(transport)
    transport.full = True
    reader.outlet.answer(NickIs("ana"))
    hall.says("3")
    assert reader.hears() == ["-- you are ana"]
    reader.goes_on()
    assert reader.hears() == ["12:00 <bob> 3"]


def test_a_cut_outlet_that_is_cut_once_more_has_nothing_to_lose() -> None:
    """A batch of many slabs tells of each; the first one counts."""
    hall = Hall(limits=Limits(block=4, slab=30))
    reader = hall.live_reader()
    reader.stops(5)
    hall.says(*numbers(1, 9))
    reader.goes_on()
    assert reader.texts() == numbers(1, 9)


def test_who_is_behind_already_is_not_given_what_is_live() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(4)
    hall.says("1")
    hall.says("2")
    slab = Slab(1, 2, [b"<bob> 2\n", b"<bob> 3\n"], [2, 3], [BOB, BOB])
    reader.stops(100)
    reader.outlet.give_around("huddle", slab, BOB, [0])
    reader.outlet.cut("huddle", slab, 3)
    reader.goes_on()
    assert reader.texts() == ["1", "2"]


def test_a_pipe_that_drains_unasked_changes_nothing() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.outlet.drained()
    reader.outlet.step()
    hall.says("1")
    assert reader.texts() == ["1"]


def test_a_slab_of_nothing_but_ones_own_lines_is_passed_over() -> None:
    hall = Hall()
    for number in range(1, 5):
        hall.write(str(number), session=ANA)
    hall.write("5")
    reader = hall.reader()
    reader.subscribes(after=0)
    assert reader.texts() == ["5"]


# Several rooms


def test_several_rooms_are_given_one_after_the_other_and_then_live() -> None:
    hall = Hall(2)
    hall.write("one", name="ops")
    reader = hall.reader()
    reader.subscribes(after=0)
    reader.subscribes(after=0, name="ops")
    assert reader.texts() == ["1", "2", "one"]
    hall.says("3")
    hall.says("two", name="ops")
    assert reader.texts() == ["3", "two"]


def test_who_is_cut_in_one_room_misses_nothing_in_the_other() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.subscribes(name="ops")
    hall.reactor.settle()
    reader.stops(1)
    hall.says("1")
    hall.says("one", name="ops")
    hall.says("2")
    reader.goes_on()
    assert sorted(reader.texts()) == ["1", "2", "one"]


def test_who_is_behind_in_one_room_is_given_nothing_of_a_new_one_before_the_rest() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(4)
    hall.says("1")
    reader.subscribes(name="ops")
    reader.stops(100)
    hall.says("one", name="ops")
    reader.goes_on()
    hall.says("two", name="ops")
    assert reader.texts() == ["1", "one", "two"]


def test_a_room_that_is_not_subscribed_to_any_more_is_silent() -> None:
    hall = Hall(4)
    reader = hall.live_reader()
    reader.outlet.unsubscribe(hall.room())
    reader.outlet.unsubscribe(hall.room("ops"))
    hall.says("5")
    assert reader.hears() == []
    assert reader.outlet.cursors() == {}


def test_a_room_may_be_left_in_the_middle_of_its_replay() -> None:
    hall = Hall(4)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.outlet.unsubscribe(hall.room())
    hall.disk.finds()
    assert reader.hears() == []
    assert reader.outlet.live


def test_a_room_that_is_left_and_subscribed_to_again_is_given_from_the_new_seq() -> None:
    hall = Hall(4)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.outlet.unsubscribe(hall.room())
    reader.subscribes(after=2)
    hall.disk.finds()
    hall.reactor.settle()
    assert reader.texts() == ["3", "4"]


# Reading


def test_a_page_that_comes_late_is_given_when_it_comes() -> None:
    hall = Hall(6)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=0)
    assert reader.hears() == []
    hall.says("7")
    hall.disk.finds()
    assert reader.texts() == numbers(1, 4)
    hall.disk.finds()
    assert reader.texts() == numbers(5, 7)


def test_a_page_that_comes_when_things_are_seen_otherwise_is_given_so() -> None:
    hall = Hall(2)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.outlet.render_by(IgnoringRenderer(renderer(), frozenset({f"session:{BOB}"})))
    hall.disk.finds()
    hall.disk.slow_to_read = False
    assert reader.hears() == []
    assert reader.outlet.live


def test_an_answer_does_not_wait_for_a_page_that_is_read() -> None:
    hall = Hall(4)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.outlet.answer(NickIs("ana"))
    assert reader.hears() == ["-- you are ana"]
    hall.disk.finds()
    assert reader.texts() == numbers(1, 4)


@pytest.mark.parametrize("room", [0, 5])
def test_an_answer_that_is_cut_while_a_page_is_read_is_finished_before_it(room: int) -> None:
    hall = Hall(4)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.stops(room)
    reader.outlet.answer(NickIs("ana"))
    hall.disk.finds()
    hall.reactor.settle()
    reader.goes_on()
    assert reader.texts() == ["ana", *numbers(1, 4)]


def test_a_page_that_cannot_be_read_is_asked_for_again_after_a_pause_and_once() -> None:
    hall = Hall(4)
    hall.disk.unreadable = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    assert hall.disk.readings == 1
    hall.reactor.pass_by(RETRY * 0.9)
    assert hall.disk.readings == 1
    hall.reactor.pass_by(RETRY * 0.2)
    assert hall.disk.readings == 2
    hall.disk.unreadable = False
    hall.reactor.pass_by(RETRY)
    assert hall.disk.readings == 3
    assert reader.texts() == numbers(1, 4)
    hall.reactor.pass_by(10 * RETRY)
    assert hall.disk.readings == 3


def test_whoever_was_cut_meanwhile_does_not_ask_again_before_they_have_drained() -> None:
    hall = Hall(4)
    hall.disk.unreadable = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.stops(3)
    reader.outlet.answer(NickIs("ana"))
    hall.disk.unreadable = False
    hall.reactor.pass_by(10 * RETRY)
    assert hall.disk.readings == 1
    reader.goes_on()
    assert reader.texts() == ["ana", *numbers(1, 4)]


def test_a_fault_in_rendering_is_logged_and_asked_for_again(
    logged_failures: list[Failure], monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = Hall(4)

    def stumble(*_: object) -> Sequence[bytes]:
        raise KeyError

    with monkeypatch.context() as patch:
        patch.setattr("huddle.dialects.plain.dialect.PlainRenderer.past", stumble)
        reader = hall.reader()
        reader.subscribes(after=0)
        hall.reactor.settle()
    assert [failure.type for failure in logged_failures] == [KeyError]
    logged_failures.clear()
    hall.reactor.pass_by(RETRY)
    assert reader.texts() == numbers(1, 4)


# What is gone


def test_whoever_falls_off_the_ring_is_told_how_much_is_gone() -> None:
    hall = Hall(limits=ring(3))
    reader = hall.live_reader()
    reader.stops()
    hall.says(*numbers(1, 10))
    reader.goes_on()
    assert reader.hears() == [
        "-- 7 messages are gone --",
        "12:00 <bob> 8",
        "12:00 <bob> 9",
        "12:00 <bob> 10",
    ]


def test_one_message_that_is_gone_is_one() -> None:
    hall = Hall(4, limits=ring(3))
    reader = hall.reader()
    reader.subscribes(after=0)
    assert reader.hears()[0] == "-- 1 message is gone --"


@pytest.mark.parametrize("room", range(len("-- 7 messages are gone --\n")))
def test_what_is_gone_is_told_once_wherever_that_is_cut(room: int) -> None:
    hall = Hall(10, limits=ring(3))
    reader = hall.reader()
    reader.stops(room)
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.goes_on()
    assert reader.hears() == [
        "-- 7 messages are gone --",
        *(f"12:00 <bob> {number}" for number in (8, 9, 10)),
    ]


def test_what_went_while_it_was_read_is_told_as_gone_too() -> None:
    hall = Hall(6, limits=ring(4))
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=2)
    hall.reactor.settle()
    hall.says(*numbers(7, 8))
    hall.disk.slow_to_read = False
    hall.disk.finds()
    assert reader.hears() == [
        "-- 2 messages are gone --",
        *(f"12:00 <bob> {number}" for number in range(5, 9)),
    ]
