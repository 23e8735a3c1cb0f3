"""Once, for ever; by whom it is; and what was on its way while something else came first.

Each test is a sequence of events, and its docstring says what a simpler rule would do with it.
"""

from __future__ import annotations

import pytest

from huddle.cluster.effects import (
    Again,
    Done,
    Message,
    Opened,
    Outcome,
    Placed,
    Refused,
)
from huddle.cluster.entries import (
    Announce,
    Attach,
    Begin,
    Cut,
    Entry,
    Erase,
    Expire,
    Leave,
    Login,
    Lose,
    Own,
    Register,
    Rename,
    Restrict,
    Restriction,
    Retain,
    Say,
    Seat,
    Set,
    Unseat,
)
from huddle.cluster.naming import keyed
from huddle.cluster.rules import roles
from tests.cluster.houseful import Houseful
from tests.cluster.written_log import HUDDLE, NOON, House, Node, code, hashed, told

MINUTE = 60_000


@pytest.fixture
def house() -> Houseful:
    return Houseful()


# -- once --------------------------------------------------------------------------------------


def test_what_was_said_on_one_node_is_not_said_again_on_another(house: Houseful) -> None:
    """bob's line landed, the acknowledgement was lost with his node; he says it again elsewhere."""
    said = Say(house.bob, 7, "hola", "huddle")
    assert house.b.asks(said) == Placed("huddle", 1)
    house.a.does(Attach(house.bob))
    assert house.a.asks(said) == Again(house.bob, 7)


def test_the_copy_that_comes_late_from_the_node_before_is_the_second_one(house: Houseful) -> None:
    """The other way round: it is said again at the new node before the old one's batch lands."""
    late = house.b.writes(Say(house.bob, 7, "hola", "huddle"))
    assert house.a.does(Attach(house.bob), Say(house.bob, 7, "hola", "huddle")).effects
    assert house.lands(late).outcomes == [Again(house.bob, 7)]


def test_it_is_once_after_a_million_others(house: Houseful) -> None:
    """A window of the last so many ids, or of the last so many minutes, forgets: a program that
    sat in a tunnel for a day says it a second time."""
    house.b.does(*[Say(house.bob, id, "hola", "huddle") for id in range(1, 1001)])
    house.now += 400 * 24 * 60 * MINUTE
    house.a.does(Retain(before=house.now - 1, messages=1))
    assert house.b.asks(Say(house.bob, 1, "hola", "huddle")) == Again(house.bob, 1)


def test_it_is_once_though_the_session_was_over_in_between(house: Houseful) -> None:
    house.b.does(Say(house.bob, 7, "hola", "huddle"), Leave(house.bob))
    opened = house.a.asks(Begin(keyed("bob"), (HUDDLE,), hashed("bob")))
    assert opened == Opened(house.bob, known=True)
    assert house.a.asks(Say(house.bob, 7, "hola", "huddle")) == Again(house.bob, 7)


def test_an_id_is_answered_before_anything_else_is_asked(house: Houseful) -> None:
    """bob's line was taken, then he was muted, then he says it again since its ack was lost. A rule
    that asks for the mute first tells him that it was refused, and all others have read it."""
    house.b.does(Say(house.bob, 7, "hola", "huddle"))
    house.restricts("mute", f"session:{house.bob}")
    assert house.b.asks(Say(house.bob, 7, "hola", "huddle")) == Again(house.bob, 7)
    assert code(house.b.asks(Say(house.bob, 8, "hola?", "huddle"))) == "muted"


def test_both_copies_of_a_private_message_stand_or_fall_with_its_id(house: Houseful) -> None:
    whisper = Say(house.bob, 7, "psst", to="root", whom=-1)
    first = house.b.does(whisper, whisper)
    assert first.outcomes == [Placed("@2", 1), Again(house.bob, 7)]
    assert [(each.room, each.id, each.to) for each in told(first, Message)] == [
        ("@2", 7, "root"),
        ("@a1", 0, ""),
    ]


