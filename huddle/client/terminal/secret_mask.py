"""Draws stars for what is a secret in the line that is typed."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from typing_extensions import override

STAR = "*"


class SecretMask(Processor):
    """``begins`` tells where the secret begins in a line; None: there is none."""

    def __init__(self, begins: Callable[[str], int | None]) -> None:
        self._begins = begins

    @override
    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        fragments = transformation_input.fragments
        begins = self._begins(transformation_input.document.text)
        if begins is None:
            return Transformation(fragments)
        veiled: StyleAndTextTuples = []
        at = 0
        for style, text, *_ in fragments:
            shown = max(0, begins - at)
            veiled.append((style, text[:shown] + STAR * len(text[shown:])))
            at += len(text)
        return Transformation(veiled)
