"""Which batches count: lives, fencing, retries and gaps.

Each test is a sequence of events, and its docstring says what a simpler rule would do with it.
"""

from __future__ import annotations

from typing import Any

import pytest

from huddle.cluster.batches import Batch, encode
from huddle.cluster.effects import (
    VOID,
    Cause,
    Done,
    Held,
    LifeDown,
    LifeUp,
    Passed,
    Placed,
    Refused,
)
from huddle.cluster.entries import Beat, Begin, Down, Entry, Expire, Say, Up, Upgrade
from huddle.cluster.naming import keyed
from huddle.cluster.rules.node_membership import PLACES_FROM_RULES
from tests.cluster.written_log import HUDDLE, NOON, House, Node, told


def hello(session: int, id: int = 1) -> Entry:
    return Say(session, id, "hola", "huddle")


def test_a_node_that_starts_again_fences_its_earlier_life() -> None:
    """Were batches taken by the name of the node, a line of the process that was killed, still on
    its way through the engine, would stand behind what its successor has told its members."""
    house = House()
    before = house.node("a")
    ana = before.begins("ana")
    late = before.writes(hello(ana))
    after = house.node("a")
    assert house.lands(late).passed is Passed.NOT_UP
    assert after.asks(hello(ana)) == Placed("huddle", 1)


def test_those_whom_the_fenced_life_held_are_away() -> None:
    house = House()
    before = house.node("a")
    ana = before.begins("ana")
    up = Node(house, "a").does(Up({}, before.life))
    assert told(up, Held) == [Held(ana, 1)]
    assert told(up, LifeDown) == [LifeDown(before.life, "a", Cause.FENCED, up.life)]
    assert told(up, LifeUp) == [LifeUp("a", up.life)]


def test_two_nodes_of_one_name_are_one_after_the_other_and_never_both() -> None:
    """Were both up, each would number its batches and pass over the other's as retries."""
    house = House()
    one, other = house.node("a"), house.node("a")
    assert one.does(Beat()).passed is Passed.NOT_UP
    assert other.does(Beat()).passed is None


def test_the_first_batch_of_a_start_that_was_killed_does_not_fence_the_next_start() -> None:
    """Killed while its first batch was on its way; the next start is up when it lands. By a rule
    that fences whatever is up, the dead one would put down the living, who halts: another node has
    its name."""
    house = House()
    first = house.node("a")
    killed, living = Node(house, "a"), Node(house, "a")
    late = killed.writes(Up({}, first.life))
    assert living.does(Up({}, first.life)).passed is None
    applied = house.lands(late)
    assert applied.passed is Passed.REFUSED
    assert told(applied, LifeDown) == [LifeDown(killed.life, "a", Cause.OVERTAKEN)]
    assert living.does(Beat()).passed is None


def test_the_first_batch_of_a_life_that_is_over_does_not_raise_it() -> None:
    """An append is retried until it is known. Its copy may land when the node is long dead, and a
    rule that forgets the dead would fence the life that took its place."""
    house = House()
    dead = Node(house, "a")
    first = dead.writes(Up({}))
    house.lands(first)
    living = house.node("a")
    assert house.lands(first).passed is Passed.NOT_UP
    assert living.does(Beat()).passed is None


def test_nor_does_that_of_a_start_which_was_refused_raise_it_when_it_would_fit() -> None:
    house = House()
    refused, living = Node(house, "a"), house.node("a")
    first = refused.writes(Up({}))
    assert house.lands(first).passed is Passed.REFUSED
    living.does(Down(living.life, 0))
    assert house.lands(first).passed is Passed.NOT_UP


def later_house() -> tuple[House, Node]:
    """One that goes by the rules by which no dead life is remembered, and the node that is up."""
    house = House()
    node = house.node("a", rules=PLACES_FROM_RULES)
    assert node.asks(Upgrade(PLACES_FROM_RULES)) == Done(PLACES_FROM_RULES)
    return house, node


@pytest.mark.parametrize("how", ["down", "fenced", "refused"])
def test_by_later_rules_it_does_not_raise_it_either_and_is_not_remembered(how: str) -> None:
    """However often it comes, and whether its node is up or gone by then."""
    house, a = later_house()
    dead = Node(house, "b")
    after = a.life if how == "refused" else ""
    first = dead.writes(Up({}, after, PLACES_FROM_RULES))
    house.lands(first)
    if how == "down":
        dead.does(Down(dead.life, 0))
    for _ in range(3):
        assert house.lands(first).passed in (Passed.REFUSED, Passed.RETRY)
        assert (dead.life in house.state.lives) is (how == "fenced")
    living = house.node("b", rules=PLACES_FROM_RULES)
    assert house.lands(first).passed is Passed.REFUSED
    assert living.does(Beat()).passed is None
    living.does(Down(living.life, 0))
    assert house.lands(first).passed is Passed.REFUSED
    assert {*house.state.lives} == {a.life} and not house.state.dead


