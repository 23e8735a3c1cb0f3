"""What a member who says nothing costs: so many objects of ours, and no methods bound to them.

What is counted is what a garbage collector knows of, by how much more there is of it when twenty
more have come in. It is no matter of time or of the machine.
"""

from __future__ import annotations

import gc
import sys
from collections import Counter
from types import MethodType

from tests.world import World

OBJECTS = 20
BYTES = 2200
"""Of these objects, without what they hold."""

MORE = 20


def ours() -> Counter[str]:
    """All objects of Huddle's classes by class, their bytes, and the methods bound to them."""
    gc.collect()
    found: Counter[str] = Counter()
    for each in gc.get_objects():
        if isinstance(each, MethodType):
            each, name = each.__self__, "bound methods"
        else:
            name = type(each).__qualname__
        if str(type(each).__module__).startswith("huddle."):  # of some it is a property
            found[name] += 1
            if name != "bound methods":
                found["bytes"] += sys.getsizeof(each)
    return found


def test_an_idle_member_is_few_and_small_objects() -> None:
    world = World()
    members = [world.person(f"first{number}") for number in range(5)]
    world.beats(5)
    before = ours()
    members += [world.person(f"second{number}") for number in range(MORE)]
    world.beats(5)
    more = ours()
    more.subtract(before)
    of_each = {name: count / MORE for name, count in more.items() if count >= MORE}
    assert "bound methods" not in of_each, of_each
    assert of_each.pop("bytes") <= BYTES, of_each
    assert sum(of_each.values()) <= OBJECTS, of_each


def test_nothing_is_kept_for_a_member_of_what_is_the_same_for_many() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    one, other = world.huddle.registry.sessions
    assert one.word_at is other.word_at
    assert one.address is other.address
    assert ana.connection.address is bob.connection.address
