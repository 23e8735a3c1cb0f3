"""What is put in is taken out by another thread, which is woken where it sleeps and not else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Thread

import pytest

from huddle.record.write_queue import WriteQueue
from tests.patience import PATIENCE


@pytest.fixture
def queue() -> Iterator[WriteQueue[int]]:
    queue: WriteQueue[int] = WriteQueue()
    yield queue
    queue.close()


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
    queue: WriteQueue[int], woken: list[int]
) -> None:
    for number in range(3):
        queue.put(number)
    assert queue.take(PATIENCE) == [0, 1, 2]
    assert queue.take(0) == queue.take(0.001) == []
    assert not woken


def test_one_who_sleeps_is_woken_for_each_and_one_who_works_is_not(
    queue: WriteQueue[int], woken: list[int]
) -> None:
    taken: SimpleQueue[list[int]] = SimpleQueue()

    def work() -> None:
        while (got := queue.take(PATIENCE)) != [0]:
            taken.put(got)

    thread = Thread(target=work)
    thread.start()
    for number in range(1, 1000):
        queue.put(number)
        assert taken.get(timeout=PATIENCE) == [number]
    queue.put(0)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert len(woken) <= 1000


def test_nothing_is_lost_among_many_that_come_while_others_are_taken(
    queue: WriteQueue[int],
) -> None:
    def put_all() -> None:
        for number in range(20_000):
            queue.put(number)

    thread = Thread(target=put_all)
    thread.start()
    got: list[int] = []
    while len(got) < 20_000:
        taken = queue.take(PATIENCE)
        assert taken
        got += taken
    thread.join()
    assert got == [*range(20_000)]


def test_being_woken_for_what_was_taken_already_ends_nobodys_patience(
    queue: WriteQueue[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Epoll:
        polled = 0

        def poll(self, patience: float) -> list[tuple[int, int]]:
            self.polled += 1
            if self.polled == 2:
                queue.put(2)
            return [(0, 1)]

    monkeypatch.setattr(queue, "_epoll", epoll := Epoll())
    assert queue.take(PATIENCE) == [2]
    assert epoll.polled == 2


def test_what_can_wait_wakes_nobody_who_gathers_and_what_cannot_does(
    queue: WriteQueue[int], woken: list[int]
) -> None:
    taken: SimpleQueue[list[int]] = SimpleQueue()

    def work() -> None:
        queue.gather(10 * PATIENCE)
        taken.put(queue.take(0))

    thread = Thread(target=work)
    thread.start()
    while not queue._gathers:
        pass
    for number in range(100):
        queue.put(number, can_wait=True)
    assert not woken
    queue.put(100)
    assert taken.get(timeout=PATIENCE) == [*range(101)]
    assert len(woken) <= 1
    thread.join(PATIENCE)


def test_who_gathers_does_so_for_a_while(queue: WriteQueue[int]) -> None:
    queue.put(1, can_wait=True)
    queue.gather(0.001)
    assert queue.take(0) == [1]


def test_where_something_is_urgent_already_nothing_is_gathered(queue: WriteQueue[int]) -> None:
    queue.put(1)
    queue.gather(10 * PATIENCE)
    assert queue.take(0) == [1]
