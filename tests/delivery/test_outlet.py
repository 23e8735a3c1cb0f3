"""One connection is given every message of its rooms once and in order, however it takes them."""

from __future__ import annotations

import pytest

from huddle.delivery.round_robin import RETRY
from huddle.delivery.subscription import Subscription
from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.protocol.answers import Goodbye, NickIs, Pong
from tests.delivery.hall import ANA, Hall, numbers, ring
from tests.sample_messages import joined, renderer

# Live


def test_whoever_subscribes_to_nothing_is_answered_at_once() -> None:
    reader = Hall().reader()
    reader.outlet.answer(NickIs("ana"))
    assert reader.transport.reads() == ["-- you are ana"]


def test_what_is_said_comes_at_once_and_as_it_is_said() -> None:
    hall = Hall()
    reader = hall.live_reader()
    hall.says("a", "b")
    assert reader.transport.reads() == ["<bob> a", "<bob> b"]


def test_notices_come_in_their_place() -> None:
    hall = Hall()
    reader = hall.live_reader()
    hall.tells(hall.write("a"), joined("carla"), hall.write("b"))
    assert reader.hears() == ["<bob> a", "-- carla joined", "<bob> b"]


def test_what_is_said_between_the_subscription_and_the_first_turn_comes_once() -> None:
    hall = Hall()
    hall.says("before")
    reader = hall.reader()
    reader.subscribes(0)
    hall.says("a")
    assert reader.transport.reads() == []
    assert reader.hears() == ["12:00 <bob> before", "12:00 <bob> a"]
    assert reader.outlet.live


def test_a_reader_who_is_to_be_given_nothing_of_before_is_live_at_once() -> None:
    hall = Hall()
    hall.says("before")
    reader = hall.reader()
    reader.subscribes()
    assert reader.outlet.live
    hall.says("a")
    assert reader.transport.reads() == ["<bob> a"]


def test_an_empty_reply_is_none() -> None:
    reader = Hall().reader()
    reader.stops()
    reader.outlet.reply(b"")
    assert reader.outlet.live


# Who is here


def test_who_is_here_is_told_to_those_who_missed_that_it_changed() -> None:
    hall = Hall()
    reader = hall.member_reader()
    reader.stops()
    hall.says("1")
    hall.member("carla", 3)
    hall.tells(joined("carla", 3))
    reader.goes_on()
    assert reader.hears() == ["12:00 <bob> 1", "-- 1 other here: carla."]


def test_who_is_here_is_not_told_when_nobody_came_or_went() -> None:
    hall = Hall()
    reader = hall.member_reader()
    reader.stops()
    hall.says("1")
    reader.goes_on()
    assert reader.hears() == ["12:00 <bob> 1"]


def test_who_is_here_is_told_once_though_it_was_not_taken() -> None:
    hall = Hall()
    reader = hall.member_reader()
    reader.stops()
    hall.says("1")
    hall.member("carla", 3)
    reader.takes(len("12:00 <bob> 1\n") + 4)
    assert not reader.outlet.live
    reader.goes_on()
    assert reader.hears() == ["12:00 <bob> 1", "-- 1 other here: carla."]
    assert reader.outlet.live


# Renderers


def test_a_live_reader_may_see_things_otherwise_from_now_on() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.outlet.render_by(renderer("es", times=True))
    hall.tells(hall.write("1"), joined("carla"))
    assert reader.hears() == ["12:00 <bob> 1", "-- carla ha entrado"]
    assert reader.outlet.renderer is not renderer()


def test_the_same_renderer_again_changes_nothing() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.outlet.render_by(reader.outlet.renderer)
    hall.says("1")
    assert reader.texts() == ["1"]


def test_a_reader_who_is_behind_gets_the_rest_from_the_new_renderer() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(4)
    hall.says("1", "2")
    reader.outlet.render_by(JsonDialect(hall.limits).renderer("en", False))
    reader.goes_on()
    first, second = reader.hears()
    assert first == "<bob> 1"
    assert second.startswith('{"type":"said","room":"huddle","seq":2,')


def test_whoever_sees_things_otherwise_while_behind_is_given_nothing_before_the_rest() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(4)
    hall.says("1")
    reader.outlet.render_by(renderer("es"))
    reader.stops(100)
    hall.says("2")
    reader.goes_on()
    hall.says("3")
    assert reader.texts() == ["1", "2", "3"]


# Replies


