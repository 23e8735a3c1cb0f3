"""Rules that are simpler than those of the house, and the course of events that finds each out.

Every course is gone through twice: by the rules, when all that the house promises holds; and by the
simpler ones, when it does not. `Town.check` is what asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from huddle.cluster import apply as applying
from huddle.cluster.effects import Outcome
from huddle.cluster.entries import Say
from huddle.cluster.rules import names, node_membership, speaking
from huddle.cluster.rules.batch_context import BatchContext
from tests.cluster.small_house import Town, failed

Course = Callable[[Town], None]


def everybody_comes() -> Town:
    """Two members on each node: a program and a person on a, programs on b and c."""
    town = Town()
    for member, name in zip(town.members, "abcbac", strict=True):
        member.connect(town.servers[name])
    town.goes(1)
    return town


def ends(course: Course) -> str:
    """What is wrong after it; empty where the house keeps all that it promises."""
    town = everybody_comes()
    course(town)
    return str(failed(town) or "")


# -- a window of ids ---------------------------------------------------------------------------


def windowed(context: BatchContext, entry: Say) -> Outcome:
    """As `speaking.say`, with the last two ids of a session remembered and no more."""
    session = context.state.sessions.get(entry.session)
    if session is None or not 0 < entry.id <= session.last_id - 2:
        return speaking.say(context, entry)
    last, session.last_id = session.last_id, 0
    outcome = speaking.say(context, entry)
    session.last_id = last
    return outcome


def five_lines_land_and_their_node_dies(town: Town) -> None:
    member = town.members[0]
    before = len(town.engine.entries)
    said = [member.say() for _ in range(5)]
    while sum(text.encode() in b"".join(_landed(town, before)) for text in said) < 5:
        town.goes(0.001, 0.001)
    town.servers["a"].kill()
    member.connect(town.servers["b"])


def _landed(town: Town, before: int) -> list[bytes]:
    return [each.bytes for each in town.engine.entries[before:]]


def test_trusting_a_window_says_lines_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not ends(five_lines_land_and_their_node_dies)
    monkeypatch.setattr(applying, "RULES", applying.RULES | {Say: windowed})
    assert "said twice" in ends(five_lines_land_and_their_node_dies)


# -- acknowledging early -----------------------------------------------------------------------


def a_line_is_said_and_the_node_dies_before_it_is_sent(town: Town) -> None:
    a, member = town.servers["a"], town.members[0]
    a.log.cut_off = True
    member.say()
    town.goes(0.5)
    a.kill()
    member.connect(town.servers["b"])


def test_acknowledging_before_the_log_does_loses_lines() -> None:
    assert not ends(a_line_is_said_and_the_node_dies_before_it_is_sent)

    def hastily(town: Town) -> None:
        town.hasty = True
        a_line_is_said_and_the_node_dies_before_it_is_sent(town)

    assert "acknowledged, and lost" in ends(hastily)


# -- no fencing --------------------------------------------------------------------------------


def an_append_is_so_late_that_its_node_is_in_another_life(town: Town) -> None:
    """The person has no ids: only the life of the batch tells its copy from another line."""
    a, person = town.servers["a"], town.members[4]
    late: list[bytes] = []

    def into_the_night(entry: bytes) -> Deferred[int]:
        late.append(entry)
        return Deferred()

    town.goes(0.5)
    with pytest.MonkeyPatch.context() as network:
        network.setattr(a.log, "append", into_the_night)
        while not late or b"4:1" not in late[-1]:
            if not person.said:
                person.say()
            town.goes(0.1)
            if late and b"4:1" not in late[-1]:
                town.engine.take(late[-1])  # a beat was under way: it comes through
        a.log.cut_off = True
        town.goes(8)
    a.log.cut_off = False
    town.goes(3)
    town.engine.take(late[-1])


def unfenced(context: BatchContext, life: str, *rest: Any) -> None:
    """As `node_membership.end`, and the life goes on all the same."""
    over = context.state.lives[life]
    fence(context, life, *rest)
    context.state.lives[life] = over
    del context.state.gone[over.node]


fence = node_membership.end


def test_without_fencing_lines_are_said_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not ends(an_append_is_so_late_that_its_node_is_in_another_life)
    monkeypatch.setattr(node_membership, "end", unfenced)
    assert "said twice" in ends(an_append_is_so_late_that_its_node_is_in_another_life)


# -- names -------------------------------------------------------------------------------------


def two_take_one_nick_at_once(town: Town) -> None:
    one, other = town.members[4], town.members[5]
    for member in (one, other):
        member.hang_up()
        member.nick = "ana"
    one.connect(town.servers["a"])
    other.connect(town.servers["b"])
    town.goes(2)


def test_names_that_are_not_asked_for_at_apply_have_two_owners(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not ends(two_take_one_nick_at_once)
    monkeypatch.setattr(names, "refusal", lambda *_: None)
    assert "two have one nick" in ends(two_take_one_nick_at_once)


# -- private messages --------------------------------------------------------------------------


def a_message_is_on_its_way_while_its_reader_goes_and_another_takes_the_nick(town: Town) -> None:
    writer, reader, stranger = town.members[0], town.members[3], town.members[5]
    b = town.servers["b"]
    town.servers["a"].log.cut_off = True
    writer.say(reader)
    reader.leave()
    town.goes(0.5)
    stranger.hang_up()
    stranger.nick = reader.nick
    stranger.connect(b)
    town.goes(2)
    town.servers["a"].log.cut_off = False


def by_nick(context: BatchContext, whom: int) -> int | None:
    """As `speaking._meant`, by who is called now as that session was."""
    nick = context.state.sessions[whom].nick[1]
    return context.state.names.get(nick)


def test_private_messages_that_go_by_the_nick_are_read_by_a_stranger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = a_message_is_on_its_way_while_its_reader_goes_and_another_takes_the_nick
    assert not ends(course)
    monkeypatch.setattr(speaking, "_meant", by_nick)
    assert "one copy without the other" in ends(course)
