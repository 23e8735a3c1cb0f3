"""What the log refuses is an error that the house knows, and can word."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import huddle.cluster
from huddle.cluster.effects import VOID, Refused
from huddle.cluster.refusals import error
from huddle.protocol.errors import Banned, NickTaken, NotRecorded, TooFast

FOLDER = Path(huddle.cluster.__file__).parent


def refusals() -> Iterator[tuple[str, int]]:
    """The code of each refusal that any rule gives, and how many details it has."""
    for path in (*FOLDER.glob("*.py"), *FOLDER.glob("rules/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"):
                continue
            code, *details = node.args
            assert isinstance(code, ast.Constant)
            count = len(details[0].elts) if details and isinstance(details[0], ast.Tuple) else 0
            yield str(code.value), count


@pytest.mark.parametrize(("code", "count"), sorted(set(refusals()) - {("void", 0)}))
def test_every_refusal_of_the_rules_is_an_error_with_its_details(code: str, count: int) -> None:
    refused = error(Refused(code, tuple(str(n) for n in range(count))), lambda nick: f"{nick}2")
    assert refused.code == code


def test_of_several_with_one_code_it_is_the_plain_one() -> None:
    taken = error(Refused("nick-taken", ("ana",)), lambda nick: f"{nick}2")
    assert type(taken) is NickTaken
    assert (taken.nick, taken.suggest) == ("ana", "ana2")


def test_what_ends_never_has_no_end() -> None:
    for until, told in ((0, None), (5, 5)):
        banned = error(Refused("banned", ("huddle", until, "loud")), str)
        assert isinstance(banned, Banned)
        assert banned.until == told
    fast = error(Refused("too-fast", (1.5,)), str)
    assert isinstance(fast, TooFast)
    assert fast.wait == 1.5


def test_what_came_too_late_is_not_recorded() -> None:
    assert isinstance(error(VOID, str), NotRecorded)
