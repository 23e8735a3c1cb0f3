"""What the members of a room are told of a batch of the log, once the record has it."""

from __future__ import annotations

from collections.abc import Sequence

from huddle.cluster import effects as told
from huddle.huddle import Huddle
from huddle.protocol.events import Changed, Deleted, Joined, Left, Renamed, RoomEvent, Said


class RoomEvents:
    """The events of one batch: its ``messages`` and ``tombstones``, as the record has them now."""

    def __init__(
        self, huddle: Huddle, messages: Sequence[Said], tombstones: Sequence[Said]
    ) -> None:
        self._huddle = huddle
        self._messages = iter(messages)
        self._tombstones = {(each.room, each.seq): each for each in tombstones}

    def of(self, effect: told.Effect) -> list[RoomEvent]:
        """What this effect comes to; to be asked for each in turn, since the messages are taken in
        their order."""
        match effect:
            case told.Message():
                return [next(self._messages)]
            case told.Joined(room, nick, session):
                return [Joined(room, (nick,), session)]
            case told.Left(room, nick, session, _, by, reason):
                return [Left(room, (nick,), session, by=by, reason=reason)]
            case told.Renamed(room, nick, new, session):
                return [Renamed(room, nick, new, session)]
            case told.Changed(room, nick, setting, value):
                shown = value / 1000 if type(value) is int else value
                return [Changed(room, nick, setting, shown)]  # who did it is told, too
            case told.Erased(room, seqs, nick):
                return self._erased(room, seqs, nick)
        return []

    def _erased(self, room: str, seqs: Sequence[int], nick: str) -> list[RoomEvent]:
        """The tombstones stand in the record; what is shown of the past is not so any more."""
        gone = [self._tombstones[room, seq] for seq in seqs if (room, seq) in self._tombstones]
        lines = sum(not each.edits for each in gone) or 1
        stream, events = self._huddle.stream(room), list[RoomEvent]()
        self._huddle.directory.pages.forget(room)
        for tombstone in gone:
            if stream is not None:
                stream.history.erase(tombstone)
            of, seq = tombstone.nick, tombstone.seq
            events.append(Deleted(room, seq, nick, of, lines=0 if events else lines))
        return events
