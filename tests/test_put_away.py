"""One test that fails does not have its neighbours fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from twisted.internet.task import Clock

from tests.patience import PATIENCE
from tests.put_away import put_away

ROOT = Path(__file__).parent.parent
FIXTURES = "from tests.conftest import dropped_failures, logged_failures, reactor_left_clean"
PROBE = """
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP4ServerEndpoint
from twisted.internet.protocol import Factory, Protocol

from tests.client.in_reactor import in_reactor
from tests.patience import lasts_in_reactor

woken = []


class Follower(Protocol):
    '''As one of the engine: it has a deadline, and when its connection is lost it asks again.'''

    def connectionMade(self):
        from twisted.internet import reactor

        self.deadline = reactor.callLater(0.02, woken.append, "deadline")

    def connectionLost(self, reason):
        woken.append("lost")
        self.deadline.cancel()
        self.asks_again()

    def asks_again(self):
        from twisted.internet import reactor

        reactor.callLater(0.01, self.asks_again)


@in_reactor
async def test_that_fails():
    from twisted.internet import reactor

    taken = []

    class Server(Protocol):
        def connectionMade(self):
            taken.append(self)

    port = await TCP4ServerEndpoint(reactor, 0).listen(Factory.forProtocol(Server))
    there = TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
    follower = await there.connect(Factory.forProtocol(Follower))
    while not taken:
        await lasts_in_reactor(0)
    taken[0].transport.loseConnection()
    assert False, "by itself"


@in_reactor
async def test_behind_it():
    await lasts_in_reactor(0.1)
    assert not woken


@in_reactor
async def test_behind_that():
    from twisted.internet import reactor

    assert not reactor.getDelayedCalls()
"""


def test_what_a_failed_test_leaves_in_the_reactor_reaches_no_other(tmp_path: Path) -> None:
    """Only what it has left itself is told of it."""
    (tmp_path / "conftest.py").write_text(FIXTURES)
    (tmp_path / "test_probe.py").write_text(PROBE)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", "-rA"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=PATIENCE,
        capture_output=True, text=True,
    )  # fmt: skip
    lines = [line.partition(" - ")[0] for line in ran.stdout.splitlines()]
    told = [line for line in lines if " test_probe.py" in line]
    assert sorted(told) == [
        "ERROR test_probe.py::test_that_fails",
        "FAILED test_probe.py::test_that_fails",
        "PASSED test_probe.py::test_behind_it",
        "PASSED test_probe.py::test_behind_that",
    ], ran.stdout
    assert "by itself" in ran.stdout and "still open: " in ran.stdout


def test_who_has_a_call_that_was_put_away_may_still_cancel_it_or_put_it_off() -> None:
    clock, called = Clock(), list[str]()
    call = clock.callLater(1, called.append, "called")
    put_away([], [call])
    call.reset(2)
    call.delay(3)
    call.cancel()
    clock.advance(9)
    assert not called and not call.active() and not clock.getDelayedCalls()
