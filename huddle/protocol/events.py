"""What can happen, as frozen values: the words that the core and the dialects share.

Three kinds, by who hears of them:

- a **message** (`Said`) is in the record and reaches every member of its room once,
- a **notice** (`Joined`, `Left`, `Renamed`, `Changed`, `Deleted`) is for those who are there now,
  and is not kept,
- an **answer** (`huddle.protocol.answers`) is for one connection, which asked or must know.

Times are milliseconds since 1970 in UTC. A room's messages are numbered 1, 2, 3… without a hole
by ``seq``. The name in an event is the one that was right when it happened.
"""

from __future__ import annotations

from dataclasses import field
from enum import Enum, StrEnum
from typing import Annotated, Any, ClassVar

from huddle.protocol.codec import INSIDE, called, dataclass
from huddle.protocol.errors import BadField
from huddle.protocol.fields import REQUIRED, Count, Form, Names, Number, Text, Value
from huddle.protocol.fields import room as told_room


class Kind(Enum):
    """How something was said; the value is what the wire and the record hold."""

    SAY = "say"
    ME = "me"
    ANNOUNCE = "announce"
    """By an operator, to all rooms."""
    DELETED = "deleted"
    """A tombstone: it keeps the number of a message whose text was deleted."""


_SAID = {"say": Kind.SAY, "me": Kind.ME}
"""The kinds that a program may say something as."""


def _kind(name: str, value: Any) -> Kind:
    said = _SAID.get(value) if isinstance(value, str) else None
    if said is None:
        raise BadField(name)
    return said


Speech = Annotated[Kind, Form(_kind, _kind, REQUIRED, lambda kind: kind.value)]
"""How a program says something (`huddle.protocol.fields`)."""

INBOX = "@"
"""What everybody's own room is called on the wire; inside, it goes on with whose it is."""

FIRST_ROOM = "huddle"
"""The room in which everybody starts, and which stands for the whole house."""


def is_inbox(room: str) -> bool:
    """Whether this is the name of an inbox: no other room's name can begin like it."""
    return room[:1] == INBOX


def label(room: str) -> str:
    """A room's name as the wire has it."""
    return INBOX if room[:1] == INBOX else room


Block = dict[str, int]
"""Lines that are said together: in which room they are, and the seq of the first of them there. The
record fills it in when it has kept that one (`huddle.record.Record.append`)."""

Room = Annotated[str, Form(told_room, told_room, REQUIRED, label)]
"""A room's name as a server tells it; that of an inbox without whose it is."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Something said that has no number yet. ``id`` is the program's own (0: it gave none).

    ``account`` is that of its author (0: none). ``to`` is set on the copy of a private message in
    the inbox of its author: the nick it went to. ``re`` is the seq of the message that it answers,
    ``edits`` that of the one that it puts right (0: none).

    ``block`` is shared by all lines that are said together; ``in_block`` says that this is known to
    be one of them. (Of the first line that a person sends it may not be known yet.)
    """

    room: str
    session: int
    nick: str
    kind: Kind
    text: str
    id: int = 0
    account: int = 0
    to: str = ""
    re: int = 0
    edits: int = 0
    block: Block | None = field(default=None, compare=False)
    in_block: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A message: numbered, in the record, and from then on the same for everybody.

    ``block`` is the seq of the first line of those that it was said with, ``re`` that of the
    message it answers, ``edits`` that of the one it puts right; 0 where there is none. The first
    line of a block may have 0: then it was not known yet that more would come.
    """

    room: str
    seq: int
    time: int
    session: int
    nick: str
    kind: Kind
    text: str
    account: int = 0
    to: str = ""
    block: int = 0
    re: int = 0
    edits: int = 0

    def is_by(self, session: int, account: int) -> bool:
        """Whether that session said it, or that account by whichever session; 0 is no account."""
        return session == self.session or 0 < account == self.account


class Answer:
    """What one connection is told (`huddle.protocol.answers`)."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Here(Answer):
    """Who is in a room: how many in all, and the names of at most `limits.names_shown`.

    ``away`` are those of them who lost their connection and are expected back, where that is asked.
    """

    type: ClassVar[str] = "here"
    room: Room
    count: Number
    names: Names = field(metadata=called("here"))
    away: Names = ()


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
    """A member is called otherwise from here on."""

    type: ClassVar[str] = "renamed"
    room: Room
    nick: Text
    new: Text
    session: int = field(default=0, repr=False, metadata=INSIDE)


class Setting(StrEnum):
    """What can be changed about a room, by the wire's word for it."""

    TOPIC = "topic"
    KEY = "key"
    SLOW = "slow"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Changed:
    """A member changed how the room is: ``value`` is the new topic, whether there is a key now,
    the seconds of slow mode (0: off), whether it is quiet."""

    type: ClassVar[str] = "changed"
    room: Room
    nick: Text
    setting: Text
    value: Value
    session: int = field(default=0, repr=False, metadata=INSIDE)


@dataclass(frozen=True, slots=True)
class Deleted:
    """The text of this message is gone; its number stays. ``nick`` is who deleted it, ``of`` who
    had said it. ``lines`` is how many went together, told with the first of them (0: with that).

    For a client: with ``past`` it was gone before it could be told, and ``nick`` had said it.
    """

    type: ClassVar[str] = "deleted"
    room: Room
    seq: Count
    nick: Text = ""
    of: Text = ""
    lines: Number = 1
    session: int = field(default=0, repr=False, metadata=INSIDE)
    past: bool = False


Notice = Joined | Left | Renamed | Changed | Deleted
RoomEvent = Said | Joined | Left | Renamed | Changed | Deleted
