"""A terminal shows what is typed, or not; a pipe is none."""

from __future__ import annotations

import os
import pty
import termios
from collections.abc import Iterator

import pytest

from huddle.client.lines.echo import LOCAL_FLAGS, hide_echo


@pytest.fixture
def terminal() -> Iterator[int]:
    outside, inside = pty.openpty()
    yield inside
    os.close(inside)
    os.close(outside)


def echoes(terminal: int) -> bool:
    flags: int = termios.tcgetattr(terminal)[LOCAL_FLAGS]
    return bool(flags & termios.ECHO)


def test_a_secret_is_not_shown_and_what_follows_is(terminal: int) -> None:
    hide_echo(terminal, True)
    assert not echoes(terminal)
    hide_echo(terminal, False)
    assert echoes(terminal)


def test_a_pipe_has_nothing_to_hide() -> None:
    ends = os.pipe()
    hide_echo(ends[0], True)
    for end in ends:
        os.close(end)
