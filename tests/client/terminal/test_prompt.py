"""What one types: pastes, what Tab makes, what is hidden, what is dropped."""

from __future__ import annotations

import pytest

from huddle.client.session.events import (
    Said,
)
from huddle.client.terminal.keys import PASTE, Key
from huddle.client.terminal.prompt import Paste, lines_of
from tests.client.terminal.room import Room, said


def test_what_is_typed_while_too_much_waits_stays_in_the_prompt(room: Room) -> None:
    room.screen.crowded(True)
    room.enter("one more")
    assert room.typed == "one more" and room.talk.typed_lines == []
    room.screen.crowded(False)
    room.press("enter")
    assert room.typed == "" and room.talk.typed_lines == ["one more"]


def test_an_answer_is_not_remembered_and_may_be_empty(room: Room) -> None:
    room.press("enter")
    assert room.talk.typed_lines == []
    room.talk.asking = True
    room.press("enter")
    room.enter("eva")
    assert room.talk.typed_lines == ["", "eva"]
    assert room.screen._around.typed.lines == []
    room.press("up")
    assert room.typed == ""


def test_a_second_paste_joins_the_first(room: Room) -> None:
    room.screen.pressed(Key(PASTE, "one\ntwo"))
    room.screen.pressed(Key(PASTE, "three\n"))
    room.type("not taken meanwhile")
    room.press("enter")
    assert room.talk.typed_lines == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("typed", "heard", "told", "left"),
    [
        ("half a ", ["half a one", "two"], [], ""),
        ("//", ["//one", "two"], [], ""),
        ("/msg bob ", [], ["/msg bob one", "two"], ""),
        ("/login ", [], ["/login one", "two"], "/login "),
        (" /password old ", [], [" /password old one", "two"], " /password old "),
    ],
)
def test_what_is_pasted_behind_a_command_is_for_that(
    room: Room, typed: str, heard: list[str], told: list[str], left: str
) -> None:
    room.type(typed)
    room.screen.pressed(Key(PASTE, "one\n"))
    room.press("c-u")
    room.type(typed)
    room.screen.pressed(Key(PASTE, "one\ntwo\n"))
    room.press("enter")
    assert (room.talk.typed_lines, room.talk.told, room.typed) == (heard, told, left)


def test_tab_with_nothing_to_offer_rings(room: Room) -> None:
    room.type("zzz")
    room.press("tab")
    assert room.bells == 1
    assert room.typed == "zzz"


def test_esc_takes_back_what_tab_chose(room: Room) -> None:
    room.happen(said(1), Said("huddle", 2, "", "boris", "say", "hola"))
    room.type("bo")
    room.press("tab")
    assert room.typed == "boris: "
    assert "boris  bob" in room.rows
    room.press("escape")
    assert room.typed == "bo"


def test_ctrl_c_drops_first_and_leaves_then(room: Room) -> None:
    room.screen.pressed(Key(PASTE, "one\ntwo"))
    room.press("c-c")
    room.type("half")
    room.press("c-c")
    assert room.typed == "" and room.talk.told == []
    room.press("c-c")
    assert room.talk.told == ["leave"]


def in_ops(seq: int, text: str = "hola") -> Said:
    return Said("ops", seq, "2026-11-20T18:02:11.123Z", "bob", "say", text)


def test_each_window_has_its_draft(room: Room) -> None:
    room.happen(said(1), in_ops(1))
    room.type("begun in huddle")
    room.press("a-2")
    assert room.typed == ""
    room.type("begun in ops")
    room.press("a-1")
    assert room.typed == "begun in huddle"
    room.press("a-2", "enter")
    assert room.talk.typed_lines == ["begun in ops"]
    room.press("a-1", "a-2")
    assert room.typed == ""


def test_a_secret_is_nobodys_draft(room: Room) -> None:
    room.happen(in_ops(1))
    room.talk.asking = room.talk.hidden = True
    room.type("password")
    room.press("a-2")
    assert room.bells == 1 and room.status.startswith("1:huddle")
    assert room.rows[-1] == "ana> ********"
    assert "password" not in room.paper.written


def test_who_is_asked_for_another_nick_is_not_called_by_the_old_one(room: Room) -> None:
    room.talk.asking = room.talk.asks_nick = True
    room.type("eva")
    assert room.rows[-1] == "> eva"
    room.talk.asking = room.talk.asks_nick = False
    room.press("c-u")
    assert room.rows[-1] == "ana>"


def test_ctrl_c_at_a_hidden_prompt_drops_what_is_typed_and_then_the_question(room: Room) -> None:
    room.talk.asking = room.talk.hidden = True
    room.type("password")
    room.press("c-c")
    assert room.typed == "" and room.talk.typed_lines == []
    room.press("c-c")
    assert room.talk.typed_lines == [""] and room.talk.told == []
    room.talk.asking = room.talk.hidden = False
    room.press("c-c")
    assert room.talk.told == ["leave"]


def test_the_search_among_what_was_typed_stands_in_the_prompt(room: Room) -> None:
    room.enter("make soup")
    room.press("c-r")
    room.type("sou")
    assert room.rows[-1] == "(search) sou: make soup"
    room.press("enter")
    assert room.talk.typed_lines == ["make soup", "make soup"]
    room.talk.hidden = True
    room.press("c-r")
    assert room.rows[-1] == "ana>" and room.bells == 1


# A paste is looked at before it is said


def test_the_lines_are_those_that_will_be_said() -> None:
    pasted = "one\r\n\ttwo\n\n   \nthree\u2028four\n"
    assert lines_of(pasted) == ("one", "\ttwo", "", "   ", "three", "four")


def test_blank_lines_alone_say_nothing() -> None:
    assert lines_of(" \n\t\n\n") == lines_of("") == ()


def test_a_short_paste_is_shown_whole() -> None:
    lines = ("1", "2", "3", "4", "5")
    assert Paste(lines, "").look() == list(lines)


def test_a_long_paste_is_shown_by_its_ends() -> None:
    lines = tuple(map(str, range(100)))
    assert Paste(lines, "").look() == ["0", "1", "2", "⋮", "99"]
