"""This checkout against another, commonly that of the commit before: what a change costs.

Each load of the goals that a Huddle is put under is run by both, in turn, round by round, and a
figure is the median of the rounds' ratios. So it holds on a machine that drifts.
"""

from collections.abc import Sequence
from pathlib import Path

from benchmarks import goals
from benchmarks.goals import Measured
from benchmarks.idle import measure_idle
from benchmarks.peers import PEERS
from benchmarks.peers.huddle import of_checkout
from benchmarks.peers.peer import Peer
from benchmarks.runs import paired
from benchmarks.runs.load import Load
from benchmarks.runs.paired import Contender, Metric, Rounds, tell

WORSE = 0.03
"""How much worse a median may be before the comparison fails."""

IDLERS = 9000
"""Members of the row that tells memory and joining."""

FIGURES: tuple[tuple[str, Metric, bool], ...] = (
    ("deliveries/s", paired.rate, True),
    ("CPU per delivery", paired.cpu, False),
    ("p50", paired.p50, False),
    ("p99", paired.p99, False),
)
BOUND = ("deliveries/s", "CPU per delivery", "p50")
"""The figures that are held against `WORSE`; a p99 swings too much from run to run."""


def loads() -> list[tuple[str, str, Load]]:
    """The rows' titles, the peers' names and the loads, in the order of the goals."""
    rows = [
        (row.text, peer, load)
        for row in goals.ROWS
        for peer, load in row.contenders.values()
        if peer.startswith("huddle")
    ]
    return [*rows, *((goals.TABLE_TALK, name, goals.TABLE) for name in ("huddle-none", "huddle"))]


def compare(
    checkout: Path, rounds: int, only: Sequence[int] | None
) -> tuple[list[Measured], dict[str, Rounds]]:
    """Run the loads with these numbers, from 1; the idle members are the last."""
    before = of_checkout(checkout)
    measured: list[Measured] = []
    found: dict[str, Rounds] = {}
    for number, (text, name, load) in enumerate(loads(), 1):
        if only and number not in only:
            continue
        title = f"{number}. {text}: {name}"
        tell(title)
        contenders = [Contender("now", PEERS[name], load), Contender("before", before[name], load)]
        found[title] = paired.in_turn(contenders, rounds)
        measured += held(title, found[title])
    if not only or len(loads()) + 1 in only:
        measured += idlers(PEERS["huddle"], before["huddle"], rounds)
    return measured, found


def held(title: str, rounds: Rounds) -> list[Measured]:
    """Each figure now ÷ before, with the bound that it has to keep."""
    return [
        measured(title, text, more, paired.ratios(rounds, metric, "now", "before"))
        for text, metric, more in FIGURES
    ]


def measured(title: str, text: str, more: bool, ratios: list[float]) -> Measured:
    bound = (1 - WORSE if more else 1 + WORSE) if text in BOUND else None
    return Measured(title, f"{text}, now ÷ before", None, bound, more, ratios)


def idlers(now: Peer, before: Peer, rounds: int) -> list[Measured]:
    """Memory of idle members and the time in which they come in, now ÷ before."""
    memory, joining = [], []
    for number in range(1, rounds + 1):
        new, old = measure_idle(now, IDLERS), measure_idle(before, IDLERS)
        for idle in (new, old):
            tell(f"{number}/{rounds} {goals.told(idle)}")
        memory.append(new.kib_each / old.kib_each)
        joining.append(new.joined_seconds / old.joined_seconds)
    title = f"{len(loads()) + 1}. {IDLERS:,} idle members"
    bound = 1 + WORSE
    return [
        Measured(title, "memory each, now ÷ before", None, bound, False, memory),
        Measured(title, "time to join, now ÷ before", None, bound, False, joining),
    ]
