"""Settling: what became of the entries of a batch is told, in their order, once it is delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from twisted.logger import Logger

from huddle.delivery.entries import Entry, Outcome, Saying, Settle, nothing
from huddle.protocol.events import Draft

_log = Logger()


def settle_each(settle: Settle, batch: Sequence[Entry], outcomes: Sequence[Outcome]) -> None:
    """Settle drafts in a row together, and what happens in its place among them. What fails is
    logged, and keeps nothing behind it from being settled."""
    outcome = iter(outcomes)
    drafts: list[Draft] = []
    ends: list[Outcome] = []
    for entry in batch:
        if isinstance(entry, Draft):
            drafts.append(entry)
            ends.append(next(outcome))
        elif isinstance(entry, Saying):
            drafts.append(entry.draft)
            own, *_ = islice(outcome, 1 + len(entry.copies))  # its copies came to the same
            ends.append(own)
            if entry.told is not None:
                _try(settle, drafts, ends)
                drafts, ends = [], []
                _try(entry.told, own)
        else:
            if drafts:
                _try(settle, drafts, ends)
                drafts, ends = [], []
            if entry.settle is not nothing:
                _try(entry.settle)
    if drafts:
        _try(settle, drafts, ends)


def _try(call: Callable[..., None], *arguments: object) -> None:
    try:
        call(*arguments)
    except Exception:
        _log.failure("One entry went wrong; the others are settled all the same")
