"""What can be asked of Huddle, as frozen values: both dialects read their lines into these, and a
client writes them. Each says what is done when it is granted; it is refused with an error of
`huddle.protocol.errors`.

``type`` is the name by which the wire knows a request; those without one are for people alone. The
fields' annotations say what they hold there (`huddle.protocol.fields`), so that
`huddle.protocol.codec` reads and writes them. ``id`` is the number that a program gave its request
(None: it gave none, as people do); the answer carries it. ``room`` None means the room one is in,
or the first one of several. Passwords and keys are left out of every `repr`, so that no log can
hold one.

Who may ask what is in `huddle.protocol.permissions`.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any, ClassVar

from huddle.protocol import answers
from huddle.protocol.codec import ALWAYS, INSIDE, NEEDED, called, dataclass, needed_with
from huddle.protocol.events import Kind, Speech
from huddle.protocol.fields import (
    VERSION,
    Count,
    Duration,
    Key,
    Line,
    Number,
    Seconds,
    Seqs,
    Text,
    Time,
    Version,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request that its answer can name; ``answer`` is its class, where it tells what it was asked
    for and nothing else."""

    answer: ClassVar[Any] = None
    id: Count | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """A person or a program comes in, new or again.

    A program makes its session's ``secret`` itself and repeats it to ``resume``; ``after`` holds
    the last `seq` it has of each room, under the record's ``epoch``. ``replay`` is how many of the
    last messages it wants of a room that it has nothing of; a ``bot`` wants none unless it says so.
    ``quiet_joins``: not to be told who comes and goes, as a ``bot`` is not unless it says so.
    ``turn`` rises with each connection of the session (0: it is not counted). A person has no
    secret.
    """

    type: ClassVar[str] = "hello"
    v: Version = field(default=VERSION, kw_only=True, metadata=ALWAYS)
    nick: Line
    secret: Text | None = field(default=None, metadata=called("session"))
    resume: bool = field(default=False, metadata=ALWAYS)
    after: Seqs = field(default_factory=dict, metadata=ALWAYS)
    language: Text | None = field(default=None, metadata=called("lang"))
    replay: Number | None = None
    bot: bool = field(default=False, metadata=ALWAYS)
    password: Line | None = field(default=None, repr=False)
    epoch: Text | None = None
    quiet_joins: bool | None = None
    turn: Number = 0

    def __post_init__(self) -> None:
        if self.bot and self.replay is None:
            object.__setattr__(self, "replay", 0)


@dataclass(frozen=True, slots=True)
class Back:
    """A person comes back by the return word, which may stand behind the nick that it is for."""

    word: str


@dataclass(frozen=True, slots=True)
class Say(_Asked):
    """A text for a room. The same ``id`` again is the same saying again.

    ``block`` is the id under which the first line was said of those that are said together, ``re``
    the seq of the message that is answered, ``edits`` that of one's own that is put right.
    """

    type: ClassVar[str] = "say"
    room: Text | None = field(default=None, kw_only=True)
    text: Line
    kind: Speech = Kind.SAY
    block: Count | None = field(default=None, kw_only=True)
    re: Count | None = field(default=None, kw_only=True)
    edits: Count | None = field(default=None, kw_only=True)
    id: Count | None = field(default=None, kw_only=True, metadata=NEEDED)


@dataclass(frozen=True, slots=True)
class ChangeNick(_Asked):
    """Another name, please; None asks which one it is."""

    type: ClassVar[str] = "nick"
    answer = answers.NickIs
    nick: Line | None = field(default=None, metadata=NEEDED)


@dataclass(frozen=True, slots=True)
class Who(_Asked):
    """Tell who is in the ``room``, and who of them is away."""

    type: ClassVar[str] = "who"
    room: Line | None = None


@dataclass(frozen=True, slots=True)
class Rooms(_Asked):
    """List the rooms that have members, with their topics."""

    type: ClassVar[str] = "rooms"
    answer = answers.RoomList


@dataclass(frozen=True, slots=True)
class Invite(_Asked):
    """Tell how others come in here, by each door, and into this room."""

    type: ClassVar[str] = "invite"
    answer = answers.Invitation
    room: Line | None = None


@dataclass(frozen=True, slots=True)
class History(_Asked):
    """The last ``limit`` messages, those before the seq ``before``, or the first since a time."""

    type: ClassVar[str] = "history"
    room: Line | None = None
    limit: Count | None = None
    before: Count | None = None
    since: Time | None = None


@dataclass(frozen=True, slots=True)
class Raw(_Asked):
    """The message with this ``seq``, and all lines of its block behind it, as they were written."""

    type: ClassVar[str] = "raw"
    room: Line | None = field(default=None, kw_only=True)
    seq: Count


