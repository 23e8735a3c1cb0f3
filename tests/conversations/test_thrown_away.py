"""A house that is thrown away in the middle of something ends without a word: nothing that waited
in it goes on when the collector comes, as it does between the examples of a search."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
from twisted.python.failure import Failure

from huddle.cluster.nodes.node import Node
from tests.moderated_world import PASSWORD, joins, moderated_world
from tests.slow_record import SlowRecord
from tests.two_nodes import TwoNodes
from tests.world import Program


def while_several_set_marks(count: int) -> None:
    disk = SlowRecord()
    world, _ = moderated_world(record=disk)
    world.person("eva")
    hosts = [world.program(f"host-{number}") for number in range(count)]
    for host in hosts:
        joins(host, f"of-{host.nick}")
    disk.slow = True
    for host in hosts:
        room = f"of-{host.nick}"
        host.sends_objects({"type": "mute", "room": room, "nick": "eva", "on": True, "id": 901})
        world.settle()


def while_several_accounts_are_made(count: int) -> None:
    disk = SlowRecord()
    world, _ = moderated_world(record=disk)
    devices = [Program(world, "ana", f"device {number}") for number in range(count)]
    for device in devices:
        world.attach(device)
        device.enters(password=PASSWORD)
    disk.slow = True
    for number, device in enumerate(devices):
        asked = {"type": "register", "nick": f"n{number}", "password": "a long password"}
        device.sends_objects({**asked, "id": 901})
        world.settle()


def while_a_program_connects_several_times(count: int) -> None:
    two = TwoNodes()
    bot = two.a.program("bot", turn=1)
    two.views["a"].behind = True
    for turn in range(2, 2 + count):
        bot = bot.again(turn=turn)


@pytest.mark.parametrize(
    "begin",
    [
        while_several_set_marks,
        while_several_accounts_are_made,
        while_a_program_connects_several_times,
    ],
)
def test_a_house_is_thrown_away(
    begin: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, logged_failures: list[Failure]
) -> None:
    gone_on: list[object] = []
    for count in range(2, 6):
        begin(count)
        with monkeypatch.context() as patched:
            patched.setattr(SlowRecord, "save", lambda *kept, by: gone_on.append(kept))
            patched.setattr(Node, "put", lambda node, entry: gone_on.append(entry))
            gc.collect()
    assert not gone_on and not logged_failures
