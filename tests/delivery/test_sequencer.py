"""One order for everything that is said and done: recorded first, then told, then settled."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from twisted.python.failure import Failure

from huddle.delivery import sequencer
from huddle.delivery.entries import ENTRY_OVERHEAD, Outcome, Saying, drafts_of
from huddle.delivery.sequencer import TURN, TURNS, Sequencer
from huddle.delivery.sequencer.backlog import BOUNDED_FOR, DELIVERY, LEAST_WAITING
from huddle.protocol.errors import NotRecorded
from huddle.protocol.events import Draft, Kind, Notice, RoomEvent, Said
from huddle.protocol.limits import Limits
from tests.in_memory_tcp import MemoryReactor
from tests.sample_messages import NOON, joined, left
from tests.slow_record import SlowRecord


class House:
    """A sequencer over a disk, and a note of all that it does, in order."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.reactor = MemoryReactor()
        self.disk = SlowRecord()
        self.notes: list[str] = []
        self.stumbles_over = ""
        self.takes = self.spent = 0.0
        self.sequencer = Sequencer(
            self.disk,
            self.reactor.callLater,
            lambda: NOON,
            lambda: self.reactor.seconds() + self.spent,
            limits or Limits(),
        )
        self.sequencer.publish_by(self.deliver, self.settle, lambda: self.notes.append("done"))

    def deliver(self, events: dict[str, list[RoomEvent]]) -> None:
        self.spent += self.takes
        for room, in_room in events.items():
            told = " ".join(map(shown, in_room))
            self.notes.append(f"{room}: {told}")

    def says(self, *texts: str, session: int = 1, first: int = 0, room: str = "huddle") -> None:
        """Somebody says these; with ``first`` they have ids from there on."""
        for number, text in enumerate(texts):
            id = first + number if first else 0
            draft = Draft(room, session, "ana", Kind.SAY, text, id)
            self._say(draft)

    def whispers(self, text: str, *others: str, session: int = 1, id: int = 0) -> None:
        """Somebody says this in their own inbox, and copies of it stand in those of others."""
        draft = Draft(f"@{session}", session, "ana", Kind.SAY, text, id)
        copies = [Draft(other, session, "ana", Kind.SAY, text) for other in others]
        self._say(draft, copies)

    def _say(self, draft: Draft, copies: Sequence[Draft] = ()) -> None:
        try:
            self.sequencer.say(draft, copies)
        except NotRecorded as error:
            self.settle([draft], [error])

    def settle(self, drafts: Sequence[Draft], outcomes: Sequence[Outcome]) -> None:
        for draft, outcome in zip(drafts, outcomes, strict=True):
            if draft.text == self.stumbles_over:
                raise KeyError
            end = outcome.seq if isinstance(outcome, Said) else type(outcome).__name__
            self.notes.append(f"{draft.text} is {end}")

    def happens(self, name: str, *notices: Notice) -> None:
        self.sequencer.happen(lambda: notices, lambda: self.notes.append(f"{name} is done"))

    def turns(self, count: int = 1) -> None:
        for _ in range(count):
            self.reactor.turn()

    @property
    def batches(self) -> Sequence[str]:
        """The texts of the batches so far, each as one word."""
        return ["".join(batch) for batch in self.disk.batches]

    def tells(self) -> list[str]:
        """What was noted since the last time."""
        self.reactor.settle()
        notes, self.notes = self.notes, []
        return notes


def shown(event: RoomEvent) -> str:
    return event.text if isinstance(event, Said) else type(event).__name__


def busy(house: House) -> None:
    """Two speakers make a house a busy one."""
    house.says("1", "2")
    house.tells()
    house.disk.batches.clear()


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


# Order after a failure


def test_later_ids_are_refused_until_the_failed_one_is_said_again() -> None:
    house = House()
    house.disk.broken = True
    house.says("a", first=1)
    house.tells()
    house.disk.broken = False
    house.says("b", first=2)
    assert house.tells() == ["b is NotRecorded"]
    house.says("a", "b", first=1)
    assert house.tells() == ["huddle: a b", "a is 1", "b is 2", "done"]


def test_the_first_of_many_that_failed_is_the_one_to_be_said_again() -> None:
    house = House()
    house.disk.broken = True
    house.says("a", "b", "c", first=1)
    house.tells()
    house.disk.broken = False
    house.says("b", "c", first=2)
    assert house.tells() == ["b is NotRecorded", "c is NotRecorded"]
    house.says("a", "b", "c", first=1)
    assert house.tells()[0] == "huddle: a b c"


def test_what_was_said_before_the_failure_was_known_is_refused_with_it() -> None:
    house = House()
    house.disk.slow = True
    house.says("a", first=1)
    house.turns()
    house.says("b", first=2)
    house.says("x", session=2, first=7)
    house.happens("joining", joined("bob"))
    house.disk.refuses(1)
    assert house.notes == ["a is NotRecorded", "b is NotRecorded", "done"]
    house.notes.clear()
    house.says("a", "b", first=1)
    house.turns()
    house.disk.writes()
    assert house.tells() == [
        "huddle: x Joined a b",
        "x is 1",
        "joining is done",
        "a is 2",
        "b is 3",
        "done",
    ]


