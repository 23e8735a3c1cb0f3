"""What can happen to a client, as frozen values.

Of the conversation: `Said`, `Deleted`, `Joined`, `Left`, `Renamed`, `Changed`, `Here`, `Gap`,
`Reset`. Of the session's own lines: `Acknowledged`, `Delayed`, `Refused`, `Expired`, `InDoubt`,
`Unread`. Of the session itself: `Welcomed`, `NickRefused`, `PasswordWanted`, `TurnedAway`, `Named`,
`Removed`, `StandingIs`, `Expelled`, `Replaced`, `Farewell`. Of the server: `Motd`,
`Closing`, `Missing`, `Unreadable`. Of the link: `Silent`, `Untrusted`, `Offline`. Answers:
`Answered` and `Denied` carry the request that they answer.

Strings are clean (`huddle.client.session.wire`): they may be shown on a terminal as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum, auto

from huddle.client.session.state import Line
from huddle.protocol import answers
from huddle.protocol import events as protocol
from huddle.protocol.codec import INSIDE, dataclass
from huddle.protocol.events import Room
from huddle.protocol.fields import Count, Number, Text
from huddle.protocol.requests import ProgramRequest

# What is the same here as on the wire. (A message has its time in words there, and its kind may be
# one that is not known here; who comes and goes is told one by one.)
Here = protocol.Here
Entered = answers.Entered
Deleted = protocol.Deleted
Renamed = protocol.Renamed
Changed = protocol.Changed
Gap = answers.Gap
Motd = answers.Motd
Closing = answers.Closing
Removed = answers.Removed
StandingIs = answers.StandingIs
Unread = answers.Unread
RoomList = answers.RoomList
RoomListing = answers.RoomListing

Answer = (
    answers.TopicIs
    | answers.NickIs
    | answers.BanList
    | answers.Ignoring
    | answers.WhoIs
    | answers.AuditList
    | answers.NodeList
    | answers.Help
    | RoomList
    | answers.Invitation
)
"""What a request may be answered by, besides `Here` and `Past`."""


@dataclass(frozen=True, slots=True)
class Known:
    """A certificate that is known, and where that is written."""

    fingerprint: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Said:
    """A message of another person. ``time`` is RFC 3339; ``past``: from before one was in the room.

    ``room`` is ``@`` for a private one; ``to`` is set where it is the session's own, said on
    another device or long ago. ``kind``: ``say``, ``me``, ``announce``, others may come. ``block``
    is the number of the first of the lines that it was said with, ``re`` that of the message that
    it answers, ``edits`` that of the one that it puts right; 0: there is none.
    """

    room: Room
    seq: Count
    time: Text
    nick: Text
    kind: Text
    text: Text
    past: bool = False
    to: Text = ""
    block: Number = 0
    re: Number = 0
    edits: Number = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """A person came into ``room``; told to those who were there."""

    room: Room
    nick: Text


@dataclass(frozen=True, slots=True)
class Left:
    """A person left ``room``; ``by`` is the moderator who sent them away, if one did, and why."""

    room: Room
    nick: Text
    by: Text = ""
    reason: Text = ""


@dataclass(frozen=True, slots=True)
class Reset:
    """The server's record is another one: the room starts anew, behind the number ``after``."""

    room: str
    after: int | None = field(default=None, compare=False, metadata=INSIDE)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An own line is in the record; nothing can take it back."""

    id: int
    line: Line
    seq: int


@dataclass(frozen=True, slots=True)
class Delayed:
    """The server cannot record anything at present. The lines are said again by themselves."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An own line was not said and will not be; ``reason`` is the server's, in words."""

    line: Line
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Expired:
    """An own line of long ago: if it was said, the server no longer has it. Not said again."""

    line: Line


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The server does not know the session any more; it cannot be told whether these were said.

    They wait for `ClientSession.decide_doubts`: say them again, or drop them.
    """

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The session is there, under this nick; ``again`` lines are being said once more."""

    nick: str
    rooms: Mapping[str, Here]
    again: int


