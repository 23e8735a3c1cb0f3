"""A conversation among rooms and people: where one is, to whom one talks, what one is asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.conversation.test_conversation import Chat, pipe
from tests.client.dialogue import WELCOME, ack, error, said

WANTED = error("password-needed", nick="ana")
OPS = {"type": "reply", "room": "ops", "seq": 0, "count": 1, "here": []}


def inside(**options: Any) -> Chat:
    chat = Chat(**options).enter()
    chat.paper.read()
    chat.sent()
    return chat


def in_ops() -> Chat:
    chat = inside().type("/join OPS")
    [join] = chat.sent()
    chat.hear(OPS | {"id": join["id"]})
    chat.paper.read()
    return chat


def test_what_is_typed_is_said_in_the_room_by_the_name_that_the_server_gives_it() -> None:
    chat = in_ops().type("hola")
    assert [message["room"] for message in chat.sent()] == ["ops"]


def test_rooms_that_are_joined_again_after_a_break_do_not_move_one() -> None:
    chat = in_ops().type("/join den")
    [join] = chat.sent()
    chat.hear(OPS | {"id": join["id"], "room": "den"})
    chat.lose().enter()
    for rejoin in chat.sent():
        chat.hear(OPS | {"id": rejoin["id"], "room": rejoin["room"]})
    chat.type("hola")
    assert [message["room"] for message in chat.sent()] == ["den"]


def test_who_is_sent_out_is_in_the_first_room_again() -> None:
    chat = in_ops()
    chat.hear({"type": "removed", "room": "ops", "by": "bob", "reason": "loud", "banned": False})
    assert chat.paper.read_warnings() == ["-- bob sent you out of ops: loud"]
    chat.type("hola")
    assert [message["room"] for message in chat.sent()] == ["huddle"]


def test_a_pipe_into_a_room_ends_when_it_is_sent_out() -> None:
    chat = pipe(room="ops").connect().hear(WELCOME)
    [_, join] = chat.sent()
    chat.hear(OPS | {"id": join["id"]})
    chat.hear({"type": "removed", "room": "ops", "by": "bob", "reason": "", "banned": False})
    assert chat.sent()[-1]["type"] == "bye"
    chat.hear({"type": "bye"})
    assert chat.paper.status == 1


def test_who_is_sent_out_of_the_house_is_told_why_and_the_program_ends() -> None:
    chat = inside().hear(error("kicked", by="bob"))
    assert chat.paper.read_warnings() == ["-- (kicked)"]
    assert chat.paper.status == 1


def test_several_rooms_are_entered_and_the_first_is_where_one_is() -> None:
    chat = Chat(room="ops", more_rooms=["den", "huddle"]).connect().hear(WELCOME)
    _, *joins = chat.sent()
    assert [join["room"] for join in joins] == ["ops", "den"]
    for join in joins:
        chat.hear(OPS | {"id": join["id"], "room": join["room"]})
    chat.type("hola")
    assert [message["room"] for message in chat.sent()] == ["ops"]


def test_the_only_room_is_not_left() -> None:
    chat = inside().type("/leave")
    assert chat.paper.read() == ["-- You are in no other room; /quit leaves."]
    assert chat.sent() == []


def test_a_talk_with_one_person_until_it_is_left() -> None:
    chat = inside().type("/msg bob", "psst", "/me waves", "/leave", "to all")
    assert chat.conversation.partner is None
    assert [(m["type"], m.get("to"), m.get("kind"), m["text"]) for m in chat.sent()] == [
        ("msg", "bob", None, "psst"),
        ("msg", "bob", "me", "waves"),
        ("say", None, None, "to all"),
    ]
    assert chat.paper.read() == [
        "-- What you say is for bob only; /leave ends that.",
        "-- You are in huddle now.",
    ]


def test_requests_in_a_talk_are_about_private_messages() -> None:
    chat = inside().type("/msg bob", "/history 5")
    [asked] = chat.sent()
    assert (asked["type"], asked["room"], asked["limit"]) == ("history", "@", 5)


def test_everything_is_for_one_person_when_the_program_is_started_so() -> None:
    chat = pipe(to="bob").type("psst").connect().hear(WELCOME)
    assert [(m["type"], m.get("to")) for m in chat.sent()] == [("hello", None), ("msg", "bob")]


def test_a_line_that_was_not_said_is_given_back_where_it_was_for() -> None:
    chat = inside().type("hola", "//who", "/me waves", "/msg bob psst", "late", "/join ops")
    *lines, late, join = chat.sent()
    for line in lines:
        chat.hear(error("too-fast", id=line["id"]))
    assert chat.paper.given_back == ["hola", "//who", "/me waves", "/msg bob psst"]
    chat.hear(OPS | {"id": join["id"]}, error("too-fast", id=late["id"]))
    assert len(chat.paper.given_back) == 4  # it was for another room than this one


def test_the_last_own_line_is_deleted_and_then_the_one_before() -> None:
    chat = inside().type("one", "two").hear(ack(1, 11), ack(2, 12))
    chat.sent()
    chat.type("/delete")
    [asked] = chat.sent()
    assert asked == {"type": "delete", "id": 3, "room": "huddle", "seq": 12}
    chat.hear({"type": "deleted", "room": "huddle", "seq": 12, "nick": "ana"})
    chat.hear(said(13, nick="eva")).type("/borrar", "/delete EVA", "/delete 7", "/delete bob")
    assert [asked["seq"] for asked in chat.sent()] == [11, 13, 7]
    assert chat.paper.read_warnings() == ["-- There is no such message to delete."]


def test_a_line_without_a_number_yet_is_not_mistaken_for_the_one_before() -> None:
    chat = inside().type("one").hear(ack(1, 11)).type("slip", "/delete")
    assert chat.paper.read_warnings() == ["-- Your last line is still on its way; try it again."]
    assert [message["type"] for message in chat.sent()] == ["say", "say"]


def test_the_help_shows_what_the_server_allows() -> None:
    chat = inside().type("/help")
    [asked] = chat.sent()
    rows = [{"english": f"/{name}", "spanish": "/x", "summary": "…"} for name in ("who", "quit")]
    chat.hear({"type": "reply", "id": asked["id"], "commands": rows})
    assert chat.paper.read() == ["-- /who · /quien: tells who is here", "-- /quit · /salir: leaves"]


def test_an_older_server_knows_no_help() -> None:
    chat = inside().type("/help")
    [asked] = chat.sent()
    chat.hear(error("unknown-request", id=asked["id"]))
    assert "-- /who · /quien: tells who is here" in chat.paper.read()


# Passwords


def test_a_password_is_asked_for_and_hidden() -> None:
    chat = Chat().connect().hear(WANTED)
    assert chat.paper.read() == ["-- Password of ana? (Enter: another nick)"]
    assert chat.paper.hidden and chat.conversation.hidden
    chat.sent()
    chat.type("correct horse")
    assert not chat.paper.hidden
    assert chat.sent()[0]["password"] == "correct horse"
    chat.hear(error("wrong-password"))
    assert chat.paper.hidden
    chat.type("")
    assert not chat.paper.hidden
    chat.type("eva")
    assert chat.sent()[0]["nick"] == "eva"


@pytest.mark.parametrize(
    ("typed", "nick", "password"),
    [
        ("/login correct", "ana", "correct"),
        ("/login eva correct", "eva", "correct"),
        (" /acceder eva correct horse", "eva", "correct horse"),
        ("/not-a-command", "ana", "/not-a-command"),
        (" begins with a blank", "ana", " begins with a blank"),
    ],
)
def test_a_password_is_typed_as_with_nc_too(typed: str, nick: str, password: str) -> None:
    chat = Chat().connect().hear(WANTED)
    chat.sent()
    [hello] = chat.type(typed).sent()
    assert (hello["nick"], hello["password"]) == (nick, password)


def test_another_nick_may_be_typed_instead_of_the_password() -> None:
    chat = Chat().connect().hear(WANTED)
    chat.sent()
    [hello] = chat.type("/nick eva").sent()
    assert hello["nick"] == "eva" and "password" not in hello


def test_one_may_leave_instead() -> None:
    chat = Chat().connect().hear(WANTED).type("/quit")
    assert chat.paper.status == 0


def test_who_wants_to_log_in_is_asked_before_anything_is_sent() -> None:
    chat = Chat(nick=None, login=True).type("ana")
    assert chat.paper.hidden
    chat.type("correct horse")
    assert chat.connect().sent()[0]["password"] == "correct horse"


def test_a_pipe_that_has_no_password_fails() -> None:
    chat = pipe().connect().hear(WANTED)
    assert chat.paper.read_warnings() == ["-- (password-needed)"]
    assert chat.paper.status == 1


def test_a_pipe_is_not_asked_for_secrets() -> None:
    chat = pipe().enter().type("/login")
    assert chat.paper.read_warnings() == ["-- A pipe cannot be asked for a password."]


def test_a_login_inside_asks_for_nick_and_password() -> None:
    chat = inside().type("/login", "")
    assert chat.paper.hidden
    chat.type("correct horse")
    [asked] = chat.sent()
    assert (asked["nick"], asked["password"]) == ("ana", "correct horse")
    chat.hear({"type": "reply", "id": asked["id"], "nick": "ana"})
    assert chat.paper.read()[-1] == "-- You are logged in as ana."


def test_passwords_that_differ_change_nothing() -> None:
    chat = inside().type("/password", "old", "new", "knew")
    assert chat.sent() == []
    assert chat.paper.read()[-1] == "-- These two differ. Nothing has been changed."
    chat.type("/register", "")
    assert chat.paper.read()[-1] == "-- Nothing has been changed."
    assert not chat.conversation.asking


def test_the_key_of_a_locked_room_is_asked_for() -> None:
    chat = inside().type("/join ops")
    [join] = chat.sent()
    chat.hear(error("room-locked", id=join["id"], room="ops"))
    assert chat.paper.hidden
    [join] = chat.type("open sesame").sent()
    assert (join["room"], join["key"]) == ("ops", "open sesame")
    chat.hear(OPS | {"id": join["id"]})
    assert [message["room"] for message in chat.type("hola").sent()] == ["ops"]


def test_no_secret_is_shown() -> None:
    chat = inside()
    for line in ("/login eva geheim", "/register geheim", "/password geheim x", "/key geheim x"):
        chat.type(line)
    for asked in chat.sent():
        chat.hear(error("too-many-tries", id=asked["id"]))
    chat.type("/password geheim", "/register geheim a b", "/login", "", "geheim").lose()
    assert "geheim" not in repr(chat.paper.shown + chat.paper.warned)


def test_a_program_that_reads_what_happens_decides_itself_where_a_room_is_locked() -> None:
    chat = pipe(informed=True).enter().type("/join ops")
    [join] = chat.sent()
    chat.hear(error("room-locked", id=join["id"], room="ops"))
    assert chat.sent() == []
    started_there = pipe(informed=True, room="ops").connect().hear(WELCOME)
    [_, join] = started_there.sent()
    started_there.hear(error("room-locked", id=join["id"], room="ops"))
    assert [message["type"] for message in started_there.sent()] == ["bye"]


def test_who_types_a_secret_is_asked_nothing_else_in_between() -> None:
    chat = inside().type("/msg bob psst").lose().connect()
    chat.hear(error("session-unknown")).type("/password")
    chat.hear(WELCOME)
    assert chat.conversation.hidden
    chat.sent()
    chat.type("old", "new", "new").type("no")
    assert [message["type"] for message in chat.sent()] == ["password"]
    assert not chat.conversation.asking


def test_who_could_be_overheard_is_told_so_once_before_a_password_is_asked_for() -> None:
    chat = Chat(in_clear=True).connect().hear(WANTED)
    warning = "-- This connection is not encrypted: others on the way could read your password."
    assert chat.paper.read() == [warning, "-- Password of ana? (Enter: another nick)"]
    chat.type("wrong").hear(error("wrong-password"))
    assert warning not in chat.paper.read()
    assert inside(in_clear=True).type("/login ana geheim").paper.read() == [warning]
    assert inside().type("/login ana geheim").paper.read() == []
