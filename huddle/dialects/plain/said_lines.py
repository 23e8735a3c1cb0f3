"""A message as people read it: who said it, and how.

No text can make a line that looks like another's: each begins with a mark and a nick, and no nick
holds a space or a bracket (`huddle.protocol.names`). ``[ana]`` is hers to me alone; ``[ana → bob]``
was said by whoever reads it, on another device or some time ago.
"""

from __future__ import annotations

from huddle.locale import Wording
from huddle.locale.wording import ANNOUNCES, WAS_DELETED
from huddle.protocol.events import INBOX, Kind, Said

# What an Enum is asked for costs as much as the rest of a line; this is bound once.
_SAY = Kind.SAY


def said_line(message: Said, wording: Wording) -> str:
    """The line, with its end."""
    if message.kind is _SAY and message.room[0] != INBOX:
        return f"<{message.nick}> {message.text}\n"
    return f"{_marked(message, wording)}\n"


def _marked(message: Said, wording: Wording) -> str:
    _, nick, text = wording.gettext, message.nick, message.text
    match message.kind:
        case Kind.ANNOUNCE:
            return f"-- {_(ANNOUNCES).format(nick=nick, text=text)}"
        case Kind.DELETED:
            return f"-- {_(WAS_DELETED).format(nick=nick)}"
    acts = message.kind is Kind.ME
    if message.to:
        return f"[{nick} → {message.to}] {f'* {nick} ' if acts else ''}{text}"
    if message.room[0] == INBOX:
        return f"[* {nick} {text}]" if acts else f"[{nick}] {text}"
    return f"* {nick} {text}"
