"""Where one stopped looking."""

from __future__ import annotations

from twisted.internet.task import Clock

from huddle.client.terminal.attention import IDLE, Attention


def test_who_is_looking_gets_no_rule() -> None:
    assert not Attention(Clock().seconds).rule_due()


def test_the_rule_is_drawn_once_an_absence() -> None:
    attention = Attention(Clock().seconds)
    attention.looked_away()
    assert not attention.looking
    assert [attention.rule_due() for _ in range(3)] == [True, False, False]
    attention.looked_away()
    assert not attention.rule_due()
    attention.looked()
    attention.looked_away()
    assert attention.rule_due()


def test_who_has_not_typed_for_long_is_somewhere_else() -> None:
    clock = Clock()
    attention = Attention(clock.seconds)
    clock.advance(IDLE - 1)
    assert attention.looking
    clock.advance(1)
    assert attention.rule_due()
    attention.looked()
    assert attention.looking


def test_what_came_between_two_runs_was_missed() -> None:
    attention = Attention(Clock().seconds, away=True)
    assert attention.rule_due()
