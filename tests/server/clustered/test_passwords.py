"""A session of an older password is opened by the new one, on whichever node, and by no other."""

from __future__ import annotations

import pytest

from tests.two_nodes import TwoNodes
from tests.world import Program

OLD, NEW = "secreto-uno", "secreto-dos"


def code(program: Program) -> str | None:
    """The code of what a program was answered at the door; None where it was let in."""
    answers = [each for each in program.reads() if each["type"] in ("welcome", "error")]
    return None if answers[-1]["type"] == "welcome" else str(answers[-1]["code"])


@pytest.mark.parametrize("comes_to", ["a", "b"])
def test_a_session_of_an_older_password_wants_the_new_one(comes_to: str) -> None:
    two = TwoNodes()
    ana = two.a.person("ana")
    ana.says(f"/register {OLD}")
    bot = two.a.program("ana", secret="bot", password=OLD)
    bot.cut()
    ana.says(f"/password {OLD} {NEW}")
    there = two.a if comes_to == "a" else two.b
    assert code(bot.again(there)) == "password-needed"
    assert code(bot.again(there, password=OLD)) == "wrong-password"
    assert code(bot.again(there, password=NEW)) is None
