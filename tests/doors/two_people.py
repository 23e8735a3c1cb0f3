"""Two who talk, and the many lines that the one says and the other reads."""

from __future__ import annotations

from collections.abc import Sequence

from huddle.protocol.limits import Limits
from tests.world import Peer, World


def lines(count: int, start: int = 0) -> list[str]:
    return [f"line {number}" for number in range(start, start + count)]


def said(nick: str, texts: Sequence[str]) -> list[str]:
    return [f"<{nick}> {text}" for text in texts]


def two(limits: Limits | None = None) -> tuple[World, Peer, Peer]:
    world = World(limits=limits)
    return world, world.person("ana"), world.person("bob")
