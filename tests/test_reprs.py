"""What is made of its parts, and is no value, does not print them all.

A dataclass writes a ``repr`` of its fields. Of a session or a connection those are the whole house,
and what people said: it would stand in each log and traceback that names one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.test_floors import MODULES

ERRORS = "huddle.protocol.errors"
"""Errors are compared as exceptions are, and print what they are about."""


def printed(source: str) -> Iterator[str]:
    """The dataclasses of a module that are compared by what they are, and print what they have."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and "Exception" not in map(ast.unparse, node.bases):
            for decorator in map(ast.unparse, node.decorator_list):
                if "eq=False" in decorator and "repr=False" not in decorator:
                    yield node.name


def test_what_is_no_value_does_not_print_its_parts() -> None:
    found = [
        f"{module}.{name}"
        for module, path in MODULES.items()
        if module != ERRORS
        for name in printed(path.read_text())
    ]
    assert not found


def test_one_that_does_is_found() -> None:
    assert list(printed("@dataclass(slots=True, eq=False)\nclass A: ...")) == ["A"]
    assert not list(printed("@dataclass(eq=False, repr=False)\nclass A: ..."))
