"""Three machines whose cables are pulled while people talk: who stands still, and for how long.

The machines are network namespaces, with a member of etcd and a node on each
(`tests.lost.cut_network`).
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import Report
from benchmarks.runs.disk import folder
from benchmarks.runs.paired import tell
from benchmarks.table import Table
from tests.cluster.switched_network import switched_network
from tests.lost.cut_network import Cut, CutNetwork

HEAD = ("what is cut", "the majority stands still", "the isolated refuses after", "level after")
MOST_STILL = 3.0
"""Seconds for which those may stand still who have a majority."""
MOST_REFUSED = 12.0
"""Seconds after which what is said on an isolated node is refused, ten of them by its own count."""
MOST_LEVEL = 5.0
"""Seconds after its healing in which an isolated node is level."""


def cluster_cuts(asked: argparse.Namespace) -> Report:
    """Pull the cables between three machines, and see whether anything is lost, and who stands
    still. Needs root."""
    cuts: list[Cut] = []
    with tempfile.TemporaryDirectory(dir=folder()) as place, switched_network(3) as network:
        cut = CutNetwork(network, Path(place), asked.seed)
        try:
            for each in cut.goes_through_all():
                tell(each.kind)
                cuts.append(each)
        finally:
            cut.end()
    missed = [each for cut in cuts for each in too_long(cut)]
    for fault in (*cut.faults, *missed):
        tell(fault)
    title = f"The network is cut while {cut.messages:,} lines are said; faults: {len(cut.faults)}"
    return Report(
        name="cluster-cuts",
        tables=[Table(title, HEAD, [row(each) for each in cuts])],
        found={"cuts": cuts, "messages": cut.messages, "faults": cut.faults},
        good=not cut.faults and not missed,
    )


def too_long(cut: Cut) -> list[str]:
    """Which bounds a cut missed, in words; a flapping cable has none for being level again."""
    isolates = cut.refused_after >= 0
    lasted = (
        ("the majority stood still", cut.majority_stood_still, MOST_STILL),
        ("the isolated node refused after", cut.refused_after, MOST_REFUSED),
        ("it was level after", cut.level_after if isolates else -1, MOST_LEVEL),
    )
    return [
        f"{cut.kind}: {what} {seconds:.1f} s, more than {most:.0f}"
        for what, seconds, most in lasted
        if seconds > most
    ]


def row(cut: Cut) -> Sequence[str]:
    """One row of the table, in seconds; nothing where no node was isolated."""
    seconds = (cut.majority_stood_still, cut.refused_after, cut.level_after)
    return cut.kind, *("" if each < 0 else f"{each:.1f}" for each in seconds)
