"""Former nicks: whose a nick was that has been given up, for what was said to its owner.

A private message is kept with the nick it went to. Who answers it, or puts it right, means the
person who had that nick then.
"""

from __future__ import annotations

from collections import OrderedDict

from huddle.protocol.names import folded_key

REMEMBERED = 4096
"""Nicks whose former owners are known; the one given up longest ago is forgotten first."""

_OWNERS = 4
"""Former owners of one nick that are known, the last ones."""

Owned = tuple[int, str]
"""The number of the session that had a nick, and the name of its inbox in those days."""


class FormerNicks:
    """Who had which nick before, since the server was started."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, tuple[Owned, ...]] = OrderedDict()

    def note(self, nick: str, session: int, inbox: str) -> None:
        """The session of that number, with that inbox, has another nick from now on."""
        key, owned = folded_key(nick), (session, inbox)
        others = (each for each in self._owners.pop(key, ()) if each != owned)
        self._owners[key] = (owned, *others)[:_OWNERS]
        if len(self._owners) > REMEMBERED:
            self._owners.popitem(last=False)

    def owners(self, nick: str) -> tuple[Owned, ...]:
        """Those who had it, in whatever case; who gave it up last comes first."""
        return self._owners.get(folded_key(nick), ())
