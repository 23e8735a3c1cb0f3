"""What is a secret is drawn as stars, one for each character."""

from __future__ import annotations

from typing import cast

import pytest
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.controls import BufferControl
from prompt_toolkit.layout.processors import TransformationInput

from huddle.client.commands.commands import secret_at
from huddle.client.terminal.secret_mask import SecretMask


def drawn(veil: SecretMask, fragments: StyleAndTextTuples) -> str:
    text = "".join(fragment[1] for fragment in fragments)
    shown = TransformationInput(
        cast(BufferControl, None), Document(text), 0, lambda at: at, fragments, 80, 24
    )
    return "".join(fragment[1] for fragment in veil.apply_transformation(shown).fragments)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ([("", "/login ana caballo")], "/login ***********"),
        ([("", "/log"), ("bold", "in ana"), ("", " ñandú")], "/login *********"),
        ([("", "/join ops clave")], "/join ops *****"),
        ([("", "hola /login ana x")], "hola /login ana x"),
    ],
)
def test_what_follows_a_command_with_a_secret(typed: StyleAndTextTuples, seen: str) -> None:
    assert drawn(SecretMask(secret_at), typed) == seen


def test_all_of_it_at_a_hidden_question() -> None:
    assert drawn(SecretMask(lambda line: 0), [("", "caballo")]) == "*******"