def test_replies_come_before_what_is_behind() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(4)
    hall.says("1", "2")
    reader.outlet.answer(NickIs("ana"))
    reader.outlet.answer(NickIs("eva"))
    reader.goes_on()
    assert reader.hears() == ["<bob> 1", "-- you are ana", "-- you are eva", "12:00 <bob> 2"]


def test_replies_that_wait_are_counted_and_their_end_is_a_relief() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(4)
    hall.says("1")
    reader.outlet.reply(b"12345\n")
    reader.outlet.reply(b"678\n")
    assert (reader.outlet.waiting, reader.relieved) == (10, 0)
    reader.goes_on()
    assert (reader.outlet.waiting, reader.relieved) == (0, 1)
    assert reader.hears() == ["<bob> 1", "12345", "678"]


def test_a_reply_that_is_cut_makes_the_reader_catch_up() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(4)
    reader.outlet.reply(b"12345\n")
    hall.says("1")
    reader.outlet.reply(b"678\n")
    assert reader.outlet.waiting == 4
    reader.goes_on()
    assert reader.hears() == ["12345", "678", "12:00 <bob> 1"]


def test_a_reply_that_waited_may_be_cut_again() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops()
    reader.outlet.reply(b"1\n")
    reader.outlet.reply(b"23456\n")
    reader.outlet.reply(b"7\n")
    reader.takes(3)
    assert reader.outlet.waiting == len(b"7\n")
    reader.goes_on()
    assert reader.hears() == ["1", "23456", "7"]


def test_a_reply_to_somebody_whose_turn_it_is_soon_goes_before_their_replay() -> None:
    hall = Hall(2)
    reader = hall.reader()
    reader.subscribes(after=0)
    reader.outlet.answer(NickIs("ana"))
    assert reader.hears() == ["-- you are ana", "12:00 <bob> 1", "12:00 <bob> 2"]


def test_an_answer_that_people_need_not_hear_is_nothing() -> None:
    reader = Hall().reader()
    reader.outlet.answer(Pong(1))
    assert reader.hears() == []


# The connection is gone


@pytest.mark.parametrize("how", ["live", "reply", "replay", "gap", "speaker", "waiting"])
def test_a_send_that_fails_for_good_ends_it(how: str) -> None:
    hall = Hall(6, limits=ring(3))
    reader = hall.member_reader() if how == "speaker" else hall.reader()
    if how in ("live", "reply", "waiting"):
        reader = hall.live_reader()
    if how == "waiting":
        reader.stops(2)
        reader.outlet.reply(b"12345\n")
        reader.outlet.reply(b"678\n")
    reader.transport.gone = True
    if how == "reply":
        reader.outlet.answer(NickIs("ana"))
    elif how == "waiting":
        reader.outlet.drained()
    elif how == "speaker":
        hall.tells(hall.write("own", ANA), hall.write("7"))
    elif how == "live":
        hall.says("7")
    else:
        reader.subscribes(after=0 if how == "gap" else 4)
    hall.reactor.settle()
    assert reader.outlet.ended and reader.outlet.closed
    assert reader.outlet.waiting == 0
    hall.says("8")
    reader.outlet.answer(NickIs("ana"))
    assert reader.hears() == (["12"] if how == "waiting" else [])


def test_who_is_lost_is_given_nothing_more() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.outlet.lost()
    hall.says("1")
    reader.outlet.drained()
    assert reader.hears() == []
    assert reader.outlet.ended


def test_replies_that_wait_for_somebody_who_is_lost_are_a_relief_all_the_same() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops()
    reader.outlet.reply(b"1\n")
    reader.outlet.reply(b"2\n")
    reader.outlet.lost()
    hall.reactor.settle()
    assert (reader.outlet.waiting, reader.relieved) == (0, 1)


def test_a_page_for_somebody_who_is_lost_is_not_given() -> None:
    hall = Hall(4)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.outlet.lost()
    hall.disk.finds()
    assert reader.hears() == []
    assert reader.outlet.ended


def test_a_page_that_could_not_be_read_for_somebody_who_is_lost_is_not_asked_for_again() -> None:
    hall = Hall(4)
    hall.disk.unreadable = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.outlet.lost()
    hall.reactor.pass_by(10 * RETRY)
    assert hall.disk.readings == 1


# Closing


def test_a_live_connection_is_told_and_closed_at_once() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.outlet.close(Goodbye())
    assert reader.hears() == ["-- Bye!"]
    assert reader.transport.closed and reader.outlet.ended
    hall.says("1")
    assert reader.hears() == []


