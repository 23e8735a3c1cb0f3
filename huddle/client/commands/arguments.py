"""What stands behind a command's name, read into its meaning; all raise `Misused`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from huddle.client.commands.meanings import (
    Ask,
    Confide,
    Enter,
    Erase,
    GoOut,
    LogIn,
    Meaning,
    Misused,
    Say,
    SetLanguage,
    SetTimes,
    Talk,
    Tell,
)
from huddle.client.session.state import Kind
from huddle.locale import LANGUAGES, N_
from huddle.locale.durations import has_unit, seconds_of
from huddle.protocol import requests
from huddle.protocol.events import FIRST_ROOM, INBOX
from huddle.protocol.limits import Limits
from huddle.protocol.requests import ProgramRequest

NOTHING = "-"
"""Alone behind `/topic` or `/key` it takes away what is there."""

PASSWORD = N_("Password:")
NEW_PASSWORD = N_("New password:")
AGAIN = N_("Once more:")
NICK = N_("Your registered nick (Enter: the one you have):")
KEY = N_("Key:")

_ON_OFF: Mapping[str, bool] = {"on": True, "sí": True, "si": True, "off": False, "no": False}


def _parted(text: str) -> tuple[str, str]:
    """The first word, and the rest."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, "".join(rest)


def _given(text: str) -> str:
    if not text:
        raise Misused
    return text


def _one_word(text: str) -> str:
    first, rest = _parted(_given(text))
    if rest:
        raise Misused
    return first


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def simply(request: Callable[[str], ProgramRequest]) -> Callable[[str], Meaning]:
    """A command that takes nothing; what is typed nevertheless does not matter."""
    return lambda _: Ask(request)


def word(make: Callable[[str, str], ProgramRequest]) -> Callable[[str], Meaning]:
    """A command that takes one word; the request is made of the room and that word."""

    def read(text: str) -> Meaning:
        given = _one_word(text)
        return Ask(lambda room: make(room, given))

    return read


# -- what one says and reads -------------------------------------------------------------------


def act(text: str) -> Meaning:
    return Say(_given(text), Kind.ME)


def tell(text: str) -> Meaning:
    """A nick, and a text; without one, what is said from now on."""
    nick, said = _parted(_given(text))
    return Tell(nick, said) if said else Talk(nick)


def announcement(text: str) -> Meaning:
    return Say(_given(text), Kind.ANNOUNCE, FIRST_ROOM)


def deletion(which: str) -> Meaning:
    """A number or somebody's nick; nothing: one's own last message."""
    if not which:
        return Erase()
    if which.isascii() and which.isdecimal():
        if not int(which[:16]) or len(which) > 15:
            raise Misused
        return Erase(int(which))
    return Erase(nick=_one_word(which))


def history(wish: str) -> Meaning:
    limit = _limit(wish)
    return Ask(partial(requests.History, limit=limit))


def inbox(wish: str) -> Meaning:
    limit = _limit(wish)
    return Ask(lambda room: requests.History(INBOX, limit))


def _limit(wish: str) -> int:
    limit = Limits().replay if not wish else int(wish) if _is_count(wish) else 0
    if not 1 <= limit <= Limits().history:
        raise Misused
    return limit


def search(words: str) -> Meaning:
    return Ask(partial(requests.Search, words=_given(words), limit=Limits().found))


# -- who one is --------------------------------------------------------------------------------


def ignore(name: str) -> Meaning:
    """A nick, or nothing: whom do I ignore?"""
    if not name:
        return Ask(lambda room: requests.Ignore())
    nick = _one_word(name)
    return Ask(lambda room: requests.Ignore(nick, True))


def registration(text: str) -> Meaning:
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


def _registered(password: str, again: str) -> Meaning | None:
    return Ask(lambda room: requests.Register(password)) if password == again else None


