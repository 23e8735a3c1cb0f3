"""What happened in a room, in one sentence each: who came and went, and what was changed."""

from __future__ import annotations

from huddle.locale import Wording
from huddle.locale.wording import DELETED, RENAMED, changed, joined, left
from huddle.protocol.events import Changed, Deleted, Joined, Left, Notice, Renamed


def happened(event: Notice, wording: Wording) -> str:
    """The sentence, without an end."""
    match event:
        case Joined(nicks=nicks):
            return joined(nicks, wording)
        case Left(nicks=nicks, by=by, reason=reason):
            return left(nicks, wording, by, reason)
        case Renamed(nick=nick, new=new):
            return wording.gettext(RENAMED).format(nick=nick, new=new)
        case Changed(nick=nick, setting=setting, value=value):
            return changed(nick, setting, value, wording)
        case Deleted(nick=nick):
            return wording.gettext(DELETED).format(nick=nick)
