"""Ratios are taken within a round, because machines drift between rounds."""

from benchmarks.runs import paired
from benchmarks.runs.run import Run


def a_run(server: str, rate: float, cost: float = 1) -> Run:
    return Run(
        server=server,
        load={},
        seconds=1,
        messages=1,
        deliveries=1,
        deliveries_per_second=rate,
        cpu_us_per_delivery=cost,
        cpu_us_per_message=cost,
        server_busy=1,
        generator_busy=0.5,
        latency={"p50": 1, "p99": 2},
        joined_seconds=1,
        memory_kib=1,
        grown_kib=0,
        one_order=True,
        notices=0,
        recorded=None,
        faults={},
    )


def test_a_machine_that_halves_its_speed_does_not_change_the_ratio() -> None:
    rounds = [
        {"a": a_run("a", 400), "b": a_run("b", 200)},
        {"a": a_run("a", 200), "b": a_run("b", 100)},
    ]
    assert paired.ratios(rounds, paired.rate, "a", "b") == [2, 2]


def test_the_run_that_is_shown_is_the_median_one() -> None:
    rounds = [{"a": a_run("a", rate)} for rate in (5, 900, 7)]
    assert paired.median_run(rounds, "a", paired.rate).deliveries_per_second == 7


def test_of_an_even_number_of_runs_the_lower_middle_one_is_shown() -> None:
    rounds = [{"a": a_run("a", rate)} for rate in (5, 9, 7, 8)]
    assert paired.median_run(rounds, "a", paired.rate).deliveries_per_second == 7


def test_a_fault_stands_in_the_summary() -> None:
    run = a_run("a", 1)
    run.faults["missing"] = 3
    assert "FAULTS {'missing': 3}" in paired.summary(run)
