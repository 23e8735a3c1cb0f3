"""Bytes of a terminal, read as keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.client.terminal.keys import PASTE, REPORT, TEXT, Key, KeyReader


def keys(*pieces: bytes) -> list[Key]:
    reader = KeyReader()
    return [key for piece in pieces for key in reader.feed(piece)]


def names(data: bytes) -> list[str]:
    return [key.name for key in keys(data)]


def test_what_is_typed_is_text() -> None:
    assert keys("hola ñ 你".encode()) == [Key(TEXT, "hola ñ 你")]
    assert keys(b"a\rb") == [Key(TEXT, "a"), Key("enter"), Key(TEXT, "b")]


def test_a_character_may_come_in_pieces() -> None:
    assert keys(b"\xc3", b"\xb1") == [Key(TEXT, "ñ")]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x1b[A", "up"),
        (b"\x1bOA", "up"),
        (b"\x1b[5~", "pageup"),
        (b"\x1b[6~", "pagedown"),
        (b"\x1b[1;5H", "c-home"),
        (b"\x1b[1;5C", "c-right"),
        (b"\x1b[1;3D", "a-left"),
        (b"\x1b[Z", "s-tab"),
        (b"\x1b[I", "focus-in"),
        (b"\x1b[O", "focus-out"),
        (b"\x1b1", "a-1"),
        (b"\x1ba", "a-a"),
        (b"\x1b\x7f", "a-backspace"),
        (b"\x12", "c-r"),
        (b"\x7f", "backspace"),
        (b"\n", "enter"),
        (b"\t", "tab"),
    ],
)
def test_keys_have_names_however_they_come(data: bytes, name: str) -> None:
    assert names(data) == [name]
    in_pieces = keys(*(bytes([byte]) for byte in data))
    assert [key.name for key in in_pieces] == [name]


def test_an_esc_that_nothing_follows_is_the_key() -> None:
    reader = KeyReader()
    assert reader.feed(b"\x1b") == [] and reader.waiting
    assert reader.flush() == [Key("escape")]
    assert not reader.waiting and reader.flush() == []


def test_what_no_key_sends_is_passed_over() -> None:
    assert keys(b"\x1b[99~\x1b[1;2R\x1b[?1;2c\x9b", b"a") == [Key(TEXT, "�"), Key(TEXT, "a")]
    reader = KeyReader()
    reader.feed(b"\x1b[" + b"1" * 40)
    assert reader.flush() == []


def test_a_paste_is_one_key_whatever_is_in_it() -> None:
    pasted = "one\r\ntwo \x1b[A ñ"
    whole = f"a\x1b[200~{pasted}\x1b[201~b".encode()
    wanted = [Key(TEXT, "a"), Key(PASTE, pasted), Key(TEXT, "b")]
    assert keys(whole) == wanted
    for at in range(len(whole)):
        assert keys(whole[:at], whole[at:])[-2:] == wanted[1:]
    assert keys(*(bytes([byte]) for byte in whole)) == wanted


def test_lines_that_come_at_once_are_a_paste_also_where_the_terminal_does_not_say_so() -> None:
    """A screen program without bracketed paste, or `tmux paste-buffer` without -p."""
    code = "def f(x):\r\tif x:\r\r\treturn '\x1b[A'\r/quit\rñ"
    reader = KeyReader()
    sent = code.encode()
    assert reader.feed(sent[:-1]) == [] and reader.waiting
    assert reader.feed(sent[-1:]) == []
    assert reader.flush() == [Key(PASTE, code)]
    assert not reader.waiting and keys(b"a\r") == [Key(TEXT, "a"), Key("enter")]
    two = "x" * 1024 + "\ry\r"
    assert reader.feed(two.encode()) == []
    assert reader.feed(b"\x1b[A") == [Key(PASTE, two), Key("up")]


def test_what_is_typed_ahead_of_a_busy_program_is_typed() -> None:
    typed = keys(b"one\rtwo\rthree\r\x7f\x7f\r")
    assert [key.name for key in typed].count("enter") == 4
    assert keys(b"\x1b[A\r" * 6) == [Key("up"), Key("enter")] * 6
    reader = KeyReader()
    assert reader.feed(b"x" * 2000 + b"\r")[-1] == Key("enter")


def test_the_terminal_answers() -> None:
    for end in (b"\x07", b"\x1b\\"):
        assert keys(b"\x1b]11;rgb:0/0/0" + end) == [Key(REPORT, "11;rgb:0/0/0")]
        assert keys(b"\x1b]11;rgb", b":0/0/0" + end) == [Key(REPORT, "11;rgb:0/0/0")]


@given(st.lists(st.binary(max_size=20)))
def test_no_bytes_are_too_much_for_it(pieces: list[bytes]) -> None:
    """All of them are read, and none is kept for ever."""
    reader = KeyReader()
    for piece in pieces:
        reader.feed(piece)
    reader.flush()
    reader.feed(b"\x1b[201~")
    assert reader.feed(b"\rz")[-1] in (Key(TEXT, "z"), Key(TEXT, "�z"))


def test_a_sequence_without_an_end_is_not_kept() -> None:
    reader = KeyReader()
    for _ in range(100):
        reader.feed(b"\x1b]" + b"x" * 100)
    assert len(reader._rest) < 1000
