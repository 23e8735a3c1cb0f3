"""Who holds a session: its turns, its losses, and nodes that come back.

Each test is a sequence of events, and its docstring says what a simpler rule would do with it.
"""

from __future__ import annotations

from typing import Any

import pytest

from huddle.cluster.effects import (
    VOID,
    Attached,
    Done,
    Gone,
    Held,
    Joined,
    Left,
    Message,
    Opened,
    Outcome,
    Refused,
    Removed,
)
from huddle.cluster.entries import (
    Attach,
    Beat,
    Begin,
    Cut,
    Down,
    Expire,
    Leave,
    Lifted,
    Login,
    Lose,
    Own,
    Password,
    Register,
    Rename,
    Restrict,
    Restriction,
    Retain,
    Say,
    Seat,
    Set,
    Up,
    Upgrade,
)
from huddle.cluster.naming import keyed
from huddle.cluster.rules.sessions import HEARD_FROM_RULES
from tests.cluster.written_log import HUDDLE, NOON, House, Node, code, hashed, told

KEY = hashed("secret")


class Three(House):
    """Three nodes; ana is on the first of them, as a program."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = self.node("a"), self.node("b"), self.node("c")
        self.ana = self.a.begins("ana", key=KEY, turn=1)
        self.session = self.state.sessions[self.ana]


@pytest.fixture
def house() -> Three:
    return Three()


def test_a_new_session_whose_secret_is_known_is_the_one_that_there_is(house: Three) -> None:
    """A program said hello to one node, heard nothing, and said it to the next. Both begin it; two
    sessions would have one secret, and ids of each would be new to the other."""
    late = house.b.writes(Begin(keyed("ana"), (HUDDLE,), KEY, turn=2))
    assert house.lands(late).outcomes == [Opened(house.ana, known=True)]
    assert house.session.life == house.b.life
    assert house.state.last_session == house.ana


def test_the_hello_that_was_tried_last_has_the_session_whichever_lands_first(house: Three) -> None:
    """Tried on b, then on c, where the program is now; b's lands last. By the order of the log b
    would hold it, and the connection that lives would be told that it was replaced."""
    given_up, living = house.b.writes(Attach(house.ana, 2)), house.c.writes(Attach(house.ana, 3))
    house.lands(living)
    assert house.lands(given_up).outcomes == [Refused("replaced")]
    assert house.session.life == house.c.life


def test_who_counts_no_turns_is_where_they_came_last(house: Three) -> None:
    bob = house.a.begins("bob")
    assert told(house.b.does(Attach(bob)), Attached) == [Attached(bob, house.b.life, house.a.life)]
    assert told(house.c.does(Attach(bob)), Attached) == [Attached(bob, house.c.life, house.b.life)]


def test_one_that_is_only_held_is_opened_with_any_turn(house: Three) -> None:
    """Its program may have been put back from a backup."""
    house.b.does(Attach(house.ana, 9), Lose(house.ana))
    assert house.c.asks(Attach(house.ana, 3)) == Opened(house.ana, known=True)
    house.c.does(Leave(house.ana))
    assert house.a.asks(Attach(house.ana, 2)) == Opened(house.ana, known=True)


def test_a_return_word_opens_its_session_as_long_as_it_is_the_session_s(house: Three) -> None:
    bob = house.a.begins("bob", word="aa")
    assert house.state.by_word == {"aa": bob}
    house.a.does(Lose(bob))
    assert code(house.b.asks(Attach(bob, word="bb"))) == "word-unknown"
    assert house.b.asks(Attach(bob, word="aa")) == Opened(bob, known=True)
    house.b.does(Own(bob, word="bb"))
    assert code(house.c.asks(Attach(bob, word="aa"))) == "word-unknown"
    assert house.state.by_word == {"bb": bob}
    house.b.does(Own(bob, word=""))
    assert house.state.by_word == {}


def test_a_device_has_the_account_s_nick_and_no_return_word(house: Three) -> None:
    house.a.does(Register(keyed("Root"), "hash", 0))
    device = house.state.sessions[house.a.begins("root", account=1, version=1, word="aa")]
    assert (device.nick, device.word, house.state.by_word) == (keyed("Root"), "", {})
    assert code(house.a.asks(Begin(keyed("x"), (HUDDLE,), account=9))) == "not-registered"


def test_what_one_device_has_read_the_record_is_to_know_of_the_account(house: Three) -> None:
    house.a.does(Register(keyed("root"), "hash", 0))
    device = house.a.begins("root", account=1, version=1)
    for seq, is_news in ((3, True), (2, False), (3, False)):
        lost = house.a.does(Lose(device, {"@a1": seq}), Attach(device))
        assert (("account", 1) in lost.rows) is is_news
    assert house.state.accounts[1].read == 3


def test_who_is_banned_uses_up_no_number(house: Three) -> None:
    house.a.does(Restrict("huddle", 0, (Restriction("ban", "nick:eve", nick="eve"),)))
    assert code(house.a.asks(Begin(keyed("eve"), (HUDDLE,)))) == "banned"
    assert house.a.begins("bob") == house.ana + 1


def test_who_comes_again_by_the_same_node_goes_on_with_a_block(house: Three) -> None:
    pasted = Say(house.ana, 0, "one", "huddle", block=7, inside=True)
    for node, first in ((house.a, 1), (house.a, 1), (house.b, 3)):
        node.does(Attach(house.ana))
        assert [each.block for each in told(node.does(pasted), Message)] == [first]


def test_losing_a_connection_means_nothing_once_the_session_has_another(house: Three) -> None:
    """She has moved to b; a notices only now that her old connection is dead. By the session alone
    she would be put away while she is talking."""
    late = house.a.writes(Lose(house.ana, {"huddle": 3}))
    house.b.does(Attach(house.ana, 2))
    assert house.lands(late).outcomes == [VOID]
    assert not house.session.away
    assert house.b.does(Lose(house.ana), Lose(house.ana)).outcomes == [Done(), VOID]


def test_what_is_the_session_s_own_counts_only_from_its_holder(house: Three) -> None:
    """Her new node has told the record what she has read. The old one's last word comes later and
    would take that back: /back would show it all again, or her new return word would be dead."""
    late = house.a.writes(
        Own(house.ana, word="aa", ignores=("session:9 eve",), cursors={"huddle": 1}),
        Rename(house.ana, keyed("eva")),
        Leave(house.ana),
    )
    house.b.does(Attach(house.ana, 2), Own(house.ana, cursors={"huddle": 9}))
    own, rename, leave = house.lands(late).outcomes
    assert (code(own), code(rename), leave) == ("replaced", "replaced", VOID)
    assert (house.session.word, house.session.ignores) == ("", ())
    assert house.session.rooms == {"huddle": 9}
    assert house.session.nick[0] == "ana"


def test_what_its_holder_says_leaves_all_else_as_it_is(house: Three) -> None:
    house.a.does(Own(house.ana, word="aa", ignores=("session:9 eve",), cursors={"huddle": 1}))
    said = house.a.does(Own(house.ana, wishes="times"))
    assert (house.session.wishes, house.session.rooms) == ("times", {"huddle": 1})
    assert (house.session.word, house.session.ignores) == ("aa", ("session:9 eve",))
    assert said.rows == {("session", house.ana): None}


def test_who_has_just_logged_in_has_neither_another_nick_nor_a_word(house: Three) -> None:
    """Both were on their way, from before that was known."""
    house.a.does(Register(keyed("root"), "hash", 0))
    late = Rename(house.ana, keyed("eva")), Own(house.ana, word="aa")
    outcomes = house.a.does(Login(house.ana, 1, 1), *late).outcomes
    assert code(outcomes[1]) == "account-nick"
    assert (house.session.nick, house.session.word) == (keyed("root"), "")
    assert house.state.by_word == {} and "eva" not in house.state.names


def test_a_hold_ends_only_for_the_loss_that_began_it(house: Three) -> None:
    """Lost, back, lost again: the first hold's end is on its way when the second has just begun."""
    [first] = told(house.a.does(Lose(house.ana)), Held)
    late = house.b.writes(Expire(house.ana, first.losses))
    house.c.does(Attach(house.ana, 2), Lose(house.ana))
    assert house.lands(late).outcomes == [VOID]
    assert house.session.here
    assert house.a.asks(Expire(house.ana, house.session.losses)) == Done()