def test_what_was_said_below_the_failed_id_is_not_refused() -> None:
    house = House()
    house.disk.broken = True
    house.says("b", first=5)
    house.tells()
    house.disk.broken = False
    house.says("a", first=4)
    assert house.tells() == ["huddle: a", "a is 1", "done"]


def test_others_are_not_refused() -> None:
    house = House()
    house.disk.broken = True
    house.says("a", first=1)
    house.tells()
    house.disk.broken = False
    house.says("x", session=2, first=2)
    assert house.tells() == ["huddle: x", "x is 1", "done"]


def test_who_gives_no_ids_is_never_refused_for_what_failed_before() -> None:
    house = House()
    house.disk.broken = True
    house.says("a")
    house.tells()
    house.disk.broken = False
    house.says("b")
    assert house.tells() == ["huddle: b", "b is 1", "done"]


def test_a_session_that_is_over_leaves_nothing_behind() -> None:
    house = House()
    house.disk.broken = True
    house.says("a", first=1)
    house.tells()
    house.disk.broken = False
    house.sequencer.refusals.forget(1)
    house.sequencer.refusals.forget(2)
    house.says("b", first=2)
    assert house.tells() == ["huddle: b", "b is 1", "done"]


def test_what_a_session_left_behind_is_not_waited_for() -> None:
    """What was given to the record fails, and what was not is not said; others' and its own new
    lines are."""
    house = House()
    house.disk.slow = True
    house.says("a", first=1)
    house.tells()
    house.says("b", first=2)
    house.sequencer.leave_behind(1)
    house.says("c", first=3)
    house.disk.refuses(1)
    house.disk.slow = False
    house.disk.writes()
    assert [each for each in house.tells() if "huddle:" in each] == ["huddle: c"]
    house.says("d", first=4)
    assert house.tells() == ["huddle: d", "d is 2", "done"]


def test_those_of_a_whole_node_leave_behind_what_they_said_in_one_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House()
    house.disk.slow = True
    house.says("first", session=1000)
    house.turns()
    for session in range(1, 301):
        house.says("lost", session=session, first=1)
    asked: list[object] = []

    def counted(entry: Draft | Saying) -> Sequence[Draft]:
        asked.append(entry)
        return drafts_of(entry)

    monkeypatch.setattr(sequencer, "drafts_of", counted)
    for session in range(1, 301):
        house.sequencer.leave_behind(session)
        house.says("again", session=session, first=2)
    house.disk.slow = False
    house.disk.writes()
    told = [each for each in house.tells() if each.startswith("huddle:")]
    assert told == ["huddle: first", " ".join(["huddle:", *["again"] * 300])]
    assert len(asked) <= 4 * 600


# Congestion


def test_it_is_congested_beyond_so_many_bytes_and_relieved_when_they_are_written() -> None:
    limit = 2 * (ENTRY_OVERHEAD + 100)
    house = House(Limits(uncommitted=limit))
    house.disk.slow = True
    sequencer = house.sequencer
    sequencer.backlog.when_relieved(lambda: house.notes.append("relieved"))
    house.says("a" * 100, "b" * 100)
    assert not sequencer.backlog.congested
    house.turns()
    house.says("c")
    assert sequencer.backlog.congested
    assert house.tells() == []
    house.disk.writes(1)
    assert not sequencer.backlog.congested
    assert house.tells()[-1] == "relieved"
    house.disk.writes()
    assert "relieved" not in house.tells()


@pytest.mark.parametrize(("text", "bytes_each"), [("x" * 1000, 1), ("x" * 999 + "👍", 4)])
@pytest.mark.parametrize("refused", [False, True])
def test_what_waits_is_counted_as_the_memory_that_its_letters_take(
    text: str, bytes_each: int, refused: bool
) -> None:
    house = House()
    house.disk.slow = True
    house.says(text, first=1)
    house.turns()
    house.says(text, first=2)
    assert 2000 * bytes_each <= house.sequencer.backlog.texts <= 2000 * bytes_each + 100
    house.disk.refuses() if refused else house.disk.writes()
    house.reactor.settle()
    house.disk.writes()
    assert (house.sequencer.backlog.texts, house.sequencer.backlog.memory) == (0, 0)


def test_it_is_not_relieved_as_long_as_too_much_waits() -> None:
    house = House(Limits(uncommitted=2 * ENTRY_OVERHEAD))
    house.disk.slow = True
    house.sequencer.backlog.when_relieved(lambda: house.notes.append("relieved"))
    house.says("a")
    house.turns()
    house.says("b", "c", "d")
    house.disk.writes(1)
    assert house.sequencer.backlog.congested
    assert "relieved" not in house.tells()
    house.disk.writes()
    assert "relieved" in house.tells()


