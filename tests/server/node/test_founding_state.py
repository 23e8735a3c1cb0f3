"""A house of two nodes begins with the record of a server alone, or of a node."""

from __future__ import annotations

import pytest

from huddle.cluster.effects import Done
from huddle.cluster.entries import Rename
from huddle.cluster.naming import keyed
from huddle.cluster.rules.upgrades import KNOWN_RULES
from huddle.cluster.snapshot import digest, dump, load
from huddle.protocol.events import Draft, Kind
from huddle.protocol.limits import Limits
from huddle.record import AccountRow, Mark, MarkKind, RoomRow, SessionRow, Step
from huddle.record.memory import MemoryRecord
from tests.cluster.written_log import House, code
from tests.founded_house import WORDS, Founded, founded, twin
from tests.open_checker import kept
from tests.record.awaited_record import draft
from tests.world import Peer, World


def lines(peer: Peer, command: str = "/history") -> str:
    """What the peer is told when it types this."""
    peer.forgets()
    peer.says(command)
    return "\n".join(peer.reads())


def test_who_talked_on_a_server_alone_goes_on_talking_on_either_node() -> None:
    alone = World()
    ana, bob = alone.person("ana"), alone.person("bob")
    ana.says("hola")
    bob.says("buenas")
    alone.crashes()
    two = Founded(alone.record)
    back = two.b.connect()
    back.says(f"/back ana {ana.word}")
    other = two.a.connect()
    other.says(f"/back bob {bob.word}")
    back.says("here again")
    assert "<ana> here again" in "\n".join(other.reads())
    for peer in (back, other):
        assert "<ana> hola" in lines(peer) and "<bob> buenas" in lines(peer)
        assert "<bob> buenas" in lines(peer, "/search buenas")
    seqs = [two.records[node].extent("huddle").newest for node in "ab"]
    assert seqs[0] == seqs[1] == alone.record.extent("huddle").newest + 1


def test_a_program_goes_on_with_its_ids_and_nothing_of_it_is_there_twice() -> None:
    alone = World()
    bot, bob = alone.program("bot"), alone.person("bob")
    bot.says("one", "two")
    bot.reads()
    alone.crashes()
    two = Founded(alone.record)
    again = bot.again(two.b)
    again.sends_objects({"type": "say", "id": 2, "text": "two"})
    again.says("three")
    eva = two.a.person("eva")
    told = lines(eva)
    assert [told.count(f"<bot> {text}") for text in ("one", "two", "three")] == [1, 1, 1]
    assert bob.word


@pytest.mark.parametrize(
    ("epoch", "told"), [("", []), ("that of the copy", ["one", "another two"])]
)
def test_of_an_older_copy_programs_are_told_by_its_epoch_alone(epoch: str, told: list[str]) -> None:
    """As a backup has another one; one that was made otherwise cannot be told from the record."""
    alone = World()
    bot, ana = alone.program("bot"), alone.person("ana")
    ana.says("one")
    older = twin(alone.record)
    older.epoch = epoch or older.epoch
    ana.says("two")
    alone.crashes()
    two = Founded(older)
    two.a.person("eva").says("another two")
    again = bot.again(two.b, replay=20)
    said = [each["text"] for each in again.heard if each["type"] == "said"]
    assert said == ["one", "two", *told]


def test_what_waits_in_an_inbox_is_read_on_either_node() -> None:
    alone = World()
    ana, bob = alone.person("ana"), alone.person("bob")
    ana.cut()
    bob.says("/msg ana psst")
    alone.crashes()
    two = Founded(alone.record)
    assert two.nodes["b"].node.state.inboxes["@1"].newest == 1
    back = two.b.connect()
    back.says(f"/back ana {ana.word}")
    assert "psst" in "\n".join(back.reads())


