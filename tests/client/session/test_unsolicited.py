"""What the server tells by itself: who comes, goes and is called otherwise."""

from __future__ import annotations

import pytest

from huddle.client.session import events
from huddle.protocol.answers import NickIs
from huddle.protocol.requests import ChangeNick
from tests.client.dialogue import Dialogue, Message

ROOM = {"room": "huddle"}


def test_who_comes_goes_and_changes_is_told() -> None:
    talk = Dialogue()
    talk.enter()
    assert talk.hear(
        {"type": "joined", "nick": "eva", **ROOM},
        {"type": "renamed", "nick": "eva", "new": "eve", **ROOM},
        {"type": "left", "nick": "eve", **ROOM},
        {"type": "here", "count": 3, "here": ["bob", "dan"], **ROOM},
    ) == [
        events.Joined("huddle", "eva"),
        events.Renamed("huddle", "eva", "eve"),
        events.Left("huddle", "eve"),
        events.Here("huddle", 3, ("bob", "dan")),
    ]


def test_the_house_speaks_at_the_door_and_before_it_closes() -> None:
    talk = Dialogue()
    talk.enter()
    spoken = talk.hear({"type": "motd", "lines": ["Be kind."]}, {"type": "closing"})
    assert spoken == [events.Motd(("Be kind.",)), events.Closing()]


def test_another_nick_is_asked_for_and_told_once_in_however_many_rooms() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.take_nick("anita")
    assert talk.sent() == [{"type": "nick", "id": 1, "nick": "anita"}]
    happened = talk.hear(
        {"type": "renamed", "nick": "ana", "new": "anita", **ROOM},
        {"type": "renamed", "nick": "ana", "new": "anita", "room": "ops"},
        {"type": "reply", "id": 1, "nick": "anita"},
    )
    assert happened == [
        events.Named("anita"),
        events.Answered(ChangeNick("anita"), NickIs("anita")),
    ]
    assert talk.session.nick == "anita"


def inside() -> Dialogue:
    talk = Dialogue()
    talk.enter()
    return talk


@pytest.mark.parametrize(
    ("message", "event"),
    [
        (
            {"type": "left", "room": "ops", "nick": "eva", "by": "bob", "reason": "spam"},
            events.Left("ops", "eva", "bob", "spam"),
        ),
        (
            {"type": "changed", "room": "ops", "nick": "bob", "setting": "slow", "value": 5},
            events.Changed("ops", "bob", "slow", 5.0),
        ),
        (
            {"type": "changed", "room": "ops", "nick": "bob", "setting": "key", "value": True},
            events.Changed("ops", "bob", "key", True),
        ),
        (
            {"type": "standing", "room": "ops", "standing": "muted", "by": "bob", "until": None},
            events.StandingIs("ops", "muted", "bob", None, ""),
        ),
        ({"type": "unread", "nick": "bob", "count": 2}, events.Unread("bob", 2)),
        ({"type": "changed", "room": "ops", "nick": "bob", "setting": 3}, events.Unreadable()),
    ],
)
def test_what_the_server_tells_by_itself(message: Message, event: events.Event) -> None:
    assert inside().hear(message) == [event]
