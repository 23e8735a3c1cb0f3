"""The project's goals: the loads, whom Huddle is held against, and by how much."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.idle import Idle, measure_idle
from benchmarks.peers import PEERS
from benchmarks.runs import paired
from benchmarks.runs.disk import bare_fsync_us
from benchmarks.runs.load import Load
from benchmarks.runs.paired import Contender, Rounds, ratios, tell


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure with the bound aimed at and the one that must be kept; None where there is none."""

    text: str
    goal: float | None
    must: float | None
    more_is_better: bool
    value: Callable[[Rounds], list[float]]


@dataclass(frozen=True, slots=True)
class Measured:
    """A goal and what was measured for it, round by round."""

    load: str
    text: str
    goal: float | None
    must: float | None
    more_is_better: bool
    values: list[float]

    @property
    def median(self) -> float:
        """Return the median over the rounds."""
        return paired.median(self.values)

    def keeps(self, bound: float | None) -> bool | None:
        """Return whether the median is on the right side of a bound; None when there is none."""
        if bound is None:
            return None
        return self.median >= bound if self.more_is_better else self.median <= bound


@dataclass(frozen=True, slots=True)
class Row:
    """A load, the contenders under it and what is asked of their ratios."""

    text: str
    contenders: dict[str, tuple[str, Load]]
    goals: tuple[Goal, ...]


def _more(text: str, goal: float | None, must: float | None, over: str, under: str) -> Goal:
    rate = paired.rate
    return Goal(text, goal, must, True, lambda rounds: ratios(rounds, rate, over, under))


def _less(
    text: str, goal: float | None, must: float | None, metric: paired.Metric, over: str, under: str
) -> Goal:
    return Goal(text, goal, must, False, lambda rounds: ratios(rounds, metric, over, under))


def _same(load: Load, *names: str) -> dict[str, tuple[str, Load]]:
    return {name: (name, load) for name in names}


BUSY = Load(members=1000, speakers=50, window=64, latency_every=16)
_BUSIER = Load(members=1000, speakers=50, window=1000, latency_every=16)
_QUIET = Load(members=1000, speakers=50, window=1)
_CLASS = Load(members=100, speakers=10, window=64, latency_every=4)
TABLE = Load(members=10, speakers=1, window=1)
_BROWSERS = Load(members=2000, speakers=50, window=64, latency_every=32)
CROWD = Load(members=9000, speakers=50, window=64, warm=2, seconds=6, latency_every=64)
HALF_CROWD = Load(members=4500, speakers=50, window=64, warm=1, seconds=4, latency_every=64)

ROWS = (
    Row(
        "1,000 members, 50 speakers, 64 in flight",
        _same(BUSY, "huddle", "inspircd", "redis"),
        (
            _more("deliveries/s ÷ InspIRCd", 2.4, 1.5, "huddle", "inspircd"),
            _more("deliveries/s ÷ Redis", 1.0, None, "huddle", "redis"),
            _less("CPU per delivery ÷ InspIRCd", None, 0.7, paired.cpu, "huddle", "inspircd"),
        ),
    ),
    Row(
        "1,000 members, 50 speakers, 1,000 in flight",
        _same(_BUSIER, "huddle", "inspircd"),
        (_more("deliveries/s ÷ InspIRCd", 9, 5, "huddle", "inspircd"),),
    ),
    Row(
        "1,000 members, one at a time",
        _same(_QUIET, "huddle", "inspircd"),
        (_less("CPU per delivery ÷ InspIRCd", 1.0, 1.2, paired.cpu, "huddle", "inspircd"),),
    ),
    Row(
        "100 members, 10 speakers, 64 in flight",
        _same(_CLASS, "huddle-none", "huddle", "inspircd"),
        (
            _more("no record: deliveries/s ÷ InspIRCd", 1.5, 1.1, "huddle-none", "inspircd"),
            _more("fsync: deliveries/s ÷ InspIRCd", 1.0, 0.7, "huddle", "inspircd"),
        ),
    ),
    Row(
        "9,000 members, 50 speakers, 64 in flight",
        {
            # Side by side: the bare loop alone takes half a minute, in which the machine drifts.
            "huddle": ("huddle", CROWD),
            "huddle at 4,500": ("huddle", HALF_CROWD),
            **_same(CROWD, "floor", "twisted"),
        },
        (
            _more("deliveries/s ÷ bare epoll loop", 3, None, "huddle", "floor"),
            _more("deliveries/s ÷ naive Twisted", None, 3, "huddle", "twisted"),
            _less(
                "CPU per message ÷ that of 4,500", 2.1, 2.2,
                paired.cpu_per_message, "huddle", "huddle at 4,500",
            ),
        ),
    ),
    Row(
        "1,000 members, json instead of plain, 64 in flight",
        _same(BUSY, "huddle-json", "huddle"),
        (_more("deliveries/s ÷ plain", 0.9, 0.8, "huddle-json", "huddle"),),
    ),
    Row(
        "2,000 members by WebSocket instead of plain, 64 in flight",
        _same(_BROWSERS, "huddle-web", "huddle"),
        (_more("deliveries/s ÷ plain", 0.85, 0.85, "huddle-web", "huddle"),),
    ),
)  # fmt: skip


