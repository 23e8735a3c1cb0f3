"""What a typed line can mean, as frozen values; a secret is left out of every `repr`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from huddle.client.session.state import Kind
from huddle.protocol import requests
from huddle.protocol.codec import dataclass
from huddle.protocol.commands import Command
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.limits import Limits
from huddle.protocol.requests import ProgramRequest, Request


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
class NotSaid:
    """A bare word by which one leaves elsewhere: it is neither said nor obeyed."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """No command is called ``name``, or ``command`` does not take what was given to it."""

    name: str
    command: Command | None = None


Intent = (
    Say
    | requests.Fix
    | Tell
    | Talk
    | Ask
    | Recall
    | requests.Join
    | requests.Leave
    | requests.Delete
    | requests.Login
    | Confide
    | requests.SetLanguage
    | requests.SetTimes
    | requests.HushJoins
    | requests.SetNumbers
    | ShowHelp
    | NotSaid
    | requests.Bye
    | Mistake
)


"""Requests stand here where more is done about them than to ask the server."""


def meant(request: Request) -> Intent | None:
    """What a request means that a person typed; None: nothing can be done about it here."""
    match request:
        case requests.Say(text, kind, room=room, re=re):
            return Say(text, Kind(kind.value), room, re or 0)
        case requests.Announce(text):
            return Say(text, Kind.ANNOUNCE, FIRST_ROOM)
        case _ if isinstance(request, Intent):
            return request
        case _ if isinstance(request, ProgramRequest):
            return about_here(request)
    return None


def about_here(request: ProgramRequest) -> Ask:
    """Ask it, about the room one is in if it names none and is about one."""
    match request:
        case requests.History(limit=None):
            request = replace(request, limit=Limits().replay)
        case requests.Search(limit=None):
            request = replace(request, limit=Limits().found)
    if getattr(request, "room", "") is not None:
        return Ask(lambda _: request)
    return Ask(lambda room: replace(request, **{"room": room}))  # type: ignore[arg-type]
