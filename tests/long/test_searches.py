"""What the suite searches for in a few examples is searched for here in many more."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from twisted.python.failure import Failure

from tests.client.session.test_session_model import SEARCH
from tests.client.session.test_session_model import Talk as TalkOfClients
from tests.conversations.test_model import ForgetfulTalk, Talk, find_nothing
from tests.doors.test_random_requests import ask_anything
from tests.record.test_stateful import DurableModel, RecordModel
from tests.server.clustered.test_model import CutOffTalk
from tests.server.clustered.test_model_mutants import find_out, without_fencing
from tests.server.node.test_founded_by_chance import begin_anew_after


@pytest.mark.parametrize("talk", [Talk, ForgetfulTalk])
def test_nothing_is_lost_doubled_or_out_of_order(
    talk: type[Talk], logged_failures: list[Failure]
) -> None:
    find_nothing(talk, "usual", logged_failures)


def test_a_talk_of_clients_is_as_the_model_says() -> None:
    run_state_machine_as_test(TalkOfClients, settings=settings(SEARCH, max_examples=200))


@pytest.mark.parametrize("model", [RecordModel, DurableModel], ids=["memory", "sqlite"])
def test_a_record_is_as_the_model_says(model: type[RecordModel]) -> None:
    many = settings(max_examples=60, stateful_step_count=30)
    run_state_machine_as_test(model, settings=many)


def test_the_model_of_two_nodes_finds_out_that_nobody_is_fenced_off(
    monkeypatch: pytest.MonkeyPatch, logged_failures: list[Failure]
) -> None:
    without_fencing(monkeypatch)
    find_out(CutOffTalk, "is recorded as|has not got all", logged_failures)


@pytest.mark.parametrize("seed", [4, 7])
def test_what_is_made_of_a_nodes_record_is_what_its_log_says(seed: int) -> None:
    begin_anew_after(seed)


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_house_that_is_asked_anything_is_sound_at_every_rest(seed: int) -> None:
    ask_anything(seed)
