"""A goal is reached by the median of the rounds, on the side that is the better one."""

from collections import Counter

import pytest

from benchmarks import goals, table
from benchmarks.goals import ROWS, Measured, all_kept
from benchmarks.idle import Idle
from benchmarks.peers import PEERS
from benchmarks.peers.peer import Peer


def measured(values: list[float], *, more: bool, goal: float, must: float) -> Measured:
    return Measured("a load", "a figure", goal, must, more, values)


def test_more_than_the_goal_is_reached_where_more_is_better() -> None:
    assert table.standing(measured([2, 3, 1], more=True, goal=2, must=1)) == "reached"


def test_a_figure_between_the_bounds_is_short_of_the_goal() -> None:
    assert table.standing(measured([1.5], more=True, goal=2, must=1)) == "short of the goal"
    assert table.standing(measured([1.1], more=False, goal=1, must=1.2)) == "short of the goal"


def test_one_lucky_round_does_not_keep_a_bound() -> None:
    lucky = measured([0.5, 9, 0.5], more=True, goal=2, must=1)
    assert table.standing(lucky) == "MISSED"
    assert not all_kept([lucky])


def test_a_goal_without_a_bound_that_must_be_kept_is_not_missed() -> None:
    wish = Measured("a load", "a figure", 2, None, True, [1])
    assert table.standing(wish) == "short of the goal"
    assert all_kept([wish])


def test_every_row_names_servers_that_there_are() -> None:
    for row in ROWS:
        assert {peer for peer, _ in row.contenders.values()} <= set(PEERS)


def test_beside_each_joining_the_bare_loop_is_measured_three_times_and_the_middle_one_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = {"huddle": iter([4.0, 3.0]), "floor": iter([0.9, 0.5, 0.4, 0.6, 0.3, 1.2])}
    ran: list[str] = []

    def measure(peer: Peer, members: int) -> Idle:
        ran.append(peer.name)
        return Idle(peer.name, members, next(seconds[peer.name]), 0, 4 * members)

    monkeypatch.setattr(goals, "measure_idle", measure)
    measured, idle = goals.measure_idlers(2, members=9)
    assert Counter(ran) == {"huddle": 2, "floor": 6}
    assert [each.joined_seconds for each in idle] == [4.0, 0.5, 3.0, 0.6]
    assert measured[1].values == [8.0, 5.0]
