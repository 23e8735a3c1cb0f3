"""What a member by WebSocket who says nothing costs: hardly more than one by the first door.

What is counted are the bytes that Python has given out, by how much more they are when twenty more
have come in; Twisted's transport and what stands for the network are among them on both sides.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable

from tests.doors.web.browser import Asker, WebWorld, hello, opening
from tests.world import Peer

MORE = 1024
"""Bytes. The library's own state for a connection takes four times as much."""

COUNT = 20


def bytes_each(world: WebWorld, enters: Callable[[str], Peer]) -> float:
    """What each takes of twenty who come in, behind five."""
    here = [enters(f"first{number}") for number in range(5)]
    world.beats(5)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    here += [enters(f"second{number}") for number in range(COUNT)]
    world.beats(5)
    for peer in here:
        peer.wire.taken.clear()
    gc.collect()
    return (tracemalloc.get_traced_memory()[0] - before) / COUNT


def test_an_idle_browser_takes_little_more_memory_than_an_idle_program() -> None:
    def program(nick: str) -> Peer:
        peer = world.connect()
        peer.sends(hello(nick) + b"\n")
        world.settle()
        assert peer.connection.visit.progress.named
        return peer

    def browser(nick: str) -> Asker:
        peer = world.asker()
        peer.sends(opening(hello(nick)))
        world.settle()
        assert peer.protocol.connection is not None
        assert peer.protocol.connection.visit.progress.named
        return peer

    tracemalloc.start()
    try:
        world = WebWorld()
        by_line = bytes_each(world, program)
        world = WebWorld()
        by_web = bytes_each(world, browser)
    finally:
        tracemalloc.stop()
    assert by_web <= by_line + MORE, f"{by_web:,.0f} and {by_line:,.0f}"