def test_by_later_rules_a_start_from_an_older_state_is_up_when_it_has_read_that_it_went() -> None:
    house, _ = later_house()
    before = house.node("b", rules=PLACES_FROM_RULES)
    early, again = Node(house, "b"), Node(house, "b")
    late = early.writes(Up({}, "", PLACES_FROM_RULES))
    before.does(Down(before.life, 0))
    assert house.lands(late).passed is Passed.REFUSED
    assert again.does(Up({}, "", PLACES_FROM_RULES)).passed is None


def test_with_later_rules_those_who_were_dead_by_then_are_forgotten_and_stay_dead() -> None:
    house = House()
    dead = Node(house, "b")
    first = dead.writes(Up({}, "", PLACES_FROM_RULES))
    house.lands(first)
    dead.does(Down(dead.life, 0))
    node = house.node("a", rules=PLACES_FROM_RULES)
    assert dead.life in house.state.dead
    node.asks(Upgrade(PLACES_FROM_RULES))
    assert not house.state.dead
    assert house.lands(first).passed is Passed.REFUSED
    assert house.node("b", rules=PLACES_FROM_RULES).does(Beat()).passed is None


def test_a_batch_of_a_life_that_never_was_is_passed_over() -> None:
    house = House()
    house.node("a")
    stranger = Node(house, "b")
    assert stranger.does(Beat()).passed is Passed.NOT_UP
    assert stranger.does(Up({})).passed is Passed.NOT_UP  # it is its second batch by now


def test_another_s_life_is_not_spoken_for() -> None:
    house = House()
    a = house.node("a")
    forged = encode(Batch(a.life, "b", 2, 0, NOON, [Beat()]))
    assert house.lands(forged).passed is Passed.NOT_UP
    assert a.does(Beat()).passed is None


def test_the_same_bytes_twice_count_once() -> None:
    """The answer to an append was lost, and it was made again. By its place in the log alone it
    would be a second batch: two lines for a member without ids, who typed one."""
    house = House()
    a = house.node("a")
    ana = a.begins("ana")
    batch = a.writes(Say(ana, 0, "hola", "huddle"))
    assert house.lands(batch).outcomes == [Placed("huddle", 1)]
    a.does(Beat())
    before = house.state.chain
    again = house.lands(batch)
    assert (again.passed, again.effects, again.outcomes) == (Passed.RETRY, [], ())
    assert house.state.chain == before


def test_a_batch_that_is_missing_ends_the_life() -> None:
    """Its node sends a batch when the one before has come back. One that never came is a log that
    has lost something: by a rule that goes on with the next, a line is gone that the node's own
    members may have been told of."""
    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana")
    a.writes(hello(ana, 1))
    applied = a.does(hello(ana, 2))
    assert applied.passed is Passed.GAP
    assert told(applied, LifeDown) == [LifeDown(a.life, "a", Cause.GAP)]
    assert told(applied, Held) == [Held(ana, 1)]
    assert a.does(hello(ana, 3)).passed is Passed.NOT_UP
    assert b.does(Beat()).passed is None


def test_down_with_the_last_batch_s_number_is_down() -> None:
    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana")
    applied = b.does(Down(a.life, a.n))
    assert applied.outcomes == [Done()]
    assert told(applied, LifeDown) == [LifeDown(a.life, "a", Cause.SILENT)]
    assert a.does(hello(ana)).passed is Passed.NOT_UP


def test_down_is_void_if_the_life_was_heard_meanwhile() -> None:
    """b has heard nothing of a for a while and says so; a's batch was only late and lands first.
    Without the number a would be put down for being late, and what it appends next is lost."""
    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana")
    down = b.writes(Down(a.life, a.n))
    a.does(hello(ana, 1))
    assert house.lands(down).outcomes == [VOID]
    assert a.asks(hello(ana, 2)) == Placed("huddle", 2)


def test_two_who_find_a_node_silent_put_it_down_once() -> None:
    house = House()
    a, b, c = house.node("a"), house.node("b"), house.node("c")
    one, other = b.writes(Down(a.life, a.n)), c.writes(Down(a.life, a.n))
    assert house.lands(one).outcomes == [Done()]
    again = house.lands(other)
    assert (again.outcomes, again.effects) == ([VOID], [])


def test_a_node_that_stops_says_so_itself_and_what_stands_behind_that_is_refused() -> None:
    house = House()
    a = house.node("a")
    ana = a.begins("ana")
    applied = a.does(hello(ana, 1), Down(a.life, 0), hello(ana, 2))
    assert applied.outcomes == [Placed("huddle", 1), Done(), Refused("not-recorded")]
    assert told(applied, LifeDown) == [LifeDown(a.life, "a", Cause.LEFT)]


