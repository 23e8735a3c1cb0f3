"""Windows: each room and person has one, with its draft, and one goes around them."""

from __future__ import annotations

from dataclasses import replace

from huddle.client.session.events import (
    Acknowledged,
    Answered,
    Cause,
    Entered,
    Offline,
    Past,
    Said,
    Welcomed,
)
from huddle.client.session.state import Kind, Line
from huddle.protocol.requests import History, Join
from tests.client.terminal.room import Room, own, said


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
