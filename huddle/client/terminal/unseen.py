"""What was said elsewhere than where one is, counted by room and by person."""

from __future__ import annotations

from huddle.client.session.cursors import INBOX
from huddle.client.session.events import Said

MAX_PLACES = 64
"""Places that are counted; what comes from others then is shown all the same."""


class Unseen:
    """Counts for one person. A place's count begins anew when one has been there."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def follow(self, said: Said, room: str, partner: str | None) -> None:
        """A message is shown to who is in ``room``, or talks to ``partner`` alone."""
        if said.past or said.to:
            return
        private = said.room == INBOX
        place = f"@{said.nick}" if private else said.room
        here = said.nick == partner if private else (said.room == room and partner is None)
        if not here and (place in self._counts or len(self._counts) < MAX_PLACES):
            self._counts[place] = self._counts.get(place, 0) + 1

    def counts(self, room: str, partner: str | None) -> list[tuple[str, int]]:
        """Places and counts, in the order in which they began; where one is counts no more."""
        self._counts.pop(room if partner is None else f"@{partner}", None)
        return list(self._counts.items())
