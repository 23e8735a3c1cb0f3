"""Tests wait in one way, and pause in none other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import patience
from tests.patience import until

TESTS = Path(__file__).parent
PAUSES = re.compile(r"\bsleep\((?!\d+\)\")|\bdeferLater\((?!reactor, 0\))")
"""A call that lets time pass; a child that is told to is in quotes, and a turn is no time."""


def test_nothing_pauses_but_by_the_one_way() -> None:
    pausing = {
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("*.py")
        if PAUSES.search(path.read_text("utf-8"))
    }
    assert pausing == {"patience.py"}


def test_what_never_comes_is_complained_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.0)
    with pytest.raises(AssertionError, match="no bob at all"):
        until(lambda: False, lambda: "no bob at all")


def test_what_holds_is_looked_at_once() -> None:
    looks = iter([True])
    until(lambda: next(looks))
