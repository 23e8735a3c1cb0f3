"""What is erased is gone, and what only moves leaves nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.dialects.plain.keys import edited
from huddle.protocol.requests import Hello, Login, Say
from tests.sample_messages import PLAIN

KEYS = [
    *(f"\x1b[{key}" for key in "ABCDHF"),
    *(f"\x1bO{key}" for key in "ABCDHFPQRS"),
    *(f"\x1b[{number}~" for number in (1, 2, 3, 4, 5, 6, 11, 15, 24, 200, 201)),
    *("\x1b[1;5C", "\x1b[1;2A", "\x1b[3;5~", "\x1b[[A", "\x1b[Z"),
]


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("hoal\b\bla", "hola"),
        ("hoal\x7f\x7fla", "hola"),
        ("\b\bhola", "hola"),
        ("x\bhola\b", "hol"),
        ("sen\u0303\bñal", "señal"),
        ("señ\bñal", "señal"),
        ("a😀\bb", "ab"),
        ("hola", "hola"),
        ("abc\b\b\b\b\b", ""),
        ("adios\x15hola", "hola"),
        ("ho\bla\x15", ""),
        ("hola  mundo\x17ana", "hola  ana"),
        ("hola mundo  \x17\x17ana\x17", ""),
        ("hola\x1b", "hola"),
        ("\x1b\x1b", ""),
        ("\x1b[2Jhola", "\x1b[2Jhola"),
        ("\x1bhola", "\x1bhola"),
    ],
)
def test_what_was_erased_is_gone(typed: str, left: str) -> None:
    assert edited(typed) == left


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_only_moves_leaves_nothing(key: str) -> None:
    assert edited(f"ho{key}la{key}{key}!") == "hola!"
    assert edited(f"{key}/quit") == "/quit"


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Mn"])), st.integers(0, 9)
)
def test_each_stroke_takes_one_character_back(text: str, count: int) -> None:
    for stroke in "\b\x7f":
        assert edited(text + stroke * count) == text[: max(len(text) - count, 0)]
        assert edited(f"{text}x{stroke}" * 3) == text * 3


@given(st.lists(st.sampled_from(["\b", "\x7f", "a", "ñ", "/", *KEYS])))
def test_a_line_is_read_as_it_stood_on_the_screen(typed: list[str]) -> None:
    line, screen = "".join(typed), ""
    for key in typed:
        if key in "\b\x7f":
            screen = screen[:-1]
        elif key not in KEYS:
            screen += key
    assert edited(line) == screen


def test_so_are_nicks_passwords_texts_and_commands() -> None:
    reader = PLAIN.reader()
    assert reader.read(b"anq\ba\x1b[A", named=False) == Hello("ana")
    assert reader.read_password(b"secrt\x7fet") == Login(None, "secret")
    assert reader.read(b"hoal\b\bla", named=True) == Say("hola")
    assert reader.read(b"/me balia\b\b\bila", named=True) == reader.read(b"/me baila", named=True)
    assert reader.read(b"ab\b\b", named=True) is None
