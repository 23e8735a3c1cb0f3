"""What can be asked of the server; every request is answered by a reply or an error with its id.

Names and fields are those of the wire. A field that is None is not sent.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Who:
    """Who is in the room?"""

    type: ClassVar[str] = "who"
    room: str


@dataclass(frozen=True, slots=True)
class Rooms:
    """Which rooms are there?"""

    type: ClassVar[str] = "rooms"


@dataclass(frozen=True, slots=True)
class History:
    """The last ``limit`` messages of a room, or those before the seq ``before``."""

    type: ClassVar[str] = "history"
    room: str
    limit: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """The last ``limit`` messages of a room that hold these words."""

    type: ClassVar[str] = "search"
    room: str
    words: str
    limit: int


@dataclass(frozen=True, slots=True)
class ChangeNick:
    """Another name, please."""

    type: ClassVar[str] = "nick"
    nick: str


@dataclass(frozen=True, slots=True)
class Join:
    """Into a room. ``after`` is the last seq had of it; without one ``replay`` messages come."""

    type: ClassVar[str] = "join"
    room: str
    key: str | None = None
    after: int | None = None
    replay: int | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Out of a room."""

    type: ClassVar[str] = "leave"
    room: str


Request = Who | Rooms | History | Search | ChangeNick | Join | Leave


def message_of(request: Request, id: int) -> dict[str, object]:
    """The request as it goes over the wire."""
    given = {field.name: getattr(request, field.name) for field in fields(request)}
    return {"type": request.type, "id": id} | {k: v for k, v in given.items() if v is not None}
