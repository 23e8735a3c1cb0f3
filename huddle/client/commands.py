"""What one types, and what it means: the table of commands, in both languages.

`/help` is made from the table. A line that begins with ``/`` is a command or a mistake, never
something to be said, unless it begins with ``//``; a bare ``salir`` leaves, as it did in the
programs Huddle comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from huddle.client.requests import ChangeNick, History, Leave, Request, Rooms, Search, Who
from huddle.client.state import Kind
from huddle.limits import Limits
from huddle.locale import LANGUAGES, N_

LEAVING_WORD = "salir"


class Misused(ValueError):
    """A command was given something that it does not take."""


@dataclass(frozen=True, slots=True)
class Say:
    """Say a text, or do it (``/me``); ``room`` None: in the room that one is in."""

    text: str
    kind: Kind = Kind.SAY
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """Say a text to one person."""

    nick: str
    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the server; the request may depend on the room one is in."""

    request: Callable[[str], Request]


@dataclass(frozen=True, slots=True)
class Enter:
    """Go into a room; what is said from now on is said there."""

    room: str
    key: str | None


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Speak this language."""

    language: str


@dataclass(frozen=True, slots=True)
class SetTimes:
    """Show the time on live lines; None turns it over."""

    on: bool | None


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """List the commands."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """No command is called ``name``, or ``command`` does not take what was given to it."""

    name: str
    command: Command | None = None


Meaning = Say | Tell | Ask | Enter | SetLanguage | SetTimes | ShowHelp | Quit | Mistake


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its names, what it takes (in English, in Spanish), what it does."""

    names: tuple[str, str]
    takes: tuple[str, str]
    summary: str
    read: Callable[[str], Meaning]

    def usage(self, language: str) -> str:
        """How it is typed in one language: `/history [N]`."""
        at = LANGUAGES.index(language)
        return f"/{self.names[at]} {self.takes[at]}".rstrip()


def meaning_of(line: str) -> Meaning:
    """What a typed line means."""
    if line.strip().lower() == LEAVING_WORD:
        return Quit()
    if line.startswith("//"):
        return Say(line[2:] if line[2:].strip().lower() == LEAVING_WORD else line[1:])
    if not line.startswith("/"):
        return Say(line)
    name, _, rest = line[1:].partition(" ")
    command = _BY_NAME.get(name.lower())
    if command is None:
        return Mistake(name)
    try:
        return command.read(rest.strip())
    except Misused:
        return Mistake(name, command)


def _one_word(rest: str) -> str:
    if not rest or len(rest.split()) > 1:
        raise Misused
    return rest


def _act(rest: str) -> Meaning:
    if not rest:
        raise Misused
    return Say(rest, Kind.ME)


def _tell(rest: str) -> Meaning:
    nick, _, text = rest.partition(" ")
    if not text.strip():
        raise Misused
    return Tell(nick, text.strip())


def _nick(rest: str) -> Meaning:
    nick = _one_word(rest)
    return Ask(lambda room: ChangeNick(nick))


def _history(rest: str) -> Meaning:
    most = Limits().history
    limit = Limits().replay if not rest else int(rest) if _is_count(rest) else 0
    if not 1 <= limit <= most:
        raise Misused
    return Ask(partial(History, limit=limit))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _search(rest: str) -> Meaning:
    if not rest:
        raise Misused
    return Ask(partial(Search, words=rest, limit=Limits().replay))


def _join(rest: str) -> Meaning:
    room, _, key = rest.partition(" ")
    return Enter(_one_word(room), key.strip() or None)


def _leave(rest: str) -> Meaning:
    left = _one_word(rest) if rest else None
    return Ask(lambda room: Leave(left or room))


def _language(rest: str) -> Meaning:
    if rest.lower() not in LANGUAGES:
        raise Misused
    return SetLanguage(rest.lower())


_WISHES = {"": None, "on": True, "sí": True, "si": True, "off": False, "no": False}


def _times(rest: str) -> Meaning:
    if rest.lower() not in _WISHES:
        raise Misused
    return SetTimes(_WISHES[rest.lower()])


COMMANDS = (
    Command(("help", "ayuda"), ("", ""), N_("lists the commands"), lambda _: ShowHelp()),
    Command(("who", "quien"), ("", ""), N_("tells who is here"), lambda _: Ask(Who)),
    Command(("nick", "apodo"), ("NAME", "NOMBRE"), N_("changes your nick"), _nick),
    Command(("me", "yo"), ("TEXT", "TEXTO"), N_("says what you do: * ana waves"), _act),
    Command(
        ("msg", "privado"), ("NICK TEXT", "APODO TEXTO"), N_("says it to one person only"), _tell
    ),
    Command(("history", "historial"), ("[N]", "[N]"), N_("shows the last N messages"), _history),
    Command(
        ("search", "buscar"), ("WORDS", "PALABRAS"), N_("shows messages with these words"), _search
    ),
    Command(
        ("rooms", "salas"), ("", ""), N_("lists the rooms"), lambda _: Ask(lambda room: Rooms())
    ),
    Command(
        ("join", "entrar"), ("ROOM [KEY]", "SALA [CLAVE]"), N_("goes into another room"), _join
    ),
    Command(("leave", "dejar"), ("[ROOM]", "[SALA]"), N_("goes out of a room"), _leave),
    Command(
        ("times", "horas"), ("[on|off]", "[sí|no]"), N_("shows the time on every line"), _times
    ),
    Command(("lang", "idioma"), ("en|es", "en|es"), N_("changes the language"), _language),
    Command(("quit", "salir"), ("", ""), N_("leaves"), lambda _: Quit()),
)

_BY_NAME = {name: command for command in COMMANDS for name in command.names}
_BY_NAME["quién"] = _BY_NAME["quien"]
_BY_NAME["exit"] = _BY_NAME["quit"]
