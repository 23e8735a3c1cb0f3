"""What one connection is told, as frozen values: because it asked, or because it must know.

They are `huddle.protocol.events` of a kind that no other connection hears of. Those with a ``type``
go over the wire as their fields say (`huddle.protocol.codec`). ``id`` is that of the request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import Enum, StrEnum, auto
from typing import ClassVar

from huddle.protocol.codec import ALWAYS, INSIDE, called, dataclass
from huddle.protocol.errors import HuddleError
from huddle.protocol.events import Answer as Answer
from huddle.protocol.events import Here, Room, Said
from huddle.protocol.fields import Ahead, Count, Names, Number, Remark, Seconds, Text, Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Answer):
    """The answer to a request; ``id`` is the request's, when it had one."""

    type: ClassVar[str] = "reply"
    id: int | None = None


class Aside(Answer, Enum):
    """What people alone are told, in one sentence (`huddle.dialects.plain.answers`)."""

    NICK_ASKED = auto()
    """Another one than the one that was given."""
    PASSWORD_ASKED = auto()
    """An empty line asks for another nick instead."""
    NICK_DOUBTED = auto()
    """What was given could be a password, and is not taken as a nick."""
    IN_CLEAR = auto()
    """A password came over a connection that others on the way can read; told once."""
    SECRET_SAID = auto()
    """What was said looks like a command with a password or a key."""
    NOT_UTF8 = auto()
    """What the person's terminal sends is read as Latin-1; told once."""
    HOW_TO_LEAVE = auto()
    """What was said is a farewell elsewhere; here it is a word like others."""
    WORD_LEFT = auto()
    """The word alone is what leaves; this is how it is said."""
    LANGUAGE_IS = auto()
    TIMES_ON = auto()
    TIMES_OFF = auto()
    NUMBERS_ON = auto()
    NUMBERS_OFF = auto()
    JOINS_QUIET = auto()
    JOINS_TOLD = auto()
    NOT_KEPT = auto()
    """What a person has just asked for is so on this connection, and could not be recorded."""
    HEARS_OTHERS = auto()
    """The node hears the others of the house again."""
    LOST_OTHERS = auto()
    """Nothing that is said is taken. (Programs go to another node: `errors.Alone`.)"""


@dataclass(frozen=True, slots=True)
class Gap(Answer):
    """The messages from ``first`` to ``last`` are no longer in the record."""

    type: ClassVar[str] = "gap"
    room: Room
    first: Count = field(metadata=called("from"))
    last: Count = field(metadata=called("to"))


@dataclass(frozen=True, slots=True)
class Greeting(Answer):
    """The first thing a connection hears: who are you?"""


@dataclass(frozen=True, slots=True)
class Entered(Here):
    """The session is in this room now, which is as told here; what was said there follows.

    ``slow`` are the seconds between two texts of one member; ``quiet``: only those with a voice
    speak. ``seq`` is the last published. ``after`` is the one that a client has had, behind which
    the room goes on for it.
    """

    type: ClassVar[str] = "reply"
    topic: Text = ""
    keyed: bool = False
    slow: Seconds = 0.0
    quiet: bool = False
    seq: Number | None = field(default=None, repr=False, metadata=ALWAYS)
    id: int | None = None
    after: int | None = field(default=None, compare=False, metadata=INSIDE)


@dataclass(frozen=True, slots=True)
class Welcome(Answer):
    """The session is here, under this nick. ``last_id`` is the highest id it has had recorded."""

    nick: str
    epoch: str
    last_id: int
    rooms: Mapping[str, Entered]


@dataclass(frozen=True, slots=True)
class Motd(Answer):
    """What the house wants everybody to read at the door."""

    type: ClassVar[str] = "motd"
    lines: Names


@dataclass(frozen=True, slots=True)
class ReturnWord(Answer):
    """The secret by which a person takes this nick back; told once."""

    word: str


