"""What a field of an entry may hold: as it stands in the log, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from huddle.cluster import forms
from huddle.cluster.forms import (
    MOST_HEX,
    MOST_KEYS,
    MOST_NAME,
    MOST_REMARK,
    MOST_ROOMS,
    MOST_SHARED,
    MOST_TEXT,
)
from huddle.protocol.errors import BadField

Read = Callable[[str, Any], Any]

FITS: list[tuple[Read, Any]] = [
    (forms.text, "x" * MOST_TEXT),
    (forms.text, "ñ" * (MOST_TEXT // 2)),
    (forms.text, "\x1b[2J"),  # whoever wrote it has cleaned it, or not: all nodes take it alike
    (forms.remark, "x" * MOST_REMARK),
    (forms.hexadecimal, ""),
    (forms.hexadecimal, "0a" * (MOST_HEX // 2)),
    (forms.called, ["ana", "ana"]),
    (forms.called, ["x" * MOST_NAME] * (1 + MOST_KEYS)),
    (forms.cursors, {f"room-{n}": n for n in range(MOST_ROOMS)}),
    (forms.person, 1 - 2**53),
    (forms.setting, True),
    (forms.setting, "a topic"),
    (forms.shared, {"hold": 1.5, "auth": None, "op": [["ana", "ana"]]}),
]
DOES_NOT: list[tuple[Read, Any]] = [
    (forms.text, "x" * (MOST_TEXT + 1)),
    (forms.text, "ñ" * (MOST_TEXT // 2) + "x"),
    (forms.text, "\ud83e"),
    (forms.text, b"hola"),
    (forms.text, None),
    (forms.remark, "x" * (MOST_REMARK + 1)),
    (forms.hexadecimal, "0"),
    (forms.hexadecimal, "0A"),
    (forms.hexadecimal, "0a" * (MOST_HEX // 2 + 1)),
    (forms.called, ["ana"]),
    (forms.called, ["ana", ""]),
    (forms.called, ["ana"] * (2 + MOST_KEYS)),
    (forms.called, ("ana", "ana")),
    (forms.cursors, {f"room-{n}": n for n in range(MOST_ROOMS + 1)}),
    (forms.cursors, {"huddle": -1}),
    (forms.cursors, [["huddle", 1]]),
    (forms.person, 2**53),
    (forms.person, True),
    (forms.person, 1.0),
    (forms.setting, None),
    (forms.shared, {str(n): n for n in range(MOST_SHARED + 1)}),
    (forms.shared, {"op": ["ana"]}),
    (forms.shared, {"hold": {}}),
]


@pytest.mark.parametrize(("read", "value"), FITS)
def test_what_fits_is_taken_as_it_is(read: Read, value: Any) -> None:
    taken = read("field", value)
    assert taken == (tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize(("read", "value"), DOES_NOT)
def test_what_does_not_is_not_taken_at_all(read: Read, value: Any) -> None:
    with pytest.raises(BadField):
        read("field", value)
