"""What is refused behind a failure, so that what a session says under ids keeps its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from twisted.internet.defer import Deferred, DeferredLock

from huddle.delivery import sequencer
from huddle.delivery.entries import Saying, drafts_of
from huddle.delivery.sequencer.refusals import Refusals
from huddle.protocol.errors import HuddleError, NotRecorded
from huddle.protocol.events import Draft, Kind, Said
from huddle.record import PartlyKept
from tests.delivery.sequenced import House
from tests.sample_messages import joined, said


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
    house.disk.broken = True
    house.says("c")
    house.tells()
    house.disk.broken = False
    house.says("d", first=1)
    assert house.tells() == ["huddle: d", "d is 2", "done"]


def test_of_what_was_kept_in_part_only_the_rest_is_refused() -> None:
    house = House()
    kept: list[Said | HuddleError] = [said(1, "a"), NotRecorded(), said(2, "x")]
    house.disk.slow = True
    house.says("a", "b", first=1)
    house.says("x", session=2)
    house.turns()
    house.disk.refuses(error=PartlyKept(kept))
    house.disk.slow = False
    assert house.tells()[-4:] == ["a is 1", "b is NotRecorded", "x is 2", "done"]
    house.says("c", first=3)
    assert house.tells() == ["c is NotRecorded"]


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


def test_a_session_that_is_on_another_connection_need_not_say_again_what_failed() -> None:
    house = House()
    house.disk.broken = True
    house.says("a", first=1)
    house.tells()
    house.sequencer.leave_behind(1)
    house.says("b", first=2)
    house.tells()
    house.disk.broken = False
    house.says("c", first=3)  # but for what failed on this one
    assert house.tells() == ["c is NotRecorded"]
    house.sequencer.leave_behind(1)
    house.says("d", first=4)
    assert house.tells() == ["huddle: d", "d is 1", "done"]


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


def test_what_was_said_without_an_id_is_said_though_its_connection_is_over() -> None:
    house = House()
    house.says("a", "b")
    house.says("lost", first=1)
    house.sequencer.leave_behind(1)
    assert house.tells()[0] == "huddle: a b"


def test_who_waits_to_be_told_of_what_was_left_behind_is_told() -> None:
    house = House()
    told: list[object] = []
    for id in (1, 2):
        draft = Draft("@1", 1, "ana", Kind.SAY, "psst", id)
        house.sequencer.say(draft, [replace(draft, room="@2", id=0)], told.append)
        if id == 1:
            house.sequencer.leave_behind(1)
    assert house.tells()[:2] == ["@1: psst", "@2: psst"]
    assert list(map(type, told)) == [NotRecorded, Said]


def test_what_a_session_says_anew_keeps_its_order_when_that_is_done_with() -> None:
    house = House()
    house.disk.slow = True
    house.says("a", first=1)
    house.turns()
    house.sequencer.leave_behind(1)
    house.disk.writes()
    house.says("b", first=2)
    house.turns()
    house.disk.refuses(1)
    house.says("c", first=3)
    assert house.tells()[-2:] == ["done", "c is NotRecorded"]


def test_what_is_refused_before_it_hides_nothing_of_what_a_session_says_anew() -> None:
    house = House()
    house.disk.slow = True
    house.says("a", session=2, first=1)
    house.turns()
    house.says("b", session=2, first=2)
    house.says("lost", first=1)
    house.sequencer.leave_behind(1)
    house.says("again", first=2)
    house.disk.refuses(1)
    house.disk.slow = False
    assert "huddle: again" in house.tells()


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


def test_while_everything_is_refused_nothing_is_taken_and_then_the_first_comes_first() -> None:
    house = House()
    house.sequencer.refusals.refuse_everything(on=True)
    house.says("a", "b", first=1)
    house.says("x", session=2)
    assert house.tells() == ["a is NotRecorded", "b is NotRecorded", "x is NotRecorded"]
    house.sequencer.refusals.refuse_everything(on=False)
    house.says("b", first=2)
    house.says("y", session=2)
    assert house.tells() == ["b is NotRecorded", "huddle: y", "y is 1", "done"]
    house.says("a", "b", first=1)
    assert house.tells()[0] == "huddle: a b"


def test_who_waits_for_what_was_said_is_refused_as_soon_as_everything_is() -> None:
    house = House()
    house.disk.slow = True
    house.says("a")
    house.turns()
    refusals = house.sequencer.refusals
    refusals.refuse_everything(on=False)
    heard: list[object] = []
    for _ in range(2):
        house.sequencer.in_turn().addErrback(lambda why: heard.append(why.type))
    refusals.refuse_everything(on=False)
    assert heard == []
    refusals.refuse_everything(on=True)
    assert heard == [NotRecorded] * 2
    house.sequencer.in_turn().addErrback(lambda why: heard.append(why.type))
    assert heard == [NotRecorded] * 3
    house.disk.writes()
    house.tells()
    refusals.refuse_everything(on=False)
    house.sequencer.in_turn().addCallback(lambda _: heard.append("in turn"))
    house.tells()
    assert heard[3:] == ["in turn"]


def test_a_lock_for_which_somebody_waited_in_vain_is_had_by_the_next() -> None:
    refusals, lock, heard = Refusals(), DeferredLock(), list[str]()
    others: Deferred[None] = Deferred()

    async def act(name: str) -> str:
        heard.append(f"{name} begins")
        await others
        return f"{name} ends"

    for name in ("first", "second"):
        refusals.run(lock, act, name).addCallbacks(
            heard.append, lambda why: heard.append("in vain")
        )
    refusals.refuse_everything(on=True)
    assert heard == ["first begins", "in vain"]
    refusals.refuse_everything(on=False)
    refusals.run(lock, act, "third").addCallback(heard.append)
    others.callback(None)
    assert heard[2:] == ["third begins", "third ends", "first ends"]
    assert not lock.locked
