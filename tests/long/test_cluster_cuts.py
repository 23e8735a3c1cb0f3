"""Cables between three machines are pulled while people talk, and nothing is lost.

How long anybody stands still is told by ``python -m benchmarks cluster cuts``.
"""

from __future__ import annotations

from pathlib import Path

from tests.cluster.switched_network import switched_network
from tests.lost.cut_network import CutNetwork


def test_nothing_is_lost_whichever_machine_hears_the_others_no_more(tmp_path: Path) -> None:
    """Row: the network of a node is cut. Row: two nodes do not hear each other."""
    with switched_network(3) as network:
        cut = CutNetwork(network, tmp_path)
        try:
            kinds = [each.kind for each in cut.goes_through_all()]
        finally:
            cut.end()
    assert len(kinds) == 4
    assert not cut.faults
    # Behind each cut those who were held up are heard; what is said beside it takes a processor.
    assert cut.messages >= 2 + 2 + 6 + 2
