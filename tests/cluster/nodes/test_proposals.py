"""Proposals: what waits for the log, in order, and what of it is refused before it was sent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.cluster.batches import MOST_BYTES, MOST_ENTRIES, BadBatch, decode
from huddle.cluster.effects import Done, Outcome, Refused
from huddle.cluster.entries import Beat, Entry, Leave, Restrict, Restriction, Say, Up
from huddle.cluster.nodes.proposals import Proposals
from huddle.protocol.errors import NotRecorded

LIFE = "1" * 32
FINE = Done()


class Proposer:
    """One who proposes, and is told what each came to by its text, or its kind."""

    def __init__(self) -> None:
        self.proposals = Proposals()
        self.told: dict[str, object] = {}

    def asks(self, *entries: Entry, asked: bool = False) -> None:
        for entry in entries:
            self.note(name_of(entry), self.proposals.add(entry, asked=asked))

    def note(self, name: str, outcome: Deferred[Outcome]) -> None:
        def note(found: Outcome | Failure) -> None:
            refused = isinstance(found, Failure) and found.check(NotRecorded)
            self.told[name] = "not recorded" if refused else found

        outcome.addBoth(note)

    def sends(self) -> list[str]:
        """What is in the next batch."""
        batch = decode(self.proposals.next_batch(LIFE, "a", 0, 0))
        return [name_of(each) for each in batch.entries]

    def comes_back(self, *outcomes: Outcome) -> None:
        sent = self.proposals.come_back(outcomes)
        for proposal, outcome in zip(sent, outcomes, strict=True):
            proposal.outcome.callback(outcome)


def name_of(entry: object) -> str:
    return entry.text if isinstance(entry, Say) else type(entry).__name__


def said(*texts: str, session: int = 1, ids: bool = True) -> Sequence[Say]:
    return [Say(session, (number + 1) * ids, text, "huddle") for number, text in enumerate(texts)]


def test_what_is_proposed_while_a_batch_is_under_way_is_the_next_one_in_its_order() -> None:
    ana = Proposer()
    ana.asks(*said("one"))
    assert ana.sends() == ["one"]
    ana.asks(*said("two", "three"))
    assert ana.proposals.under_way and len(ana.proposals) == 3
    ana.comes_back(FINE)
    assert ana.told == {"one": FINE} and not ana.proposals.under_way
    assert ana.sends() == ["two", "three"]


def test_the_batches_of_a_life_are_numbered_one_after_the_other() -> None:
    ana = Proposer()
    numbers = []
    for _ in range(3):
        ana.asks(Beat())
        ana.sends()
        numbers.append(decode(ana.proposals.under_way).n)
        ana.comes_back(FINE)
    assert numbers == [1, 2, 3]


def test_a_batch_has_as_many_entries_and_bytes_as_the_log_takes_and_the_rest_comes_next() -> None:
    many, large = Proposer(), Proposer()
    many.asks(*said(*map(str, range(MOST_ENTRIES + 1))))
    assert (len(many.sends()), len(many.proposals)) == (MOST_ENTRIES, MOST_ENTRIES + 1)
    large.asks(*said(*["h" * 4096] * (MOST_BYTES // 4096 + 1)))
    sent = large.sends()
    assert 0 < len(sent) < len(large.proposals) and len(large.proposals.under_way) <= MOST_BYTES


def test_another_life_begins_with_its_own_then_what_was_under_way_then_what_waited() -> None:
    ana = Proposer()
    for life in range(2):  # what the first of them began with is not said again
        first: Sequence[Entry] = [Up({}), *said(f"life {life}")]
        for entry, outcome in zip(first, ana.proposals.begin_anew(first), strict=True):
            ana.note(name_of(entry), outcome)
        if life == 0:
            ana.asks(*said("under way"))
            assert ana.sends() == ["Up", "life 0", "under way"]
            ana.asks(*said("waits"))
    assert ana.sends() == ["Up", "life 1", "under way", "waits"]
    assert (ana.proposals.n, ana.told) == (1, {})


def test_what_is_asked_for_is_refused_before_it_was_sent_and_what_is_said_waits() -> None:
    ana = Proposer()
    ana.asks(Leave(1), asked=True)
    assert ana.sends() == ["Leave"]
    ana.asks(*said("line"))
    ana.asks(Beat(), asked=True)
    ana.proposals.refuse_asked()
    assert ana.told == {"Beat": "not recorded"}
    ana.comes_back(FINE)
    assert ana.sends() == ["line"]


def test_a_node_that_is_over_refuses_what_it_has_not_sent_and_says_nothing_of_what_it_has() -> None:
    ana = Proposer()
    ana.asks(*said("sent"))
    ana.sends()
    ana.asks(*said("never sent"))
    ana.proposals.refuse()
    assert ana.told == {"never sent": "not recorded"}


def test_behind_a_line_whose_session_was_not_here_no_higher_id_of_that_session_is_sent() -> None:
    """Its program says all of them again, where it has gone on; a person's lines have no id."""
    ana = Proposer()
    ana.asks(*said("first", session=1))
    ana.sends()
    ana.asks(*said("second", session=1), *said("other's", session=2))
    ana.asks(*said("person's", session=1, ids=False))
    ana.comes_back(Refused("replaced"))
    assert ana.told == {"first": Refused("replaced"), "second": "not recorded"}
    assert ana.sends() == ["other's", "person's"]


def test_behind_a_line_that_was_refused_for_what_it_is_the_next_ones_are_sent() -> None:
    ana = Proposer()
    ana.asks(*said("first"))
    ana.sends()
    ana.asks(*said("second"))
    ana.comes_back(Refused("muted"))
    assert ana.sends() == ["second"]


def test_what_no_batch_holds_is_refused_at_once_and_stands_in_nobodys_way() -> None:
    """When its turn had come nothing would be sent, nor anything behind it."""
    ana = Proposer()
    bans = [Restriction("ban", f"nick:{number}", reason="h" * 500) for number in range(1000)]
    ana.asks(*said("one"))
    with pytest.raises(BadBatch):
        ana.asks(Restrict("huddle", 0, tuple(bans)))
    ana.asks(Restrict("huddle", 0, tuple(bans[:800])), *said("two"))
    assert ana.sends() == ["one", "Restrict", "two"]
