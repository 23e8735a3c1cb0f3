"""Why something was refused, and what to do: a sentence for each stable code of an error.

A code with several reasons has a sentence for each, under the code and the reason (``bad-nick
edge``). Facts are those of the error, by their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from huddle.locale import N_, Wording
from huddle.locale.wording import because

REFUSALS: Mapping[str, str] = {
    "account-nick": N_("You are logged in, and called as your account is."),
    "alone": N_("This server has lost the others of its house. Go to another, or come back later."),
    "already-registered": N_("That is registered already."),
    "bad-field": N_("{field} is missing, or is not what it must be."),
    "bad-field oneself": N_("Nobody does that to themselves."),
    "bad-field usage": N_("It is typed like this: {usage}"),
    "bad-json": N_("That line is not one JSON object."),
    "bad-nick character": N_("A nick has letters, digits and inner - _ . ' only."),
    "bad-nick edge": N_("A nick begins and ends with a letter or a digit."),
    "bad-nick empty": N_("A nick has at least one character."),
    "bad-nick too-long": N_("A nick has at most 24 characters."),
    "bad-password": N_("A password has {least} to {most} characters."),
    "bad-room character": N_("A room's name has letters, digits and inner - _ . ' only."),
    "bad-room edge": N_("A room's name begins and ends with a letter or a digit."),
    "bad-room empty": N_("A room's name has at least one character."),
    "bad-room too-long": N_("A room's name has at most 32 characters."),
    "banned": N_("You are not let into {room}"),
    "banned until": N_("You are not let into {room} until {until}"),
    "expired": N_("Not said: this id is too old; its message, if there was one, is gone."),
    "first-room": N_("This room is left only with the house: /quit"),
    "hello-first": N_("First say who you are."),
    "id-reused": N_("Not said: this id was given to something else."),
    "kicked": N_("{by} sent you away"),
    "line-too-long": N_("Not said: the line went on beyond {limit} bytes without an end."),
    "members-only": N_("Only members come in here: /login NICK PASSWORD"),
    "muted": N_("Not said: you are muted here"),
    "muted until": N_("Not said: you are muted here until {until}"),
    "muted nick": N_("Your nick stays as it is while you are muted in {room}"),
    "muted nick until": N_("Your nick stays as it is while you are muted in {room}, until {until}"),
    "nick-taken": N_("The nick {nick} is taken. {suggest} is free."),
    "nick-taken held": N_("{nick} is away, and is kept for {nick}: /back WORD, or /login"),
    "nick-taken held program": N_("{nick} is away, and is kept for {nick}."),
    "nick-taken kept": N_(
        "{nick} is kept for an operator who has no account yet. Come in as {suggest}, then"
        " /operator CODE (the server's screen shows it) and /register {nick} PASSWORD"
    ),
    "no-nick": N_("You gave no nick in time. Come again!"),
    "no-such-message": N_("There is no such message to delete."),
    "no-such-message here": N_("There is no such message here."),
    "no-such-room": N_("You are in no room {room}."),
    "nobody-there": N_("Nobody is called {nick} here."),
    "not-allowed": N_("That is for others to do; /help lists what you may do."),
    "not-allowed checker": N_("Your password is kept by another program, and is changed there."),
    "not-allowed host": N_(
        "Only an operator or a host of this room may do that; /help lists what you may do."
    ),
    "not-allowed house": N_("Only an operator whom the house appoints (--op) may do that."),
    "not-allowed member": N_("Only those with an account may do that; /register makes one."),
    "not-allowed operator": N_("Only an operator may do that; /help lists what you may do."),
    "not-readable": N_("The record cannot be read just now. Try again."),
    "not-recorded": N_("Not recorded, and nobody has seen it. Try again."),
    # Not named: who leaves out the nick of /login has typed half a password in its place.
    "not-registered": N_("That nick is not registered."),
    "password-needed": N_("{nick} is registered. If that is you: /login {nick} PASSWORD"),
    "replaced": N_("You are here from another connection now; this one ends."),
    "room-locked": N_("{room} is locked; it opens with its key: /join {room} KEY"),
    "room-quiet": N_("Not said: only those with a voice speak here."),
    "room-quiet nick": N_(
        "Your nick stays as it is while you are in {room}: only those with a voice speak there."
    ),
    "server-full": N_("There are too many connections. Try again later."),
    "session-unknown": N_("Nobody here knows that session. Start a new one."),
    "text-empty": N_("Not said: there is nothing to see in it."),
    "text-too-long": N_("Not said: a text has at most {limit} bytes, and this one had more."),
    "took-too-long": N_("That search takes too long. Search for rarer words."),
    "too-many": N_("There may be no more than {limit}."),
    "too-many accounts": N_("There are {limit} registered nicks already, and can be no more."),
    "too-many hashing": N_("Too many passwords are being checked. Try again in a moment."),
    "too-many ignores": N_("You ignore {limit} people already, and can ignore no more."),
    "too-many marks": N_(
        "This room has {limit} bans, mutes, voices and hosts, and can have no more."
    ),
    "too-many marks_all": N_(
        "There are {limit} bans and mutes already, and only operators may set more."
    ),
    "too-many pending": N_("Not said: {limit} messages wait for them already."),
    "too-many pending_each": N_("Not said: so many of your messages wait for them already."),
    "too-many registrations": N_(
        "No more than {limit} nicks are registered from one place in an hour."
    ),
    "too-many rooms": N_("There are {limit} rooms already, and can be no more."),
    "too-many rooms_made": N_(
        "{limit} of the rooms there are were made from your place already; what is free is for"
        " others."
    ),
    "too-many rooms_each": N_("You are in {limit} rooms already, and can be in no more."),
    "unknown-request": N_("There is no request {name} here."),
    "unknown-request command": N_(
        "There is no command {name}. /help lists them; //{name} says it."
    ),
    "unknown-request nameless": N_(
        "A command stands right behind its slash: /help lists them; what begins with // is said."
    ),
    "unknown-request leaving": N_("Not said. /quit leaves; with a dot behind it, it is said."),
    "word-unknown": N_("That return word opens nothing, or not any more."),
    "wrong-code": N_(
        "That code makes nobody an operator, or not any more. The server's screen shows it, and"
        " huddle-account gives another."
    ),
    "wrong-door": N_("This port speaks no TLS. Connect without it."),
    "wrong-password": N_("That is not the password."),
}
"""By code, and the reason behind it where there are several."""


def refusal(
    code: str,
    wording: Wording,
    kind: str = "",
    *,
    reason: str = "",
    wait: float = 0.0,
    **facts: object,
) -> str:
    """Why it was refused, in one line without an end; ``reason`` is what a person gave as one.

    ``kind`` tells apart what has the same code; one that is not known is left aside. ``wait`` are
    seconds until one may try again, and ``until`` among the ``facts`` is a time in words.
    """
    _ = wording.gettext
    if code in ("too-fast", "too-many-tries"):
        return _wait(code, ceil(wait), wording)
    sentence = REFUSALS.get(f"{code} {kind}") or REFUSALS.get(code)
    if sentence is None:
        return _("That cannot be done.")
    return because(_(sentence).format(**facts), reason)


def no_command(name: str, wording: Wording) -> str:
    """That no command has this name, or that none stands behind the slash."""
    return refusal("unknown-request", wording, "command" if name else "nameless", name=name)


def _wait(code: str, seconds: int, wording: Wording) -> str:
    too_fast = wording.ngettext(
        "Not so fast. Wait {count} second.", "Not so fast. Wait {count} seconds.", seconds
    )
    too_many = wording.ngettext(
        "Too many tries. Wait {count} second.", "Too many tries. Wait {count} seconds.", seconds
    )
    return (too_fast if code == "too-fast" else too_many).format(count=seconds)
