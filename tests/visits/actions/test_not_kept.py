"""What cannot be kept is as it was before, and who asked is told so: also where the record fails in
a way of which nobody has thought."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.people.saving import Saving
from huddle.protocol.errors import NotRecorded
from huddle.record import Kept, RecordFailure
from huddle.record.memory import MemoryRecord
from tests.moderated_world import FREELY, does, moderated_world, refused
from tests.world import Program, World

NOT_RECORDED = "-- Not recorded, and nobody has seen it. Try again."


class Failing(MemoryRecord):
    """A record that keeps nothing while there is this trouble."""

    trouble: Exception | None = None

    @override
    def save(self, *kept: Kept, by: int = 0) -> Deferred[None]:
        return super().save(*kept, by=by) if self.trouble is None else fail(self.trouble)


@pytest.fixture(params=[RecordFailure("full"), OSError("gone"), ValueError("odd")], ids=repr)
def trouble(request: pytest.FixtureRequest, logged_failures: list[Failure]) -> Any:
    """What goes wrong. It is logged, where it is not what a record says that cannot keep it."""
    yield request.param
    is_known = isinstance(request.param, RecordFailure)
    assert bool(logged_failures) is not is_known
    assert all(failure.check(type(request.param)) for failure in logged_failures)
    logged_failures.clear()


@pytest.fixture
def disk() -> Failing:
    return Failing(FREELY, "epoch")


@pytest.fixture
def ana(disk: Failing) -> Program:
    """An operator."""
    return moderated_world(record=disk)[1]


def test_who_was_to_be_ignored_is_heard(ana: Program, disk: Failing, trouble: Exception) -> None:
    bob = ana.world.program("bob")
    disk.trouble = trouble
    assert refused(ana, "ignore", nick="bob", on=True) == "not-recorded"
    assert does(ana, "ignore")["ignoring"] == []
    ana.forgets()
    bob.says("hello")
    assert [each.get("text") for each in ana.reads()] == ["hello"]


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ("topic", {"text": "soup"}),
        ("quiet", {"on": True}),
        ("mute", {"nick": "bob", "on": True}),
        ("operator", {"nick": "eva", "on": True}),
        ("register", {"nick": "new", "password": "a long password"}),
    ],
)
def test_all_is_as_it_was(
    asked: str, fields: dict[str, Any], ana: Program, disk: Failing, trouble: Exception
) -> None:
    bob, eva = ana.world.program("bob"), ana.world.program("eva")
    assert does(eva, "register", password="secret-of-eva")["type"] == "reply"
    disk.trouble = trouble
    assert refused(ana, asked, **fields) == "not-recorded"
    assert refused(eva, "audit") == "not-allowed"
    assert does(bob, "topic")["topic"] == ""
    assert does(bob, "say", room="huddle", text="still heard")["type"] == "ack"
    disk.trouble = None
    assert does(bob, "nick", nick="new")["type"] == "reply"


def test_whose_code_was_not_kept_is_no_operator(disk: Failing, trouble: Exception) -> None:
    world = World(disk)
    bob, code = world.person("bob"), world.gives_code()
    disk.trouble = trouble
    bob.says(f"/operator {code}", "/audit")
    assert bob.reads()[0] == NOT_RECORDED
    disk.trouble = None
    core = world.huddle.registry.by_number(1)
    assert core is not None and not core.is_operator


def test_a_nick_that_was_not_kept_is_free(disk: Failing, trouble: Exception) -> None:
    world = World(disk)
    disk.trouble = trouble
    bob = world.connect()
    bob.says("bob")
    assert bob.reads()[-1] == NOT_RECORDED
    disk.trouble = None
    world.passes(300)
    assert not world.huddle.registry.sessions
    world.person("bob")


def test_who_is_on_another_connection_by_then_hears_them_there(ana: Program) -> None:
    bob, asking = ana.world.program("bob"), Deferred[None]()
    with patch.object(Saving, "keep", lambda saving, session: asking):
        ana.sends_objects({"type": "ignore", "id": 900, "nick": "bob", "on": True})
        ana.world.settle()
    ana = ana.again()
    asking.errback(NotRecorded())
    bob.says("hello")
    assert ana.reads()[-1]["text"] == "hello"
