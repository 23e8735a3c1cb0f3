"""Whose next node is lost, too, before it has shown them what they missed misses nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huddle.protocol.limits import Limits
from tests.slow_record import SlowRecord
from tests.two_nodes import TwoNodes
from tests.world import UNIX, Peer, World

LINES = [f"line {number}" for number in range(45)]
"""More than are shown to those who come in anew."""

SECRET = "secreto-uno"

DECLARED = 8.0
NOT_YET = 1.0
"""Seconds after which others have said, or not, that a node is gone."""


def _away(two: TwoNodes, how: str, seconds: float, secret: str = "") -> tuple[Peer, Peer]:
    """ana, who was on the node a, is away for so long, while bob talks on the other one."""
    ana, bob = two.a.person("ana"), two.b.person("bob")
    if secret:
        ana.says(f"/register {secret}")
    two.a.passes(20)
    if how == "killed":
        two.kill("a")
    else:
        ana.cut()
    two.b.passes(seconds / 2)
    for first in (0, 15, 30):
        two.b.passes(3)
        bob.says(*LINES[first : first + 15])
    two.b.passes(seconds / 2)
    if how == "killed":
        two.restart("a")
    two.b.passes(2)
    return ana, bob


def _by_word(world: World, ana: Peer) -> Peer:
    peer = world.connect()
    peer.says(f"/back {ana.word}")
    return peer


def _by_password(world: World, ana: Peer) -> Peer:
    peer = world.connect()
    peer.says(f"/login ana {SECRET}")
    return peer


def _missed(peer: Peer) -> list[str]:
    heard = "\n".join(peer.reads()) + "\n"
    return [text for text in LINES if f"<bob> {text}\n" not in heard]


def _tries(two: TwoNodes, name: str, ana: Peer, come: Callable[[World, Peer], Peer]) -> None:
    """They come to that node, which is killed before it hears from the log that they have."""
    two.views[name].behind = True
    tried = come(getattr(two, name), ana)
    two.settle()
    assert _missed(tried) == LINES
    two.kill(name)


@pytest.mark.parametrize("then", [DECLARED, NOT_YET])
@pytest.mark.parametrize("seconds", [4, 30, 300])
@pytest.mark.parametrize("how", ["killed", "cut"])
def test_two_nodes_lost_one_after_the_other_hide_nothing(
    how: str, seconds: float, then: float
) -> None:
    """The other one may not even have said yet that the second is gone."""
    two = TwoNodes()
    ana, _ = _away(two, how, seconds)
    _tries(two, "b", ana, _by_word)
    two.a.passes(then)
    assert not _missed(_by_word(two.a, ana))


@pytest.mark.parametrize("then", [DECLARED, NOT_YET])
def test_nor_do_three(then: float) -> None:
    two = TwoNodes()
    ana, _ = _away(two, "cut", 30)
    _tries(two, "b", ana, _by_word)
    two.a.passes(then)
    two.restart("b")
    two.a.passes(then)
    _tries(two, "a", ana, _by_word)
    two.b.passes(then)
    assert not _missed(_by_word(two.b, ana))


@pytest.mark.parametrize("how", ["killed", "cut"])
def test_so_it_is_for_those_with_a_password(how: str) -> None:
    two = TwoNodes()
    ana, _ = _away(two, how, 30, SECRET)
    _tries(two, "b", ana, _by_password)
    two.a.passes(DECLARED)
    assert not _missed(_by_password(two.a, ana))


def test_and_for_those_who_had_left() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    two.a.passes(20)
    ana.says("/quit")
    for first in (0, 15, 30):
        two.b.passes(20)
        bob.says(*LINES[first : first + 15])
    two.b.passes(20)
    _tries(two, "b", ana, _by_word)
    two.a.passes(DECLARED)
    assert not _missed(_by_word(two.a, ana))


def test_who_did_not_read_on_their_last_node_misses_nothing_where_the_next_is_lost() -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    bob.says("before")
    ana.forgets()
    ana.stops_reading()
    for first in (0, 15, 30):
        bob.says(*LINES[first : first + 15])
        two.a.beats(20)
    _tries(two, "b", ana, _by_word)
    two.a.passes(DECLARED)
    assert not _missed(_by_word(two.a, ana))


@pytest.mark.parametrize("how", ["killed", "cut"])
def test_what_was_shown_by_a_node_that_went_on_is_not_shown_again(how: str) -> None:
    two = TwoNodes()
    ana, bob = _away(two, how, 30)
    back = _by_word(two.b, ana)
    assert not _missed(back)
    two.b.passes(20)
    bob.says("new")
    two.b.passes(20)
    two.kill("b")
    two.a.passes(DECLARED)
    heard = _by_word(two.a, back).reads()
    assert [line for line in heard if "<bob>" in line] == ["12:01 <bob> new"]


def _unheard(two: TwoNodes, seconds: float) -> None:
    """The node b is cut off for so long, is said to be gone, and is heard again."""
    life = two.nodes["b"].node.life
    two.views["b"].cut_off = True
    two.a.passes(seconds)
    two.views["b"].cut_off = False
    two.a.passes(3)
    assert two.nodes["b"].node.life != life


def _shown(peer: Peer) -> list[str]:
    return [line.partition(" ")[2] for line in peer.reads() if "<bob>" in line]


def test_nor_where_it_was_not_heard_for_some_seconds_right_behind_that() -> None:
    """It was put down meanwhile, and has taken them back."""
    two = TwoNodes()
    ana, _ = _away(two, "cut", 30)
    eva = two.a.person("eva")
    back = _by_word(two.b, ana)
    assert not _missed(back)
    _unheard(two, 12)
    two.b.beats(20)
    eva.says("new")
    two.b.beats(20)
    bob = two.a.person("bo")
    bob.says("newer")
    assert not back.gone
    again = _by_word(two.a, back)
    assert not [line for line in again.reads() if "line " in line]


def test_but_what_they_did_not_read_by_then_is() -> None:
    """The node says it once more, in its next life."""
    two = TwoNodes()
    ana, bob = two.b.person("ana"), two.a.person("bob")
    two.b.beats(20)
    ana.forgets()
    ana.stops_reading()
    for first in (0, 15, 30):
        bob.says(*LINES[first : first + 15])
        two.b.beats(10)
    _unheard(two, 12)
    two.b.beats(30)
    two.kill("b")
    two.a.passes(DECLARED)
    assert not _missed(_by_word(two.a, ana))


def test_what_was_said_while_their_node_was_not_heard_is_shown_where_it_is_lost_then() -> None:
    two = TwoNodes()
    ana, bob = two.b.person("ana"), two.a.person("bob")
    two.b.beats(20)
    two.views["b"].cut_off = True
    for first in (0, 15, 30):
        bob.says(*LINES[first : first + 15])
        two.a.passes(20)
    ana.forgets()
    ana.stops_reading()
    two.views["b"].cut_off = False
    two.a.passes(2)
    two.kill("b")
    two.a.passes(DECLARED)
    assert not _missed(_by_word(two.a, ana))


@pytest.mark.parametrize("stops", ["coming back", "later"])
def test_who_does_not_read_behind_a_unix_socket_misses_nothing_where_their_node_is_lost(
    stops: str,
) -> None:
    """No kernel says what has arrived there."""
    two = TwoNodes(limits=Limits(flood_rate=0, hold=3600))
    long = [f"line {number} {'la' * 1900}" for number in range(60)]
    ana, bob = two.b.person("ana", transport=UNIX), two.a.person("bob")
    two.b.beats(20)
    if stops == "coming back":
        ana.cut()
        bob.says(*long)
        two.b.beats(60)
        back = two.b.connect(transport=UNIX)
        back.stops_reading()
        back.says(f"/back {ana.word}")
        two.settle()
        back.takes(1000)
        assert back.reads() and back.word
        ana = back
    else:
        ana.stops_reading()
        bob.says(*long)
    for text in ("then", "now"):
        two.b.beats(30)
        bob.says(text)
    two.kill("b")
    two.a.passes(DECLARED)
    heard = "\n".join(_by_word(two.a, ana).reads()) + "\n"
    assert not [text for text in long if f"<bob> {text}\n" not in heard]


@pytest.mark.parametrize("earlier", [[], ["old"]])
def test_who_waits_for_the_disk_of_a_node_that_is_lost_then_misses_nothing(
    earlier: list[str],
) -> None:
    """The node beats meanwhile, for longer than it takes to show somebody in."""
    disk = SlowRecord()
    two = TwoNodes(record=disk)
    ana, bob = two.a.person("ana"), two.a.person("bob")
    ana.says(f"/register {SECRET}")
    bob.says(*(f"/msg ana {text}" for text in earlier))
    two.a.beats(20)
    ana.cut()
    for text in "123":
        bob.says(f"line {text}", f"/msg ana psst {text}")
        two.a.passes(2)
    disk.slow_to_read = True
    tried = _by_password(two.b, ana)
    two.b.beats(30)
    assert not any("bob" in line for line in tried.reads())
    two.kill("b")
    disk.slow_to_read = False
    two.a.passes(DECLARED)
    heard = _by_password(two.a, ana).reads()
    assert [line[-6:] for line in heard if "<bob>" in line] == ["line 1", "line 2", "line 3"]
    assert [line[-6:] for line in heard if "[bob] psst" in line] == ["psst 1", "psst 2", "psst 3"]
