"""What can happen, as frozen values: the words that the core and the dialects share.

Three kinds, by who hears of them:

- a **message** (`Said`) is in the record and reaches every member of its room once,
- a **notice** (`Joined`, `Left`, `Renamed`, `Changed`, `Deleted`) is for those who are there now,
  and is not kept,
- an **answer** (all the others) is for one connection, which asked or must know.

Times are milliseconds since 1970 in UTC. A room's messages are numbered 1, 2, 3… without a hole
by ``seq``. The name in an event is the one that was right when it happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from huddle.errors import HuddleError


class Kind(Enum):
    """How something was said; the value is what the wire and the record hold."""

    SAY = "say"
    ME = "me"
    ANNOUNCE = "announce"
    """By an operator, to all rooms."""
    DELETED = "deleted"
    """A tombstone: it keeps the number of a message whose text was deleted."""


INBOX = "@"
"""What everybody's own room is called on the wire; inside, it goes on with whose it is."""


def is_inbox(room: str) -> bool:
    """Whether this is the name of an inbox: no other room's name can begin like it."""
    return room[:1] == INBOX


def label(room: str) -> str:
    """A room's name as the wire has it."""
    return INBOX if room[:1] == INBOX else room


@dataclass(frozen=True, slots=True)
class Draft:
    """Something said that has no number yet. ``id`` is the program's own (0: it gave none).

    ``account`` is that of whoever says it (0: none). ``to`` is set on the copy of a private message
    in the inbox of whoever sent it: the nick it went to.
    """

    room: str
    session: int
    nick: str
    kind: Kind
    text: str
    id: int = 0
    account: int = 0
    to: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message: numbered, in the record, and from then on the same for everybody."""

    room: str
    seq: int
    time: int
    session: int
    nick: str
    kind: Kind
    text: str
    account: int = 0
    to: str = ""


@dataclass(frozen=True, slots=True)
class Here:
    """Who is in a room: how many in all, and the names of at most `limits.names_shown`."""

    room: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """These came in, one after the other. ``here`` is set when they are too many to list.

    ``session`` is the one it is about, and who need not be told; 0 when there are several.
    """

    room: str
    nicks: tuple[str, ...]
    session: int = 0
    here: Here | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """These went, one after the other; otherwise as `Joined`.

    ``by`` is who sent a single one away, and why.
    """

    room: str
    nicks: tuple[str, ...]
    session: int = 0
    here: Here | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody is called otherwise from here on."""

    room: str
    nick: str
    new: str
    session: int = 0


class Setting(Enum):
    """What can be changed about a room; the value is what the wire holds."""

    TOPIC = "topic"
    KEY = "key"
    SLOW = "slow"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody changed how the room is: ``value`` is the new topic, whether there is a key now,
    the seconds of slow mode (0: off), whether it is quiet."""

    room: str
    nick: str
    setting: Setting
    value: str | bool | float
    session: int = 0


@dataclass(frozen=True, slots=True)
class Deleted:
    """The text of this message is gone; its number stays. ``nick`` is who deleted it."""

    room: str
    seq: int
    nick: str
    session: int = 0


Notice = Joined | Left | Renamed | Changed | Deleted
RoomEvent = Said | Joined | Left | Renamed | Changed | Deleted


@dataclass(frozen=True, slots=True)
class Gap:
    """The messages from ``first`` to ``last`` are no longer in the record."""

    room: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Greeting:
    """The first thing a connection hears: who are you?"""


@dataclass(frozen=True, slots=True)
class RoomState:
    """How a room stands for a session that enters it; ``seq`` is the last published."""

    seq: int
    here: Here
    topic: str = ""
    keyed: bool = False
    slow: float = 0.0
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Welcome:
    """The session is here, under this nick. ``last_id`` is the highest id it has had recorded."""

    nick: str
    epoch: str
    last_id: int
    rooms: Mapping[str, RoomState]


@dataclass(frozen=True, slots=True)
class Motd:
    """What the house wants everybody to read at the door."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReturnWord:
    """The secret by which a person takes this nick back; told once."""

    word: str


@dataclass(frozen=True, slots=True)
class Missed:
    """So many messages were said since the person was last here; they follow."""

    room: str
    count: int


@dataclass(frozen=True, slots=True)
class Reset:
    """The record is another than the one the program knew: it starts anew in this room."""

    room: str
    epoch: str


