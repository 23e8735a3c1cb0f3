"""Who reads the two outputs: a terminal, whose blanks are counted, or a program."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from collections.abc import Iterator
from dataclasses import replace

import pytest

from huddle.client.lines import readers
from huddle.client.lines.readers import rendering_for, warn
from huddle.client.rendering.bare_lines import BareLines
from huddle.client.rendering.json_lines import JsonLines
from huddle.client.rendering.rendering import Rendering
from huddle.client.session import events
from huddle.client.setup.options import Options, read_options
from huddle.protocol.requests import Raw

WIDE = "-- eve sent you out of ops: bye" + " " * 60 + "<bob> I did it"
OPTIONS = read_options([], {})

Ends = tuple[int, int]
"""What is written to, and where that can be read."""


@pytest.fixture
def terminal() -> Iterator[Ends]:
    outside, inside = pty.openpty()
    yield inside, outside
    os.close(inside)
    os.close(outside)


@pytest.fixture
def pipe() -> Iterator[Ends]:
    outside, inside = os.pipe()
    yield inside, outside
    os.close(inside)
    os.close(outside)


def line_from(outside: int) -> str:
    """The next line, which a terminal may give in pieces."""
    with os.fdopen(os.dup(outside), "rb", 0) as output:
        return output.readline().decode()


def kind_for(options: Options) -> type[Rendering]:
    return type(rendering_for(options))


def test_a_terminal_gets_other_lines_than_a_pipe(
    terminal: Ends, pipe: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_json = replace(OPTIONS, json=True)
    monkeypatch.setattr(readers, "OUTPUT", terminal[0])
    assert (kind_for(OPTIONS), kind_for(as_json)) == (BareLines, JsonLines)
    monkeypatch.setattr(readers, "OUTPUT", pipe[0])
    assert (kind_for(OPTIONS), kind_for(as_json)) == (Rendering, JsonLines)


@pytest.mark.parametrize(("told", "columns"), [(60, 60), (0, 80), (200, 80)])
def test_rows_are_as_wide_as_the_terminal_and_80_columns_at_most(
    terminal: Ends, monkeypatch: pytest.MonkeyPatch, told: int, columns: int
) -> None:
    fcntl.ioctl(terminal[0], termios.TIOCSWINSZ, struct.pack("HHHH", 24, told, 0, 0))
    monkeypatch.setattr(readers, "OUTPUT", terminal[0])
    said = events.Said("huddle", 41, "", "eve", "say", "x" + " " * 500)
    written = events.Answered(Raw(41), events.Past("huddle", (said,), False))
    assert {len(row) for row in rendering_for(OPTIONS).lines(written)[1:-1]} == {columns}


def test_a_warning_at_a_terminal_has_no_long_blanks_wherever_the_output_goes(
    terminal: Ends, pipe: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "OUTPUT", pipe[0])
    rendering = rendering_for(OPTIONS)
    monkeypatch.setattr(readers, "ERRORS", terminal[0])
    warn([WIDE], rendering)
    shown = "-- eve sent you out of ops: bye [60 blanks] <bob> I did it"
    assert line_from(terminal[1]) == f"{shown}\r\n"
    monkeypatch.setattr(readers, "ERRORS", pipe[0])
    warn([WIDE], rendering)
    assert line_from(pipe[1]) == f"{WIDE}\n"


def test_json_stays_as_it_is(terminal: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "ERRORS", terminal[0])
    rendering = rendering_for(replace(OPTIONS, json=True))
    [line] = rendering.notices(iter([WIDE]))
    warn([line], rendering)
    assert line_from(terminal[1]) == f"{line}\r\n"
    assert WIDE in line


def test_what_nobody_reads_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    outside, inside = os.pipe()
    os.close(outside)
    monkeypatch.setattr(readers, "ERRORS", inside)
    warn([WIDE], rendering_for(OPTIONS))
    os.close(inside)