def shared(house: House) -> dict[str, Any]:
    assert dict(house.replayed().shared) == dict(house.state.shared)
    return dict(house.state.shared)


def test_a_node_with_other_options_goes_by_those_of_the_house() -> None:
    """Each by its own, one would let go of what the others keep, or take a nick that is a limit's
    too many; and ended for it, it could not come back once all are dead who have the old ones."""
    house = House(hold=120, sessions=1)
    a = house.node("a")
    a.begins("ana")
    house.shared = {"hold": 60, "sessions": 2}
    b = house.node("b")
    assert shared(house) == {"hold": 120, "sessions": 1}
    assert isinstance(b.asks(Begin(keyed("bob"), (HUDDLE,))), Refused)


def test_options_are_changed_on_one_node_after_the_other() -> None:
    house = House(hold=120)
    a, b = house.node("a"), house.node("b")
    house.shared = {"hold": 60}
    house.node("a")
    assert shared(house) == {"hold": 120}
    house.node("b")
    assert shared(house) == {"hold": 60}
    assert a.does(Beat()).passed is b.does(Beat()).passed is Passed.NOT_UP


def test_one_node_with_other_options_changes_none_though_all_others_start_again_behind_it() -> None:
    house = House(hold=120)
    for name in "abc":
        house.node(name)
    for name, hold in (("a", 60), ("b", 120), ("c", 120)):
        house.shared = {"hold": hold}
        house.node(name)
    assert shared(house) == {"hold": 120}


def test_nodes_that_were_killed_together_start_with_other_options() -> None:
    """Their earlier lives, which no one has put down, still have the old ones."""
    house = House(hold=120)
    for name in "abc":
        house.node(name)
    dead = dict(house.state.lives)
    house.shared = {"hold": 60}
    a, _ = house.node("a"), house.node("b")
    assert shared(house) == {"hold": 120}
    [c] = dead.keys() & house.state.lives.keys()  # which never comes again
    a.does(Down(c, dead[c].n))
    assert shared(house) == {"hold": 60}


def test_the_one_that_is_left_by_the_death_of_the_others_does_not_change_the_options() -> None:
    """Started with a short --keep by mistake, it would delete what all others have kept."""
    house = House(keep_ms=0)
    a = house.node("a")
    house.shared = {"keep_ms": 1}
    b = house.node("b")
    b.does(Down(a.life, a.n))
    assert shared(house) == {"keep_ms": 0}
    house.node("b")  # by the hand of who runs it, who was told
    assert shared(house) == {"keep_ms": 1}


def test_options_that_are_none_change_nothing() -> None:
    usual = House().state.limits
    for value in ("", "x", True, None, [["a", "a"]], -1, 1e999, 2**60):
        house = House(hold=value, rooms=value, operators=value)
        house.node("a")
        assert house.state.limits == usual, value


def test_who_comes_up_alone_says_what_the_options_are() -> None:
    house = House(sessions=1)
    a = house.node("a")
    a.begins("ana")
    a.does(Down(a.life, 0))
    house.shared = {"sessions": 2}
    assert house.node("a").begins("bob") == 2


def test_the_key_of_the_words_is_that_of_the_first_node_whoever_comes_later() -> None:
    """By another one no return word and no key of a room would open anything any more."""
    house = House()
    for name, words in (("a", ""), ("b", "aa"), ("c", "bb"), ("d", "")):
        Node(house, name).does(Up({}, words=words))
    assert house.state.words == "aa"


def test_the_time_of_the_house_never_goes_back() -> None:
    """The clocks of two nodes differ by a little. By the batch's own time a room's messages would
    be out of order in every archive."""
    house = House()
    a, b = house.node("a"), house.node("b")
    ana, bob = a.begins("ana"), b.begins("bob")
    first = a.does(hello(ana, 1), time=NOON + 900).effects
    second = b.does(hello(bob, 1), time=NOON + 100).effects
    assert [each.time for each in (*first, *second)] == [NOON + 900, NOON + 900]  # type: ignore[union-attr]


def test_a_batch_that_is_passed_over_does_not_move_the_time() -> None:
    house = House()
    a = house.node("a")
    house.lands(encode(Batch("ff" * 16, "z", 9, 0, NOON + 10**9, [Beat()])))
    a.does(Beat())
    assert house.state.time == NOON


def test_the_lowest_living_life_is_the_same_for_all_and_goes_on_with_the_next() -> None:
    house = House()
    b, a = house.node("b"), house.node("a")
    assert house.state.lowest_life() == a.life
    b.does(Down(a.life, a.n))
    assert house.state.lowest_life() == b.life


def test_a_hold_that_was_begun_by_the_death_of_a_node_ends_like_any_other() -> None:
    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana")
    [held] = told(b.does(Down(a.life, a.n)), Held)
    assert b.asks(Expire(ana, held.losses)) == Done()
    assert b.begins("ana") == ana + 1
