"""The operators' codes of a house of several nodes: what any of them shows is good on all.

Each start of a node has a code of its own, which follows from its life and from the key that the
log has for all nodes. So each knows those of all that are up, and none stands in the log. A code is
good for an hour from that start on, and until somebody is put in charge by one of them.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import shake_256

from huddle.people.operator_code import GOOD_MS
from huddle.people.return_words import Chance, Choose, make, normal
from huddle.server.clustered.link import Link


class SharedCode:
    """A `huddle.people.operator_code.Code`, of the nodes that the log says are up."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._used: set[str] = set()
        """The lives whose codes are used up."""

    def give(self, choose: Choose) -> str:
        """The code of this start of the node. Nothing is left to chance."""
        return self._of(self._link.node.life)

    def take(self, typed: str) -> Callable[[], None] | None:
        """Use a code of any node up, if it is one, however it is typed; None if it is not.

        Call what is returned where nothing came of it: the code is as good as before then.
        """
        typed = normal(typed)
        right = [life for life in self._good() if hmac.compare_digest(self._of(life), typed)]
        if not right or self._is_anyone_in_charge():
            return None
        self._used.update(right)
        return lambda: self._used.difference_update(right)

    def use_up(self) -> None:
        """Somebody was put in charge, on whichever node: no code that was shown is good now."""
        self._used.update(self._link.state.lives)

    def _good(self) -> list[str]:
        state = self._link.state
        began = {life: each.since for life, each in state.lives.items() if life not in self._used}
        return [life for life, since in began.items() if state.time - since < GOOD_MS]

    def _is_anyone_in_charge(self) -> bool:
        """Also where this node has been started since that was done by a code."""
        state = self._link.state
        there = (each.in_charge and each.here for each in state.sessions.values())
        return any(there) or any(each.operator for each in state.accounts.values())

    def _of(self, life: str) -> str:
        bits = shake_256(f"operator {self._link.state.words} {life}".encode())
        return make(Chance(bits.digest))
