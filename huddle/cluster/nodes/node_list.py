"""The list of nodes: what operators are told of all nodes, as far as one of them knows.

What is known of the others stands in the log: who is up, which batch each has sent last and how far
it had read by then. One that went is known by its last word, or by the others'.
"""

from __future__ import annotations

from collections.abc import Mapping

from huddle.cluster.effects import Applied, Cause, LifeDown
from huddle.cluster.state import State
from huddle.protocol.answers import NodeListing

SLOW = 100
"""Batches that a node may be behind the log without a word: those of a busy half a second."""
_WENT: Mapping[str, str] = {
    Cause.LEFT: "stopped",
    **dict.fromkeys((Cause.SILENT, Cause.GAP, Cause.FENCED, Cause.OVERTAKEN), "gone"),
}
"""By why they went; those that went for another reason say it in their own log."""


class NodeList:
    """What one node has noted of each, since it was started."""

    def __init__(self) -> None:
        self._behind: dict[str, int] = {}
        self._went: dict[str, tuple[str, int]] = {}

    def note(self, state: State, applied: Applied) -> None:
        """A batch was applied: how far behind its node was, and who is over by it."""
        life = state.lives.get(applied.life)
        if life is not None and applied.passed is None:
            self._behind[applied.life] = applied.position - life.at - 1
        for each in applied.effects:
            if isinstance(each, LifeDown):
                self._behind.pop(each.life, None)
                self._went[each.node] = each.cause, state.time

    def told(
        self, state: State, own: str, standing: str, skew: float | None
    ) -> tuple[NodeListing, ...]:
        """The node ``own`` first, which stands so and whose clock is off by so much; then the
        others, by their names."""
        people: dict[str, set[int]] = {}
        for session in state.sessions.values():
            if session.here and not session.away:
                people.setdefault(session.life, set()).add(session.person)
        up = {each.node: life for life, each in state.lives.items()}
        heard = standing in ("level", "skewed", "read-only")
        told = []
        for node in [own, *sorted({*up, *state.gone} - {own})]:
            life, here = up.get(node, ""), node == own
            stands, since = self._stands(node, life, state)
            if here:
                stands = standing
            elif life and not heard:
                stands = "unheard"
            behind = self._behind.get(life, 0) if stands == "behind" else 0
            count = len(people.get(life, ()))
            told.append(
                NodeListing(node, here, since, stands, behind, count, skew if here else None)
            )
        return tuple(told)

    def _stands(self, node: str, life: str, state: State) -> tuple[str, int | None]:
        """How another node stands, and since when it is up or gone."""
        if life:
            stands = "behind" if self._behind.get(life, 0) > SLOW else "level"
            return stands, state.lives[life].since or None
        cause, time = self._went.get(node, (Cause.SILENT, 0))
        return _WENT.get(cause, "halted"), time or None
