"""One entry on its way into the log, over a wire in memory: what is known of it, and when."""

from __future__ import annotations

import pytest
from twisted.python.failure import Failure

from huddle.cluster.etcd.appending import Appending
from huddle.cluster.etcd.gateway import DEADLINE, SILENT
from huddle.cluster.log import NotAppended, OutcomeUnknown
from tests.cluster.etcd.wire import Asked, Wire

A, B, C = "http://a:1", "http://b:2", "http://c:3"
TAKEN = {"header": {"revision": "7"}, "succeeded": True}
OTHER_HOUSE = {"header": {"revision": "7"}}


class Appended:
    """An entry that is appended over a wire; every pause has its whole length.

    An append usually takes so many seconds on this engine. Where that is long, no endpoint is asked
    before the one before has answered, or its deadline is over.
    """

    def __init__(self, usual: float = 1.0) -> None:
        self.wire = Wire(A, B, C)
        self.wire.gateway.usual = usual
        self.heard: list[Exception | None] = []
        self.appending = Appending(self.wire.gateway, b"{}", lambda most: most, self.heard.append)
        self.position = self.appending.position

    def is_late(self) -> str:
        """The endpoint has the request, and does not answer in time; which one that is."""
        endpoint = self.wire.asked().endpoint
        self.wire.reactor.advance(DEADLINE + 0.1)
        return endpoint

    def is_silent(self) -> Asked:
        """The endpoint has the request, and is silent for so long that the next one is asked."""
        asked = self.wire.asked()
        self.wire.reactor.advance(SILENT + 0.01)
        return asked

    def asks_no_more(self) -> None:
        """Whatever waits, no endpoint is connected to any more."""
        before = len(self.wire.reactor.tcpClients)
        self.wire.reactor.advance(10 * DEADLINE)
        assert len(self.wire.reactor.tcpClients) == before

    def is_refused(self) -> None:
        self.wire.asked().refuses(8, "etcdserver: mvcc: database space exceeded")

    def cancelled(self) -> type[BaseException] | None:
        """What it fails with when it is given up now."""
        self.position.cancel()
        return self.failed()

    def failed(self) -> type[BaseException] | None:
        """What it has failed with."""
        failures: list[Failure] = []
        self.position.addErrback(failures.append)
        return failures[0].type


def test_it_fires_with_the_position() -> None:
    appended = Appended()
    asked = appended.wire.asked()
    assert asked.path == "/v3/kv/txn"
    asked.answers(TAKEN)
    assert appended.position.result == 7 and appended.heard == [None]


def test_it_goes_on_at_the_other_endpoints_until_it_is_known() -> None:
    appended = Appended()
    assert [appended.is_late() for _ in range(3)] == [A, B, C]
    assert not appended.position.called
    appended.wire.reactor.advance(0.6)
    appended.wire.asked().answers(TAKEN)
    assert appended.position.result == 7
    assert [trouble is None for trouble in appended.heard] == [False, False, False, True]


def test_it_breathes_once_every_endpoint_was_asked() -> None:
    appended = Appended()
    appended.wire.down = {A, B, C}
    for _ in range(3):
        appended.wire.connect()
    appended.wire.connect()
    assert len(appended.heard) == 3 and not appended.wire.reactor.tcpClients
    appended.wire.reactor.advance(0.6)
    assert len(appended.wire.reactor.tcpClients) == 1
    assert appended.cancelled() is OutcomeUnknown


def test_who_gives_up_what_is_on_its_way_cannot_know() -> None:
    appended = Appended()
    appended.wire.asked()
    assert appended.cancelled() is OutcomeUnknown


def test_what_was_refused_again_and_again_is_surely_not_there() -> None:
    appended = Appended()
    for _ in range(3):
        appended.is_refused()
    assert appended.cancelled() is NotAppended


def test_a_refusal_says_nothing_of_an_attempt_before_it() -> None:
    appended = Appended()
    appended.is_late()
    appended.is_refused()
    appended.is_refused()
    assert appended.cancelled() is OutcomeUnknown


@pytest.mark.parametrize(("before", "outcome"), [(0, NotAppended), (1, OutcomeUnknown)])
def test_the_log_of_another_house_ends_it(before: int, outcome: type[Exception]) -> None:
    appended = Appended()
    for _ in range(before):
        appended.is_late()
    appended.wire.asked().answers(OTHER_HOUSE)
    assert appended.failed() is outcome


def test_while_one_is_silent_the_others_are_asked_in_turn_and_the_first_answer_counts() -> None:
    appended = Appended(usual=0.003)
    silent = [appended.is_silent() for _ in range(3)]
    assert [each.endpoint for each in silent] == [A, B, C]
    assert not appended.wire.all_asked()  # none is asked twice at once
    assert not appended.position.called and not appended.heard
    silent[2].answers(TAKEN)
    assert appended.position.result == 7 and appended.heard == [None]
    appended.asks_no_more()
    assert [each.transport.connected for each in silent] == [False, False, True]


def test_the_one_that_answers_while_another_is_silent_has_its_turn() -> None:
    appended = Appended(usual=0.003)
    gateway, left = appended.wire.gateway, list[str]()
    gateway.on_left.append(left.append)
    appended.is_silent()
    appended.wire.asked().answers(TAKEN)
    assert (gateway.endpoint, left) == (B, [A])


def test_one_that_is_slow_once_and_answers_first_keeps_its_turn() -> None:
    appended = Appended(usual=0.003)
    gateway, left = appended.wire.gateway, list[str]()
    gateway.on_left.append(left.append)
    slow = appended.is_silent()
    appended.wire.asked()
    slow.answers(TAKEN)
    assert (gateway.endpoint, left) == (A, [])
    appended.asks_no_more()


def test_an_engine_that_is_always_slow_is_not_asked_more_often() -> None:
    appended = Appended(usual=0.2)
    appended.wire.asked()
    appended.wire.reactor.advance(0.7)
    assert appended.wire.all_asked() == []
    appended.wire.reactor.advance(0.2)
    assert appended.wire.asked().endpoint == B


def test_what_is_usual_follows_what_the_attempts_take_that_are_answered() -> None:
    usual = 0.1
    for seconds in (0.1, 0.2, 0.0):
        appended = Appended(usual)
        asked = appended.wire.asked()
        appended.wire.reactor.advance(seconds)
        asked.answers(TAKEN)
        assert appended.wire.gateway.usual == pytest.approx(usual + (seconds - usual) / 5)
        usual = appended.wire.gateway.usual


@pytest.mark.parametrize("answered", [0, 1])
def test_while_another_attempt_is_under_way_a_refusal_does_not_say_what_became_of_it(
    answered: int,
) -> None:
    appended = Appended(usual=0.003)
    asked = [appended.is_silent(), appended.wire.asked()]
    asked[answered].refuses(8)
    assert not appended.position.called
    assert appended.cancelled() is OutcomeUnknown


def test_what_two_endpoints_have_refused_that_were_asked_at_once_is_surely_not_there() -> None:
    appended = Appended(usual=0.003)
    for asked in (appended.is_silent(), appended.wire.asked()):
        asked.refuses(8)
    appended.is_refused()
    assert appended.cancelled() is NotAppended


def test_another_house_behind_a_silent_attempt_leaves_it_open() -> None:
    appended = Appended(usual=0.003)
    appended.is_silent()
    appended.wire.asked().answers(OTHER_HOUSE)
    assert appended.failed() is OutcomeUnknown
