"""huddle-client: the json dialect from the other side; for people, pipes and programs.

It knows nothing of the server's inside; what the two share is the wire format (docs/protocol.md),
the sentences, and what both clean and bound. Programs import `HuddleClient` and the events from
here. From the bottom up, and each knows only those above it in this list::

    session/       the whole protocol without input and output: bytes in, bytes and events out;
                   what a session remembers, and the file in which it does
    commands/      the commands in both languages; what a typed line means
    network/       the connection and reconnecting; TLS, and whether the server is the one meant
    rendering/     events as lines: for people, for a painted terminal, for programs
    conversation/  what is typed and shown, asked and decided; a buffer for each room
    setup/         the command line, environment and configuration; a session and its link
    api/           HuddleClient: all this for programs
    lines/         a conversation over standard input and output
    terminal/      a conversation in a terminal: prompt, status line, completion, notes
    oneshot/       --send and --tail: one task, and then the end
    program.py     main(): puts them together

Beside them, requests.py holds all that `HuddleClient.ask` can be given.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huddle.client.api.client import HuddleClient, NotConnected
    from huddle.client.api.pending import NotDone, NotSaid
    from huddle.client.network.endpoints import NoWay
    from huddle.client.session.events import (
        Acknowledged,
        Changed,
        Deleted,
        Entered,
        Event,
        Gap,
        Here,
        Joined,
        Left,
        Offline,
        Removed,
        Renamed,
        Said,
        Untrusted,
        Welcomed,
    )

__all__ = [
    "Acknowledged",
    "Changed",
    "Deleted",
    "Entered",
    "Event",
    "Gap",
    "Here",
    "HuddleClient",
    "Joined",
    "Left",
    "NoWay",
    "NotConnected",
    "NotDone",
    "NotSaid",
    "Offline",
    "Removed",
    "Renamed",
    "Said",
    "Untrusted",
    "Welcomed",
]

_ELSEWHERE = {
    "HuddleClient": "api.client",
    "NotConnected": "api.client",
    "NotDone": "api.pending",
    "NotSaid": "api.pending",
    "NoWay": "network.endpoints",
}
"""Where they are that are no events."""


def __getattr__(name: str) -> object:
    """A public name, imported when it is asked for: huddle-client itself needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_ELSEWHERE.get(name, 'session.events')}")
    return getattr(module, name)