@dataclass(frozen=True, slots=True)
class NickRefused:
    """The nick cannot be had; `ClientSession.take_nick` tries another. ``suggestion`` is free."""

    nick: str
    code: str
    reason: str
    suggestion: str | None


@dataclass(frozen=True, slots=True)
class PasswordWanted:
    """The nick is registered: `ClientSession.take_password`, or `take_nick` for another.

    ``code`` is ``password-needed``, ``wrong-password`` or ``too-many-tries``.
    """

    nick: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Expelled:
    """The session was sent out of the house (``kicked``), or may not come in (``banned``)."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Named:
    """The session's own nick has changed to this."""

    nick: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """The session went on on a newer connection; here it is over."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """The session has left. ``unsaid`` lines had not been acknowledged by then."""

    unsaid: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A request was carried out; ``answer`` is what it asked for, if it asked for something."""

    request: ProgramRequest
    answer: Here | Past | Answer | None


@dataclass(frozen=True, slots=True)
class Denied:
    """A request was refused; None: something that had no id."""

    request: ProgramRequest | None
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """The server does not let the session in, or keep it, at present: the link is to be closed.
    It asks not to be asked again for ``retry_after`` seconds."""

    code: str
    reason: str
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Past:
    """Messages from the record; ``more`` if there are older ones."""

    room: str
    messages: tuple[Said | Deleted, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """The server passed over these messages without a word, against the protocol."""

    room: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The server sent what the protocol does not know; told once a connection."""


@dataclass(frozen=True, slots=True)
class Silent:
    """The server has not answered in time: the link is to be cut."""


class Doubt(Enum):
    """Why the certificate that a server shows is not believed."""

    SELF_SIGNED = auto()
    UNKNOWN_AUTHORITY = auto()
    EXPIRED = auto()
    NOT_YET_VALID = auto()
    OTHER_NAME = auto()
    INVALID = auto()
    CHANGED = auto()
    """Another one is known of this server."""
    ANOTHER = auto()
    """It is not the one whose fingerprint the user gave."""


@dataclass(frozen=True, slots=True)
class Untrusted:
    """The server is not believed to be the one it says it is; it has been told nothing.

    ``hosts`` are those that its certificate is for, ``known`` is what is `Doubt.CHANGED`.
    """

    place: str
    fingerprint: str
    doubt: Doubt
    hosts: tuple[str, ...] = ()
    known: Known | None = None


class Cause(Enum):
    """Why there is no link, as far as can be told; each has its sentence for people.

    ``MUTE``: the peer closed without having said anything, as where TLS is spoken. ``SILENT``: it
    was asked for a sign of life and gave none.
    """

    REFUSED = auto()
    UNKNOWN_HOST = auto()
    NO_ANSWER = auto()
    UNREACHABLE = auto()
    CLOSED = auto()
    SILENT = auto()
    MUTE = auto()
    """The connection was closed before a word had come."""
    NO_TLS = auto()
    UNTRUSTED = auto()


@dataclass(frozen=True, slots=True)
class Offline:
    """The link is lost, or could not be had; the next attempt comes in ``retry_in`` seconds.

    None: there will be none. ``place`` is the server as one types it, ``HOST:PORT``; ``following``
    is the one that is tried next, if it is another.
    """

    cause: Cause
    retry_in: float | None
    place: str = field(default="", metadata=INSIDE)
    following: str = field(default="", metadata=INSIDE)


Event = (
    Said
    | Deleted
    | Joined
    | Left
    | Renamed
    | Changed
    | Here
    | Gap
    | Reset
    | Acknowledged
    | Delayed
    | Refused
    | Expired
    | InDoubt
    | Unread
    | Welcomed
    | NickRefused
    | PasswordWanted
    | Removed
    | StandingIs
    | Expelled
    | Named
    | Replaced
    | Farewell
    | Answered
    | Denied
    | TurnedAway
    | Motd
    | Closing
    | Missing
    | Unreadable
    | Silent
    | Untrusted
    | Offline
)
