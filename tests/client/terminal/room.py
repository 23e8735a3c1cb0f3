"""A screen in a room, at a terminal that is a string, with the test's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pyte
from twisted.internet.task import Clock

from huddle.client.conversation.buffers import Buffers
from huddle.client.conversation.conversation import Conversation
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.conversation.ports import Opened
from huddle.client.rendering.colours import Depth, Paint
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.events import (
    Acknowledged,
    Event,
    Said,
)
from huddle.client.session.state import Kind, Line
from huddle.client.setup.options import Notify
from huddle.client.terminal.keys import TEXT, Key
from huddle.client.terminal.layout import Size
from huddle.client.terminal.screen import (
    GATHERING,
    Surroundings,
    TerminalScreen,
)
from huddle.client.terminal.terminal import Terminal
from huddle.client.terminal.typed_lines import TypedLines
from huddle.locale import translator


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

    say = typed

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
            around, self.rendering, cast(Terminal, self.paper), lambda *end: self.ends.append(end)
        )
        self.screen.conversation = cast(Conversation, self.talk)
        self.screen.opened(
            cast(Opened, SimpleNamespace(link=SimpleNamespace(session=self.session), known=False))
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


def said(seq: int, text: str = "hola") -> Said:
    return Said("huddle", seq, "2026-11-20T18:02:11.123Z", "bob", "say", text)


def own(seq: int, text: str = "mine") -> Acknowledged:
    return Acknowledged(1, Line(Kind.SAY, "huddle", text), seq)
