"""How far one connection has got in its streams: what was given, and what has surely arrived."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from huddle.delivery.stream import Stream
from huddle.delivery.watch import Watch, Watches


def stream(name: str = "huddle", newest: int = 0) -> Stream:
    return cast(
        Stream, SimpleNamespace(name=name, changes=0, history=SimpleNamespace(newest=newest))
    )


def watching(**cursors: int) -> Watches:
    """Streams in which as much is published as was given."""
    return Watches(Watch(stream(name, seq), seq, 0) for name, seq in cursors.items())


def test_another_watch_of_a_stream_takes_the_place_of_the_one_before() -> None:
    watches = watching(huddle=3, ops=5)
    again = watches.with_(Watch(stream("huddle", 9), 9, 0))
    assert again.given(live=True) == {"ops": 5, "huddle": 9}
    assert watches.given(live=True) == {"huddle": 3, "ops": 5}


def test_without_a_stream_that_is_not_watched_they_are_what_they_were() -> None:
    watches = watching(huddle=3)
    assert watches.without("ops") is watches
    assert watches.of("ops") is None
    assert watches.without("huddle") == ()


def test_the_cursor_counts_only_while_one_is_behind() -> None:
    watches = Watches((Watch(stream(newest=90), 40, 0),))
    assert watches.given(live=False) == {"huddle": 40}
    assert watches.given(live=True) == {"huddle": 90}
    assert watches.unconfirmed(live=True) and not watches.unconfirmed(live=False)


def test_what_has_arrived_is_never_less_than_it_was() -> None:
    watches = watching(huddle=3)
    watches.confirm({"huddle": 8})
    watches.confirm({"huddle": 5})
    watches.confirm({"ops": 100})
    assert watches.confirmed() == {"huddle": 8}


def test_what_was_thrown_away_is_taken_back_as_far_as_where_the_connection_began() -> None:
    watches = watching(huddle=3)
    watches.confirm({"huddle": 8})
    watches.take_back({"huddle": 6})
    assert watches.confirmed() == {"huddle": 6}
    watches.take_back({"huddle": 1})
    assert watches.confirmed() == {"huddle": 3}
    watches.take_back({"huddle": 9})
    assert watches.confirmed() == {"huddle": 3}