def test_a_hold_does_not_end_for_who_has_come_back(house: Three) -> None:
    [held] = told(house.a.does(Lose(house.ana)), Held)
    house.b.does(Attach(house.ana, 2))
    assert house.a.asks(Expire(house.ana, held.losses)) == VOID
    assert house.a.asks(Expire(house.ana, house.session.losses)) == VOID


def test_a_session_that_is_over_has_left_its_rooms_and_finds_them_again(house: Three) -> None:
    house.a.does(Seat(house.ana, keyed("ops")), Say(house.ana, 1, "hola", "ops"))
    gone = house.a.does(Leave(house.ana))
    assert [each.room for each in told(gone, Left)] == ["huddle", "ops"]
    assert told(gone, Gone) == [Gone(house.ana)]
    back = house.b.does(Attach(house.ana, 2))
    assert [each.room for each in told(back, Joined)] == ["huddle", "ops"]


def test_one_that_comes_back_finds_no_room_that_was_closed_to_it(house: Three) -> None:
    bob = house.b.begins("bob")
    house.b.does(Register(keyed("bob"), "", bob, own=True))
    house.state.accounts[1].operator = True
    house.a.does(Seat(house.ana, keyed("ops")), Seat(house.ana, keyed("dev")))
    house.a.does(Say(house.ana, 1, "hola", "ops"), Say(house.ana, 2, "hola", "dev"))
    house.a.does(Leave(house.ana))
    house.b.does(
        Set("ops", "key", hashed("x"), bob),
        Restrict("dev", bob, (Restriction("ban", f"session:{house.ana}"),)),
    )
    house.b.does(Attach(house.ana, 2))
    assert list(house.session.rooms) == ["huddle"]


