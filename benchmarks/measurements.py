"""The measurements of one server as the command line asks for them: options in, a report out."""

import argparse
from collections.abc import Sequence

from benchmarks import against, check, floors, goals, plot, record, stopped, storm, table
from benchmarks.goals import Measured
from benchmarks.hostile import suffering
from benchmarks.idle import Idle, measure_idle
from benchmarks.peers import PEERS
from benchmarks.peers.peer import Peer
from benchmarks.report import Report
from benchmarks.runs import paired
from benchmarks.runs.load import Load
from benchmarks.runs.paired import Contender, Rounds, tell
from benchmarks.table import Table


def _present(peers: Sequence[Peer]) -> list[Peer]:
    for peer in peers:
        if absence := peer.absence():
            tell(absence)
    return [peer for peer in peers if not peer.absence()]


def nothing_lost(rounds: Rounds) -> bool:
    """Return whether every run got every delivery, and the record every message."""
    return all(
        not run.faults and run.recorded is not False for each in rounds for run in each.values()
    )


def bars(title: str, rounds: Rounds) -> plot.Bars:
    """Return a panel of the plot: each contender's median run."""
    figures = []
    for name in rounds[0]:
        run = paired.median_run(rounds, name, paired.rate)
        figures.append((name, run.deliveries_per_second, run.cpu_us_per_delivery))
    return plot.Bars(title, figures)


# -- one load ----------------------------------------------------------------------------------


def fanout(asked: argparse.Namespace) -> Report:
    """Put one load on several servers in turn; the first is held against each of the others."""
    load = Load(
        members=asked.members, speakers=asked.speakers, bytes=asked.bytes, rate=asked.rate,
        window=0 if asked.rate else asked.in_flight, seconds=asked.seconds, warm=asked.warm,
        latency_every=16 if asked.members >= 1000 and asked.in_flight > 1 else 1,
    )  # fmt: skip
    contenders = [Contender(peer.name, peer, load) for peer in _present(asked.servers)]
    rounds = paired.in_turn(contenders, asked.pairs)
    first, *others = contenders
    ratios = [
        measured for other in others for measured in _against(load, rounds, first.name, other.name)
    ]
    tables = [table.runs(_titled(load), rounds)]
    return Report(
        name="fanout",
        tables=[*tables, table.goals("ratios", ratios)] if ratios else tables,
        found={"fanout": rounds},
        good=nothing_lost(rounds),
        panels=[bars(_titled(load), rounds)],
    )


def _against(load: Load, rounds: Rounds, over: str, under: str) -> list[Measured]:
    rates = paired.ratios(rounds, paired.rate, over, under)
    costs = paired.ratios(rounds, paired.cpu, over, under)
    titles = f"{over} ÷ {under}: deliveries/s", f"{over} ÷ {under}: CPU per delivery"
    return [
        Measured(_titled(load), titles[0], None, None, True, rates),
        Measured(_titled(load), titles[1], None, None, False, costs),
    ]


def _titled(load: Load) -> str:
    flow = f"{load.rate:g} messages/s" if load.rate else f"{load.window} in flight"
    return f"{load.members:,} members, {load.speakers} speakers, {flow}"


# -- the goals ---------------------------------------------------------------------------------


def all_goals(asked: argparse.Namespace) -> Report:
    """Measure every row of the goals, or those that were asked for by their numbers."""
    measured: list[Measured] = []
    rounds: dict[str, Rounds] = {}
    idle: list[Idle] = []

    def wanted(number: int) -> bool:
        return not asked.only or number in asked.only

    for number, row in enumerate(goals.ROWS, 1):
        if wanted(number):
            tell(row.text)
            found, rounds[row.text] = goals.measure_row(row, asked.pairs)
            measured += found
    if wanted(len(goals.ROWS) + 1):
        found, rounds[goals.TABLE_TALK] = goals.measure_table_talk(asked.pairs)
        measured += found
    if wanted(len(goals.ROWS) + 2):
        found, idle = goals.measure_idlers(asked.pairs)
        measured += found
    return Report(
        name="goals",
        tables=[
            table.goals("The goals: medians of paired runs", measured),
            *(table.runs(text, each) for text, each in rounds.items()),
            *([table.idlers("Idle members", idle)] if idle else []),
        ],
        found={"goals": measured, "rounds": rounds, "idle": idle},
        good=goals.all_kept(measured) and all(map(nothing_lost, rounds.values())),
        panels=[bars(text, each) for text, each in rounds.items()],
    )


def all_floors(asked: argparse.Namespace) -> Report:
    """Measure what the kernel or Twisted alone takes under loads of the goals, row by row."""
    measured: list[Measured] = []
    rounds: dict[str, Rounds] = {}
    for number, row in enumerate(floors.FLOORS, 1):
        if not asked.only or number in asked.only:
            tell(row.text)
            found, rounds[row.text] = goals.measure_row(row, asked.pairs)
            measured += found
    return Report(
        name="floors",
        tables=[table.goals("What is not Huddle's own: medians of paired runs", measured)],
        found={"floors": measured, "rounds": rounds},
        good=all(map(nothing_lost, rounds.values())),
    )


