"""Refusals: what the log refuses, as the error that the person who asked is told.

In the log a refusal is a code and a few plain values, the same on every node and for all time; the
node whose member it is makes one of `huddle.protocol.errors` of it, and words that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from huddle.cluster.effects import VOID, Refused
from huddle.protocol import errors
from huddle.protocol.errors import Banned, HuddleError, Muted, NickTaken, NotRecorded

NOT_HERE = frozenset(("replaced", "session-unknown"))
"""What is refused of a session that another node has by then, or that is over: it was not here."""

_ENDING = (Banned, Muted)
"""The errors whose second field is when the restriction ends: 0 is never."""


def error(refused: Refused, suggest: Callable[[str], str]) -> HuddleError:
    """The error that this refusal is; ``suggest`` finds a free nick like the one that is taken.

    What came too late to mean anything (`VOID`) is `NotRecorded`: nothing of it was.
    """
    if refused == VOID:
        return NotRecorded()
    kind, details = _KINDS[refused.code], list(refused.details)
    if issubclass(kind, NickTaken):
        details.append(suggest(str(details[0])))
    elif issubclass(kind, _ENDING):
        details[1] = details[1] or None
    made: HuddleError = kind(*details)
    return made


def _kinds(kind: type[Any]) -> Iterator[type[Any]]:
    """A class of errors and those below it, the narrower ones first."""
    for each in kind.__subclasses__():
        yield from _kinds(each)
    yield kind


_KINDS: dict[str, type[Any]] = {kind.code: kind for kind in _kinds(errors.HuddleError)}
"""Of those with one code, the one that says least: the others know what only the asker knows."""
