"""Hushing: a renderer by which who comes and goes is told, or not, as one wishes.

Without a wish people are told where few are, and programs everywhere (`Renderer.quiet`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from typing_extensions import override

from huddle.protocol.answers import Answer
from huddle.protocol.dialect import Renderer
from huddle.protocol.events import RoomEvent, Said
from huddle.protocol.long_answers import LongAnswer


class HushingRenderer(Renderer):
    """The same renderer for those who wish it ``quiet``, or not."""

    def __init__(self, renderer: Renderer, quiet: bool) -> None:
        self._renderer = self.whole = renderer
        self.quiet = quiet
        self.audience = renderer.audience, quiet
        self.compresses = renderer.compresses

    @override
    def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
        return self._renderer.live(events)

    @override
    def past(self, messages: Sequence[Said], previous: int | None) -> list[bytes]:
        return self._renderer.past(messages, previous)

    @override
    def compressed(self, lines: Iterable[bytes | memoryview]) -> bytes:
        return self._renderer.compressed(lines)

    @override
    def opening(self, time: int) -> bytes:
        return self._renderer.opening(time)

    @override
    def answer(self, event: Answer) -> bytes:
        return self._renderer.answer(event)

    @override
    def pieces(self, event: LongAnswer) -> Iterator[bytes]:
        return self._renderer.pieces(event)