def test_an_account_its_password_and_what_it_may_do_hold_on_either_node() -> None:
    alone = World()
    ana = alone.person("ana")
    ana.says(f"/operator {alone.gives_code()}", "/register battery-staple")
    alone.crashes()
    two = Founded(alone.record)
    two.a.passes(130)
    back = two.b.connect()
    back.says("ana", "battery-staple")
    back.says("/nodes")
    assert "-- a " in "\n".join(back.reads())


def test_a_room_keeps_its_key_its_topic_its_host_and_whom_it_shuts_out() -> None:
    alone = World()
    ana, bob = alone.person("ana"), alone.person("bob", address="10.0.0.3")
    ana.says("/join den sesame", "/topic our den")
    bob.says("/join den sesame", "spam")
    ana.says("/ban bob 2h")
    alone.crashes()
    two = Founded(alone.record)
    eva = two.b.person("eva", address="10.0.0.4")
    assert "den is locked" in lines(eva, "/join den")
    assert "our den" in lines(eva, "/join den sesame")
    back = two.a.connect("10.0.0.3")
    back.says(f"/back bob {bob.word}")
    assert "you are not let into den until 14:00" in lines(back, "/join den sesame").lower()
    host = two.b.connect()
    host.says(f"/back ana {ana.word}")
    assert "bob" in lines(host, "/bans")
    host.says("/unban bob")
    back.says("/join den sesame", "sorry")
    assert "<bob> sorry" in "\n".join(host.reads())


def test_who_had_spoken_in_a_slow_room_waits_still() -> None:
    alone = World()
    ana, bob = alone.person("ana"), alone.person("bob")
    ana.says("/join den sesame", "/slow 60")
    bob.says("/join den sesame", "one")
    alone.crashes()
    two = Founded(alone.record)
    back = two.b.connect()
    back.says(f"/back bob {bob.word}", "two")
    two.b.passes(61)
    back.says("three")
    told = lines(back)
    assert [f"<bob> {text}" in told for text in ("one", "two", "three")] == [True, False, True]


def test_what_was_said_before_is_deleted_by_who_said_it_on_either_node() -> None:
    alone = World()
    ana = alone.person("ana")
    ana.says("hola")
    alone.passes(60)
    ana.says("a slip")
    alone.crashes()
    two = Founded(alone.record)
    back = two.b.connect()
    back.says(f"/back ana {ana.word}", "/delete 2")
    for world in (two.a, two.b):
        told = lines(world.person(f"eva{world is two.a:d}"))
        assert "<ana> hola" in told and "a slip" not in told


def test_who_was_in_charge_by_the_code_alone_is_so_no_more() -> None:
    alone = World()
    ana = alone.person("ana")
    ana.says(f"/operator {alone.gives_code()}")
    alone.crashes()
    two = Founded(alone.record)
    back = two.b.connect()
    back.says(f"/back ana {ana.word}")
    assert "-- a " not in lines(back, "/nodes")


def test_no_message_is_read_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = World()
    alone.person("ana").says("hola")
    alone.crashes()

    def read(*given: object) -> None:
        raise AssertionError(given)

    for question in ("read", "since", "belonging", "search", "find"):
        monkeypatch.setattr(alone.record, question, read)
    state, _ = founded(alone.record)
    assert state.rooms["huddle"].newest == 1


def test_who_does_not_come_back_is_gone_when_the_hold_is_over() -> None:
    alone = World()
    alone.person("ana")
    alone.crashes()
    two = Founded(alone.record)
    assert "ana" in lines(two.b.person("bob"), "/who")
    two.b.passes(130)
    assert "ana" not in lines(two.b.person("leo"), "/who")


def test_all_nodes_have_one_state_and_its_chain_begins_with_it() -> None:
    alone = World()
    alone.person("ana").says("hola")
    alone.crashes()
    state, rows = founded(alone.record)
    assert not rows and digest(load(dump(state))) == digest(state)
    two = Founded(alone.record)
    two.a.person("bob").says("hola")
    two.b.passes(5)
    a, b = (two.nodes[name].node.state for name in "ab")
    assert a.position == b.position and digest(a) == digest(b)
    alone.record.step(Step(1, kept=[SessionRow(9, "leo")]))
    assert founded(alone.record)[0].chain != state.chain


