"""The page words and colours things as the terminal client does: each is asked, and compared."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest

from huddle.client.rendering.colours import PALETTES, Depth, Ground, Paint
from huddle.doors.web.files import PAGE
from huddle.locale import translator
from huddle.locale.wording import standing_is
from huddle.protocol.answers import Standing
from tests.needs import needs

NICKS = ("ana", "bob", "Carla", "Ñandú", "李雷", "علی", "op.is", "x" * 32, "😀", "a b")


def of_page(module: str, expression: str, *arguments: object) -> Any:
    """What the page's own script makes of these: an expression of ``m``, the module, and ``a``."""
    script = (
        f"const m = await import({json.dumps((PAGE / module).as_uri())});"
        f"const a = {json.dumps(arguments)};"
        f"console.log(JSON.stringify({expression}))"
    )
    typed = [needs("node"), "--input-type=module", "--eval", script]
    return json.loads(subprocess.run(typed, capture_output=True, text=True, check=True).stdout)


def test_a_nick_has_the_same_colour_in_both_clients() -> None:
    numbers = of_page("words/colours.mjs", "a[0].map(m.colourOf)", NICKS)
    for ground in (Ground.DARK, Ground.LIGHT):
        colours = Paint(Depth.MANY, ground)
        assert [PALETTES[ground][number] for number in numbers] == list(
            map(colours.colour_of, NICKS)
        )


@pytest.mark.parametrize(("ground", "rule"), [(Ground.LIGHT, ""), (Ground.DARK, ".dark ")])
def test_a_number_is_the_same_colour_in_both_clients(ground: Ground, rule: str) -> None:
    style = (PAGE / "page.css").read_text("utf-8")
    shown = dict(re.findall(rf"^{re.escape(rule)}\.c(\d+) {{color: (#\w+)}}$", style, re.MULTILINE))
    assert shown == {str(n): _hex(colour) for n, colour in enumerate(PALETTES[ground])}


def _hex(colour: int) -> str:
    """One of the 216 of xterm's palette, from 16 on."""
    steps, number = (0, 95, 135, 175, 215, 255), colour - 16
    return "#{:02x}{:02x}{:02x}".format(*(steps[number // by % 6] for by in (36, 6, 1)))


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize(("by", "reason"), [("bob", ""), ("", "spam")])
def test_what_one_may_do_is_told_in_the_same_words(
    standing: Standing, by: str, reason: str
) -> None:
    event = {"event": "StandingIs", "standing": standing, "by": by, "reason": reason, "until": None}
    told = of_page("words/sentences.mjs", "m.happened(a[0])", event)
    assert told == standing_is(standing, by, None, reason, translator("en"))


def test_of_a_standing_that_is_not_known_nothing_is_told() -> None:
    event = {"event": "StandingIs", "standing": "new", "by": "bob", "reason": "why"}
    assert of_page("words/sentences.mjs", "m.happened(a[0])", event) is None
    assert standing_is("new", "bob", None, "why", translator("en")) == ""
