"""What an outlet knows of one room that it follows."""

from __future__ import annotations


class Watch:
    """One room. The ``cursor`` is the seq that was given, and counts only while catching up.

    ``confirmed`` is the seq that has surely arrived, ``changes`` the room's count of changes when
    it was last told who is there, ``fresh`` whether nothing of the room was shown yet. What the
    session said itself is given up to the seq ``own_until``.
    """

    __slots__ = ("changes", "confirmed", "cursor", "fresh", "own_until")

    def __init__(self, cursor: int, own_until: int, changes: int) -> None:
        self.cursor = cursor
        self.own_until = own_until
        self.changes = changes
        self.confirmed = cursor
        self.fresh = True
