"""Which messages call one to the screen, and how."""

from __future__ import annotations

import pytest

from huddle.client.session.events import Said
from huddle.client.setup.options import Notify
from huddle.client.terminal.notifications import BELL, LENGTH, call, calls, note


def said(text: str, room: str = "huddle", past: bool = False, edits: int = 0) -> Said:
    return Said(room, 2, "", "bob", "say", text, past, edits=edits)


@pytest.mark.parametrize(
    ("message", "mention", "all_"),
    [
        (said("hola"), False, True),
        (said("hola, Ana"), True, True),
        (said("hola", room="@"), True, True),
        (said("hola, Ana", past=True), False, False),
        (said("hola, Ana", edits=1), False, False),
        (said("hola", room="@", edits=1), False, False),
    ],
)
def test_one_is_called_for_what_one_wants(message: Said, mention: bool, all_: bool) -> None:
    assert calls(message, "ana", Notify.MENTION) is mention
    assert calls(message, "ana", Notify.ALL) is all_
    assert not calls(message, "ana", Notify.OFF)


@pytest.mark.parametrize(
    ("environ", "sequence"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, "\x1b]9;bob: hola\x1b\\"),
        ({"TERM": "xterm-kitty"}, "\x1b]9;bob: hola\x1b\\"),
        ({"VTE_VERSION": "7200", "TERM": "xterm"}, "\x1b]777;notify;Huddle;bob: hola\x1b\\"),
        ({"TERM": "rxvt-unicode"}, "\x1b]777;notify;Huddle;bob: hola\x1b\\"),
        ({"TERM": "xterm"}, ""),
        ({"TERM": "tmux-256color", "VTE_VERSION": "7200"}, ""),
        ({"TERM": "xterm", "TMUX": "/tmp/x", "TERM_PROGRAM": "iTerm.app"}, ""),
    ],
)
def test_a_note_is_sent_to_terminals_that_take_it(environ: dict[str, str], sequence: str) -> None:
    assert call(said("hola"), environ, looking=False) == BELL + sequence


def test_who_is_looking_hears_the_bell_only() -> None:
    assert call(said("hola"), {"TERM": "xterm-kitty"}, looking=True) == BELL


def test_a_note_cannot_end_early_nor_go_on_for_ever() -> None:
    sent = note("a;b\x1b\\\a" + "x" * 1000, {"TERM": "foot"})
    assert sent.startswith("\x1b]777;notify;Huddle;a,b")
    assert sent.count("\x1b") == 2 and BELL not in sent
    assert len(sent) < LENGTH + 40
