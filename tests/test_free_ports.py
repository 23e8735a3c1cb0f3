"""Nobody is given a port that somebody else was given, who may bind it yet."""

from __future__ import annotations

import secrets
import subprocess
import sys

import pytest

from tests.free_ports import LOWEST, free_port
from tests.real.server import environment

ASKED = """
import secrets, sys
from tests.free_ports import free_port
drawn = iter(map(int, sys.argv[1:]))
secrets.randbelow = lambda _: next(drawn)
print(free_port())
"""
"""What asks for a port, and is told by the arguments what it draws."""


def test_a_port_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given = free_port() - LOWEST
    drawn = iter([given, given])
    monkeypatch.setattr(secrets, "randbelow", lambda _: next(drawn))
    with pytest.raises(StopIteration):
        free_port()


def test_nor_is_it_given_to_another_process() -> None:
    given = str(free_port() - LOWEST)
    asked = subprocess.run(
        [sys.executable, "-c", ASKED, given, given], env=environment(), capture_output=True
    )
    assert b"StopIteration" in asked.stderr
