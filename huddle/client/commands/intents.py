"""What a typed line can mean, as frozen values; a secret is left out of every `repr`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace

from huddle.client.session.state import Kind
from huddle.protocol.codec import dataclass
from huddle.protocol.commands import Command
from huddle.protocol.requests import HushJoins, ProgramRequest, SetLanguage, SetNumbers, SetTimes


@dataclass(frozen=True, slots=True)
class Say:
    """Say a text, or do it (``/me``); ``room`` None: in the room that one is in. ``re`` is the
    number of the message that it answers; in the inbox it is for the person of that one.
    ``edits`` is the number of one's own that it puts right."""

    text: str
    kind: Kind = Kind.SAY
    room: str | None = None
    re: int = 0
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Fix:
    """What one said last is to be this instead, or the message ``seq`` of where one is, or of the
    inbox (``room``)."""

    text: str
    seq: int | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """Say a text to one person; ``re`` and ``edits`` as in `Say`, by the numbers of the inbox."""

    nick: str
    text: str
    re: int = 0
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Talk:
    """What is said from now on is for this person only."""

    nick: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the server; the request may depend on the room one is in."""

    request: Callable[[str], ProgramRequest]


@dataclass(frozen=True, slots=True)
class Recall:
    """Show what was said since a time, which ``when`` says as people do (``yesterday``); ``room``
    None: in the room that one is in."""

    when: str
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Enter:
    """Go into a room; what is said from now on is said there."""

    room: str
    key: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class GoOut:
    """Out of this room; None: out of where one is, a room or a talk with one person."""

    room: str | None


@dataclass(frozen=True, slots=True)
class Erase:
    """Delete a message: that of this number, the last of this nick, or one's own last; ``room``
    None: where one is."""

    seq: int | None = None
    nick: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class LogIn:
    """Be the owner of a registered nick; None: of the nick that one has."""

    nick: str | None
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Confide:
    """First ask what is not to be typed in the open.

    ``questions`` are sentences, and whether their answers are hidden. ``then`` makes an intent of
    the answers; None: they do not go together.
    """

    questions: tuple[tuple[str, bool], ...]
    then: Callable[..., Intent | None]


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """List the commands: the server's that the person may use, or, without a link, all; or tell
    about the ``one`` whose name was given."""

    one: str = ""


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave the house for good, and end; what may be lost by that is asked about before.

    ``by_word``: by a bare word, which the person may have wanted to say.
    """

    by_word: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class NotSaid:
    """A bare word by which one leaves elsewhere: it is neither said nor obeyed."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """No command is called ``name``, or ``command`` does not take what was given to it."""

    name: str
    command: Command | None = None


Intent = (
    Say
    | Fix
    | Tell
    | Talk
    | Ask
    | Recall
    | Enter
    | GoOut
    | Erase
    | LogIn
    | Confide
    | SetLanguage
    | SetTimes
    | HushJoins
    | SetNumbers
    | ShowHelp
    | NotSaid
    | Quit
    | Mistake
)


class Misused(ValueError):
    """A command was given something that it does not take."""


def about_here(request: ProgramRequest) -> Ask:
    """Ask it, about the room one is in if it names none and is about one."""
    if getattr(request, "room", "") is not None:
        return Ask(lambda _: request)
    return Ask(lambda room: replace(request, **{"room": room}))  # type: ignore[arg-type]
