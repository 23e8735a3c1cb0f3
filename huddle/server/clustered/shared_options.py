"""The options that all nodes of a house must have alike: what entries come to depends on them."""

from __future__ import annotations

from collections.abc import Iterable

from huddle.cluster.naming import keyed
from huddle.protocol.limits import Limits

_LIMITS = (
    *("accounts", "block_rooms", "hold", "ignores", "marks", "marks_all", "names_shown", "pending"),
    *("pending_each", "rooms", "rooms_each", "sessions", "spoke", "spoke_all"),
)
"""The limits by which the log judges. Some are no options of the command line, and differ between
versions alone."""
_SHARES = ("held_each", "left_each", "spoke_each")
"""The limits of one address; 0 where addresses have none (`Limits.per_address`)."""


def shared_options(
    limits: Limits,
    members_only: bool = False,
    operators: Iterable[str] = (),
    keep_ms: int | None = None,
    keep_messages: int | None = None,
) -> dict[str, object]:
    """The shared options of a server, as the first entry of each life says them. ``operators`` are
    nicks; ``keep_ms`` and ``keep_messages`` are said to be 0 where all is kept."""
    shared: dict[str, object] = {name: getattr(limits, name) for name in _LIMITS}
    for name in _SHARES:
        shared[name] = getattr(limits, name) if limits.per_address else 0
    return {
        **shared,
        "keep_ms": keep_ms or 0,
        "keep_messages": keep_messages or 0,
        "members_only": members_only,
        "operators": [list(keyed(nick)) for nick in sorted(operators)],
    }
