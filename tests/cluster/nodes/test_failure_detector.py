"""Who is silent is told by own beats that came back, and never by a clock."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import cast

from huddle.cluster.entries import Down
from huddle.cluster.nodes.failure_detector import SILENT_BEATS, FailureDetector
from huddle.cluster.state import Life


def lives(**batches: int) -> Mapping[str, Life]:
    """Lives, each with its last batch."""
    return {name: cast(Life, SimpleNamespace(n=n)) for name, n in batches.items()}


def heard(detector: FailureDetector, times: int = 1, **batches: int) -> list[Down]:
    return [down for _ in range(times) for down in detector.beat("own", lives(**batches))]


def test_one_that_says_nothing_for_so_many_beats_is_told_of_at_each_from_then_on() -> None:
    detector = FailureDetector()
    assert heard(detector, SILENT_BEATS - 1, own=1, other=7) == []
    assert heard(detector, 2, own=1, other=7) == [Down("other", 7)] * 2


def test_any_batch_of_the_other_begins_the_count_anew() -> None:
    detector = FailureDetector()
    assert heard(detector, SILENT_BEATS - 1, other=7) == []
    assert heard(detector, SILENT_BEATS - 1, other=8) == []
    assert heard(detector, 1, other=8) == [Down("other", 8)]


def test_who_has_gone_and_is_back_under_the_same_name_is_counted_from_the_start() -> None:
    detector = FailureDetector()
    heard(detector, SILENT_BEATS - 1, other=7)
    heard(detector, 1)
    assert heard(detector, SILENT_BEATS - 1, other=7) == []


def test_nobody_is_silent_to_themselves() -> None:
    assert heard(FailureDetector(), 3 * SILENT_BEATS, own=1) == []
