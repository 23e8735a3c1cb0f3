"""Requests that wait for their answers, and what is asked again after a broken connection."""

from __future__ import annotations

import pytest

from huddle.client.session import events
from huddle.protocol import answers, requests
from huddle.protocol.requests import History, Join, Leave, ProgramRequest, Rooms, Search, Who
from tests.client.dialogue import WELCOME, Dialogue, Message, error, said

ROOM = {"room": "huddle"}


def test_questions_are_answered() -> None:
    talk = Dialogue()
    talk.enter()
    for request in (Who("huddle"), History("huddle", 2), Search("huddle", "x", 5), Rooms()):
        talk.session.ask(request)
    assert talk.sent() == [
        {"type": "who", "id": 1, "room": "huddle"},
        {"type": "history", "id": 2, "room": "huddle", "limit": 2},
        {"type": "search", "id": 3, "room": "huddle", "words": "x", "limit": 5},
        {"type": "rooms", "id": 4},
    ]
    old = said(3)
    row = {"room": "huddle", "count": 3, "topic": None}
    past = events.Past(
        "huddle", (events.Said("huddle", 3, old["time"], "bob", "say", "hola", True),), True
    )
    assert talk.hear(
        {"type": "reply", "id": 1, "count": 3, "here": ["bob"], "away": ["eva"], **ROOM},
        {"type": "reply", "id": 2, "messages": [old], "more": True, **ROOM},
        {"type": "reply", "id": 3, "messages": [], **ROOM},
        {"type": "reply", "id": 4, "rooms": [row]},
    ) == [
        events.Answered(Who("huddle"), events.Here("huddle", 3, ("bob",), ("eva",))),
        events.Answered(History("huddle", 2), past),
        events.Answered(Search("huddle", "x", 5), events.Past("huddle", (), False)),
        events.Answered(Rooms(), events.RoomList((events.RoomListing("huddle", 3),))),
    ]
    assert talk.session.settled


def test_a_question_is_asked_again_after_a_lost_connection() -> None:
    talk = Dialogue()
    talk.session.ask(Rooms())
    assert not talk.session.settled
    talk.enter()
    assert [message["type"] for message in talk.sent()] == ["rooms"]
    talk.lose()
    talk.enter()
    assert [message["type"] for message in talk.sent()] == ["rooms"]
    talk.hear(error("unknown-request", id=2))
    assert talk.session.settled


def test_a_refused_question_is_told_with_its_reason() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.ask(Who("ops"))
    denied = talk.hear(error("no-such-room", id=1), error("bad-json"))
    assert denied == [
        events.Denied(Who("ops"), "no-such-room", "(no-such-room)"),
        events.Denied(None, "bad-json", "(bad-json)"),
    ]


def test_an_answer_that_makes_no_sense_is_an_answer_all_the_same() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.ask(Rooms())
    happened = talk.hear({"type": "reply", "id": 1, "rooms": 7})
    assert happened == [events.Denied(Rooms(), "unreadable", ""), events.Unreadable()]
    assert talk.session.settled


def test_questions_without_end_are_not_collected() -> None:
    talk = Dialogue()
    happened = [event for _ in range(65) for event in talk.session.ask(Rooms())]
    assert happened == [events.Denied(Rooms(), "too-many-requests", "")]


def test_a_room_is_joined_and_joined_again_on_every_connection_until_it_is_left() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.ask(Join("ops", "sesame"))
    join = {"type": "join", "id": 1, "room": "ops", "key": "sesame", "replay": 20}
    assert talk.sent() == [join]
    talk.hear({"type": "reply", "id": 1, "room": "ops", "seq": 7, "count": 1, "here": []})
    talk.hear(said(7, room="ops"))
    talk.lose()
    assert talk.connect()[0]["after"]["ops"] == 7
    talk.hear(WELCOME)
    [rejoin] = talk.sent()
    assert rejoin == join | {"id": 2, "after": 7}  # the key is wanted again, too
    talk.session.ask(Leave("ops"))
    talk.hear({"type": "reply", "id": 2}, {"type": "reply", "id": 3})
    talk.sent()
    talk.lose()
    assert "ops" not in talk.connect()[0]["after"]
    talk.hear(WELCOME)
    assert talk.sent() == []


