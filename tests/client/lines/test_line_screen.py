"""Standard input and output: bytes and lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from zope.interface.verify import verifyObject

from huddle.client.conversation.conversation import Conversation
from huddle.client.lines.line_screen import TOGETHER, LineScreen
from huddle.client.lines.output import ENOUGH


class Listener:
    """A conversation that only keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.interactive = self.asking = False

    def __getattr__(self, name: str) -> Any:
        return lambda: self.told.append(name)

    def typed(self, lines: Sequence[str]) -> None:
        self.told.append(list(lines))

    def say(self, lines: Sequence[str]) -> None:
        self.told.append(("pasted", *lines))


class Desk:
    """A terminal with its two pipes."""

    def __init__(self, *, warns: bool = True) -> None:
        self.clock = Clock()
        self.warnings: list[Sequence[str]] = []
        self.statuses: list[int] = []
        warn = self.warnings.append if warns else None
        self.terminal = LineScreen(self.clock, warn, self.statuses.append)
        self.listener = Listener()
        self.terminal.conversation = cast(Conversation, self.listener)
        self.pipes = StringTransport()
        self.terminal.makeConnection(self.pipes)

    def type(self, data: bytes, wait: float = TOGETHER) -> list[Any]:
        """What the conversation hears of these bytes."""
        self.listener.told.clear()
        self.terminal.dataReceived(data)
        self.clock.advance(wait)
        return self.listener.told


def test_the_conversation_begins_when_there_is_a_terminal() -> None:
    assert Desk().listener.told == ["begin"]


def test_lines_are_lines_whatever_ends_them() -> None:
    desk = Desk()
    assert desk.type(b"uno\ndos\r\n\ntr") == [["uno", "dos", ""]]
    assert desk.type("és\n".encode()) == [["trés"]]


def test_what_a_person_pastes_is_no_command() -> None:
    desk = Desk()
    code = b"def f():\n\tif x:\n\n\t\treturn 1\n/quit\n"
    lines = code.decode().splitlines()
    assert desk.type(code) == [lines]  # of a pipe the conversation knows it
    desk.listener.interactive = True
    assert desk.type(code) == [("pasted", *lines)]
    assert desk.type(b"/who\n/rooms\n") == [["/who", "/rooms"]]
    desk.listener.asking = True
    assert desk.type(code) == [lines]


def test_latin_1_is_understood() -> None:
    assert Desk().type(b"caf\xe9\n") == [["café"]]


def test_a_paste_that_comes_line_by_line_is_said_together() -> None:
    desk = Desk()
    for line in (b"uno\n", b"dos\n", b"tres\n"):
        assert desk.type(line, wait=0) == []
    desk.clock.advance(TOGETHER)
    assert desk.listener.told == [["uno", "dos", "tres"]]
    assert desk.type(b"later\n") == [["later"]]


def test_the_last_line_needs_no_end() -> None:
    desk = Desk()
    assert desk.type(b"uno\ndos", wait=0) == []
    desk.terminal.readConnectionLost()
    assert desk.listener.told == [["uno", "dos"], "ended"]
    assert desk.clock.getDelayedCalls() == []


def test_the_end_of_an_empty_input_is_told() -> None:
    desk = Desk()
    desk.listener.told.clear()
    desk.terminal.readConnectionLost()
    assert desk.listener.told == ["ended"]


def test_a_line_without_end_is_not_kept() -> None:
    desk = Desk()
    for _ in range(16):
        assert desk.type(b"x" * 65536) == []
    assert desk.type(b"x") == ["line_too_long"]
    assert desk.type(b"x\nshort\n") == [["short"]]


def test_what_is_shown_goes_to_the_output_and_warnings_to_the_error_output() -> None:
    desk = Desk()
    desk.terminal.show(["<bob> ¿qué?", "<bob> \ud800"])
    desk.terminal.warn(["-- careful"])
    assert desk.pipes.value().decode() == "<bob> ¿qué?\n<bob> ?\n"
    assert desk.warnings == [["-- careful"]]


def test_on_a_terminal_warnings_are_shown_like_all_else() -> None:
    desk = Desk(warns=False)
    desk.terminal.warn(["-- careful"])
    assert desk.pipes.value() == b"-- careful\n"


def test_a_reader_that_stops_and_goes_on_is_told() -> None:
    desk = Desk()
    desk.listener.told.clear()
    desk.terminal.show(["x" * ENOUGH])
    assert desk.listener.told == ["screen_full"]
    assert desk.pipes.producer is not None
    desk.pipes.producer.resumeProducing()
    assert desk.listener.told == ["screen_full", "shown", "screen_drained"]


def test_a_source_is_paused_and_resumed_as_often_as_needed() -> None:
    desk = Desk()
    for crowded, state in [(False, "producing"), (True, "paused"), (True, "paused")]:
        desk.terminal.crowded(crowded)
        assert desk.pipes.producerState == state
    desk.terminal.crowded(False)
    assert desk.pipes.producerState == "producing"
    desk.terminal.readConnectionLost()
    desk.terminal.crowded(True)
    assert desk.pipes.producerState == "producing"


def test_closing_waits_for_the_output_and_then_tells_the_status_once() -> None:
    desk = Desk()
    desk.terminal.dataReceived(b"too late\n")
    desk.terminal.close(7)
    assert desk.pipes.disconnecting
    assert desk.statuses == []
    desk.terminal.connectionLost(Failure(ConnectionDone()))
    desk.terminal.connectionLost(Failure(ConnectionDone()))
    assert desk.statuses == [7]
    assert desk.clock.getDelayedCalls() == []


def test_a_broken_output_leaves_quietly() -> None:
    desk = Desk()
    desk.listener.told.clear()
    desk.terminal.writeConnectionLost()
    assert desk.listener.told == ["leave"]
    desk.terminal.close(0)
    assert desk.statuses == [0]


def test_both_halves_end_for_themselves() -> None:
    verifyObject(IHalfCloseableProtocol, Desk().terminal)
