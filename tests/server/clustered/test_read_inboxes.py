"""What somebody has read of their private messages long ago is not shown again, whatever becomes of
the nodes; and what they have not read is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huddle.protocol.limits import Limits
from tests.rooms.test_inbox import private, writes_to
from tests.slow_record import SlowRecord
from tests.two_nodes import InTurn, TwoNodes
from tests.world import Peer, Program, World

SECRET = "secreto-uno"
DECLARED = 8.0
"""Seconds after which others have said that a node is gone."""


class Talk:
    """ana, a guest or with an account, and bob, who writes to her once a minute: on two nodes that
    crash together."""

    def __init__(self, *, registered: bool) -> None:
        limits = Limits(hold=36_000)
        self.world: World = InTurn(SlowRecord(limits), limits=limits)
        self.ana, self.bob = self.world.person("ana"), self.world.person("bob")
        self.registered = registered
        if registered:
            self.ana.says(f"/register {SECRET}")

    def writes(self, *texts: str) -> None:
        for text in texts:
            self.bob.says(f"/msg ana {text}")
            self.world.beats(60)

    def is_lost(self) -> None:
        self.ana.cut()
        self.world.beats(60)

    def returns(self) -> list[str]:
        """What bob wrote of which she is told on coming back."""
        self.ana = _back(self.world, self.ana, SECRET if self.registered else "")
        return _heard(self.ana)

    def crashes(self) -> list[str]:
        """All nodes do, and she comes back."""
        self.world = self.world.crashes()
        heard = self.returns()
        self.bob = _back(self.world, self.bob)
        self.world.beats(60)
        return heard


def _back(world: World, peer: Peer, secret: str = "") -> Peer:
    word = peer.word
    again = world.connect()
    again.says(f"/login ana {secret}" if secret else f"/back {word}")
    return again


def _heard(peer: Peer) -> list[str]:
    return [line.rpartition(" ")[2] for line in peer.reads() if "[bob]" in line]


def _here_all_the_time(talk: Talk) -> None:
    talk.writes("1", "2", "3")


def _away_when_it_began(talk: Talk) -> None:
    talk.is_lost()
    talk.writes("1", "2")
    assert talk.returns() == ["1", "2"]
    talk.writes("3")


def _away_once(talk: Talk) -> None:
    talk.writes("1")
    talk.is_lost()
    talk.writes("2")
    assert talk.returns()[-1] == "2"
    talk.writes("3")


def _away_before_it_began(talk: Talk) -> None:
    talk.is_lost()
    assert not talk.returns()
    talk.writes("1", "2", "3")


def _gone_for_good_once(talk: Talk) -> None:
    talk.writes("1", "2")
    talk.ana.says("/quit")
    talk.returns()
    talk.writes("3")


def _in_a_crash_before(talk: Talk) -> None:
    talk.writes("1", "2")
    assert talk.crashes() == ["2"]
    talk.writes("3")


def _registering_behind_it(talk: Talk) -> None:
    talk.writes("1", "2")
    if not talk.registered:
        talk.registered = True
        talk.ana.says(f"/register {SECRET}")
    talk.writes("3")


def _writing_first(talk: Talk) -> None:
    talk.ana.says("/msg bob one", "/msg bob two")
    talk.writes("1", "2", "3")


@pytest.mark.parametrize("registered", [False, True])
@pytest.mark.parametrize(
    "was",
    [
        _here_all_the_time,
        _away_when_it_began,
        _away_once,
        _away_before_it_began,
        _gone_for_good_once,
        _in_a_crash_before,
        _registering_behind_it,
        _writing_first,
    ],
)
def test_behind_a_crash_of_all_nodes_the_last_moments_are_shown_again_and_nothing_else(
    was: Callable[[Talk], None], registered: bool
) -> None:
    talk = Talk(registered=registered)
    was(talk)
    talk.writes("4")
    assert talk.crashes() == ["4"]
    assert talk.crashes() == ["4"]


def test_nor_is_it_to_who_goes_from_one_node_to_the_other() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    for text in "123":
        bob.says(f"/msg ana {text}")
        two.a.passes(60)
    again = _back(two.b, ana)
    assert _heard(again) == ["3"]
    assert ana.gone


# -- nothing is lost by that -------------------------------------------------------------------


@pytest.mark.parametrize("then", [DECLARED, 1.0])
@pytest.mark.parametrize("earlier", [0, 3])
def test_what_their_node_had_not_heard_of_is_shown_on_the_next_one(
    earlier: int, then: float
) -> None:
    """With private messages from before, or as the first ones."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    bob.says(*(f"/msg ana old{number}" for number in range(earlier)))
    two.a.passes(60)
    two.views["a"].cut_off = True
    for text in ("1", "2"):
        bob.says(f"/msg ana {text}")
        two.b.passes(2)
    two.kill("a")
    two.b.passes(then)
    assert _heard(_back(two.b, ana))[-2:] == ["1", "2"]


