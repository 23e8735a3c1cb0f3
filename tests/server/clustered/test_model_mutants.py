"""Nodes that break a rule, each of which the model of two nodes finds out in a short search.

The search goes the same way each time; nodes that break none go through it (`SEARCH` is its
beginning).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from huddle.cluster import apply as applying
from huddle.cluster.batches import Batch
from huddle.cluster.effects import Passed
from huddle.cluster.entries import Say
from huddle.cluster.rules import node_membership, sessions
from huddle.cluster.rules.batch_context import BatchContext
from tests.cluster.test_mutants import windowed
from tests.lost import mutants
from tests.server.clustered.test_model import SEARCH, TwoNodesTalk

Patch = pytest.MonkeyPatch
Fault = Callable[[Patch], None]


def trusting_a_window(patch: Patch) -> None:
    """Of a life the last two batches are remembered, and of a session the last two ids."""
    admit = node_membership.admit

    def windowed_batch(context: BatchContext, batch: Batch) -> Passed | None:
        life = context.state.lives.get(batch.life)
        return None if life is not None and batch.n <= life.n - 2 else admit(context, batch)

    patch.setattr(node_membership, "admit", windowed_batch)
    patch.setitem(applying.RULES, Say, windowed)


def acknowledging_before_the_log(patch: Patch) -> None:
    patch.setattr(mutants, "_put", patch.setattr)
    mutants.nodes_before_the_log()


def without_fencing(patch: Patch) -> None:
    """A life that is over is up again as soon as anything of it comes."""
    patch.setattr(mutants, "_put", patch.setattr)
    mutants.nodes_without_fencing()


def hearing_any_turn(patch: Patch) -> None:
    """Whichever connection the log hears of last has the session, however old it is."""
    patch.setattr(sessions, "_comes_too_late", lambda session, entry: False)


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (trusting_a_window, "is recorded as"),
        (acknowledging_before_the_log, "was told that 1 is recorded"),
        (hearing_any_turn, "has not got all of huddle"),
    ],
)
def test_the_model_finds_it_out(
    fault: Fault, found: str, monkeypatch: Patch, logged_failures: list[Any]
) -> None:
    """As it does `without_fencing` in `tests/long/test_searches.py`, which takes it longest."""
    fault(monkeypatch)
    find_out(TwoNodesTalk, found, logged_failures)


def find_out(talk: type[TwoNodesTalk], found: str, logged_failures: list[Any]) -> None:
    search = settings(SEARCH, max_examples=60, stateful_step_count=25, derandomize=True)
    with pytest.raises(AssertionError, match=found):
        run_state_machine_as_test(talk, settings=search)
    logged_failures.clear()
