"""From the first connection to the exit status: leaving, and the end of what is typed."""

from __future__ import annotations

import pytest

from huddle.client.session.events import Cause, Offline
from huddle.client.session.journal import Trouble
from tests.client.conversation.chat import Chat, pipe
from tests.client.dialogue import WELCOME, ack, error


@pytest.mark.parametrize("line", ["/quit", "/salir", "salir"])
def test_leaving_is_answered_by_the_server(line: str) -> None:
    chat = Chat().enter().type(line)
    assert [message["type"] for message in chat.sent()] == ["bye"]
    assert chat.paper.status is None
    chat.hear({"type": "bye"})
    assert chat.paper.status == 0


def test_leaving_at_once_after_a_line_needs_no_question_since_the_farewell_follows_it() -> None:
    chat = Chat().enter().type("ciao", "/quit")
    assert [message["type"] for message in chat.sent()] == ["say", "bye"]


def test_leaving_with_lines_that_cannot_go_out_now_is_a_question() -> None:
    chat = Chat().type("ciao", "/quit", "what?")
    assert (
        chat.paper.read()
        == [
            "-- 1 line has not been acknowledged; it is said again next time.",
            "-- Leave now? (yes, no)",
        ]
        * 2
    )
    chat.type("no").type("/quit").type("yes")
    assert chat.paper.status == 0


def test_the_end_of_a_persons_input_leaves() -> None:
    chat = Chat().enter()
    chat.conversation.ended()
    assert [message["type"] for message in chat.sent()] == ["bye"]


def test_the_end_of_a_pipe_waits_until_all_is_acknowledged() -> None:
    chat = pipe().enter().type("uno", "dos")
    chat.conversation.ended()
    chat.hear(ack(1, 11))
    assert [message["type"] for message in chat.sent()] == ["say", "say"]
    chat.hear(ack(2, 12))
    assert [message["type"] for message in chat.sent()] == ["bye"]
    chat.hear({"type": "bye"})
    assert chat.paper.status == 0
    assert chat.paper.warned == []


def test_the_end_of_a_pipe_waits_for_answers_too() -> None:
    chat = pipe().enter().type("/rooms")
    chat.conversation.ended()
    [request] = chat.sent()
    chat.hear({"type": "reply", "id": request["id"], "rooms": [{"room": "huddle", "count": 1}]})
    assert chat.paper.read() == ["-- rooms: huddle (1)"]
    assert [message["type"] for message in chat.sent()] == ["bye"]


def test_an_empty_pipe_comes_in_and_leaves() -> None:
    chat = pipe()
    chat.conversation.ended()
    chat.connect().hear(WELCOME)
    assert [message["type"] for message in chat.sent()] == ["hello", "bye"]


def test_a_pipe_that_has_said_all_does_not_wait_for_a_lost_server() -> None:
    chat = pipe().enter().type("uno")
    chat.hear(ack(1, 11)).lose()
    chat.conversation.ended()
    assert chat.paper.status == 0


def test_a_pipe_with_a_refused_line_fails_when_all_else_is_said() -> None:
    chat = pipe().enter().type("uno", "dos")
    chat.conversation.ended()
    chat.hear(error("id-reused", id=1), ack(2, 11)).hear({"type": "bye"})
    assert chat.paper.warned == ["-- (id-reused)", "--    uno"]
    assert chat.paper.status == 1


def test_a_persons_refused_line_is_no_failure_of_the_program() -> None:
    chat = Chat().enter().type("uno").hear(error("expired", id=1)).type("salir")
    chat.hear({"type": "bye"})
    assert chat.paper.status == 0


def test_without_another_attempt_a_lost_server_is_a_failure() -> None:
    chat = Chat()
    chat.wire.show(Offline(Cause.REFUSED, None, "chat.lan:5"))
    assert chat.paper.warned == ["-- nobody listens at chat.lan:5"]
    assert chat.paper.status == 1


def test_a_session_that_went_on_elsewhere_is_a_failure() -> None:
    chat = Chat().enter().hear(error("replaced"))
    assert chat.paper.status == 1


def test_who_leaves_with_unsaid_lines_is_told_what_becomes_of_them() -> None:
    chat = Chat().type("uno")
    chat.paper.read_warnings()
    chat.conversation.leave()
    assert chat.paper.warned == ["-- 1 line has not been acknowledged; it is said again next time."]
    assert chat.paper.status == 0


def test_what_is_not_kept_is_not_promised() -> None:
    chat = pipe(trouble=Trouble.IN_USE).type("uno", "dos")
    chat.paper.read_warnings()
    chat.conversation.leave()
    assert chat.paper.warned == ["-- 2 lines have not been acknowledged, and are not kept."]
