"""Passwords: what counts of one, what is kept of it, and the thread in which that is worked out."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import HashingError, VerificationError
from twisted.internet.defer import CancelledError, Deferred
from twisted.logger import capturedLogs, formatEvent
from twisted.python.failure import Failure

from huddle.protocol.errors import TooMany
from huddle.server.passwords import (
    STANDING_BACK,
    Hashing,
    NoMemory,
    hash_password,
    is_outdated,
    nobodys_hash,
    prepared,
    verify,
)
from tests.patience import PATIENCE
from tests.pumped_reactor import PumpReactor

SECRET = "correct horse"

LIMIT = 3
"""How many of one address may wait."""

HERE, THERE = "10.0.0.1", "10.0.0.2"


@pytest.fixture(scope="module")
def kept() -> str:
    """What is really kept of the secret."""
    return hash_password(SECRET)


@pytest.fixture
def reactor() -> PumpReactor:
    """Where the answers of the thread come out."""
    return PumpReactor()


@pytest.fixture
def hashing(reactor: PumpReactor) -> Iterator[Hashing]:
    hashing = Hashing(reactor, LIMIT)
    yield hashing
    hashing.stop()


# What counts


@pytest.mark.parametrize(
    ("typed", "also"),
    [
        ("contraseña", "contrasen\u0303a"),  # one character, and what macOS makes of it
        ("two words", "two\u00a0words"),  # AltGr and the space bar
        ("two words", "two\u3000words"),  # the space of a Japanese keyboard
        ("ca\u0142y \u200elas", "ca\u0142y las"),  # a mark that shows nothing comes with a paste
        ("한글 비밀", "\u1112\u1161\u11ab\u1100\u1173\u11af \u1107\u1175\u1106\u1175\u11af"),
    ],
)
def test_the_same_password_from_another_keyboard_is_the_same(typed: str, also: str) -> None:
    assert typed != also
    assert prepared(typed) == prepared(also)


@pytest.mark.parametrize(
    ("typed", "other"),
    [("Secret", "secret"), ("a b", "ab"), ("a  b", "a b"), (" a", "a"), ("ﬁ", "fi"), ("ａ", "a")],
)
def test_case_spaces_and_letters_that_look_alike_count(typed: str, other: str) -> None:
    assert prepared(typed) != prepared(other)


@pytest.mark.parametrize(
    "typed", ["👨\u200d👩\u200d👧 family", "\U000e0fff new", "ᄀ", "tab\there", ""]
)
def test_what_the_profile_would_refuse_is_taken_as_it_is(typed: str) -> None:
    assert prepared(typed) == typed


@pytest.mark.parametrize("typed", ["contrasen\u0303a", "a\u00a0b", "\udcff", "x\x00y"])
def test_what_is_prepared_stays_so_and_can_be_encoded(typed: str) -> None:
    once = prepared(typed)
    assert prepared(once) == once
    assert once.encode()


# What is kept


def test_a_password_is_known_again_and_no_other_is(kept: str) -> None:
    assert verify(kept, SECRET)
    assert not verify(kept, SECRET.upper())
    assert not verify(kept, "")


def test_what_is_kept_is_salted_and_made_by_the_low_memory_profile_of_the_rfc(kept: str) -> None:
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hash_password(SECRET) != kept
    assert SECRET not in kept


def test_nobodys_hash_costs_as_much_and_fits_nothing(kept: str) -> None:
    assert nobodys_hash().split("$")[:4] == kept.split("$")[:4]
    assert len(nobodys_hash()) == len(kept)
    assert not verify(nobodys_hash(), "")
    assert not is_outdated(nobodys_hash())


@pytest.mark.parametrize(
    "damaged",
    ["", "x", "ñ", "plain:correct horse", "$argon2id$", "$argon2id$v=19$m=65536,t=3,p=4$!!!$???"],
)
def test_no_password_fits_what_is_no_hash(damaged: str) -> None:
    assert not verify(damaged, SECRET)


def test_a_hash_made_in_another_way_is_good_and_outdated(kept: str) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(SECRET)
    assert verify(older, SECRET)
    assert is_outdated(older)
    assert not is_outdated(kept)


def test_a_machine_without_memory_says_nothing_of_the_password(
    kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starved(error: type[Exception]) -> Callable[..., object]:
        def fail(*_: object) -> object:
            raise error("Memory allocation error")

        return fail

    monkeypatch.setattr(PasswordHasher, "hash", starved(HashingError))
    monkeypatch.setattr(PasswordHasher, "verify", starved(VerificationError))
    with pytest.raises(NoMemory):
        hash_password(SECRET)
    with pytest.raises(NoMemory):
        verify(kept, SECRET)


# The thread


class Work:
    """Hashing that goes on until the test lets it end."""

    def __init__(self) -> None:
        self.may_end = threading.Semaphore(0)
        self.threads: list[threading.Thread] = []
        self.niceness: list[int] = []
        self.done: list[str] = []

    def __call__(self, password: str) -> str:
        self.threads.append(threading.current_thread())
        self.niceness.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        assert self.may_end.acquire(timeout=PATIENCE)
        self.done.append(password)
        return f"hash of {password}"


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    work = Work()
    monkeypatch.setattr("huddle.server.passwords.hash_password", work)
    return work


def failure_of(asked: Deferred[str]) -> type[object]:
    """What it has failed with."""
    failures: list[Failure] = []
    asked.addErrback(failures.append)
    [failure] = failures
    return type(failure.value)


def test_it_is_hashed_and_verified_in_a_thread_of_its_own(
    hashing: Hashing, reactor: PumpReactor
) -> None:
    kept = reactor.answer(hashing.hashed(SECRET, HERE))
    assert reactor.answer(hashing.verified(kept, SECRET, HERE))
    assert not reactor.answer(hashing.verified(kept, "wrong horse", HERE))
    assert not reactor.answer(hashing.refused(SECRET, HERE))


def test_one_after_the_other_in_one_thread_behind_the_reactors(
    hashing: Hashing, reactor: PumpReactor, work: Work
) -> None:
    asked = [hashing.hashed(password, HERE) for password in "abcd"]
    assert hashing._queue.waiting == LIMIT
    work.may_end.release(4)
    assert [reactor.answer(each) for each in asked] == [f"hash of {each}" for each in "abcd"]
    assert work.done == ["a", "b", "c", "d"]
    [thread] = set(work.threads)
    assert thread is not threading.main_thread()
    assert set(work.niceness) == {max(STANDING_BACK, os.getpriority(os.PRIO_PROCESS, 0))}
    assert hashing._queue.waiting == 0


def test_another_address_waits_for_what_is_being_hashed_and_for_no_more(
    hashing: Hashing, reactor: PumpReactor, work: Work
) -> None:
    asked = [hashing.hashed(password, HERE) for password in "abcd"]
    asked += [hashing.hashed(password, THERE) for password in "xy"]
    work.may_end.release(6)
    for each in asked:
        reactor.answer(each)
    assert work.done == ["a", "x", "b", "y", "c", "d"]


def test_an_address_of_which_too_many_wait_leaves_room_for_the_others(
    hashing: Hashing, reactor: PumpReactor, work: Work
) -> None:
    asked = [hashing.hashed(password, HERE) for password in "abcd"]
    assert failure_of(hashing.hashed("e", HERE)) is TooMany
    asked.append(hashing.hashed("x", THERE))
    work.may_end.release(5)
    assert [reactor.answer(each) for each in asked] == [f"hash of {each}" for each in "abcdx"]


def test_one_more_than_may_wait_is_too_many(
    hashing: Hashing, reactor: PumpReactor, work: Work
) -> None:
    asked = [hashing.hashed(password, HERE) for password in "abcd"]
    with pytest.raises(TooMany) as refused:
        reactor.answer(hashing.verified("hash", SECRET, HERE))
    assert (refused.value.what, refused.value.limit) == ("hashing", LIMIT)
    work.may_end.release(5)
    assert reactor.answer(asked[0]) == "hash of a"
    assert reactor.answer(asked[3]) == "hash of d"
    assert reactor.answer(hashing.hashed("e", HERE)) == "hash of e"


def test_who_does_not_want_to_know_any_more_makes_room_for_others(
    hashing: Hashing, reactor: PumpReactor, work: Work
) -> None:
    asked = [hashing.hashed(password, HERE) for password in "abcd"]
    asked[2].cancel()
    assert failure_of(asked[2]) is CancelledError
    asked.append(hashing.hashed("e", HERE))
    work.may_end.release(4)
    reactor.answer(asked[4])
    assert work.done == ["a", "b", "d", "e"]


def test_what_is_being_hashed_keeps_its_turn_though_nobody_wants_to_know(
    hashing: Hashing, reactor: PumpReactor, work: Work
) -> None:
    asked = [hashing.hashed(password, HERE) for password in "abcd"]
    asked[0].cancel()
    assert failure_of(asked[0]) is CancelledError
    with pytest.raises(TooMany):
        reactor.answer(hashing.hashed("e", HERE))
    work.may_end.release(4)
    reactor.answer(asked[3])
    assert work.done == ["a", "b", "c", "d"]


def test_no_thread_is_there_before_the_first_password_and_none_after_the_end(
    hashing: Hashing, reactor: PumpReactor, work: Work
) -> None:
    before = set(threading.enumerate())
    asked = [hashing.hashed(password, HERE) for password in "abc"]
    assert len(set(threading.enumerate()) - before) == 1
    work.may_end.release()
    hashing.stop()
    assert not set(threading.enumerate()) - before
    assert work.done == ["a"]
    assert [failure_of(each) for each in asked[1:]] == [TooMany, TooMany]
    assert failure_of(hashing.hashed("d", HERE)) is TooMany
    assert reactor.answer(asked[0]) == "hash of a"


def test_stopping_what_never_ran_starts_nothing(hashing: Hashing) -> None:
    before = threading.enumerate()
    hashing.stop()
    assert threading.enumerate() == before


def test_without_memory_it_is_too_many_and_the_next_one_has_its_turn(
    hashing: Hashing, reactor: PumpReactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starved(password: str) -> str:
        raise NoMemory("Memory allocation error")

    monkeypatch.setattr("huddle.server.passwords.hash_password", starved)
    with capturedLogs() as logged, pytest.raises(TooMany):
        reactor.answer(hashing.hashed(SECRET, HERE))
    assert [formatEvent(event) for event in logged] == ["There was no memory to hash a password"]
    assert not reactor.answer(hashing.verified("no hash", SECRET, HERE))


# The cost


def test_a_server_that_hears_no_password_never_imports_argon2() -> None:
    imported = "import sys, huddle.tap, huddle.server.password_checkers"
    program = f"{imported}; print('argon2' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert told.stdout == "False\n"
