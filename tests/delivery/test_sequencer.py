"""One order for everything that is said and done: recorded first, then told, then settled."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.python.failure import Failure

from huddle.delivery.entries import ENTRY_OVERHEAD
from huddle.delivery.sequencer import TURN, TURNS
from huddle.protocol.events import Draft, Kind, Notice
from huddle.protocol.limits import Limits
from tests.delivery.sequenced import House, busy
from tests.sample_messages import NOON, joined, left

# Batches


def test_what_is_said_is_recorded_told_and_settled_in_the_next_turn() -> None:
    house = House()
    house.says("a")
    assert (house.notes, house.disk.batches) == ([], [])
    assert house.tells() == ["huddle: a", "a is 1", "done"]


def test_what_is_said_in_one_turn_is_one_batch() -> None:
    house = House()
    house.says("a", "b")
    house.says("c", session=2)
    assert house.tells() == ["huddle: a b c", "a is 1", "b is 2", "c is 3", "done"]
    assert house.batches == ["abc"]


def test_one_batch_is_for_all_rooms() -> None:
    house = House()
    house.says("a")
    house.says("b", room="ops")
    house.says("c")
    assert house.tells() == ["huddle: a c", "ops: b", "a is 1", "b is 1", "c is 2", "done"]
    assert house.batches == ["abc"]


def test_while_a_commit_is_in_flight_what_comes_is_the_next_batch() -> None:
    house = House()
    house.disk.slow = True
    house.says("a")
    house.turns()
    house.says("b")
    house.turns(3)
    house.says("c")
    house.turns(3)
    assert (house.batches, house.disk.waiting, house.notes) == (["a"], 1, [])
    house.disk.writes(1)
    house.turns(3)
    assert house.batches == ["a", "bc"]
    assert house.notes == ["huddle: a", "a is 1", "done"]
    house.disk.writes()
    assert house.tells()[-1] == "done"


def test_nobody_is_told_before_the_disk_has_it() -> None:
    house = House()
    house.disk.slow = True
    house.says("a")
    house.happens("joining", joined("bob"))
    assert house.tells() == []
    house.disk.writes()
    assert house.tells() == ["huddle: a Joined", "a is 1", "joining is done", "done"]


def test_a_quiet_room_waits_for_nobody() -> None:
    house = House()
    house.says("a")
    house.turns()
    house.says("b")
    house.turns()
    assert house.batches == ["a", "b"]


def test_a_busy_rooms_batch_is_open_as_long_as_each_turn_brings_more() -> None:
    house = House()
    busy(house)
    for letter in "abc":
        house.says(letter)
        house.turns()
        assert house.batches == []
    house.turns()
    assert house.batches == ["abc"]


def test_a_busy_rooms_batch_is_closed_after_so_many_turns() -> None:
    house = House()
    busy(house)
    for _ in range(TURNS + 3):
        house.says("x")
        house.turns()
    assert house.batches == ["x" * TURNS]


def test_a_busy_rooms_batch_is_closed_when_it_fills_a_slab() -> None:
    house = House(Limits(slab=3))
    busy(house)
    for letter in "abcdef":
        house.says(letter)
        house.turns()
    assert house.batches == ["abc", "def"]


def test_a_busy_room_is_quiet_again_after_a_batch_of_one() -> None:
    house = House()
    busy(house)
    house.says("a")
    house.turns(2)
    house.says("b")
    house.turns()
    assert house.batches == ["a", "b"]


def test_what_is_said_behind_a_text_that_was_committed_early_waits_for_it() -> None:
    house = House()
    house.disk.slow = True
    house.says("a")
    house.sequencer.commit_early()
    house.says("b")
    house.turns(3)
    assert house.batches == ["a"]
    house.disk.writes()
    house.turns()
    house.disk.writes()
    assert house.tells() == ["huddle: a", "a is 1", "done", "huddle: b", "b is 2", "done"]


# What happens


def test_what_happens_keeps_its_place_among_what_is_said() -> None:
    house = House()
    house.happens("joining", joined("bob"))
    house.says("a")
    house.happens("leaving", left("bob"), left("bob", room="ops"))
    assert house.tells() == [
        "huddle: Joined a Left",
        "ops: Left",
        "joining is done",
        "a is 1",
        "leaving is done",
        "done",
    ]


def test_what_only_happens_needs_no_commit() -> None:
    house = House()
    house.happens("joining", joined("bob"))
    assert house.tells() == ["huddle: Joined", "joining is done", "done"]
    assert house.batches == []


def test_what_follows_from_a_batch_is_in_the_next_one() -> None:
    house = House()
    house.sequencer.happen(tuple, lambda: house.says("b"))
    house.says("a")
    assert house.tells() == ["huddle: a", "a is 1", "done", "huddle: b", "b is 2", "done"]


def test_it_is_idle_at_once_when_nothing_waits() -> None:
    house = House()
    assert house.sequencer.when_idle().called


def test_it_is_idle_when_all_that_was_put_in_before_is_settled() -> None:
    house = House()
    house.disk.slow = True
    house.says("a")
    house.turns()
    house.says("b")
    house.sequencer.when_idle().addCallback(lambda _: house.notes.append("idle"))
    house.says("c")
    house.disk.writes(1)
    assert "idle" not in house.tells()
    house.disk.writes(1)
    assert house.tells() == ["huddle: b c", "b is 2", "c is 3", "done", "idle"]


def test_it_waits_for_a_commit_in_flight_though_nothing_else_waits() -> None:
    house = House()
    house.disk.slow = True
    house.says("a")
    house.turns()
    idle = house.sequencer.when_idle()
    house.reactor.settle()
    assert not idle.called
    house.disk.writes()
    house.reactor.settle()
    assert idle.called


# When the record cannot


def test_what_the_disk_refuses_nobody_sees_and_all_who_said_it_are_told() -> None:
    house = House()
    house.disk.broken = True
    house.says("a", "b")
    house.happens("leaving", left("bob"))
    assert house.tells() == [
        "huddle: Left",
        "a is NotRecorded",
        "b is NotRecorded",
        "leaving is done",
        "done",
    ]


def test_when_the_disk_works_again_no_number_is_missing() -> None:
    house = House()
    house.says("a")
    house.tells()
    house.disk.broken = True
    house.says("b")
    house.tells()
    house.disk.broken = False
    house.says("c")
    assert house.tells() == ["huddle: c", "c is 2", "done"]


def test_a_poisonous_message_fails_alone(logged_failures: list[Failure]) -> None:
    house = House()
    house.disk.poison = "poison"
    house.says("a")
    house.says("poison", session=2)
    house.says("b", session=3)
    house.happens("leaving", left("bob"))
    assert house.tells() == [
        "huddle: a b Left",
        "a is 1",
        "poison is NotRecorded",
        "b is 2",
        "leaving is done",
        "done",
    ]
    assert house.batches == ["apoisonb", "a", "poison", "b"]
    assert [failure.type for failure in logged_failures] == [ValueError, ValueError]
    logged_failures.clear()


def test_behind_a_poisonous_message_everything_is_published_as_before(
    logged_failures: list[Failure],
) -> None:
    house = House()
    house.disk.poison = "poison"
    house.says("poison")
    house.tells()
    house.says("a")
    assert house.tells() == ["huddle: a", "a is 1", "done"]
    logged_failures.clear()


def test_behind_a_poisonous_message_its_speaker_is_refused_and_not_even_tried(
    logged_failures: list[Failure],
) -> None:
    house = House()
    house.disk.poison = "poison"
    house.says("a", "poison", "b", first=1)
    house.says("c", session=2, first=9)
    assert house.tells() == [
        "huddle: a c",
        "a is 1",
        "poison is NotRecorded",
        "b is NotRecorded",
        "c is 2",
        "done",
    ]
    assert house.batches == ["apoisonbc", "a", "poison", "c"]
    logged_failures.clear()


def test_a_disk_that_breaks_while_one_by_one_is_tried_refuses_the_others(
    logged_failures: list[Failure],
) -> None:
    house = House()
    house.disk.slow = True
    house.says("a", "b", "c")
    house.turns()
    house.disk.refuses(1, ValueError("odd"))
    house.disk.writes(1)
    house.disk.broken = True
    house.disk.writes()
    assert house.tells() == ["huddle: a", "a is 1", "b is NotRecorded", "c is NotRecorded", "done"]
    assert [failure.type for failure in logged_failures] == [ValueError]
    logged_failures.clear()


# Faults of others


def test_one_whose_settling_goes_wrong_stops_nobody_else(logged_failures: list[Failure]) -> None:
    house = House()

    def stumble(*_: object) -> None:
        raise KeyError

    house.stumbles_over = "a"
    house.says("a")
    house.sequencer.happen(tuple, stumble)
    house.says("b")
    assert house.tells() == ["huddle: a b", "b is 2", "done"]
    house.says("c")
    assert house.tells() == ["huddle: c", "c is 3", "done"]
    assert [failure.type for failure in logged_failures] == [KeyError, KeyError]
    logged_failures.clear()


def test_a_telling_that_goes_wrong_stops_no_settling(logged_failures: list[Failure]) -> None:
    house = House()

    def stumble() -> Sequence[Notice]:
        raise KeyError

    house.sequencer.happen(stumble, lambda: house.notes.append("it is done"))
    house.says("a")
    assert house.tells() == ["it is done", "a is 1", "done"]
    assert [failure.type for failure in logged_failures] == [KeyError]
    logged_failures.clear()


def test_a_fault_in_the_last_words_of_a_batch_does_not_stop_the_house(
    logged_failures: list[Failure],
) -> None:
    house, faults = House(), [KeyError("a fault")]

    def stumble_once() -> None:
        if faults:
            raise faults.pop()

    house.sequencer.publish_by(house.deliver, lambda *_: None, stumble_once)
    for text in "ab":
        house.sequencer.say(Draft("huddle", 1, "ana", Kind.SAY, text))
        house.reactor.settle()
    assert house.tells() == ["huddle: a", "huddle: b"]
    assert [failure.type for failure in logged_failures] == [KeyError]
    logged_failures.clear()


# Copies


def test_copies_are_recorded_and_told_with_what_was_said_and_its_own_place_is_the_answer() -> None:
    house = House()
    house.whispers("a", "@2")
    house.whispers("b", "@2", "@3")
    house.whispers("c", "@1", session=2)
    assert house.tells() == [
        "@1: a b c",
        "@2: a b c",
        "@3: b",
        "a is 1",
        "b is 2",
        "c is 3",
        "done",
    ]
    assert house.batches == ["aabbbcc"]


def test_a_message_with_copies_is_recorded_whole_or_not_at_all(
    logged_failures: list[Failure],
) -> None:
    house = House()
    house.disk.poison = "poison"
    house.says("before", first=1, session=3)
    house.whispers("poison", "@2", "@3", id=1)
    house.whispers("behind", "@2", id=2)
    house.whispers("another's", "@2", session=4)
    assert house.tells() == [
        "huddle: before",
        "@4: another's",
        "@2: another's",
        "before is 1",
        "poison is NotRecorded",
        "behind is NotRecorded",
        "another's is 1",
        "done",
    ]
    assert {room: len(kept) for room, kept in house.disk.kept.items()} == {
        "huddle": 1,
        "@4": 1,
        "@2": 1,
    }
    assert [str(failure.value) for failure in logged_failures] == ["poison", "poison"]
    logged_failures.clear()


def test_a_batch_with_copies_that_the_disk_refuses_tells_nobody_of_any_of_them() -> None:
    house = House()
    house.disk.broken = True
    house.whispers("a", "@2", "@3")
    house.says("b")
    house.happens("leaving", left("ana"))
    assert house.tells() == [
        "huddle: Left",
        "a is NotRecorded",
        "b is NotRecorded",
        "leaving is done",
        "done",
    ]
    assert house.disk.kept == {}


def test_what_waits_with_copies_behind_a_failure_is_refused_with_them() -> None:
    house = House()
    house.disk.slow = True
    house.whispers("a", "@2", id=1)
    house.turns()
    house.whispers("b", "@2", id=2)
    house.says("c", session=5)
    house.disk.refuses()
    house.disk.slow = False
    assert house.tells() == [
        "a is NotRecorded",
        "b is NotRecorded",
        "done",
        "huddle: c",
        "c is 1",
        "done",
    ]


def test_copies_take_up_room_while_they_wait() -> None:
    text = "x" * 1000
    house = House(Limits(uncommitted=2 * (ENTRY_OVERHEAD + 1000)))
    house.disk.slow = True
    house.whispers(text, "@2")
    assert not house.sequencer.backlog.congested
    house.says("y")
    assert house.sequencer.backlog.congested
    house.disk.slow = False
    house.disk.writes()
    house.tells()
    assert not house.sequencer.backlog.congested


# Before its turn


def test_one_text_alone_need_not_wait_for_the_next_turn() -> None:
    house = House()
    house.says("a")
    house.sequencer.end_of_read()
    assert house.notes == ["huddle: a", "a is 1", "done"]
    house.notes.clear()
    assert house.tells() == []


def test_what_else_is_said_in_that_turn_is_one_batch() -> None:
    house = House()
    for text in "abc":
        house.says(text)
        house.sequencer.end_of_read()
    house.tells()
    assert house.batches == ["a", "bc"]


def test_one_speaker_needs_no_call_of_the_reactor_between_two_texts() -> None:
    house = House()
    ana, bob = object(), object()
    for text, speaker in (("a", ana), ("b", ana), ("c", bob), ("d", ana)):
        house.sequencer.current_speaker = speaker
        house.says(text)
        house.sequencer.end_of_read()
        if text == "b":
            assert house.batches == ["a", "b"]
            assert house.reactor.getDelayedCalls() == []
    assert house.batches == ["a", "b"]
    house.tells()
    assert house.batches == ["a", "b", "cd"]


def test_another_ones_text_need_not_wait_either_once_the_turn_is_surely_over() -> None:
    house = House()
    for text in "ab":
        house.sequencer.current_speaker = object()
        house.says(text)
        house.sequencer.end_of_read()
        house.spent += 2 * TURN
    assert house.batches == ["a", "b"]


def test_however_long_giving_it_out_took_another_ones_text_is_of_that_turn_still() -> None:
    house = House()
    house.takes = 2 * TURN  # as in a crowd
    for text in "abc":
        house.sequencer.current_speaker = object()
        house.says(text)
        house.sequencer.end_of_read()
    house.tells()
    assert house.batches == ["a", "bc"]


def test_what_follows_from_an_early_text_waits_for_no_end_of_the_read() -> None:
    house = House()
    house.sequencer.current_speaker = object()
    house.says("a")
    house.sequencer.commit_early()
    house.happens("joining", joined("bob"))
    assert house.tells()[-3:] == ["huddle: Joined", "joining is done", "done"]


def test_what_happens_while_one_is_heard_is_told_in_that_turn() -> None:
    house = House()
    house.sequencer.current_speaker = object()
    house.happens("joining", joined("bob"))
    assert house.sequencer.commit_early() == 0.0
    house.sequencer.end_of_read()
    assert house.notes == []  # and not while the one is heard
    assert house.tells()[-3:] == ["huddle: Joined", "joining is done", "done"]


def test_in_a_busy_house_nothing_is_committed_before_its_turn() -> None:
    house = House()
    busy(house)
    for letter in "abc":
        house.says(letter)
        house.sequencer.end_of_read()
        house.turns()
    house.turns()
    assert house.batches == ["abc"]


def test_a_text_alone_waits_for_the_commit_of_an_earlier_turn_and_the_reactor_does_not() -> None:
    house = House()
    house.disk.slow = True
    house.says("a")
    house.turns()
    house.says("b")
    house.sequencer.end_of_read()
    assert (house.batches, house.reactor.getDelayedCalls()) == (["a"], [])
    house.disk.slow = False
    house.disk.writes()
    assert house.tells() == ["huddle: a", "a is 1", "done", "huddle: b", "b is 2", "done"]


def test_a_text_alone_waits_for_a_commit_in_flight_and_for_what_happened_before_it() -> None:
    house = House()
    house.disk.slow = True
    house.says("a")
    house.sequencer.end_of_read()
    house.says("b")
    house.sequencer.end_of_read()
    assert house.batches == ["a"]
    house.disk.writes()
    house.tells()
    house.happens("joining", joined("bob"))
    house.sequencer.end_of_read()
    house.says("c")
    house.sequencer.end_of_read()
    assert house.notes == []
    house.disk.slow = False
    house.disk.writes()
    assert house.tells()[-4:] == ["huddle: Joined c", "joining is done", "c is 3", "done"]


# What others had the record keep


def test_what_the_record_tells_of_others_is_told_in_its_place_and_settles_nothing() -> None:
    house = House()
    house.disk.slow = True
    house.says("a")
    house.turns()
    house.disk.commits_for_others([Draft("huddle", 9, "zoe", Kind.SAY, "z")], NOON)
    assert house.notes == ["huddle: z", "done"]
    house.disk.writes()
    assert house.tells() == ["huddle: z", "done", "huddle: a", "a is 2", "done"]