def this_against(asked: argparse.Namespace) -> Report:
    """Run the loads of the goals with this checkout and with another, in turn: no row may be
    more than 3 % worse."""
    measured, rounds = against.compare(asked.checkout, asked.pairs, asked.only)
    return Report(
        name="against",
        tables=[table.goals("Now ÷ before: medians of paired runs", measured)],
        found={"against": measured, "rounds": rounds},
        good=goals.all_kept(measured) and all(map(nothing_lost, rounds.values())),
    )


# -- stopped readers ---------------------------------------------------------------------------


def stopped_cases(asked: argparse.Namespace) -> Report:
    """Measure the cases that the project promises; or one of its own making."""
    measured: list[Measured] = []
    found = {}
    for case in stopped.CASES if asked.members is None else [_own_case(asked)]:
        tell(case.text)
        pairs = found[case.text] = stopped.compare(case, asked.pairs)
        measured += stopped.verdict(case, pairs)
    faultless = all(not pair.with_stop.faults for pairs in found.values() for pair in pairs)
    return Report(
        name="stopped",
        tables=[table.goals("Members who stop reading: medians of paired runs", measured)],
        found={"stopped": found},
        good=faultless and goals.all_kept(measured),
    )


def _own_case(asked: argparse.Namespace) -> stopped.Case:
    [peer] = asked.servers
    text = f"{peer.name}: {asked.stopped} of {asked.members} stop"
    return stopped.Case(
        text=text, peer=peer.name, members=asked.members, stopped=asked.stopped,
        speakers=asked.speakers, bytes=asked.bytes, megabytes=asked.megabytes,
        seconds=asked.stopped_for,
    )  # fmt: skip


# -- hostile peers -----------------------------------------------------------------------------

HOSTILE_HEAD = (
    "attack", "talk p99 ms", "max", "pings p99 ms", "max", "silence ms", "a bare sync, max",
    "MiB before", "most", "after",
)  # fmt: skip

VICTIM_HEAD = ("who", "meanwhile", "usual ms", "worst", "may be")


def hostile_peers(asked: argparse.Namespace) -> Report:
    """Run every known attack against a server with default options; tell what the others notice."""
    found = suffering.measure_all(asked.only, asked.commands)
    rows = [
        (
            each.attack,
            *(f"{figure:,.1f}" for figure in (each.talk_p99, each.talk_max)),
            *(f"{figure:,.1f}" for figure in (each.pings_p99, each.pings_max, each.silence)),
            f"{each.disk:,.1f}",
            *(f"{kib / 1024:.0f}" for kib in (each.before_kib, each.most_kib, each.after_kib)),
        )
        for each in found
    ]
    hurt = [
        (each.victim, each.attack, *(f"{ms:,.1f}" for ms in (each.usual, each.worst, each.may)))
        for each in found
        if each.victim
    ]
    tables = [Table("Others while one address attacks", HOSTILE_HEAD, rows)]
    if hurt:
        tables.append(Table("One who wants what is used up", VICTIM_HEAD, hurt))
    return Report(
        name="hostile",
        tables=tables,
        found={"hostile": found},
        good=all(each.good for each in found),
    )


# -- the others --------------------------------------------------------------------------------


def idle_members(asked: argparse.Namespace) -> Report:
    """Measure the memory of idle members, and their joining."""
    found = []
    for _ in range(asked.pairs):
        for peer in _present(asked.servers):
            found.append(measure_idle(peer, asked.members))
            tell(goals.told(found[-1]))
    return Report(
        name="idle", tables=[table.idlers("Idle members", found)], found={"idle": found}, good=True
    )


STORM_HEAD = ("server", "joiners", "joined in s", "p99 µs", "slowest µs", "p99 µs without them")


def joining(asked: argparse.Namespace) -> Report:
    """Measure a room that talks while thousands join."""
    pairs = {
        peer.name: storm.compare(peer, asked.joiners, asked.pairs)
        for peer in _present(asked.servers)
    }
    rows = [
        (
            name,
            f"{asked.joiners:,}",
            f"{paired.median([each.joined_seconds for each, _ in found]):.2f}",
            f"{paired.median([each.latency['p99'] for each, _ in found]):,.0f}",
            f"{paired.median([each.latency['max'] for each, _ in found]):,.0f}",
            f"{paired.median([each.latency['p99'] for _, each in found]):,.0f}",
        )
        for name, found in pairs.items()
    ]
    storms = [each for found in pairs.values() for pair in found for each in pair]
    title = "100 members talk, 100 messages a second, while others join"
    return Report(
        name="join",
        tables=[Table(title, STORM_HEAD, rows)],
        found={"join": pairs},
        good=not any(each.faults for each in storms),
    )


def long_record(asked: argparse.Namespace) -> Report:
    """Measure what is asked of a long record."""
    found = record.measure_record(PEERS["huddle"], asked.messages)
    title = f"{asked.messages:,} recorded messages"
    return Report(
        name="record", tables=[table.answers(title, found)], found={"record": found}, good=True
    )


def faults(asked: argparse.Namespace) -> Report:
    """Find out whether the generator notices a server's faults."""
    noticed = check.check()
    rows = [(fault, "noticed" if good else "NOT NOTICED") for fault, good in noticed.items()]
    found = {"check": noticed}
    tables = [Table("What the generator notices", ("fault", ""), rows)]
    return Report(name="check", tables=tables, found=found, good=all(noticed.values()))