def test_where_delivery_is_dear_less_may_wait_so_that_what_is_said_next_comes_soon() -> None:
    house = House()
    house.disk.slow = True
    house.takes = 2 * DELIVERY
    house.says("a" * 2 * LEAST_WAITING)
    house.turns()
    house.disk.writes(1)
    house.says("b" * LEAST_WAITING)
    assert not house.sequencer.backlog.congested
    house.says("c" * LEAST_WAITING)
    assert house.sequencer.backlog.congested


def test_where_delivery_is_cheap_again_as_much_may_wait_as_ever() -> None:
    house = House()
    house.disk.slow = True
    house.takes = 2 * DELIVERY
    house.says("a" * 2 * LEAST_WAITING)
    house.turns()
    house.disk.writes(1)
    house.takes = 0.0
    house.says("b" * LEAST_WAITING)
    house.turns()
    house.disk.writes(1)
    house.says("c" * 3 * LEAST_WAITING)
    assert not house.sequencer.backlog.congested


def test_the_first_to_pour_in_much_finds_no_more_room_than_is_surely_given_out_soon() -> None:
    house = House()
    house.disk.slow = True
    house.says("a" * 3 * LEAST_WAITING)
    assert house.sequencer.backlog.congested


def test_what_may_wait_doubles_with_each_cheap_batch_and_is_least_after_a_pause() -> None:
    house = House()
    limits = [house.sequencer.backlog.limit]
    for _ in range(3):
        house.says("a" * LEAST_WAITING)
        house.tells()
        limits.append(house.sequencer.backlog.limit)
    assert limits == [least := 2 * LEAST_WAITING, 2 * least, 4 * least, 8 * least]
    house.reactor.pass_by(BOUNDED_FOR + 0.1)
    house.says("b")
    house.tells()
    assert house.sequencer.backlog.limit == least


def test_what_is_refused_waits_no_longer() -> None:
    house = House(Limits(uncommitted=ENTRY_OVERHEAD + 1))
    house.disk.slow = True
    house.says("a", first=1)
    house.turns()
    house.says("b", first=2)
    assert house.sequencer.backlog.congested
    house.disk.refuses()
    assert not house.sequencer.backlog.congested
    house.says("c" * 2, session=2)
    assert house.sequencer.backlog.congested
    house.reactor.settle()
    house.disk.writes()


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


# Haste


def test_one_text_alone_need_not_wait_for_the_next_turn() -> None:
    house = House()
    house.says("a")
    house.sequencer.hurry()
    assert house.notes == ["huddle: a", "a is 1", "done"]
    house.notes.clear()
    assert house.tells() == []


def test_what_else_is_said_in_that_turn_is_one_batch() -> None:
    house = House()
    for text in "abc":
        house.says(text)
        house.sequencer.hurry()
    house.tells()
    assert house.batches == ["a", "bc"]


def test_one_speaker_needs_no_call_of_the_reactor_between_two_texts() -> None:
    house = House()
    ana, bob = object(), object()
    for text, speaker in (("a", ana), ("b", ana), ("c", bob), ("d", ana)):
        house.sequencer.speaker = speaker
        house.says(text)
        house.sequencer.hurry()
        if text == "b":
            assert house.batches == ["a", "b"]
            assert house.reactor.getDelayedCalls() == []
    assert house.batches == ["a", "b"]
    house.tells()
    assert house.batches == ["a", "b", "cd"]


def test_another_ones_text_need_not_wait_either_once_the_turn_is_surely_over() -> None:
    house = House()
    for text in "ab":
        house.sequencer.speaker = object()
        house.says(text)
        house.sequencer.hurry()
        house.spent += 2 * TURN
    assert house.batches == ["a", "b"]


def test_what_happens_while_one_is_heard_is_told_in_that_turn() -> None:
    house = House()
    house.sequencer.speaker = object()
    house.happens("joining", joined("bob"))
    house.sequencer.hurry()
    assert house.tells()[-3:] == ["huddle: Joined", "joining is done", "done"]


def test_a_busy_house_gathers_in_spite_of_haste() -> None:
    house = House()
    busy(house)
    for letter in "abc":
        house.says(letter)
        house.sequencer.hurry()
        house.turns()
    house.turns()
    assert house.batches == ["abc"]


def test_haste_waits_for_a_commit_in_flight_and_keeps_what_happens_in_its_place() -> None:
    house = House()
    house.disk.slow = True
    house.says("a")
    house.sequencer.hurry()
    house.says("b")
    house.sequencer.hurry()
    assert house.batches == ["a"]
    house.disk.writes()
    house.tells()
    house.happens("joining", joined("bob"))
    house.sequencer.hurry()
    house.says("c")
    house.sequencer.hurry()
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
