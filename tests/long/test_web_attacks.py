"""What attacks by the door for browsers take of a real server's memory, while they last."""

from __future__ import annotations

import pytest

from benchmarks.hostile.arena import Arena
from benchmarks.hostile.attack import CONNECTIONS, Attack
from benchmarks.hostile.web_attacks import BY_THE_WEB
from benchmarks.runs.run import watched_memory
from tests.real.conftest import Start

# Who attacks closes nothing.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

MIB = 1 << 20
MOST = 2 * MIB
SECONDS = 4.0

NAMED = (
    "a frame of 1 GiB",
    "100,000 fragments",
    "300,000 pings",
    "1,000 heads",
)
ATTACKS = [attack for attack in BY_THE_WEB if any(name in attack.name for name in NAMED)]


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMED)
def test_an_attack_takes_no_more_than_two_mebibytes(start: Start, attack: Attack) -> None:
    server = start("--history", "none", "--web", "0")
    arena = Arena(server.port, SECONDS, web_port=int(server.address(1)[1]))
    arena.talkers(CONNECTIONS, "127.0.8.1")  # what as many who only talk take is no attack's
    with watched_memory(server.process.pid, every=0.05) as most:
        before = most()
        attack.peers(arena)
    taken = (most() - before) * 1024
    assert taken <= MOST, f"{taken / MIB:.1f} MiB"