@dataclass(frozen=True, slots=True)
class Search(_Asked):
    """The newest messages with all these words, before the seq ``before`` if there is one."""

    type: ClassVar[str] = "search"
    room: Line | None
    words: Line
    limit: Count | None = None
    before: Count | None = None


@dataclass(frozen=True, slots=True)
class Join(_Asked):
    """Into a room, which is made if it is not there; ``key`` opens one that is locked."""

    type: ClassVar[str] = "join"
    room: Line
    key: Line | None = field(default=None, repr=False)
    after: Number | None = None
    replay: Number | None = None


@dataclass(frozen=True, slots=True)
class Leave(_Asked):
    """Out of a room; the house is not left."""

    type: ClassVar[str] = "leave"
    room: Line | None = None


@dataclass(frozen=True, slots=True)
class Topic(_Asked):
    """What is the room about? With ``text``: this, from now on; empty: nothing more."""

    type: ClassVar[str] = "topic"
    answer = answers.TopicIs
    room: Line | None = None
    text: Line | None = None


@dataclass(frozen=True, slots=True)
class SetKey(_Asked):
    """The room opens only to those who bring this word; None: to all."""

    type: ClassVar[str] = "key"
    room: Line | None
    key: Key | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetSlow(_Asked):
    """So many seconds between two texts of one member; 0: no wait."""

    type: ClassVar[str] = "slow"
    room: Line | None
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class SetQuiet(_Asked):
    """Only those with a voice speak, or all again."""

    type: ClassVar[str] = "quiet"
    room: Line | None
    on: bool


@dataclass(frozen=True, slots=True)
class SetVoice(_Asked):
    """The person with this ``nick`` may speak while the room is quiet; ``on`` False: no more."""

    type: ClassVar[str] = "voice"
    room: Line | None
    nick: Line
    on: bool


@dataclass(frozen=True, slots=True)
class Message(_Asked):
    """A text for one person alone. The same ``id`` again is the same message again; ``block``,
    ``re`` and ``edits`` are as those of `Say`, by the numbers of one's own inbox."""

    type: ClassVar[str] = "msg"
    to: Line
    text: Line
    kind: Speech = Kind.SAY
    block: Count | None = field(default=None, kw_only=True)
    re: Count | None = field(default=None, kw_only=True)
    edits: Count | None = field(default=None, kw_only=True)
    id: Count | None = field(default=None, kw_only=True, metadata=NEEDED)


@dataclass(frozen=True, slots=True)
class Announce(_Asked):
    """A text for everybody, in all rooms."""

    type: ClassVar[str] = "announce"
    text: Line
    id: Count | None = field(default=None, kw_only=True, metadata=NEEDED)


@dataclass(frozen=True, slots=True)
class Delete(_Asked):
    """The text of a message is to go: that of this ``seq``, the last of this nick, or one's own
    last. With ``block`` go all lines of the block that begins with it.
    """

    type: ClassVar[str] = "delete"
    room: Line | None = None
    seq: Count | None = field(default=None, metadata=NEEDED)
    block: bool = field(default=False, kw_only=True)
    nick: str | None = field(default=None, metadata=INSIDE)


@dataclass(frozen=True, slots=True)
class Ignore(_Asked):
    """Show me nothing more of the person with this ``nick``, or show them again; None: list those
    whom I ignore."""

    type: ClassVar[str] = "ignore"
    answer = answers.Ignoring
    nick: Line | None = None
    on: bool | None = field(default=None, metadata=needed_with("nick"))


@dataclass(frozen=True, slots=True)
class Register(_Asked):
    """My nick is to be mine for good, by this password; with ``nick``, an account for another."""

    type: ClassVar[str] = "register"
    answer = answers.NickIs
    password: Line = field(repr=False)
    nick: Line | None = None


@dataclass(frozen=True, slots=True)
class Login(_Asked):
    """I am the owner of this registered nick; without one, of that I asked for before."""

    type: ClassVar[str] = "login"
    answer = answers.NickIs
    nick: Line | None
    password: Line = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangePassword(_Asked):
    """Another password for my account; ``old`` is the one until now."""

    type: ClassVar[str] = "password"
    old: Line = field(repr=False)
    new: Line = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kick(_Asked):
    """Send a member out of the room; out of the first room is out of the house.

    They may come back at once; `Ban` keeps them out.
    """

    type: ClassVar[str] = "kick"
    room: Line | None
    nick: Line
    reason: Line = ""