@pytest.mark.parametrize("then", [DECLARED, 1.0])
@pytest.mark.parametrize("earlier", [0, 3])
def test_what_waits_is_shown_though_the_node_is_lost_on_which_they_come_back(
    earlier: int, then: float
) -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.a.person("bob")
    bob.says(*(f"/msg ana old{number}" for number in range(earlier)))
    two.a.beats(60)
    ana.cut()
    two.a.passes(30)
    bob.says("/msg ana 1", "/msg ana 2")
    two.a.passes(30)
    two.views["b"].behind = True
    _back(two.b, ana)
    two.settle()
    two.kill("b")
    two.a.passes(then)
    assert _heard(_back(two.a, ana))[-2:] == ["1", "2"]


@pytest.mark.parametrize("earlier", [0, 3])
def test_what_comes_to_a_node_behind_their_connection_is_shown_on_the_next_one(
    earlier: int,
) -> None:
    """It stands in the log before they are away, by then long ago."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    bob.says(*(f"/msg ana old{number}" for number in range(earlier)))
    two.a.beats(60)
    two.views["a"].behind = True
    for text in "12":
        bob.says(f"/msg ana {text}")
        two.b.passes(1)
    two.b.passes(9)
    ana.cut()
    two.views["a"].behind = False
    two.a.passes(60)
    bob.says("/msg ana 3")
    assert _heard(_back(two.b, ana))[-3:] == ["1", "2", "3"]


def test_what_was_not_told_who_is_sent_out_by_another_node_is_shown_when_they_come_again() -> None:
    two = TwoNodes(operators=["eve"], others={"eve": "sesame99"})
    ana, bob, eve = two.a.person("ana"), two.b.person("bob"), two.b.connect()
    eve.says("/login eve sesame99")
    bob.says("/msg ana old")
    two.a.passes(60)
    two.views["a"].cut_off = True
    bob.says("/msg ana 1")
    two.b.passes(4)
    eve.says("/kick ana")
    two.b.passes(60)
    two.kill("a")
    two.b.passes(60)
    assert _heard(_back(two.b, ana)) == ["old", "1"]


def test_so_it_is_where_they_are_sent_out_as_soon_as_they_have_come_back() -> None:
    two = TwoNodes(operators=["eve"], others={"eve": "sesame99"})
    ana, bob, eve = two.a.person("ana"), two.a.person("bob"), two.a.connect()
    eve.says("/login eve sesame99")
    bob.says("/msg ana old")
    two.a.beats(60)
    ana.cut()
    two.a.passes(30)
    for text in "123":
        bob.says(f"/msg ana {text}")
        two.a.passes(2)
    two.views["b"].behind = True
    _back(two.b, ana)
    two.settle()
    eve.says("/kick ana")
    two.a.passes(1)
    two.kill("b")
    two.a.passes(60)
    assert _heard(_back(two.a, ana))[-3:] == ["1", "2", "3"]


def test_a_program_that_has_never_named_its_inbox_is_given_what_is_not_sure() -> None:
    limits = Limits(hold=36_000)
    world: World = InTurn(SlowRecord(limits), limits=limits)
    bob, bot = world.program("bob"), world.program("bot", replay=0)
    for text in "1234":
        writes_to(bob, "bot", text)
        world.beats(60)
    before = len(private(bot))
    bot = bot.again(world.crashes(), replay=0, after={"huddle": 0})
    assert (before, [text for _, text in private(bot)[before:]]) == (4, ["4"])


# -- who has written it ------------------------------------------------------------------------


def _held_by_nobody(*, registered: bool = False) -> tuple[TwoNodes, Program]:
    """ana's node was killed; she has read five private messages there."""
    two = TwoNodes(limits=Limits(pending=2, pending_each=2))
    ana, bob = two.a.person("ana"), two.b.program("bob")
    if registered:
        ana.says(f"/register {SECRET}")
    for text in "12345":
        writes_to(bob, "ana", text)
        two.a.beats(60)
    two.kill("a")
    two.b.passes(DECLARED)
    bob.said()
    bob.forgets()
    return two, bob


def test_whose_message_was_not_read_by_who_was_on_a_node_that_was_killed_is_told() -> None:
    two, bob = _held_by_nobody()
    writes_to(bob, "ana", "6")
    two.b.passes(150)
    bob.said()
    [unread] = [each for each in bob.heard if each["type"] == "unread"]
    assert unread == {"type": "unread", "nick": "ana", "count": 2}  # and 5 may not have been


@pytest.mark.parametrize("registered", [False, True])
def test_what_was_read_does_not_count_as_waiting_there(registered: bool) -> None:
    _, bob = _held_by_nobody(registered=registered)
    writes_to(bob, "ana", "6")
    bob.said()
    assert 6 in bob.acks
