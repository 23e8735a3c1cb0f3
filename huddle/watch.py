"""What an outlet knows of one room that it follows."""

from __future__ import annotations

from huddle.events import Here


class Watch:
    """One room. The ``cursor`` is the seq that was given, and counts only while catching up.

    ``confirmed`` is the seq that has surely arrived, ``here`` what was last told of who is there,
    ``fresh`` whether nothing of the room was shown yet. What the session said itself is given up to
    the seq ``own_until``.
    """

    __slots__ = ("confirmed", "cursor", "fresh", "here", "own_until")

    def __init__(self, cursor: int, own_until: int, here: Here) -> None:
        self.cursor = cursor
        self.own_until = own_until
        self.here = here
        self.confirmed = cursor
        self.fresh = True
