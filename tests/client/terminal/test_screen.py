"""What the interface prints, and when, without a terminal: its clock is the test's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pyte
import pytest
from twisted.internet.task import Clock

from huddle.client.conversation.buffers import Buffers
from huddle.client.conversation.conversation import Conversation
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.conversation.ports import Opened
from huddle.client.rendering.colours import Depth, Ground, Paint
from huddle.client.rendering.rows import plain
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.events import (
    Acknowledged,
    Answered,
    Cause,
    Entered,
    Event,
    Offline,
    Past,
    Removed,
    Said,
    Welcomed,
)
from huddle.client.session.state import Kind, Line
from huddle.client.setup.options import Notify
from huddle.client.terminal.keys import PASTE, REPORT, TEXT, Key
from huddle.client.terminal.layout import Size
from huddle.client.terminal.screen import (
    BELL_PAUSE,
    GATHERING,
    PATIENCE,
    Surroundings,
    TerminalScreen,
)
from huddle.client.terminal.typed_lines import TypedLines
from huddle.locale import translator
from huddle.protocol.requests import History, Join


class Talk:
    """A conversation that remembers what it was told."""

    def __init__(self) -> None:
        self.asking = self.asks_nick = self.hidden = False
        self.where = CurrentRoom("huddle")
        self.buffers = Buffers(self.where)
        self.told: list[str] = []
        self.typed_lines: list[str] = []

    @property
    def partner(self) -> str | None:
        return self.where.partner

    def go_to(self, name: str) -> None:
        self.where.turn_to(name)

    def typed(self, lines: Sequence[str]) -> None:
        self.typed_lines += lines

    pasted = typed

    def pasted_behind(self, lines: Sequence[str]) -> bool:
        self.told += lines
        return lines[0].startswith("/msg")

    def shown(self) -> None:
        self.told.append("shown")

    def screen_full(self) -> None:
        self.told.append("full")

    def screen_drained(self) -> None:
        self.told.append("drained")

    def wish_to_leave(self) -> None:
        self.told.append("leave")


class Paper:
    """A terminal of 80 columns and 24 rows, and all that was written to it."""

    def __init__(self) -> None:
        self.size = Size(80, 24)
        self.keeps_up = True
        self.written = ""
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.Stream(self.screen)

    def write(self, text: str) -> None:
        self.written += text
        self._stream.feed(text)


class Room:
    """A screen in a room, at a terminal that is a string."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.clock.advance(1000)
        self.paper = Paper()
        self.talk = Talk()
        self.session = SimpleNamespace(unacknowledged=0, own_lines=(), nick="ana")
        self.ends: list[tuple[int, str]] = []
        self.rendering = TerminalLines(
            translator("en"),
            Paint(Depth.NONE),
            lambda: datetime(2026, 11, 20, 18, 2, tzinfo=UTC),
            UTC,
        )
        self.rendering.room, self.rendering.nick = "huddle", "ana"
        around = Surroundings(
            self.clock, self.clock.seconds, {"TERM": "xterm"}, TypedLines(folder), Notify.MENTION
        )
        self.screen = TerminalScreen(
            around, self.rendering, self.paper, lambda *end: self.ends.append(end)
        )
        self.screen.conversation = cast(Conversation, self.talk)
        self.screen.opened(
            cast(Opened, SimpleNamespace(link=SimpleNamespace(session=self.session))), False
        )
        self._happened = self.screen.watch(self._show)
        self.screen.draw_now()

    def _show(self, event: Event) -> None:
        self.talk.buffers.follow(event)
        self.screen.show(self.rendering.lines(event), self.talk.buffers.place_of(event))

    def happen(self, *events: Event) -> None:
        for event in events:
            self._happened(event)

    def wait(self, seconds: float = GATHERING) -> None:
        self.clock.advance(seconds)
        self.clock.advance(GATHERING)

    def press(self, *names: str) -> None:
        for name in names:
            self.screen.pressed(Key(name))

    def type(self, text: str) -> None:
        self.screen.pressed(Key(TEXT, text))

    def enter(self, text: str) -> None:
        self.type(text)
        self.press("enter")

    @property
    def typed(self) -> str:
        """What stands in the prompt."""
        return self.screen.prompt.editor.text

    @property
    def rows(self) -> list[str]:
        """What is to be seen, without what is empty."""
        return [row.rstrip() for row in self.paper.screen.display if row.strip()]

    @property
    def lines(self) -> list[str]:
        """The lines in the window, without their times."""
        return [row.partition(" ")[2] for row in self.rows[:-2]]

    @property
    def status(self) -> str:
        return self.rows[-2].strip()

    @property
    def bells(self) -> int:
        return self.paper.written.count("\a")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.screen.close(0)
    assert room.clock.getDelayedCalls() == []


