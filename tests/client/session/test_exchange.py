"""What is exchanged on a connection: hello and welcome, errors, and what is no message at all."""

from __future__ import annotations

import json

import pytest

from huddle.client.session import events
from huddle.client.session.state import Kind, Line, State
from huddle.protocol.answers import NickIs
from huddle.protocol.requests import ChangeNick
from tests.client.dialogue import WELCOME, Dialogue, Message, ack, error, said

HELLO = {
    "type": "hello",
    "v": 1,
    "nick": "ana",
    "session": "secret-1",
    "resume": False,
    "after": {},
    "lang": "en",
    "replay": 20,
    "bot": False,
    "turn": 1,
}


def texts(happened: list[events.Event]) -> list[str]:
    """The texts of the messages among events."""
    return [event.text for event in happened if isinstance(event, events.Said)]


def test_a_new_session_says_hello_with_a_secret_of_its_own_making() -> None:
    assert Dialogue().connect() == [HELLO]


def test_a_bot_says_that_it_is_one_and_what_it_speaks() -> None:
    [hello] = Dialogue(bot=True, replay=0, language="es").connect()
    assert hello == HELLO | {"bot": True, "replay": 0, "lang": "es"}


def test_the_greeting_for_people_is_passed_over() -> None:
    talk = Dialogue()
    talk.connect()
    assert talk.hear_bytes(b"Welcome to huddle. What is your nick?\n") == []
    [welcomed] = talk.hear(WELCOME)
    here = events.Entered("huddle", 2, ("bob",), seq=10)
    assert welcomed == events.Welcomed("ana", {"huddle": here}, 0)


def test_a_message_is_read_however_it_is_cut() -> None:
    talk = Dialogue()
    talk.connect()
    wire = f"¡Hola!\n{json.dumps(WELCOME)}\n{json.dumps(said(11, '¿qué tal?'))}\n".encode()
    happened = [event for byte in wire for event in talk.hear_bytes(bytes([byte]))]
    assert texts(happened) == ["¿qué tal?"]


def test_the_next_connection_goes_on_after_the_last_message_had() -> None:
    talk = Dialogue()
    talk.enter()
    talk.hear(said(9), said(10), said(11))
    talk.lose()
    assert talk.connect() == [
        HELLO | {"resume": True, "epoch": "e1", "after": {"huddle": 11}, "turn": 2}
    ]


def test_an_acknowledgement_does_not_move_what_the_next_connection_goes_on_after() -> None:
    talk = Dialogue()
    talk.enter()
    talk.hear(said(10))
    talk.session.say(["hola"], "huddle")
    talk.hear(ack(1, 15))
    talk.lose()
    assert talk.connect()[0]["after"] == {"huddle": 10}


def test_a_link_that_breaks_before_the_first_message_costs_none() -> None:
    talk = Dialogue(replay=0)
    talk.enter()
    talk.lose()
    assert talk.connect()[0]["after"] == {"huddle": 10}


def test_a_nick_that_is_taken_is_asked_about_and_another_hello_follows() -> None:
    talk = Dialogue()
    talk.connect()
    [refused] = talk.hear(error("nick-taken", suggest="ana2"))
    assert refused == events.NickRefused("ana", "nick-taken", "(nick-taken)", "ana2")
    assert talk.sent() == []
    talk.session.take_nick("ana2")
    assert talk.sent() == [HELLO | {"nick": "ana2"}]
    talk.hear(WELCOME | {"nick": "ana2"})
    assert talk.session.nick == talk.diary.nick == "ana2"


def test_while_the_user_thinks_of_a_nick_silence_is_no_sign_of_death() -> None:
    talk = Dialogue()
    talk.connect()
    talk.hear(error("bad-nick"))
    assert talk.wait(1000) == []


def test_a_node_that_has_lost_the_others_is_left_and_nothing_is_lost_by_it() -> None:
    talk = Dialogue()
    talk.connect()
    talk.hear(WELCOME)
    talk.session.say(["uno"], "huddle")
    talk.sent()
    told = talk.hear(error("alone", retry_after=10.0))
    assert told == [events.TurnedAway("alone", "(alone)", 10.0)]
    talk.lose()
    hello = talk.connect()
    assert hello[0]["turn"] == 2 and hello[0]["resume"]
    talk.hear(WELCOME)
    assert [each["text"] for each in talk.sent()] == ["uno"]


def test_a_node_that_has_lost_the_others_lets_nobody_in() -> None:
    talk = Dialogue()
    talk.connect()
    told = talk.hear(error("alone", retry_after=10.0))
    assert told == [events.TurnedAway("alone", "(alone)", 10.0)]


