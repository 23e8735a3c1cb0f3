"""What is put in is taken out by another thread, which is woken where it sleeps and not else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Thread

import pytest

from huddle.record.letterbox import Letterbox
from tests.patience import PATIENCE


@pytest.fixture
def letters() -> Iterator[Letterbox[int]]:
    letterbox: Letterbox[int] = Letterbox()
    yield letterbox
    letterbox.close()


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows when somebody is woken."""
    write, woken = os.eventfd_write, list[int]()

    def wake(event: int, count: int) -> None:
        woken.append(count)
        write(event, count)

    monkeypatch.setattr(os, "eventfd_write", wake)
    return woken


def test_what_is_there_is_taken_in_order_and_wakes_nobody(
    letters: Letterbox[int], woken: list[int]
) -> None:
    for number in range(3):
        letters.put(number)
    assert letters.take(PATIENCE) == [0, 1, 2]
    assert letters.take(0) == letters.take(0.001) == []
    assert not woken


def test_one_who_sleeps_is_woken_for_each_and_one_who_works_is_not(
    letters: Letterbox[int], woken: list[int]
) -> None:
    taken: SimpleQueue[list[int]] = SimpleQueue()

    def work() -> None:
        while (got := letters.take(PATIENCE)) != [0]:
            taken.put(got)

    thread = Thread(target=work)
    thread.start()
    for number in range(1, 1000):
        letters.put(number)
        assert taken.get(timeout=PATIENCE) == [number]
    letters.put(0)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert len(woken) <= 1000


def test_nothing_is_lost_among_many_that_come_while_others_are_taken(
    letters: Letterbox[int],
) -> None:
    def put_all() -> None:
        for number in range(20_000):
            letters.put(number)

    thread = Thread(target=put_all)
    thread.start()
    got: list[int] = []
    while len(got) < 20_000:
        taken = letters.take(PATIENCE)
        assert taken
        got += taken
    thread.join()
    assert got == [*range(20_000)]


def test_a_bell_that_rang_for_what_was_taken_already_ends_nobodys_patience(
    letters: Letterbox[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bell:
        rung = 0

        def poll(self, patience: float) -> list[tuple[int, int]]:
            self.rung += 1
            if self.rung == 2:
                letters.put(2)
            return [(0, 1)]

    monkeypatch.setattr(letters, "_bell", bell := Bell())
    assert letters.take(PATIENCE) == [2]
    assert bell.rung == 2


def test_what_can_wait_wakes_nobody_who_gathers_and_what_cannot_does(
    letters: Letterbox[int], woken: list[int]
) -> None:
    taken: SimpleQueue[list[int]] = SimpleQueue()

    def work() -> None:
        letters.gather(10 * PATIENCE)
        taken.put(letters.take(0))

    thread = Thread(target=work)
    thread.start()
    while not letters._gathers:
        pass
    for number in range(100):
        letters.put(number, can_wait=True)
    assert not woken
    letters.put(100)
    assert taken.get(timeout=PATIENCE) == [*range(101)]
    assert len(woken) <= 1
    thread.join(PATIENCE)


def test_who_gathers_does_so_for_a_while(letters: Letterbox[int]) -> None:
    letters.put(1, can_wait=True)
    letters.gather(0.001)
    assert letters.take(0) == [1]


def test_where_something_presses_already_nothing_is_gathered(letters: Letterbox[int]) -> None:
    letters.put(1)
    letters.gather(10 * PATIENCE)
    assert letters.take(0) == [1]
