"""The lines of the conversation as a person sees them in a terminal: painted, with times and days.

They end up in the terminal's own scrollback, where nothing can be changed any more. So a line is
painted once, when it is known for good: an own line when it has been acknowledged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo

from typing_extensions import override

from huddle.client.rendering.colours import Paint
from huddle.client.rendering.mentions import mentions, pieces
from huddle.client.rendering.rendering import Rendering, head_of
from huddle.client.session import events
from huddle.client.session.state import Kind, Line
from huddle.locale import Wording
from huddle.locale.wording import ANNOUNCES
from huddle.protocol.events import INBOX

RULE = "─" * 8
"""On either side of what stands in a rule. A rule is no wider than it must be: the terminal would
break it in two when it becomes narrower."""


ON_ITS_WAY = "  …   "
"""Stands where the time will stand."""


class TerminalLines(Rendering):
    """Renders for one terminal. ``now`` tells the local time, for own lines."""

    def __init__(
        self,
        wording: Wording,
        paint: Paint,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(wording, lambda: now().date(), zone)
        self.nick = ""
        """The nick one has now, by which it is told whether one is mentioned; empty: none yet."""
        self.times = True
        self._paint = paint
        self._now = now

    @override
    def lines(self, event: events.Event) -> list[str]:
        match event:
            case events.Said():
                return list(self._painted(event))
            case events.Acknowledged(line=line):
                return list(self._own(line))
            case (
                events.Refused()
                | events.Expired()
                | events.InDoubt()
                | events.Delayed()
                | events.Denied()
                | events.NickRefused()
                | events.PasswordWanted()
                | events.Removed()
                | events.Expelled()
            ):
                return [self._paint.strong(line) for line in super().notices(self.sentences(event))]
            case _:
                return super().lines(event)

    @override
    def notices(self, sentences: Iterator[str]) -> list[str]:
        return [self._paint.faint(line) for line in super().notices(sentences)]

    def unread(self) -> str:
        """The rule above what came while the person was not looking."""
        _ = self.wording.gettext
        word = _("unread")
        return self._paint.strong(f"{RULE} {word} {RULE}")

    def pending(self, line: Line) -> str:
        """An own line that has not been acknowledged, without colours."""
        where = "" if line.private or line.place == self.room else f"#{line.place} "
        head, text = self._head_of_own(line)
        time = ON_ITS_WAY if self.times else ""
        return f"{time}{where}{head}{text}"

    def _painted(self, said: events.Said) -> Iterator[str]:
        time = self._time(said.time) if said.past or self.times else None
        if time is not None:
            yield from map(self._paint.faint, self._day_of(time.date()))
        if said.kind == "announce":
            text = self._paint.strong(f"-- {self._announced(said)}")
            yield self._start(time, said.room) + text
        else:
            head = head_of(said, self._paint.nick(said.nick, said.nick))
            yield self._start(time, said.room) + head + self._text(said)

    def _start(self, time: datetime | None, room: str) -> str:
        where = "" if room in (self.room, INBOX) else f"#{room} "
        shown = f"{time:%H:%M} " if time is not None else ""
        return self._paint.faint(shown + where)

    def _text(self, said: events.Said) -> str:
        if said.nick == self.nick or not mentions(said.text, self.nick):
            return said.text
        paint = self._paint
        return "".join(
            paint.marked(piece) if is_nick else paint.strong(piece)
            for piece, is_nick in pieces(said.text, self.nick)
        )

    def _own(self, line: Line) -> Iterator[str]:
        now = self._now()
        if self.times:
            yield from map(self._paint.faint, self._day_of(now.date()))
        head, text = self._head_of_own(line)
        room = INBOX if line.private else line.place
        start = self._start(now if self.times else None, room)
        yield start + self._paint.strong(head.rstrip()) + " " + text

    def _head_of_own(self, line: Line) -> tuple[str, str]:
        match line.kind:
            case Kind.SAY:
                return f"<{self.nick}> ", line.text
            case Kind.ME:
                return f"* {self.nick} ", line.text
            case Kind.MSG:
                return f"[→ {line.place}] ", line.text
            case Kind.MSG_ME:
                return f"[→ {line.place}] * {self.nick} ", line.text
            case Kind.ANNOUNCE:
                _ = self.wording.gettext
                announced = _(ANNOUNCES).format(nick=self.nick, text=line.text)
                return "-- ", announced
