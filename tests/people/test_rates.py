"""How fast lines, connections, registrations and wrong guesses may come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.people.rates import HOUR_MS, REMEMBERED, AddressRates, Guesses, Registrations, Throttle
from huddle.protocol.errors import TooMany

HERE, THERE = "10.0.0.1", "10.0.0.2"
DAY = 24 * 60 * 60.0

# One connection: a burst passes at once, and what follows at its pace


def passed(throttle: Throttle, now: float) -> int:
    """How many pass now, up to a hundred."""
    return sum(throttle.take(now) == 0.0 for _ in range(100))


def test_sixty_lines_pass_at_once() -> None:
    throttle = Throttle(5, 60, 1000.0)
    assert passed(throttle, 1000.0) == 60


def test_then_five_a_second_pass() -> None:
    throttle = Throttle(5, 60, 0.0)
    passed(throttle, 0.0)
    assert throttle.take(0.0) == pytest.approx(0.2)
    assert throttle.take(0.1) == pytest.approx(0.1)
    assert throttle.take(0.2) == 0.0
    assert passed(throttle, 1.2) == 5


def test_a_line_that_waits_is_not_counted() -> None:
    throttle = Throttle(5, 1, 0.0)
    throttle.take(0.0)
    assert [throttle.take(0.0) for _ in range(9)] == [pytest.approx(0.2)] * 9


def test_silence_gives_the_burst_back_and_no_more() -> None:
    throttle = Throttle(5, 60, 0.0)
    passed(throttle, 0.0)
    assert passed(throttle, 6.0) == 30
    assert passed(throttle, 3600.0) == 60


def test_a_rate_of_nothing_is_no_limit() -> None:
    throttle = Throttle(0, 1, 0.0)
    assert all(throttle.take(0.0) == 0.0 for _ in range(100_000))


def test_one_can_ask_without_taking() -> None:
    throttle = Throttle(5, 1, 0.0)
    assert throttle.wait(0.0) == throttle.wait(0.0) == 0.0
    throttle.take(0.0)
    assert throttle.wait(0.0) == pytest.approx(0.2)


def test_what_passed_anyway_is_waited_for() -> None:
    throttle = Throttle(5, 1, 0.0)
    for _ in range(3):
        throttle.spend(0.0)
    assert throttle.wait(0.0) == pytest.approx(0.6)


@given(
    st.floats(0.001, 10_000),
    st.integers(1, 1000),
    st.floats(0, 1e9),
    st.lists(st.floats(0, 100), max_size=50),
)
def test_after_the_wait_it_was_told_a_line_passes(
    rate: float, burst: int, now: float, pauses: list[float]
) -> None:
    throttle = Throttle(rate, burst, now)
    for pause in pauses:
        now += pause
        wait = throttle.take(now)
        if wait:
            now += wait
            assert throttle.take(now) == 0.0


@given(st.integers(1, 50), st.lists(st.floats(0, 1), min_size=1, max_size=300))
def test_never_more_pass_than_the_burst_and_the_rate_allow(burst: int, pauses: list[float]) -> None:
    throttle = Throttle(5, burst, 0.0)
    now = 0.0
    lines = 0
    for pause in pauses:
        now += pause
        lines += throttle.take(now) == 0.0
        assert lines <= burst + 5 * now + 1e-3


# Each address has its own pace, and only so many are remembered


def test_so_many_come_at_once_and_then_so_many_a_second() -> None:
    rates = AddressRates(2, 3)
    assert [rates.take("a", 0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert rates.take("b", 0) == 0
    assert rates.take("a", 0.5) == 0


def test_without_an_address_or_a_rate_there_is_no_pace() -> None:
    assert {AddressRates(2, 3).take("", 0) for _ in range(100)} == {0}
    assert {AddressRates(0, 3).take("a", 0) for _ in range(100)} == {0}


def test_the_address_that_came_longest_ago_is_forgotten_first() -> None:
    rates = AddressRates(1, 1)
    rates.take("first", 0)
    rates.take("second", 0)
    rates.take("first", 0)
    for number in range(REMEMBERED - 1):
        rates.take(str(number), 0)
    assert len(rates._throttles) == REMEMBERED
    assert rates.take("first", 0) > 0
    assert rates.take("second", 0) == 0


def test_those_of_one_ipv6_48_may_do_it_together_so_many_times_as_often() -> None:
    rates = AddressRates(1, 2, 3)
    waits = [rates.take(f"2001:db8:7:{number:x}::/64", 0) for number in range(7)]
    assert waits == [0] * 6 + [pytest.approx(1 / 3)]
    assert rates.wait("2001:db8:7:ff::/64", 0) == pytest.approx(1 / 3)
    assert rates.take("2001:db8:8:1::/64", 0) == 0


def test_one_of_them_that_has_to_wait_counts_nothing_for_the_others() -> None:
    rates = AddressRates(1, 1, 2)
    assert [rates.take("2001:db8:7:1::/64", 0) for _ in range(5)] == [0, 1, 1, 1, 1]
    assert rates.take("2001:db8:7:2::/64", 0) == 0


# So many accounts from one address in an hour


def is_full(registrations: Registrations, address: str, now: int, limit: int = 2) -> bool:
    try:
        registrations.check(address, now, limit)
    except TooMany as error:
        assert (error.what, error.limit) == ("registrations", limit)
        return True
    return False


def test_as_many_as_the_limit_and_no_more() -> None:
    registrations = Registrations()
    for now in (0, 1):
        assert not is_full(registrations, HERE, now)
        registrations.count(HERE, now)
    assert is_full(registrations, HERE, 2)
    assert not is_full(registrations, THERE, 2)


def test_each_one_is_over_after_an_hour() -> None:
    registrations = Registrations()
    registrations.count(HERE, 0)
    registrations.count(HERE, 1000)
    assert is_full(registrations, HERE, HOUR_MS - 1)
    assert not is_full(registrations, HERE, HOUR_MS)
    registrations.count(HERE, HOUR_MS)
    assert is_full(registrations, HERE, HOUR_MS + 999)
    assert not is_full(registrations, HERE, HOUR_MS + 1000)


def test_to_ask_counts_nothing() -> None:
    registrations = Registrations()
    for _ in range(10):
        registrations.check(HERE, 0, 1)
    registrations.count(HERE, 0)
    with pytest.raises(TooMany):
        registrations.check(HERE, 0, 1)


def test_the_addresses_that_are_remembered_are_bounded_and_the_oldest_goes() -> None:
    registrations = Registrations()
    for number in range(5000):
        registrations.count(f"10.1.{number // 256}.{number % 256}", number)
    registrations.count(HERE, 5000)
    assert not is_full(registrations, "10.1.0.0", 5000, limit=1)
    assert is_full(registrations, "10.1.19.135", 5000, limit=1)
    assert len(registrations._times) == 4096


def test_three_times_as_many_may_be_of_one_ipv6_48() -> None:
    registrations = Registrations()
    for number in range(6):
        registrations.check(f"2001:db8:7:{number:x}::/64", 0, 2)
        registrations.count(f"2001:db8:7:{number:x}::/64", 0)
    with pytest.raises(TooMany) as refused:
        registrations.check("2001:db8:7:ff::/64", 0, 2)
    assert refused.value.limit == 6
    registrations.check("2001:db8:8:1::/64", 0, 2)


# Guessing


def heard(guesses: Guesses, address: str, who: str | None, seconds: float) -> int:
    """How many guesses of somebody who never stops are heard."""
    now = 0.0
    count = 0
    while now < seconds:
        wait = guesses.wait(address, now, who)
        if not wait:
            guesses.failed(address, now, who)
            count += 1
        now += wait or 0.001
    return count


def test_three_slips_are_free() -> None:
    guesses = Guesses()
    for _ in range(3):
        assert guesses.wait("10.0.0.1", 0.0, "ana") == 0.0
        guesses.failed("10.0.0.1", 0.0, "ana")
    assert guesses.wait("10.0.0.1", 0.0, "ana") == 2.0
    assert guesses.wait("10.0.0.1", 1.5, "ana") == 0.5
    assert guesses.wait("10.0.0.1", 2.0, "ana") == 0.0


def test_each_wait_is_twice_the_last_up_to_ten_minutes() -> None:
    guesses = Guesses()
    now = 0.0
    waits = []
    for _ in range(14):
        guesses.failed("10.0.0.1", now, "ana")
        waits.append(guesses.wait("10.0.0.1", now, "ana"))
        now += waits[-1]
    assert waits == [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]


def test_one_pupil_does_not_lock_out_the_class() -> None:
    guesses = Guesses()
    heard(guesses, "10.0.0.1", "mallory", DAY)
    assert guesses.wait("10.0.0.1", DAY, "mallory") > 0
    for pupil in range(30):
        for _ in range(2):
            assert guesses.wait("10.0.0.1", DAY, f"pupil {pupil}") == 0.0
            guesses.failed("10.0.0.1", DAY, f"pupil {pupil}")


def test_neither_does_one_address_another() -> None:
    guesses = Guesses()
    heard(guesses, "10.0.0.1", None, 10.0)
    assert guesses.wait("10.0.0.1", 10.0) > 0
    assert guesses.wait("10.0.0.2", 10.0) == 0.0


def test_an_ipv6_48_is_bounded_whatever_64_of_it_guesses() -> None:
    guesses = Guesses()
    heard = 0
    for number in range(2000):
        address = f"2001:db8:1:{number:x}::/64"
        if not guesses.wait(address, 0.0, number):
            heard += 1
            guesses.failed(address, 0.0, number)
    assert heard == 512
    assert guesses.wait("2001:db8:1:ffff::/64", 0.0) > 0
    assert not guesses.wait("2001:db8:2:1::/64", 0.0)
    assert not guesses.wait("192.0.2.1", 0.0)


def test_a_new_nick_for_each_guess_is_of_no_use() -> None:
    guesses = Guesses()
    for number in range(500):
        if not guesses.wait("10.0.0.1", 0.0, f"nick {number}"):
            guesses.failed("10.0.0.1", 0.0, f"nick {number}")
    assert 0 < guesses.wait("10.0.0.1", 0.0, "yet another") <= 30.0


def test_an_address_gets_no_more_than_the_docstring_says() -> None:
    assert heard(Guesses(), "10.0.0.1", None, DAY) == pytest.approx(128 + 2880, abs=1)


def test_guesses_that_were_under_way_together_all_count() -> None:
    guesses = Guesses()
    for _ in range(128 + 10):  # none of them knew of the others when it asked
        guesses.failed("10.0.0.1", 0.0)
    assert guesses.wait("10.0.0.1", 0.0) == pytest.approx(11 * 30.0)


def test_after_a_quiet_hour_a_guesser_begins_anew() -> None:
    guesses = Guesses()
    for _ in range(8):
        guesses.failed("10.0.0.1", 0.0, "ana")
    guesses.failed("10.0.0.1", 3601.0, "ana")
    assert guesses.wait("10.0.0.1", 3601.0, "ana") == 0.0


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    guesses = Guesses()
    for _ in range(200):
        guesses.failed("10.0.0.1", 0.0)
    for number in range(4095):
        guesses.failed(f"2001:db8::{number:x}", 0.0, "ana")
    assert guesses.wait("10.0.0.1", 0.0) > 0
    guesses.failed("2001:db8:1::", 0.0, "ana")
    assert guesses.wait("10.0.0.1", 0.0) == 0.0
    assert len(guesses._addresses._throttles) == len(guesses._guessers) == 4096
