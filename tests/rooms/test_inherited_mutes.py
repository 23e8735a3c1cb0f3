"""Who goes and is muted leaves that behind for the next guest from there, in shares by address."""

from __future__ import annotations

from functools import partial

import pytest

from huddle.people.sessions import Account, Session
from huddle.record import AccountRow, Dropped, Mark, MarkKind
from huddle.rooms.inherited_mutes import EACH, MOST
from huddle.rooms.restrictions import Restrictions
from tests.cluster.test_apply import steps_of


def session(number: int, address: str) -> Session:
    one = Session(number, f"n{number}")
    one.address = one.host = address
    return one


def mute(room: str, number: int) -> Mark:
    return Mark(room, MarkKind.MUTE, f"session:{number}", f"n{number}")


def restrictions(*marks: Mark) -> Restrictions:
    return Restrictions(marks, lambda: 1000)


def goes(there: Restrictions, number: int, address: str, room: str = "ops") -> None:
    """The session of that number is muted, and goes."""
    there.set(mute(room, number))
    there.goes(session(number, address), number)
    there.drop(mute(room, number))


def follows(there: Restrictions, number: int, address: str, room: str = "ops") -> Mark | None:
    return there.inherits(session(number, address), room)[0]


@pytest.mark.parametrize("wide", [False, True])
def test_who_has_muted_guests_of_their_own_go_has_nobody_elses_mute_forgotten(wide: bool) -> None:
    there = restrictions(mute("ops", 1))
    there.goes(session(1, "192.0.2.1"), 1)
    for number in range(2, MOST + 10):
        goes(there, number, f"2001:db8:1:{number:x}::/64" if wide else "10.0.0.1", "own")
    assert len(there.inherited.left) == 1 + (3 * EACH if wide else EACH)
    assert len(there) == 1 + len(there.inherited.left)
    inherited = follows(there, 5000, "192.0.2.1")
    assert inherited is not None and (inherited.who, inherited.nick) == ("session:5000", "n1")


def test_nor_does_who_has_guests_of_their_own_inherit_them() -> None:
    there = restrictions(mute("ops", 1))
    there.goes(session(1, "192.0.2.1"), 1)
    heir = session(2, "192.0.2.1")
    assert there.inherits(heir, "ops")[0] is not None
    for number in range(3, 2 * MOST, 2):
        there.set(mute("own", number))
        there.goes(session(number, "10.0.0.1"), number)
        assert follows(there, number + 1, "10.0.0.1", "own") is not None
        there.drop(mute("own", number))
    assert there.mute_of("ops", heir) is not None
    assert len(there.in_room("own")) == 2 * EACH


def test_of_all_addresses_so_many_are_remembered() -> None:
    there = restrictions()
    for number in range(MOST + 5):
        goes(there, number, f"10.0.{number // 256}.{number % 256}")
    assert (min(there.inherited.left), len(there.inherited.left)) == (5, MOST)


def test_nothing_is_left_of_those_who_came_back_or_were_followed() -> None:
    there = restrictions(*[mute("ops", number) for number in range(1, 4)])
    for number in range(1, 4):
        there.goes(session(number, "10.0.0.1"), number)
    there.returns(session(1, "10.0.0.1"))
    there.set(Mark("ops", MarkKind.MUTE, "session:9", "n2"))  # who is muted as that one was
    assert follows(there, 9, "10.0.0.1") is None
    assert follows(there, 10, "10.0.0.1") is not None
    left = there.inherited
    assert not left.left and not left._left_at and not len(left._left_quotas)


def test_the_record_is_told_all_of_it() -> None:
    there = restrictions(mute("ops", 1))
    [left] = there.goes(session(1, "10.0.0.1"), 1)
    assert isinstance(left, Mark) and left.until == 121_000
    again = restrictions(mute("ops", 1), left)
    heir = session(2, "10.0.0.1")
    mark, kept = again.inherits(heir, "ops")
    assert mark is not None and kept[:2] == [Dropped(left), mark] and len(kept) == 3
    assert restrictions(mark).mute_of("ops", heir) == mark


