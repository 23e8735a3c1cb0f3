"""Speaking: in a restricted room somebody may have to wait, or may not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from twisted.python.failure import Failure

from huddle.people.sessions import Session
from huddle.protocol.errors import Muted, RoomQuiet, TooFast
from huddle.protocol.limits import Limits
from huddle.record import Mark, MarkKind, RoomRow
from tests.world import NOON, World


class Hall:
    """The room ops, and whoever wants to speak there."""

    def __init__(self, limits: Limits | None = None, **row: object) -> None:
        self.world = World(limits=limits)
        self.huddle = self.world.huddle
        self.room = self.huddle.room("ops")
        self.huddle.directory.put(RoomRow("ops", **row))  # type: ignore[arg-type]

    def speaks(self, number: int) -> None:
        self.huddle.speaking.check(Session(number, f"s{number}"), self.room)

    def marks(self, kind: MarkKind, number: int, **more: object) -> None:
        mark = Mark("ops", kind, f"session:{number}", **more)  # type: ignore[arg-type]
        self.huddle.directory.restrictions.set(mark)
        self.huddle.directory.rules_changed("ops")


def test_only_a_room_with_rules_is_restricted() -> None:
    assert not Hall().room.restricted
    assert Hall(slow=1.0).room.restricted
    assert Hall(quiet=True).room.restricted
    assert not Hall(topic="fire", key=b"k").room.restricted
    hall = Hall()
    hall.marks(MarkKind.MUTE, 1)
    assert hall.room.restricted


def test_everybody_waits_after_their_own_line() -> None:
    hall = Hall(slow=5.0)
    hall.speaks(1)
    hall.speaks(2)
    hall.world.passes(1.5)
    with pytest.raises(TooFast) as refused:
        hall.speaks(1)
    assert refused.value.wait == 3.5
    hall.world.passes(3.5)
    hall.speaks(1)


@pytest.mark.parametrize("hours", [-24, 24])
def test_the_clock_on_the_wall_has_no_say_in_it(hours: int) -> None:
    hall = Hall(slow=5.0)
    hall.speaks(1)
    hall.world.wall(NOON + timedelta(hours=hours))
    with pytest.raises(TooFast):
        hall.speaks(1)
    hall.world.passes(5)
    hall.speaks(1)


def test_who_spoke_is_remembered_of_so_many_people_only() -> None:
    hall = Hall(Limits(spoke=2), slow=5.0)
    for number in (1, 2, 3):
        hall.speaks(number)
    assert len(hall.room.pace.spoke) == 2
    hall.speaks(1)
    with pytest.raises(TooFast):
        hall.speaks(3)


def test_a_host_may_always_unless_muted() -> None:
    hall = Hall(slow=5.0, quiet=True)
    hall.marks(MarkKind.HOST, 1)
    for _ in range(3):
        hall.speaks(1)
    hall.marks(MarkKind.MUTE, 1)  # only an operator can do that
    with pytest.raises(Muted):
        hall.speaks(1)


def test_a_voice_lifts_quiet_and_slow_mode_and_no_mute() -> None:
    hall = Hall(slow=5.0, quiet=True)
    with pytest.raises(RoomQuiet):
        hall.speaks(1)
    hall.marks(MarkKind.VOICE, 1)
    for _ in range(3):
        hall.speaks(1)
    hall.marks(MarkKind.MUTE, 1, reason="enough")
    with pytest.raises(Muted) as refused:
        hall.speaks(1)
    assert refused.value.reason == "enough"


def test_a_mute_ends() -> None:
    hall = Hall()
    hall.marks(MarkKind.MUTE, 1, until=hall.world.now_ms() + 60_000)
    with pytest.raises(Muted):
        hall.speaks(1)
    hall.speaks(2)
    hall.world.passes(60)
    hall.speaks(1)


def test_what_goes_wrong_for_one_message_keeps_nobody_from_hearing_of_theirs(
    logged_failures: list[Failure], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    ana, bob = world.program("ana"), world.program("bob")
    bob.forgets()
    settle = Session.settle

    def fails_for_ana(session: Session, id: int, recorded: bool) -> None:
        settle(session, id, recorded)
        if session.nick == "ana":
            raise KeyError("in a test")

    monkeypatch.setattr(Session, "settle", fails_for_ana)
    ana.sends_objects({"type": "say", "id": 1, "text": "alone, at once"})
    ana.sends_objects({"type": "say", "id": 2, "text": "these two"})
    bob.sends_objects({"type": "say", "id": 1, "text": "together"})
    world.settle()
    assert {"type": "ack", "id": 1, "room": "huddle", "seq": 3} in bob.reads()
    assert {failure.check(KeyError) for failure in logged_failures} == {KeyError}
    logged_failures.clear()