def test_a_room_that_is_not_opened_to_us_is_not_tried_again() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.ask(Join("ops"))
    talk.hear(error("no-such-room", id=1))
    talk.sent()
    talk.lose()
    talk.enter()
    assert talk.sent() == []


def test_a_room_one_is_in_already_is_not_lost_by_a_refused_wish_to_join_it() -> None:
    talk = Dialogue()
    talk.enter()
    talk.hear(said(11))
    talk.session.ask(Join("huddle"))
    talk.hear(error("unknown-request", id=1))
    talk.lose()
    assert talk.connect()[0]["after"] == {"huddle": 11}


def test_answers_and_errors_that_nobody_asked_for_are_passed_over_or_told() -> None:
    talk = Dialogue()
    talk.enter()
    assert talk.hear({"type": "reply", "id": 7}) == []
    assert talk.hear(error("bad-field", id=7)) == [events.Denied(None, "bad-field", "(bad-field)")]


OPS: Message = {"type": "reply", "room": "ops", "seq": 0, "count": 1, "here": []}


def inside() -> Dialogue:
    talk = Dialogue()
    talk.enter()
    return talk


def in_ops(key: str | None = "sesame") -> Dialogue:
    talk = inside()
    talk.session.ask(Join("OPS", key))
    talk.hear(OPS | {"id": 1})
    talk.sent()
    return talk


def test_a_room_goes_by_the_name_that_the_server_gives_it() -> None:
    assert in_ops().session.rooms == ["huddle", "ops"]


def test_what_waits_to_be_said_in_a_room_comes_behind_the_key_that_opens_it() -> None:
    talk = in_ops()
    talk.session.say(["hola"], "ops")
    talk.sent()
    talk.lose()
    talk.connect()
    # The first the server says by itself: the seat was not held any longer.
    told = talk.hear(WELCOME, error("room-locked", room="ops"))
    assert [type(event) for event in told] == [events.Welcomed]
    join, again = talk.sent()
    assert (join["type"], join["room"], join["key"]) == ("join", "ops", "sesame")
    assert (again["type"], again["text"]) == ("say", "hola")
    [here] = talk.hear(OPS | {"id": join["id"]})
    assert here == events.Entered("ops", 1, (), seq=0)


def test_a_key_is_not_kept_on_the_disk() -> None:
    assert "sesame" not in repr(in_ops().diary.patches)


def test_a_room_that_stays_locked_is_left_alone() -> None:
    talk = in_ops(None)
    talk.lose()
    talk.enter()
    [join] = talk.sent()
    [denied] = talk.hear(error("room-locked", id=join["id"], room="ops"))
    assert denied == events.Denied(Join("ops"), "room-locked", "(room-locked)")
    assert talk.session.rooms == ["huddle"]


def test_the_key_that_one_sets_is_the_one_that_opens() -> None:
    talk = in_ops()
    talk.session.ask(requests.SetKey("ops", "new"))
    [asked] = talk.sent()
    assert asked["key"] == "new"
    talk.hear({"type": "reply", "id": asked["id"]})
    talk.lose()
    talk.enter()
    assert talk.sent()[0]["key"] == "new"


def test_a_room_is_opened_by_no_key_at_all() -> None:
    talk = in_ops()
    talk.session.ask(requests.SetKey("ops", None))
    assert talk.sent() == [{"type": "key", "id": 2, "room": "ops", "key": None}]


