"""Is the link alive?"""

from __future__ import annotations

from huddle.client.session.keepalive import PATIENCE, QUIET, Beat, Keepalive


def test_nothing_is_due_before_the_watch_begins() -> None:
    pulse = Keepalive()
    assert pulse.deadline is None
    assert pulse.beat(1e9) is Beat.NOTHING


def test_after_a_quiet_while_it_asks_once_and_then_gives_up() -> None:
    pulse = Keepalive()
    pulse.heard(100)
    assert pulse.beat(100 + QUIET - 0.1) is Beat.NOTHING
    assert pulse.beat(100 + QUIET) is Beat.PING
    assert pulse.beat(100 + QUIET) is Beat.NOTHING
    assert pulse.beat(100 + QUIET + PATIENCE) is Beat.DEAD


def test_an_answer_begins_the_watch_anew() -> None:
    pulse = Keepalive()
    pulse.heard(100)
    pulse.beat(100 + QUIET)
    pulse.heard(107)
    assert pulse.deadline == 107 + QUIET
    assert pulse.beat(107 + QUIET) is Beat.PING


def test_a_program_that_was_stopped_for_an_hour_asks_before_it_gives_up() -> None:
    pulse = Keepalive()
    pulse.heard(100)
    assert pulse.beat(3700) is Beat.PING
    assert pulse.beat(3700 + PATIENCE - 0.1) is Beat.NOTHING


def test_nothing_is_due_after_the_watch_has_ended() -> None:
    pulse = Keepalive()
    pulse.heard(100)
    pulse.stop()
    assert pulse.beat(1e9) is Beat.NOTHING
