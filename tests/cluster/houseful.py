"""A house with some people in it, and what their hosts do to them."""

from __future__ import annotations

from typing import Any

from huddle.cluster.effects import (
    Outcome,
)
from huddle.cluster.entries import (
    Login,
    Register,
    Restrict,
    Restriction,
    Upgrade,
)
from huddle.cluster.naming import keyed
from tests.cluster.written_log import House, hashed

MINUTE = 60_000


class Houseful(House):
    """Two nodes: ana on one, an operator of the house; bob on the other."""

    def __init__(self, rules: int = 1, **shared: Any) -> None:
        super().__init__(**shared)
        self.a, self.b = self.node("a", rules), self.node("b", rules)
        if rules > 1:
            self.a.does(Upgrade(rules))
        self.ana = self.a.begins("ana", key=hashed("ana"))
        self.a.does(Register(keyed("root"), "", 0))
        self.state.accounts[1].operator = True
        self.state.accounts[1].version = 1
        self.a.does(Login(self.ana, 1, 1))
        self.bob = self.b.begins("bob", key=hashed("bob"))

    def restricts(self, kind: str, who: str, **more: object) -> Outcome:
        mark = Restriction(kind, who, **more)  # type: ignore[arg-type]
        return self.a.asks(Restrict("huddle", self.ana, (mark,)))
