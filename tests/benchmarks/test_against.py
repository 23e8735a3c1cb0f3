"""What a change costs is told by the median of the rounds' ratios, on the side that is worse."""

from pathlib import Path

from benchmarks import against, goals
from benchmarks.peers import PEERS
from benchmarks.peers.huddle import of_checkout


def test_a_rate_may_not_fall_nor_a_cost_rise_by_more_than_three_percent() -> None:
    fallen = against.measured("a load", "deliveries/s", True, [0.96, 0.96, 1.2])
    risen = against.measured("a load", "CPU per delivery", False, [1.04, 1.04, 0.8])
    kept = against.measured("a load", "CPU per delivery", False, [1.02, 1.3, 0.9])
    assert not goals.all_kept([fallen])
    assert not goals.all_kept([risen])
    assert goals.all_kept([kept])


def test_a_p99_is_told_and_holds_nothing_up() -> None:
    assert goals.all_kept([against.measured("a load", "p99", False, [3.0])])


def test_the_other_checkout_runs_its_own_code_in_its_own_environment(tmp_path: Path) -> None:
    for name, peer in of_checkout(tmp_path).items():
        assert peer.name == f"{name}-before"
        assert peer.checkout == tmp_path
        assert peer.command(tmp_path, 1)[0] == str(tmp_path / ".venv" / "bin" / "twistd")
        assert peer.command(tmp_path, 1)[1:] == PEERS[name].command(tmp_path, 1)[1:]


def test_every_load_that_a_huddle_is_under_is_compared() -> None:
    peers = [name for _, name, _ in against.loads()]
    assert set(peers) <= set(PEERS)
    assert {"huddle", "huddle-none", "huddle-json"} <= set(peers)
