"""One who follows a log and keeps what comes, for tests."""

from __future__ import annotations

from collections.abc import Collection

from huddle.cluster.log import FROM_THE_START, Gap, Log, Same


class Reader:
    """Follows a log from a position on; ``delivered`` has positions and entries."""

    def __init__(self, log: Log, after: int = FROM_THE_START, same: Same | None = None) -> None:
        self.delivered: list[tuple[int, bytes]] = []
        self.gaps: list[Gap] = []
        self.following = log.follow(after, self._deliver, self.gaps.append, same)

    @property
    def entries(self) -> list[bytes]:
        return [entry for _, entry in self.delivered]

    @property
    def once(self) -> list[bytes]:
        """Each entry at its first place: one that was sent again may stand twice in a log."""
        return list(dict.fromkeys(self.entries))

    def among(self, wanted: Collection[bytes]) -> list[bytes]:
        """Each of these at its first place; of what is before them a second copy may come late."""
        return [entry for entry in self.once if entry in wanted]

    @property
    def position(self) -> int:
        """That of the last entry."""
        return self.delivered[-1][0]

    def _deliver(self, position: int, entry: bytes) -> None:
        assert not self.gaps, "an entry behind a gap"
        self.delivered.append((position, entry))
