"""Long answers: given a piece at a time, each made when the one before has been taken.

A list of all rooms or bans, or a stretch of the past, is some hundred KiB, and it takes
milliseconds to make it. So an outlet draws it (`huddle.delivery.outlet`), in turn with others. With
its rows made by then as well (`Made`), it costs a reader who takes nothing of it no more than the
sequence that they are made of, which all may share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Generic, TypeVar, overload

from typing_extensions import override

from huddle.protocol.answers import AuditList, BanList, Past, RoomList
from huddle.protocol.limits import KIB

S = TypeVar("S")
T = TypeVar("T")

LongAnswer = Past | RoomList | BanList | AuditList
LONG: Final = (Past, RoomList, BanList, AuditList)
"""The same, to ask whether an answer is one."""

PIECE = 4 * KIB
"""Bytes of a long answer that are made together. They may be eighty rooms, each of which takes
5 to 10 µs."""


def is_last(piece: bytes) -> bool:
    """Whether no further piece of the answer comes behind this one."""
    return len(piece) < PIECE


def in_pieces(rows: Iterable[bytes]) -> Iterator[bytes]:
    """The rows put together to pieces of `PIECE` bytes, or a little more."""
    gathered: list[bytes] = []
    size = 0
    for row in rows:
        gathered.append(row)
        size += len(row)
        if size >= PIECE:
            yield b"".join(gathered)
            gathered.clear()
            size = 0
    if gathered:
        yield b"".join(gathered)


class Made(Sequence[T], Generic[S, T]):
    """What ``make`` makes of each of these: anew each time, and it is not kept."""

    __slots__ = ("_make", "_of")

    def __init__(self, of: Sequence[S], make: Callable[[S], T]) -> None:
        self._of = of
        self._make = make

    @override
    def __len__(self) -> int:
        return len(self._of)

    @override
    def __iter__(self) -> Iterator[T]:
        return map(self._make, self._of)

    @overload
    def __getitem__(self, place: int, /) -> T: ...
    @overload
    def __getitem__(self, place: slice, /) -> Made[S, T]: ...
    @override
    def __getitem__(self, place: int | slice, /) -> T | Made[S, T]:
        if isinstance(place, slice):
            return Made(self._of[place], self._make)
        return self._make(self._of[place])
