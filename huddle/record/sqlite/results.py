"""What the threads of the record tell the reactor's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.record import Extent


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody waits for, or the `Failure` of it."""

    waiting: Deferred[Any]
    result: object

    def give(self) -> None:
        """Only in the reactor's thread."""
        if isinstance(self.result, Failure):
            self.waiting.errback(self.result)
        else:
            self.waiting.callback(self.result)


@dataclass(frozen=True, slots=True)
class News:
    """What is held of these rooms from now on, and then the answers, in order."""

    answers: list[Answer] = field(default_factory=list)
    extents: dict[str, Extent] = field(default_factory=dict)


Tell = Callable[[News], object]
"""Hands news over to the reactor's thread."""

Report = Callable[[str, str], object]
"""Told what whoever runs the server should know: a code, and what is known beside it.

``failing`` (what SQLite says): messages cannot be recorded · ``recovered`` · ``log-large`` (its
bytes): somebody has been reading the database in one transaction for long.
"""
