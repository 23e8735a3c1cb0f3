"""Colours: the same for a nick everywhere, and to be read on any background."""

from __future__ import annotations

import pytest

from huddle.client.rendering.colours import CONTRAST, FEW, PALETTE, Depth, Paint, depth_of


def luminance(colour: int) -> float:
    """Relative luminance of a colour of the xterm palette (WCAG 2.2)."""
    cube = colour - 16
    levels = [0, 95, 135, 175, 215, 255]
    channels = [levels[cube // 36] / 255, levels[cube // 6 % 6] / 255, levels[cube % 6] / 255]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", PALETTE)
def test_every_colour_stands_out_from_black_and_from_white(colour: int) -> None:
    on_black = (luminance(colour) + 0.05) / 0.05
    on_white = 1.05 / (luminance(colour) + 0.05)
    assert min(on_black, on_white) > CONTRAST - 0.05


def test_a_nick_has_the_same_colour_in_every_run_and_in_any_case() -> None:
    paint = Paint(Depth.MANY)
    assert paint.nick("ana", "ana") == "\x1b[38;5;67mana\x1b[0m" == paint.nick("ana", "ana")
    assert paint.colour_of("ANA") == paint.colour_of("ana")


def test_nicks_are_spread_over_the_palette() -> None:
    paint = Paint(Depth.MANY)
    assert {paint.colour_of(f"nick{n}") for n in range(500)} == set(PALETTE)


def test_few_colours_are_used_where_there_are_few() -> None:
    painted = Paint(Depth.FEW).nick("ana", "ana")
    assert painted in {f"\x1b[{colour}mana\x1b[0m" for colour in FEW}


def test_without_colours_weights_remain() -> None:
    paint = Paint(Depth.NONE)
    assert paint.nick("ana", "ana") == "ana"
    assert paint.faint("18:02") == "\x1b[2m18:02\x1b[0m"


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"TERM": "xterm-256color"}, Depth.MANY),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, Depth.MANY),
        ({"TERM": "xterm-kitty"}, Depth.MANY),
        ({"TERM": "linux"}, Depth.FEW),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, Depth.NONE),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, Depth.MANY),
        ({"TERM": "dumb"}, Depth.NONE),
        ({}, Depth.NONE),
    ],
)
def test_the_environment_tells_how_many_colours_there_are(
    environ: dict[str, str], depth: Depth
) -> None:
    assert depth_of(environ) is depth
