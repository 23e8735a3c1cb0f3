"""What stands behind a command's name, read into requests.

A reader gets it without white space around it, and the house's clock. It gives None when it makes
no sense: then the person is shown how the command is typed, and never what they typed, which may be
a password. People write ``on`` and ``off`` in either language, and durations with their unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from huddle.locale import language_named
from huddle.locale.clock import HouseClock
from huddle.locale.durations import behind_forever, is_bare, leading, looks_like_one, seconds_of
from huddle.protocol.events import INBOX, Kind
from huddle.protocol.requests import (
    Announce,
    Audit,
    Back,
    Ban,
    ChangeNick,
    ChangePassword,
    Delete,
    Fix,
    HelpWanted,
    History,
    Ignore,
    Join,
    Kick,
    Login,
    Message,
    Mute,
    Raw,
    Register,
    Request,
    Say,
    Search,
    SetKey,
    SetLanguage,
    SetQuiet,
    SetSlow,
    TakeCharge,
    Topic,
)

Read = Callable[[str, HouseClock], Request | None]
"""Reads what stands behind a command's name."""

NOTHING = "-"
"""Alone behind `/topic` or `/key` it takes away what is there."""

ON_OFF: Mapping[str, bool] = {"on": True, "sí": True, "si": True, "off": False, "no": False}
"""What is wished, in either language."""

_COUNT = re.compile(r"0*[1-9][0-9]{0,8}")
_SEQ = re.compile(r"[0-9]{1,15}")


def parted(text: str) -> tuple[str, str]:
    """The first word, and the rest."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, "".join(rest)


def _count(text: str) -> int | None:
    return int(text) if _COUNT.fullmatch(text) else None


def _seq(text: str) -> int | None:
    """The number of a message, as it is shown: ``41`` or ``#41``; ``@41`` is a private one."""
    digits = text[1:] if text[:1] in ("#", INBOX) else text
    return int(digits) if _SEQ.fullmatch(digits) else None


def _where(text: str) -> str | None:
    """The room of a message, by its number as it is shown: the inbox, or the one that one is in."""
    return INBOX if text.startswith(INBOX) else None


def word(make: Callable[[str], Request]) -> Read:
    """A reader for a command that takes one word, which makes this request of it."""

    def read(text: str, _: HouseClock) -> Request | None:
        first, rest = parted(text)
        return make(first) if first and not rest else None

    return read


def switch(make: Callable[[bool | None], Request]) -> Read:
    """A reader for a command that takes on or off, or nothing: the other way round."""

    def read(wish: str, _: HouseClock) -> Request | None:
        on = ON_OFF.get(wish.lower())
        return None if wish and on is None else make(on)

    return read


# -- what one says and reads -------------------------------------------------------------------


def me(text: str, _: HouseClock) -> Request:
    """Anything; whether it can be said shows later."""
    return Say(text, Kind.ME)


def message(text: str, _: HouseClock) -> Request | None:
    """A nick, and a text for the person who has it."""
    to, said = parted(text)
    return Message(to, said) if said else None


def announcement(text: str, _: HouseClock) -> Request | None:
    """A text for everybody; None when there is none."""
    return Announce(text) if text else None


def deletion(which: str, _: HouseClock) -> Request | None:
    """The seq of a message, or the nick of its author; nothing: one's own last message."""
    if not which:
        return Delete()
    if (seq := _seq(which)) is not None:
        return Delete(room=_where(which), seq=seq) if seq else None
    first, rest = parted(which)
    return None if rest else Delete(nick=first)


def reply(text: str, _: HouseClock) -> Request | None:
    """The seq of a message, and a text that answers it, where that is."""
    which, said = parted(text)
    if not said or not (seq := _seq(which)):
        return None
    return Say(said, room=_where(which), re=seq)


def fix(text: str, _: HouseClock) -> Request | None:
    """A text that one's last message should have been, or that of the number before it, which has
    its sign: `#41`. None where there is no text."""
    which, right = parted(text)
    if right and which[0] in ("#", INBOX) and (seq := _seq(which)):
        return Fix(right, seq, _where(which))
    return Fix(text) if text else None


def raw(which: str, _: HouseClock) -> Request | None:
    """The seq of a message that is wanted as it was written; None where it is none."""
    return Raw(seq, room=_where(which)) if (seq := _seq(which)) else None


def history(wish: str, clock: HouseClock) -> Request | None:
    """How many messages, or since when; nothing: as many as is usual. None when it is neither."""
    return _past(wish, clock, None)


def inbox(wish: str, clock: HouseClock) -> Request | None:
    """The same as `history`, of private messages."""
    return _past(wish, clock, INBOX)


def _past(wish: str, clock: HouseClock, room: str | None) -> Request | None:
    count = _count(wish)
    if count is not None or not wish:
        return History(room, count)
    since = clock.read(wish)
    return None if since is None else History(room, since=since)


