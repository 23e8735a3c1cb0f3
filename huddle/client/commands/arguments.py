"""What commands take here in another way than with `nc` (`huddle.protocol.arguments`), read just as
there: None where it makes no sense."""

from __future__ import annotations

from collections.abc import Callable

from huddle.client.commands.intents import (
    Ask,
    Confide,
    Intent,
    Recall,
    Say,
    ShowHelp,
    Talk,
    Tell,
)
from huddle.client.session.state import Kind
from huddle.locale import N_
from huddle.locale.clock import HouseClock
from huddle.protocol import arguments as read
from huddle.protocol.arguments import parted
from huddle.protocol.events import INBOX
from huddle.protocol.limits import Limits
from huddle.protocol.requests import (
    ChangePassword,
    History,
    Join,
    Leave,
    Login,
    Register,
    Request,
    SetKey,
)

Read = Callable[[str, HouseClock], Intent | Request | None]
"""Reads what stands behind a command's name."""

PASSWORD = N_("Password:")
NEW_PASSWORD = N_("New password:")
AGAIN = N_("Once more:")
NICK = N_("Your registered nick (Enter: the one you have):")
KEY = N_("Key:")

REGISTRATION = Confide(
    ((PASSWORD, True), (AGAIN, True)),
    lambda new, again: Ask(lambda room: Register(new)) if new == again else None,
)
LOGIN = Confide(
    ((NICK, False), (PASSWORD, True)), lambda nick, password: Login(nick or None, password)
)
NEW_PASSWORD_FOR_OLD = Confide(
    ((PASSWORD, True), (NEW_PASSWORD, True), (AGAIN, True)),
    lambda old, new, again: Ask(lambda room: ChangePassword(old, new)) if new == again else None,
)
ROOM_KEY = Confide(
    ((KEY, True),), lambda word: Ask(lambda room: SetKey(room, word)) if word else None
)
"""Nothing at all opens no room: it may be a slip."""


def show_help(text: str, _: HouseClock) -> Intent:
    return ShowHelp(text)


def act(text: str, _: HouseClock) -> Intent | None:
    return Say(text, Kind.ME) if text else None


def tell(text: str, _: HouseClock) -> Intent | None:
    """A nick, and a text; without one, what is said from now on."""
    nick, said = parted(text)
    return Tell(nick, said) if said else Talk(nick) if nick else None


def history(wish: str, clock: HouseClock) -> Intent | Request | None:
    """Read what stands behind `/history`: how many messages, or since when, as people say it."""
    return _past(wish, read.history(wish, clock), None)


def inbox(wish: str, clock: HouseClock) -> Intent | Request | None:
    """Read what stands behind `/inbox`, as `history` does: a stretch of the private messages."""
    return _past(wish, read.inbox(wish, clock), INBOX)


def _past(wish: str, asked: Request | None, room: str | None) -> Intent | Request | None:
    match asked:
        case History(since=int()):
            return Recall(wish, room)
        case History(limit=int(limit)) if limit > Limits().history:
            return None
    return asked


def join(text: str, _: HouseClock) -> Intent | None:
    room, key = parted(text)
    return Join(_room(room), key or None) if room else None


def leave(text: str, _: HouseClock) -> Intent | None:
    room, rest = parted(text)
    return None if rest else Leave(_room(room) or None)


def _room(name: str) -> str:
    """A room as it is called; ``#`` stands before it only where it is shown."""
    return name.removeprefix("#") or name
