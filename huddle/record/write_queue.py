"""What waits for the thread that writes, and how that thread is woken.

A thread is best woken by one who does not hold the interpreter's lock. Where there is one processor
for both, the thread that is woken runs at once; if the lock is taken it goes back to sleep, and is
woken once more when the reactor waits for the network again. A `queue.SimpleQueue` wakes with the
lock held. A write to an eventfd gives the lock up first: the commit is on its way to the disk
before the reactor goes on, and what the reactor has left to do is done while the disk works.

Nobody is woken who is awake: behind one commit the next is often there already. Nor, while the
thread gathers what can wait, by that.
"""

from __future__ import annotations

import os
import select
from collections import deque
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class WriteQueue(Generic[T]):
    """What any thread puts in, for the one that takes it out."""

    def __init__(self) -> None:
        """Raises `OSError` when no more files may be open."""
        self._items: deque[T] = deque()
        self._asleep = False
        self._gathers = False
        self._urgent = False
        """Whether something was put in that cannot wait, since all was taken out."""
        self._event = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._epoll = select.epoll()
        # Each write is told once, so nobody needs to read it.
        self._epoll.register(self._event, select.EPOLLIN | select.EPOLLET)

    def put(self, item: T, can_wait: bool = False) -> None:
        """``can_wait``: while the thread gathers what can, it is not woken for that."""
        self._items.append(item)
        if not can_wait:
            self._urgent = True
        if self._asleep and not (can_wait and self._gathers):
            self._asleep = False
            os.eventfd_write(self._event, 1)

    def gather(self, seconds: float) -> None:
        """Let what can wait come together for so long, or until something comes that cannot."""
        until = monotonic() + seconds
        self._gathers = True
        while not self._urgent and (left := until - monotonic()) > 0:
            self._asleep = True
            if not self._urgent:  # what was put in before that has woken nobody
                self._epoll.poll(left)
            self._asleep = False
        self._gathers = False

    def take(self, patience: float) -> list[T]:
        """All that there is, in order, or what comes first within so many seconds; else nothing."""
        woken = True
        while woken and patience and not self._items:
            self._asleep = True
            # What was put before that has woken nobody; one may be woken for what is taken here.
            woken = bool(self._items) or bool(self._epoll.poll(patience))
            self._asleep = False
        self._urgent = False
        taken: list[T] = []
        while self._items:
            taken.append(self._items.popleft())
        return taken

    def close(self) -> None:
        """Let go of its files. Nothing more is put into it, nor being put, nor taken out."""
        self._epoll.close()
        os.close(self._event)
