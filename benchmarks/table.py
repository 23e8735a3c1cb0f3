"""Tables: aligned for the terminal, or in Markdown for a document."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.goals import Measured
from benchmarks.idle import Idle
from benchmarks.record import Answered
from benchmarks.runs.paired import Rounds, median_run, rate
from benchmarks.runs.run import Run

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head, with a title."""

    title: str
    head: Cells
    rows: Sequence[Cells]

    def aligned(self) -> str:
        """Return it for the terminal; columns of figures are flush right."""
        columns = list(zip(self.head, *self.rows, strict=True))
        widths = [max(map(len, column)) for column in columns]
        figures = [not any(map(_has_letter, column[1:])) for column in columns]

        def line(cells: Cells) -> str:
            placed = zip(cells, widths, figures, strict=True)
            return "  ".join(
                cell.rjust(width) if right else cell.ljust(width) for cell, width, right in placed
            ).rstrip()

        rule = line(["─" * width for width in widths])
        return "\n".join([self.title, line(self.head), rule, *map(line, self.rows)])

    def markdown(self) -> str:
        """Return it for a document."""
        lines = (self.head, ["---"] * len(self.head), *self.rows)
        return "\n".join([f"**{self.title}**\n", *(f"| {' | '.join(line)} |" for line in lines)])


def _has_letter(cell: str) -> bool:
    return any(map(str.isalpha, cell))


RUN_HEAD = (
    "server", "deliveries/s", "CPU µs/delivery", "p50 µs", "p99 µs", "KiB in all",
    "server busy", "generator busy", "one order", "every delivery, and in the record",
)  # fmt: skip


def runs(title: str, rounds: Rounds) -> Table:
    """Return the median run of each contender, by deliveries a second."""
    rows = [_run(name, median_run(rounds, name, rate)) for name in rounds[0]]
    return Table(title, RUN_HEAD, rows)


def _run(name: str, run: Run) -> Cells:
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


def goals(title: str, measured: Sequence[Measured]) -> Table:
    """Return what was measured beside what was aimed at."""
    return Table(title, GOAL_HEAD, [_goal(each) for each in measured])


def _goal(each: Measured) -> Cells:
    sign = "≥" if each.more_is_better else "≤"
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
    return "reached" if each.goal is not None or each.must is not None else ""


RECORD_HEAD = ("question", "rows", "over the wire, µs", "bare SQLite, µs", "ratio")


def answers(title: str, found: Sequence[Answered]) -> Table:
    """Return what questions to a long record cost."""
    return Table(title, RECORD_HEAD, [_answer(each) for each in found])


def _answer(each: Answered) -> Cells:
    wire = f"{each.wire_us:,.0f}"
    if each.bare_us is None:
        return each.question, "", wire, "", ""
    bare, ratio = f"{each.bare_us:,.0f}", f"{each.wire_us / each.bare_us:.1f}"
    return each.question, str(each.rows), wire, bare, ratio


IDLE_HEAD = ("server", "members", "joined in s", "KiB each", "KiB before", "KiB after")


def idlers(title: str, found: Sequence[Idle]) -> Table:
    """Return what idle members cost, run by run."""
    return Table(title, IDLE_HEAD, [_idle(each) for each in found])


def _idle(idle: Idle) -> Cells:
    return (
        idle.server,
        f"{idle.members:,}",
        f"{idle.joined_seconds:.2f}",
        f"{idle.kib_each:.2f}",
        f"{idle.before_kib:,}",
        f"{idle.after_kib:,}",
    )