def test_who_is_muted_in_a_room_that_they_are_not_in_may_take_another_nick() -> None:
    house = House()
    node = house.node("a", HEARD_FROM_RULES)
    node.does(Upgrade(HEARD_FROM_RULES))
    ana = node.begins("ana", ["ops"])
    for room, outcome in (("huddle", "Done"), ("ops", "Refused")):
        node.does(Restrict(room, 0, (Restriction("mute", f"session:{ana}"),)))
        assert type(node.asks(Rename(ana, keyed(f"eva-{room}")))).__name__ == outcome


def test_whom_the_house_has_banned_does_not_come_back(house: Three) -> None:
    house.b.does(Restrict("huddle", 0, (Restriction("ban", "nick:ana"),)))
    assert code(house.b.asks(Attach(house.ana, 2))) == "banned"
    house.a.does(Leave(house.ana))
    assert code(house.b.asks(Attach(house.ana, 2, nick=keyed("ana")))) == "banned"


def test_a_banned_network_keeps_out_by_the_address_that_one_comes_from(house: Three) -> None:
    mark = Restriction("ban", "address:10.0.0.0/8", first="040a000000", last="040affffff")
    house.a.does(Restrict("huddle", 0, (mark,)))
    assert code(house.b.asks(Attach(house.ana, 2, host="040a010203"))) == "banned"
    assert isinstance(house.b.asks(Attach(house.ana, 3, host="040b010203")), Opened)
    there = Begin(keyed("bob"), (HUDDLE,), host="040a010203")
    assert code(house.b.asks(there)) == "banned"