def test_nobody_is_told_goodbye_twice() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.outlet.close(Goodbye())
    reader.outlet.close(Goodbye())
    assert reader.hears() == ["-- Bye!"]


def test_the_farewell_comes_after_the_replies_and_instead_of_what_is_behind() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(4)
    hall.says("1", "2")
    reader.outlet.answer(NickIs("ana"))
    reader.outlet.close(Goodbye())
    reader.outlet.answer(NickIs("eva"))
    assert reader.outlet.closed and not reader.outlet.ended
    reader.goes_on()
    assert reader.hears() == ["<bob> 1", "-- you are ana", "-- Bye!"]
    assert reader.transport.closed and reader.outlet.ended


def test_whoever_closes_before_their_first_turn_is_shown_no_replay() -> None:
    hall = Hall(4)
    reader = hall.reader()
    reader.subscribes(after=0)
    reader.outlet.close(Goodbye())
    assert reader.hears() == ["-- Bye!"]
    assert reader.transport.closed


def test_a_farewell_does_not_wait_for_a_page_that_is_read_and_the_page_is_not_given() -> None:
    hall = Hall(4)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    reader.outlet.close(Goodbye())
    assert reader.hears() == ["-- Bye!"]
    hall.disk.finds()
    assert reader.hears() == []
    assert reader.transport.closed


def test_a_farewell_that_is_cut_is_finished_and_then_it_is_closed() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(3)
    reader.outlet.close(Goodbye())
    assert not reader.transport.closed
    reader.goes_on()
    assert reader.hears() == ["-- Bye!"]
    assert reader.transport.closed


def test_whoever_closes_without_a_word_hears_none() -> None:
    reader = Hall().live_reader()
    reader.outlet.close()
    assert reader.hears() == []
    assert reader.transport.closed


def test_closed_when_level_is_closed_at_once_when_it_is_level() -> None:
    reader = Hall().live_reader()
    reader.outlet.close_when_level(Goodbye())
    assert reader.hears() == ["-- Bye!"]
    assert reader.transport.closed


def test_closed_when_level_gives_everything_before() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(4)
    hall.says(*numbers(1, 9))
    reader.outlet.close_when_level(Goodbye())
    assert not reader.outlet.closed
    reader.goes_on()
    assert reader.texts() == [*numbers(1, 9), "Bye!"]
    assert reader.transport.closed


# What has surely arrived


def test_the_cursor_of_a_live_reader_is_what_was_published() -> None:
    hall = Hall(3)
    reader = hall.live_reader()
    hall.says("4")
    assert reader.outlet.cursors() == {"huddle": 4} == reader.outlet.watermark()


def test_while_the_pipe_holds_something_there_is_no_mark() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(3)
    hall.says("1", "2", "3")
    assert reader.outlet.watermark() is None
    assert reader.outlet.cursors() == {"huddle": 1}
    reader.goes_on()
    assert reader.outlet.watermark() == {"huddle": 3}


def test_a_mark_counts_nothing_that_is_still_to_be_read() -> None:
    hall = Hall(6)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.subscribes(after=0)
    hall.reactor.settle()
    assert reader.outlet.watermark() is None
    hall.disk.finds()
    hall.reactor.settle()
    assert reader.outlet.watermark() == {"huddle": 4}


def test_there_is_no_mark_where_all_has_surely_arrived() -> None:
    hall = Hall()
    reader = hall.live_reader()
    hall.says("1")
    reader.outlet.confirm({"huddle": 1})
    assert reader.outlet.watermark() is None


def test_confirmed_is_what_a_mark_was_set_for() -> None:
    hall = Hall(2)
    reader = hall.live_reader()
    assert reader.outlet.confirmed() == {"huddle": 2}
    hall.says("3")
    watermark = reader.outlet.watermark()
    hall.says("4")
    assert reader.outlet.confirmed() == {"huddle": 2}
    assert watermark is not None
    reader.outlet.confirm(watermark)
    assert reader.outlet.confirmed() == {"huddle": 3}
    reader.outlet.confirm({"huddle": 1})
    reader.outlet.confirm({})
    assert reader.outlet.confirmed() == {"huddle": 3}


def test_at_first_all_before_the_cursor_has_arrived_and_nothing_is_shown() -> None:
    room = Hall().room()
    room.changes = 3
    new = Subscription(room, 7, 5)
    assert (new.cursor, new.confirmed, new.own_until, new.fresh) == (7, 7, 5, True)
    assert new.changes == 3
