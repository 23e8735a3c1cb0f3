"""An upgrade without a stop: nodes of two versions, and what each does until all are of the newer.

The older version is this one; the newer, `tests.cluster.later_version`, is this with more in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from huddle.cluster import apply as applying
from huddle.cluster.effects import Cause, Done, Placed, Refused
from huddle.cluster.entries import Beat, Down, Entry, Upgrade
from huddle.cluster.nodes.node_status import NodeStatus
from huddle.cluster.rules import upgrades
from huddle.cluster.rules.upgrades import KNOWN_RULES
from huddle.cluster.snapshot import dump, load
from huddle.cluster.state import first_state
from tests.cluster import later_version
from tests.cluster.later_version import Paint, Say
from tests.cluster.small_house import Server, Town
from tests.cluster.written_log import House, code

AWAY = 60.0


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The later version is there, for those who know its rules; who has gone counts for less."""
    later_version.register(monkeypatch.setitem)
    monkeypatch.setattr(upgrades, "AWAY_MS", round(1000 * AWAY))


@pytest.fixture
def town() -> Iterator[Town]:
    """Three nodes of the older version, and everybody talks."""
    town = Town()
    for member, name in zip(town.members, "aabbcc", strict=True):
        member.connect(town.servers[name])
        town.goes(0.2)
    yield town
    town.check()


def talk(town: Town, seconds: float) -> None:
    """Everybody talks for so long, and goes to another node where theirs has gone."""
    for _ in range(round(seconds)):
        for member in town.members:
            if member.is_in:
                member.say()
            elif member.server is None or member.server.dead:
                member.connect(town.random.choice(list(town.living())))
        town.goes(1, 0.1)


def upgrade(town: Town, name: str, rules: int = later_version.RULES) -> Server:
    """Stop the node, and start it with the version that knows these rules."""
    town.servers[name].node.stop()
    talk(town, 1)
    town.servers[name].kill()
    talk(town, 2)
    town.rules[name] = rules
    town.restart(name)
    talk(town, 3)
    return town.servers[name]


def rules(town: Town) -> set[int]:
    return {server.state.rules for server in town.living()}


def began(town: Town) -> int:
    """The position from which on newer rules hold."""
    state = first_state()
    for each in town.engine.entries:
        applying.apply(state, each.position, each.bytes)
        if state.rules > KNOWN_RULES:
            return each.position
    raise AssertionError("newer rules hold nowhere")


def topics(town: Town) -> set[str]:
    return {server.state.rooms["huddle"].topic for server in town.living()}


def asked(town: Town, server: Server, entry: object) -> object:
    """What an entry of this node comes to."""
    came_to: list[object] = []
    proposed: Entry = entry  # type: ignore[assignment]
    server.node.propose(proposed).addBoth(came_to.append)
    town.goes(1)
    return came_to[0]


def test_node_after_node_is_upgraded_and_newer_rules_begin_with_the_last(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "MARK_EVERY", 20)  # they compare all that it comes to
    for name in "ab":
        upgrade(town, name)
        assert (rules(town), topics(town)) == ({KNOWN_RULES}, {""})
    upgrade(town, "c")
    talk(town, 5)
    assert rules(town) == {later_version.RULES}
    [topic] = topics(town)
    assert topic in {text for member in town.members for text in member.said}


def test_what_only_newer_nodes_know_is_unknown_to_all_until_all_know_it(town: Town) -> None:
    new = upgrade(town, "a")
    member = next(each for each in town.members if each.server is not None and each.is_in)
    assert asked(town, new, Paint(1, "red")) == Refused("bad-field", ("paint",))
    assert member.server is not None
    text = f"{member.number}:loud"
    loud = Say(member.session, 0, text, "huddle", loud=True)
    assert isinstance(asked(town, member.server, loud), Placed)
    assert town.replayed()[1][-1].text == text
    for name in "bc":
        upgrade(town, name)
    town.goes(2)
    loud = replace(loud, session=member.session)
    assert member.server is not None
    assert isinstance(asked(town, member.server, loud), Placed)
    assert town.replayed()[1][-1].text == text.upper()
    assert asked(town, town.servers["b"], Paint(1, "red")) == Done()
    assert topics(town) == {"red"}


def test_a_node_that_is_away_is_waited_for(town: Town) -> None:
    """Killed, cut off or standing still, it may come back as the version that it was."""
    upgrade(town, "a")
    upgrade(town, "b")
    town.servers["c"].kill()
    talk(town, 20)
    assert rules(town) == {KNOWN_RULES}
    town.restart("c")
    town.goes(10)
    assert town.servers["c"].node.status is NodeStatus.LEVEL
    town.servers["c"].log.cut_off = True
    town.goes(AWAY / 2)
    town.servers["c"].log.cut_off = False
    talk(town, 10)
    town.goes(10)
    assert (rules(town), town.servers["c"].causes) == ({KNOWN_RULES}, [])


def test_a_node_that_is_older_than_the_house_ends_and_has_nothing_of_what_it_does_not_know(
    town: Town,
) -> None:
    """Row: a node is older than the rules of the house."""
    for name in "ab":
        upgrade(town, name)
    town.servers["c"].kill()
    on_disk = dump(town.servers["c"].state)
    talk(town, AWAY + 10)
    assert rules(town) == {later_version.RULES}
    town.restart("c")
    town.goes(10)
    old = town.servers["c"]
    assert (old.node.status, old.causes) == (NodeStatus.HALTED, [Cause.RULES])
    assert town.replayed(began(town) - 1)[1] == list(old.messages.values())
    old.kill()
    # And the newer version goes on from what the older one had.
    old.node.state = load(on_disk)
    town.rules["c"] = later_version.RULES
    town.restart("c")
    town.goes(10)
    assert town.servers["c"].node.status is NodeStatus.LEVEL


def test_whoever_is_up_or_was_lately_has_to_know_the_rules() -> None:
    house = House()
    new, old = house.node("a", rules=2), house.node("b")
    assert code(new.asks(Upgrade(2))) == "bad-field"
    house.now += 5
    old.does(Down(old.life, 0))
    assert code(new.asks(Upgrade(2))) == "bad-field"
    house.now += round(1000 * AWAY) - 1
    assert code(new.asks(Upgrade(2))) == "bad-field"
    house.now += 1
    assert code(new.asks(Upgrade(3))) == "bad-field"
    assert new.asks(Upgrade(2)) == Done(2)
    assert code(new.asks(Upgrade(1))) == "bad-field"


def test_who_comes_back_with_newer_rules_is_not_waited_for() -> None:
    house = House()
    new, old = house.node("a", rules=2), house.node("b")
    old.does(Down(old.life, 0))
    house.node("b", rules=2)
    assert new.asks(Upgrade(2)) == Done(2)


def test_an_older_node_that_comes_to_a_newer_house_is_refused() -> None:
    house = House()
    new = house.node("a", rules=2)
    new.asks(Upgrade(2))
    older = house.node("b")
    assert older.life not in house.state.lives
    assert older.does(Beat()).passed is not None
