"""Events as the lines one reads: the same lines that people with `nc` get.

What a person said is ``<nick> text``, ``* nick text`` or, in private, ``[nick] text``, and
``[nick → other] text`` where one said it oneself; all else begins with ``-- ``. From another room
than the one that one is in, ``#room`` stands in front. What an event holds is clean
(`huddle.client.session.events`), so no server can move the screen or make one line look like two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, tzinfo

from huddle.client.commands.intents import Mistake
from huddle.client.rendering.sentences import Sentences
from huddle.client.session import events
from huddle.client.session.state import Line
from huddle.locale import Wording
from huddle.locale.clock import day_in_words
from huddle.locale.errors import no_command, refusal
from huddle.locale.wording import (
    ANNOUNCES,
    NOTHING,
    REST_WRITTEN,
    WRITTEN,
    WRITTEN_BY,
    about,
    gone,
    numbered,
)
from huddle.protocol.events import INBOX
from huddle.protocol.requests import Raw


class Rendering(Sentences):
    """Renders in one language for one screen; ``zone`` None is the machine's own.

    ``today`` tells the date there: the first time shown of another day has the day above it.
    """

    def __init__(
        self, wording: Wording, today: Callable[[], date], zone: tzinfo | None = None
    ) -> None:
        super().__init__(wording, zone)
        self.quiet_joins: bool | None = None
        """Whether who comes and goes is not shown; None: where many are."""
        self.times = False
        """Whether live lines show their time; those from the past always do."""
        self.numbers = False
        """Whether messages show their numbers."""
        self._day = today()

    def lines(self, event: events.Event) -> list[str]:
        """What is shown of an event, if anything, without line ends."""
        match event:
            case events.Said():
                return list(self._said(event))
            case events.Answered(request=Raw(), answer=events.Past() as past) if past.messages:
                return list(self._written(past))
            case events.Deleted(seq=seq) if self.numbers:
                number = numbered(seq, private=event.room == INBOX)
                return [f"{line} ({number})" for line in self.notices(self.sentences(event))]
            case events.Answered(answer=events.Past(messages=messages)):
                nothing = self.wording.gettext(NOTHING)
                return [line for each in messages for line in self.lines(each)] or [f"-- {nothing}"]
            case events.Gap(first=first, last=last):
                return [f"-- {gone(last - first + 1, self.wording)} --"]
            case _:
                return self.notices(self.sentences(event))

    def notices(self, sentences: Iterator[str]) -> list[str]:
        """Sentences as lines of the program's own, marked so that no text looks like them."""
        return [f"-- {sentence}" for sentence in sentences if sentence]

    def mistake(self, mistake: Mistake) -> Iterator[str]:
        """Why a line was not understood, and how the command is typed, if there is one."""
        if mistake.command is not None:
            usage = mistake.command.usage(self.wording.language)
            yield refusal("bad-field", self.wording, "usage", usage=usage)
        else:
            yield no_command(mistake.name, self.wording)

    def not_said(self) -> str:
        """Why a word alone was not said, by which one leaves other programs."""
        return refusal("unknown-request", self.wording, "leaving")

    def _written(self, past: events.Past) -> Iterator[str]:
        """Lines as they were written."""
        _ = self.wording.gettext
        first, last = past.messages[0], past.messages[-1]
        private = first.room == INBOX
        number = numbered(first.seq, private=private)
        yield from self.notices(iter([_(WRITTEN_BY).format(number=number, nick=first.nick)]))
        for each in past.messages:
            if isinstance(each, events.Said):
                yield from self._as_written(each.text)
            else:
                yield from self.notices(self.sentences(each))
        if past.more:
            number = numbered(last.seq + 1, private=private).removeprefix("#")
            yield from self.notices(iter([_(REST_WRITTEN).format(number=number)]))

    def _as_written(self, text: str) -> list[str]:
        return [f"{WRITTEN}{text}"]

    def number(self, seq: int, *, private: bool) -> str:
        """What stands before a message where numbers are shown."""
        return f"{numbered(seq, private=private)} " if self.numbers else ""

    # What was said

    def _said(self, said: events.Said) -> Iterator[str]:
        time = self._time(said.time) if said.past or self.times else None
        if time is not None:
            yield from self._day_of(time.date())
        where = "" if said.room in (self.room, INBOX) else f"#{said.room} "
        shown = f"{time:%H:%M} " if time is not None else ""
        number = self.number(said.seq, private=said.room == INBOX)
        yield shown + number + where + self._spoken(said)

    def _spoken(self, said: events.Said) -> str:
        if said.kind == "announce":
            return f"-- {self._announced(said)}"
        return head_of(said, said.nick) + self.about(said) + said.text

    def about(self, said: events.Said | Line) -> str:
        """What a text answers or puts right, which stands before it."""
        private = said.private if isinstance(said, Line) else said.room == INBOX
        return about(said.re, said.edits, self.wording, private=private)

    def _announced(self, said: events.Said) -> str:
        _ = self.wording.gettext
        return _(ANNOUNCES).format(nick=said.nick, text=said.text)

    def _day_of(self, day: date) -> Iterator[str]:
        if day != self._day:
            self._day = day
            yield f"-- {day_in_words(day, self.wording)} --"


def head_of(said: events.Said, nick: str) -> str:
    """What stands before a text; ``nick`` is its sayer's, as it is to be shown."""
    acts = said.kind == "me"
    if said.to:
        return f"[{nick} → {said.to}] " + (f"* {nick} " if acts else "")
    if said.room == INBOX:
        return f"[{nick}] " + (f"* {nick} " if acts else "")
    return f"* {nick} " if acts else f"<{nick}> "
