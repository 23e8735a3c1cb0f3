"""What stands behind a command's name: what it takes, what is asked for, and what is a mistake."""

from __future__ import annotations

import pytest

from huddle.client.commands.commands import intent_of
from huddle.client.commands.intents import (
    Ask,
    Confide,
    Mistake,
    Recall,
)
from huddle.protocol import requests


@pytest.mark.parametrize(
    "line",
    [
        "/me",
        "/msg",
        "/nick",
        "/nick two words",
        "/history 0",
        "/history 501",
        "/history -1",
        "/history ²",
        "/history 99999999999999999999",
        "/search",
        "/join",
        "/leave two rooms",
        "/lang fr",
        "/lang",
        "/times maybe",
        "/register three words here",
        "/password only-one",
        "/slow down",
        "/quiet",
        "/ban",
        "/ban eva 0s",
        "/delete 0",
        "/audit all",
        "/voice",
    ],
)
def test_a_command_that_does_not_take_what_it_is_given_is_a_mistake(line: str) -> None:
    mistake = intent_of(line)
    assert isinstance(mistake, Mistake)
    assert mistake.command is not None
    assert mistake.name in mistake.command.names


@pytest.mark.parametrize(
    "wish", ["yesterday", "ayer", "since yesterday", "2026-11-19", "14:30", "el viernes a las 9:00"]
)
def test_the_past_begins_when_people_say(wish: str) -> None:
    assert intent_of(f"/history {wish}") == Recall(wish)
    assert intent_of(f"/buzon {wish}") == Recall(wish, "@")


def test_what_is_not_to_be_typed_in_the_open_is_asked_for() -> None:
    register, change, login, key = map(intent_of, ("/register", "/password", "/login", "/key"))
    assert isinstance(register, Confide) and isinstance(change, Confide)
    assert isinstance(login, Confide) and isinstance(key, Confide)
    assert [hidden for _, hidden in register.questions] == [True, True]
    made = register.then("horse", "horse")
    assert isinstance(made, Ask) and made.request("ops") == requests.Register("horse")
    assert register.then("horse", "house") is None
    made = change.then("old", "new", "new")
    assert isinstance(made, Ask) and made.request("ops") == requests.ChangePassword("old", "new")
    assert change.then("old", "new", "knew") is None
    assert [hidden for _, hidden in login.questions] == [False, True]
    assert login.then("", "horse") == requests.Login(None, "horse")
    assert login.then("ana", "horse") == requests.Login("ana", "horse")
    made = key.then("sesame")
    assert isinstance(made, Ask) and made.request("ops") == requests.SetKey("ops", "sesame")
    assert key.then("") is None
