"""Tables for the terminal."""

from collections.abc import Sequence

from benchmarks.goals import Measured
from benchmarks.idle import Idle
from benchmarks.paired import Rounds, median_run, rate
from benchmarks.record import Answered
from benchmarks.run import Run

NUMBERS = "▏0123456789+-.<>×%"


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the rows under their head; columns of figures are flush right."""
    widths = [max(len(line[i]) for line in (head, *rows)) for i in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            cell.rjust(width) if row_is_figures[i] else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()

    row_is_figures = [
        all(not row[i] or row[i][0] in NUMBERS for row in rows) for i in range(len(head))
    ]
    return "\n".join([line(head), line(["─" * width for width in widths]), *map(line, rows)])


RUN_HEAD = (
    "server", "deliveries/s", "CPU µs/delivery", "p50 µs", "p99 µs", "KiB in all",
    "server busy", "generator busy", "one order", "every delivery, and in the record",
)  # fmt: skip


def runs(rounds: Rounds) -> str:
    """Return the median run of each contender, by deliveries a second."""
    return aligned(RUN_HEAD, [_run(name, median_run(rounds, name, rate)) for name in rounds[0]])


def _run(name: str, run: Run) -> tuple[str, ...]:
    return (
        name,
        f"{run.deliveries_per_second:,.0f}",
        f"{run.cpu_us_per_delivery:.3f}",
        f"{run.latency['p50']:,.0f}",
        f"{run.latency['p99']:,.0f}",
        f"{run.memory_kib:,}",
        f"{run.server_busy:.0%}",
        f"{run.generator_busy:.0%}",
        "yes" if run.one_order else "no",
        _verdict(run),
    )


def _verdict(run: Run) -> str:
    if run.faults:
        return ", ".join(f"{count:,} {name}" for name, count in run.faults.items())
    return {None: "yes, keeps none", True: "yes, yes", False: "yes, NOT RECORDED"}[run.recorded]


GOAL_HEAD = ("load", "figure", "goal", "must reach", "measured", "from … to", "")


def goals(measured: Sequence[Measured]) -> str:
    """Return what was measured beside what was aimed at."""
    return aligned(GOAL_HEAD, [_goal(each) for each in measured])


def _goal(each: Measured) -> tuple[str, ...]:
    sign = ">" if each.more_is_better else "<"
    return (
        each.load,
        each.text,
        f"{sign} {each.goal:g}" if each.goal is not None else "",
        f"{sign} {each.must:g}" if each.must is not None else "",
        f"{each.median:.2f}",
        f"{min(each.values):.2f} … {max(each.values):.2f}",
        standing(each),
    )


def standing(each: Measured) -> str:
    """Return in words which of its bounds a figure keeps."""
    if each.keeps(each.must) is False:
        return "MISSED"
    if each.keeps(each.goal) is False:
        return "short of the goal"
    return "reached"


RECORD_HEAD = ("question", "rows", "over the wire, µs", "bare SQLite, µs", "ratio")


def answers(found: Sequence[Answered]) -> str:
    """Return what questions to a long record cost."""
    return aligned(
        RECORD_HEAD,
        [
            (
                each.question,
                str(each.rows or ""),
                f"{each.wire_us:,.0f}",
                f"{each.bare_us:,.0f}" if each.bare_us else "",
                f"{each.wire_us / each.bare_us:.1f}" if each.bare_us else "",
            )
            for each in found
        ],
    )


IDLE_HEAD = ("server", "members", "joined in s", "KiB each", "KiB before", "KiB after")


def idlers(found: Sequence[Idle]) -> str:
    """Return what idle members cost, run by run."""
    return aligned(
        IDLE_HEAD,
        [
            (
                idle.server,
                f"{idle.members:,}",
                f"{idle.joined_seconds:.2f}",
                f"{idle.kib_each:.2f}",
                f"{idle.before_kib:,}",
                f"{idle.after_kib:,}",
            )
            for idle in found
        ],
    )
