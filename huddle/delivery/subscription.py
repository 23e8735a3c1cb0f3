"""A subscription: how far one connection has got in one stream that it is given.

While the connection is level with all its streams, it has been given what is published, and no
cursor is kept. While it is catching up the cursor is the seq that was given. Beside that stands
what has surely arrived: a person who comes back is shown what came behind it.
"""

from __future__ import annotations

from collections.abc import Mapping

from huddle.delivery.slab import Slab
from huddle.delivery.stream import Stream
from huddle.protocol.dialect import Renderer


class Subscription:
    """What an outlet knows of one stream. The ``cursor`` is the seq that was given, and counts only
    while catching up.

    ``confirmed`` is the seq that has surely arrived, ``began`` the one behind which this connection
    began, ``changes`` the stream's count of changes when it was last told who is there, ``fresh``
    whether nothing of it was shown yet. What the session said itself is given up to the seq
    ``own_until``.
    """

    __slots__ = ("began", "changes", "confirmed", "cursor", "fresh", "own_until", "stream")

    def __init__(self, stream: Stream, cursor: int, own_until: int) -> None:
        self.stream = stream
        self.cursor = cursor
        self.own_until = own_until
        self.changes = stream.changes
        self.began = self.confirmed = cursor
        self.fresh = True

    def rest_of(self, page: Slab, session: int, renderer: Renderer) -> Slab:
        """What of a page of the past is still to be given, without what that session said itself.

        The first that is shown is opened by its day.
        """
        slab = page.after(self.cursor, session, self.own_until)
        if self.fresh and slab.times:
            self.fresh = False
            opening = renderer.opening(slab.times[0])
            if opening and not slab.data.startswith(opening):
                return slab.opened_by(opening)
        return slab

    def given(self, live: bool) -> int:
        """The seq that was given; ``live`` says that it is level."""
        return self.stream.history.newest if live else self.cursor


class Subscriptions(tuple[Subscription, ...]):
    """Those of one outlet, one for each stream. It is never changed: there is another then."""

    __slots__ = ()

    def of(self, stream: str) -> Subscription | None:
        """The subscription to the stream of that name."""
        for each in self:
            if each.stream.name == stream:
                return each
        return None

    def with_(self, new: Subscription) -> Subscriptions:
        """These with the new one, which takes the place of another to its stream."""
        return Subscriptions((*self.without(new.stream.name), new))

    def without(self, stream: str) -> Subscriptions:
        """These, but for that to the stream of that name; the same object where there is none."""
        for place, each in enumerate(self):
            if each.stream.name == stream:
                return Subscriptions(self[:place] + self[place + 1 :])
        return self

    def given(self, live: bool) -> dict[str, int]:
        """For each stream the seq that was given; ``live`` says that it is level."""
        return {each.stream.name: each.given(live) for each in self}

    def unconfirmed(self, live: bool) -> bool:
        """Whether something was given of which it is not known that it has arrived."""
        for each in self:  # everybody is asked every few seconds: without a call for each
            given = each.stream.history.newest if live else each.cursor
            if given != each.confirmed:
                return True
        return False

    def confirm(self, watermark: Mapping[str, int]) -> None:
        """All that was given when these were the seqs has reached the peer's machine."""
        for each in self:
            each.confirmed = max(each.confirmed, watermark.get(each.stream.name, 0))

    def take_back(self, read: Mapping[str, int]) -> None:
        """What came behind these seqs may have been thrown away unread."""
        for each in self:
            seq = max(read.get(each.stream.name, 0), each.began)
            each.confirmed = min(each.confirmed, seq)

    def confirmed(self) -> dict[str, int]:
        """For each stream the seq that has surely reached the peer's machine."""
        return {each.stream.name: each.confirmed for each in self}
