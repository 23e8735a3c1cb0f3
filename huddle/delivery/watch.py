"""A watch: how far one connection has got in one stream that it is given.

While the connection is level with all its streams, it has been given what is published, and no
cursor is kept. While it is catching up the cursor is the seq that was given. Beside that stands
what has surely arrived: a person who comes back is shown what came behind it.
"""

from __future__ import annotations

from collections.abc import Mapping

from huddle.delivery.slab import Slab
from huddle.delivery.stream import Stream
from huddle.protocol.dialect import Renderer


class Watch:
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


class Watches(tuple[Watch, ...]):
    """The watches of one outlet, one for each stream. It is never changed: there is another
    then."""

    __slots__ = ()

    def of(self, stream: str) -> Watch | None:
        """The watch of the stream of that name."""
        for watch in self:
            if watch.stream.name == stream:
                return watch
        return None

    def with_(self, watch: Watch) -> Watches:
        """These watches with this one, which takes the place of another of its stream."""
        return Watches((*self.without(watch.stream.name), watch))

    def without(self, stream: str) -> Watches:
        """These, but for that of the stream of that name; the same object where there is none."""
        for place, watch in enumerate(self):
            if watch.stream.name == stream:
                return Watches(self[:place] + self[place + 1 :])
        return self

    def given(self, live: bool) -> dict[str, int]:
        """For each stream the seq that was given; ``live`` says that it is level."""
        return {watch.stream.name: watch.given(live) for watch in self}

    def unconfirmed(self, live: bool) -> bool:
        """Whether something was given of which it is not known that it has arrived."""
        for watch in self:  # everybody is asked every few seconds: without a call for each
            given = watch.stream.history.newest if live else watch.cursor
            if given != watch.confirmed:
                return True
        return False

    def confirm(self, watermark: Mapping[str, int]) -> None:
        """All that was given when these were the seqs has reached the peer's machine."""
        for watch in self:
            watch.confirmed = max(watch.confirmed, watermark.get(watch.stream.name, 0))

    def take_back(self, read: Mapping[str, int]) -> None:
        """What came behind these seqs may have been thrown away unread."""
        for watch in self:
            seq = max(read.get(watch.stream.name, 0), watch.began)
            watch.confirmed = min(watch.confirmed, seq)

    def confirmed(self) -> dict[str, int]:
        """For each stream the seq that has surely reached the peer's machine."""
        return {watch.stream.name: watch.confirmed for watch in self}