def test_who_is_sent_out_of_a_room_does_not_go_back_by_itself() -> None:
    talk = in_ops()
    removed = {"type": "removed", "room": "ops", "by": "bob", "reason": "", "banned": True}
    assert talk.hear(removed) == [events.Removed("ops", "bob", "", True)]
    talk.lose()
    assert "ops" not in talk.connect()[0]["after"]
    talk.hear(WELCOME)
    assert talk.sent() == []


@pytest.mark.parametrize(
    ("request_", "reply", "answer"),
    [
        (requests.Topic("ops"), {"topic": "", "by": ""}, answers.TopicIs("ops", "", "")),
        (requests.Topic("ops", "fire"), {}, None),
        (requests.Register("correct horse"), {"nick": "ana"}, answers.NickIs("ana")),
        (
            requests.Bans("ops"),
            {"bans": [{"who": "10.0.0.0/8", "nick": "", "until": None, "by": "bob"}]},
            answers.BanList("ops", (answers.BanListing("10.0.0.0/8", "", None, "", "bob"),)),
        ),
        (
            requests.WhoIsIt("eva"),
            {"nick": "eva", "account": "", "addresses": ["::1"], "rooms": ["ops"], "away": True},
            answers.WhoIs("eva", "", ("::1",), ("ops",), True, False),
        ),
        (
            requests.Audit(1),
            {
                "entries": [
                    {"time": "1970-01-01T00:00:07Z", "act": "kick", "by": "bob", "target": "eva"}
                ]
            },
            answers.AuditList((answers.Act(7000, "", "kick", "bob", "eva", ""),)),
        ),
        (
            requests.HelpWanted(),
            {"commands": [{"english": "/who", "spanish": "/quien", "summary": "tells"}]},
            answers.Help((answers.CommandHelp("/who", "/quien", "tells"),)),
        ),
    ],
)
def test_what_is_asked_is_answered(
    request_: ProgramRequest, reply: Message, answer: events.Answer | None
) -> None:
    talk = inside()
    talk.session.ask(request_)
    [asked] = talk.sent()
    told = talk.hear({"type": "reply", "id": asked["id"]} | reply)
    assert told == [events.Answered(request_, answer)]


def test_a_login_changes_the_nick_and_begins_another_inbox() -> None:
    talk = inside()
    talk.hear(said(7, room="@"))
    talk.session.ask(requests.Login("anna", "correct horse"))
    told = talk.hear(
        {"type": "reply", "id": 1, "nick": "anna"}, {"type": "reset", "room": "@", "epoch": "e1"}
    )
    assert events.Named("anna") in told and events.Reset("@") in told
    assert talk.session.nick == "anna"
    talk.lose()
    assert "@" not in talk.connect()[0]["after"]  # all that is unread is wanted
    talk.hear(WELCOME)
    [first] = talk.hear(said(1, room="@"))
    assert isinstance(first, events.Said) and not first.past


def test_what_changes_something_once_is_not_asked_again_on_the_next_connection() -> None:
    talk = inside()
    kick = requests.Kick("ops", "eva")
    talk.session.ask(kick)
    assert talk.lose() == [events.Denied(kick, "lost", "")]
    talk.enter()
    assert talk.sent() == []


def test_no_secret_is_in_the_repr_of_a_request() -> None:
    asked = [Join("ops", "hunter22"), requests.Login("ana", "hunter22")]
    asked += [requests.SetKey("ops", "hunter22"), requests.ChangePassword("hunter22", "hunter22")]
    assert "hunter22" not in repr([*asked, requests.Register("hunter22")])


def test_an_answer_that_no_request_names_is_shown_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever adds a command that tells something names its answer (`docs/contributing.md`)."""
    heard = []
    for named in (Rooms.answer, None):
        monkeypatch.setattr(Rooms, "answer", named)
        talk = Dialogue()
        talk.enter()
        talk.session.ask(Rooms())
        [answered] = talk.hear({"type": "reply", "id": 1, "rooms": []})
        heard.append(answered)
    assert heard == [
        events.Answered(Rooms(), events.RoomList(())),
        events.Answered(Rooms(), None),
    ]
