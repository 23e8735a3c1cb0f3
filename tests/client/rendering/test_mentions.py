"""Being named: as a word of its own, in whatever case."""

from __future__ import annotations

import pytest

from huddle.client.rendering.mentions import mentions, pieces


@pytest.mark.parametrize(
    "text", ["ana", "Ana, look", "ask @ana!", "(ana)", "¿ana?", "so: ANA.", "-ana-"]
)
def test_one_is_named(text: str) -> None:
    assert mentions(text, "ana")


@pytest.mark.parametrize("text", ["banana", "anabel", "ana-maria", "jo.ana", "", "d'ana"])
def test_one_is_not_named_by_a_part_of_a_word(text: str) -> None:
    assert not mentions(text, "ana")


def test_nobody_is_named_who_has_no_nick() -> None:
    assert not mentions("hola", "")
    assert list(pieces("hola", "")) == [("hola", False)]


def test_signs_in_a_nick_are_signs() -> None:
    assert mentions("hola j.r", "j.r")
    assert not mentions("hola jor", "j.r")


def test_the_pieces_of_a_text_make_the_text() -> None:
    text = "Ana and ana, and banana"
    found = list(pieces(text, "ana"))
    assert "".join(piece for piece, _ in found) == text
    assert [piece for piece, is_nick in found if is_nick] == ["Ana", "ana"]
