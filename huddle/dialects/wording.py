"""What was refused, in words: the one place where errors become sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil

from huddle.dialects.notices import because
from huddle.dialects.too_many import too_many
from huddle.locale import Wording
from huddle.protocol import errors

Moment = Callable[[int], str]
"""Words for a time, which is in milliseconds since 1970."""


def utc(time: int) -> str:
    """A time for somebody whose zone is not known."""
    return f"{datetime.fromtimestamp(time // 1000, UTC):%Y-%m-%d %H:%M} UTC"


def worded(error: errors.HuddleError, wording: Wording, moment: Moment = utc) -> str:
    """Why it was refused, and what to do, in one line without an end."""
    match error:
        case errors.RightError():
            return _right(error, wording.gettext, moment)
        case errors.AccountError():
            return _account(error, wording.gettext)
        case errors.TooMany(what=what, limit=limit):
            return too_many(what, limit, wording)
        case _:
            return _request(error, wording)


def _request(error: errors.HuddleError, wording: Wording) -> str:
    _, ngettext = wording.gettext, wording.ngettext
    match error:
        case errors.BadNick():
            return _bad_nick(error, _)
        case errors.BadRoom():
            return _bad_room(error, _)
        case errors.Kicked(by=by, reason=reason):
            return because(_("{by} sent you away").format(by=by), reason)
        case errors.TooFast(wait=wait):
            seconds = ceil(wait)
            return ngettext(
                "Not so fast. Wait {count} second.",
                "Not so fast. Wait {count} seconds.",
                seconds,
            ).format(count=seconds)
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
        case errors.Oneself():
            return _("Nobody does that to themselves.")
        case errors.BadField(field=field):
            return _("{field} is missing, or is not what it must be.").format(field=field)
        case errors.NoSuchRoom(room=room):
            return _("You are in no room {room}.").format(room=room)
        case errors.NobodyThere(nick=nick):
            return _("Nobody is called {nick} here.").format(nick=nick)
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


def _bad_room(error: errors.BadRoom, _: Callable[[str], str]) -> str:
    match error.reason:
        case "too-long":
            return _("A room's name has at most 32 characters.")
        case "character":
            return _("A room's name has letters, digits and inner - _ . ' only.")
        case "edge":
            return _("A room's name begins and ends with a letter or a digit.")
        case _:
            return _("A room's name has at least one character.")


def _account(error: errors.AccountError, _: Callable[[str], str]) -> str:
    match error:
        case errors.PasswordNeeded(nick=nick):
            return _("{nick} is registered. If that is you: /login {nick} PASSWORD").format(
                nick=nick
            )
        case errors.WrongPassword():
            return _("That is not the password.")
        case errors.BadPassword(least=least, most=most):
            return _("A password has {least} to {most} characters.").format(least=least, most=most)
        case errors.MembersOnly():
            return _("Only members come in here: /login NICK PASSWORD")
        case errors.NotRegistered():
            # Not named: who leaves out the nick of /login has typed half a password in its place.
            return _("That nick is not registered.")
        case errors.AlreadyRegistered():
            return _("That is registered already.")
        case errors.AccountNick():
            return _("You are logged in, and called as your account is.")
        case _:
            return _("That cannot be done.")


def _right(error: errors.RightError, _: Callable[[str], str], moment: Moment) -> str:
    match error:
        case errors.NotAllowed():
            return _("That is for others to do; /help lists what you may do.")
        case errors.Banned(room=room, until=None, reason=reason):
            return because(_("You are not let into {room}").format(room=room), reason)
        case errors.Banned(room=room, until=int(until), reason=reason):
            sentence = _("You are not let into {room} until {until}")
            return because(sentence.format(room=room, until=moment(until)), reason)
        case errors.Muted(until=None, reason=reason):
            return because(_("Not said: you are muted here"), reason)
        case errors.Muted(until=int(until), reason=reason):
            sentence = _("Not said: you are muted here until {until}")
            return because(sentence.format(until=moment(until)), reason)
        case errors.RoomQuiet():
            return _("Not said: only those with a voice speak here.")
        case errors.RoomLocked(room=room):
            return _("{room} is locked; it opens with its key: /join {room} KEY").format(room=room)
        case _:
            return _("That cannot be done.")


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
        case errors.FirstRoom():
            return _("This room is left only with the house: /quit")
        case errors.NoSuchMessage():
            return _("There is no such message to delete.")
        case errors.WordUnknown():
            return _("That return word opens nothing, or not any more.")
        case errors.WrongDoor():
            return _("This port speaks no TLS. Connect without it.")
        case errors.ServerFull():
            return _("There are too many connections. Try again later.")
        case _:
            return _("That cannot be done.")