def said(seq: int, text: str = "hola") -> Said:
    return Said("huddle", seq, "2026-11-20T18:02:11.123Z", "bob", "say", text)


def own(seq: int, text: str = "mine") -> Acknowledged:
    return Acknowledged(1, Line(Kind.SAY, "huddle", text), seq)


def test_a_message_waits_for_the_own_line_before_it_but_not_for_ever(room: Room) -> None:
    room.session.unacknowledged = 1
    room.happen(said(1, "one"), said(3, "three"), Offline(Cause.CLOSED, 30.0))
    room.wait()
    assert "<bob> one" in room.lines and "<bob> three" not in room.lines
    assert "shown" not in room.talk.told  # should the program die now, it comes again
    room.wait(PATIENCE)
    assert "<bob> three" in room.lines
    assert "shown" in room.talk.told


def test_what_was_waited_for_comes_first(room: Room) -> None:
    room.session.unacknowledged = 1
    room.happen(said(1, "one"), said(3, "three"))
    room.wait()
    room.session.unacknowledged = 0
    room.happen(own(2, "two"))
    room.wait()
    assert room.lines == ["<bob> one", "<ana> two", "<bob> three"]


def test_an_own_line_is_always_somewhere(room: Room) -> None:
    line = Line(Kind.SAY, "huddle", "mine")
    room.session.own_lines, room.session.unacknowledged = (line,), 1
    room.screen.draw_now()
    assert room.rows[0] == "  …   <ana> mine"
    room.happen(said(1))
    room.session.own_lines = ()
    room.happen(Acknowledged(1, line, 3))  # what stands before it has not come
    room.wait()
    assert [row[6:] for row in room.rows[:2]] == ["<bob> hola", "<ana> mine"]
    assert room.rows[1].startswith("  … ")
    room.happen(said(2, "two"))
    room.wait()
    assert room.lines == ["<bob> hola", "<bob> two", "<ana> mine"]
    assert not any(row.startswith("  …") for row in room.rows)


def test_messages_are_let_go_when_no_own_line_can_be_before_them(room: Room) -> None:
    room.happen(said(1), said(3, "after a hole"))
    room.wait()
    room.wait()
    assert "<bob> after a hole" in room.lines


def test_the_bell_is_no_siren(room: Room) -> None:
    for seq in range(1, 20):
        room.happen(said(seq, "ana!"))
    assert room.bells == 1
    room.wait(BELL_PAUSE)
    room.happen(said(20, "ana?"))
    assert room.bells == 2


def test_an_outage_is_told_once_and_another_again(room: Room) -> None:
    room.happen(*(Offline(Cause.REFUSED, pause, "b.lan:1") for pause in (1.0, 2.0, 4.0)))
    room.wait()
    assert sum("nobody listens" in row for row in room.rows) == 1
    room.happen(Offline(Cause.SILENT, 8.0), Welcomed("ana", {}, 0), Offline(Cause.SILENT, 1.0))
    room.wait()
    assert sum("does not answer any more" in row for row in room.rows) == 2


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


def test_the_end_shows_what_was_held_and_leaves_the_last_words(room: Room) -> None:
    room.session.unacknowledged = 1
    room.happen(said(1), said(3, "held"))
    room.screen.warn(["-- told before the key"])
    room.press("enter")
    room.screen.warn(["-- 1 line is kept"])
    room.screen.close(7)
    assert room.ends == [(7, "-- 1 line is kept\r\n")]
    assert room.talk.buffers.current.lines.line(3).endswith("<bob> held")


def test_the_last_words_hang_too_where_they_do_not_fit(room: Room) -> None:
    """The terminal has them then, and would begin its next row at the first column."""
    room.rendering.room = "ops"
    [line] = room.rendering.lines(Removed("huddle", "eve", "bye" + " " * 46 + "<bob> I did it"))
    assert plain(line).index("<bob>") == 80
    room.screen.warn([line])
    room.screen.close(1)
    [(_status, left)] = room.ends
    assert [plain(row) for row in left.splitlines()][1:] == ["   <bob> I did it"]


