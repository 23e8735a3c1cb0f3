"""What the core refuses, and why: one family, each member with a stable ``code``.

The core raises these; a dialect words them for its wire and its language
(``dialects/wording.py``). Codes are part of the wire format: they are never
renamed, and programs decide by them. ::

    HuddleError
    ├── BadRequest            what was asked makes no sense
    │   ├── BadJson           bad-json         a line is not one JSON object
    │   ├── BadField          bad-field        a field is missing or of the wrong type
    │   │   ├── BadUsage                       …or what stands behind a command
    │   │   └── Oneself                        …or it names the asker
    │   ├── UnknownRequest    unknown-request  no such type
    │   │   └── UnknownCommand                 …or command
    │   │       └── LeavingWord                …but a word that leaves elsewhere
    │   └── HelloFirst        hello-first      something else before the hello
    ├── NickError
    │   ├── BadNick           bad-nick         not a nick, and why
    │   └── NickTaken         nick-taken       another has it, or one that looks like it
    │       ├── NickHeld                       …by its owner, who is away: a word opens it
    │       └── NickKept                       …for an operator who has no account yet
    ├── TextError
    │   ├── TextTooLong       text-too-long    over 4,096 bytes after cleaning
    │   ├── TextEmpty         text-empty       nothing to see in it
    │   └── LineTooLong       line-too-long    a line that outgrew the buffer
    ├── IdError
    │   ├── IdReused          id-reused        the same id with another text or place
    │   ├── Expired           expired          said long ago; its message is no longer kept
    │   └── NotRecorded       not-recorded     the record could not take it; say it again
    ├── SessionError
    │   ├── SessionUnknown    session-unknown  to be resumed, but not known to the server
    │   ├── Replaced          replaced         the session is now on a newer connection
    │   ├── NoNick            no-nick          the connection gave no nick in time
    │   ├── WordUnknown       word-unknown     no such return word, or not any more
    │   ├── TooManyTries      too-many-tries   wait before the next guess
    │   ├── Kicked            kicked           an operator sent the session away
    │   └── Alone             alone            this node has lost the others: go to another
    ├── AccountError
    │   ├── PasswordNeeded    password-needed  the nick is registered
    │   ├── WrongPassword     wrong-password   not its password
    │   ├── WrongCode         wrong-code       not the code of the operators, or not any more
    │   ├── BadPassword       bad-password     too short or too long to be one
    │   ├── MembersOnly       members-only     the house is open to accounts alone
    │   ├── NotRegistered     not-registered   that nick is no account
    │   ├── AlreadyRegistered already-registered  the session has an account
    │   └── AccountNick       account-nick     an account is called by its own nick
    ├── RightError
    │   ├── NotAllowed        not-allowed      that is for others to do
    │   ├── Banned            banned           not let in
    │   ├── Muted             muted            hears, and does not speak
    │   │   └── MutedNick                      …and keeps the nick there
    │   ├── RoomQuiet         room-quiet       only those with a voice speak there
    │   │   └── QuietNick                      …and the others keep the nick there
    │   └── RoomLocked        room-locked      the room has a key, and this is not it
    ├── TooFast               too-fast         wait before the next one
    ├── TooMany               too-many         one more than may be
    ├── NotReadable           not-readable     the record cannot be read at the moment
    ├── TookTooLong           took-too-long    a search was ended before it had found anything
    ├── NoSuchRoom            no-such-room     not a member of such a room
    ├── BadRoom               bad-room         not a room's name, and why
    ├── FirstRoom             first-room       that room is left only with the house
    ├── NoSuchMessage         no-such-message  there is no such message to delete
    │   └── NoMessageHere                      …or none of that number
    ├── NobodyThere           nobody-there     no session here or held has that nick
    ├── ServerFull            server-full      no more connections, here or from there
    └── WrongDoor             wrong-door       TLS was spoken where there is none
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class HuddleError(Exception):
    """Something was refused; nothing has changed by asking.

    What a member of the family knows beside its ``code`` are its fields, given in their order. Two
    errors are never equal, even when they say the same.
    """

    code: ClassVar[str] = "error"


class BadRequest(HuddleError):
    """What was asked makes no sense as it stands."""

    code = "bad-request"


class BadJson(BadRequest):
    """A line is not one JSON object: too deep, not UTF-8, NaN, a number too large."""

    code = "bad-json"


@dataclass(eq=False)
class BadField(BadRequest):
    """A field is missing, of the wrong type or out of range."""

    code = "bad-field"

    field: str


class BadUsage(BadField):
    """What a person typed behind a command makes no sense; ``field`` shows what would."""


class Oneself(BadField):
    """It makes no sense to do that to oneself; the ``field`` was mistyped."""


@dataclass(eq=False)
class UnknownRequest(BadRequest):
    """There is no request of that name, or none that makes sense here."""

    code = "unknown-request"

    name: str


class UnknownCommand(UnknownRequest):
    """There is no command of that name for a person to type."""


class LeavingWord(UnknownCommand):
    """A word alone by which one leaves elsewhere; it is neither said nor obeyed."""


class HelloFirst(BadRequest):
    """Something was asked before the connection had said who it is."""

    code = "hello-first"


class NickError(HuddleError):
    """A nick that cannot be had: another one is to be asked for."""


@dataclass(eq=False)
class BadNick(NickError):
    """Not a nick. ``reason`` is one of ``empty``, ``too-long``, ``character``, ``edge``."""

    code = "bad-nick"

    reason: str
    character: str = ""


@dataclass(eq=False)
class NickTaken(NickError):
    """Another person has the nick, or one that cannot be told from it; ``suggest`` is free."""

    code = "nick-taken"

    nick: str
    suggest: str


@dataclass(eq=False)
class NickHeld(NickTaken):
    """The nick is kept for its owner, who is away. ``opens``: a return word or password opens it;
    else only the program that had it does."""

    opens: bool = True


class NickKept(NickTaken):
    """The nick is kept for an operator of the house (``--op``), who has no account yet."""


class TextError(HuddleError):
    """A text that cannot be said as it stands; nothing of it was."""


@dataclass(eq=False)
class TextTooLong(TextError):
    """The text has more than ``limit`` bytes of UTF-8 after cleaning."""

    code = "text-too-long"

    limit: int


class TextEmpty(TextError):
    """There is nothing to see in the text."""

    code = "text-empty"


@dataclass(eq=False)
class LineTooLong(TextError):
    """A line outgrew ``limit`` bytes before it ended; all of it is dropped."""

    code = "line-too-long"

    limit: int


class IdError(HuddleError):
    """What was said under an id is not said (again)."""


class IdReused(IdError):
    """The id was given to another text or place before."""

    code = "id-reused"


class Expired(IdError):
    """The id was used, and what was said with it is no longer in the record."""

    code = "expired"


class NotRecorded(IdError):
    """The record could not take it. No one saw it; say it again, and what follows after it."""

    code = "not-recorded"


class SessionError(HuddleError):
    """A session cannot be had on this connection."""


class SessionUnknown(SessionError):
    """A session was to be resumed, and the server does not know it: start a new one."""

    code = "session-unknown"


class Replaced(SessionError):
    """The session went on on a newer connection; this one ends."""

    code = "replaced"


class NoNick(SessionError):
    """The connection did not say in time who it is; it ends."""

    code = "no-nick"


class WordUnknown(SessionError):
    """No such return word, or it has been used, has aged, or its nick is another person's."""

    code = "word-unknown"


