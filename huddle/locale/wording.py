"""The sentences that the server's plain dialect and the client both say of people and rooms.

They work on plain values: names, counts, and the words that stand in the wire format (``muted``,
``topic``). Times come as words already, since the server and the client have them otherwise. No
sentence has an end, nor the ``-- `` in front of it. Those of one kind are constants, to be worded
with ``_(DONE)``; those that depend on something are functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from huddle.locale import N_, Wording
from huddle.locale.durations import brief

WHAT_NICK = N_("Welcome to huddle. What is your nick?")
HELLO = N_("Hello {nick}. {here} /help lists the commands, /salir leaves.")
YOU_ARE = N_("you are {nick}")
YOU_ARE_IN = N_("You are in {room} now.")
YOU_HAVE_LEFT = N_("You have left {room}.")
REGISTERED = N_("The nick {nick} is registered: from now on it needs its password.")
LOGGED_IN = N_("You are logged in as {nick}.")
IN_CLEAR = N_("This connection is not encrypted: others on the way could read your password.")
LANGUAGE_IS = N_("I speak English now.")
JOINS_QUIET = N_("you are not told who comes and goes")
JOINS_TOLD = N_("you are told who comes and goes")
TIMES_ON = N_("every line shows its time")
TIMES_OFF = N_("new lines show no time")
NUMBERS_ON = N_("every message shows its number: /delete 41, /re 41 TEXT, /raw 41")
NUMBERS_OFF = N_("messages show no number any more")
NOTHING = N_("There is nothing to show.")
DONE = N_("Done.")
HOW_TO_LEAVE = N_("If you want to leave: /quit")
WORD_LEFT = N_("You leave by the word alone; //salir says it.")
CLOSING = N_("The server is closing. Bye!")
RENAMED = N_("{nick} is now {new}")
DELETED = N_("{nick} deleted a message")
WAS_DELETED = N_("a message of {nick} was deleted")
WRITTEN_BY = N_("{number}, by {nick}:")
REST_WRITTEN = N_("/raw {number} shows the rest")
WRITTEN = "| "
"""Stands before each line that is shown as it was written: nobody says it just now."""
ANNOUNCES = N_("{nick} announces: {text}")
SENT_AWAY = N_("{by} sent {nick} away")

CHANGED: Mapping[str, tuple[str, str]] = {
    "topic": (N_("{nick} set the topic: {value}"), N_("{nick} took the topic away")),
    "key": (N_("{nick} locked the room with a key"), N_("{nick} took the key away")),
    "slow": (
        N_("{nick} made the room slow: one line every {value}"),
        N_("{nick} ended the slow mode"),
    ),
    "quiet": (
        N_("{nick} made the room quiet: only those with a voice speak"),
        N_("{nick} lets everybody speak again"),
    ),
}
"""For each setting of a room: with a value, without one."""

STANDINGS: Mapping[str, str] = {
    "voiced": N_("{by} gave you a voice: you may speak in a quiet room"),
    "unvoiced": N_("{by} took your voice away: you do not speak in a quiet room"),
    "muted": N_("{by} muted you: you hear, and do not speak"),
    "muted-too": N_(
        "{by} muted somebody who has just gone from your address, and so you are muted, too;"
        " {by} can let you speak"
    ),
    "unmuted": N_("{by} lets you speak again"),
    "operator": N_("{by} made you an operator: /help lists what you may do"),
    "no-operator": N_("{by} made you no operator any more"),
    "acting": N_(
        "you are an operator as long as you stay; for good by /register PASSWORD."
        " /help lists what you may do"
    ),
}
"""What a person may do from now on, by the wire's word for it."""

DONE_TO: Mapping[str, str] = {
    "mute": N_("{who} is muted"),
    "unmute": N_("{who} may speak again"),
    "ban": N_("{who} is kept out"),
    "unban": N_("{who} may come in again"),
    "voice": N_("{who} has a voice"),
    "unvoice": N_("{who} has no voice any more"),
    "op": N_("{who} is an operator now"),
    "deop": N_("{who} is no operator any more"),
}
"""What the reader has done to somebody, where no event tells, by the command's English name."""

FOR_A_TIME: Mapping[str, str] = {
    "mute": N_("{who} is muted for {time}"),
    "ban": N_("{who} is kept out for {time}"),
}
"""The same, where it ends by itself."""

NAMED_IN_A_CROWD = 2
"""Names told of many who join (or leave) together; the others are counted."""


def numbered(seq: int, *, private: bool = False) -> str:
    """The number of a message as it is shown and typed: those of private ones are others."""
    return f"@{seq}" if private else f"#{seq}"


def about(re: int, edits: int, wording: Wording, *, private: bool = False) -> str:
    """What stands before a text that answers a message, or puts one right; empty where neither."""
    _ = wording.gettext
    told = _("[instead of {number}]").format(number=numbered(edits, private=private))
    answers = _("[re {number}]").format(number=numbered(re, private=private))
    told, answers = told if edits else "", answers if re else ""
    return "".join(f"{each} " for each in (answers, told) if each)


def deleted(nick: str, of: str, lines: int, wording: Wording) -> str:
    """Who deleted something, and whose it was if it was another's."""
    _, ngettext = wording.gettext, wording.ngettext
    if lines > 1:
        told = ngettext(
            "{nick} deleted {count} line of {of}", "{nick} deleted {count} lines of {of}", lines
        )
        return told.format(nick=nick, count=lines, of=of or nick)
    if of in ("", nick):
        return _(DELETED).format(nick=nick)
    return _("{nick} deleted a message of {of}").format(nick=nick, of=of)