def test_the_node_that_has_begun_it_goes_on_from_there_when_it_is_killed() -> None:
    alone = World()
    alone.person("ana").says("hola")
    alone.crashes()
    two = Founded(alone.record)
    bob = two.b.person("bob")
    two.kill("a")
    bob.says("meanwhile")
    two.restart("a")
    eva = two.a.person("eva")
    assert "<ana> hola" in lines(eva) and "<bob> meanwhile" in lines(eva)
    assert not two.ended["a"]


# -- records as they can be --------------------------------------------------------------------


def record_of(*rows: SessionRow | AccountRow | RoomRow | Mark) -> MemoryRecord:
    record = MemoryRecord(Limits(), "epoch")
    record.save(*rows)
    return record


@pytest.mark.parametrize("other", ["ana", "ANA", "\u0430na"])
def test_of_two_in_an_old_record_who_look_alike_the_first_has_the_nick(other: str) -> None:
    """The other is known by its key and its word, and takes another nick when it comes."""
    record = record_of(
        SessionRow(1, "ana", rooms={"huddle": 0}, seen=1),
        SessionRow(2, other, b"k" * 32, rooms={"huddle": 0}, seen=1),
    )
    state, rows = founded(record)
    assert [state.sessions[number].here for number in (1, 2)] == [True, False]
    assert [(row.number, row.here) for row in rows] == [(2, False)]
    assert state.by_key == {(b"k" * 32).hex(): 2} and list(state.rooms["huddle"].seats) == [1]
    assert state.present == 1 and state.names["ana"] == 1


def test_a_nick_that_is_an_accounts_is_no_guests() -> None:
    record = record_of(
        AccountRow(1, "ana", "hash", inbox="@a1"),
        SessionRow(1, "ana"),
        SessionRow(2, "ana", account=1, version=1, rooms={"huddle": None}),
        SessionRow(3, "ana", account=1, version=0),
        SessionRow(4, "eva", account=7, version=1),
    )
    state, rows = founded(record)
    assert [number for number, each in state.sessions.items() if each.here] == [2]
    assert [row.number for row in rows] == [1, 3] and 4 not in state.sessions
    assert state.rooms["huddle"].people == {-1: 1} and state.names["ana"] == -1
    assert state.accounts[1].hash == "hash" and list(state.accounts[1].devices) == [2]


def test_of_two_accounts_that_look_alike_the_second_is_none_as_on_a_server_alone() -> None:
    """Nor is it who was logged in to that one, or either would be asked for the other's."""
    record = record_of(
        AccountRow(1, "ana", kept("battery-staple"), inbox="@a1"),
        AccountRow(2, "\u0430na", kept("correct-horse"), inbox="@a2"),
        SessionRow(1, "\u0430na", b"k" * 32, account=2, version=1, rooms={"huddle": 0}),
    )
    state, _ = founded(record)
    assert list(state.accounts) == [1] and not state.sessions
    assert state.names == {key: -1 for key in state.accounts[1].nick[1:]}
    assert (state.last_session, state.last_account) == (1, 2)
    two = Founded(record)
    for world in (two.a, two.b):
        ana, other = world.connect(), world.connect()
        ana.says("ana", "battery-staple")
        assert "Hello ana" in "\n".join(ana.reads())
        other.says("\u0430na", "correct-horse")
        told = "\n".join(other.reads())
        assert "-- ana is registered" in told and "Hello" not in told


