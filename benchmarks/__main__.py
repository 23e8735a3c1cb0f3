"""``python -m benchmarks``: the command line of the measurements."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import check, goals, paired, plot, record, results, stopped, storm, table
from benchmarks.idle import Idle, measure_idle
from benchmarks.load import Load, LoadError
from benchmarks.paired import Contender, Rounds, tell
from benchmarks.peers import PEERS
from benchmarks.peers.peer import Peer
from benchmarks.processes import LOAD_CORE, StartError, pin_self, raise_open_files


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; return 1 when a delivery was lost or a bound was missed."""
    asked = _parser().parse_args(arguments)
    raise_open_files()
    pin_self(LOAD_CORE)
    try:
        good: bool = asked.measure(asked)
    except (StartError, LoadError) as failure:
        tell(f"benchmarks: {failure}")
        return 1
    return 0 if good else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="what")
    _fanout_options(_command(commands, "fanout", _fanout, "one load on several servers in turn"))
    _goals_options(_command(commands, "goals", _goals, "the project's goals, all of them"))
    _stopped_options(_command(commands, "stopped", _stopped, "members who stop reading"))
    idle = _command(commands, "idle", _idle, "memory of idle members, and their joining")
    idle.add_argument("--members", type=int, default=9000)
    join = _command(commands, "join", _join, "a room that talks while thousands join")
    join.add_argument("--joiners", type=int, default=9000)
    long_record = commands.add_parser("record", help="what is asked of a long record")
    long_record.set_defaults(measure=_record)
    long_record.add_argument("--messages", type=int, default=1_000_000)
    long_record.add_argument("--results", type=Path, help="JSON file to write")
    faults = commands.add_parser("check", help="whether the generator notices a server's faults")
    faults.set_defaults(measure=_check)
    return parser