def test_neither_copy_stands_where_the_recipient_s_share_is_full(house: Houseful) -> None:
    """Were the sender's own copy numbered first, it would stand in one inbox alone for ever."""
    house.a.does(Lose(house.ana))
    whispers = [Say(house.bob, id, "psst", to="root", whom=-1) for id in range(1, 42)]
    applied = house.b.does(*whispers)
    assert code(applied.outcomes[-1]) == "too-many"
    assert len(told(applied, Message)) == 2 * 40
    assert house.state.inboxes["@2"].newest == house.state.inboxes["@a1"].newest == 40
    house.a.does(Attach(house.ana), Lose(house.ana, {"@a1": 40}))
    assert house.b.asks(Say(house.bob, 50, "psst", to="root", whom=-1)) == Placed("@2", 41)


def test_a_member_without_ids_is_heard_each_time(house: Houseful) -> None:
    assert house.b.asks(Say(house.bob, 0, "ja", "huddle")) == Placed("huddle", 1)
    assert house.b.asks(Say(house.bob, 0, "ja", "huddle")) == Placed("huddle", 2)
    assert house.state.sessions[house.bob].last_id == 0


# -- checked again, at the batch's time --------------------------------------------------------


def on_its_way(house: Houseful, first: Entry, node: Node | None = None) -> Outcome:
    """A line of bob's is on its way; something else comes first in the log."""
    line = house.b.writes(Say(house.bob, 7, "hola", "huddle"))
    (node or house.a).does(first)
    return house.lands(line).outcomes[-1]


def test_a_line_whose_author_was_banned_meanwhile_is_refused(house: Houseful) -> None:
    mark = Restriction("ban", f"session:{house.bob}")
    ban = Restrict("huddle", house.ana, (mark,))
    assert code(on_its_way(house, ban)) == "session-unknown"


def test_one_whose_author_was_banned_from_the_room_alone_is_refused_there(house: Houseful) -> None:
    house.b.does(Seat(house.bob, keyed("ops")))
    house.a.does(Seat(house.ana, keyed("ops")))
    late = house.b.writes(Say(house.bob, 1, "hola", "ops"), Say(house.bob, 2, "hola", "huddle"))
    house.a.does(Restrict("ops", house.ana, (Restriction("ban", f"session:{house.bob}"),)))
    refused, said = house.lands(late).outcomes
    assert code(refused) == "no-such-room"
    assert said == Placed("huddle", 1)


def test_one_whose_author_was_kicked_meanwhile_is_refused(house: Houseful) -> None:
    assert code(on_its_way(house, Cut(house.bob, "huddle", house.ana))) == "session-unknown"


def test_one_whose_author_is_over_meanwhile_is_refused(house: Houseful) -> None:
    """The nick is free by then. By the name that the line was written under, it would stand in the
    record as said by another, who is called bob now."""
    house.b.does(Lose(house.bob))
    losses = house.state.sessions[house.bob].losses
    line = house.b.writes(Say(house.bob, 7, "hola", "huddle"))
    house.a.does(Expire(house.bob, losses))
    assert house.a.begins("bob") == house.bob + 1
    assert code(house.lands(line).outcomes[-1]) == "session-unknown"


def test_one_whose_author_is_called_otherwise_meanwhile_has_the_new_name(house: Houseful) -> None:
    """And the old one may be another's: the name is never the one that came with the line."""
    line = house.b.writes(Say(house.bob, 7, "hola", "huddle"))
    late = [line]
    house.b.n -= 1
    house.lands(house.b.writes(Rename(house.bob, keyed("bobby"))))
    assert house.a.begins("bob")
    again = house.b.does(Say(house.bob, 7, "hola", "huddle"))
    assert [each.nick for each in told(again, Message)] == ["bobby"]
    assert house.lands(late[0]).passed is not None


def test_one_whose_author_was_muted_meanwhile_is_refused(house: Houseful) -> None:
    mute = Restrict("huddle", house.ana, (Restriction("mute", f"session:{house.bob}"),))
    assert code(on_its_way(house, mute)) == "muted"


def test_a_mute_ends_at_its_time_by_the_log_and_not_by_a_node_s_clock(house: Houseful) -> None:
    house.restricts("mute", "nick:bob", until=NOON + MINUTE)
    assert code(house.b.asks(Say(house.bob, 1, "hola", "huddle"))) == "muted"
    late = house.b.does(Say(house.bob, 2, "hola", "huddle"), time=NOON + MINUTE)
    assert late.outcomes == [Placed("huddle", 1)]


