"""Where the session stands in its rooms: told once, and what is missing is told."""

from __future__ import annotations

from huddle.client.session import events
from huddle.client.session.state import Kind
from huddle.protocol import answers, requests
from huddle.protocol.requests import Join
from tests.client.dialogue import WELCOME, Dialogue, ack, error, said


def texts(happened: list[events.Event]) -> list[str]:
    """The texts of the messages among events."""
    return [event.text for event in happened if isinstance(event, events.Said)]


def reopened(talk: Dialogue) -> Dialogue:
    """The program is started again."""
    return Dialogue(talk.diary)


def test_another_record_knows_none_of_our_numbers() -> None:
    talk = Dialogue()
    talk.enter()
    talk.hear(said(11))
    talk.lose()
    happened = talk.enter(epoch="e2", rooms={"huddle": {"seq": 2, "count": 1, "here": []}})
    happened += talk.hear(
        {"type": "reset", "room": "huddle", "epoch": "e2"}, said(1, "new"), said(2, "newer")
    )
    assert events.Reset("huddle") in happened
    assert texts(happened) == ["new", "newer"]
    assert all(event.past for event in happened if isinstance(event, events.Said))
    talk.lose()
    [hello] = talk.connect()
    assert (hello["epoch"], hello["after"]) == ("e2", {"huddle": 2})


def test_a_message_that_comes_twice_is_told_once() -> None:
    talk = Dialogue()
    talk.enter()
    assert texts(talk.hear(said(11, "a"), said(12, "b"), said(11, "a"), said(12, "b"))) == [
        "a",
        "b",
    ]


def test_messages_from_before_the_room_was_entered_are_from_the_past() -> None:
    talk = Dialogue()
    talk.enter()
    happened = talk.hear(said(10), said(11))
    assert [event.past for event in happened if isinstance(event, events.Said)] == [True, False]


def test_own_lines_leave_no_hole_whether_acknowledged_before_or_after() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno", "dos", "tres"], "huddle")
    happened = talk.hear(said(11), ack(1, 12), said(15), ack(2, 13), ack(3, 14), said(16))
    assert not [event for event in happened if isinstance(event, events.Missing)]


def test_a_hole_in_the_numbers_is_told() -> None:
    talk = Dialogue()
    talk.enter()
    assert events.Missing("huddle", 12, 14) in talk.hear(said(11), said(15))


def test_a_hole_is_told_when_no_own_line_can_fill_it_any_more() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    assert texts(talk.hear(said(11), said(14))) == ["hola", "hola"]
    assert talk.hear(ack(1, 12))[1:] == [events.Missing("huddle", 13, 13)]


def test_a_gap_is_told_and_moves_the_cursor() -> None:
    talk = Dialogue()
    talk.enter()
    gap = {"type": "gap", "room": "huddle", "from": 12, "to": 20}
    happened = talk.hear(said(11), gap, gap, said(21))
    assert [event for event in happened if isinstance(event, events.Gap)] == [
        events.Gap("huddle", 12, 20)
    ]
    assert not [event for event in happened if isinstance(event, events.Missing)]


def test_own_lines_of_a_session_that_was_forgotten_are_not_told_as_anothers() -> None:
    talk = Dialogue()
    talk.enter()
    talk.hear(said(11))
    talk.session.say(["mine"], "huddle")
    talk.hear(ack(1, 12))
    talk.lose()
    talk.connect()
    talk.hear(error("session-unknown"), WELCOME)
    assert texts(talk.hear(said(12, "mine", nick="ana"), said(13, "theirs"))) == ["theirs"]


def test_the_inbox_has_numbers_of_its_own_until_the_session_is_forgotten() -> None:
    talk = Dialogue()
    talk.enter()
    assert texts(talk.hear(said(11), said(4, "psst", room="@"))) == ["hola", "psst"]
    talk.lose()
    assert talk.connect()[0]["after"] == {"huddle": 11, "@": 4}
    talk.hear(error("session-unknown"))
    assert talk.sent()[0]["after"] == {"huddle": 11}


def test_a_message_that_was_not_shown_comes_again_in_the_next_run() -> None:
    talk = Dialogue()
    talk.enter()
    talk.hear(said(11))
    talk.session.shown()
    talk.hear(said(12))
    assert reopened(talk).connect()[0]["after"] == {"huddle": 11}


def test_an_own_number_is_remembered_until_what_follows_it_has_been_shown() -> None:
    talk = Dialogue()
    talk.enter()
    talk.hear(said(11))
    talk.session.shown()
    talk.session.say(["mine"], "huddle")
    talk.hear(said(13), ack(1, 12))
    again = reopened(talk)
    again.enter()
    assert texts(again.hear(said(13))) == ["hola"]
    assert not [e for e in again.hear(said(14)) if isinstance(e, events.Missing)]


def test_rooms_without_end_do_not_grow_the_memory() -> None:
    talk = Dialogue()
    talk.enter()
    happened = [event for n in range(1000) for event in talk.hear(said(1, room=f"r{n}"))]
    assert len(texts(happened)) == 63
    assert texts(talk.hear(said(1, room="one too many"))) == []
    talk.session.ask(Join("one too many"))
    talk.hear({"type": "reply", "id": 1, "seq": 3})
    talk.session.shown()
    talk.lose()
    assert len(talk.connect()[0]["after"]) == 64


def test_own_lines_without_an_order_do_not_grow_the_memory() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["x"] * 20_000, "huddle")
    for n in range(20_000):
        talk.hear(ack(n + 1, 2 * n + 11))
    assert len(talk.diary.state().own["huddle"]) <= 16_384


def inside() -> Dialogue:
    talk = Dialogue()
    talk.enter()
    return talk


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
