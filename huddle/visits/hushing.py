"""Hushing: a renderer by which who comes and goes is told, or not, as one wishes.

Without a wish people are told where few are, and programs everywhere (`Renderer.quiet`).
"""

from __future__ import annotations

from huddle.protocol.dialect import DelegatingRenderer, Renderer


class HushingRenderer(DelegatingRenderer):
    """The same renderer for those who wish it ``quiet``, or not."""

    def __init__(self, renderer: Renderer, quiet: bool) -> None:
        super().__init__(renderer)
        self.quiet = quiet
        self.audience = renderer.audience, quiet
