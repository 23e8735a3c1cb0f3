"""What was typed is carried out: asked of the server, or done here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huddle.client.commands.commands import text_of
from huddle.locale.clock import HouseClock
from tests.client.conversation.chat import Chat, inside, pipe
from tests.client.dialogue import WELCOME, ack, error, said


def test_commands_that_need_no_server_are_answered_here() -> None:
    chat = Chat().type("/help")
    assert "-- /quit · /salir: leaves" in chat.paper.read()
    chat.enter().paper.read()
    chat.type("/times").hear(said(11)).type("/times off").hear(said(12))
    assert chat.paper.read() == [
        "-- every line shows its time",
        "18:02 <bob> hola",
        "-- new lines show no time",
        "<bob> hola",
    ]
    assert chat.sent() == []


def test_another_language_is_spoken_from_now_on_and_to_the_server_next_time() -> None:
    chat = Chat().enter().type("/idioma es")
    assert chat.paper.read() == ["-- Ahora hablo español."]
    chat.lose().connect()
    assert chat.sent()[0]["lang"] == "es"


def test_a_mistyped_command_is_told_and_never_said() -> None:
    chat = Chat().enter().type("/hlep", "/history x")
    assert chat.paper.warned == [
        "-- There is no command hlep. /help lists them; //hlep says it.",
        "-- It is typed like this: /history [N|14:30|yesterday]",
    ]
    assert chat.sent() == []


def test_another_nick_is_asked_for_and_told() -> None:
    chat = Chat().enter().type("/nick anita")
    [request] = chat.sent()
    chat.hear({"type": "reply", "id": request["id"], "nick": "anita"})
    assert chat.paper.read() == ["-- you are anita"]


def test_the_past_begins_when_one_says_by_the_clock_of_this_machine() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    clock = HouseClock(UTC, lambda: int(noon.timestamp() * 1000))
    chat = Chat(clock=clock).enter().type("/history yesterday", "/buzon 14:30")
    asked = [(message["room"], message["since"]) for message in chat.sent()]
    assert asked == [("huddle", "2026-11-19T00:00:00.000Z"), ("@", "2026-11-19T14:30:00.000Z")]


@pytest.mark.parametrize("word", ["exit", "quit", " EXIT ", ":q", "logout", "quit()"])
def test_a_word_that_leaves_other_programs_is_not_said(word: str) -> None:
    chat = Chat().enter().type(word)
    assert chat.said() == []
    assert chat.paper.read_warnings() == [
        "-- Not said. /quit leaves; with a dot behind it, it is said."
    ]
    at_the_door = Chat(nick=None).type(word)
    assert at_the_door.paper.read()[-1].startswith("-- Not said.")
    assert at_the_door.type("ana").connect().talk.session.nick == "ana"


def test_a_farewell_is_said_and_how_to_leave_told() -> None:
    chat = Chat(language="es").enter().type("bye")
    assert chat.said() == ["bye"]
    assert chat.paper.read() == ["-- Si quieres salir: /salir"]
    assert pipe(read=text_of).enter().type("bye").paper.read() == []


def test_who_leaves_by_the_word_is_told_how_it_is_said() -> None:
    chat = Chat().enter().type("salir")
    assert chat.paper.read() == ["-- You leave by the word alone; //salir says it."]
    assert [each["type"] for each in chat.sent()] == ["bye"]


def test_who_comes_and_goes_is_shown_as_one_wishes() -> None:
    joined = {"type": "joined", "room": "huddle", "nick": "eva"}
    chat = Chat().enter()
    assert chat.hear(joined).paper.read() == ["-- eva joined"]
    assert chat.type("/quiet-joins on").paper.read() == ["-- you are not told who comes and goes"]
    assert chat.hear({**joined, "type": "left"}).paper.read() == []
    assert chat.type("/callar-entradas").paper.read() == ["-- you are told who comes and goes"]
    assert chat.hear(joined).paper.read() == ["-- eva joined"]


@pytest.mark.parametrize(("wish", "shown"), [("on", []), ("off", ["-- eva joined"])])
def test_what_is_wished_of_it_is_so_on_the_next_connection_too(wish: str, shown: list[str]) -> None:
    chat = Chat().enter().type(f"/quiet-joins {wish}").lose().connect().hear(WELCOME)
    chat.paper.read()
    chat.hear({"type": "joined", "room": "huddle", "nick": "eva"})
    assert chat.paper.read() == shown


def test_in_a_crowd_it_is_not_shown_without_a_wish() -> None:
    chat = Chat().enter()
    chat.hear({"type": "here", "room": "huddle", "count": 20, "here": ["bob"]}).paper.read()
    joined = {"type": "joined", "room": "huddle", "nick": "eva"}
    assert chat.hear(joined).paper.read() == []
    chat.type("/quiet-joins off").paper.read()
    assert chat.hear({**joined, "nick": "zoe"}).paper.read() == ["-- zoe joined"]


def talking() -> Chat:
    """Somebody in the room, and two who write in private."""
    chat = Chat().enter()
    chat.hear(
        said(11),
        said(1, "psst", room="@"),
        said(2, "and me?", room="@", nick="eva"),
    )
    chat.sent()
    return chat


def about(chat: Chat) -> list[tuple[str, str | None, int | None, int | None]]:
    """What was sent: to whom (`#` and the room, or a nick), what it answers and puts right."""
    return [
        (m["text"], m.get("to") or f"#{m['room']}", m.get("re"), m.get("edits"))
        for m in chat.sent()
    ]


@pytest.mark.parametrize(("re", "fix"), [("/re", "/fix"), ("/responder", "/corregir")])
def test_a_private_message_is_answered_from_everywhere_by_its_number(re: str, fix: str) -> None:
    chat = talking().type(f"{re} 11 yes", f"{re} @2 you too", f"{re} @1 what?")
    assert about(chat) == [
        ("yes", "#huddle", 11, None),
        ("you too", "eva", 2, None),
        ("what?", "bob", 1, None),
    ]
    chat.type("/msg bob", f"{re} 1 what?", f"{re} @2 eva")
    assert about(chat) == [("what?", "bob", 1, None), ("eva", "eva", 2, None)]
    chat.paper.read()
    chat.type(f"{re} 2 no", f"{re} @9 no")
    assert about(chat) == []
    assert chat.paper.warned[-2:] == ["-- There is no such message here."] * 2


def test_what_was_typed_last_is_put_right_where_it_went() -> None:
    chat = talking().type("hola all", "/msg bob the pasword", "/msg eva /me")
    chat.hear(ack(1, 12), ack(2, 3, "@"), ack(3, 4, "@"))
    chat.sent()
    chat.type("/fix eva's")
    assert about(chat) == [("eva's", "eva", None, 4)]
    chat.hear(ack(4, 5, "@")).type("/msg bob", "/fix the password")
    assert about(chat) == [("the password", "bob", None, 3)]
    chat.hear(ack(5, 6, "@")).type("/fix the password!")
    assert about(chat) == [("the password!", "bob", None, 6)]
    chat.hear(ack(6, 7, "@")).type("/leave", "/fix eva")
    assert about(chat) == [("eva", "eva", None, 5)]
    chat.hear(ack(7, 8, "@")).type("all")
    chat.hear(ack(8, 13)).sent()
    chat.type("/fix all!")
    assert about(chat) == [("all!", "#huddle", None, 13)]


def test_what_has_a_number_is_put_right_whatever_was_said_since() -> None:
    chat = talking().type("/me wavse", "/msg bob the pasword", "hola")
    chat.hear(ack(1, 12), ack(2, 3, "@"), ack(3, 13)).sent()
    chat.type("/fix #12 waves", "/fix @3 the password", "/fix #11 not mine")
    assert [m.get("kind") for m in chat.sent()] == ["me", None, None]
    chat.type("/fix #12 waves", "/fix @3 the password", "/fix #11 not mine")
    assert about(chat) == [
        ("waves", "#huddle", None, 12),
        ("the password", "bob", None, 3),
        ("not mine", "#huddle", None, 11),  # as the server will say
    ]
    chat.type("/msg eva", "/fix #3 no", "/fix @3 the key", "/fix #9 perhaps")
    assert about(chat) == [("the key", "bob", None, 3), ("perhaps", "eva", None, 9)]
    chat.type("/leave", "/fix @9 no")
    assert about(chat) == []
    assert chat.paper.warned[-1:] == ["-- There is no such message here."]


def test_a_refused_correction_is_given_back_for_the_message_that_it_was_for() -> None:
    chat = talking().type("hola al", "/msg bob the pasword")
    chat.hear(ack(1, 12), ack(2, 3, "@")).sent()
    chat.type("/fix the password").hear(error("too-fast", id=3))
    chat.type("hey").hear(ack(4, 13)).type("/fix hola all").hear(error("muted", id=5))
    assert chat.paper.given_back == ["/fix @3 the password", "/fix #13 hola all"]
    chat.type("later").hear(ack(6, 14)).sent()
    chat.type(*chat.paper.given_back)
    assert about(chat) == [
        ("the password", "bob", None, 3),
        ("hola all", "#huddle", None, 13),
    ]
    chat.hear(error("muted", id=8)).type("/msg bob").hear(error("muted", id=7))
    assert chat.paper.given_back[2:] == ["/fix #13 hola all", "/fix @3 the password"]


def test_in_a_talk_the_last_message_to_that_person_is_deleted() -> None:
    chat = talking().type("/msg bob one", "/msg eva two")
    chat.hear(ack(1, 3, "@"), ack(2, 4, "@")).sent()
    chat.type("/msg bob", "/delete", "/delete @4")
    assert [(m["type"], m["room"], m["seq"]) for m in chat.sent()] == [
        ("delete", "@", 3),
        ("delete", "@", 4),
    ]


def test_in_a_room_what_was_typed_last_is_deleted_where_it_went() -> None:
    chat = talking().type("hola", "/msg bob one")
    chat.hear(ack(1, 12), ack(2, 3, "@")).sent()
    chat.type("/delete")
    chat.hear({"type": "reply", "id": 3}).type("all")
    chat.hear(ack(4, 13)).type("/delete")
    assert [(m["room"], m["seq"]) for m in chat.sent() if m["type"] == "delete"] == [
        ("@", 3),
        ("huddle", 13),
    ]


def test_a_refused_answer_is_given_back_as_it_was_typed() -> None:
    chat = talking().type("/re 11 yes", "/re @2 you too")
    chat.hear(error("muted", id=1), error("nobody-there", id=2))
    assert chat.paper.given_back == ["/re 11 yes", "/re @2 you too"]


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
