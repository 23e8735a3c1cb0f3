"""The ports through which the core meets a dialect: lines to requests, events to bytes.

A face is a dialect in one language and with one person's wishes (times or not). Faces are shared:
everybody who sees the same bytes has the same face *object*, and a batch is rendered once for
each of them, however many look at it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol

from huddle.protocol.answers import Answer, Refused
from huddle.protocol.events import RoomEvent, Said
from huddle.protocol.requests import Request


class Face(Protocol):
    """Renders events; holds no state about who reads them."""

    @property
    def audience(self) -> Hashable:
        """Equal for faces whose `live` and `past` give the same bytes."""

    def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
        """The bytes of each event as it happens, in order."""

    def past(self, messages: Sequence[Said], previous: int | None) -> list[bytes]:
        """The bytes of each message as one reads it later.

        ``previous`` is the time of the message before the first, None if there is none.
        """

    def opening(self, time: int) -> bytes:
        """What stands before a replay whose first message has this time; mostly nothing."""

    def answer(self, event: Answer) -> bytes:
        """The bytes of something that is for one connection."""


class Reader(Protocol):
    """Reads the lines of one connection; knows no more than a parser must."""

    @property
    def not_utf8(self) -> bool:
        """Whether a line so far was not UTF-8."""

    def read(self, line: bytes, named: bool) -> Request | Refused | None:
        """What a line asks for; None if it asks for nothing.

        ``named`` says whether the connection has a nick already.
        """


class Dialect(Protocol):
    """A wire format: how lines are read, and which faces there are."""

    @property
    def stays(self) -> bool:
        """Whether a session outlives the end of its input: a program's does, a person's not."""

    def reader(self) -> Reader:
        """A reader for a new connection."""

    def face(self, language: str, times: bool) -> Face:
        """The face in this language; the same object for the same arguments."""
