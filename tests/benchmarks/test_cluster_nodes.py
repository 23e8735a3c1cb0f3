"""What a message costs several nodes is told by the median of turns, each against its own first."""

from benchmarks.cluster.nodes import Costs, cost_rows


def _turn(one: float, four: float) -> list[Costs]:
    return [Costs(1, 2000, 10, one, 0.001), Costs(4, 2000, 10, four, None)]


def test_each_ratio_is_one_of_the_same_turn_and_the_median_of_all_is_told() -> None:
    turns = [_turn(0.004, 0.016), _turn(0.002, 0.01), _turn(0.003, 0.009)]
    assert cost_rows(turns) == [
        ("1 × 2,000", "300", "100", "1.00", "1.00 … 1.00"),
        ("4 × 2,000", "1,000", "", "4.00", "3.00 … 5.00"),
    ]
