"""One connection is given every message of its rooms once and in order, however it takes them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.delivery.history import History, Pages
from huddle.delivery.outlet import Outlet
from huddle.delivery.slab import Slab
from huddle.delivery.transport import FULL
from huddle.delivery.turns import RETRY, SLABS_A_TURN, Turns
from huddle.delivery.watch import Watch
from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.people.sessions import Session
from huddle.protocol.answers import Goodbye, NickIs, Pong
from huddle.protocol.dialect import Renderer
from huddle.protocol.events import Draft, Kind, RoomEvent, Said
from huddle.protocol.limits import Limits
from huddle.rooms.room import Room
from tests.in_memory_tcp import MemoryReactor
from tests.sample_messages import DAY, NOON, MemoryTransport, joined, renderer
from tests.slow_record import SlowRecord

LIMITS = Limits(block=4)
ANA, BOB = 1, 2


class FullTransport(MemoryTransport):
    """Takes everything; as long as it is ``full`` it wants no more after that."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False

    @override
    def send(self, data: bytes) -> int:
        taken = super().send(data)
        return FULL if self.full else taken

    @override
    def drain(self, outlet: Outlet) -> None:
        self.full = False
        super().drain(outlet)


class Reader:
    """An outlet, and what comes out of it."""

    def __init__(self, hall: Hall, shown: Renderer, transport: MemoryTransport) -> None:
        self.hall = hall
        self.transport = transport
        self.outlet = Outlet(transport, shown, hall.turns)
        self.outlet.session = ANA
        self.relieved = 0
        self.outlet.relieves = self

    def go_on(self) -> None:
        self.relieved += 1

    def watches(self, after: int | None = None, name: str = "huddle", own_until: int = 0) -> None:
        room = self.hall.room(name)
        self.outlet.watch(room, room.published if after is None else after, own_until)

    def stops(self, room: int = 0) -> None:
        """Take so many bytes more."""
        self.transport.room = room

    def takes(self, room: int) -> None:
        """Take what was begun, and so many bytes more."""
        assert self.transport.rest is not None
        self.transport.data, self.transport.rest = self.transport.data + self.transport.rest, None
        self.stops(room)
        self.outlet.drained()
        self.hall.reactor.settle()

    def goes_on(self) -> None:
        """Take everything again, and be given it."""
        self.transport.drain(self.outlet)
        self.hall.reactor.settle()

    def hears(self) -> list[str]:
        self.hall.reactor.settle()
        return self.transport.reads()

    def texts(self) -> list[str]:
        """The last words of the lines it hears."""
        return [line.rpartition(" ")[2] for line in self.hears()]


class Hall:
    """Rooms over a disk. What was written before a room is opened has to be read from it."""

    def __init__(self, written: int = 0, limits: Limits = LIMITS) -> None:
        self.reactor = MemoryReactor()
        self.turns = Turns(self.reactor.callLater)
        self.limits = limits
        self.disk = SlowRecord(limits)
        self.rooms: dict[str, Room] = {}
        for number in range(1, written + 1):
            self.write(str(number))

    def room(self, name: str = "huddle") -> Room:
        if name not in self.rooms:
            history = History(name, self.disk, Pages(self.limits.pages), self.limits)
            self.rooms[name] = Room(name, history, self.reactor.callLater, self.limits)
        return self.rooms[name]

    def write(self, text: str, session: int = BOB, name: str = "huddle", time: int = NOON) -> Said:
        written: list[Said] = []
        draft = Draft(name, session, "ana" if session == ANA else "bob", Kind.SAY, text)
        self.disk.append([draft], time).addCallback(written.extend)
        return written[0]

    def says(self, *texts: str, session: int = BOB, name: str = "huddle") -> None:
        """One batch."""
        room = self.room(name)
        room.publish([self.write(text, session, name) for text in texts])

    def tells(self, *events: RoomEvent) -> None:
        self.room().publish(list(events))

    def member(self, nick: str, number: int) -> None:
        """Somebody comes into the room, and is away."""
        self.room().add(Session(number, nick))

    def reader(
        self, shown: Renderer | None = None, transport: MemoryTransport | None = None
    ) -> Reader:
        """Somebody with nothing to watch yet."""
        return Reader(self, shown or renderer(), transport or MemoryTransport())

    def member_reader(self, nick: str = "ana") -> Reader:
        """A member of the room who is level with it."""
        reader = self.reader()
        session = Session(ANA, nick)
        session.outlet = reader.outlet
        self.room().add(session)
        reader.watches()
        self.reactor.settle()
        return reader

    def live_reader(self, transport: MemoryTransport | None = None) -> Reader:
        """Somebody who is level with the room."""
        reader = self.reader(transport=transport)
        reader.watches()
        self.reactor.settle()
        assert reader.outlet.live
        return reader


