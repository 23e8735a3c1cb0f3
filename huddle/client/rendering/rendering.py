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
from huddle.locale import Wording
from huddle.locale.days import day_in_words
from huddle.locale.errors import refusal
from huddle.locale.wording import ANNOUNCES, NOTHING, gone
from huddle.protocol.events import INBOX


class Rendering(Sentences):
    """Renders in one language for one screen; ``zone`` None is the machine's own.

    ``today`` tells the date there: the first time shown of another day has the day above it.
    """

    def __init__(
        self, wording: Wording, today: Callable[[], date], zone: tzinfo | None = None
    ) -> None:
        super().__init__(wording, zone)
        self.times = False
        """Whether live lines show their time; those from the past always do."""
        self._day = today()

    def lines(self, event: events.Event) -> list[str]:
        """What is shown of an event, if anything, without line ends."""
        match event:
            case events.Said():
                return list(self._said(event))
            case events.Answered(answer=events.Past(messages=messages)):
                nothing = self.wording.gettext(NOTHING)
                return [line for each in messages for line in self.lines(each)] or [f"-- {nothing}"]
            case events.Gap(first=first, last=last):
                return [f"-- {gone(last - first + 1, self.wording)} --"]
            case _:
                return self.notices(self.sentences(event))

    def notices(self, sentences: Iterator[str]) -> list[str]:
        """Sentences as lines of the program's own."""
        return [f"-- {sentence}" for sentence in sentences if sentence]

    def mistake(self, mistake: Mistake) -> Iterator[str]:
        """Why a line was not understood, and how the command is typed, if there is one."""
        if mistake.command is not None:
            usage = mistake.command.usage(self.wording.language)
            yield refusal("bad-field", self.wording, "usage", usage=usage)
        else:
            yield refusal("unknown-request", self.wording, "command", name=mistake.name)

    def not_said(self) -> str:
        """Why a word alone was not said, by which one leaves other programs."""
        return refusal("unknown-request", self.wording, "leaving")

    # What was said

    def _said(self, said: events.Said) -> Iterator[str]:
        time = self._time(said.time) if said.past or self.times else None
        if time is not None:
            yield from self._day_of(time.date())
        where = "" if said.room in (self.room, INBOX) else f"#{said.room} "
        yield (f"{time:%H:%M} " if time is not None else "") + where + self._spoken(said)

    def _spoken(self, said: events.Said) -> str:
        if said.kind == "announce":
            return f"-- {self._announced(said)}"
        return head_of(said, said.nick) + said.text

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
