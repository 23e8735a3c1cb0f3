"""Huddle and its peers, measured as real processes on this machine."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import measurements
from benchmarks.clients import measurements as of_clients
from benchmarks.cluster import measurements as of_clusters
from benchmarks.peers import PEERS
from benchmarks.peers.peer import Peer
from benchmarks.report import Report
from benchmarks.runs.load import LoadError
from benchmarks.runs.paired import tell
from benchmarks.runs.processes import LOAD_CORE, StartError, idle_share, pin_self, raise_open_files

QUIET = 0.9
"""Share of the machine that should be idle before anything is measured."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; return 1 when a delivery was lost or a bound was missed."""
    asked = _parser().parse_args(arguments)
    raise_open_files()
    if (idle := idle_share()) < QUIET:
        tell(f"this machine is not quiet ({idle:.0%} idle): only ratios say something")
    if asked.core is not None:
        pin_self(asked.core)
    try:
        report: Report = asked.measure(asked)
    except (StartError, LoadError) as failure:
        tell(f"benchmarks: {failure}")
        return 1
    _hand_over(report, asked)
    return 0 if report.good else 1


def _hand_over(report: Report, asked: argparse.Namespace) -> None:
    report.show()
    if asked.results:
        report.save(asked.results)
    if asked.document:
        report.write_into(asked.document)
    if asked.plot:
        report.draw(asked.plot)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="what")
    _fanout_options(_command(commands, "fanout", measurements.fanout))
    _goals_options(_command(commands, "goals", measurements.all_goals))
    _goals_options(_command(commands, "floors", measurements.all_floors))
    against = _command(commands, "against", measurements.this_against)
    against.add_argument("checkout", type=Path, help="another checkout, with its .venv")
    _goals_options(against)
    hostile = _command(commands, "hostile", measurements.hostile_peers)
    _goals_options(hostile)
    hostile.add_argument("--commands", action="store_true", help="by each command, instead")
    _stopped_options(_command(commands, "stopped", measurements.stopped_cases))
    idle = _command(commands, "idle", measurements.idle_members)
    idle.add_argument("--members", type=int, default=9000)
    join = _command(commands, "join", measurements.joining)
    join.add_argument("--joiners", type=int, default=9000)
    record = _command(commands, "record", measurements.long_record)
    record.add_argument("--messages", type=int, default=1_000_000)
    cluster = _command(commands, "cluster", of_clusters.cluster_whole)
    cluster.set_defaults(core=None)  # what it starts would keep to that core as well
    cluster.add_argument(
        "what", nargs="?", choices=["log", "nodes", "storm", "cuts", "start"], default="log"
    )
    cluster.add_argument("--kept", type=int, default=1_000_000, help="messages before the start")
    cluster.add_argument("--strikes", type=int, default=100, help="of the storm")
    cluster.add_argument("--seed", type=int, default=1, help="of the storm")
    cluster.add_argument("--members", type=int, default=500, help="on each of the nodes")
    cluster.add_argument("--messages", type=int, default=2048, help="said to the nodes")
    cluster.add_argument("--times", type=int, default=1000, help="batches of each size")
    _command(commands, "client", of_clients.clients)
    _command(commands, "page", of_clients.the_page).set_defaults(core=None)
    _command(commands, "check", measurements.faults)
    return parser


def _command(
    commands: Any, name: str, measure: Callable[[argparse.Namespace], Report]
) -> argparse.ArgumentParser:
    text = (measure.__doc__ or "").strip()
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=text.replace("%", "%%"), description=text
    )
    parser.set_defaults(measure=measure, core=LOAD_CORE)
    parser.add_argument("--servers", type=_peers, default=_peers("huddle"), help=", ".join(PEERS))
    parser.add_argument("--pairs", type=int, default=5, help="how often they take turns")
    parser.add_argument("--results", type=Path, help="JSON file to write")
    parser.add_argument("--document", type=Path, help="Markdown file with a section for this")
    parser.add_argument("--plot", type=Path, help="SVG file to write")
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


def _goals_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", type=int, nargs="*", help="numbers of the rows, from 1")


def _stopped_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--members", type=int, help="a case of your own, on one server")
    parser.add_argument("--stopped", type=int, default=1)
    parser.add_argument("--speakers", "--senders", type=int, default=10)
    parser.add_argument("--bytes", type=int, default=1024)
    parser.add_argument("--megabytes", type=float, default=50, help="said while they are stopped")
    parser.add_argument("--stopped-for", type=float, default=0, help="seconds, instead of that")


if __name__ == "__main__":
    sys.exit(main())