@dataclass(frozen=True, slots=True)
class Missed(Answer):
    """So many messages were said since the person was last here; they follow."""

    room: str
    count: int


@dataclass(frozen=True, slots=True)
class Reset(Answer):
    """The record is another than the one the program knew: it starts anew in this room."""

    type: ClassVar[str] = "reset"
    room: Room
    epoch: Text


@dataclass(frozen=True, slots=True)
class Ack(Answer):
    """What was said under ``id`` is in the record as ``seq`` of ``room``."""

    type: ClassVar[str] = "ack"
    id: Count
    room: Room
    seq: Count


@dataclass(frozen=True, slots=True)
class Refused(Answer):
    """A request was refused; ``id`` is the request's, when it had one.

    Of the error only what it says is kept. The frames that it came through know the frame that
    will hold this answer: in that circle the line that was refused would stay, 64 KiB of it, until
    Python looks for garbage.
    """

    error: HuddleError
    id: int | None = None

    def __post_init__(self) -> None:
        self.error.__traceback__ = self.error.__context__ = None


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """One row of the help: a command as one types it in either language, and what it does."""

    english: Text
    spanish: Text
    summary: Text
    group: Text = ""


@dataclass(frozen=True, slots=True)
class Help(Reply):
    """The commands that this person may use, or the one that they asked about.

    ``refusal`` is why they may not use that one.
    """

    commands: tuple[CommandHelp, ...]
    refusal: HuddleError | None = field(default=None, metadata=INSIDE)


@dataclass(frozen=True, slots=True)
class Roster(Here):
    """Who is in the room, as the answer to `Who`."""

    type: ClassVar[str] = "reply"
    away: Names = field(default=(), metadata=ALWAYS)
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Past(Reply):
    """Messages from the record that were asked for.

    ``more`` if there are older ones; ``later`` is how many newer ones were left out.
    """

    room: str
    messages: Sequence[Said]
    more: bool
    later: int = 0


@dataclass(frozen=True, slots=True)
class Written(Past):
    """Messages, each as it was written; ``more`` if there are more behind them."""


@dataclass(frozen=True, slots=True)
class RoomListing:
    """One row of the list of rooms. The topic of a keyed room is told to its members only."""

    room: Room
    count: Number
    topic: Text = ""
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class RoomList(Reply):
    """The rooms that have members, as the answer to `Rooms`."""

    rooms: Sequence[RoomListing]


@dataclass(frozen=True, slots=True)
class Invitation(Reply):
    """How others come in: what they type, or open in a browser.

    ``lines`` are for those on the same network, ``local`` for those on the server's own machine.
    ``page`` is the address of the page, for others, and ``qr`` the same as a code for phones: the
    squares of each row, ``1`` for a dark one. ``into`` is the room that is meant, where it is not
    the first: the page leads into it, by the other doors one joins it.
    """

    lines: Names = ()
    local: Names = ()
    page: Text = ""
    into: Text = ""
    qr: Names = ()


@dataclass(frozen=True, slots=True)
class Done(Reply):
    """A request was carried out and has nothing else to tell."""


@dataclass(frozen=True, slots=True)
class Parted(Reply):
    """The session has left this room, as it asked."""

    room: Room


@dataclass(frozen=True, slots=True)
class Removed(Answer):
    """A moderator sent the session away from this room; with ``banned``, not to come back."""

    type: ClassVar[str] = "removed"
    room: Room
    by: Remark
    reason: Text = field(default="", metadata=ALWAYS)
    banned: bool = field(default=False, metadata=ALWAYS)


@dataclass(frozen=True, slots=True)
class TopicIs(Reply):
    """The topic of the room; empty: it has none."""

    room: Room
    topic: Text
    by: Text = field(default="", metadata=ALWAYS)