@pytest.mark.parametrize("turn", [0, 1])
def test_a_node_that_comes_back_has_those_who_waited_for_it_and_not_those_who_went_on(
    turn: int, house: Three
) -> None:
    """a was cut off and put down. bob went on to b, ana's connection to a held. By a plain attach a
    would tear bob away from the node where he is, if he does not count his turns as a program."""
    bob = house.a.begins("bob", turn=turn)
    fenced = house.a.life
    house.b.does(Down(fenced, house.a.n))
    house.b.does(Attach(bob, 2 * turn))
    again = Node(house, "a")
    applied = again.does(Up({}), Attach(house.ana, 1, fenced), Attach(bob, turn, fenced))
    assert applied.outcomes[1:] == [Opened(house.ana, known=True), Refused("replaced")]
    assert house.session.life == again.life
    assert house.state.sessions[bob].life == house.b.life


def test_where_a_node_died_its_members_are_back_before_its_last_batch(house: Three) -> None:
    """No one knows what its members had read when it died. What was told within its last eight
    seconds may not have reached them: rather twice than never."""
    house.now = NOON + 60_000
    house.a.does(Beat())
    house.now += 30_000
    house.b.does(Down(house.a.life, house.a.n))
    assert house.session.away
    assert house.session.since == NOON + 60_000 - 8000
    house.b.does(Attach(house.ana, 2))
    assert house.session.since == 0


def test_where_a_node_said_how_far_its_members_were_that_is_known(house: Three) -> None:
    house.a.does(Lose(house.ana, {"huddle": 41}))
    house.b.does(Down(house.a.life, house.a.n))
    assert (house.session.since, house.session.rooms) == (0, {"huddle": 41})


def test_one_who_is_sent_out_is_out_on_the_node_that_holds_it(house: Three) -> None:
    house.b.does(Register(keyed("root"), "", 0))
    house.state.accounts[1].operator = True
    root = house.b.begins("root", account=1, version=1)
    applied = house.b.does(Cut(house.ana, "huddle", root, "enough"))
    assert told(applied, Removed) == [Removed(house.ana, "huddle", "root", "enough", None)]
    assert told(applied, Gone) == [Gone(house.ana)]
    assert house.a.asks(Lose(house.ana)) == VOID


def test_an_account_s_session_wants_the_password_that_was_changed_elsewhere(house: Three) -> None:
    """Her laptop's session was opened under the old one, which somebody else knows."""
    house.a.does(Register(keyed("ana"), "old", house.ana, own=True))
    late = house.b.writes(Attach(house.ana, 2))
    assert house.c.asks(Password(1, "new", seen=1)) == Done(2)
    assert house.lands(late).outcomes == [Refused("password-needed", ("ana",))]
    assert isinstance(house.b.asks(Attach(house.ana, 3, version=2)), Opened)


def test_so_it_does_once_where_the_new_one_is_brought(house: Three) -> None:
    house.a.does(Register(keyed("root"), "hash", 0))
    device = house.a.begins("root", account=1, version=1)
    house.a.does(Password(1, "other", 1), Lose(device))
    assert code(house.b.asks(Attach(device))) == "password-needed"
    for version in (2, 0):
        assert house.b.asks(Attach(device, version=version)) == Opened(device, known=True)
        house.b.does(Lose(device))


def test_a_proof_by_a_password_that_is_no_longer_the_one_is_none(house: Three) -> None:
    house.a.does(Register(keyed("root"), "old", 0))
    late = house.b.writes(Login(house.b.begins("bob"), 1, 1))
    house.a.does(Password(1, "new", seen=1))
    assert code(house.lands(late).outcomes[0]) == "wrong-password"


def test_of_two_who_change_a_password_at_once_the_second_is_told(house: Three) -> None:
    """By the whole row the second would silently undo the first, who then cannot come in."""
    house.a.does(Register(keyed("root"), "old", 0))
    late = house.b.writes(Password(1, "second", seen=1))
    house.a.does(Password(1, "first", seen=1))
    assert code(house.lands(late).outcomes[0]) == "wrong-password"
    assert house.state.accounts[1].hash == "first"


