"""A goal is reached by the median of the rounds, on the side that is the better one."""

from benchmarks import table
from benchmarks.goals import ROWS, Measured, all_kept
from benchmarks.peers import PEERS


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
