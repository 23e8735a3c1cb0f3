"""A session among rooms and people: keys, being sent away, deleted messages, private ones."""

from __future__ import annotations

import pytest

from huddle.client.session import events
from huddle.client.session.state import Kind, Line
from huddle.protocol import answers, requests
from huddle.protocol.requests import Join, ProgramRequest
from tests.client.dialogue import WELCOME, Dialogue, Message, ack, error, said

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
    assert here == events.Entered("ops", 1, ())


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


def test_a_deleted_message_stays_deleted_and_keeps_its_number() -> None:
    talk = inside()
    talk.hear(said(11))
    told = talk.hear({"type": "deleted", "room": "huddle", "seq": 3, "nick": "bob"})
    assert told == [events.Deleted("huddle", 3, "bob")]
    talk.lose()
    assert talk.connect()[0]["after"]["huddle"] == 11


def test_what_is_left_of_a_message_counts_as_the_message() -> None:
    talk = inside()
    talk.hear(said(11))
    grave = {"type": "deleted", "room": "huddle", "seq": 12, "time": "2026-11-20T18:02:11.123Z"}
    buried = talk.hear(grave | {"of": "eva"})
    assert buried == [events.Deleted("huddle", 12, "eva", past=True)]
    assert talk.hear(grave | {"of": "eva"}) == []
    talk.lose()
    assert talk.connect()[0]["after"]["huddle"] == 12


def test_an_own_private_message_of_another_device_says_whom_it_was_for() -> None:
    talk = inside()
    [told] = talk.hear(said(1, room="@", nick="ana", to="bob"))
    assert isinstance(told, events.Said) and told.to == "bob"


def test_messages_that_are_left_out_on_purpose_are_not_missing() -> None:
    talk = inside()
    talk.session.ask(requests.Ignore("eva", True))
    told = talk.hear({"type": "reply", "id": 1, "ignoring": ["eva"]})
    assert told == [
        events.Answered(requests.Ignore("eva", True), answers.Ignoring(("eva",))),
    ]
    told = talk.hear(said(11), said(13))
    assert [type(event) for event in told] == [events.Said, events.Said]
    assert talk.diary.state().holes  # in the next run, too


def test_an_announcement_is_said_in_all_rooms_and_its_copies_are_not_missing() -> None:
    talk = inside()
    talk.session.say(["fire drill"], "huddle", Kind.ANNOUNCE)
    assert talk.sent() == [{"type": "announce", "id": 1, "text": "fire drill"}]
    talk.hear(ack(1, 11))
    told = talk.hear(said(4, room="ops"), said(6, room="ops"))
    assert all(isinstance(event, events.Said) for event in told)


def test_a_private_act_is_told_as_one() -> None:
    talk = inside()
    talk.session.tell("bob", "waves", act=True)
    assert talk.sent() == [{"type": "msg", "id": 1, "to": "bob", "text": "waves", "kind": "me"}]


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
