"""What happened in a room, in one sentence each: who came and went, and what was changed."""

from __future__ import annotations

from huddle.locale import Wording
from huddle.locale.wording import RENAMED, changed, deleted, joined, left
from huddle.protocol.events import Changed, Deleted, Joined, Left, Notice, Renamed


def happened(event: Notice, wording: Wording) -> str:
    """The sentence that tells of what happened in a room, without a line's end."""
    match event:
        case Joined(nicks=nicks):
            return joined(nicks, wording)
        case Left(nicks=nicks, by=by, reason=reason):
            return left(nicks, wording, by, reason)
        case Renamed(nick=nick, new=new):
            return wording.gettext(RENAMED).format(nick=nick, new=new)
        case Changed(nick=nick, setting=setting, value=value):
            return changed(nick, setting, value, wording)
        case Deleted(lines=0):
            return ""  # told with the first of those that went together
        case Deleted(nick=nick, of=of, lines=lines):
            return deleted(nick, of, lines, wording)