def test_a_mute_on_a_network_is_on_those_who_come_from_there(house: Houseful) -> None:
    there = house.b.begins("eva", host="040a0000ff", address="10.0.0.255")
    beside = house.b.begins("fay", host="040a000100", address="10.0.1.0")
    house.restricts("mute", "address:10.0.0.0/24", first="040a000000", last="040a0000ff")
    assert code(house.b.asks(Say(there, 1, "hola", "huddle"))) == "muted"
    assert house.b.asks(Say(beside, 1, "hola", "huddle")) == Placed("huddle", 1)


def test_a_room_that_is_quiet_meanwhile_takes_it_no_more(house: Houseful) -> None:
    assert code(on_its_way(house, Set("huddle", "quiet", True, house.ana))) == "room-quiet"
    house.restricts("voice", f"session:{house.bob}")
    assert house.b.asks(Say(house.bob, 8, "hola", "huddle")) == Placed("huddle", 1)


def test_a_slow_room_is_slow_on_all_nodes_together(house: Houseful) -> None:
    """Were each node to count for itself, three nodes would be three times as fast."""
    house.a.does(Set("huddle", "slow", 5000, house.ana))
    assert house.b.asks(Say(house.bob, 1, "hola", "huddle")) == Placed("huddle", 1)
    house.now += 4000
    moved = house.a.does(Attach(house.bob), Say(house.bob, 2, "hola", "huddle")).outcomes[1]
    assert moved == Refused("too-fast", (1.0,))
    house.now += 1000
    assert house.a.asks(Say(house.bob, 3, "hola", "huddle")) == Placed("huddle", 2)


def test_a_host_does_nothing_to_one_who_is_an_operator_meanwhile(house: Houseful) -> None:
    """bob, the host, mutes eva; while that is on its way she is made an operator."""
    eva = house.b.begins("eva")
    house.a.does(Restrict("huddle", 0, (Restriction("host", f"session:{house.bob}"),)))
    mutes = [Restriction("mute", f"session:{eva}")]
    house.b.does(Own(eva, in_charge=True))
    assert code(house.b.asks(Restrict("huddle", house.bob, tuple(mutes)))) == "not-allowed"
    on_account = Restriction("mute", "account:1")
    assert code(house.b.asks(Restrict("huddle", house.bob, (on_account,)))) == "not-allowed"
    network = Restriction("ban", "address:10.0.0.0/8", first="040a000000", last="040affffff")
    assert code(house.b.asks(Restrict("huddle", house.bob, (network,)))) == "not-allowed"


def test_what_an_operator_did_is_refused_when_they_are_none_any_more(house: Houseful) -> None:
    """The ban was on its way while another operator took the right away: whoever was sent out by it
    would have been sent out by a guest."""
    late = house.a.writes(Restrict("huddle", house.ana, (Restriction("ban", "nick:bob"),)))
    house.state.accounts[1].operator = False
    assert code(house.lands(late).outcomes[0]) == "not-allowed"
    assert code(house.b.asks(Set("huddle", "quiet", True, house.bob))) == "not-allowed"
    assert code(house.b.asks(Announce(house.bob, "soup"))) == "not-allowed"


def test_a_message_goes_to_the_person_who_was_meant(house: Houseful) -> None:
    """bob leaves and another is called bob, while the message is on its way. By the nick it would
    be read by a stranger."""
    late = house.a.writes(Say(house.ana, 7, "the key is 1234", to="bob", whom=house.bob))
    house.b.does(Leave(house.bob))
    stranger = house.b.begins("bob")
    assert house.lands(late).outcomes == [Refused("nobody-there", ("bob",))]
    assert f"@{stranger}" not in house.state.inboxes


def test_one_to_a_guest_who_has_logged_in_meanwhile_is_in_the_account_s_inbox(
    house: Houseful,
) -> None:
    house.a.does(Register(keyed("eva"), "", 0))
    late = house.a.writes(Say(house.ana, 7, "psst", to="bob", whom=house.bob))
    house.b.does(Login(house.bob, 2, 1))
    applied = house.lands(late)
    assert [each.room for each in told(applied, Message)] == ["@a1", "@a2"]