@dataclass(frozen=True, slots=True)
class Ack:
    """What was said under ``id`` is in the record as ``seq`` of ``room``."""

    id: int
    room: str
    seq: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A request was refused; ``id`` is the request's, when it had one."""

    error: HuddleError
    id: int | None = None


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """One row of the help: a command as one types it in either language, and what it does."""

    english: str
    spanish: str
    summary: str


@dataclass(frozen=True, slots=True)
class Help:
    """The commands that this person may use."""

    commands: tuple[CommandHelp, ...]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in the room, and who of them is away (lost, and expected back)."""

    here: Here
    away: tuple[str, ...]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """Messages from the record that were asked for.

    ``more`` if there are older ones; ``later`` is how many newer ones were left out.
    """

    room: str
    messages: Sequence[Said]
    more: bool
    id: int | None = None
    later: int = 0


@dataclass(frozen=True, slots=True)
class RoomListing:
    """One row of the list of rooms. The topic of a keyed room is told to its members only."""

    room: str
    count: int
    topic: str = ""
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class RoomList:
    """The rooms that have somebody in them."""

    rooms: tuple[RoomListing, ...]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A request was carried out and has nothing else to tell."""

    id: int | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """The session is in this room now, as it asked; what was said there follows."""

    room: str
    state: RoomState
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Parted:
    """The session has left this room, as it asked."""

    room: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """Somebody sent the session away from this room; with ``banned``, not to come back."""

    room: str
    by: str
    reason: str = ""
    banned: bool = False


@dataclass(frozen=True, slots=True)
class TopicIs:
    """The topic of the room; empty: it has none."""

    room: str
    topic: str
    by: str = ""
    id: int | None = None


class Standing(Enum):
    """What becomes of somebody in a room; the value is what the wire holds."""

    VOICED = "voiced"
    UNVOICED = "unvoiced"
    MUTED = "muted"
    UNMUTED = "unmuted"
    OPERATOR = "operator"
    NO_OPERATOR = "no-operator"


@dataclass(frozen=True, slots=True)
class StandingIs:
    """What the session may do was changed. ``until`` None: until it is changed again."""

    room: str
    standing: Standing
    by: str
    until: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BanListing:
    """One row of the list of bans: whom it keeps out, until when, and why."""

    who: str
    nick: str
    until: int | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class BanList:
    """Who may not come into this room."""

    room: str
    bans: tuple[BanListing, ...]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Ignoring:
    """Those whom the session does not want to hear, by the nicks they had."""

    nicks: tuple[str, ...]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class WhoIs:
    """What an operator may know of somebody. ``addresses`` are where they are connected from."""

    nick: str
    account: str
    addresses: tuple[str, ...]
    rooms: tuple[str, ...]
    away: bool
    operator: bool
    id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditList:
    """The last acts of moderation, in order: time, room, act, by, target, detail of each."""

    entries: tuple[tuple[int, str, str, str, str, str], ...]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """The session's nick is an account now."""

    nick: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The session has proved that it is this account's."""

    nick: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class PasswordInClear:
    """A password came over a connection that others on the way can read; told once."""


@dataclass(frozen=True, slots=True)
class SecretSaid:
    """What was said looks like a command with a password or a key: everybody has read it."""


@dataclass(frozen=True, slots=True)
class KeptFor:
    """A private message waits for somebody who is away."""

    nick: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Somebody did not come back: so many private messages to them were not read."""

    nick: str
    count: int


@dataclass(frozen=True, slots=True)
class NickIs:
    """The session's own nick is now this."""

    nick: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class LanguageIs:
    """The server speaks this language to the person from now on."""


@dataclass(frozen=True, slots=True)
class TimesAre:
    """Live lines carry their time from now on, or no longer."""

    on: bool


@dataclass(frozen=True, slots=True)
class NotUtf8:
    """What was typed was not UTF-8 and was read as Latin-1; told once."""


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a ping."""

    id: int | None = None


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The person has left, as asked; the connection ends."""


@dataclass(frozen=True, slots=True)
class Closing:
    """The server stops now."""


Answer = (
    Greeting
    | Welcome
    | Motd
    | ReturnWord
    | Missed
    | Reset
    | Gap
    | Ack
    | Refused
    | Help
    | Here
    | Roster
    | Past
    | RoomList
    | Done
    | Entered
    | Parted
    | Removed
    | TopicIs
    | StandingIs
    | BanList
    | Ignoring
    | WhoIs
    | AuditList
    | Registered
    | LoggedIn
    | PasswordInClear
    | SecretSaid
    | KeptFor
    | Unread
    | NickIs
    | LanguageIs
    | TimesAre
    | NotUtf8
    | Pong
    | Goodbye
    | Closing
)
