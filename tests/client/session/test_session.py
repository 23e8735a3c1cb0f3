"""Conversations of a session with a scripted server."""

from __future__ import annotations

from huddle.client.session import events
from huddle.client.session.keepalive import PATIENCE, QUIET
from huddle.client.session.session import BYE_PATIENCE
from tests.client.dialogue import Dialogue, ack, said


def texts(happened: list[events.Event]) -> list[str]:
    """The texts of the messages among events."""
    return [event.text for event in happened if isinstance(event, events.Said)]


# Is it there?


def test_a_silent_server_is_asked_and_then_given_up_within_fifteen_seconds() -> None:
    talk = Dialogue()
    talk.enter()
    assert talk.wait(QUIET) == []
    [ping] = talk.sent()
    assert ping["type"] == "ping"
    assert talk.wait(PATIENCE) == [events.Silent()]
    assert QUIET + PATIENCE < 15
    assert talk.session.deadline is None


def test_whatever_is_heard_is_a_sign_of_life() -> None:
    talk = Dialogue()
    talk.enter()
    for _ in range(10):
        assert talk.wait(QUIET + PATIENCE - 1) == []
        talk.hear({"type": "pong"})


def test_a_server_that_never_says_welcome_is_given_up() -> None:
    talk = Dialogue()
    talk.connect()
    assert talk.wait(15) == [events.Silent()]
    assert talk.sent() == []


def test_silence_means_nothing_while_nothing_is_read() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.reading_paused()
    assert talk.wait(1000) == []
    talk.session.reading_resumed()
    assert talk.wait(15) == [events.Silent()]


# Leaving


def test_leaving_is_said_after_all_else_and_answered() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["ciao"], "huddle")
    assert talk.session.leave() == []
    assert [message["type"] for message in talk.sent()] == ["say", "bye"]
    assert talk.hear(ack(1, 11), {"type": "bye"})[1:] == [events.Farewell(0)]
    assert talk.lose() == []


def test_a_farewell_tells_how_much_is_unsaid() -> None:
    talk = Dialogue()
    talk.session.say(["ciao"], "huddle")
    assert talk.session.leave() == [events.Farewell(1)]


def test_a_server_that_does_not_answer_the_farewell_is_left_all_the_same() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.leave()
    assert talk.session.leave() == []
    assert talk.wait(BYE_PATIENCE) == [events.Farewell(0)]


def test_a_connection_lost_while_leaving_is_the_farewell() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.leave()
    assert talk.lose() == [events.Farewell(0)]


# Servers that break the protocol


def test_a_line_without_end_does_not_grow_the_memory() -> None:
    talk = Dialogue()
    talk.enter()
    happened = [event for _ in range(64) for event in talk.hear_bytes(b"{" * 65536)]
    assert happened == [events.Unreadable()]
    assert texts(talk.hear_bytes(b"\n") + talk.hear(said(11))) == ["hola"]