def because(sentence: str, reason: str) -> str:
    """A sentence, with the reason if one was given."""
    return f"{sentence}: {reason}" if reason else sentence


# What happened


def joined(nicks: Sequence[str], wording: Wording) -> str:
    """The sentence for people who came in together; of a crowd, two are named."""
    _ = wording.gettext
    return _crowd(_("{who} joined"), _("{who} and {count} more joined"), nicks)


def left(nicks: Sequence[str], wording: Wording, by: str = "", reason: str = "") -> str:
    """The sentence for people who left together, or one of them was sent away ``by`` a host."""
    _ = wording.gettext
    if by and len(nicks) == 1:
        return because(_(SENT_AWAY).format(by=by, nick=nicks[0]), reason)
    return _crowd(_("{who} left"), _("{who} and {count} more left"), nicks)


def _crowd(few: str, many: str, nicks: Sequence[str]) -> str:
    rest = len(nicks) - NAMED_IN_A_CROWD
    if len(nicks) == 1 or rest <= 1:
        return few.format(who=", ".join(nicks))
    return many.format(who=", ".join(nicks[:NAMED_IN_A_CROWD]), count=rest)


def changed(nick: str, setting: str, value: str | bool | float | None, wording: Wording) -> str:
    """How a room was made otherwise; empty for a setting that is not known here.

    The ``slow`` mode has its seconds for a value.
    """
    if setting not in CHANGED:
        return ""
    with_value, without = CHANGED[setting]
    is_time = setting == "slow" and isinstance(value, int | float) and not isinstance(value, bool)
    shown = brief(float(value or 0)) if is_time else value
    sentence = with_value if value else without
    return wording.gettext(sentence).format(nick=nick, value=shown)


def removed(room: str, by: str, reason: str, banned: bool, wording: Wording) -> str:
    """The reader was sent out of a room, with ``banned`` for good."""
    _ = wording.gettext
    sentence = _("{by} banned you from {room}") if banned else _("{by} sent you out of {room}")
    return because(sentence.format(by=by, room=room), reason)


def standing_is(standing: str, by: str, until: str | None, reason: str, wording: Wording) -> str:
    """What the reader may do has changed; empty for a standing that is not known here.

    ``by`` is empty where the house did it itself; only a mute has an ``until``, in words.
    """
    _ = wording.gettext
    if standing not in STANDINGS:
        return ""
    sentence = _(STANDINGS[standing])
    if standing == "muted" and until is not None:
        sentence = _("{by} muted you until {until}")
    return because(sentence.format(by=by or _("the house"), until=until), reason)


def done(act: str, who: str, seconds: float | None, wording: Wording) -> str:
    """What the reader has done to somebody, for so many ``seconds`` or for good."""
    sentence = FOR_A_TIME[act] if seconds else DONE_TO[act]
    return wording.gettext(sentence).format(who=who, time=brief(seconds or 0))


def unread(nick: str, count: int, wording: Wording) -> str:
    """A person did not come back to read what was said to them."""
    return wording.ngettext(
        "{nick} did not come back: {count} message of yours was not read.",
        "{nick} did not come back: {count} messages of yours were not read.",
        count,
    ).format(nick=nick, count=count)


def gone(count: int, wording: Wording) -> str:
    """So many messages are no longer in the record."""
    sentence = wording.ngettext("{count} message is gone", "{count} messages are gone", count)
    return sentence.format(count=count)


# Who is in a room, and how it is there


def others(count: int, names: Sequence[str], wording: Wording) -> str:
    """Who else is in a room of ``count`` people, of whom the reader, who is not named, is one."""
    if count <= 1:
        return wording.gettext("Nobody else is here.")
    here = wording.ngettext(
        "{count} other here: {names}.", "{count} others here: {names}.", count - 1
    )
    return here.format(count=count - 1, names=named(count - 1, names, wording))


def named(count: int, names: Sequence[str], wording: Wording) -> str:
    """Some names of so many people; the rest of them is counted."""
    told, more = ", ".join(names), count - len(names)
    if more <= 0:
        return told
    rest = wording.ngettext("and {count} more", "and {count} more", more).format(count=more)
    return f"{told} {rest}".lstrip()


def how_it_is(topic: str, slow: float, quiet: bool, wording: Wording) -> Iterator[str]:
    """What is unusual about a room, for a person who comes in; ``slow`` in seconds."""
    _ = wording.gettext
    if topic:
        yield topic_is(topic, "", wording)
    if slow:
        yield _("slow room: one line every {time}").format(time=brief(slow))
    if quiet:
        yield _("quiet room: only those with a voice speak")


def topic_is(topic: str, by: str, wording: Wording) -> str:
    """What a room is about, and who said so if that is known."""
    _ = wording.gettext
    if not topic:
        return _("This room has no topic.")
    if not by:
        return _("topic: {topic}").format(topic=topic)
    return _("topic, by {by}: {topic}").format(by=by, topic=topic)


def ignoring(nicks: Sequence[str], wording: Wording) -> str:
    """The sentence that names the people of whom the reader is shown nothing."""
    _ = wording.gettext
    if not nicks:
        return _("You ignore nobody.")
    return _("You ignore: {nicks}.").format(nicks=", ".join(nicks))
