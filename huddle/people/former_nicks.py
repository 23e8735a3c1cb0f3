"""Former nicks: whose a nick was that has been given up, for what was said to its owner.

A private message is kept with the nick it went to. Who answers it, or puts it right, means the
person who had that nick then.

`Limits.former` are remembered, `Limits.former_each` of those that were given up from one address,
three times as many from one IPv6 /48: who changes nicks without end has their own forgotten.
"""

from __future__ import annotations

from huddle.people.address_quotas import AddressQuotas
from huddle.protocol.limits import SITE, Limits
from huddle.protocol.names import folded_key

_OWNERS = 4
"""Former owners of one nick that are known, the last ones."""

Owned = tuple[int, str]
"""The number of the session that had a nick, and the name of its inbox in those days."""

_GivenUp = tuple[str, Owned]
"""The key of the nick, and by whom."""


class FormerNicks:
    """Who had which nick before, since the server was started.

    Where addresses have no limit (`Limits.per_address`) they have no share either, and the one
    given up longest ago is forgotten.
    """

    def __init__(self, limits: Limits) -> None:
        each = limits.former_each if limits.per_address else 0
        self._has_shares = bool(each)
        self._quotas: AddressQuotas[_GivenUp] = AddressQuotas(
            limits.former, each, SITE["former_each"]
        )
        self._owners: dict[str, dict[Owned, None]] = {}
        """Of each key, who gave it up longest ago comes first."""

    def __len__(self) -> int:
        return len(self._quotas)

    def note(self, nick: str, session: int, inbox: str, address: str = "") -> None:
        """The session of that number, with that inbox, at that address if it is known, has another
        nick from now on."""
        key, owned = folded_key(nick), (session, inbox)
        owners = self._owners.setdefault(key, {})
        owners.pop(owned, None)
        owners[owned] = None
        for given_up in self._quotas.add((key, owned), address or f"session:{session}"):
            self._forget(given_up)
        if len(owners) > _OWNERS:
            one = key, self._one_too_many(key)
            self._quotas.discard(one)
            self._forget(one)

    def owners(self, nick: str) -> tuple[Owned, ...]:
        """Those who had it, in whatever case; who gave it up last comes first."""
        return tuple(reversed(self._owners.get(folded_key(nick), {})))

    def _one_too_many(self, key: str) -> Owned:
        """Who gave it up longest ago, of the place from which most of them did: nobody has the
        owner before forgotten by taking the nick again and again."""
        owners = self._owners[key]
        if not self._has_shares:
            return next(iter(owners))
        places = {owned: self._quotas.place((key, owned)) for owned in owners}
        those = list(places.values())
        return max(owners, key=lambda owned: those.count(places[owned]))

    def _forget(self, given_up: _GivenUp) -> None:
        key, owned = given_up
        del self._owners[key][owned]
        if not self._owners[key]:
            del self._owners[key]
