"""What is opened by a secret, and how often one may guess."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from huddle.people.authentication import (
    AT_ONCE,
    LATER,
    PROOFS_BURST,
    PROOFS_RATE,
    Authentication,
    hashed_key,
)
from huddle.people.return_word_guesses import Guess
from huddle.protocol.errors import (
    BadField,
    BadPassword,
    HuddleError,
    TooMany,
    TooManyTries,
    WrongPassword,
)
from huddle.protocol.limits import Limits
from tests.open_checker import OpenChecker, kept

HERE, THERE = "10.0.0.1", "10.0.0.2"
SECRET, OTHER = "secreto-uno", "secreto-dos"


class Door:
    """Authentication with what knows the passwords of ana and of bob."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.passwords = OpenChecker({"ana": kept(SECRET), "bob": kept(SECRET)}.get)
        self.authentication = Authentication(b"key", self.passwords, self.clock.seconds, Limits())

    def proves(self, nick: str, password: str, address: str = HERE) -> list[Any]:
        """What comes of it, when it does: None, or an error."""
        return outcome(self.authentication.prove(nick, password, address))


def outcome(asked: Coroutine[Any, Any, Any]) -> list[Any]:
    came: list[Any] = []
    deferred = Deferred.fromCoroutine(asked)
    deferred.addCallbacks(came.append, lambda failure: came.append(failure.value))
    return came


def refused(came: list[Any], error: type[HuddleError]) -> bool:
    return len(came) == 1 and isinstance(came[0], error)


def test_the_right_password_is_proved_and_another_is_wrong() -> None:
    door = Door()
    assert door.proves("ana", SECRET) == [None]
    assert refused(door.proves("ana", OTHER), WrongPassword)
    assert refused(door.proves("nobody", SECRET), WrongPassword)


def test_after_three_wrong_ones_that_nick_waits_at_that_address_whatever_its_case() -> None:
    door = Door()
    for nick in ("ana", "ANA", "Ana"):
        assert refused(door.proves(nick, OTHER), WrongPassword)
    came = door.proves("ana", SECRET)
    assert refused(came, TooManyTries) and came[0].wait == 2.0
    assert door.proves("bob", SECRET) == [None]
    assert door.proves("ana", SECRET, THERE) == [None]
    door.clock.advance(2.0)
    assert door.proves("ana", SECRET) == [None]


def test_an_address_with_a_whole_class_behind_it_may_mistype_much() -> None:
    door = Door()
    for pupil in range(128):
        assert refused(door.proves(f"pupil{pupil}", OTHER), WrongPassword)
    assert refused(door.proves("ana", SECRET), TooManyTries)
    assert door.proves("ana", SECRET, THERE) == [None]


def test_too_long_a_password_is_wrong_without_being_hashed() -> None:
    door = Door()
    door.passwords.held = True
    assert refused(door.proves("ana", "x" * 129), WrongPassword)
    assert door.passwords.waiting == 0
    assert door.proves("ana", "x" * 128) == []
    assert door.passwords.waiting == 1


def test_no_more_are_checked_at_once_than_may_be_wrong() -> None:
    door = Door()
    door.passwords.held = True
    asked = [door.proves("ana", OTHER) for _ in range(AT_ONCE)]
    came = door.proves("ana", SECRET)
    assert refused(came, TooManyTries) and came[0].wait == LATER
    assert door.proves("bob", SECRET) == door.proves("ana", SECRET, THERE) == []
    door.passwords.answers()
    assert all(refused(each, WrongPassword) for each in asked)
    door.clock.advance(2.0)
    door.passwords.held = False
    assert door.proves("ana", SECRET) == [None]


def test_what_could_not_be_checked_is_not_counted() -> None:
    door = Door()
    door.passwords.failure = TooMany("hashing", 32)
    for _ in range(10):
        assert refused(door.proves("ana", SECRET), TooMany)
    door.passwords.failure = None
    assert door.proves("ana", SECRET) == [None]


def test_right_passwords_count_too_for_who_brings_them_without_end() -> None:
    door = Door()
    for _ in range(PROOFS_BURST):
        assert door.proves("ana", SECRET) == [None]
    came = door.proves("ANA", SECRET)
    assert refused(came, TooManyTries) and 0 < came[0].wait <= 1 / PROOFS_RATE
    assert door.proves("ana", SECRET, THERE) == [None]
    assert door.proves("bob", SECRET) == [None]
    door.clock.advance(1 / PROOFS_RATE)
    assert door.proves("ana", SECRET) == [None]
    assert refused(door.proves("ana", SECRET), TooManyTries)


@pytest.mark.parametrize(("length", "fits"), [(7, False), (8, True), (128, True), (129, False)])
def test_a_new_password_has_eight_to_128_characters(length: int, fits: bool) -> None:
    came = outcome(Door().authentication.hashed_password("ñ" * length, HERE))
    assert came == [kept("ñ" * length)] if fits else refused(came, BadPassword)


def word(door: Door, who: int) -> None:
    door.authentication.return_word_guesses.begin(Guess(HERE, who, f"nick{who}"))(False)


def password(door: Door, who: int) -> None:
    came = door.proves(f"nick{who}", OTHER)
    if not refused(came, WrongPassword):
        raise came[0]


def key(door: Door, who: int) -> None:
    door.authentication.check_keys(HERE, who)
    door.authentication.wrong_key(HERE, who)


@pytest.mark.parametrize("wrong", [word, password, key])
def test_wrong_words_passwords_and_keys_hold_up_their_own_kind_alone(
    wrong: Callable[[Door, int], None],
) -> None:
    """One pupil made up words, and the class behind that address could not log in."""
    door = Door()
    for who in range(128):
        wrong(door, who)
    for each in (word, password, key):
        if each is not wrong:
            each(door, 128)
    with pytest.raises(TooManyTries):
        wrong(door, 128)


def test_a_return_word_is_hashed_under_the_key_however_it_is_typed() -> None:
    door = Door()
    hashed = door.authentication.hashed_word("otter-41-lamp")
    assert door.authentication.hashed_word(" OTTER 41 lamp ") == hashed
    assert door.authentication.hashed_word("otter-41-lamb") != hashed
    other = Authentication(b"another", door.passwords, door.clock.seconds, Limits())
    assert other.hashed_word("otter-41-lamp") != hashed


# The keys of rooms


OURS = b"k" * 32


@pytest.mark.parametrize("typed", ["peñón", " peñón ", "pen\u0303o\u0301n", "ｐeñón"])
def test_a_key_is_the_same_however_it_is_typed(typed: str) -> None:
    assert hashed_key(OURS, typed) == hashed_key(OURS, "peñón")


def test_another_key_and_another_server_make_something_else() -> None:
    kept = {hashed_key(OURS, "peñón"), hashed_key(OURS, "Peñón"), hashed_key(b"x" * 32, "peñón")}
    assert len(kept) == 3


def test_it_may_be_as_long_as_the_limit() -> None:
    assert len(hashed_key(OURS, "x" * 64)) == 32


@pytest.mark.parametrize("typed", ["", "  ", "x" * 65, "ﷺ" * 4, "\ud800"])
def test_what_is_no_key_is_refused(typed: str) -> None:
    with pytest.raises(BadField) as refusal:
        hashed_key(OURS, typed)
    assert refusal.value.field == "key"
