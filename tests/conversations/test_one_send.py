"""What one batch brings a connection goes out in one send, also where some of it is its own."""

from __future__ import annotations

from tests.world import Program, World


def sends_of(world: World, programs: list[Program], texts: int) -> list[int]:
    """How often each was sent something while all of them said so many texts at once."""
    before = [each.wire.sends for each in programs]
    for each in programs:
        each.sends_objects(*[each.drafts(f"{each.nick} {number}") for number in range(texts)])
    world.settle()
    return [each.wire.sends - sends for each, sends in zip(programs, before, strict=True)]


def test_acks_come_with_what_the_others_said() -> None:
    world = World()
    programs = [world.program(nick) for nick in ("ana", "bob", "carl")]
    sends_of(world, programs, 1)
    assert sends_of(world, programs, 3) == [1, 1, 1]
    for each in programs:
        others = [f"{other.nick} {number}" for other in programs for number in range(3)]
        heard = [text for text in each.said() if text in others]
        assert sorted(heard[-6:]) == sorted(t for t in others if not t.startswith(each.nick))
        assert not each.unacknowledged


def test_acks_alone_are_one_send_and_the_listener_has_one() -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    ana.reads()
    before = ana.wire.sends, bob.wire.sends
    ana.says("one", "two")
    assert (ana.wire.sends - before[0], bob.wire.sends - before[1]) == (1, 1)
    assert bob.said() == ["one", "two"]
    ana.hears({"type": "ack", "id": 1, "seq": 1}, {"type": "ack", "id": 2, "seq": 2})
