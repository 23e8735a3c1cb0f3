"""Lines that are pasted behind a command are for whom it is for, and never said to everybody."""

from __future__ import annotations

from itertools import product

import pytest

from huddle.client.commands.table import COMMANDS
from tests.client.conversation.chat import Chat

NAMES = sorted({name for each in COMMANDS for name in each.names})
ONE_LINE = {
    "en": "-- Not said: only one line goes behind that command.",
    "es": "-- No se ha dicho: detrás de esa orden va una sola línea.",
}
PASTED = ("secret one", "", "\tsecret two")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("typed", ["/msg bob ", "/privado bob "])
def test_it_is_one_block_for_one_person(language: str, typed: str) -> None:
    chat = Chat(language=language).enter()
    assert chat.conversation.pasted_behind([f"{typed}{PASTED[0]}", *PASTED[1:]])
    sent = chat.sent()
    assert [(each["type"], each["to"], each["text"]) for each in sent] == [
        ("msg", "bob", line) for line in PASTED
    ]
    assert {each.get("block", sent[0]["id"]) for each in sent} == {sent[0]["id"]}


def test_a_text_may_begin_in_the_line_below() -> None:
    chat = Chat().enter()
    assert chat.conversation.pasted_behind(["/msg bob ", "one", "two"])
    assert [(each["to"], each["text"]) for each in chat.sent()] == [("bob", "one"), ("bob", "two")]


def test_an_answer_is_one_block() -> None:
    chat = Chat().enter()
    assert chat.conversation.pasted_behind(["/re 3 one", "two"])
    assert [(each["re"], each["text"]) for each in chat.sent()][:1] == [(3, "one")]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_line_behind_any_command_is_said_in_the_room(language: str) -> None:
    for name, rest in product([*NAMES, "nonsense", "usr/bin"], ("", "bob ", "3 ")):
        before = f"/{name} {rest}"
        chat = Chat(language=language).enter()
        taken = chat.conversation.pasted_behind([f"{before}{PASTED[0]}", *PASTED[1:]])
        sent = chat.sent()
        assert all(each["type"] == "msg" or each.get("re") for each in sent[:1]), before
        assert taken == bool(sent), before
        assert chat.paper.warned == ([] if taken else [ONE_LINE[language]]), before
