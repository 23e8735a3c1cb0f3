"""What concerns one person among others: what they may do, their account, those they write to."""

from __future__ import annotations

from huddle.dialects.notices import because
from huddle.dialects.plain.moments import Moments
from huddle.locale import Wording
from huddle.protocol.answers import (
    Answer,
    Ignoring,
    KeptFor,
    LoggedIn,
    PasswordInClear,
    Registered,
    Removed,
    SecretSaid,
    Standing,
    StandingIs,
    Unread,
)


def personal(event: Answer, wording: Wording, moments: Moments) -> str:
    """The sentence; empty if the event is none of these."""
    match event:
        case Removed():
            return _removed(event, wording)
        case StandingIs():
            return _standing(event, wording, moments)
        case _:
            return _account(event, wording)


def _removed(event: Removed, wording: Wording) -> str:
    _ = wording.gettext
    sentence = (
        _("{by} banned you from {room}") if event.banned else _("{by} sent you out of {room}")
    )
    return because(sentence.format(by=event.by, room=event.room), event.reason)


def _standing(event: StandingIs, wording: Wording, moments: Moments) -> str:
    _ = wording.gettext
    by = event.by or _("the house")
    match event.standing:
        case Standing.VOICED:
            sentence = _("{by} gave you a voice: you may speak in a quiet room")
        case Standing.UNVOICED:
            sentence = _("{by} took your voice away: you do not speak in a quiet room")
        case Standing.MUTED if event.until is None:
            sentence = _("{by} muted you: you hear, and do not speak")
        case Standing.MUTED:
            sentence = _("{by} muted you until {until}")
        case Standing.UNMUTED:
            sentence = _("{by} lets you speak again")
        case Standing.OPERATOR:
            sentence = _("{by} made you an operator: /help lists what you may do")
        case Standing.NO_OPERATOR:
            sentence = _("{by} made you no operator any more")
    until = "" if event.until is None else moments.at(event.until)
    return because(sentence.format(by=by, until=until), event.reason)


def _account(event: Answer, wording: Wording) -> str:
    _, ngettext = wording.gettext, wording.ngettext
    match event:
        case Registered(nick=nick):
            return _("The nick {nick} is registered: from now on it needs its password.").format(
                nick=nick
            )
        case LoggedIn(nick=nick):
            return _("You are logged in as {nick}.").format(nick=nick)
        case PasswordInClear():
            return _(
                "This connection is not encrypted: others on the way could read your password."
            )
        case SecretSaid():
            return _(
                "Everybody has read that. If there was a password in it, change it;"
                " /delete takes the line back."
            )
        case KeptFor(nick=nick):
            return _("{nick} is away; your message waits.").format(nick=nick)
        case Unread(nick=nick, count=count):
            return ngettext(
                "{nick} did not come back: {count} message of yours was not read.",
                "{nick} did not come back: {count} messages of yours were not read.",
                count,
            ).format(nick=nick, count=count)
        case Ignoring(nicks=()):
            return _("You ignore nobody.")
        case Ignoring(nicks=nicks):
            return _("You ignore: {nicks}.").format(nicks=", ".join(nicks))
        case _:
            return ""
