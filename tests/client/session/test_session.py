"""Conversations of a session with a scripted server."""

from __future__ import annotations

import json

import pytest

from huddle.client.session import events
from huddle.client.session.keepalive import PATIENCE, QUIET
from huddle.client.session.session import BYE_PATIENCE
from huddle.client.session.state import Kind, Line, State
from huddle.protocol.answers import NickIs
from huddle.protocol.requests import ChangeNick, History, Join, Leave, Rooms, Search, Who
from tests.client.dialogue import WELCOME, Dialogue, ack, error, said

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
ROOM = {"room": "huddle"}


def texts(happened: list[events.Event]) -> list[str]:
    """The texts of the messages among events."""
    return [event.text for event in happened if isinstance(event, events.Said)]


def reopened(talk: Dialogue) -> Dialogue:
    """The program is started again."""
    return Dialogue(talk.diary)


# Coming in


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
    here = events.Entered("huddle", 2, ("bob",))
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


# Own lines


def test_a_line_has_an_id_and_is_acknowledged() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["hola"], "huddle")
    assert talk.sent() == [{"type": "say", "id": 1, "room": "huddle", "text": "hola"}]
    line = Line(Kind.SAY, "huddle", "hola")
    assert talk.hear(ack(1, 11)) == [events.Acknowledged(1, line, 11)]
    assert talk.session.settled


def test_a_paste_is_as_many_lines_in_one_write_said_together() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno\r\n\tdos\n\n   \ntres\u2028cuatro\n"], "huddle")
    lines = ["uno", "\tdos", "", "   ", "tres", "cuatro"]
    assert talk.sent() == [
        {"type": "say", "id": id, "room": "huddle", "text": text, "block": 1}
        for id, text in enumerate(lines, 1)
    ]


def test_a_line_alone_is_no_block_and_blank_ones_say_nothing() -> None:
    talk = Dialogue()
    talk.enter()
    for texts in (["uno\n"], [""], ["", " \n\t"], []):
        talk.session.say(texts, "huddle")
    talk.session.say(["one", "two"], "huddle", Kind.ME)
    sent = talk.sent()
    assert [each["text"] for each in sent] == ["uno", "one", "two"]
    assert not any("block" in each for each in sent)


def test_what_is_said_to_one_person_together_is_a_block_too() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["zero"], "huddle")
    talk.session.tell("bob", "one", "", "two")
    talk.session.tell("bob", "three")
    talk.session.say(["a", "b"], "huddle")
    assert [each.get("block") for each in talk.sent()] == [None, 2, 2, 2, None, 6, 6]


def test_a_block_is_said_again_as_it_was_after_a_broken_connection() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["zero"], "huddle")
    talk.session.say(["one", "", "two"], "huddle")
    talk.sent()
    talk.hear(ack(2, 9))
    talk.lose()
    again = Dialogue(talk.diary)  # another run of the program
    again.enter()
    said = [(each["id"], each["text"], each.get("block")) for each in again.sent()]
    assert said == [(1, "zero", None), (3, "", 2), (4, "two", 2)]


def test_what_is_said_again_in_another_session_is_a_block_there() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["one", "", "two"], "huddle")
    talk.hear(ack(1, 9))
    talk.lose()
    talk.connect()
    talk.hear(error("session-unknown"))
    talk.hear(WELCOME)
    talk.sent()
    talk.session.decide_doubts(say_again=True)
    assert [(each["text"], each["block"]) for each in talk.sent()] == [("", 4), ("two", 4)]


def test_an_answer_and_a_correction_name_their_message() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["yes"], "huddle", re=41)
    talk.session.say(["hola"], "huddle", edits=42)
    first, second = talk.sent()
    assert (first["re"], second["edits"]) == (41, 42)
    assert "edits" not in first and "re" not in second and "block" not in first


def test_what_one_does_and_what_one_person_is_told() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["waves"], "huddle", Kind.ME)
    talk.session.tell("bob", "psst")
    assert talk.sent() == [
        {"type": "say", "id": 1, "room": "huddle", "text": "waves", "kind": "me"},
        {"type": "msg", "id": 2, "to": "bob", "text": "psst"},
    ]


def test_a_text_is_cleaned_before_it_is_kept() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["\x1b[2J \ud800"], "huddle")
    assert talk.said() == [(1, "\ufffd[2J \ufffd")]


def test_a_text_over_the_servers_limit_is_refused_at_once_and_whole() -> None:
    talk = Dialogue()
    talk.enter(limits={"text": 4})
    [refused] = talk.session.say(["ññ", "ñña"], "huddle")
    assert refused == events.Refused(Line(Kind.SAY, "huddle", "ñña"), "text-too-long", "")
    assert talk.said() == [(1, "ññ")]


def test_what_is_typed_offline_is_said_on_the_next_connection() -> None:
    talk = Dialogue()
    talk.session.say(["uno"], "huddle")
    assert talk.session.waiting == 1
    talk.connect()
    talk.session.say(["dos"], "huddle")
    assert talk.sent() == []
    talk.hear(WELCOME)
    assert talk.said() == [(1, "uno"), (2, "dos")]


def test_everything_unacknowledged_is_said_again_in_order_and_before_what_is_new() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno", "dos", "tres"], "huddle")
    talk.hear(ack(2, 12))
    talk.sent()
    talk.lose()
    talk.session.say(["cuatro"], "huddle")
    [welcomed] = talk.enter(last_id=2)
    assert isinstance(welcomed, events.Welcomed)
    assert welcomed.again == 2
    assert talk.said() == [(1, "uno"), (3, "tres"), (4, "cuatro")]


