"""Filters: renderers that leave out what one session does not wish to see.

Two of them: who comes and goes (``/quiet-joins``), and what certain people say (``/ignore``).

A session that ignores others is given the same stretches of the same rooms as everybody, with those
lines empty. So it holds for all that one reads: live, replayed, asked for, in rooms and in the
inbox. Those who ignore the same people see the same bytes, and share them; for the others, too,
what is said is rendered once (`huddle.delivery.slab.Shared`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from typing_extensions import override

from huddle.delivery.slab import identities
from huddle.protocol.answers import Answer, Past
from huddle.protocol.dialect import DelegatingRenderer, Renderer
from huddle.protocol.events import RoomEvent, Said
from huddle.protocol.long_answers import LongAnswer


class QuietJoinsRenderer(DelegatingRenderer):
    """A renderer that leaves out who comes and goes where ``quiet``, and tells it where not.

    Without this one people are told where few are, and programs everywhere (`Renderer.quiet`).
    """

    def __init__(self, renderer: Renderer, quiet: bool) -> None:
        super().__init__(renderer)
        self.quiet = quiet
        self.audience = renderer.audience, quiet


class IgnoringRenderer(DelegatingRenderer):
    """A renderer without the words of these identities."""

    def __init__(self, renderer: Renderer, ignored: frozenset[str]) -> None:
        super().__init__(renderer)
        self.ignored = ignored
        self.audience = renderer.audience, ignored

    @override
    def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
        lines = self._renderer.live(events)
        return [
            b"" if isinstance(event, Said) and self._hides(event) else line
            for event, line in zip(events, lines, strict=True)
        ]

    @override
    def past(self, messages: Sequence[Said], previous: int | None) -> list[bytes]:
        heard = [message for message in messages if not self._hides(message)]
        lines = iter(self._renderer.past(heard, previous))
        return [b"" if self._hides(message) else next(lines) for message in messages]

    @override
    def answer(self, event: Answer) -> bytes:
        return self._renderer.answer(self._heard(event) if isinstance(event, Past) else event)

    @override
    def pieces(self, event: LongAnswer) -> Iterator[bytes]:
        return self._renderer.pieces(self._heard(event) if isinstance(event, Past) else event)

    def _heard(self, past: Past) -> Past:
        heard = [message for message in past.messages if not self._hides(message)]
        return replace(past, messages=heard)

    def _hides(self, said: Said) -> bool:
        return any(who in self.ignored for who in identities(said))