@dataclass(eq=False)
class TooManyTries(SessionError):
    """Too many wrong guesses; ``wait`` seconds until the next is heard."""

    code = "too-many-tries"

    wait: float


@dataclass(eq=False)
class Kicked(SessionError):
    """A moderator (``by``) sent the session out of the house; this connection ends."""

    code = "kicked"

    by: str
    reason: str = ""


@dataclass(eq=False)
class Alone(SessionError):
    """This node of the house has lost the others, and takes nothing more: go to another of them, or
    come back to this one in ``retry_after`` seconds."""

    code = "alone"

    retry_after: float


class AccountError(HuddleError):
    """What is wrong about registered nicks and their passwords."""


@dataclass(eq=False)
class PasswordNeeded(AccountError):
    """The nick is registered; the person who has its password may have it."""

    code = "password-needed"

    nick: str


class WrongPassword(AccountError):
    """That is not the password of that account."""

    code = "wrong-password"


class WrongCode(AccountError):
    """That is not the code that makes an operator; or it was, and is used up or too old."""

    code = "wrong-code"


@dataclass(eq=False)
class BadPassword(AccountError):
    """A password has ``least`` to ``most`` characters."""

    code = "bad-password"

    least: int
    most: int


class MembersOnly(AccountError):
    """The house is open to those who have an account."""

    code = "members-only"


