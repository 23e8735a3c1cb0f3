"""What one connection is told, as frozen values: because it asked, or because it must know.

They are `huddle.protocol.events` of a kind that no other connection hears of. Those with a ``type``
go over the wire as their fields say (`huddle.protocol.codec`). ``id`` is that of the request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import ClassVar

from huddle.protocol.codec import ALWAYS, INSIDE, called, dataclass
from huddle.protocol.errors import HuddleError
from huddle.protocol.events import Here, Room, Said
from huddle.protocol.fields import Ahead, Count, Names, Number, Remark, Seconds, Text, Time


@dataclass(frozen=True, slots=True)
class Gap:
    """The messages from ``first`` to ``last`` are no longer in the record."""

    type: ClassVar[str] = "gap"
    room: Room
    first: Count = field(metadata=called("from"))
    last: Count = field(metadata=called("to"))


@dataclass(frozen=True, slots=True)
class Greeting:
    """The first thing a connection hears: who are you? ``again``: another nick may be given."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class PasswordAsked:
    """What the person at the door says next is a password; if it is nothing, the nick is asked for
    again."""


@dataclass(frozen=True, slots=True)
class NickDoubted:
    """What the person at the door said could be a password, and is not taken as a nick."""


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
class Welcome:
    """The session is here, under this nick. ``last_id`` is the highest id it has had recorded."""

    nick: str
    epoch: str
    last_id: int
    rooms: Mapping[str, Entered]


@dataclass(frozen=True, slots=True)
class Motd:
    """What the house wants everybody to read at the door."""

    type: ClassVar[str] = "motd"
    lines: Names


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

    type: ClassVar[str] = "reset"
    room: Room
    epoch: Text


@dataclass(frozen=True, slots=True)
class Ack:
    """What was said under ``id`` is in the record as ``seq`` of ``room``."""

    type: ClassVar[str] = "ack"
    id: Count
    room: Room
    seq: Count


@dataclass(frozen=True, slots=True)
class Refused:
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
class Help:
    """The commands that this person may use, or the one that they asked about.

    ``refusal`` is why they may not use that one.
    """

    type: ClassVar[str] = "reply"
    commands: tuple[CommandHelp, ...]
    id: int | None = None
    refusal: HuddleError | None = field(default=None, metadata=INSIDE)


@dataclass(frozen=True, slots=True)
class Roster(Here):
    """Who is in the room, as the answer to `Who`."""

    type: ClassVar[str] = "reply"
    away: Names = field(default=(), metadata=ALWAYS)
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
class RoomList:
    """The rooms that have members, as the answer to `Rooms`."""

    type: ClassVar[str] = "reply"
    rooms: Sequence[RoomListing]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """How others come in: what they type, or open in a browser.

    ``lines`` are for those on the same network, ``local`` for those on the server's own machine.
    ``page`` is the address of the page, for others, and ``qr`` the same as a code for phones: the
    squares of each row, ``1`` for a dark one. ``into`` is the room that is meant, where it is not
    the first: the page leads into it, by the other doors one joins it.
    """

    type: ClassVar[str] = "reply"
    lines: Names = ()
    local: Names = ()
    page: Text = ""
    into: Text = ""
    qr: Names = ()
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A request was carried out and has nothing else to tell."""

    type: ClassVar[str] = "reply"
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Parted:
    """The session has left this room, as it asked."""

    type: ClassVar[str] = "reply"
    room: Room
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A moderator sent the session away from this room; with ``banned``, not to come back."""

    type: ClassVar[str] = "removed"
    room: Room
    by: Remark
    reason: Text = field(default="", metadata=ALWAYS)
    banned: bool = field(default=False, metadata=ALWAYS)


@dataclass(frozen=True, slots=True)
class TopicIs:
    """The topic of the room; empty: it has none."""

    type: ClassVar[str] = "reply"
    room: Room
    topic: Text
    by: Text = field(default="", metadata=ALWAYS)
    id: int | None = None


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
class StandingIs:
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
class BanList:
    """Who may not come into this room, as the answer to `Bans`."""

    type: ClassVar[str] = "reply"
    room: Room
    bans: tuple[BanListing, ...]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Ignoring:
    """The people that the session ignores, by the nicks they had."""

    type: ClassVar[str] = "reply"
    nicks: Names = field(metadata=called("ignoring"))
    id: int | None = None


