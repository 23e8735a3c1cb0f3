"""The ports through which the core meets a dialect: lines to requests, events to bytes.

A renderer is a dialect in one language and with one person's preferences (times or not). Renderers
are shared: everybody who sees the same bytes has the same renderer *object*, and a batch is
rendered once for each of them, however many look at it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from typing_extensions import override

from huddle.protocol.answers import Answer, Refused
from huddle.protocol.events import RoomEvent, Said
from huddle.protocol.long_answers import LongAnswer
from huddle.protocol.requests import Request
from huddle.protocol.text import clean, decode


@dataclass(frozen=True, slots=True)
class Traits:
    """How those behave who speak a dialect, as far as the server has to know."""

    many_rooms: bool
    """In any number of rooms at once; else in one at a time, and always in one."""
    own_secret: bool
    """Makes its session's secret and comes back by it; else a session is begun at each coming."""
    brings_cursors: bool
    """Says itself what it has of each room; else that is kept for it, as far as it is known."""
    return_word: bool
    """Is told a word by which it can take its session back."""
    login_at_door: bool
    """May log in before it has a nick, which brings it in."""
    leaves_at_end: bool
    """Has said all it had to say where it ends its side of the connection, and goes; else only the
    connection ends, and the nick is held, as after any loss."""
    awaits_answers: bool
    """Waits for an answer to what it asks for, even where everybody in the room is told."""
    types: bool
    """Its lines are typed by hand: short forms are understood, and it is warned of slips."""


PERSON = Traits(
    many_rooms=False,
    own_secret=False,
    brings_cursors=False,
    return_word=True,
    login_at_door=True,
    leaves_at_end=True,
    awaits_answers=False,
    types=True,
)
"""A person with `nc` or `telnet`."""

PROGRAM = Traits(
    many_rooms=True,
    own_secret=True,
    brings_cursors=True,
    return_word=False,
    login_at_door=False,
    leaves_at_end=False,
    awaits_answers=True,
    types=False,
)
"""A program that keeps what docs/protocol.md asks of it."""


class Renderer(Protocol):
    """Renders events; holds no state about their readers, so that one serves all who see alike."""

    audience: Hashable
    """Equal for renderers whose `live` and `past` give the same bytes."""

    quiet: bool | None = False
    """Whether who comes and goes is left out of what is `live`; None: where many are."""

    whole: Renderer | None = None
    """The renderer whose `live` bytes these are, but for the lines of those who are ``ignored``;
    None: it is one itself."""

    ignored: Collection[str] = ()
    """The identities whose lines are empty."""

    def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
        """The bytes of each event as it happens, in order."""

    def past(self, messages: Sequence[Said], previous: int | None) -> list[bytes]:
        """The bytes of each message as one reads it later.

        ``previous`` is the time of the message before the first, None if there is none.
        """

    acknowledges: bool = True
    """Whether its readers are told of each message of theirs that it is recorded."""

    compresses: bool = False
    """Whether its readers take what is `live` compressed, too."""

    def compressed(self, lines: Iterable[bytes | memoryview]) -> bytes:
        """Lines that are `live` in fewer bytes, for those who are given all of them. Asked for
        where it ``compresses``."""
        return b"".join(lines)

    def opening(self, time: int) -> bytes:
        """What stands before a replay whose first message has this time; mostly nothing."""
        return b""

    def answer(self, event: Answer) -> bytes:
        """The bytes of an answer for one connection; empty when this dialect does not tell it."""

    def pieces(self, event: LongAnswer) -> Iterator[bytes]:
        """The bytes of a long answer in pieces, each made when it is asked for
        (`long_answers.in_pieces`). Of itself a dialect has it in one."""
        yield self.answer(event)


class DelegatingRenderer(Renderer):
    """Renders as another renderer does, but for what a class below it does otherwise."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self.whole = renderer.whole or renderer
        self.audience = renderer.audience
        self.quiet = renderer.quiet
        self.acknowledges = renderer.acknowledges
        self.compresses = renderer.compresses

    @override
    def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
        return self._renderer.live(events)

    @override
    def past(self, messages: Sequence[Said], previous: int | None) -> list[bytes]:
        return self._renderer.past(messages, previous)

    @override
    def compressed(self, lines: Iterable[bytes | memoryview]) -> bytes:
        return self._renderer.compressed(lines)

    @override
    def opening(self, time: int) -> bytes:
        return self._renderer.opening(time)

    @override
    def answer(self, event: Answer) -> bytes:
        return self._renderer.answer(event)

    @override
    def pieces(self, event: LongAnswer) -> Iterator[bytes]:
        return self._renderer.pieces(event)


class Reader(Protocol):
    """Reads the lines of one connection; knows no more than a parser must."""

    __slots__ = ()

    not_utf8: bool
    """Whether a line so far was not UTF-8."""

    def read(self, line: bytes, named: bool) -> Request | Refused | None:
        """What a line asks for; None if it asks for nothing.

        ``named`` says whether the connection has a nick already.
        """

    def read_password(self, line: bytes) -> Request | Refused | None:
        """What a line asks for behind a nick that is registered: it is a password, where people
        log in at the door, if it is no command."""
        return self.read(line, named=False)

    def written(self, line: bytes) -> str:
        """The text of a line of a pasted block, with the blanks at its ends.

        Called where people type alone (`Traits.types`), with no more than `text.LONGEST` bytes.
        """
        return clean(decode(line)[0])


class Dialect(Protocol):
    """A wire format: how lines are read, and which renderers there are."""

    @property
    def traits(self) -> Traits:
        """How those behave who speak it; the same for all of them, and at any time."""

    def reader(self) -> Reader:
        """A reader for a new connection: it may remember things from line to line."""

    def renderer(self, language: str, times: bool, numbers: bool = False) -> Renderer:
        """The renderer in this language, with the times and the numbers of messages or without; the
        same object for the same arguments."""
