"""What was refused, in words: the one place where errors become sentences."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from huddle import errors
from huddle.locale import Wording


def worded(error: errors.HuddleError, wording: Wording) -> str:
    """Why it was refused, and what to do, in one line without an end."""
    _, ngettext = wording.gettext, wording.ngettext
    match error:
        case errors.BadNick():
            return _bad_nick(error, _)
        case errors.NickTaken(nick=nick, suggest=suggest):
            return _("The nick {nick} is taken. {suggest} is free.").format(
                nick=nick, suggest=suggest
            )
        case errors.TextTooLong(limit=limit):
            return _("Not said: a text has at most {limit} bytes, and this one had more.").format(
                limit=limit
            )
        case errors.LineTooLong(limit=limit):
            return _("Not said: the line went on beyond {limit} bytes without an end.").format(
                limit=limit
            )
        case errors.UnknownCommand(name=name):
            return _("There is no command {name}. /help lists them; //{name} says it.").format(
                name=name
            )
        case errors.UnknownRequest(name=name):
            return _("There is no request {name} here.").format(name=name)
        case errors.BadUsage(field=usage):
            return _("It is typed like this: {usage}").format(usage=usage)
        case errors.BadField(field=field):
            return _("{field} is missing, or is not what it must be.").format(field=field)
        case errors.NoSuchRoom(room=room):
            return _("You are in no room {room}.").format(room=room)
        case errors.NobodyThere(nick=nick):
            return _("Nobody is called {nick}.").format(nick=nick)
        case errors.TooManyTries(wait=wait):
            seconds = ceil(wait)
            return ngettext(
                "Too many tries. Wait {count} second.",
                "Too many tries. Wait {count} seconds.",
                seconds,
            ).format(count=seconds)
        case _:
            return _plain(error, _)


def _bad_nick(error: errors.BadNick, _: Callable[[str], str]) -> str:
    match error.reason:
        case "too-long":
            return _("A nick has at most 24 characters.")
        case "character":
            return _("A nick has letters, digits and inner - _ . ' only.")
        case "edge":
            return _("A nick begins and ends with a letter or a digit.")
        case _:
            return _("A nick has at least one character.")


def _plain(error: errors.HuddleError, _: Callable[[str], str]) -> str:
    match error:
        case errors.BadJson():
            return _("That line is not one JSON object.")
        case errors.HelloFirst():
            return _("First say who you are.")
        case errors.TextEmpty():
            return _("Not said: there is nothing to see in it.")
        case errors.IdReused():
            return _("Not said: this id was given to something else.")
        case errors.Expired():
            return _("Not said: this id is too old; its message, if there was one, is gone.")
        case errors.NotRecorded():
            return _("Not recorded, and nobody has seen it. Try again.")
        case errors.NotReadable():
            return _("The record cannot be read just now. Try again.")
        case errors.SessionUnknown():
            return _("Nobody here knows that session. Start a new one.")
        case errors.Replaced():
            return _("You are here from another connection now; this one ends.")
        case errors.NoNick():
            return _("You gave no nick in time. Come again!")
        case errors.WordUnknown():
            return _("That return word opens nothing, or not any more.")
        case errors.WrongDoor():
            return _("This port speaks no TLS. Connect without it.")
        case errors.ServerFull():
            return _("There are too many connections. Try again later.")
        case _:
            return _("That cannot be done.")
