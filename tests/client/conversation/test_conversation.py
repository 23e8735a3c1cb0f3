"""A person, or a pipe, and the client: what is typed, asked, shown and told in the end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from huddle.client.commands.commands import text_of
from huddle.client.commands.table import COMMANDS
from huddle.protocol.text import clean
from tests.client.conversation.chat import Chat, pipe
from tests.client.dialogue import ack, said

# Coming in


def test_who_gives_a_nick_is_connected_at_once() -> None:
    chat = Chat()
    assert chat.wire.started
    chat.enter().hear(said(11))
    assert chat.paper.read() == ["<bob> hola"]


# Saying


def test_what_is_typed_together_is_said_in_one_write_around_the_commands() -> None:
    chat = Chat().enter().type("uno", "dos", "/who", "/me waves", "tres")
    assert [(m["type"], m.get("text"), m.get("kind")) for m in chat.sent()] == [
        ("say", "uno", None),
        ("say", "dos", None),
        ("who", None, None),
        ("say", "waves", "me"),
        ("say", "tres", None),
    ]


def test_a_private_line_is_for_one_person() -> None:
    chat = Chat().enter().type("/msg bob psst")
    [message] = chat.sent()
    assert (message["type"], message["to"]) == ("msg", "bob")


def test_a_line_that_cannot_go_out_now_is_told_to_wait() -> None:
    chat = Chat().type("hola", "eh").type("/msg bob psst")
    assert chat.paper.warned == [
        "-- 2 lines wait to be said.",
        "-- 3 lines wait to be said.",
    ]


def test_a_pipe_is_not_told_that_its_lines_wait() -> None:
    assert pipe().type("hola").paper.warned == []


def test_a_line_that_no_buffer_holds_is_told() -> None:
    chat = pipe()
    chat.conversation.line_too_long()
    assert chat.paper.warned == ["-- Not said: it is too long."]
    chat.enter()
    chat.conversation.ended()
    chat.hear({"type": "bye"})
    assert chat.paper.status == 1


def test_a_source_that_says_too_much_is_slowed_down() -> None:
    chat = pipe().type(*["x"] * 5000)
    assert chat.paper.is_crowded
    chat.enter()
    chat.hear(*(ack(n, n + 10) for n in range(1, 2000)))
    assert not chat.paper.is_crowded


# Commands


def test_nothing_typed_before_there_is_a_nick_is_obeyed() -> None:
    chat = Chat(nick=None)
    chat.conversation.typed([])
    chat.conversation.shown()
    chat.conversation.screen_full()
    chat.conversation.screen_drained()
    assert chat.paper.status is None


# Leaving


NAMES = st.sampled_from([name for command in COMMANDS for name in command.names])


@given(st.lists(st.text() | st.builds("{}{} {}".format, st.sampled_from("/ "), NAMES, st.text())))
def test_what_comes_through_a_pipe_is_said_as_it_is(lines: list[str]) -> None:
    chat = pipe(read=text_of).enter().type(*lines)
    says_something = any(map(str.strip, map(clean, lines)))
    assert chat.said() == (list(map(clean, lines)) if says_something else [])
    assert chat.paper.read_warnings() == []
