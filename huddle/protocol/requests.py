"""What can be asked of Huddle, as frozen values: both dialects read their lines into these.

``id`` is the number a program gave its request (None: it gave none, as people do); the answer
carries it. ``room`` None means the one room a person is in.

Who may ask what is in `huddle.protocol.permissions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from huddle.protocol.events import Kind


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
    password: str | None = field(default=None, repr=False)


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


# Passwords and keys are left out of every `repr`, so that no log can hold one.


def _secret(**more: Any) -> Any:
    return field(repr=False, **more)


@dataclass(frozen=True, slots=True)
class Join:
    """Into a room, which is made if it is not there; ``key`` opens one that is locked."""

    room: str
    key: str | None = _secret(default=None)
    after: int | None = None
    replay: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Out of a room; the house is not left."""

    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """What is the room about? With ``text``: this, from now on; empty: nothing more."""

    text: str | None = None
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class SetKey:
    """The room opens only to those who bring this word; None: to all."""

    key: str | None = _secret()
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class SetSlow:
    """So many seconds between two texts of one member; 0: no wait."""

    seconds: float
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """Only those with a voice speak, or all again."""

    on: bool
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class SetVoice:
    """Somebody may speak in a quiet room, or no more."""

    nick: str
    on: bool
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A text for one person alone. The same ``id`` again is the same message again."""

    to: str
    text: str
    kind: Kind = Kind.SAY
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Announce:
    """A text for everybody, in all rooms."""

    text: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """The text of a message is to go: that of this ``seq``, the last of this nick, or one's own
    last."""

    seq: int | None = None
    nick: str | None = None
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """Hear nothing more of somebody, or hear them again; None: who is it that I ignore?"""

    nick: str | None
    on: bool = True
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """My nick is to be mine for good, by this password; with ``nick``, an account for another."""

    password: str = _secret()
    nick: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """I am the owner of this registered nick; without one, of that I asked for before."""

    password: str = _secret()
    nick: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Another password for my account; ``old`` is the one until now."""

    old: str = _secret()
    new: str = _secret()
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Kick:
    """Send somebody out of the room; out of the first room is out of the house."""

    nick: str
    reason: str = ""
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Ban:
    """Keep somebody out: a nick (and whoever has it now), an address or network.

    ``seconds`` None: until it is taken back. A ban from the first room is from the house.
    """

    who: str
    seconds: float | None = None
    reason: str = ""
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Unban:
    """Let them in again; ``who`` as in `Ban`, or as the list shows it."""

    who: str
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Bans:
    """Who is kept out?"""

    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Mute:
    """Somebody hears and does not speak, for so many seconds (None: until taken back)."""

    nick: str
    seconds: float | None = None
    reason: str = ""
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Unmute:
    """Let them speak again."""

    nick: str
    room: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class MakeOperator:
    """The owner of this registered nick is an operator of the house, or no more."""

    nick: str
    on: bool
    id: int | None = None


@dataclass(frozen=True, slots=True)
class WhoIsIt:
    """What is known of somebody?"""

    nick: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """What have the moderators done?"""

    limit: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """Which commands are there?"""

    id: int | None = None


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
    | Join
    | Part
    | Topic
    | SetKey
    | SetSlow
    | SetQuiet
    | SetVoice
    | Message
    | Announce
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
    | SetLanguage
    | SetTimes
    | Ping
    | Leave
)
