"""The operators' codes of a house of several nodes: what any of them shows is good on all.

Each start of a node has a code of its own, which follows from its life and from the key that the
log has for all nodes. So each knows those of all that are up, and none stands in the log. A code is
good for an hour from that start on, and until somebody is put in charge by one of them: the log
says so (`huddle.cluster.rules.codes`), and in a house that goes by older rules each node by itself.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import shake_256

from huddle.cluster.rules import codes
from huddle.people.return_words import Chance, Choose, make, normal
from huddle.server.clustered.link import Link


class SharedCode:
    """A `huddle.people.operator_code.Code`, of the nodes that the log says are up."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._used: set[str] = set()
        """The lives whose codes are used up, or are just being used here."""

    def give(self, choose: Choose) -> str:
        """The code of this start of the node. Nothing is left to chance."""
        return self._of(self._link.node.life)

    def take(self, typed: str) -> Callable[[], None] | None:
        """Use a code of any node up, if it is one, however it is typed; None if it is not. What is
        asked of the log next is by that code.

        Call what is returned where nothing came of it: the code is as good as before then.
        """
        state, said = self._link.state, normal(typed).encode("utf-8", "replace")
        unused = [life for life in state.lives if life not in self._used]
        right = [life for life in unused if hmac.compare_digest(self._of(life).encode(), said)]
        if not right or not codes.is_good(state, right[0], state.time):
            return None
        self._used.update(right)
        self._link.code = right[0]
        return lambda: self._used.difference_update(right)

    def use_up(self) -> None:
        """Somebody was put in charge, on whichever node: no code that was shown is good now."""
        self._used.update(self._link.state.lives)

    def _of(self, life: str) -> str:
        bits = shake_256(f"operator {self._link.state.words} {life}".encode())
        return make(Chance(bits.digest))
