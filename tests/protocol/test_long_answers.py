"""Long answers: put together to pieces of a size, and made no earlier than they are taken."""

from __future__ import annotations

from huddle.protocol.long_answers import PIECE, Made, in_pieces, is_last


def test_rows_come_in_pieces_of_a_size_and_none_is_cut_or_lost() -> None:
    rows = [b"x" * 1000 + b"\n"] * 9
    pieces = list(in_pieces(rows))
    assert b"".join(pieces) == b"".join(rows)
    assert [is_last(piece) for piece in pieces] == [False, True]


def test_a_row_that_fills_a_piece_leaves_no_empty_one_behind() -> None:
    assert list(in_pieces([b"x" * PIECE])) == [b"x" * PIECE]
    assert list(in_pieces([])) == []


def test_no_row_is_made_before_its_piece_is_taken() -> None:
    made: list[int] = []

    def make(number: int) -> bytes:
        made.append(number)
        return b"x" * PIECE

    pieces = in_pieces(Made(range(1_000_000), make))
    assert made == []
    next(pieces)
    assert made == [0]


def test_of_a_stretch_nothing_is_made_until_one_looks_at_it() -> None:
    numbers = Made([1, 2, 3], str)
    assert (len(numbers), numbers[-1], list(numbers[1:])) == (3, "3", ["2", "3"])
