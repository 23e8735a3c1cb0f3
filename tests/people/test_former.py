"""Whose a nick was that has been given up."""

from __future__ import annotations

from huddle.people.former import REMEMBERED, FormerNicks


def test_who_gave_a_nick_up_last_comes_first_and_four_are_known() -> None:
    former = FormerNicks()
    for session in (1, 2, 3, 4, 5, 2):
        former.note("Bob", session, f"@{session}")
    assert former.owners("bob") == ((2, "@2"), (5, "@5"), (4, "@4"), (3, "@3"))
    assert former.owners("rob") == ()


def test_of_many_nicks_the_one_given_up_longest_ago_is_forgotten() -> None:
    former = FormerNicks()
    for number in range(REMEMBERED):
        former.note(f"n{number}", number, f"@{number}")
    former.note("n0", 0, "@0")
    former.note("bob", 9, "@9")
    assert (former.owners("n0"), former.owners("n1")) == (((0, "@0"),), ())