def test_of_an_inbox_waits_what_is_there_still_and_of_nobodys_nothing() -> None:
    record = record_of(
        SessionRow(1, "ana", rooms={"@1": 1}),
        SessionRow(2, "bob", rooms={"@2": 4}),
        SessionRow(3, "eva", rooms={"@3": None}),
        AccountRow(4, "leo", "hash", inbox="@9", read=2),
        SessionRow(5, "leo", account=4, version=1),
    )
    for inbox in ("@1", "@2", "@3", "@4", "@5", "@8", "@9", "@a7"):
        record.append([draft(str(each), session=6, room=inbox) for each in range(5)], 1)
    waiting = {"@1": 4, "@2": 1, "@3": 0, "@9": 3}
    state, _ = founded(record)
    assert {name: inbox.total for name, inbox in state.inboxes.items()} == waiting
    record.forget(None, 3, 1)
    state, _ = founded(record)
    cut = {"@1": 3, "@2": 1, "@3": 0, "@9": 3}
    assert {name: inbox.total for name, inbox in state.inboxes.items()} == cut
    assert {inbox.newest for inbox in state.inboxes.values()} == {5}


def test_a_name_with_a_letter_that_a_later_unicode_knows_stays_what_it_is() -> None:
    state, _ = founded(record_of(SessionRow(1, "\U0001e4d0")))
    assert state.sessions[1].nick[0] == "\U0001e4d0" and state.sessions[1].here


def test_what_is_kept_of_rooms_is_all_there() -> None:
    ban = Mark("den", MarkKind.BAN, "address:10.0.0.0/8", "", 99, "spam", "ana", 7)
    record = record_of(RoomRow("den", "topic", "ana", b"k", 1.5, True), ban)
    state, _ = founded(record)
    den = state.rooms["den"]
    assert (den.topic, den.topic_by, den.key, den.slow, den.quiet) == (
        "topic", "ana", b"k".hex(), 1500, True,
    )  # fmt: skip
    assert set(den.versions) == {"topic", "key", "slow", "quiet"}
    kept = den.restrictions["ban", "address:10.0.0.0/8"]
    assert (kept.first, kept.last, kept.until) == ("040a000000", "040affffff", 99)
    assert list(den.networks) == [("ban", "address:10.0.0.0/8")] and state.time == 7


def test_a_ban_shuts_out_whom_it_would_but_no_operator_by_the_options() -> None:
    """Who is an operator by them would be in no room at all."""
    record = record_of(
        AccountRow(1, "ana", "hash", inbox="@a1"),
        SessionRow(1, "ana", account=1, version=1, rooms={"huddle": None}),
        Mark("huddle", MarkKind.BAN, "account:1"),
    )
    state, rows = founded(record, ["ana"])
    assert list(state.rooms["huddle"].seats) == [1] and not rows
    state, rows = founded(record)
    assert not state.rooms["huddle"].seats and [row.rooms for row in rows] == [{}]


def test_a_ban_of_a_nick_is_one_of_what_looks_like_it_for_the_log_too() -> None:
    house = House()
    house.state, _ = founded(record_of(Mark("huddle", MarkKind.BAN, "nick:lan", "lan")))
    assert house.state.rules == KNOWN_RULES
    node = house.node("a", KNOWN_RULES)
    eva = node.begins("eva")
    assert code(node.asks(Rename(eva, keyed("Ian")))) == "banned"
    assert node.asks(Rename(eva, keyed("Ivan"))) == Done()


def test_numbers_are_not_given_again() -> None:
    record = record_of(SessionRow(9, "ana", here=False), AccountRow(5, "eva", inbox="@a5"))
    state, _ = founded(record)
    assert (state.last_session, state.last_account, state.words) == (9, 5, WORDS)


def test_in_a_slow_room_an_account_waits_whoever_it_was_and_a_guest_by_name_too() -> None:
    record = record_of(RoomRow("den", slow=60.0), AccountRow(1, "ana", "hash", inbox="@a1"))
    for author in (Draft("den", 7, "ana", Kind.SAY, "one", account=1),
                   Draft("den", 8, "bob", Kind.SAY, "two"),
                   Draft("den", 9, "ana", Kind.SAY, "three", account=1)):  # fmt: skip
        record.append([author], 7)
    den = founded(record)[0].rooms["den"]
    assert [*den.spoke] == ["session:8", "nick:bob", "account:1"]  # who spoke last at the end
