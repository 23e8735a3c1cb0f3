"""Who a session says it is, with which password, and what becomes of it when that is refused."""

from __future__ import annotations

import pytest

from huddle.client.session import events
from huddle.client.session.events import PasswordWanted
from tests.client.dialogue import Dialogue, Message, error

WANTED: Message = error("password-needed", nick="ana")
WRONG: Message = error("wrong-password")


def known() -> Dialogue:
    """A session that the server knows."""
    talk = Dialogue()
    talk.enter()
    talk.lose()
    return talk


def test_a_password_that_is_wanted_is_asked_for_and_brought_once() -> None:
    talk = Dialogue()
    assert "password" not in talk.connect()[0]
    assert talk.hear(WANTED) == [PasswordWanted("ana", "password-needed", "(password-needed)")]
    talk.session.take_password("correct horse")
    [hello] = talk.sent()
    assert hello["password"] == "correct horse" and hello["nick"] == "ana"
    assert talk.hear(WRONG) == [PasswordWanted("ana", "wrong-password", "(wrong-password)")]
    talk.session.take_nick("eva")
    [hello] = talk.sent()
    assert "password" not in hello and hello["nick"] == "eva"


def test_a_session_that_is_known_needs_no_password() -> None:
    talk = Dialogue()
    talk.connect()
    talk.hear(WANTED)
    talk.session.take_password("correct horse")
    talk.sent()
    talk.hear({"type": "welcome", "nick": "ana", "epoch": "e1", "rooms": {}})
    talk.lose()
    assert "password" not in talk.connect()[0]
    assert isinstance(talk.hear(WANTED)[0], PasswordWanted)  # it was forgotten


def test_the_password_of_a_program_is_brought_at_first_and_when_the_server_asks() -> None:
    talk = Dialogue(password="correct horse")
    assert talk.connect()[0]["password"] == "correct horse"
    talk.enter()
    talk.lose()
    assert "password" not in talk.connect()[0]
    assert talk.hear(WANTED) == []
    assert talk.sent()[0]["password"] == "correct horse"
    assert isinstance(talk.hear(WRONG)[0], PasswordWanted)  # it is not tried for ever
    assert talk.sent() == []


def test_a_session_that_the_server_has_forgotten_begins_anew_with_the_password() -> None:
    talk = Dialogue(known().diary, password="correct horse")
    talk.connect()
    assert talk.hear(error("session-unknown")) == []
    [hello] = talk.sent()
    assert hello["resume"] is False and hello["password"] == "correct horse"


def test_a_password_is_nowhere_in_what_is_kept() -> None:
    talk = Dialogue(password="correct horse")
    talk.enter()
    talk.session.take_password("battery staple")
    assert "horse" not in repr(talk.diary.patches) and "staple" not in repr(talk.diary.patches)


@pytest.mark.parametrize("code", ["members-only", "not-registered", "account-nick"])
def test_another_nick_may_do(code: str) -> None:
    talk = Dialogue()
    talk.connect()
    assert talk.hear(error(code)) == [events.NickRefused("ana", code, f"({code})", None)]
    talk.session.take_nick("eva")
    assert talk.sent()[0]["nick"] == "eva"


def test_who_logged_in_to_another_nick_is_shown_which_one_it_was() -> None:
    first = Dialogue(nick="guest")
    first.enter(nick="ana")
    talk = Dialogue(first.diary, nick="guest")
    talk.connect()
    [refused] = talk.hear(error("account-nick"))
    assert isinstance(refused, events.NickRefused) and refused.suggestion == "ana"


@pytest.mark.parametrize("code", ["kicked", "banned"])
def test_who_is_not_let_in_does_not_try_again(code: str) -> None:
    talk = Dialogue()
    talk.connect()
    assert talk.hear(error(code, room="huddle")) == [events.Expelled(code, f"({code})")]
    talk.lose()
    assert talk.connect() == []


def test_who_cannot_be_let_in_at_present_tries_again() -> None:
    talk = Dialogue()
    talk.connect()
    assert talk.hear(error("server-full")) == [events.TurnedAway("server-full", "(server-full)")]
    talk.lose()
    assert talk.connect()[0]["type"] == "hello"
