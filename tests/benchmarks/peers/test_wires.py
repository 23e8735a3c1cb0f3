"""A wire is handed to the generator as arguments, each `key=value`."""

from benchmarks.peers import PEERS
from benchmarks.peers.wires import PLAIN, Await, Wire
from benchmarks.runs.load import Load


def test_a_greeting_keeps_its_order() -> None:
    arguments = Wire(member=("a", Await("b"), "c"), say="{text}").arguments(64)
    assert arguments[:3] == ["member.send=a", "member.await=b", "member.send=c"]


def test_the_length_of_a_text_is_filled_in() -> None:
    arguments = Wire(member=(), say="PUB huddle {bytes}\r\n{text}\r\n").arguments(64)
    assert "say=PUB huddle 64\r\n{text}\r\n" in arguments


def test_yes_and_no_are_one_and_zero() -> None:
    arguments = Load(members=3, join_only=True).arguments(PLAIN)
    assert {"members=3", "join_only=1", "separate=0"} <= set(arguments)


def test_who_speaks_on_connections_of_their_own_is_greeted_there() -> None:
    for peer in PEERS.values():
        assert peer.wire.separate == bool(peer.wire.speaker)
