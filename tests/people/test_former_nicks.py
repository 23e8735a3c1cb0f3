"""Whose a nick was that has been given up."""

from __future__ import annotations

from huddle.people.former_nicks import FormerNicks
from huddle.protocol.limits import SITE, Limits

ELSEWHERE = "198.51.100.7"


def test_who_gave_a_nick_up_last_comes_first_and_four_are_known() -> None:
    former = FormerNicks(Limits())
    for session in (1, 2, 3, 4, 5, 2):
        former.note("Bob", session, f"@{session}")
    assert former.owners("bob") == ((2, "@2"), (5, "@5"), (4, "@4"), (3, "@3"))
    assert former.owners("rob") == ()


def test_of_many_nicks_the_one_given_up_longest_ago_is_forgotten() -> None:
    most = Limits().former
    former = FormerNicks(Limits(per_address=0))
    for number in range(most):
        former.note(f"n{number}", number, f"@{number}", ELSEWHERE)
    former.note("n0", 0, "@0", ELSEWHERE)
    former.note("bob", 9, "@9", ELSEWHERE)
    assert (former.owners("n0"), former.owners("n1")) == (((0, "@0"),), ())
    assert len(former) == most


def test_who_changes_nicks_without_end_has_their_own_forgotten() -> None:
    former = FormerNicks(Limits())
    former.note("bob", 1, "@1", ELSEWHERE)
    each = Limits().former_each
    for number in range(10_000):
        former.note(f"n{number}", 2, "@2", "192.0.2.1")
    assert former.owners("bob") == ((1, "@1"),)
    assert former.owners(f"n{10_000 - each}") == ((2, "@2"),)
    assert former.owners(f"n{10_000 - each - 1}") == ()
    assert len(former) == each + 1


def test_so_has_an_ipv6_48_and_three_times_as_many() -> None:
    former = FormerNicks(Limits())
    most = SITE["former_each"] * Limits().former_each
    for number in range(most + 9):
        former.note(f"n{number}", number, f"@{number}", f"2001:db8:7:{number:x}::/64")
    assert former.owners("n8") == () and former.owners("n9") == ((9, "@9"),)
    assert len(former) == most


def test_where_all_are_known_that_can_be_one_goes_from_where_most_were_given_up() -> None:
    limits = Limits(former=100)
    former = FormerNicks(limits)
    former.note("bob", 1, "@1", ELSEWHERE)
    for number in range(300):
        former.note(f"n{number}", number, f"@{number}", f"192.0.2.{number % 3}")
    assert former.owners("bob") == ((1, "@1"),)
    assert len(former) == limits.former


def test_who_takes_a_nick_again_and_again_does_not_have_its_owner_before_forgotten() -> None:
    former = FormerNicks(Limits())
    former.note("bob", 1, "@1", ELSEWHERE)
    for session in range(2, 12):
        former.note("bob", session, f"@{session}", "192.0.2.1")
    assert former.owners("bob") == ((11, "@11"), (10, "@10"), (9, "@9"), (1, "@1"))


def test_whose_address_is_not_known_are_not_one_address() -> None:
    limits = Limits(former_each=2)
    former = FormerNicks(limits)
    for session in range(8):
        former.note(f"n{session}", session, f"@{session}")
    assert len(former) == 8
