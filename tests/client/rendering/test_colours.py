"""Colours: the same for a nick everywhere, and to be read on the ground that is there."""

from __future__ import annotations

import pytest

from huddle.client.rendering.colours import (
    CONTRAST,
    FEW,
    GREYS,
    PALETTES,
    Depth,
    Ground,
    Paint,
    depth_of,
    ground_of,
    ground_told,
    luminance,
)

GROUNDS = {
    Ground.DARK: ("000000", "0c0c0c", "1e1e1e", "300a24", "002b36", "282c34", "282a36"),
    Ground.LIGHT: ("ffffff", "fdf6e3", "fafafa"),
    Ground.UNKNOWN: ("000000", "ffffff"),
}
"""What counts as each; where nothing is known it may be either."""

TERMINALS = {
    "xterm": (
        "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5"
        " 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff"
    ),
    "VGA": (
        "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa"
        " 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"
    ),
    "Campbell": (
        "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc"
        " 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2"
    ),
    "Terminal.app": (
        "000000 990000 00a600 999900 0000b2 b200b2 00a6b2 bfbfbf"
        " 666666 e50000 00d900 e5e500 0000ff e500e5 00e5e5 e5e5e5"
    ),
    "Tango": (
        "2e3436 cc0000 4e9a06 c4a000 3465a4 75507b 06989a d3d7cf"
        " 555753 ef2929 8ae234 fce94f 729fcf ad7fa8 34e2e2 eeeeec"
    ),
    "PuTTY": (
        "000000 bb0000 00bb00 bbbb00 0000bb bb00bb 00bbbb bbbbbb"
        " 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"
    ),
}
"""The first sixteen colours of the common terminals, as they are delivered."""


def of_hex(colour: str) -> float:
    return luminance(*(int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)))


def of_xterm(number: int) -> float:
    """Relative luminance of a colour of the xterm palette, from 16 on."""
    if number >= 232:
        return luminance(*[(8 + 10 * (number - 232)) / 255] * 3)
    levels, cube = [0, 95, 135, 175, 215, 255], number - 16
    return luminance(*(levels[at] / 255 for at in (cube // 36, cube // 6 % 6, cube % 6)))


def contrast(one: float, other: float) -> float:
    """The contrast ratio of two luminances (WCAG 2.2)."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_the_formula_is_that_of_wcag() -> None:
    assert contrast(of_hex("000000"), of_hex("ffffff")) == 21
    assert round(contrast(of_hex("777777"), of_hex("ffffff")), 2) == 4.48


@pytest.mark.parametrize("ground", Ground)
def test_every_colour_can_be_read_on_every_ground_it_is_used_on(ground: Ground) -> None:
    for colour in (*PALETTES[ground], GREYS[ground]):
        for behind in GROUNDS[ground]:
            assert contrast(of_xterm(colour), of_hex(behind)) >= CONTRAST, (colour, behind)


@pytest.mark.parametrize("terminal", TERMINALS)
@pytest.mark.parametrize("ground", Ground)
def test_the_first_sixteen_can_be_read_in_the_common_terminals(
    ground: Ground, terminal: str
) -> None:
    values = TERMINALS[terminal].split()
    behind = "ffffff" if ground is Ground.LIGHT else "000000"
    for code in FEW[ground]:
        number = code - 30 if code < 90 else code - 90 + 8
        assert contrast(of_hex(values[number]), of_hex(behind)) >= CONTRAST, code


def test_a_nick_has_the_same_colour_in_every_run_and_in_any_case() -> None:
    paint = Paint(Depth.MANY)
    assert paint.nick("ana", "ana") == "\x1b[38;5;131mana\x1b[0m" == paint.nick("ana", "ana")
    assert paint.colour_of("ANA") == paint.colour_of("ana")


@pytest.mark.parametrize("ground", Ground)
def test_nicks_are_spread_over_the_palette(ground: Ground) -> None:
    paint = Paint(Depth.MANY, ground)
    assert {paint.colour_of(f"nick{n}") for n in range(500)} == set(PALETTES[ground])


def test_few_colours_are_used_where_there_are_few() -> None:
    painted = Paint(Depth.FEW, Ground.DARK).nick("ana", "ana")
    assert painted in {f"\x1b[{colour}mana\x1b[0m" for colour in FEW[Ground.DARK]}
    assert Paint(Depth.FEW).nick("ana", "ana") == "ana"


def test_without_colours_weights_remain() -> None:
    paint = Paint(Depth.NONE)
    assert paint.nick("ana", "ana") == "ana"
    assert paint.faint("18:02") == "\x1b[2m18:02\x1b[0m"


@pytest.mark.parametrize(
    ("answer", "ground"),
    [
        ("11;rgb:0000/0000/0000", Ground.DARK),
        ("11;rgb:1e1e/1e1e/1e1e", Ground.DARK),
        ("11;rgb:ff/ff/ff", Ground.LIGHT),
        ("11;rgb:fdfd/f6f6/e3e3", Ground.LIGHT),
        ("11;rgba:ffff/ffff/ffff/ffff", Ground.LIGHT),
        ("10;rgb:ffff/ffff/ffff", Ground.UNKNOWN),
        ("11;red", Ground.UNKNOWN),
        ("", Ground.UNKNOWN),
    ],
)
def test_the_terminal_tells_its_ground(answer: str, ground: Ground) -> None:
    assert ground_told(answer) is ground


@pytest.mark.parametrize(
    ("environ", "ground"),
    [
        ({"COLORFGBG": "15;0"}, Ground.DARK),
        ({"COLORFGBG": "0;default;15"}, Ground.LIGHT),
        ({"COLORFGBG": "default;default"}, Ground.UNKNOWN),
        ({"TERM": "linux"}, Ground.DARK),
        ({}, Ground.UNKNOWN),
    ],
)
def test_so_do_some_environments(environ: dict[str, str], ground: Ground) -> None:
    assert ground_of(environ) is ground


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
