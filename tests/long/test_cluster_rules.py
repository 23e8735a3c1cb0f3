"""The machine of `tests/cluster/test_model.py` for longer, and against what is done wrongly.

What takes one certain course of events to be found out is in `tests/cluster/test_mutants.py`.
"""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from typing_extensions import override

from huddle.cluster.rules import names
from tests.cluster.rules.test_names import claim
from tests.cluster.test_entries import stands
from tests.cluster.test_model import QUICK, Troubles


def test_whatever_happens_for_long_every_line_is_there_once_and_the_same_for_all() -> None:
    run_state_machine_as_test(Troubles, settings=settings(QUICK, max_examples=50))


@pytest.mark.parametrize("seed", range(1000, 1200))
def test_whatever_the_entries_are(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(seed, monkeypatch)


def test_of_ten_thousand_nicks_that_are_claimed_on_two_nodes_each_has_one_owner() -> None:
    claim(10_000)


SEARCH = settings(QUICK, max_examples=60)


def finds(machine: type[Troubles], what: str) -> None:
    """The machine fails, and with these words."""
    with pytest.raises(AssertionError, match=what):
        run_state_machine_as_test(machine, settings=SEARCH)


class Hasty(Troubles):
    """Its nodes acknowledge a line when they have sent it, and not when it has come back."""

    @override
    def prepare(self) -> None:
        self.town.hasty = True


def test_acknowledging_before_the_log_does_is_found_out() -> None:
    finds(Hasty, "acknowledged, and lost")


def test_names_that_are_checked_only_where_they_are_asked_for_are_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(names, "refusal", lambda *_: None)
    finds(Troubles, "two have one nick")
