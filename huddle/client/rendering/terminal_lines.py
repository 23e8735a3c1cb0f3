"""The lines of the conversation as a person sees them in a terminal: painted, with times and days.

A line is painted once, when it is known for good: an own line when it has been acknowledged. Rooms
and persons have windows of their own, so nothing says in front of a line where it was said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, tzinfo

from typing_extensions import override

from huddle.client.rendering.colours import Paint
from huddle.client.rendering.folding import BAR, Folding, Shown
from huddle.client.rendering.links import linked
from huddle.client.rendering.mentions import mentions, pieces
from huddle.client.rendering.message_line import MessageLine, Number
from huddle.client.rendering.rendering import Rendering, head_of
from huddle.client.session import events
from huddle.client.session.state import Kind, Line
from huddle.locale import Wording
from huddle.locale.clock import day_in_words
from huddle.locale.wording import ANNOUNCES, numbered
from huddle.protocol.events import INBOX

RULE = "─" * 8
"""On either side of what stands in a rule."""

DAYS = 256
"""Windows of which it is remembered which day was shown last."""

ON_ITS_WAY = "  …   "
"""Stands where the time will stand."""


class TerminalLines(Rendering):
    """Renders for one terminal. ``now`` tells the local time, for own lines; ``links``: addresses
    of the web are to be links."""

    def __init__(
        self,
        wording: Wording,
        paint: Paint,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
        *,
        links: bool = False,
    ) -> None:
        super().__init__(wording, lambda: now().date(), zone)
        self.nick = ""
        """The nick one has now, by which it is told whether one is mentioned; empty: none yet."""
        self.times = True
        self.paint = paint
        self._links = links
        self._days: dict[str, date] = {}
        self._folding = Folding()
        self._own_blocks: dict[int, int] = {}
        self._now = now

    @override
    def lines(self, event: events.Event) -> list[str]:
        match event:
            case events.Said():
                return list(self._painted(event))
            case events.Acknowledged(line=line, seq=seq):
                return list(self._own(line, seq))
            case events.Answered(answer=events.Past()):
                # What was found is shown apart, whatever was shown of it elsewhere.
                elsewhere, self._folding = self._folding, Folding()
                lines = super().lines(event)
                self._folding = elsewhere
                return lines
            case _:
                self._folding.interrupt()
                return self._of_all_else(event)

    def _of_all_else(self, event: events.Event) -> list[str]:
        match event:
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
                return [self.paint.strong(line) for line in super().notices(self.sentences(event))]
            case events.Deleted(past=True):
                return super().lines(event)
            case (
                events.Joined(room=room)
                | events.Left(room=room)
                | events.Renamed(room=room)
                | events.Changed(room=room)
                | events.Deleted(room=room)
                | events.StandingIs(room=room)
            ) if self.times:
                return list(self._timed(room, super().lines(event)))
            case _:
                return super().lines(event)

    def _timed(self, window: str, lines: list[str]) -> Iterator[str]:
        """What has just happened in a room, with the time, as messages have it."""
        now = self._now()
        if lines:
            yield from self._day_in(window, now.date())
        for line in lines:
            yield self.paint.faint(f"{now:%H:%M} ") + line

    @override
    def notices(self, sentences: Iterator[str]) -> list[str]:
        return [self.paint.faint(line) for line in super().notices(sentences)]

    @override
    def _in_room(self, room: str) -> str:
        """Nothing: each room has its window."""
        return ""

    def unread(self) -> str:
        """The rule above what came while the person was not looking."""
        _ = self.wording.gettext
        word = _("unread")
        return self.paint.strong(f"{RULE} {word} {RULE}")

    def pending(self, line: Line, *, here: bool = True) -> str:
        """An own line that has not been acknowledged, without colours; ``here``: it is for where
        one is."""
        where = "" if line.private or here else f"#{line.place} "
        head, text = self._head_of_own(line)
        time = ON_ITS_WAY if self.times else ""
        return f"{time}{where}{head}{text}"

    def _painted(self, said: events.Said) -> Iterator[str]:
        time = self._time(said.time) if said.past or self.times else None
        window = f"{INBOX}{said.to or said.nick}" if said.room == INBOX else said.room
        if time is not None:
            yield from self._day_in(window, time.date())
        shown = self._folding.show(window, said.block, said.seq)
        if shown is not Shown.HEAD:
            yield from self._behind_bar(shown, (said.room, said.seq), said.block, self._text(said))
        elif said.kind == "announce":
            text = self.paint.strong(f"-- {self._announced(said)}")
            yield self._start(time, (said.room, said.seq)) + text
        else:
            head = self._head(said) + self.paint.faint(self.about(said))
            start = self._start(time, (said.room, said.seq)) + head
            yield self._message(start, self._text(said), (said.room, said.seq), said.edits)

    def _message(self, start: str, text: str, number: Number, edits: int) -> MessageLine:
        _ = self.wording.gettext
        mark = " " + self.paint.faint(_("(fixed)")) if edits else ""
        return MessageLine(start, text, number, edits, mark)

    def _behind_bar(self, shown: Shown, number: Number, block: int, text: str) -> Iterator[str]:
        """A line of a block behind its first one, if it is shown."""
        start = " " * len(ON_ITS_WAY) if self.times else ""
        private = number[0] == INBOX
        if shown is Shown.FOLD:
            _ = self.wording.gettext
            first = numbered(block, private=private) if private else block
            text = self.paint.faint(_("… /raw {seq} shows all of it").format(seq=first))
        start += self.paint.faint(self.number(number[1], private=private) + BAR)
        if shown is Shown.FOLD:
            yield start + text
        elif shown is Shown.BAR:
            yield MessageLine(start, text, number)

    def _head(self, said: events.Said) -> str:
        """One's own lines look the same, said here or on another device, now or long ago."""
        if said.nick == self.nick:
            return self.paint.strong(head_of(said, said.nick).rstrip()) + " "
        return head_of(said, self.paint.nick(said.nick, said.nick))

    def _start(self, time: datetime | None, number: Number) -> str:
        shown = f"{time:%H:%M} " if time is not None else ""
        return self.paint.faint(shown + self.number(number[1], private=number[0] == INBOX))

    def _day_in(self, window: str, day: date) -> Iterator[str]:
        """The day, above the first time of it that is shown in a window."""
        if day == self._days.get(window, self._day):
            return
        if len(self._days) >= DAYS:
            self._days.clear()
        self._days[window] = day
        yield self.paint.faint(f"-- {day_in_words(day, self.wording)} --")

    def _text(self, said: events.Said) -> str:
        if said.nick == self.nick or not mentions(said.text, self.nick):
            return self._linked(said.text)
        paint = self.paint
        return "".join(
            paint.marked(piece) if is_nick else paint.strong(self._linked(piece))
            for piece, is_nick in pieces(said.text, self.nick)
        )

    def _linked(self, text: str) -> str:
        return linked(text) if self._links else text

    def _own(self, line: Line, seq: int) -> Iterator[str]:
        now = self._now()
        window = f"{INBOX}{line.place}" if line.private else line.place
        if self.times:
            yield from self._day_in(window, now.date())
        block = self._first_of(line, seq)
        number = (INBOX if line.private else line.place), seq
        shown = self._folding.show(window, block, seq)
        if shown is not Shown.HEAD:
            yield from self._behind_bar(shown, number, block, self._linked(line.text))
            return
        head, text = self._head_of_own(line)
        start = self._start(now if self.times else None, number)
        head = self.paint.strong(head.rstrip()) + " "
        head += self.paint.faint(self.about(line))
        yield self._message(start + head, self._linked(text), number, line.edits)

    def _first_of(self, line: Line, seq: int) -> int:
        """The number of the first line of an own block, which has come with that line's."""
        if not line.block:
            return 0
        if line.block not in self._own_blocks and len(self._own_blocks) >= DAYS:
            self._own_blocks.clear()
        return self._own_blocks.setdefault(line.block, seq)

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