@dataclass(eq=False)
class NotRegistered(AccountError):
    """That nick is no account's, so that no password opens it."""

    code = "not-registered"

    nick: str


class AlreadyRegistered(AccountError):
    """The session is logged in to an account, or the nick is one."""

    code = "already-registered"


class AccountNick(AccountError):
    """A session that is logged in is called by its account's nick, and by no other."""

    code = "account-nick"


class RightError(HuddleError):
    """Something that this session may not do, there."""


@dataclass(eq=False)
class NotAllowed(RightError):
    """That is for others to do (`huddle.protocol.permissions`).

    ``who`` may: a ``member``, a ``host`` of the room, an ``operator``, one whom the ``house``
    appoints, or, for a password, the ``checker`` that has it.
    """

    code = "not-allowed"

    who: str = ""


@dataclass(eq=False)
class Banned(RightError):
    """Not let in until ``until`` (milliseconds since 1970; None: until it is taken back)."""

    code = "banned"

    room: str
    until: int | None = None
    reason: str = ""


@dataclass(eq=False)
class Muted(RightError):
    """The session hears in that room and does not speak, until ``until``."""

    code = "muted"

    room: str
    until: int | None = None
    reason: str = ""


class MutedNick(Muted):
    """Who is muted in a room keeps their nick: the room would hear the new one."""


@dataclass(eq=False)
class RoomQuiet(RightError):
    """Only operators and those who were given a voice speak in that room."""

    code = "room-quiet"

    room: str


class QuietNick(RoomQuiet):
    """Who may not speak in a quiet room keeps their nick: the room would hear the new one."""


@dataclass(eq=False)
class RoomLocked(RightError):
    """The room has a key; none was brought, or another."""

    code = "room-locked"

    room: str


@dataclass(eq=False)
class TooFast(HuddleError):
    """Another one of these is taken in ``wait`` seconds."""

    code = "too-fast"

    wait: float


@dataclass(eq=False)
class TooMany(HuddleError):
    """There may be no more than ``limit`` of what `Limits` calls ``what``."""

    code = "too-many"

    what: str
    limit: int


@dataclass(eq=False)
class BadRoom(HuddleError):
    """Not a room's name. ``reason`` as in `BadNick`."""

    code = "bad-room"

    reason: str
    character: str = ""


class FirstRoom(HuddleError):
    """A person is always in a room: the first one is left only with the house."""

    code = "first-room"


class NoSuchMessage(HuddleError):
    """There is no such message in that room, or none that could be deleted."""

    code = "no-such-message"


class NoMessageHere(NoSuchMessage):
    """There is no message with that number in the room, or its text has been deleted."""


class NotReadable(HuddleError):
    """The record cannot be read at the moment; nothing of it is lost by that."""

    code = "not-readable"


class TookTooLong(HuddleError):
    """A search was ended before it had found anything: rarer words find it sooner."""

    code = "took-too-long"


@dataclass(eq=False)
class NoSuchRoom(HuddleError):
    """The session is in no such room."""

    code = "no-such-room"

    room: str


@dataclass(eq=False)
class NobodyThere(HuddleError):
    """No session that is here or held has that ``nick``, and no account where one would do."""

    code = "nobody-there"

    nick: str


class ServerFull(HuddleError):
    """No more connections: from that address, or at all."""

    code = "server-full"


class WrongDoor(HuddleError):
    """The peer speaks TLS, and this port does not."""

    code = "wrong-door"