def _command(commands: Any, name: str, measure: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(measure=measure)
    parser.add_argument("--servers", type=_peers, default=_peers("huddle"), help=", ".join(PEERS))
    parser.add_argument("--pairs", type=int, default=5, help="how often they take turns")
    parser.add_argument("--results", type=Path, help="JSON file to write")
    return parser


def _peers(names: str) -> list[Peer]:
    unknown = set(names.split(",")) - set(PEERS)
    if unknown:
        raise argparse.ArgumentTypeError(f"no such server: {', '.join(sorted(unknown))}")
    return [PEERS[name] for name in names.split(",")]


def _fanout_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--speakers", "--senders", type=int, default=50)
    parser.add_argument("--in-flight", type=int, default=64, help="closed loop; 1: one at a time")
    parser.add_argument("--rate", type=float, default=0, help="open loop: messages a second")
    parser.add_argument("--bytes", type=int, default=64, help="length of a text")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--warm", type=float, default=0.5)
    parser.add_argument("--plot", type=Path, help="SVG file to write")


def _goals_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", type=int, nargs="*", help="numbers of the rows, from 1")
    parser.add_argument("--plot", type=Path, help="SVG file to write")


def _stopped_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--stopped", type=int, default=1)
    parser.add_argument("--speakers", "--senders", type=int, default=10)
    parser.add_argument("--bytes", type=int, default=1024)
    parser.add_argument("--megabytes", type=float, default=50, help="said while they are stopped")
    parser.add_argument("--stopped-for", type=float, default=0, help="seconds, instead of that")


def _present(peers: Sequence[Peer]) -> list[Peer]:
    for peer in peers:
        if absence := peer.absence():
            tell(absence)
    return [peer for peer in peers if not peer.absence()]


def _fanout(asked: argparse.Namespace) -> bool:
    load = Load(
        members=asked.members, speakers=asked.speakers, bytes=asked.bytes, rate=asked.rate,
        window=0 if asked.rate else asked.in_flight, seconds=asked.seconds, warm=asked.warm,
        latency_every=16 if asked.members >= 1000 and asked.in_flight > 1 else 1,
    )  # fmt: skip
    contenders = [Contender(peer.name, peer, load) for peer in _present(asked.servers)]
    rounds = paired.in_turn(contenders, asked.pairs)
    print(table.runs(rounds))
    first, *others = contenders
    for other in others:
        print(_ratio(rounds, first.name, other.name))
    if asked.results:
        results.save(asked.results, {"fanout": rounds})
    if asked.plot:
        plot.draw(asked.plot, [_bars(_titled(load), rounds)])
    return _nothing_lost(rounds)


def _ratio(rounds: Rounds, over: str, under: str) -> str:
    rates = paired.ratios(rounds, paired.rate, over, under)
    costs = paired.ratios(rounds, paired.cpu, over, under)
    shown = " ".join(f"{value:.2f}" for value in rates)
    return (
        f"{over} ÷ {under}: deliveries/s ×{paired.median(rates):.2f} ({shown}), "
        f"CPU per delivery ×{paired.median(costs):.2f}"
    )


def _titled(load: Load) -> str:
    flow = f"{load.rate:g} messages/s" if load.rate else f"{load.window} in flight"
    return f"{load.members:,} members, {load.speakers} speakers, {flow}"


def _bars(title: str, rounds: Rounds) -> plot.Bars:
    figures = []
    for name in rounds[0]:
        run = paired.median_run(rounds, name, paired.rate)
        figures.append((name, run.deliveries_per_second, run.cpu_us_per_delivery))
    return plot.Bars(title, figures)


def _nothing_lost(rounds: Rounds) -> bool:
    return all(
        not run.faults and run.recorded is not False for each in rounds for run in each.values()
    )


def _goals(asked: argparse.Namespace) -> bool:
    measured: list[goals.Measured] = []
    all_rounds: dict[str, Rounds] = {}
    rows = {number: row for number, row in enumerate(goals.ROWS, 1)}
    for number, row in rows.items():
        if asked.only is None or number in asked.only:
            tell(row.text)
            found, all_rounds[row.text] = goals.measure_row(row, asked.pairs)
            measured += found
    if asked.only is None or len(rows) + 1 in asked.only:
        found, all_rounds["10 members, one at a time"] = goals.measure_table_talk(asked.pairs)
        measured += found
    idle: list[Idle] = []
    if asked.only is None or len(rows) + 2 in asked.only:
        found, idle = goals.measure_idlers(asked.pairs)
        measured += found
    for text, rounds in all_rounds.items():
        print(f"\n{text}\n{table.runs(rounds)}")
    if idle:
        print(f"\n{table.idlers(idle)}")
    print(f"\n{table.goals(measured)}")
    if asked.results:
        results.save(asked.results, {"goals": measured, "rounds": all_rounds, "idle": idle})
    if asked.plot:
        plot.draw(asked.plot, [_bars(text, rounds) for text, rounds in all_rounds.items()])
    return goals.all_kept(measured) and all(map(_nothing_lost, all_rounds.values()))


def _stopped(asked: argparse.Namespace) -> bool:
    stop = stopped.Stop(
        members=asked.members, stopped=asked.stopped, speakers=asked.speakers, bytes=asked.bytes,
        megabytes=asked.megabytes, seconds=asked.stopped_for,
    )  # fmt: skip
    pairs = {
        peer.name: stopped.compare(peer, stop, asked.pairs) for peer in _present(asked.servers)
    }
    rows = [
        (name, text, f"{value:.2f}")
        for name, found in pairs.items()
        for text, value in stopped.verdict(found).items()
    ]
    print(table.aligned(("server", "figure", "median"), rows))
    if asked.results:
        results.save(asked.results, {"stopped": pairs})
    return all(not pair.with_stop.faults for found in pairs.values() for pair in found)


def _record(asked: argparse.Namespace) -> bool:
    found = record.measure_record(asked.messages)
    print(table.answers(found))
    if asked.results:
        results.save(asked.results, {"record": found})
    return True


def _check(asked: argparse.Namespace) -> bool:
    return check.check()


def _idle(asked: argparse.Namespace) -> bool:
    found = []
    for _ in range(asked.pairs):
        for peer in _present(asked.servers):
            found.append(measure_idle(peer, asked.members))
            tell(goals.told(found[-1]))
    print(table.idlers(found))
    if asked.results:
        results.save(asked.results, {"idle": found})
    return True


def _join(asked: argparse.Namespace) -> bool:
    pairs = {
        peer.name: storm.compare(peer, asked.joiners, asked.pairs)
        for peer in _present(asked.servers)
    }
    rows = [
        (
            name,
            f"{paired.median([each.joined_seconds for each, _ in found]):.2f}",
            f"{paired.median([each.latency['p99'] for each, _ in found]):,.0f}",
            f"{paired.median([each.latency['max'] for each, _ in found]):,.0f}",
            f"{paired.median([each.latency['p99'] for _, each in found]):,.0f}",
        )
        for name, found in pairs.items()
    ]
    head = ("server", "joined in s", "p99 µs", "slowest µs", "p99 µs without the storm")
    print(table.aligned(head, rows))
    if asked.results:
        results.save(asked.results, {"join": pairs})
    return all(not each.faults for found in pairs.values() for pair in found for each in pair)


if __name__ == "__main__":
    sys.exit(main())