def test_a_secret_is_unknown_only_when_retention_has_forgotten_it(house: Three) -> None:
    house.a.does(Leave(house.ana))
    house.now += 1000
    house.b.does(Retain(left_before=house.now))
    assert house.b.asks(Attach(house.ana, 2)) == Refused("session-unknown")
    assert house.b.asks(Begin(keyed("ana"), (HUDDLE,), KEY)) == Opened(house.ana + 1, known=False)


def test_the_house_is_full_on_all_nodes_together() -> None:
    house = House(sessions=2)
    a, b = house.node("a"), house.node("b")
    a.begins("ana")
    late = a.writes(Begin(keyed("eva"), (HUDDLE,)))
    b.begins("bob")
    assert code(house.lands(late).outcomes[0]) == "server-full"


def test_who_has_no_account_does_not_come_into_a_house_for_members() -> None:
    house = House(members_only=True)
    a = house.node("a")
    assert code(a.asks(Begin(keyed("ana"), (HUDDLE,)))) == "members-only"
    a.does(Register(keyed("ana"), "hash", 0))
    assert a.begins("ana", account=1, version=1) == 1


def test_what_is_taken_off_is_what_was_seen() -> None:
    """Two hosts: one lifts a ban that she saw, while the other has just set a longer one. By the
    target alone she would lift that one, of which she knows nothing."""
    house = House()
    a, b = house.node("a"), house.node("b")
    short, long = Restriction("ban", "nick:eve", until=NOON + 1), Restriction("ban", "nick:eve")
    seen = a.asks(Restrict("huddle", 0, (short,)))
    assert isinstance(seen, Done)
    lift = Lifted("ban", "nick:eve", seen.number)
    late = a.writes(Restrict("huddle", 0, lifted=(lift,)))
    b.does(Restrict("huddle", 0, (long,)))
    assert house.lands(late).outcomes == [VOID]
    assert ("ban", "nick:eve") in house.state.rooms["huddle"].restrictions


def test_a_setting_is_one_field_and_leaves_the_others_as_they_are() -> None:
    """A topic and a slow mode at once, from two nodes: as rows, the second undoes the first."""
    house = House()
    a, b = house.node("a"), house.node("b")
    late = a.writes(Set("huddle", "topic", "soup", 0))
    seen = b.asks(Set("huddle", "slow", 5000, 0))
    house.lands(late)
    room = house.state.rooms["huddle"]
    assert (room.topic, room.slow) == ("soup", 5000)
    assert isinstance(seen, Done)
    b.does(Set("huddle", "slow", 9000, 0))
    assert a.asks(Set("huddle", "slow", 0, 0, seen=seen.number)) == VOID


@pytest.mark.parametrize(
    ("own", "outcome"),
    [
        ({"wishes": "{}"}, Done()),
        ({}, Refused("replaced")),
        ({"wishes": "{}", "ignores": ("session:1 bob",)}, Refused("replaced")),
        ({"wishes": "{}", "in_charge": True}, Refused("replaced")),
        ({"wishes": "{}", "cursors": {"huddle": 0}}, Refused("replaced")),
    ],
)
def test_of_who_was_held_by_a_life_that_is_over_wishes_alone_are_heard(
    own: dict[str, Any], outcome: Outcome
) -> None:
    house = House()
    a, b = house.node("a", 2), house.node("b", 2)
    a.does(Upgrade(2))
    ana = b.begins("ana")
    a.does(Down(b.life, b.n))
    assert a.asks(Own(ana, **own, was=a.life)) == Refused("replaced")
    assert a.asks(Own(ana, **own, was=b.life)) == outcome
    a.does(Attach(ana))
    assert house.node("b", 2).asks(Own(ana, **own, was=b.life)) == Refused("replaced")
