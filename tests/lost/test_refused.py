"""A record that fails while more is being said: nothing is taken for said, or for over."""

from __future__ import annotations

from tests.slow_record import SlowRecord
from tests.world import World


def test_a_program_may_say_it_again_at_once_when_the_record_has_failed() -> None:
    """Its answer comes before the server has done anything else."""
    disk = SlowRecord()
    world = World(disk)
    ana, bob = world.program("ana"), world.program("bob")
    ana.forgets()
    disk.slow = True
    ana.says("one")
    ana.says("two")
    disk.refuses()
    ana.hears({"code": "not-recorded", "id": 1}, {"code": "not-recorded", "id": 2})
    ana.sends_objects(*ana.unacknowledged.values())
    ana.connection.transport.transport.doRead()
    world.settle()
    disk.writes()
    world.settle()
    ana.hears({"type": "ack", "id": 1, "seq": 1}, {"type": "ack", "id": 2, "seq": 2})
    bob.hears({"seq": 1, "text": "one"}, {"seq": 2, "text": "two"})
