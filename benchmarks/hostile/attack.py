"""An attack: what is done, and what it may cost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from benchmarks.hostile.arena import Arena

CONNECTIONS = 63
"""As many as one address may have by default, less one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """`peers` does it, in the arena that it is given, and returns when all is sent.

    `options` are those of the server that the attack needs beside the default ones. `victim` is
    what one does meanwhile who wants what the attack uses up (`benchmarks.hostile.victim`), and may
    take `times` as long as usual, or `within` milliseconds. The server's memory may grow by `kib`.
    """

    name: str
    peers: Callable[[Arena], None]
    seconds: float = 8
    options: tuple[str, ...] = field(default=())
    prepare: Callable[[Arena], None] | None = None
    victim: str = ""
    times: float = inf
    within: float = inf
    kib: float = inf
