"""Proposals: what waits to be appended, and the one batch that is under way.

There is one batch under way at a time, so that a life's batches stand in the log in the order of
their numbers; what is proposed meanwhile is the next one. What was sent under a number is never
sent otherwise: whatever an attempt came to, the same bytes are appended again, until the batch has
come back or the life is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.cluster.batches import HEAD, MOST_BYTES, MOST_ENTRIES, Batch, encode_entry, encoded
from huddle.cluster.effects import Applied, Outcome, Refused
from huddle.cluster.entries import Announce, Entry, Say
from huddle.cluster.refusals import NOT_HERE
from huddle.protocol.errors import NotRecorded


@dataclass(slots=True, eq=False, repr=False)
class Proposal:
    """One entry, and who waits for what it comes to."""

    entry: Entry
    text: str
    asked: bool = False
    """Whether it is an act, whose person waits for an answer: better refused than done late."""
    outcome: Deferred[Outcome] = field(default_factory=Deferred)


class Proposals:
    """The proposals of one node, over all of its lives."""

    def __init__(self) -> None:
        self._waiting: deque[Proposal] = deque()
        self._sent: list[Proposal] = []
        self._ahead: set[Proposal] = set()
        """What the life that is on began with."""
        self.under_way = b""
        """The bytes of the batch that is under way; empty when none is."""
        self.n = 0
        """Its number, or that of the last one."""

    def __len__(self) -> int:
        return len(self._waiting) + len(self._sent)

    def add(self, entry: Entry, *, asked: bool = False) -> Deferred[Outcome]:
        """Have the entry appended; fires with what it comes to. One that is ``asked`` for may be
        refused before it is sent (`refuse_asked`).

        Raises `huddle.cluster.batches.BadBatch` for one that no node would take.
        """
        proposal = Proposal(entry, encode_entry(entry), asked)
        self._waiting.append(proposal)
        return proposal.outcome

    def say(self, entry: Entry) -> None:
        """Have an entry appended for whose outcome no one waits. Raises as `add`."""
        self.add(entry).addErrback(not_said)

    def next_batch(self, life: str, node: str, at: int, time: int) -> bytes:
        """Close the next batch of what waits, as much as fits, in the order in which it came."""
        size = HEAD
        self._sent = []
        while self._waiting and len(self._sent) < MOST_ENTRIES:
            size += len(self._waiting[0].text) + 1
            if size > MOST_BYTES:  # never of the first: each would fit by itself
                break
            self._sent.append(self._waiting.popleft())
        self.n += 1
        head = Batch(life, node, self.n, at, time, ())
        self.under_way = encoded(head, [each.text for each in self._sent])
        return self.under_way

    def come_back(self, outcomes: Sequence[Outcome]) -> list[Proposal]:
        """The batch has come back from the log with these outcomes, one for each entry; returns the
        proposals that were in it, in the same order."""
        sent, self._sent, self.under_way = self._sent, [], b""
        refused = {
            each.entry.session
            for each, outcome in zip(sent, outcomes, strict=True)
            if isinstance(outcome, Refused) and outcome.code in NOT_HERE and _has_id(each.entry)
        }
        if refused:
            # What waits behind a line that was refused since its session was not here is not
            # recorded either: its session may be away by then, and the higher id would pass over
            # that line.
            self._refuse(lambda each: _has_id(each.entry) and each.entry.session in refused)
        return sent

    def begin_anew(self, first: Sequence[Entry]) -> list[Deferred[Outcome]]:
        """Another life: these come first, then what was under way, then what waited.

        What was under way cannot have counted, nor can it any more: its life is over. What that
        life was to begin with is not said again.
        """
        ahead = [Proposal(each, encode_entry(each)) for each in first]
        left = [each for each in (*self._sent, *self._waiting) if each not in self._ahead]
        self._ahead = set(ahead)
        self._waiting = deque([*ahead, *left])
        self._sent, self.under_way, self.n = [], b"", 0
        ahead[0].outcome.addErrback(not_said)
        return [each.outcome for each in ahead]

    def refuse_asked(self) -> None:
        """What is asked for and was not sent is not recorded, and never will be."""
        self._refuse(lambda each: each.asked)

    def refuse(self) -> None:
        """Nothing is appended any more: what was not sent is not recorded, and never will be.

        Of what was sent no one here can tell; those who said it are told nothing.
        """
        self._refuse(lambda each: True)

    def _refuse(self, is_meant: Callable[[Proposal], bool]) -> None:
        refused = [each for each in self._waiting if is_meant(each)]
        self._waiting = deque([each for each in self._waiting if not is_meant(each)])
        for each in refused:
            each.outcome.errback(NotRecorded())


def _has_id(entry: Entry) -> TypeGuard[Say | Announce]:
    """Whether a program says this, which says it again where it was not recorded."""
    return (isinstance(entry, Say) and entry.id > 0) or (
        isinstance(entry, Announce) and entry.own_id > 0
    )


def not_said(failure: Failure) -> None:
    """The node is over before it could say this, and no one waits for it."""
    failure.trap(NotRecorded)


def answer(sent: Sequence[Proposal], applied: Applied) -> None:
    """Tell those who wait what the entries of their batch came to."""
    for proposal, outcome in zip(sent, applied.outcomes, strict=True):
        proposal.outcome.callback(outcome)
