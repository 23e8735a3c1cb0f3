"""The measurements of several nodes as the command line asks for them: options in, a report out."""

import argparse

from benchmarks.cluster import cuts, log, nodes, start
from benchmarks.report import Report
from benchmarks.runs.paired import tell
from benchmarks.table import Table

CLUSTER_HEAD = (
    "messages a batch", "KiB", "bare p50 ms", "p99", "adapter p50 ms", "p99", "delivered p50 ms",
    "p99", "p50 ÷ bare", "messages/s",
)  # fmt: skip

STALL_HEAD = ("while", "seconds, the median", "at the most")
NODES_HEAD = ("bare p50", "p99", "to all p50", "p99", "p50 ratio", "p99 ratio")
COSTS_HEAD = (
    "nodes × members", "all nodes", "a node without members", "against the first", "from … to",
)  # fmt: skip
CLUSTER_STORM_HEAD = ("messages", "strikes", "cuts", "faults", "seconds")


def cluster_whole(asked: argparse.Namespace) -> Report:
    """Measure the log of a cluster (log), or what a message costs its nodes (nodes), or see whether
    anything is lost when nodes are killed (storm), or the network between them is cut (cuts), or
    how soon a new node is level (start)."""
    ways = {
        "storm": cluster_storm,
        "cuts": cuts.cluster_cuts,
        "log": cluster_log,
        "nodes": cluster_nodes,
        "start": start.cluster_start,
    }
    return ways[asked.what](asked)


def cluster_nodes(asked: argparse.Namespace) -> Report:
    """Measure until when one message has reached everybody on three nodes, beside the engine's bare
    append, and what one costs one node, four of them, and one that has the members of all four, in
    processor time; and one server, and four that have nothing to do with each other. These tell
    what of the difference is this machine's, on which all share the cores and their caches. They
    take turns (--pairs), and each ratio is one of the same turn; the median of all is shown."""
    nodes.raise_open_files()
    whole, bare = nodes.latencies(3, asked.times)
    houses = (1, asked.members), (4, asked.members), (1, 4 * asked.members)
    costs, apart = list[list[nodes.Costs]](), list[list[nodes.Costs]]()
    for _ in range(asked.pairs):
        costs.append([nodes.costs(count, members, asked.messages) for count, members in houses])
        apart.append([nodes.apart(count, asked.members, asked.messages) for count in (1, 4)])
    times = [log.quantiles(samples) for samples in (bare, whole)]
    row = [f"{value:.2f}" for pair in times for value in pair]
    row += [f"{times[1][at] / times[0][at]:.2f}" for at in (0, 1)]
    return Report(
        name="cluster-nodes",
        tables=[
            Table("One message to all of three nodes, ms", NODES_HEAD, [row]),
            Table("Processor time of a message, µs", COSTS_HEAD, nodes.cost_rows(costs)),
            Table("The same of servers on their own", COSTS_HEAD, nodes.cost_rows(apart)),
        ],
        found={"whole": whole, "bare": bare, "costs": costs, "apart": apart},
        good=True,
    )


def cluster_storm(asked: argparse.Namespace) -> Report:
    """Kill nodes and machines of their engine, again and again, and see whether anything is lost,
    twice or in another order, and whether each node's state is that of a replay."""
    seen, seconds = log.rage(asked.strikes, asked.seed)
    counts = (seen.strikes, seen.cuts, len(seen.faults))
    row = (f"{seen.messages:,}", *map(str, counts), f"{seconds:.0f}")
    for fault in seen.faults:
        tell(fault)
    return Report(
        name="cluster-storm",
        tables=[Table("Three nodes and their engine are killed", CLUSTER_STORM_HEAD, [row])],
        found={"storm": seen, "seconds": seconds},
        good=not seen.faults,
    )


def cluster_log(asked: argparse.Namespace) -> Report:
    """Measure what a batch in the log of a cluster costs, beside the engine's bare append, and for
    how long nothing is delivered when the engine's leader is struck."""
    appended, stalls = log.measure_cluster(asked.times, asked.pairs)
    return Report(
        name="cluster",
        tables=[
            Table("One batch after the other", CLUSTER_HEAD, log.rows(appended)),
            Table("Nothing is delivered for", STALL_HEAD, log.stall_rows(stalls)),
        ],
        found={"appended": appended, "stalls": stalls},
        good=True,
    )