def numbers(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


# Live


def test_whoever_watches_nothing_is_answered_at_once() -> None:
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


def test_what_is_said_between_the_wish_to_watch_and_the_first_turn_comes_once() -> None:
    hall = Hall()
    hall.says("before")
    reader = hall.reader()
    reader.watches(0)
    hall.says("a")
    assert reader.transport.reads() == []
    assert reader.hears() == ["12:00 <bob> before", "12:00 <bob> a"]
    assert reader.outlet.live


def test_a_reader_who_is_to_be_given_nothing_of_before_is_live_at_once() -> None:
    hall = Hall()
    hall.says("before")
    reader = hall.reader()
    reader.watches()
    assert reader.outlet.live
    hall.says("a")
    assert reader.transport.reads() == ["<bob> a"]


def test_an_empty_reply_is_none() -> None:
    reader = Hall().reader()
    reader.stops()
    reader.outlet.reply(b"")
    assert reader.outlet.live


# Replay


def test_a_new_reader_is_given_what_is_behind_the_seq_they_have() -> None:
    hall = Hall(10)
    reader = hall.reader()
    reader.watches(after=7)
    assert reader.hears() == ["12:00 <bob> 8", "12:00 <bob> 9", "12:00 <bob> 10"]
    assert reader.outlet.live


def test_nobody_is_given_more_than_there_is_for_having_more_than_there_is() -> None:
    hall = Hall(3)
    reader = hall.reader()
    reader.watches(after=99)
    assert reader.outlet.confirmed() == {"huddle": 3}
    assert reader.hears() == []
    hall.says("4")
    assert reader.texts() == ["4"]


def test_nothing_is_given_beyond_what_was_published() -> None:
    hall = Hall(5)
    hall.room()
    hall.write("6")
    reader = hall.reader()
    reader.watches(after=2)
    assert reader.texts() == numbers(3, 5)


def test_ones_own_lines_are_shown_up_to_a_seq_and_then_no_more() -> None:
    hall = Hall()
    for number in range(1, 7):
        hall.write(str(number), session=ANA if number % 2 else BOB)
    reader = hall.reader()
    reader.watches(after=0, own_until=3)
    assert reader.texts() == ["1", "2", "3", "4", "6"]


def test_a_long_replay_lets_others_have_their_turns() -> None:
    hall = Hall(4 * (SLABS_A_TURN + 2))
    reader = hall.reader()
    reader.watches(after=0)
    for _ in range(3):
        hall.disk.readings = 0
        hall.reactor.turn()
        assert hall.disk.readings <= SLABS_A_TURN
    assert reader.texts() == numbers(1, 4 * (SLABS_A_TURN + 2))


def test_a_replay_out_of_memory_gives_a_few_slabs_a_turn() -> None:
    hall = Hall(limits=Limits(slab=40))
    hall.says(*numbers(1, 30))
    first = hall.reader()
    first.watches(after=0)
    hall.reactor.settle()
    second = hall.reader()
    second.watches(after=0)
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
    reader.watches(after=0)
    hall.reactor.settle()
    reader.goes_on()
    assert reader.texts() == numbers(1, 9)


def test_the_first_line_of_an_older_day_has_its_day_in_front() -> None:
    hall = Hall()
    hall.write("old", time=NOON - DAY)
    hall.write("new")
    reader = hall.reader()
    reader.watches(after=0)
    assert reader.hears() == [
        "-- 18 November 2026 --",
        "12:00 <bob> old",
        "-- 19 November 2026 --",
        "12:00 <bob> new",
    ]


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
    reader.watches(after=0)
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
    reader.watches(after=0)
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
    reader.watches(after=0)
    assert reader.texts() == ["5"]


# Several rooms


def test_several_rooms_are_given_one_after_the_other_and_then_live() -> None:
    hall = Hall(2)
    hall.write("one", name="ops")
    reader = hall.reader()
    reader.watches(after=0)
    reader.watches(after=0, name="ops")
    assert reader.texts() == ["1", "2", "one"]
    hall.says("3")
    hall.says("two", name="ops")
    assert reader.texts() == ["3", "two"]


def test_who_is_cut_in_one_room_misses_nothing_in_the_other() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.watches(name="ops")
    hall.reactor.settle()
    reader.stops(1)
    hall.says("1")
    hall.says("one", name="ops")
    hall.says("2")
    reader.goes_on()
    assert sorted(reader.texts()) == ["1", "2", "one"]


def test_a_room_that_is_watched_no_more_is_silent() -> None:
    hall = Hall(4)
    reader = hall.live_reader()
    reader.outlet.unwatch(hall.room())
    reader.outlet.unwatch(hall.room("ops"))
    hall.says("5")
    assert reader.hears() == []
    assert reader.outlet.cursors() == {}


def test_a_room_may_be_left_in_the_middle_of_its_replay() -> None:
    hall = Hall(4)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.watches(after=0)
    hall.reactor.settle()
    reader.outlet.unwatch(hall.room())
    hall.disk.finds()
    assert reader.hears() == []
    assert reader.outlet.live


def test_a_room_that_is_left_and_watched_again_is_given_from_the_new_seq() -> None:
    hall = Hall(4)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.watches(after=0)
    hall.reactor.settle()
    reader.outlet.unwatch(hall.room())
    reader.watches(after=2)
    hall.disk.finds()
    hall.reactor.settle()
    assert reader.texts() == ["3", "4"]


# Reading


def test_a_page_that_comes_late_is_given_when_it_comes() -> None:
    hall = Hall(6)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.watches(after=0)
    assert reader.hears() == []
    hall.says("7")
    hall.disk.finds()
    assert reader.texts() == numbers(1, 4)
    hall.disk.finds()
    assert reader.texts() == numbers(5, 7)


def test_an_answer_does_not_wait_for_a_page_that_is_read() -> None:
    hall = Hall(4)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.watches(after=0)
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
    reader.watches(after=0)
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
    reader.watches(after=0)
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
    reader.watches(after=0)
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
        reader.watches(after=0)
        hall.reactor.settle()
    assert [failure.type for failure in logged_failures] == [KeyError]
    logged_failures.clear()
    hall.reactor.pass_by(RETRY)
    assert reader.texts() == numbers(1, 4)


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


# What is gone


def ring(kept: int) -> Limits:
    return Limits(block=4, ring_messages=kept)


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
    reader.watches(after=0)
    assert reader.hears()[0] == "-- 1 message is gone --"


@pytest.mark.parametrize("room", range(len("-- 7 messages are gone --\n")))
def test_what_is_gone_is_told_once_wherever_that_is_cut(room: int) -> None:
    hall = Hall(10, limits=ring(3))
    reader = hall.reader()
    reader.stops(room)
    reader.watches(after=0)
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
    reader.watches(after=2)
    hall.reactor.settle()
    hall.says(*numbers(7, 8))
    hall.disk.slow_to_read = False
    hall.disk.finds()
    assert reader.hears() == [
        "-- 2 messages are gone --",
        *(f"12:00 <bob> {number}" for number in range(5, 9)),
    ]


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
    reader.watches(after=0)
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
        reader.watches(after=0 if how == "gap" else 4)
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
    reader.watches(after=0)
    hall.reactor.settle()
    reader.outlet.lost()
    hall.disk.finds()
    assert reader.hears() == []
    assert reader.outlet.ended


def test_a_page_that_could_not_be_read_for_somebody_who_is_lost_is_not_asked_for_again() -> None:
    hall = Hall(4)
    hall.disk.unreadable = True
    reader = hall.reader()
    reader.watches(after=0)
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
    reader.watches(after=0)
    reader.outlet.close(Goodbye())
    assert reader.hears() == ["-- Bye!"]
    assert reader.transport.closed


def test_a_farewell_does_not_wait_for_a_page_that_is_read_and_the_page_is_not_given() -> None:
    hall = Hall(4)
    hall.disk.slow_to_read = True
    reader = hall.reader()
    reader.watches(after=0)
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
    assert reader.outlet.cursors() == {"huddle": 4} == reader.outlet.mark()


def test_while_the_pipe_holds_something_there_is_no_mark() -> None:
    hall = Hall()
    reader = hall.live_reader()
    reader.stops(3)
    hall.says("1", "2", "3")
    assert reader.outlet.mark() is None
    assert reader.outlet.cursors() == {"huddle": 1}
    reader.goes_on()
    assert reader.outlet.mark() == {"huddle": 3}


def test_confirmed_is_what_a_mark_was_set_for() -> None:
    hall = Hall(2)
    reader = hall.live_reader()
    assert reader.outlet.confirmed() == {"huddle": 2}
    hall.says("3")
    mark = reader.outlet.mark()
    hall.says("4")
    assert reader.outlet.confirmed() == {"huddle": 2}
    assert mark is not None
    reader.outlet.confirm(mark)
    assert reader.outlet.confirmed() == {"huddle": 3}
    reader.outlet.confirm({"huddle": 1})
    reader.outlet.confirm({})
    assert reader.outlet.confirmed() == {"huddle": 3}


def test_at_first_all_before_the_cursor_has_arrived_and_nothing_is_shown() -> None:
    room = Hall().room()
    room.changes = 3
    watch = Watch(room, 7, 5)
    assert (watch.cursor, watch.confirmed, watch.own_until, watch.fresh) == (7, 7, 5, True)
    assert watch.changes == 3
