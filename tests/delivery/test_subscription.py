"""What an outlet knows of a room, when it begins to follow it."""

from __future__ import annotations

from huddle.delivery.subscription import Watch


def test_at_first_all_before_the_cursor_has_arrived_and_nothing_is_shown() -> None:
    watch = Watch(7, 5, 3)
    assert (watch.cursor, watch.confirmed, watch.own_until, watch.fresh) == (7, 7, 5, True)
    assert watch.changes == 3
