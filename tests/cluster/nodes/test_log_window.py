"""What of the log is kept for those who come back: by its times, and by its bytes."""

from __future__ import annotations

from huddle.cluster.nodes.log_window import WINDOW_BYTES, WINDOW_MS, LogWindow

BEGUN = 1_790_000_000_000
MINUTE = 60 * 1000


def test_nothing_is_let_go_of_that_is_less_than_half_an_hour_old() -> None:
    window = LogWindow(7, BEGUN)
    begins = [window.mark(100 * each, BEGUN + each * 10 * MINUTE) for each in range(1, 10)]
    assert begins == [7] * 3 + [100, 200, 300, 400, 500, 600]
    assert WINDOW_MS == 30 * MINUTE


def test_who_begins_to_follow_knows_how_old_is_what_comes_then() -> None:
    """It begins with a state that is on its disk, from wherever that is, and reads what is behind
    that in a moment, with the times at which it was written."""
    window = LogWindow(7, BEGUN)
    window.mark(100, BEGUN + 10 * MINUTE)
    assert window.mark(200, BEGUN + 40 * MINUTE) == 100


def test_of_much_that_is_said_so_many_bytes_are_kept() -> None:
    window = LogWindow(0, BEGUN)
    begins = []
    for each in range(1, 9):
        window.taken += WINDOW_BYTES // 4
        begins.append(window.mark(each, BEGUN + each))
    assert begins == [0, 0, 0, 0, 1, 2, 3, 4]


def test_after_a_silence_it_may_begin_at_the_newest_place_of_all() -> None:
    window = LogWindow(0, BEGUN)
    window.mark(1, BEGUN + 1)
    window.taken = 2 * WINDOW_BYTES
    assert window.mark(2, BEGUN + 2) == 1
    assert window.mark(3, BEGUN + WINDOW_MS + 1) == 1
    assert window.mark(4, BEGUN + WINDOW_MS + 2) == 2
