"""What the record is to keep is kept, and what moderators did even when it could not be."""

from __future__ import annotations

from twisted.logger import capturedLogs

from tests.moderated_world import PASSWORD, does, done
from tests.slow_record import SlowRecord
from tests.world import World


def test_an_act_that_could_not_be_kept_is_kept_with_the_next_thing_that_is() -> None:
    record = SlowRecord()
    world = World(record, operators=["ana"], others={"ana": PASSWORD})
    ana = world.program("ana", password=PASSWORD)
    world.person("bob")
    world.person("eva")
    record.broken = True
    done(ana, "kick", nick="bob")
    assert does(ana, "audit")["entries"] == []
    record.broken = False
    done(ana, "kick", nick="eva")
    acts = [(entry["act"], entry["target"]) for entry in does(ana, "audit")["entries"]]
    assert acts == [("kick", "bob"), ("kick", "eva")]


def test_a_record_that_keeps_nothing_of_many_who_go_is_told_of_once_until_it_does() -> None:
    record = SlowRecord()
    world = World(record)
    crowd = [world.program(f"a{number}") for number in range(20)]
    record.broken = True
    with capturedLogs() as told:
        for each in crowd[:18]:
            each.cut()
        record.broken = False
        crowd[18].cut()
        record.broken = True
        crowd[19].cut()
    warned = [each for each in told if "could not be kept" in (each["log_format"] or "")]
    assert len(warned) == 2
