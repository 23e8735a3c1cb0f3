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
    for fault in cut.faults:
        tell(fault)
    title = f"The network is cut while {cut.messages:,} lines are said; faults: {len(cut.faults)}"
    return Report(
        name="cluster-cuts",
        tables=[Table(title, HEAD, [row(each) for each in cuts])],
        found={"cuts": cuts, "messages": cut.messages, "faults": cut.faults},
        good=not cut.faults,
    )


def row(cut: Cut) -> Sequence[str]:
    """One row of the table, in seconds; nothing where no node was isolated."""
    seconds = (cut.majority_stood_still, cut.refused_after, cut.level_after)
    return cut.kind, *("" if each < 0 else f"{each:.1f}" for each in seconds)