def test_what_does_not_fit_into_a_row_goes_on_below_the_text(room: Room) -> None:
    room.happen(Said("huddle", 11, "", "eve", "say", "hi" + " " * 72 + "<bob> I am eve"))
    room.wait()
    assert room.rows[1] == " " * 6 + "<bob> I am eve"


# Windows


def in_ops(seq: int, text: str = "hola") -> Said:
    return Said("ops", seq, "2026-11-20T18:02:11.123Z", "bob", "say", text)


def private(seq: int, text: str = "psst") -> Said:
    return Said("@", seq, "2026-11-20T18:02:11.123Z", "bob", "say", text)


def test_each_room_and_person_has_a_window(room: Room) -> None:
    room.happen(said(1, "here"), in_ops(1, "there"), private(1))
    room.wait()
    assert room.lines == ["<bob> here"]
    assert room.status == "1:huddle · connecting… · 2:ops (1) · 3:@bob (1)"
    room.press("a-2")
    assert room.rows[:2] == ["──────── unread ────────", "18:02 <bob> there"]
    assert room.status == "2:ops · connecting… · 1:huddle · 3:@bob (1)"
    room.press("a-3")
    assert room.rows[1] == "18:02 [bob] psst" and room.rows[-1] == "ana → bob>"
    room.press("a-1")
    assert room.lines == ["<bob> here"]
    assert room.status == "1:huddle · connecting… · 2:ops · 3:@bob"


def test_a_room_that_is_entered_beside_the_one_before_ones_eyes_tells_so_in_its_window(
    room: Room,
) -> None:
    entered = Entered("ops", 1, (), ())
    room.happen(said(1, "here"), Answered(Join("ops"), entered))
    room.wait()
    assert not any("ops" in line for line in room.lines)
    room.press("a-2")
    assert any("You are in ops, too." in line for line in room.lines)


def test_a_window_that_is_not_there_rings(room: Room) -> None:
    room.press("a-7", "a-0", "a-a")
    assert room.bells == 3


def test_the_next_unread_one_is_where_one_was_named(room: Room) -> None:
    named = Said("den", 1, "", "bob", "say", "ana?")
    room.happen(Welcomed("ana", {}, 0), said(1), in_ops(1), named, private(1))
    room.wait()
    assert "2:ops (1) · 3:den (1 @1) · 4:@bob (1)" in room.status
    seen = []
    for _ in range(3):
        room.press("a-a")
        seen.append(room.status.partition(" ")[0])
    assert seen == ["3:den", "4:@bob", "2:ops"]
    bells = room.bells
    room.press("a-a")
    assert room.bells == bells + 1


def test_what_is_put_right_elsewhere_is_not_unread_and_draws_no_rule(room: Room) -> None:
    fixed = Said("ops", 2, "", "bob", "say", "hola ana", edits=1)
    room.happen(Welcomed("ana", {}, 0), said(1), in_ops(1, "hola aan"))
    room.press("a-2")
    before = room.lines
    room.press("a-1")
    bells = room.bells
    room.happen(fixed)
    room.wait()
    assert room.status.endswith("2:ops") and room.bells == bells
    room.press("a-2")
    assert room.lines == [*before[:-1], "<bob> hola ana (fixed)"]


def test_one_goes_around_the_windows(room: Room) -> None:
    room.happen(said(1), in_ops(1), private(1))
    seen = []
    for key in ("a-right", "a-right", "a-right", "a-left"):
        room.press(key)
        seen.append(room.status.partition(" ")[0])
    assert seen == ["2:ops", "3:@bob", "1:huddle", "3:@bob"]


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


def test_pages_in_a_window_while_others_fill(room: Room) -> None:
    room.happen(*(said(seq, f"line {seq}") for seq in range(1, 101)))
    room.wait()
    room.press("pageup")
    there = room.lines
    assert there[-1] == "<bob> line 79"
    room.happen(*(in_ops(seq) for seq in range(1, 1001)), said(101, "line 101"))
    room.wait()
    assert room.lines == there
    assert "22 lines below" in room.status and "2:ops (1000)" in room.status
    room.press("a-2", "a-1")
    assert room.lines == there
    room.press("pagedown", "pagedown", "pagedown")
    assert room.lines[-1] == "<bob> line 101" and "below" not in room.status
    room.press("c-home")
    assert room.lines[0] == "<bob> line 1"
    room.enter("what is said is seen")
    assert room.lines[-1] == "<bob> line 101"


