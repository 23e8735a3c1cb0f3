"""What a program waits for is told by events, each once, and none is left hanging at the end."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred

from huddle.client.api.pending import NotDone, NotSaid, Pending
from huddle.client.session.events import Acknowledged, Answered, Denied, Expired, InDoubt
from huddle.client.session.state import Kind, Line
from huddle.protocol.requests import Leave, Who

HOLA = Line(Kind.SAY, "huddle", "hola")
CIAO = Line(Kind.SAY, "huddle", "ciao")


def told(waiting: Deferred[Any]) -> list[object]:
    """What it has fired with so far: a result, or the code of an error."""
    heard: list[object] = []
    waiting.addCallbacks(heard.append, lambda failure: heard.append(failure.value.code))
    return heard


def test_lines_of_the_same_words_are_acknowledged_in_the_order_of_their_saying() -> None:
    pending = Pending()
    first, second = told(pending.line(HOLA)), told(pending.line(HOLA))
    pending.follow(Acknowledged(1, HOLA, 11))
    assert (first, second) == ([Acknowledged(1, HOLA, 11)], [])
    pending.follow(Expired(HOLA))
    assert second == ["expired"]


def test_a_line_of_an_earlier_run_has_nobody_who_waits_for_it() -> None:
    pending = Pending()
    pending.follow(Acknowledged(1, HOLA, 11))
    pending.follow(InDoubt((HOLA,)))


def test_all_lines_in_doubt_are_told_to_be_so() -> None:
    pending = Pending()
    waiting = [told(pending.line(line)) for line in (HOLA, CIAO)]
    pending.follow(InDoubt((HOLA, CIAO)))
    assert waiting == [["in-doubt"], ["in-doubt"]]


def test_of_two_equal_requests_each_has_its_own_answer() -> None:
    pending, first, second = Pending(), Who("ops"), Who("ops")
    waiting = told(pending.request(first)), told(pending.request(second))
    pending.follow(Denied(second, "not-allowed", ""))
    pending.follow(Answered(first, None))
    assert waiting == ([None], ["not-allowed"])


def test_what_the_session_asks_by_itself_answers_no_program() -> None:
    pending = Pending()
    waiting = told(pending.request(Who("ops")))
    pending.follow(Answered(Who("ops"), None))
    assert waiting == []
    pending.end()


def test_a_room_is_left_by_whatever_name_the_server_has_for_it() -> None:
    pending = Pending()
    waiting = told(pending.request(Leave("OPS")))
    pending.follow(Answered(Leave("ops"), None))
    assert waiting == [None]


def test_at_the_end_everything_that_waits_has_failed() -> None:
    pending = Pending()
    waiting = [told(pending.line(HOLA)), told(pending.line(HOLA)), told(pending.request(Who(None)))]
    pending.end()
    assert waiting == [["left"], ["left"], ["left"]]
    assert (NotSaid(HOLA, "left").code, NotDone(Who(None), "left").code) == ("left", "left")