@dataclass(frozen=True, slots=True)
class WhoIs:
    """What an operator may know of a person. ``addresses`` are where they are connected from."""

    type: ClassVar[str] = "reply"
    nick: Text
    account: Remark
    addresses: Names
    rooms: Names
    away: bool
    operator: bool
    id: int | None = None


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
class AuditList:
    """The last acts of moderation, in order."""

    type: ClassVar[str] = "reply"
    acts: tuple[Act, ...] = field(metadata=called("entries"))
    id: int | None = None


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
class NodeList:
    """The nodes of the house, as the answer to `Nodes`; none where one server is all of it."""

    type: ClassVar[str] = "reply"
    nodes: tuple[NodeListing, ...]
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """The session's nick is an account now."""

    type: ClassVar[str] = "reply"
    nick: Text
    id: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The session has proved that it is this account's."""

    type: ClassVar[str] = "reply"
    nick: Text
    id: int | None = None


@dataclass(frozen=True, slots=True)
class PasswordInClear:
    """A password came over a connection that others on the way can read; told once."""


@dataclass(frozen=True, slots=True)
class SecretSaid:
    """What was said looks like a command with a password or a key: everybody has read it."""


@dataclass(frozen=True, slots=True)
class KeptFor:
    """A private message waits for a person who is away."""

    nick: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A person did not come back: so many private messages to them were not read."""

    type: ClassVar[str] = "unread"
    nick: Text
    count: Number


@dataclass(frozen=True, slots=True)
class NickIs:
    """The session's own nick is now this."""

    type: ClassVar[str] = "reply"
    nick: Text
    id: int | None = None


@dataclass(frozen=True, slots=True)
class LanguageIs:
    """The server speaks this language to the person from now on."""


@dataclass(frozen=True, slots=True)
class NumbersAre:
    """From now on each message shows its number, or it does not."""

    on: bool


@dataclass(frozen=True, slots=True)
class JoinsAre:
    """It is not told from now on who comes and goes, or it is told again."""

    quiet: bool


@dataclass(frozen=True, slots=True)
class TimesAre:
    """Live lines carry their time from now on, or no longer."""

    on: bool


@dataclass(frozen=True, slots=True)
class NotKept:
    """What a person has just asked for is so on this connection, and could not be recorded."""


@dataclass(frozen=True, slots=True)
class OthersHeard:
    """Whether the node on which a person is hears the others of its house; told as it changes.

    Where it does not, nothing that is said is taken. (Programs go to another node: `errors.Alone`.)
    """

    again: bool


@dataclass(frozen=True, slots=True)
class NotUtf8:
    """What was typed was not UTF-8 and was read as Latin-1; told once."""


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a `Ping`, at once."""

    type: ClassVar[str] = "pong"
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The person has left, as asked; the connection ends."""

    type: ClassVar[str] = "bye"


@dataclass(frozen=True, slots=True)
class Closing:
    """The server stops now and will end this connection; a program tries again later."""

    type: ClassVar[str] = "closing"


@dataclass(frozen=True, slots=True)
class HowToLeave:
    """What was said is a farewell elsewhere; here it is a word like others."""


@dataclass(frozen=True, slots=True)
class WordLeft:
    """The word alone is what leaves; this is how it is said."""


_OfTheConnection = Greeting | Welcome | Motd | Ack | Refused | Pong | Goodbye | Closing | Done
_OfThePerson = ReturnWord | NickIs | Registered | LoggedIn | PasswordInClear
_AtTheDoor = PasswordAsked | NickDoubted
_OfTheirText = SecretSaid | NotUtf8 | HowToLeave | WordLeft
_OfRooms = Here | Roster | Past | Missed | Reset | Gap | RoomList | Invitation | Entered | Parted
_OfOthers = (
    TopicIs
    | Removed
    | StandingIs
    | BanList
    | Ignoring
    | WhoIs
    | AuditList
    | NodeList
    | KeptFor
    | Unread
)

Answer = (
    _OfTheConnection
    | _OfThePerson
    | _AtTheDoor
    | _OfTheirText
    | _OfRooms
    | _OfOthers
    | Help
    | Invitation
    | LanguageIs
    | TimesAre
    | JoinsAre
    | NumbersAre
    | NotKept
    | OthersHeard
)