def test_a_thousand_lines_elsewhere_cost_few_frames(room: Room) -> None:
    room.happen(said(1))
    room.wait()
    before = len(room.paper.written)
    for tenth in range(10):
        room.happen(*(in_ops(100 * tenth + seq) for seq in range(1, 101)))
        room.clock.advance(0.1)
    assert len(room.paper.written) - before < 20 * 300  # the status line, twenty times


def test_what_is_put_right_stands_where_it_stood_in_its_window(room: Room) -> None:
    room.happen(said(1, "helo"), own(2, "¡hla!"), in_ops(1, "ops"))
    room.happen(Acknowledged(2, Line(Kind.SAY, "huddle", "¡hola!", edits=2), 3))
    room.happen(replace(said(4, "hello"), edits=1), replace(in_ops(2, "right"), edits=1))
    room.wait()
    assert room.lines == ["<bob> hello (fixed)", "<ana> ¡hola! (fixed)"]
    room.happen(Offline(Cause.CLOSED, 1.0), replace(said(5, "hello!"), edits=1, past=True))
    room.wait()
    assert room.lines[:2] == ["<bob> hello! (fixed)", "<ana> ¡hola! (fixed)"]
    room.press("a-2")
    assert room.lines[1:] == ["<bob> right (fixed)"]  # below the rule


def test_what_is_found_is_put_right_in_its_place(room: Room) -> None:
    past = Past("huddle", (said(1, "helo"), said(2), replace(said(3, "hello"), edits=1)), False)
    lines = room.rendering.lines(Answered(History("huddle"), past))
    room.screen.found("soup", lines)
    room.wait()
    assert room.rows[1:3] == ["18:02 <bob> hello (fixed)", "18:02 <bob> hola"]


def test_what_was_found_is_shown_over_the_window_until_esc(room: Room) -> None:
    room.happen(said(1, "live"))
    room.screen.found("soup, in #huddle", [f"18:0{n} <bob> soup" for n in range(3)])
    room.wait()
    assert room.rows[0] == " soup, in #huddle · PgUp, PgDn; Esc closes"
    assert room.rows[1] == "18:00 <bob> soup" and "live" not in "".join(room.rows)
    room.press("escape")
    assert room.lines == ["<bob> live"]
    room.screen.found("more", ["soup"])
    room.enter("hola")
    assert room.lines == ["<bob> live"]


def test_what_was_found_is_scrolled(room: Room) -> None:
    room.screen.found("many", [f"line {n}" for n in range(100)])
    room.press("pageup")
    assert room.rows[-3] == "line 79"
    room.press("c-home")
    assert room.rows[1] == "line 0"


def test_what_is_said_to_a_person_from_a_room_is_seen_in_both_windows(room: Room) -> None:
    room.happen(said(1), Acknowledged(1, Line(Kind.MSG, "bob", "psst"), 1))
    room.wait()
    assert room.lines == ["<bob> hola", "[→ bob] psst"]
    room.press("a-2")
    assert room.lines == ["[→ bob] psst"]


def test_what_a_person_says_is_seen_in_their_window_only(room: Room) -> None:
    on_another_device = Said("@", 2, "2026-11-20T18:02:11.123Z", "ana", "say", "mine", to="bob")
    room.happen(said(1), private(1), on_another_device)
    room.wait()
    assert room.lines == ["<bob> hola"]
    room.happen(Acknowledged(1, Line(Kind.MSG, "bob", "psst"), 3))
    room.wait()
    assert room.lines == ["<bob> hola", "[→ bob] psst"]
    room.press("a-2")
    assert room.lines[1:] == ["[bob] psst", "[ana → bob] mine", "[→ bob] psst"]


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


def test_a_terminal_that_takes_nothing_lets_the_server_wait(room: Room) -> None:
    room.paper.keeps_up = False
    before = room.paper.written
    room.happen(said(1))
    room.wait()
    assert room.talk.told == ["full"] and room.paper.written == before
    room.paper.keeps_up = True
    room.screen.drained()
    room.wait()
    assert room.lines == ["<bob> hola"] and room.talk.told == ["full", "drained", "shown"]


def test_the_ground_that_the_terminal_tells_decides_the_colours(room: Room) -> None:
    room.screen.pressed(Key(REPORT, "11;rgb:ffff/ffff/ffff"))
    assert room.rendering.paint.ground is Ground.LIGHT