def test_the_inbox_of_one_who_has_logged_in_meanwhile_is_the_account_s(house: Houseful) -> None:
    """The sender's own copy would else be in an inbox that no one opens any more."""
    house.a.does(Register(keyed("eva"), "", 0))
    late = house.b.writes(Login(house.bob, 2, 1), Say(house.bob, 7, "psst", to="root", whom=-1))
    assert [each.room for each in told(house.lands(late), Message)] == ["@a2", "@a1"]


# -- numbers, blocks, all rooms ----------------------------------------------------------------


def test_numbers_have_no_hole_where_something_was_refused(house: Houseful) -> None:
    said = house.b.does(
        Say(house.bob, 1, "one", "huddle"),
        Say(house.bob, 2, "two", "nowhere"),
        Say(house.bob, 3, "three", "huddle"),
    )
    assert said.outcomes == [
        Placed("huddle", 1),
        Refused("no-such-room", ("nowhere",)),
        Placed("huddle", 2),
    ]


def test_lines_of_a_block_know_its_first_one_in_each_room(house: Houseful) -> None:
    house.b.does(Say(house.bob, 1, "before", "huddle"))
    said = house.b.does(
        Say(house.bob, 2, "one", "huddle", block=2),
        Say(house.bob, 3, "two", "huddle", block=2, inside=True),
        Say(house.bob, 4, "another", "huddle", block=4, inside=True),
    )
    assert [each.block for each in told(said, Message)] == [0, 2, 4]


def test_an_announcement_is_one_entry_and_stands_in_every_room_with_members(
    house: Houseful,
) -> None:
    house.b.does(Seat(house.bob, keyed("ops")), Unseat(house.bob, "ops"))
    house.b.does(Seat(house.bob, keyed("dev")))
    said = house.a.does(Announce(house.ana, "soup"))
    assert said.outcomes == [Done(2)]
    assert [(each.room, each.kind) for each in told(said, Message)] == [
        ("huddle", "announce"),
        ("dev", "announce"),
    ]


def test_an_announcement_under_an_id_is_made_once_and_only_where_its_author_is(
    house: Houseful,
) -> None:
    said = Announce(house.ana, "soup", own_id=7)
    house.b.does(Seat(house.bob, keyed("dev")))
    first = house.a.does(said)
    assert first.outcomes == [Placed("huddle", 1)]
    assert [each.id for each in told(first, Message)] == [7, 0]
    assert house.b.does(said).outcomes == [Again(house.ana, 7)]
    late = Announce(house.ana, "salad", own_id=8)
    assert house.b.does(late).outcomes == [Refused("replaced")]
    house.a.does(Lose(house.ana))
    assert house.b.does(late).outcomes == [Placed("huddle", 2)]


def test_in_ones_own_inbox_one_deletes_what_is_there(house: Houseful) -> None:
    house.a.does(Say(house.ana, 0, "psst", to="ana", whom=-1))
    assert code(house.a.asks(Erase("@a1", (), house.ana, own=True))) == "no-such-message"
    assert house.a.asks(Erase("@a1", (1,), house.ana, own=True)) == Done()


# -- what waits for who is away ----------------------------------------------------------------


def _places(address: str, site: str = "") -> list[dict[str, str]]:
    return [{"address": address.format(n), "site": site} for n in range(20)]