def search(words: str, _: HouseClock) -> Request | None:
    """The words that a message must hold, all of them; None when there are none."""
    return Search(None, words) if words else None


# -- who one is --------------------------------------------------------------------------------


def nick(name: str, _: HouseClock) -> Request:
    """A name, or nothing; whether it is one shows later."""
    return ChangeNick(name or None)


def back(word: str, _: HouseClock) -> Request | None:
    """A return word, perhaps behind a nick; what it opens shows later. None when it is missing."""
    return Back(word) if word else None


def registration(text: str, _: HouseClock) -> Request | None:
    """A password, or a nick and a password.

    A third word is refused: ``correct horse battery`` would register the nick ``correct``.
    """
    match text.split():
        case [password]:
            return Register(password)
        case [name, password]:
            return Register(password, name)
        case _:
            return None


def help_wanted(text: str, _: HouseClock) -> Request:
    """The name of a command, or nothing: all of them."""
    return HelpWanted(text or None)


def login(text: str, _: HouseClock) -> Request | None:
    """A password, or a nick and a password, in which there may be spaces."""
    first, rest = parted(text)
    if rest:
        return Login(first, rest)
    return Login(None, first) if first else None


def password(text: str, _: HouseClock) -> Request | None:
    """The one until now, and the new one."""
    match text.split():
        case [old, new]:
            return ChangePassword(old, new)
        case _:
            return None


def code(text: str, _: HouseClock) -> Request | None:
    """The code of the operators, however it is spelled; None when it is missing."""
    return TakeCharge(text) if text else None


def ignore(name: str, _: HouseClock) -> Request | None:
    """The nick of the person to be ignored; nothing asks for the list of them."""
    first, rest = parted(name)
    return None if rest else Ignore(first, True) if first else Ignore()


# -- how it is spoken to me ---------------------------------------------------------------------


def language(name: str, _: HouseClock) -> Request | None:
    """The name of one of our languages, in any of them; None where it is none."""
    known = language_named(name)
    return None if known is None else SetLanguage(known)


# -- rooms -------------------------------------------------------------------------------------


def join(text: str, _: HouseClock) -> Request | None:
    """A room, and its key if it has one."""
    room, key = parted(text)
    return Join(room, key or None) if room else None


def topic(text: str, _: HouseClock) -> Request:
    """The new topic, or `NOTHING` to take it away; nothing asks which one it is."""
    return Topic(text="" if text == NOTHING else text or None)


def key(text: str, _: HouseClock) -> Request | None:
    """A key. Nothing is refused: a room is not to be opened by half a command."""
    return SetKey(None, None if text == NOTHING else text) if text else None


def slow(text: str, _: HouseClock) -> Request | None:
    """How long one has to wait, or off."""
    if ON_OFF.get(text.lower()) is False:
        return SetSlow(None, 0.0)
    seconds = seconds_of(text)
    return None if seconds is None else SetSlow(None, seconds)


def quiet(text: str, _: HouseClock) -> Request | None:
    """On or off, in either language; None for anything else."""
    on = ON_OFF.get(text.lower())
    return None if on is None else SetQuiet(None, on)


# -- moderation --------------------------------------------------------------------------------


def kick(text: str, _: HouseClock) -> Request | None:
    """The nick of a member, and perhaps the reason."""
    who, reason = parted(text)
    return Kick(None, who, reason) if who else None


def ban(text: str, _: HouseClock) -> Request | None:
    """Who, perhaps for how long, and perhaps why. None when one is missing, or no duration."""
    sentence = _sentence(text)
    return None if sentence is None else Ban(None, *sentence)


def mute(text: str, _: HouseClock) -> Request | None:
    """Who, perhaps for how long, and perhaps why. None when one is missing, or no duration."""
    sentence = _sentence(text)
    return None if sentence is None else Mute(None, *sentence)


def _sentence(text: str) -> tuple[str, float | None, str] | None:
    who, rest = parted(text)
    read = how_long_and_why(rest)
    return None if not who or read is None else (who, *read)


def how_long_and_why(typed: str) -> tuple[float | None, str] | None:
    """The seconds and the reason. What begins like a duration is one that is understood, or None.

    A ban that was to last ``1 fortnight`` must not be for ever, with that as its reason, nor one
    that was to last ``1h 30`` an hour. Behind ``forever`` anything is a reason.
    """
    if (reason := behind_forever(typed)) is not None:
        return None, reason
    seconds, reason = leading(typed)
    if seconds == 0 or (seconds is None and looks_like_one(typed)) or is_bare(reason):
        return None
    return seconds, reason


def audit(wish: str, _: HouseClock) -> Request | None:
    """How many acts are to be shown, or nothing: as many as is usual. None for no number."""
    count = _count(wish)
    return None if wish and count is None else Audit(count)
