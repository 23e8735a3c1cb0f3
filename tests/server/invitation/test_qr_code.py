"""The code in the terminal is one that a phone reads: the squares are those of segno."""

from __future__ import annotations

import io

import segno

from huddle.locale.listings import code_rows
from huddle.server.invitation.qr_code import QUIET, shown_on, squares_of

ADDRESS = "http://192.168.1.5:8000/"
DARK = {" ": (1, 1), "▄": (1, 0), "▀": (0, 1), "█": (0, 0)}


def test_the_squares_are_those_of_the_address() -> None:
    rows = list(code_rows(squares_of(ADDRESS)))
    assert len(set(map(len, rows))) == 1
    squares = [[DARK[character][half] for character in row] for row in rows for half in (0, 1)]
    wanted = [
        list(map(int, row)) for row in segno.make(ADDRESS, error="l").matrix_iter(border=QUIET)
    ]
    assert squares[: len(wanted)] == wanted
    assert all(all(row) for row in squares[len(wanted) :])


def test_it_fits_a_small_terminal() -> None:
    rows = list(code_rows(squares_of("http://[2001:db8:1111:2222:3333:4444:5555:6666]:55123/")))
    assert len(rows) < 24 and len(rows[0]) < 80


def test_a_screen_without_the_characters_shows_none() -> None:
    assert shown_on(io.TextIOWrapper(io.BytesIO(), "ascii"), ADDRESS) == []
    assert shown_on(io.TextIOWrapper(io.BytesIO(), "utf-8"), ADDRESS)