@pytest.mark.parametrize(
    ("pending", "each", "writers", "kept"),
    [
        (8, 2, _places("10.0.0.1")[:1], 2),
        (8, 2, _places("10.0.0.1"), 4),
        (8, 2, _places("2001:db8:1:{}::/64", "2001:db8:1::/48"), 6),
        (8, 2, _places("10.0.0.{}"), 16),
        (40, 2, _places("10.0.0.{}")[:5], 42),
        (3, 10, _places("10.0.0.{}")[:2], 4),
    ],
    ids=["of one", "of an address", "of a /48", "in all", "little", "few"],
)
def test_what_waits_is_bounded_for_each_who_writes_and_in_all_but_for_a_little_from_elsewhere(
    pending: int, each: int, writers: list[dict[str, str]], kept: int
) -> None:
    house = House(pending=pending, pending_each=each)
    node = house.node("a")
    bob = node.begins("bob")
    node.does(Lose(bob))
    outcomes: list[Outcome] = []
    for number, place in enumerate(writers):
        writer = node.begins(f"n{number}", **place)
        outcomes += node.does(*[Say(writer, 0, "psst", to="bob", whom=bob)] * 12).outcomes
    assert sum(isinstance(outcome, Placed) for outcome in outcomes) == kept
    node.does(Attach(bob))
    assert isinstance(node.asks(Say(writer, 0, "psst", to="bob", whom=bob)), Placed)


# -- what is deleted ---------------------------------------------------------------------------


def test_what_is_deleted_has_to_be_there_and_to_be_one_s_own_or_a_host_s(house: Houseful) -> None:
    house.b.does(Say(house.bob, 1, "oops", "huddle"))
    assert code(house.b.asks(Erase("huddle", (2,), house.bob, own=True))) == "no-such-message"
    assert code(house.b.asks(Erase("huddle", (1,), house.bob))) == "not-allowed"
    assert code(house.b.asks(Erase("@a1", (1,), house.bob, own=True))) == "not-allowed"
    assert house.b.asks(Erase("huddle", (1,), house.bob, own=True)) == Done()
    assert house.a.asks(Erase("huddle", (1,), house.ana)) == Done()


# -- presence ----------------------------------------------------------------------------------


def test_what_hosts_set_in_all_rooms_together_is_bounded() -> None:
    house = House(marks_all=20, rooms=10)
    a = house.node("a")
    host = a.begins("ana", ["ops"])
    a.does(Restrict("ops", 0, (Restriction("host", f"session:{host}"),)))
    a.does(Restrict("huddle", 0, tuple(Restriction("ban", f"nick:x{n}") for n in range(18))))
    assert a.asks(Restrict("ops", host, (Restriction("ban", "nick:y"),))) == Done(
        house.state.position
    )
    refused = a.asks(Restrict("ops", host, (Restriction("ban", "nick:z"),)))
    assert refused == Refused("too-many", ("marks_all", 20))
    assert isinstance(a.asks(Restrict("ops", 0, (Restriction("ban", "nick:z"),))), Done)


def test_a_new_id_counts_only_from_the_node_that_has_the_session(house: Houseful) -> None:
    """What was on its way from the node before would be recorded behind the refusal that the
    program was told on the next one, or take an id that it has given to another text there. Of a
    session that is away it counts: the next connection hears of it by its last id."""
    late = Say(house.bob, 1, "hola", "huddle")
    house.a.does(Attach(house.bob, 2))
    assert house.b.does(late).outcomes == [Refused("replaced")]
    assert house.b.does(Say(house.bob, 0, "by a person", "huddle")).outcomes == [
        Placed("huddle", 1)
    ]
    house.a.does(Lose(house.bob))
    assert house.b.does(late, late).outcomes == [Placed("huddle", 2), Again(house.bob, 1)]


def test_nothing_is_asked_of_who_speaks_where_nothing_is_restricted(
    house: Houseful, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(roles, "silence", lambda context, session, room: asked.append(room.name[0]))
    house.b.does(Seat(house.bob, keyed("ops")))

    def is_asked() -> bool:
        asked.clear()
        assert isinstance(house.b.asks(Say(house.bob, 0, "hola", "ops")), Placed)
        return asked == ["ops"]

    assert not is_asked()
    house.a.does(Restrict("ops", 0, (Restriction("voice", "nick:eve"),)))
    assert is_asked()
    house.state.rooms["ops"].restrictions.clear()
    for setting, on, off in (("slow", 3000, 0), ("quiet", True, False)):
        house.a.does(Set("ops", setting, on, 0))
        assert is_asked()
        house.a.does(Set("ops", setting, off, 0))
        assert not is_asked()
    house.a.does(Set("ops", "key", hashed("open"), 0))
    assert not is_asked()  # it shuts out, and silences nobody
