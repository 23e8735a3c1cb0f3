"""What can happen, as frozen values: the words that the core and the dialects share.

Three kinds, by who hears of them:

- a **message** (`Said`) is in the record and reaches every member of its room once,
- a **notice** (`Joined`, `Left`, `Renamed`) is for those who are there now, and is not kept,
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


@dataclass(frozen=True, slots=True)
class Draft:
    """Something said that has no number yet. ``id`` is the program's own (0: it gave none)."""

    room: str
    session: int
    nick: str
    kind: Kind
    text: str
    id: int = 0


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
    """These went, one after the other; otherwise as `Joined`."""

    room: str
    nicks: tuple[str, ...]
    session: int = 0
    here: Here | None = None


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody is called otherwise from here on."""

    room: str
    nick: str
    new: str
    session: int = 0


Notice = Joined | Left | Renamed
RoomEvent = Said | Joined | Left | Renamed


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
    """One row of the list of rooms."""

    room: str
    count: int


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
    | NickIs
    | LanguageIs
    | TimesAre
    | NotUtf8
    | Pong
    | Goodbye
    | Closing
)
