"""What is asked of the past is answered from the record, within what one answer holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from twisted.internet.defer import Deferred, fail

from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from huddle.record import SearchCut
from huddle.visits.actions.history import ON_ITS_WAY
from tests.slow_record import SlowRecord
from tests.world import NOON, Program, World

LIMITS = Limits(replay=3, history=5, found=2, replies=40)


class Archive:
    """A world in which something is said every minute, and a program that asks about it."""

    def __init__(self, count: int, limits: Limits = LIMITS, text: str = "{}") -> None:
        self.record = SlowRecord(limits)
        self.world = World(self.record, limits=limits)
        self.ana: Program = self.world.program("ana", replay=0)
        for number in range(1, count + 1):
            self.ana.says(text.format(number))
            self.world.passes(60)
        self.ana.forgets()

    def asks(self, type: str, **fields: object) -> dict[str, Any]:
        return self.ana.asks(type, id=99, **fields)

    def history(self, **fields: object) -> tuple[list[int], bool, int]:
        """The seqs in the answer, whether there are older ones, and how many newer."""
        answer = self.asks("history", **fields)
        assert (answer["type"], answer["id"], answer["room"]) == ("reply", 99, "huddle")
        return [each["seq"] for each in answer["messages"]], answer["more"], answer["later"]

    def search(self, words: str, **fields: object) -> tuple[list[str], bool]:
        answer = self.asks("search", words=words, **fields)
        return [each["text"] for each in answer["messages"]], answer["more"]


def at(minutes: float) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat()


# The last ones


def test_without_a_number_the_last_few_are_given() -> None:
    assert Archive(9).history() == ([7, 8, 9], True, 0)


@pytest.mark.parametrize(
    ("asked", "seqs", "more"),
    [
        ({"limit": 2}, [8, 9], True),
        ({"limit": 5}, [5, 6, 7, 8, 9], True),
        ({"limit": 500}, [5, 6, 7, 8, 9], True),
        ({"before": 4}, [1, 2, 3], False),
        ({"before": 5}, [2, 3, 4], True),
        ({"before": 1}, [], False),
        ({"before": 10**15}, [7, 8, 9], True),
        ({"before": 3, "limit": 9}, [1, 2], False),
    ],
)
def test_a_number_and_a_seq_tell_which_are_wanted(
    asked: dict[str, int], seqs: list[int], more: bool
) -> None:
    assert Archive(9).history(**asked) == (seqs, more, 0)


def test_nothing_was_said_yet() -> None:
    archive = Archive(0)
    assert archive.history() == ([], False, 0)
    assert archive.history(since=at(0)) == ([], False, 0)
    assert archive.search("x") == ([], False)


def test_what_the_record_no_longer_has_is_not_promised() -> None:
    archive = Archive(9, Limits(replay=3, history=5, ring_messages=4))
    assert archive.history(limit=4) == ([6, 7, 8, 9], False, 0)
    assert archive.history(before=7) == ([6], False, 0)
    assert archive.history(before=3) == ([], False, 0)


# Since a time


@pytest.mark.parametrize(
    ("minutes", "limit", "seqs", "more", "later"),
    [
        (-60, None, [1, 2, 3, 4, 5], False, 4),
        (0, None, [1, 2, 3, 4, 5], False, 4),
        (2.5, None, [4, 5, 6, 7, 8], True, 1),
        (6, None, [7, 8, 9], True, 0),
        (6, 2, [7, 8], True, 1),
        (60, None, [], True, 0),
    ],
)
def test_since_a_time_the_first_are_given_and_the_others_counted(
    minutes: float, limit: int | None, seqs: list[int], more: bool, later: int
) -> None:
    archive = Archive(9)
    assert archive.history(since=at(minutes), limit=limit) == (seqs, more, later)


def test_people_ask_since_an_hour_and_are_told_how_many_follow() -> None:
    archive = Archive(9)
    bob = archive.world.person("bob")
    bob.says("/history 12:03")
    bob.hears(
        "12:03 <ana> 4",
        "12:04 <ana> 5",
        "12:05 <ana> 6",
        "12:06 <ana> 7",
        "12:07 <ana> 8",
        "-- 1 more message follows --",
    )
    bob.says("/historial 2")
    bob.hears("12:07 <ana> 8", "12:08 <ana> 9")
    bob.says("/history 2026-11-20")
    bob.hears("-- There is nothing to show.")


def test_yesterday_and_today_have_a_line_between_them() -> None:
    archive = Archive(2)
    archive.world.wall(datetime.fromisoformat("2026-11-20T09:00:00+00:00"))
    archive.ana.says("good morning")
    bob = archive.world.person("bob")
    bob.says("/history yesterday")
    bob.hears(
        "-- 19 November 2026 --",
        "12:00 <ana> 1",
        "12:01 <ana> 2",
        "-- 20 November 2026 --",
        "09:00 <ana> good morning",
    )


# Words


def test_the_newest_with_all_these_words_are_found() -> None:
    archive = Archive(6, text="café {}")
    assert archive.search("cafe") == (["café 5", "café 6"], True)
    assert archive.search("CAFÉ 3") == (["café 3"], False)
    assert archive.search("tea") == ([], False)
    assert archive.search("café", limit=3, before=4) == (["café 1", "café 2", "café 3"], True)
    assert archive.search("café", limit=9) == ([f"café {n}" for n in range(2, 7)], True)


def test_people_find_words_in_both_languages() -> None:
    archive = Archive(3, text="café {}")
    bob = archive.world.person("bob")
    bob.says("/search cafe 2", "/lang es", "/buscar té")
    bob.hears("12:01 <ana> café 2", "-- Ahora hablo español.", "-- No hay nada que mostrar.")


# The bounds of an answer


def test_an_answer_holds_no_more_text_than_may_wait() -> None:
    archive = Archive(5, text="{}" + "x" * 14)
    assert archive.history(limit=5) == ([4, 5], True, 0)
    assert archive.history(since=at(0)) == ([1, 2], False, 3)
    assert len(archive.search("x" * 14, limit=5)[0]) <= 2


# What may go wrong


@pytest.mark.parametrize("request_", ["history", "search"])
def test_a_record_that_cannot_be_read_says_so_and_the_next_question_is_heard(request_: str) -> None:
    archive = Archive(3)
    archive.record.unreadable = True
    search = archive.asks("history")
    assert (search["type"], search["code"], search["id"]) == ("error", "not-readable", 99)
    archive.record.unreadable = False
    assert archive.asks(request_, words="1")["type"] == "reply"


def test_a_room_one_is_not_in_has_no_past() -> None:
    archive = Archive(1)
    for request_ in ("history", "search"):
        answer = archive.asks(request_, words="1", room="ops")
        assert (answer["code"], answer["id"]) == ("no-such-room", 99)
    assert archive.asks("history", since=at(0), room="ops")["code"] == "no-such-room"


@pytest.mark.parametrize(
    "request_",
    [{"type": "history"}, {"type": "search", "words": "then"}],
    ids=["history", "search"],
)
def test_what_was_said_in_the_same_write_is_in_the_answer(request_: dict[str, Any]) -> None:
    archive = Archive(1)
    archive.record.slow = True
    archive.ana.sends_objects(archive.ana.drafts("then"), {"id": 8, **request_})
    archive.world.settle()
    archive.ana.hears()
    archive.record.writes()
    archive.world.settle()
    ack, reply = archive.ana.reads()
    assert ack["type"] == "ack" and [each["text"] for each in reply["messages"]][-1] == "then"


def test_people_who_paste_a_line_and_ask_for_the_past_are_shown_it() -> None:
    world = World()
    ana = world.person("ana")
    ana.says("here I am", "/history 1")
    ana.hears("12:00 <ana> here I am")


def test_for_what_others_say_and_is_not_kept_yet_no_answer_waits() -> None:
    """The disk stands still, or, on one of several nodes, the network."""
    archive = Archive(2)
    bob = archive.world.program("bob")
    archive.ana.forgets()
    archive.record.slow = True
    bob.says("while it stands still")
    assert archive.history() == ([1, 2], False, 0)
    archive.record.writes()


def test_no_answer_waits_for_ones_own_line_without_end() -> None:
    archive = Archive(2)
    archive.record.slow = True
    archive.ana.sends_objects(archive.ana.drafts("then"), {"type": "history", "id": 8})
    archive.world.settle()
    archive.ana.hears()
    archive.world.passes(ON_ITS_WAY)
    [reply] = archive.ana.reads()
    assert [each["seq"] for each in reply["messages"]] == [1, 2]
    archive.record.writes()
    archive.world.settle()
    assert [each["type"] for each in archive.ana.reads()] == ["ack"]


def test_lines_that_follow_are_heard_before_the_answer() -> None:
    archive = Archive(3)
    archive.record.slow_to_read = True
    archive.ana.sends_objects(
        {"type": "history", "id": 7},
        {"type": "search", "id": 8, "words": "1"},
        {"type": "ping", "id": 9},
        {"type": "say", "id": 100, "room": "huddle", "text": "hola"},
    )
    archive.world.settle()
    archive.ana.hears({"type": "pong", "id": 9}, {"type": "ack", "id": 100})
    archive.record.finds()
    archive.world.settle()
    archive.ana.hears({"type": "reply", "id": 7}, {"type": "reply", "id": 8})


@pytest.mark.parametrize(
    "next",
    [
        {"type": "history", "id": 8},
        {"type": "nick", "id": 8, "nick": "anna"},
        {"type": "join", "id": 8, "room": "ops"},
        {"type": "login", "id": 8, "nick": "ana", "password": "secreto"},
    ],
)
def test_a_second_of_its_kind_and_what_changes_who_asks_or_where_wait(next: dict[str, Any]) -> None:
    archive = Archive(3)
    archive.record.slow_to_read = True
    archive.ana.sends_objects({"type": "history", "id": 7}, next, {"type": "ping", "id": 9})
    archive.world.settle()
    archive.ana.hears()
    archive.record.finds()
    archive.record.slow_to_read = False
    archive.record.finds()
    archive.world.settle()
    heard = [each["id"] for each in archive.ana.reads() if each.get("id") in (7, 8, 9)]
    assert heard[0] == 7
    assert sorted(heard) == [7, 8, 9]


def test_who_asks_and_goes_gets_the_answer_first() -> None:
    archive = Archive(3)
    bob, carl = archive.world.person("bob"), archive.world.person("carl")
    bob.forgets()
    archive.record.slow_to_read = True
    bob.says("/history 1", "/quit")
    carl.says("/search 2")
    carl.ends()
    archive.world.settle()
    bob.hears()
    carl.hears()
    archive.record.finds()
    archive.world.settle()
    assert any("<ana> 3" in line for line in bob.reads())
    archive.record.finds()
    archive.world.settle()
    assert any("<ana> 2" in line for line in carl.reads())


def test_searches_take_turns_by_address_one_at_a_time() -> None:
    archive = Archive(3)
    archive.record.slow_to_read = True
    many = [archive.world.person(f"m{number}", address="10.0.0.8") for number in range(4)]
    one = archive.world.person("one", address="10.0.0.9")
    for each in (*many, one):
        each.says("/search 2")
    archive.record.finds()
    archive.world.settle()
    archive.record.finds()
    archive.world.settle()
    answered = [each for each in (*many, one) if any("<ana> 2" in line for line in each.reads())]
    assert answered == [many[0], one]


def test_a_search_that_takes_too_long_gives_what_it_found_or_says_so() -> None:
    archive = Archive(3)

    def cut(found: list[Said]) -> Callable[..., Deferred[Any]]:
        return lambda *_: fail(SearchCut(found))

    said: list[Said] = []
    archive.record.read("huddle", 3, 3).addCallback(said.extend)
    archive.record.search = cut(said)  # type: ignore[method-assign]
    assert archive.search("x") == (["3"], True)
    archive.record.search = cut([])  # type: ignore[method-assign]
    assert archive.asks("search", words="x")["code"] == "took-too-long"
    bob = archive.world.person("bob")
    bob.says("/search x")
    bob.hears("-- That search takes too long. Search for rarer words.")