def measure_row(row: Row, rounds: int) -> tuple[list[Measured], Rounds]:
    """Run a row's contenders in turn and hold them against its goals.

    A peer that is not installed is left out, with the goals that need it.
    """
    contenders = _present(row)
    results = paired.in_turn(contenders, rounds)
    measured = []
    for goal in row.goals:
        try:
            values = goal.value(results)
        except KeyError:
            continue
        args = (goal.text, goal.goal, goal.must, goal.more_is_better, values)
        measured.append(Measured(row.text, *args))
    return measured, results


def _present(row: Row) -> list[Contender]:
    contenders = []
    for name, (peer, load) in row.contenders.items():
        if absence := PEERS[peer].absence():
            tell(absence)
        else:
            contenders.append(Contender(name, PEERS[peer], load))
    return contenders


TABLE_TALK = "10 members, one at a time"


def measure_table_talk(rounds: int) -> tuple[list[Measured], Rounds]:
    """Hold ten members, one message at a time, against InspIRCd and one durable write, which is the
    mean of what the disk asked for before and behind the round: that changes by the minute."""
    names = ("huddle-none", "huddle", "inspircd")
    contenders = [Contender(name, PEERS[name], TABLE) for name in names]
    results: Rounds = []
    asked = [bare_fsync_us()]
    for _ in range(rounds):
        results += paired.in_turn(contenders, 1)
        asked.append(bare_fsync_us())
    disk = [(before + behind) / 2 for before, behind in pairwise(asked)]
    tell(f"one bare fsync: {paired.median(disk):.0f} µs")
    floor = [each["inspircd"].latency["p50"] for each in results]
    bare = [
        each["huddle-none"].latency["p50"] / least
        for each, least in zip(results, floor, strict=True)
    ]
    synced = [
        each["huddle"].latency["p50"] / (least + sync)
        for each, least, sync in zip(results, floor, disk, strict=True)
    ]
    load = TABLE_TALK
    return [
        Measured(load, "no record: p50 ÷ InspIRCd", 1.2, 1.5, False, bare),
        Measured(load, "fsync: p50 ÷ (InspIRCd + one bare fsync)", 1.5, 1.9, False, synced),
    ], results


SHORT = 3
"""Runs of the bare loop beside one of Huddle's, of which the median counts: 9,000 have come to it
in half a second, and whatever else the machine does then weighs eight times as much."""


def measure_idlers(rounds: int, members: int = 9000) -> tuple[list[Measured], list[Idle]]:
    """Hold idle members' memory and joining against the bare loop's."""
    load = f"{members:,} idle members"
    pairs: list[tuple[Idle, Idle]] = []
    for number in range(1, rounds + 1):
        floors = [measure_idle(PEERS["floor"], members) for _ in range(SHORT)]
        floor = sorted(floors, key=lambda idle: idle.joined_seconds)[SHORT // 2]
        pair = measure_idle(PEERS["huddle"], members), floor
        pairs.append(pair)
        for idle in pair:
            tell(f"{number}/{rounds} {told(idle)}")
    memory = [huddle.kib_each for huddle, _ in pairs]
    joining = [huddle.joined_seconds / floor.joined_seconds for huddle, floor in pairs]
    return [
        Measured(load, "KiB of server memory each", 4.5, 8, False, memory),
        Measured(load, "time to join ÷ bare epoll loop", 8, 10, False, joining),
    ], [idle for pair in pairs for idle in pair]


def told(idle: Idle) -> str:
    """Return one line on idle members."""
    return (
        f"{idle.server:24} {idle.members} joined in {idle.joined_seconds:.2f} s, "
        f"{idle.kib_each:.2f} KiB each"
    )


def all_kept(measured: Sequence[Measured]) -> bool:
    """Return whether no bound that must be kept was missed."""
    return all(each.keeps(each.must) is not False for each in measured)