@dataclass(frozen=True, slots=True)
class Ban(_Asked):
    """Keep a nick (and the session or account that has it now), an address or a network out.

    ``seconds`` None: until it is taken back. A ban from the first room is from the house.
    ``typed`` is what a person typed behind the nick, how long and why, to be read in their place.
    """

    type: ClassVar[str] = "ban"
    room: Line | None
    who: Line
    seconds: Duration | None = None
    reason: Line = ""
    typed: Line = ""


@dataclass(frozen=True, slots=True)
class Unban(_Asked):
    """Let them in again; ``who`` as in `Ban`, or as the list shows it."""

    type: ClassVar[str] = "unban"
    room: Line | None
    who: Line


@dataclass(frozen=True, slots=True)
class Bans(_Asked):
    """List who is kept out of the ``room``, until when, and why."""

    type: ClassVar[str] = "bans"
    answer = answers.BanList
    room: Line | None = None


@dataclass(frozen=True, slots=True)
class Mute(_Asked):
    """A member hears and does not speak, for so many seconds (None: until taken back).

    ``typed`` as in `Ban`.
    """

    type: ClassVar[str] = "mute"
    room: Line | None
    nick: Line
    seconds: Duration | None = None
    reason: Line = ""
    typed: Line = ""


@dataclass(frozen=True, slots=True)
class Unmute(_Asked):
    """The member with this ``nick`` may speak again; takes back a `Mute`."""

    type: ClassVar[str] = "unmute"
    room: Line | None
    nick: Line


@dataclass(frozen=True, slots=True)
class MakeOperator(_Asked):
    """The owner of this registered nick is an operator of the house, or no more."""

    type: ClassVar[str] = "operator"
    nick: Line
    on: bool


@dataclass(frozen=True, slots=True)
class TakeCharge(_Asked):
    """I am an operator of the house, by this ``code``, which the server has shown on its screen."""

    type: ClassVar[str] = "charge"
    code: Line = field(repr=False)


@dataclass(frozen=True, slots=True)
class WhoIsIt(_Asked):
    """Tell what is known of the person with this ``nick``: account, addresses, rooms."""

    type: ClassVar[str] = "whois"
    answer = answers.WhoIs
    nick: Line


@dataclass(frozen=True, slots=True)
class Audit(_Asked):
    """Tell what the moderators have done lately: the newest ``limit`` acts."""

    type: ClassVar[str] = "audit"
    answer = answers.AuditList
    limit: Count | None = None


@dataclass(frozen=True, slots=True)
class Nodes(_Asked):
    """Tell of all servers of the house how they stand with one another."""

    type: ClassVar[str] = "nodes"
    answer = answers.NodeList


@dataclass(frozen=True, slots=True)
class HelpWanted(_Asked):
    """List the commands that the asker may use here, and how each is typed; or only one, by a name
    in either language, whether they may use it or not."""

    type: ClassVar[str] = "help"
    answer = answers.Help
    command: Line | None = None


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Speak this language to the person on this connection."""

    language: str


@dataclass(frozen=True, slots=True)
class SetTimes:
    """Show the time on live lines; None asks to turn it over."""

    on: bool | None


@dataclass(frozen=True, slots=True)
class HushJoins:
    """Do not tell who comes and goes; None asks to turn it over."""

    on: bool | None


@dataclass(frozen=True, slots=True)
class SetNumbers:
    """Show the number of each message; None asks to turn it over."""

    on: bool | None


@dataclass(frozen=True, slots=True)
class Fix:
    """What I said last is to be this instead; with ``seq``, what I said under that number, in the
    room that one is in or in the inbox (``room``)."""

    text: str
    seq: int | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Ping(_Asked):
    """Is the server there? It answers with a `Pong`, and does nothing else."""

    type: ClassVar[str] = "ping"


@dataclass(frozen=True, slots=True)
class Bye(_Asked):
    """The person goes, for good: the nick is free, the connection ends.

    ``by_word``: by a word alone, which a person may have wanted to say.
    """

    type: ClassVar[str] = "bye"
    by_word: bool = field(default=False, compare=False, repr=False, metadata=INSIDE)


_Talking = Say | Message | Announce | Delete | Ignore | History | Raw | Search
_OfRooms = Join | Leave | Who | Rooms | Invite | Topic | SetKey | SetSlow | SetQuiet | SetVoice
_OfAccounts = ChangeNick | Register | Login | ChangePassword
_Moderating = (
    Kick | Ban | Unban | Bans | Mute | Unmute | MakeOperator | TakeCharge | WhoIsIt | Audit | Nodes
)

ProgramRequest = _Talking | _OfRooms | _OfAccounts | _Moderating | HelpWanted | Ping | Bye
"""What a program can ask once it is in; each has a type and may have an id."""

Request = ProgramRequest | Hello | Back | SetLanguage | SetTimes | HushJoins | SetNumbers | Fix
