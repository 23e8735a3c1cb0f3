"""What the interface prints, and when, without a terminal: its clock is the test's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from twisted.internet.task import Clock

from huddle.client.conversation.buffers import Buffers
from huddle.client.conversation.conversation import Conversation
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.conversation.ports import Opened
from huddle.client.rendering.colours import Depth, Paint
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.events import Acknowledged, Cause, Event, Offline, Said, Welcomed
from huddle.client.session.state import Kind, Line
from huddle.client.setup.options import Notify
from huddle.client.terminal.output import SteadyOutput
from huddle.client.terminal.printer import GATHERING
from huddle.client.terminal.screen import BELL_PAUSE, HOLDING, Surroundings, TerminalScreen
from huddle.client.terminal.typed_lines import TypedLines
from huddle.locale import translator


class Talk:
    """A conversation that remembers what it was told."""

    def __init__(self) -> None:
        self.asking = self.hidden = False
        self.partner: str | None = None
        self.buffers = Buffers(CurrentRoom("huddle"))
        self.told: list[str] = []
        self.typed_lines: list[str] = []

    def typed(self, lines: list[str]) -> None:
        self.typed_lines += lines

    pasted = typed

    def shown(self) -> None:
        self.told.append("shown")

    def screen_full(self) -> None:
        self.told.append("full")

    def screen_drained(self) -> None:
        self.told.append("drained")

    def wish_to_leave(self) -> None:
        self.told.append("leave")


class Room:
    """A screen in a room, with a terminal that is a string."""

    def __init__(self, folder: Path, input: Any) -> None:
        self.clock = Clock()
        self.clock.advance(1000)
        self.written = StringIO()
        self.talk = Talk()
        self.session = SimpleNamespace(unacknowledged=0, own_lines=(), nick="ana")
        self.statuses: list[int] = []
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
        output = SteadyOutput(self.written, lambda: Size(24, 80), term="xterm", enable_cpr=False)
        self.screen = TerminalScreen(around, self.rendering, input, output, self.statuses.append)
        self.screen.conversation = cast(Conversation, self.talk)
        self.screen.opened(
            cast(Opened, SimpleNamespace(link=SimpleNamespace(session=self.session))), False
        )
        self._happened = self.screen.watch(self._show)

    def _show(self, event: Event) -> None:
        self.talk.buffers.follow(event)
        self.screen.show(self.rendering.lines(event))

    def happen(self, *events: Event) -> None:
        for event in events:
            self._happened(event)

    def wait(self, seconds: float = GATHERING) -> None:
        self.clock.advance(seconds)
        self.clock.advance(GATHERING)

    def printed(self) -> list[str]:
        """What has been printed, without times and weights."""
        plain = re.sub(r"\x1b\[[0-9;?]*[a-z]", "", self.written.getvalue())
        return [re.sub(r"^\d\d:\d\d ", "", line) for line in plain.replace("\a", "").split("\r\n")]

    @property
    def bells(self) -> int:
        return self.written.getvalue().count("\a")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with create_pipe_input() as pipe:
        room = Room(tmp_path, pipe)
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
    assert "<bob> one" in room.printed() and "<bob> three" not in room.printed()
    assert "shown" not in room.talk.told  # should the program die now, it comes again
    room.wait(HOLDING)
    assert "<bob> three" in room.printed()
    assert "shown" in room.talk.told


def test_what_was_waited_for_comes_first(room: Room) -> None:
    room.session.unacknowledged = 1
    room.happen(said(1, "one"), said(3, "three"))
    room.wait()
    room.session.unacknowledged = 0
    room.happen(own(2, "two"))
    room.wait()
    assert room.printed()[:3] == ["<bob> one", "<ana> two", "<bob> three"]


def test_an_own_line_is_always_somewhere(room: Room) -> None:
    room.session.unacknowledged = 1
    line = Line(Kind.SAY, "huddle", "mine")
    room.session.own_lines = (line,)
    assert room.screen._pending() == ["  …   <ana> mine"]
    room.session.own_lines, room.session.unacknowledged = (), 0
    room.happen(Acknowledged(1, line, 1))
    assert room.screen._pending() == ["  …   <ana> mine"]
    room.wait()
    assert "<ana> mine" in room.printed()
    assert room.screen._pending() == []


def test_messages_are_let_go_when_no_own_line_can_be_before_them(room: Room) -> None:
    room.happen(said(1), said(3, "after a hole"))
    room.wait()
    room.wait()
    assert "<bob> after a hole" in room.printed()


def test_the_bell_is_no_siren(room: Room) -> None:
    for seq in range(1, 20):
        room.happen(said(seq, "ana!"))
    assert room.bells == 1
    room.wait(BELL_PAUSE)
    room.happen(said(20, "ana?"))
    assert room.bells == 2


def test_an_outage_is_told_once_and_another_again(room: Room) -> None:
    room.happen(*(Offline(Cause.REFUSED, pause) for pause in (1.0, 2.0, 4.0)))
    room.wait()
    assert sum("nobody listens" in line for line in room.printed()) == 1
    room.happen(Offline(Cause.SILENT, 8.0), Welcomed("ana", {}, 0), Offline(Cause.SILENT, 1.0))
    room.wait()
    assert sum("does not answer any more" in line for line in room.printed()) == 2


def test_what_is_typed_while_too_much_waits_stays_in_the_prompt(room: Room) -> None:
    room.screen.prompt.buffer.text = "one more"
    room.screen.crowded(True)
    room.screen.prompt.enter()
    assert room.screen.prompt.buffer.text == "one more" and room.talk.typed_lines == []
    room.screen.crowded(False)
    room.screen.prompt.enter()
    assert room.screen.prompt.buffer.text == "" and room.talk.typed_lines == ["one more"]


def test_an_answer_is_not_remembered_and_may_be_empty(room: Room) -> None:
    room.screen.prompt.enter()
    assert room.talk.typed_lines == []
    room.talk.asking = True
    room.screen.prompt.enter()
    room.screen.prompt.buffer.text = "eva"
    room.screen.prompt.enter()
    assert room.talk.typed_lines == ["", "eva"]
    assert room.screen._around.typed.lines == []


def test_a_second_paste_joins_the_first(room: Room) -> None:
    room.screen.prompt.pasted("one\ntwo")
    room.screen.prompt.pasted("three\n")
    room.screen.prompt.enter()
    assert room.talk.typed_lines == ["one", "two", "three"]


def test_tab_with_nothing_to_offer_rings(room: Room) -> None:
    room.screen.prompt.buffer.text = "zzz"
    room.screen.prompt.complete(1)
    room.screen._output.flush()
    assert room.bells == 1
    assert room.screen.prompt.buffer.text == "zzz"


def test_esc_takes_back_what_tab_chose(room: Room) -> None:
    room.happen(said(1), Said("huddle", 2, "", "boris", "say", "hola"))
    room.screen.prompt.buffer.text = "bo"
    room.screen.prompt.buffer.cursor_position = 2
    room.screen.prompt.complete(1)
    assert room.screen.prompt.buffer.text == "boris: "
    room.screen.prompt.drop()
    assert room.screen.prompt.buffer.text == "bo"
    room.wait()


def test_ctrl_c_drops_first_and_leaves_then(room: Room) -> None:
    room.screen.prompt.pasted("one\ntwo")
    room.screen.prompt.interrupted()
    room.screen.prompt.buffer.text = "half"
    room.screen.prompt.interrupted()
    assert room.screen.prompt.buffer.text == "" and room.talk.told == []
    room.screen.prompt.interrupted()
    assert room.talk.told == ["leave"]


def test_the_end_prints_what_was_held(room: Room) -> None:
    room.session.unacknowledged = 1
    room.happen(said(1), said(3, "held"))
    room.screen.close(7)
    assert "<bob> held" in room.printed()
    assert room.statuses == [7]


def test_what_does_not_fit_into_a_row_goes_on_indented(room: Room) -> None:
    room.happen(Said("huddle", 11, "", "eve", "say", "hi" + " " * 72 + "<bob> I am eve"))
    room.wait()
    assert room.printed()[-2:] == ["      <bob> I am eve", ""]
