"""A paste is looked at before it is said."""

from __future__ import annotations

from huddle.client.terminal.paste import Paste, lines_of


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
