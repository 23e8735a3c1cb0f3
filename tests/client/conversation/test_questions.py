"""What a person is asked, one thing at a time: a nick, a certificate, doubts, passwords."""

from __future__ import annotations

import pytest

from huddle.client.session.events import Doubt, Untrusted
from huddle.client.session.journal import Trouble
from tests.client.conversation.chat import Chat, inside, pipe
from tests.client.dialogue import WELCOME, error


def test_who_gives_no_nick_is_asked_for_it() -> None:
    chat = Chat(nick=None)
    assert chat.paper.read() == ["Welcome to huddle. What is your nick?"]
    chat.type("  ")
    assert chat.paper.read() == ["What is your nick?"]
    chat.type("ana")
    chat.connect()
    assert chat.sent()[0]["nick"] == "ana"


def test_who_is_asked_for_a_nick_may_leave_instead() -> None:
    chat = Chat(nick=None).type("salir")
    assert chat.paper.status == 0


def test_a_taken_nick_is_asked_for_again_with_a_suggestion_for_enter() -> None:
    chat = Chat().connect()
    chat.sent()
    chat.hear(error("nick-taken", suggest="ana2"))
    assert chat.paper.warned == ["-- (nick-taken)"]
    assert chat.paper.read() == ["-- What is your nick? (Enter: ana2)"]
    chat.type("")
    assert chat.sent()[0]["nick"] == "ana2"
    chat.hear(error("bad-nick"))
    assert chat.paper.read() == ["-- What is your nick?"]
    chat.type("eva").hear(WELCOME | {"nick": "eva"}).type("hola")
    assert chat.said() == ["hola"]


@pytest.mark.parametrize("command", ["/login", "/acceder"])
def test_login_alone_behind_a_taken_nick_asks_for_its_password(command: str) -> None:
    chat = Chat().connect().hear(error("nick-taken", suggest="ana2")).type(command)
    assert chat.paper.read()[-1] == "-- Password of ana? (Enter: another nick)"
    chat.sent()
    chat.type("hunter2")
    [hello] = chat.sent()
    assert (hello["nick"], hello["password"]) == ("ana", "hunter2")


def test_a_nick_that_has_become_free_needs_no_answer_any_more() -> None:
    chat = Chat().connect().hear(error("nick-taken", suggest="ana2"))
    chat.lose().connect().hear(WELCOME).type("hola")
    assert chat.said() == ["hola"]


def test_a_pipe_whose_nick_is_taken_ends_without_losing_its_lines_silently() -> None:
    chat = pipe().type("hola").connect()
    chat.hear(error("nick-taken", suggest="ana2"))
    assert chat.paper.status == 1
    assert chat.paper.warned == [
        "-- (nick-taken)",
        "-- 1 line has not been acknowledged; it is said again next time.",
    ]


UNKNOWN = Untrusted("chat.lan:55123", "AB:CD", Doubt.SELF_SIGNED)


@pytest.mark.parametrize(("answer", "trusted"), [("yes", True), ("sí", True), ("No", False)])
def test_whether_a_certificate_is_trusted_is_a_question(answer: str, trusted: bool) -> None:
    chat = Chat()
    answers: list[bool] = []
    chat.conversation.trusted(UNKNOWN).addCallback(answers.append)
    question = "-- Is that the server's fingerprint? Then only it is taken from now on. (yes, no)"
    assert chat.paper.read() == [
        "-- The certificate of chat.lan:55123 is signed by nobody but itself.",
        "-- SHA-256 AB:CD",
        question,
    ]
    assert chat.conversation.asking
    chat.type("hola")
    assert chat.paper.read() == [question]
    chat.type(answer)
    assert answers == [trusted]
    assert not chat.conversation.asking
    assert chat.said() == []


def test_who_is_asked_to_trust_may_leave_instead_though_lines_wait() -> None:
    for leave in (
        lambda chat: chat.type("/quit"),
        lambda chat: chat.conversation.wish_to_leave(),
    ):
        chat = Chat().type("hola")
        answered = chat.conversation.trusted(UNKNOWN)
        leave(chat)
        assert chat.paper.status == 0
        assert not answered.called


@pytest.mark.parametrize("trouble", list(Trouble))
def test_what_is_wrong_with_the_kept_session_is_told(trouble: Trouble) -> None:
    chat = Chat(trouble=trouble)
    [line] = chat.paper.warned
    assert line.startswith("-- ")


def in_doubt(chat: Chat) -> Chat:
    """A line was sent, and the server then knows the session no more."""
    chat.enter().type("uno")
    chat.sent()
    chat.lose().connect().hear(error("session-unknown"), WELCOME)
    return chat


@pytest.mark.parametrize(("answer", "said"), [("yes", ["uno"]), ("s", ["uno"]), ("no", [])])
def test_doubtful_lines_are_a_question(answer: str, said: list[str]) -> None:
    chat = in_doubt(Chat())
    assert chat.paper.warned == [
        "-- The server does not know you any more; 1 line may be unsaid:",
        "--    uno",
    ]
    assert chat.paper.read()[-1] == "-- Say them again? (yes, no)"
    chat.type("what?")
    assert chat.paper.read() == ["-- Say them again? (yes, no)"]
    chat.sent()
    chat.type(answer)
    assert chat.said() == said


def test_a_pipe_tells_its_doubtful_lines_and_fails() -> None:
    chat = in_doubt(pipe())
    chat.conversation.ended()
    chat.hear({"type": "bye"})
    assert chat.paper.warned == [
        "-- The server does not know you any more; 1 line may be unsaid:",
        "--    uno",
    ]
    assert chat.paper.status == 1


WANTED = error("password-needed", nick="ana")


OPS = {"type": "reply", "room": "ops", "seq": 0, "count": 1, "here": []}


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
