"""Several connections of one session at once: what one asks for touches no other's seats."""

from __future__ import annotations

from typing import Any

import pytest

from tests.two_nodes import TwoNodes

HELLOS: list[dict[str, Any]] = [{}, {"after": {}}]
"""One that names its rooms, and one that does not."""


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("hello", HELLOS)
def test_who_connects_several_times_at_once_stays_in_all_rooms(
    hello: dict[str, Any], count: int
) -> None:
    two = TwoNodes()
    ana, bot = two.a.person("ana"), two.a.program("bot", turn=1)
    bot.sends_objects({"type": "join", "room": "ops"})
    two.settle()
    two.views["a"].behind = True
    for turn in range(2, 2 + count):
        bot = bot.again(turn=turn, **hello)
    two.views["a"].behind = False
    two.settle()
    ana.says("in the first room", "/join ops", "in the other")
    two.settle()
    heard = [each["text"] for each in bot.reads() if each["type"] == "said"]
    assert heard == ["in the first room", "in the other"]
    core = two.a.huddle.registry.by_number(2)
    assert core is not None and sorted(core.rooms) == ["huddle", "ops"]
