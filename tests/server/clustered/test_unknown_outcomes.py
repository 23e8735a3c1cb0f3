"""Nobody is told that a line was not recorded which all have heard, whatever fails meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster.batches import BadBatch
from huddle.cluster.entries import Say
from huddle.cluster.nodes import proposals
from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from huddle.record import RecordFailure
from huddle.record.memory import MemoryRecord
from tests.cluster.memory_log import Faults
from tests.two_nodes import TwoNodes


class Unreadable(MemoryRecord):
    """A node's record in which nothing can be looked up as long as the test says so."""

    broken = False

    @override
    def find(self, session: int, id: int) -> Deferred[Said | None]:
        return fail(RecordFailure("broken")) if self.broken else super().find(session, id)


def say(id: int) -> dict[str, object]:
    return {"type": "say", "id": id, "room": "huddle", "text": f"s{id}"}


def test_a_repeated_line_that_cannot_be_looked_up_is_answered_when_it_can() -> None:
    """A program says again what it has no ack of, and nothing is said twice by that."""
    record = Unreadable(Limits(), "record of a")
    two = TwoNodes(record=record)
    ana, bot = two.b.person("ana"), two.a.program("bot")
    bot.sends_objects(say(1))
    two.settle()
    bot.cut()
    again = bot.again(two.a)
    again.reads()
    ana.forgets()
    record.broken = True
    again.sends_objects(say(1), say(2))
    two.settle()
    refused = [each for each in again.reads() if each["type"] == "error"]
    assert [(each["code"], each["id"]) for each in refused] == [("not-recorded", 1)]
    ana.hears("<bot> s2")
    record.broken = False
    again.sends_objects(say(1), say(2), say(3))
    two.settle()
    assert [each["seq"] for each in again.reads() if each["type"] == "ack"] == [1, 2, 3]
    assert ana.reads()[-1] == "<bot> s3"


def test_of_a_batch_in_two_parts_only_what_was_not_sent_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The core has one batch, which the log takes in several, and the node is over between them."""
    two = TwoNodes()
    ana, bot = two.b.person("ana"), two.a.program("bot")
    ana.forgets()
    bot.reads()
    monkeypatch.setattr(proposals, "MOST_ENTRIES", 2)
    node = two.nodes["a"].node
    come_back: Any = node._proposals.come_back

    def over_behind_the_first(outcomes: Any) -> Any:
        sent = come_back(outcomes)
        if any(isinstance(each.entry, Say) for each in sent):
            node._proposals.refuse()
        return sent

    monkeypatch.setattr(node._proposals, "come_back", over_behind_the_first)
    bot.sends_objects(*[say(id) for id in range(1, 6)])
    two.settle()
    answers = [(each["id"], each["type"]) for each in bot.reads() if "id" in each]
    heard = [int(line[-1]) for line in ana.reads() if line.startswith("<bot>")]
    assert 0 < len(heard) < 5
    assert answers == [(id, "ack" if id in heard else "error") for id in range(1, 6)]


def test_what_no_node_takes_is_refused_with_all_that_its_session_says_behind_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two = TwoNodes()
    ana, bot, eva = two.b.person("ana"), two.a.program("bot"), two.a.program("eva")
    bot.reads()
    ana.forgets()
    node = two.nodes["a"].node
    put = node.put

    def picky(entry: Any) -> Any:
        if isinstance(entry, Say) and entry.text == "s1":
            raise BadBatch("text")
        return put(entry)

    with monkeypatch.context() as faulty:
        faulty.setattr(node, "put", picky)
        bot.sends_objects(say(1), say(2))
        eva.sends_objects(say(5))
        two.settle()
    codes = [(each["id"], each["code"]) for each in bot.reads() if each["type"] == "error"]
    assert codes == [(1, "not-recorded"), (2, "not-recorded")]
    ana.hears("<eva> s5")
    bot.sends_objects(say(2), say(1), say(2))
    two.settle()
    assert ana.reads() == ["<bot> s1", "<bot> s2"]


def test_an_outcome_that_cannot_be_told_does_not_have_the_batch_tried_again(
    monkeypatch: pytest.MonkeyPatch, logged_failures: list[Failure]
) -> None:
    """Tried again, it would be said twice: what was proposed stands in the log."""
    two = TwoNodes()
    ana, eva = two.b.person("ana"), two.a.person("eva")
    ana.forgets()
    record: Any = two.nodes["a"].record

    async def stumbles(*given: Any) -> None:
        raise KeyError("an unknown code")

    monkeypatch.setattr(record, "_became", stumbles)
    eva.says("once")
    ana.hears("<eva> once")
    assert [each.check(KeyError) for each in logged_failures] == [KeyError]
    logged_failures.clear()


@pytest.mark.parametrize("leaves", [True, False])
def test_who_goes_while_the_nodes_differ_has_gone_when_they_agree_again(leaves: bool) -> None:
    """It was on its way already when the nodes were found to differ, and counted for nothing."""
    two = TwoNodes()
    two.a.person("ana")
    bob = two.b.person("bob")
    states = [two.nodes[name].node.state for name in "ab"]
    session = next(each for each in states[0].sessions.values() if each.nick[0] == "bob")
    two.engine.faults = Faults(delay=0.5)
    bob.says("/quit") if leaves else bob.cut()
    for state in states:
        state.read_only = True
    two.a.passes(3)
    assert (session.here, session.away) == (True, False)
    for state in states:
        state.read_only = False
    two.a.passes(3)
    assert (session.here, session.away) == (not leaves, True)
