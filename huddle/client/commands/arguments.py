"""What stands behind a command's name, read into its intent; all raise `Misused`."""

from __future__ import annotations

import re
from datetime import UTC
from functools import partial

from huddle.client.commands.intents import (
    Ask,
    Confide,
    Enter,
    Erase,
    Fix,
    GoOut,
    Intent,
    LogIn,
    Misused,
    Recall,
    Say,
    Talk,
    Tell,
)
from huddle.client.session.state import Kind
from huddle.locale import LANGUAGES, N_
from huddle.locale.clock import HouseClock
from huddle.protocol import requests
from huddle.protocol.arguments import NOTHING, ON_OFF, parted
from huddle.protocol.events import FIRST_ROOM, INBOX
from huddle.protocol.limits import Limits
from huddle.protocol.requests import HushJoins, SetLanguage, SetNumbers, SetTimes

PASSWORD = N_("Password:")
NEW_PASSWORD = N_("New password:")
AGAIN = N_("Once more:")
NICK = N_("Your registered nick (Enter: the one you have):")
KEY = N_("Key:")

_ANY_CLOCK = HouseClock(UTC, lambda: 0)
"""Tells whether words mean a time, whatever time it is."""

_NUMBERED = re.compile(rf"[#{INBOX}](?=0*[1-9])[0-9]{{1,15}}")
"""The number of a message with its sign, which tells it from a text that begins with a figure."""


def _given(text: str) -> str:
    if not text:
        raise Misused
    return text


def _one_word(text: str) -> str:
    first, rest = parted(_given(text))
    if rest:
        raise Misused
    return first


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


# -- what one says and reads -------------------------------------------------------------------


def act(text: str) -> Intent:
    return Say(_given(text), Kind.ME)


def tell(text: str) -> Intent:
    """A nick, and a text; without one, what is said from now on."""
    nick, said = parted(_given(text))
    return Tell(nick, said) if said else Talk(nick)


def announcement(text: str) -> Intent:
    return Say(_given(text), Kind.ANNOUNCE, FIRST_ROOM)


def deletion(which: str) -> Intent:
    """The number of a message, or the nick of its author; nothing: one's own last message."""
    if not which:
        return Erase()
    digits = which[1:] if which[0] in ("#", INBOX) else which
    if digits.isascii() and digits.isdecimal():
        return Erase(_seq(digits), room=_where(which))
    return Erase(nick=_one_word(which))


def reply(text: str) -> Intent:
    """The number of a message, and a text that answers it."""
    which, said = parted(_given(text))
    return Say(_given(said), room=_where(which), re=_seq(which))


def fix(text: str) -> Intent:
    """A text for one's last message, or for that of the number before it, which has its sign."""
    which, right = parted(_given(text))
    if right and _NUMBERED.fullmatch(which):
        return Fix(right, _seq(which), _where(which))
    return Fix(text)


def raw(which: str) -> Intent:
    seq, where = _seq(_one_word(which)), _where(which)
    return Ask(lambda room: requests.Raw(seq, room=where or room))


def _where(text: str) -> str | None:
    """The room of a message, by its number as it is shown: the inbox, or where one is."""
    return INBOX if text.startswith(INBOX) else None


def _seq(text: str) -> int:
    """The number of a message, as it is shown: ``41`` or ``#41``; ``@41`` is a private one."""
    digits = text[1:] if text[:1] in ("#", INBOX) else text
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 16 and int(digits)):
        raise Misused
    return int(digits)


def history(wish: str) -> Intent:
    """So many messages, or those since a time, as people say it."""
    if _is_time(wish):
        return Recall(wish)
    return Ask(partial(requests.History, limit=_limit(wish)))


def inbox(wish: str) -> Intent:
    """Read what stands behind `/inbox`, as `history` does: a stretch of the private messages."""
    if _is_time(wish):
        return Recall(wish, INBOX)
    limit = _limit(wish)
    return Ask(lambda room: requests.History(INBOX, limit))


def _is_time(wish: str) -> bool:
    return not _is_count(wish) and _ANY_CLOCK.read(wish) is not None


def _limit(wish: str) -> int:
    limit = Limits().replay if not wish else int(wish) if _is_count(wish) else 0
    if not 1 <= limit <= Limits().history:
        raise Misused
    return limit


def search(words: str) -> Intent:
    return Ask(partial(requests.Search, words=_given(words), limit=Limits().found))


# -- who one is --------------------------------------------------------------------------------


def nick(name: str) -> Intent:
    wanted = _one_word(name)
    return Ask(lambda _: requests.ChangeNick(wanted))


def registration(text: str) -> Intent:
    """A password, or a nick and a password; nothing: it is asked for."""
    match text.split():
        case []:
            return Confide(((PASSWORD, True), (AGAIN, True)), _registered)
        case [password]:
            return Ask(lambda room: requests.Register(password))
        case [nick, password]:
            return Ask(lambda room: requests.Register(password, nick))
        case _:
            raise Misused


def _registered(password: str, again: str) -> Intent | None:
    return Ask(lambda room: requests.Register(password)) if password == again else None


def login(text: str) -> Intent:
    """A password, or a nick and a password, in which there may be spaces; nothing: both are asked.

    A single word is never a nick: it would be shown, and may be a password.
    """
    first, rest = parted(text)
    if not first:
        return Confide(
            ((NICK, False), (PASSWORD, True)), lambda nick, password: LogIn(nick or None, password)
        )
    return LogIn(first, rest) if rest else LogIn(None, first)


def password(text: str) -> Intent:
    """The one until now, and the new one; nothing: they are asked for."""
    match text.split():
        case []:
            asked = ((PASSWORD, True), (NEW_PASSWORD, True), (AGAIN, True))
            return Confide(asked, _changed)
        case [old, new]:
            return Ask(lambda room: requests.ChangePassword(old, new))
        case _:
            raise Misused


def _changed(old: str, new: str, again: str) -> Intent | None:
    return Ask(lambda room: requests.ChangePassword(old, new)) if new == again else None


# -- rooms -------------------------------------------------------------------------------------


def join(text: str) -> Intent:
    room, key = parted(_given(text))
    return Enter(_room(room), key or None)


def leave(text: str) -> Intent:
    return GoOut(_room(_one_word(text)) if text else None)


def _room(name: str) -> str:
    """A room as it is called; ``#`` stands before it only where it is shown."""
    return name.removeprefix("#") or name


def key(text: str) -> Intent:
    """A key, or `NOTHING`; nothing at all: it is asked for, since a slip is to open no room."""
    if not text:
        return Confide(((KEY, True),), lambda word: _locked(word) if word else None)
    return _locked(None if text == NOTHING else text)


def _locked(word: str | None) -> Intent:
    return Ask(lambda room: requests.SetKey(room, word))


# -- how it is spoken to me --------------------------------------------------------------------


def language(text: str) -> Intent:
    if text.lower() not in LANGUAGES:
        raise Misused
    return SetLanguage(text.lower())


def _wished(text: str) -> bool | None:
    if text and text.lower() not in ON_OFF:
        raise Misused
    return ON_OFF.get(text.lower())


def times(text: str) -> Intent:
    """On or off, or nothing: the other way round."""
    return SetTimes(_wished(text))


def quiet_joins(text: str) -> Intent:
    """The same, for the notices of who comes and goes."""
    return HushJoins(_wished(text))


def numbers(text: str) -> Intent:
    """The same as `times`, for the numbers of messages."""
    return SetNumbers(_wished(text))