def test_no_number_of_starts_makes_a_share_bigger() -> None:
    marks, number, lengths = [Mark("ops", MarkKind.MUTE, "nick:bob", "bob")], 1, []
    for _ in range(3):
        there = restrictions(*marks)
        for turn in range(7 * EACH):
            address = f"10.0.0.{turn % 7}"
            gone, heir = session(number, address), session(number + 1, address)
            gone.nick, number = "bob", number + 2
            there.goes(gone, gone.number)
            there.inherits(heir, "ops")
        there.goes(gone, gone.number)  # and one waits
        marks = there.in_room("ops")
        lengths.append(len(marks))
    assert lengths == [2 * MOST + 2] * 3
    assert there.count_with("ops", ()) == MOST + 1  # what mutes nobody itself counts not


def test_who_is_muted_again_themselves_is_so_though_what_they_inherited_is_forgotten() -> None:
    there = restrictions(mute("ops", 1))
    there.goes(session(1, "10.0.0.1"), 1)
    for number in range(2, EACH + 4):
        assert follows(there, number, "10.0.0.1") is not None
        there.goes(session(number, "10.0.0.1"), number)
        if number == 2:
            there.set(mute("ops", 2))
    assert [there.of("ops", MarkKind.MUTE, f"session:{n}") is not None for n in (2, 3)] == [
        True,
        False,
    ]


def test_of_an_heir_who_may_speak_again_nothing_stays() -> None:
    there = restrictions(mute("ops", 1))
    there.goes(session(1, "10.0.0.1"), 1)
    assert follows(there, 2, "10.0.0.1") is not None
    for mark in there.mutes_of("ops", "session:2", "n2"):
        there.drop(mark)
    assert there.in_room("ops") == [mute("ops", 1)]


def test_what_waits_no_more_goes_when_somebody_goes_again() -> None:
    now = [1000]
    there = Restrictions([mute("ops", 1), mute("ops", 2)], lambda: now[0])
    [left] = there.goes(session(1, "10.0.0.1"), 1)
    now[0] += 120_000
    assert isinstance(left, Mark)
    assert there.goes(session(2, "10.0.0.2"), 2)[0] == Dropped(left)
    assert list(there.inherited.left) == [2]


@pytest.mark.parametrize("who", ["next:", "next:10.0.0.1 x y session:1", "next:10.0.0.1 1 2"])
def test_a_mark_that_is_not_written_so_waits_for_nobody(who: str) -> None:
    there = restrictions(Mark("ops", MarkKind.MUTE, who))
    assert not there.inherited.left
    there.drop(Mark("ops", MarkKind.MUTE, who))


def test_who_comes_costs_as_much_however_many_went_from_elsewhere() -> None:
    steps = []
    for count in (1, MOST):
        there = restrictions()
        for number in range(count):
            goes(there, number, f"10.0.{number // 256}.{number % 256}")
        newcomer = session(5000, "192.0.2.1")
        steps.append(steps_of(partial(there.inherits, newcomer, "ops")))
    assert steps[0] == steps[1]


def test_who_went_from_two_addresses_by_the_record_hinders_nobody_who_comes_from_there() -> None:
    """As where the record could not keep that they were back in between."""
    lefts = [
        restrictions(mute("ops", 1)).goes(session(1, address), 1)[0]
        for address in ("10.0.0.1", "10.0.0.2")
    ]
    there = restrictions(mute("ops", 1), *[left for left in lefts if isinstance(left, Mark)])
    assert follows(there, 5, "10.0.0.1") is None
    for left in lefts:
        assert isinstance(left, Mark)
        there.drop(left)
    for number, address in ((6, "10.0.0.1"), (7, "10.0.0.2")):
        assert follows(there, number, address) is None
    assert not there.inherited.left and not there.inherited._left_at


def test_neither_who_has_an_account_nor_who_is_muted_themselves_takes_it_from_the_next_guest() -> (
    None
):
    there = restrictions(mute("ops", 1), mute("ops", 5))
    there.goes(session(1, "10.0.0.1"), 1)
    member = session(4, "10.0.0.1")
    member.account = Account(AccountRow(3, "zoe"))
    assert there.inherits(member, "ops") == (None, [])
    assert follows(there, 5, "10.0.0.1") is None
    assert follows(there, 6, "10.0.0.1") is not None


def test_who_was_there_before_inherits_nothing_nor_does_anybody_once_it_is_lifted() -> None:
    there = restrictions(mute("ops", 1))
    there.goes(session(1, "10.0.0.1"), 5)
    assert [follows(there, number, "10.0.0.1") for number in (2, 5)] == [None, None]
    there.drop(mute("ops", 1))
    assert follows(there, 6, "10.0.0.1") is None
    there.set(mute("ops", 1))
    assert follows(there, 6, "10.0.0.1") is not None
