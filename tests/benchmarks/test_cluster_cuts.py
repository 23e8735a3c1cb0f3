"""How long anybody may stand still when the network of a house is cut."""

from benchmarks.cluster.cuts import too_long
from tests.lost.cut_network import Cut


def test_a_cut_that_is_soon_over_misses_no_bound() -> None:
    assert too_long(Cut("isolated", 2.9, 10.4, 4.9)) == []
    assert too_long(Cut("halved", 0.2)) == []


def test_each_bound_that_is_missed_is_told_with_its_figure() -> None:
    assert too_long(Cut("isolated", 3.1, 13.0, 5.5)) == [
        "isolated: the majority stood still 3.1 s, more than 3",
        "isolated: the isolated node refused after 13.0 s, more than 12",
        "isolated: it was level after 5.5 s, more than 5",
    ]


def test_a_loose_cable_is_level_when_it_is_in_for_good() -> None:
    assert too_long(Cut("loose", 2.0, level_after=7.0)) == []
