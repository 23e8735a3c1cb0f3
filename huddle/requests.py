"""What can be asked of Huddle, as frozen values: both dialects read their lines into these.

``id`` is the number a program gave its request (None: it gave none, as people do); the answer
carries it. ``room`` None means the one room a person is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from huddle.events import Kind


@dataclass(frozen=True, slots=True)
class Hello:
    """Somebody comes in, new or again.

    A program makes its session's ``secret`` itself and repeats it to ``resume``; ``after`` holds
    the last `seq` it has of each room, under the record's ``epoch``. ``replay`` is how many of the
    last messages it wants of a room that it has nothing of. A person has no secret.
    """

    nick: str
    secret: str | None = None
    resume: bool = False
    epoch: str | None = None
    after: Mapping[str, int] = field(default_factory=dict)
    language: str | None = None
    replay: int | None = None
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """A person comes back by the return word."""

    word: str


@dataclass(frozen=True, slots=True)
class Say:
    """A text for a room. The same ``id`` again is the same saying again."""

    text: str
    kind: Kind = Kind.SAY
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeNick:
    """Another name, please; None asks which one it is."""

    nick: str | None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """Who is here?"""

    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Rooms:
    """Which rooms are there?"""

    id: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The last ``limit`` messages, those before the seq ``before``, or the first since a time."""

    limit: int | None = None
    before: int | None = None
    since: int | None = None
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """The newest messages with all these words, before the seq ``before`` if there is one."""

    words: str
    limit: int | None = None
    before: int | None = None
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """Which commands are there?"""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Speak this language to me."""

    language: str


@dataclass(frozen=True, slots=True)
class SetTimes:
    """Show the time on live lines; None asks to turn it over."""

    on: bool | None


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there?"""

    id: int | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """The person goes, for good: the nick is free, the connection ends."""


Request = (
    Hello
    | Back
    | Say
    | ChangeNick
    | Who
    | Rooms
    | History
    | Search
    | HelpWanted
    | SetLanguage
    | SetTimes
    | Ping
    | Leave
)
