"""What can be asked of the server; every request is answered by a reply or an error with its id.

Names and fields are those of the wire. A field that is None is not sent, but for a `key`: without
one the room is open. Passwords and keys are left out of every `repr`, so that no log can hold one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar


def _secret(**more: Any) -> Any:
    return field(repr=False, **more)


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
    key: str | None = _secret(default=None)
    after: int | None = None
    replay: int | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Out of a room."""

    type: ClassVar[str] = "leave"
    room: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What is the room about? With ``text``: this, from now on; empty: nothing more."""

    type: ClassVar[str] = "topic"
    room: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class SetKey:
    """The room opens only to those who bring this word; None: to all."""

    type: ClassVar[str] = "key"
    room: str
    key: str | None = _secret()


@dataclass(frozen=True, slots=True)
class SetSlow:
    """So many seconds between two texts of one member; 0: no wait."""

    type: ClassVar[str] = "slow"
    room: str
    seconds: float


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """Only those with a voice speak, or all again."""

    type: ClassVar[str] = "quiet"
    room: str
    on: bool


@dataclass(frozen=True, slots=True)
class SetVoice:
    """Somebody may speak in a quiet room, or no more."""

    type: ClassVar[str] = "voice"
    room: str
    nick: str
    on: bool


@dataclass(frozen=True, slots=True)
class Delete:
    """The text of this message is to go."""

    type: ClassVar[str] = "delete"
    room: str
    seq: int


@dataclass(frozen=True, slots=True)
class Ignore:
    """Show me nothing more of somebody, or show it again; without a nick: whom do I ignore?"""

    type: ClassVar[str] = "ignore"
    nick: str | None = None
    on: bool | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """My nick is to be mine for good; with ``nick``, an account for another."""

    type: ClassVar[str] = "register"
    password: str = _secret()
    nick: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """I am the owner of this registered nick."""

    type: ClassVar[str] = "login"
    nick: str
    password: str = _secret()


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Another password; ``old`` is the one until now."""

    type: ClassVar[str] = "password"
    old: str = _secret()
    new: str = _secret()


@dataclass(frozen=True, slots=True)
class Kick:
    """Send somebody out of the room; out of the first room is out of the house."""

    type: ClassVar[str] = "kick"
    room: str
    nick: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Ban:
    """Keep a nick, an address or a network out of the room; ``seconds`` None: until taken back."""

    type: ClassVar[str] = "ban"
    room: str
    who: str
    seconds: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Unban:
    """Let them in again."""

    type: ClassVar[str] = "unban"
    room: str
    who: str


@dataclass(frozen=True, slots=True)
class Bans:
    """Who is kept out?"""

    type: ClassVar[str] = "bans"
    room: str


@dataclass(frozen=True, slots=True)
class Mute:
    """Somebody hears and does not speak; ``seconds`` as in `Ban`."""

    type: ClassVar[str] = "mute"
    room: str
    nick: str
    seconds: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Unmute:
    """Let them speak again."""

    type: ClassVar[str] = "unmute"
    room: str
    nick: str


@dataclass(frozen=True, slots=True)
class MakeOperator:
    """The owner of this registered nick is an operator of the house, or no more."""

    type: ClassVar[str] = "operator"
    nick: str
    on: bool


@dataclass(frozen=True, slots=True)
class WhoIsIt:
    """What is known of somebody?"""

    type: ClassVar[str] = "whois"
    nick: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The last ``limit`` things that operators and hosts have done."""

    type: ClassVar[str] = "audit"
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """What may I do?"""

    type: ClassVar[str] = "help"


Request = (
    Who
    | Rooms
    | History
    | Search
    | ChangeNick
    | Join
    | Leave
    | Topic
    | SetKey
    | SetSlow
    | SetQuiet
    | SetVoice
    | Delete
    | Ignore
    | Register
    | Login
    | ChangePassword
    | Kick
    | Ban
    | Unban
    | Bans
    | Mute
    | Unmute
    | MakeOperator
    | WhoIsIt
    | Audit
    | HelpWanted
)


def message_of(request: Request, id: int) -> dict[str, object]:
    """The request as it goes over the wire."""
    given = {each.name: getattr(request, each.name) for each in fields(request)}
    opens = isinstance(request, SetKey) and request.key is None
    told = {name: value for name, value in given.items() if value is not None}
    return {"type": request.type, "id": id} | told | ({"key": None} if opens else {})
