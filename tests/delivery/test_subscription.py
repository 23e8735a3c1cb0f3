"""How far one connection has got in its streams: what was given, and what has surely arrived."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from huddle.delivery.stream import Stream
from huddle.delivery.subscription import Subscription, Subscriptions


def stream(name: str = "huddle", newest: int = 0) -> Stream:
    return cast(
        Stream, SimpleNamespace(name=name, changes=0, history=SimpleNamespace(newest=newest))
    )


def subscribed(**cursors: int) -> Subscriptions:
    """Streams in which as much is published as was given."""
    return Subscriptions(Subscription(stream(name, seq), seq, 0) for name, seq in cursors.items())


def test_another_subscription_to_a_stream_takes_the_place_of_the_one_before() -> None:
    subscriptions = subscribed(huddle=3, ops=5)
    again = subscriptions.with_(Subscription(stream("huddle", 9), 9, 0))
    assert again.given(live=True) == {"ops": 5, "huddle": 9}
    assert subscriptions.given(live=True) == {"huddle": 3, "ops": 5}


def test_without_a_stream_that_is_not_subscribed_to_they_are_what_they_were() -> None:
    subscriptions = subscribed(huddle=3)
    assert subscriptions.without("ops") is subscriptions
    assert subscriptions.of("ops") is None
    assert subscriptions.without("huddle") == ()


def test_the_cursor_counts_only_while_one_is_behind() -> None:
    subscriptions = Subscriptions((Subscription(stream(newest=90), 40, 0),))
    assert subscriptions.given(live=False) == {"huddle": 40}
    assert subscriptions.given(live=True) == {"huddle": 90}
    assert subscriptions.unconfirmed(live=True) and not subscriptions.unconfirmed(live=False)


def test_what_has_arrived_is_never_less_than_it_was() -> None:
    subscriptions = subscribed(huddle=3)
    subscriptions.confirm({"huddle": 8})
    subscriptions.confirm({"huddle": 5})
    subscriptions.confirm({"ops": 100})
    assert subscriptions.confirmed() == {"huddle": 8}


def test_what_was_thrown_away_is_taken_back_as_far_as_where_the_connection_began() -> None:
    subscriptions = subscribed(huddle=3)
    subscriptions.confirm({"huddle": 8})
    subscriptions.take_back({"huddle": 6})
    assert subscriptions.confirmed() == {"huddle": 6}
    subscriptions.take_back({"huddle": 1})
    assert subscriptions.confirmed() == {"huddle": 3}
    subscriptions.take_back({"huddle": 9})
    assert subscriptions.confirmed() == {"huddle": 3}