def login(text: str) -> Meaning:
    """A password, or a nick and a password, in which there may be spaces; nothing: both are asked.

    A single word is never a nick: it would be shown, and may be a password.
    """
    first, rest = _parted(text)
    if not first:
        return Confide(
            ((NICK, False), (PASSWORD, True)), lambda nick, password: LogIn(nick or None, password)
        )
    return LogIn(first, rest) if rest else LogIn(None, first)


def password(text: str) -> Meaning:
    """The one until now, and the new one; nothing: they are asked for."""
    match text.split():
        case []:
            asked = ((PASSWORD, True), (NEW_PASSWORD, True), (AGAIN, True))
            return Confide(asked, _changed)
        case [old, new]:
            return Ask(lambda room: requests.ChangePassword(old, new))
        case _:
            raise Misused


def _changed(old: str, new: str, again: str) -> Meaning | None:
    return Ask(lambda room: requests.ChangePassword(old, new)) if new == again else None


# -- rooms -------------------------------------------------------------------------------------


def join(text: str) -> Meaning:
    room, key = _parted(_given(text))
    return Enter(room, key or None)


def leave(text: str) -> Meaning:
    return GoOut(_one_word(text) if text else None)


def topic(text: str) -> Meaning:
    """A topic; nothing asks for it."""
    wanted = "" if text == NOTHING else text or None
    return Ask(lambda room: requests.Topic(room, wanted))


def key(text: str) -> Meaning:
    """A key, or `NOTHING`; nothing at all: it is asked for, since a slip is to open no room."""
    if not text:
        return Confide(((KEY, True),), lambda word: _locked(word) if word else None)
    return _locked(None if text == NOTHING else text)


def _locked(word: str | None) -> Meaning:
    return Ask(lambda room: requests.SetKey(room, word))


def slow(text: str) -> Meaning:
    """How long one has to wait, or off."""
    seconds = 0.0 if _ON_OFF.get(text.lower()) is False else seconds_of(text)
    if seconds is None:
        raise Misused
    wait = seconds
    return Ask(lambda room: requests.SetSlow(room, wait))


def quiet(text: str) -> Meaning:
    if text.lower() not in _ON_OFF:
        raise Misused
    on = _ON_OFF[text.lower()]
    return Ask(lambda room: requests.SetQuiet(room, on))


# -- moderation --------------------------------------------------------------------------------


def kick(text: str) -> Meaning:
    """Who, and perhaps why."""
    who, reason = _parted(_given(text))
    return Ask(lambda room: requests.Kick(room, who, reason))


def ban(text: str) -> Meaning:
    """Who, perhaps for how long, and perhaps why."""
    who, seconds, reason = _sentence(text)
    return Ask(lambda room: requests.Ban(room, who, seconds, reason))


def mute(text: str) -> Meaning:
    """As of a ban."""
    who, seconds, reason = _sentence(text)
    return Ask(lambda room: requests.Mute(room, who, seconds, reason))


def _sentence(text: str) -> tuple[str, float | None, str]:
    """Who, for how long, why. A number needs its unit here: "3 warnings" is a reason."""
    who, rest = _parted(_given(text))
    first, reason = _parted(rest)
    seconds = seconds_of(first) if has_unit(first) else None
    if seconds == 0:
        raise Misused
    return who, seconds, rest if seconds is None else reason


def audit(wish: str) -> Meaning:
    """How many, or nothing."""
    if wish and (not _is_count(wish) or not int(wish)):
        raise Misused
    limit = int(wish) if wish else None
    return Ask(lambda room: requests.Audit(limit))


# -- how it is spoken to me --------------------------------------------------------------------


def language(text: str) -> Meaning:
    if text.lower() not in LANGUAGES:
        raise Misused
    return SetLanguage(text.lower())


def times(text: str) -> Meaning:
    """On or off, or nothing: the other way round."""
    if text and text.lower() not in _ON_OFF:
        raise Misused
    return SetTimes(_ON_OFF.get(text.lower()))
