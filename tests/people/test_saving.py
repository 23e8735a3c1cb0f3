"""What the record is to keep is kept, and what moderators did even when it could not be."""

from __future__ import annotations

from twisted.logger import capturedLogs

from huddle.people.preferences import Preferences
from huddle.people.saving import Saving
from huddle.people.sessions import Account, Session
from huddle.record import AccountRow, SessionRow
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


def test_each_field_of_a_row_is_what_its_name_says() -> None:
    """It is filled by place: two of one type that changed places would pass mypy."""
    session = Session(3, "ana", b"key", last_id=4)
    session.word, session.word_time, session.word_at = b"word", 5, b"at"
    session.rooms = {"huddle": 6}
    session.account = Account(AccountRow(7, "ana", "hash", version=9))
    session.version = 8
    session.ignores = (("@a9", "bob"),)
    session.preferences = Preferences(times=True)
    record = SlowRecord()
    row = Saving(record, lambda: 10).row(session, here=False)
    assert row == SessionRow(
        number=3,
        nick="ana",
        key=b"key",
        word=b"word",
        word_time=5,
        here=False,
        seen=10,
        rooms={"huddle": 6},
        last_id=4,
        account=7,
        version=8,
        ignores=("@a9 bob",),
        word_at=b"at",
        wishes='{"times": true}',
    )