def test_the_connections_are_counted_on_by_the_next_run() -> None:
    talk = Dialogue()
    talk.connect()
    talk.lose()
    talk.connect()
    assert talk.diary.durable == len(talk.diary.patches)
    again = State()
    for patch in talk.diary.state().snapshot():
        again.apply(json.loads(json.dumps(patch)))
    assert again.turn == 2


def test_a_nick_chosen_while_the_link_was_lost_is_used_on_the_next_one() -> None:
    talk = Dialogue()
    talk.connect()
    talk.hear(error("nick-taken"))
    talk.lose()
    talk.session.take_nick("eva")
    assert talk.sent() == []
    assert talk.connect() == [HELLO | {"nick": "eva", "turn": 2}]


def test_a_server_that_lets_nobody_in_at_present_is_left_alone() -> None:
    talk = Dialogue()
    talk.connect()
    assert talk.hear(error("server-full")) == [events.TurnedAway("server-full", "(server-full)")]


def test_a_session_that_another_connection_took_is_over() -> None:
    talk = Dialogue()
    talk.enter()
    assert talk.hear(error("replaced")) == [events.Replaced()]
    talk.lose()
    assert talk.connect() == []


def test_a_session_replaced_while_it_comes_in_is_over() -> None:
    talk = Dialogue()
    talk.connect()
    assert talk.hear(error("replaced")) == [events.Replaced()]


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[1]",
        b"[" * 100_000,
        b'{"type":7}',
        b'{"type":"said"}',
        b'{"type":"said","room":"huddle","seq":0,"time":"","nick":"","kind":"","text":""}',
        b'{"type":"said","room":"huddle","seq":true,"time":"","nick":"","kind":"","text":""}',
        b'{"type":"said","room":"huddle","seq":1e3,"time":"","nick":"","kind":"","text":""}',
        b'{"type":"ack","id":1,"room":"huddle","seq":9007199254740993}',
        b'{"type":"ack","id":1,"room":"' + b"r" * 200 + b'","seq":1}',
        b'{"type":"gap","room":"huddle","from":NaN,"to":3}',
        b'{"type":"here","room":"huddle","count":1,"here":[7]}',
        b'{"type":"error"}',
        b'{"type":"reply","id":"1"}',
        b"\xff\xfe",
        b'{"x":' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_message_is_passed_over_and_told_once(line: bytes) -> None:
    talk = Dialogue()
    talk.enter()
    assert talk.hear_bytes(line + b"\n" + line + b"\n") == [events.Unreadable()]
    assert texts(talk.hear(said(11))) == ["hola"]


@pytest.mark.parametrize(
    "welcome",
    [
        {"nick": None},
        {"epoch": 7},
        {"rooms": {"huddle": {"seq": -1}}},
        {"rooms": [1]},
        {"limits": {"text": "many"}},
        {"last_id": 2**53},
    ],
)
def test_a_welcome_that_makes_no_sense_is_none(welcome: dict[str, object]) -> None:
    talk = Dialogue()
    assert talk.enter(**welcome) == [events.Unreadable()]
    assert not talk.session.online


def test_types_and_fields_of_a_later_version_are_passed_over() -> None:
    talk = Dialogue()
    talk.enter(shoe_size=42)
    assert talk.hear({"type": "reaction"}, said(11, reactions=["👍"]))[0].__class__ is events.Said


def test_messages_before_the_welcome_are_passed_over() -> None:
    talk = Dialogue()
    talk.connect()
    assert talk.hear(said(1), {"type": "pong"}) == []


def inside() -> Dialogue:
    talk = Dialogue()
    talk.enter()
    return talk


def test_who_is_sent_out_of_the_house_does_not_come_back() -> None:
    talk = inside()
    assert talk.hear(error("kicked", by="bob")) == [events.Expelled("kicked", "(kicked)")]
    assert talk.session.deadline is None
    talk.lose()
    assert talk.connect() == []


def test_a_ban_from_another_room_does_not_end_the_session() -> None:
    talk = inside()
    told = talk.hear(error("banned", room="ops"))
    assert told == [events.Denied(None, "banned", "(banned)")]
    assert talk.session.online


@pytest.mark.parametrize("code", ["muted", "too-fast", "room-quiet", "banned", "no-such-room"])
def test_a_line_that_may_not_be_said_is_given_back_and_never_sent_again(code: str) -> None:
    talk = inside()
    talk.session.say(["hola"], "huddle")
    talk.sent()
    [refused] = talk.hear(error(code, id=1, room="huddle"))
    assert refused == events.Refused(Line(Kind.SAY, "huddle", "hola"), code, f"({code})")
    talk.lose()
    talk.enter()
    assert talk.said() == []
    talk.session.say(["otra"], "huddle")
    [(id, text)] = talk.said()
    assert (text, id > 1) == ("otra", True)


# What the server tells by itself

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
