"""What the interface prints, and when, without a terminal: its clock is the test's."""

from __future__ import annotations

from huddle.client.rendering.colours import Ground
from huddle.client.rendering.rows import plain
from huddle.client.session.events import (
    Acknowledged,
    Cause,
    Offline,
    Removed,
    Said,
    Welcomed,
)
from huddle.client.session.state import Kind, Line
from huddle.client.terminal.keys import REPORT, Key
from huddle.client.terminal.screen import (
    BELL_PAUSE,
    PATIENCE,
)
from tests.client.terminal.room import Room, own, said


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
