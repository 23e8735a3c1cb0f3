"""Messages and notices as tests need them, in a house where it is always noon."""

from __future__ import annotations

from dataclasses import is_dataclass
from datetime import UTC, datetime

from typing_extensions import override

from huddle.delivery.outlet import Outlet
from huddle.delivery.transport import Transport
from huddle.dialects.plain.dialect import PlainDialect
from huddle.locale.clock import HouseClock
from huddle.protocol import answers
from huddle.protocol.dialect import Renderer
from huddle.protocol.events import Joined, Kind, Left, Said

NOON = round(datetime(2026, 11, 19, 12, tzinfo=UTC).timestamp() * 1000)
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

ANSWERS = tuple(
    each
    for each in vars(answers).values()
    if isinstance(each, type) and issubclass(each, answers.Answer) and is_dataclass(each)
    if each is not answers.Reply
)
"""All kinds of answers but the asides, which say nothing of anybody."""

CLOCK = HouseClock(UTC, lambda: NOON)
"""In a house where it is always `NOON`."""

PLAIN = PlainDialect(CLOCK)


def renderer(language: str = "en", times: bool = False) -> Renderer:
    """A renderer of people, in a house whose clock shows UTC and where it is always `NOON`."""
    return PLAIN.renderer(language, times)


def said(
    seq: int,
    text: str = "hola",
    *,
    nick: str = "bob",
    session: int = 2,
    time: int = NOON,
    kind: Kind = Kind.SAY,
    room: str = "huddle",
) -> Said:
    """A message."""
    return Said(room, seq, time, session, nick, kind, text)


def talk(first: int, last: int, **fields: int) -> list[Said]:
    """So many messages in a row; each has its number for a text."""
    return [said(seq, str(seq), **fields) for seq in range(first, last + 1)]  # type: ignore[arg-type]


def joined(nick: str, session: int = 0, room: str = "huddle") -> Joined:
    """Somebody came in."""
    return Joined(room, (nick,), session)


def left(nick: str, session: int = 0, room: str = "huddle") -> Left:
    """Somebody went."""
    return Left(room, (nick,), session)


class MemoryTransport(Transport):
    """Takes everything, until it is told to take only so much more.

    What it must finish waits in ``rest``, for `drain`.
    """

    def __init__(self) -> None:
        self.data = b""
        self.room: int | None = None
        self.gone = False
        self.rest: bytes | None = None
        self.closed = False

    @override
    def send(self, data: bytes) -> int:
        if self.gone:
            raise BrokenPipeError
        if self.room == 0:
            raise BlockingIOError
        taken = len(data) if self.room is None else min(self.room, len(data))
        self.data += data[:taken]
        if self.room is not None:
            self.room -= taken
        return taken

    def reads(self) -> list[str]:
        """The lines that came since the last time."""
        lines, self.data = self.data.decode().splitlines(), b""
        return lines

    @override
    def finish(self, rest: bytes) -> None:
        self.rest = rest

    def drain(self, outlet: Outlet) -> None:
        """The peer takes everything again."""
        assert self.rest is not None
        self.data, self.rest, self.room = self.data + self.rest, None, None
        outlet.drained()

    @override
    def hurry(self) -> None: ...

    @override
    def close(self) -> None:
        self.closed = True

    @override
    def read_before_reset(self) -> None:
        """Nothing is thrown away here."""

    @override
    def abandon(self) -> None:
        self.gone = True
