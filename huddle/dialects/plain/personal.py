"""What concerns one person among others: what they may do, their account, those they write to."""

from __future__ import annotations

from huddle.dialects.plain.moments import Moments
from huddle.locale import Wording
from huddle.locale.wording import (
    HOW_TO_LEAVE,
    IN_CLEAR,
    LOGGED_IN,
    REGISTERED,
    WORD_LEFT,
    ignoring,
    removed,
    standing_is,
    unread,
)
from huddle.protocol.answers import (
    Answer,
    HowToLeave,
    Ignoring,
    KeptFor,
    LoggedIn,
    NickDoubted,
    PasswordAsked,
    PasswordInClear,
    Registered,
    Removed,
    SecretSaid,
    StandingIs,
    Unread,
    WordLeft,
)


def personal(event: Answer, wording: Wording, moments: Moments) -> str:
    """The sentence; empty if the event is none of these."""
    _ = wording.gettext
    match event:
        case Removed(room=room, by=by, reason=reason, banned=banned):
            return removed(room, by, reason, banned, wording)
        case StandingIs(standing=standing, by=by, reason=reason):
            until = None if event.until is None else moments.at(event.until)
            return standing_is(standing, by, until, reason, wording)
        case Registered(nick=nick):
            return _(REGISTERED).format(nick=nick)
        case LoggedIn(nick=nick):
            return _(LOGGED_IN).format(nick=nick)
        case PasswordInClear():
            return _(IN_CLEAR)
        case PasswordAsked():
            return _("The next line is its password; an empty one asks for another nick.")
        case NickDoubted():
            return _(
                "That could be a password, and is not taken as a nick: /nick NAME takes it as one,"
                " /login NICK PASSWORD brings a password."
            )
        case SecretSaid():
            return _(
                "Everybody has read that. If there was a password in it, change it;"
                " /delete takes the line back."
            )
        case HowToLeave():
            return _(HOW_TO_LEAVE)
        case WordLeft():
            return _(WORD_LEFT)
        case KeptFor(nick=nick):
            return _("{nick} is away; your message waits.").format(nick=nick)
        case Unread(nick=nick, count=count):
            return unread(nick, count, wording)
        case Ignoring(nicks=nicks):
            return ignoring(nicks, wording)
        case _:
            return ""