def test_an_id_is_on_the_disk_before_its_line_is_sent() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    talk.diary.power_cut()
    again = reopened(talk)
    again.enter()
    again.session.say(["dos"], "huddle")
    assert again.said() == [(1, "uno"), (2, "dos")]


def test_what_is_typed_offline_survives_a_power_cut() -> None:
    talk = Dialogue()
    talk.session.say(["uno"], "huddle")
    talk.diary.power_cut()
    again = reopened(talk)
    again.enter()
    assert again.said() == [(1, "uno")]


def test_a_count_that_was_lost_is_taken_from_the_server() -> None:
    talk = Dialogue()
    talk.session.say(["typed before it was known"], "huddle")
    talk.enter(last_id=41)
    assert talk.said() == [(42, "typed before it was known")]


def test_an_acknowledgement_of_nothing_is_passed_over() -> None:
    talk = Dialogue()
    talk.enter()
    assert talk.hear(ack(5, 11)) == []


def test_a_refused_line_is_told_and_never_said_again() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno", "dos"], "huddle")
    refused = talk.hear(error("id-reused", id=1))
    line = Line(Kind.SAY, "huddle", "uno")
    assert refused == [events.Refused(line, "id-reused", "(id-reused)")]
    assert talk.hear(error("expired", id=2)) == [events.Expired(Line(Kind.SAY, "huddle", "dos"))]
    talk.sent()
    talk.lose()
    talk.enter()
    assert talk.said() == []


def test_what_was_not_recorded_is_said_again_from_the_first_after_a_while() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno", "dos"], "huddle")
    talk.sent()
    lost = [error("not-recorded", id=1), error("not-recorded", id=2)]
    assert talk.hear(*lost) == [events.Delayed()]
    talk.session.say(["tres"], "huddle")
    assert talk.said() == []
    assert talk.wait(0.5) == []
    assert talk.said() == [(1, "uno"), (2, "dos"), (3, "tres")]


def test_the_pauses_before_saying_again_grow_until_something_is_recorded() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    talk.sent()
    pauses = []
    for _ in range(7):
        talk.hear(error("not-recorded", id=1))
        before = talk.clock.seconds()
        while not talk.said():
            talk.clock.advance(0.25)
            talk.session.tick()
        pauses.append(talk.clock.seconds() - before)
    assert pauses == [0.5, 1, 2, 4, 8, 15, 15]
    talk.hear(ack(1, 11))
    talk.session.say(["dos"], "huddle")
    [(id, _)] = talk.said()
    talk.hear(error("not-recorded", id=id))
    assert talk.session.deadline == talk.clock.seconds() + 0.5


def test_a_new_connection_does_not_wait_for_the_pause() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    talk.hear(error("not-recorded", id=1))
    talk.sent()
    talk.lose()
    talk.enter()
    assert talk.said() == [(1, "uno")]


def test_a_pipe_is_slowed_down_when_too_much_waits() -> None:
    talk = Dialogue()
    talk.session.say(["x"] * 4096, "huddle")
    assert not talk.session.crowded
    talk.session.say(["x"], "huddle")
    assert talk.session.crowded


# A server that has forgotten the session


def forgotten(talk: Dialogue) -> list[events.Event]:
    """The connection is lost, and the server then does not know the session."""
    talk.lose()
    talk.connect()
    told = talk.hear(error("session-unknown"))
    assert [(m["session"], m["resume"]) for m in talk.sent()] == [("secret-2", False)]
    return told + talk.hear(WELCOME | {"epoch": "e2"})


def test_the_user_decides_about_lines_that_a_forgetful_server_may_have_had() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno", "dos"], "huddle")
    talk.sent()
    talk.session.disconnected()
    talk.session.say(["tres"], "huddle")
    told = forgotten(talk)
    lines = (Line(Kind.SAY, "huddle", "uno"), Line(Kind.SAY, "huddle", "dos"))
    assert told[-1] == events.InDoubt(lines)
    assert talk.said() == [(3, "tres")]
    talk.session.decide_doubts(say_again=True)
    assert talk.said() == [(4, "uno"), (5, "dos")]


def test_doubtful_lines_can_be_dropped() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    forgotten(talk)
    talk.session.decide_doubts(say_again=False)
    talk.lose()
    assert not any(isinstance(event, events.InDoubt) for event in talk.enter())
    assert talk.said() == []


def test_the_question_is_asked_once_a_run_and_again_by_the_next() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    forgotten(talk)
    talk.lose()
    assert not any(isinstance(event, events.InDoubt) for event in talk.enter(epoch="e2"))
    again = reopened(talk)
    assert events.InDoubt((Line(Kind.SAY, "huddle", "uno"),)) in again.enter(epoch="e2")


def test_an_answer_is_about_the_lines_that_were_asked_about_and_no_later_ones() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    forgotten(talk)
    talk.session.say(["dos"], "huddle")
    talk.lose()
    talk.connect()
    talk.hear(error("session-unknown"))
    talk.session.decide_doubts(say_again=False)
    assert talk.hear(WELCOME)[-1] == events.InDoubt((Line(Kind.SAY, "huddle", "dos"),))


def test_a_server_that_knows_no_session_at_all_is_not_asked_for_ever() -> None:
    talk = Dialogue()
    talk.connect()
    told = talk.hear(error("session-unknown"))
    assert told == [events.TurnedAway("session-unknown", "(session-unknown)")]
    assert talk.sent() == []


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


# Numbers


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


# People and rooms


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


def test_a_line_without_end_does_not_grow_the_memory() -> None:
    talk = Dialogue()
    talk.enter()
    happened = [event for _ in range(64) for event in talk.hear_bytes(b"{" * 65536)]
    assert happened == [events.Unreadable()]
    assert texts(talk.hear_bytes(b"\n") + talk.hear(said(11))) == ["hola"]


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
