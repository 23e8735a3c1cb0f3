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
from huddle.protocol import requests as ask
from huddle.protocol.events import INBOX, Kind
from huddle.protocol.requests import Request

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


def whole(make: Callable[[str], Request]) -> Read:
    """A reader for a command that takes a text, with the blanks in it, which makes this of it."""
    return lambda text, _: make(text) if text else None


def switch(make: Callable[[bool | None], Request]) -> Read:
    """A reader for a command that takes on or off, or nothing: the other way round."""

    def read(wish: str, _: HouseClock) -> Request | None:
        on = ON_OFF.get(wish.lower())
        return None if wish and on is None else make(on)

    return read


# -- what one says and reads -------------------------------------------------------------------


def me(text: str, _: HouseClock) -> Request:
    """Anything; whether it can be said shows later."""
    return ask.Say(text, Kind.ME)


def message(text: str, _: HouseClock) -> Request | None:
    """A nick, and a text for the person who has it."""
    to, said = parted(text)
    return ask.Message(to, said) if said else None


def deletion(which: str, _: HouseClock) -> Request | None:
    """The seq of a message, or the nick of its author; nothing: one's own last message."""
    if not which:
        return ask.Delete()
    if (seq := _seq(which)) is not None:
        return ask.Delete(room=_where(which), seq=seq) if seq else None
    first, rest = parted(which)
    return None if rest else ask.Delete(nick=first)


def reply(text: str, _: HouseClock) -> Request | None:
    """The seq of a message, and a text that answers it, where that is."""
    which, said = parted(text)
    if not said or not (seq := _seq(which)):
        return None
    return ask.Say(said, room=_where(which), re=seq)


def fix(text: str, _: HouseClock) -> Request | None:
    """A text that one's last message should have been, or that of the number before it, which has
    its sign: `#41`. None where there is no text."""
    which, right = parted(text)
    if right and which[0] in ("#", INBOX) and (seq := _seq(which)):
        return ask.Fix(right, seq, _where(which))
    return ask.Fix(text) if text else None


def raw(which: str, _: HouseClock) -> Request | None:
    """The seq of a message that is wanted as it was written; None where it is none."""
    return ask.Raw(seq, room=_where(which)) if (seq := _seq(which)) else None


def history(wish: str, clock: HouseClock) -> Request | None:
    """How many messages, or since when; nothing: as many as is usual. None when it is neither."""
    return _past(wish, clock, None)


def inbox(wish: str, clock: HouseClock) -> Request | None:
    """The same as `history`, of private messages."""
    return _past(wish, clock, INBOX)


def _past(wish: str, clock: HouseClock, room: str | None) -> Request | None:
    count = _count(wish)
    if count is not None or not wish:
        return ask.History(room, count)
    since = clock.read(wish)
    return None if since is None else ask.History(room, since=since)


# -- who one is --------------------------------------------------------------------------------


def nick(name: str, _: HouseClock) -> Request:
    """A name, or nothing; whether it is one shows later."""
    return ask.ChangeNick(name or None)


def registration(text: str, _: HouseClock) -> Request | None:
    """A password, or a nick and a password.

    A third word is refused: ``correct horse battery`` would register the nick ``correct``.
    """
    match text.split():
        case [password]:
            return ask.Register(password)
        case [name, password]:
            return ask.Register(password, name)
        case _:
            return None


def help_wanted(text: str, _: HouseClock) -> Request:
    """The name of a command, or nothing: all of them."""
    return ask.HelpWanted(text or None)


def login(text: str, _: HouseClock) -> Request | None:
    """A password, or a nick and a password, in which there may be spaces."""
    first, rest = parted(text)
    if rest:
        return ask.Login(first, rest)
    return ask.Login(None, first) if first else None


def password(text: str, _: HouseClock) -> Request | None:
    """The one until now, and the new one."""
    match text.split():
        case [old, new]:
            return ask.ChangePassword(old, new)
        case _:
            return None


def ignore(name: str, _: HouseClock) -> Request | None:
    """The nick of the person to be ignored; nothing asks for the list of them."""
    first, rest = parted(name)
    return None if rest else ask.Ignore(first, True) if first else ask.Ignore()


# -- how it is spoken to me ---------------------------------------------------------------------


def language(name: str, _: HouseClock) -> Request | None:
    """The name of one of our languages, in any of them; None where it is none."""
    known = language_named(name)
    return None if known is None else ask.SetLanguage(known)


# -- rooms -------------------------------------------------------------------------------------


def join(text: str, _: HouseClock) -> Request | None:
    """A room, and its key if it has one."""
    room, key = parted(text)
    return ask.Join(room, key or None) if room else None


def topic(text: str, _: HouseClock) -> Request:
    """The new topic, or `NOTHING` to take it away; nothing asks which one it is."""
    return ask.Topic(text="" if text == NOTHING else text or None)


def key(text: str, _: HouseClock) -> Request | None:
    """A key. Nothing is refused: a room is not to be opened by half a command."""
    return ask.SetKey(None, None if text == NOTHING else text) if text else None


def slow(text: str, _: HouseClock) -> Request | None:
    """How long one has to wait, or off."""
    if ON_OFF.get(text.lower()) is False:
        return ask.SetSlow(None, 0.0)
    seconds = seconds_of(text)
    return None if seconds is None else ask.SetSlow(None, seconds)


def quiet(text: str, _: HouseClock) -> Request | None:
    """On or off, in either language; None for anything else."""
    on = ON_OFF.get(text.lower())
    return None if on is None else ask.SetQuiet(None, on)


# -- moderation --------------------------------------------------------------------------------


def kick(text: str, _: HouseClock) -> Request | None:
    """The nick of a member, and perhaps the reason."""
    who, reason = parted(text)
    return ask.Kick(None, who, reason) if who else None


def sentence(make: Callable[[str | None, str, float | None, str], Request]) -> Read:
    """A reader for a command that takes whom it is aimed at, perhaps for how long, and perhaps why;
    None when nobody is named, or for no duration."""

    def read(text: str, _: HouseClock) -> Request | None:
        who, rest = parted(text)
        term = how_long_and_why(rest)
        return make(None, who, *term) if who and term is not None else None

    return read


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
    return None if wish and count is None else ask.Audit(count)