class Standing(StrEnum):
    """What becomes of a member in a room, by the wire's word for it."""

    VOICED = "voiced"
    UNVOICED = "unvoiced"
    MUTED = "muted"
    MUTED_TOO = "muted-too"
    UNMUTED = "unmuted"
    OPERATOR = "operator"
    NO_OPERATOR = "no-operator"
    ACTING = "acting"


@dataclass(frozen=True, slots=True)
class StandingIs(Answer):
    """What the session may do was changed. ``until`` None: until it is changed again."""

    type: ClassVar[str] = "standing"
    room: Room
    standing: Text
    by: Remark
    until: Time | None = field(default=None, metadata=ALWAYS)
    reason: Text = field(default="", metadata=ALWAYS)


@dataclass(frozen=True, slots=True)
class BanListing:
    """One row of the list of bans: who is kept out, until when, and why."""

    who: Text
    nick: Remark
    until: Time | None
    reason: Remark
    by: Remark


@dataclass(frozen=True, slots=True)
class BanList(Reply):
    """Who may not come into this room, as the answer to `Bans`."""

    room: Room
    bans: tuple[BanListing, ...]


@dataclass(frozen=True, slots=True)
class Ignoring(Reply):
    """The people that the session ignores, by the nicks they had."""

    nicks: Names = field(metadata=called("ignoring"))


@dataclass(frozen=True, slots=True)
class WhoIs(Reply):
    """What an operator may know of a person. ``addresses`` are where they are connected from."""

    nick: Text
    account: Remark
    addresses: Names
    rooms: Names
    away: bool
    operator: bool


@dataclass(frozen=True, slots=True)
class Act:
    """Something that an operator or a host has done; ``act`` is the English name of its command."""

    time: Time
    room: Remark
    act: Remark
    by: Remark
    target: Remark
    detail: Remark


@dataclass(frozen=True, slots=True)
class AuditList(Reply):
    """The last acts of moderation, in order."""

    acts: tuple[Act, ...] = field(metadata=called("entries"))


@dataclass(frozen=True, slots=True)
class NodeListing:
    """One server of a house of several: its name, how it stands with the others, and who is on it.

    ``here`` is the one that tells it. ``since`` is when it came up, or went; None: not known.
    ``standing`` is ``level``, ``behind`` (by so many batches), ``stopped``, ``gone``, ``halted``
    or ``unheard``; of the one that tells it also what its ``/health`` says. ``skew`` is by how
    many seconds its clock is ahead of the others', where that was measured.
    """

    node: Text
    here: bool
    since: Time | None
    standing: Text
    behind: Number
    people: Number
    skew: Ahead | None


@dataclass(frozen=True, slots=True)
class NodeList(Reply):
    """The nodes of the house, as the answer to `Nodes`; none where one server is all of it."""

    nodes: tuple[NodeListing, ...]


@dataclass(frozen=True, slots=True)
class Registered(Reply):
    """The session's nick is an account now."""

    nick: Text


@dataclass(frozen=True, slots=True)
class LoggedIn(Reply):
    """The session has proved that it is this account's."""

    nick: Text


@dataclass(frozen=True, slots=True)
class KeptFor(Answer):
    """A private message waits for a person who is away."""

    nick: str


@dataclass(frozen=True, slots=True)
class Unread(Answer):
    """A person did not come back: so many private messages to them were not read."""

    type: ClassVar[str] = "unread"
    nick: Text
    count: Number


@dataclass(frozen=True, slots=True)
class NickIs(Reply):
    """The session's own nick is now this."""

    nick: Text


@dataclass(frozen=True, slots=True)
class Pong(Answer):
    """The answer to a `Ping`, at once."""

    type: ClassVar[str] = "pong"
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Goodbye(Answer):
    """The person has left, as asked; the connection ends."""

    type: ClassVar[str] = "bye"


@dataclass(frozen=True, slots=True)
class Closing(Answer):
    """The server stops now and will end this connection; a program tries again later."""

    type: ClassVar[str] = "closing"
