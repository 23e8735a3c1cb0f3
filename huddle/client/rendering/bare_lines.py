"""The lines of the conversation for a terminal that breaks them itself, at its edge.

Its next row begins at the first column, so a person who fills one up with blanks could have what
follows stand there as if another had said it, or this program. Long rows of blanks are counted
here, as for people with `nc` (`huddle.locale.blanks`), in all that somebody wrote and in every
sentence. What has blanks of its own, a list in columns, is made of names without long ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, tzinfo

from typing_extensions import override

from huddle.client.rendering.rendering import Rendering
from huddle.client.session import events
from huddle.locale import Wording
from huddle.locale.blanks import as_written, without_long_blanks
from huddle.locale.columns import SCREEN
from huddle.protocol.answers import Invitation


class BareLines(Rendering):
    """Renders for a terminal without painting it. ``columns`` tells how wide it is now."""

    def __init__(
        self,
        wording: Wording,
        today: Callable[[], date],
        zone: tzinfo | None = None,
        *,
        columns: Callable[[], int] = lambda: SCREEN,
    ) -> None:
        super().__init__(wording, today, zone)
        self._columns = columns

    @override
    def lines(self, event: events.Event) -> list[str]:
        match event:
            case events.Said(room=room, nick=nick, to=to, text=text):
                room, nick, to, text = map(self._shown, (room, nick, to, text))
                # Each alone, and not the line: an indentation behind a nick stays.
                return super().lines(replace(event, room=room, nick=nick, to=to, text=text))
            case events.Motd():  # the house's own words, as they were written
                return super().notices(self.sentences(event))
            case events.Answered(answer=events.Entered()):
                return super().lines(event)
            case events.Answered(answer=events.Here() | events.RoomList() | Invitation() as answer):
                laid_out = replace(event, answer=self._shown_in(answer))
                return super().notices(self.sentences(laid_out))
            case _:
                return super().lines(event)

    @override
    def notices(self, sentences: Iterator[str]) -> list[str]:
        return [self._shown(line) for line in super().notices(sentences)]

    @override
    def _as_written(self, text: str) -> list[str]:
        return as_written(text, self.wording, min(self._columns(), SCREEN))

    def _shown(self, text: str) -> str:
        return without_long_blanks(text, self.wording)

    def _shown_in(
        self, answer: events.Here | events.RoomList | Invitation
    ) -> events.Here | events.RoomList | Invitation:
        """The answer with names and topics without long blanks; its layout may make some."""
        shown = self._shown
        match answer:
            case events.Here(room=room, names=names, away=away):
                names, away = tuple(map(shown, names)), tuple(map(shown, away))
                return replace(answer, room=shown(room), names=names, away=away)
            case events.RoomList(rooms=rooms):
                listed = (replace(r, room=shown(r.room), topic=shown(r.topic)) for r in rooms)
                return replace(answer, rooms=tuple(listed))
            case Invitation(lines=lines, local=local, into=room):
                lines, local = tuple(map(shown, lines)), tuple(map(shown, local))
                return replace(answer, lines=lines, local=local, into=shown(room))
