"""What the kernel knows of a peer tells whether it is still there."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from select import select

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.doors.tcp_info import HIDDEN, Arrivals, Rounds, is_dead, not_sent
from tests.in_memory_tcp import TCP_CLOSE
from tests.patience import PATIENCE


def tcp_info(
    *,
    retransmits: int = 0,
    probes: int = 0,
    unacked: int = 0,
    last_ack: int = 0,
    not_sent: int = 0,
    acked: int = 0,
    sent: int = 0,
    again: int = 0,
    window: int = 65_536,
    size: int = 248,
) -> bytes:
    """A ``struct tcp_info`` of Linux 6; what is not asked for is full of ones."""
    info = bytearray(b"\xff" * 248)
    info[2:4] = bytes((retransmits, probes))
    struct.pack_into("=I", info, 24, unacked)
    struct.pack_into("=I", info, 56, last_ack)
    struct.pack_into("=Q", info, 120, acked)
    struct.pack_into("=I", info, 144, not_sent)
    struct.pack_into("=QQ", info, 200, sent, again)
    struct.pack_into("=I", info, 228, window)
    return bytes(info[:size])


def test_the_kernels_fields_are_read() -> None:
    assert not_sent(tcp_info(not_sent=5)) == 5
    assert not_sent(tcp_info(not_sent=5, size=147)) == 0
    for name in ("retransmits", "probes"):
        for unanswered, silent in ((2, 20_001), (3, 20_000), (3, 20_001)):
            info = tcp_info(**{name: unanswered}, last_ack=silent)
            assert is_dead(info) == ((unanswered, silent) == (3, 20_001))


@pytest.mark.parametrize("size", [0, 1, 59])
def test_what_is_too_short_is_no_tcp_info(size: int) -> None:
    with pytest.raises(ValueError, match=f"{size} bytes"):
        is_dead(bytes(size))


# Dead or alive


def test_a_peer_that_lets_everything_be_sent_again_in_silence_is_dead() -> None:
    assert is_dead(tcp_info(retransmits=3, last_ack=20_001, unacked=4))


def test_a_peer_that_leaves_probes_unanswered_in_silence_is_dead() -> None:
    assert is_dead(tcp_info(probes=3, last_ack=20_001))


def test_a_peer_on_a_bad_link_is_alive() -> None:
    assert not is_dead(tcp_info(retransmits=7, last_ack=20_000, unacked=4))


def test_an_idle_peer_is_alive() -> None:
    assert not is_dead(tcp_info(last_ack=3_600_000))


def test_a_reader_that_has_stopped_is_alive_however_seldom_it_is_probed() -> None:
    assert not is_dead(tcp_info(probes=1, last_ack=119_000, not_sent=3_000_000))


def test_an_older_kernel_tells_as_well() -> None:
    assert is_dead(tcp_info(retransmits=3, last_ack=20_001, size=104))


# What has arrived


def test_what_was_given_before_a_look_has_arrived_once_as_much_is_acknowledged() -> None:
    arrivals: Arrivals[str] = Arrivals(now=0)
    assert arrivals.look(tcp_info(sent=100, acked=40), "first", 1) is None
    assert arrivals.look(tcp_info(sent=300, acked=99), "second", 2) is None
    assert arrivals.look(tcp_info(sent=300, acked=100), "third", 3) == "first"
    assert arrivals.look(tcp_info(sent=300, acked=300), "fourth", 4) == "third"


def test_bytes_that_wait_count_and_bytes_sent_again_do_not() -> None:
    arrivals: Arrivals[str] = Arrivals(now=0)
    arrivals.look(tcp_info(sent=150, again=50, not_sent=20), "mark", 1)
    assert arrivals.look(tcp_info(sent=170, again=50, acked=119), None, 2) is None
    assert arrivals.look(tcp_info(sent=170, again=50, acked=120), None, 3) == "mark"


def test_a_kernel_takes_nothing_for_acknowledged_that_a_reset_has_thrown_away() -> None:
    """It may be asked before the program has noticed (`tests.in_memory_tcp` does as it does)."""
    arrivals: Arrivals[str] = Arrivals(now=0)
    with socket.create_server(("127.0.0.1", 0)) as door:
        peer = socket.create_connection(door.getsockname())
        connection, _ = door.accept()
    with connection:
        connection.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                connection.send(bytes(65_536))

        def ask() -> bytes:
            return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 248)

        assert arrivals.look(ask(), "all of it", 1) is None
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        assert select([connection], [], [], PATIENCE)[0]
        assert ask()[0] == TCP_CLOSE
        assert arrivals.look(ask(), None, 2) is None


def test_no_mark_is_set_while_part_of_what_was_given_waits_elsewhere() -> None:
    arrivals: Arrivals[str] = Arrivals(now=0)
    arrivals.look(tcp_info(sent=10, acked=10), None, 1)
    assert arrivals.look(tcp_info(sent=10, acked=10), "mark", 2) is None
    assert arrivals.look(tcp_info(sent=20, acked=20), "later", 3) == "mark"


def test_a_peer_is_stuck_from_when_it_last_took_anything_of_what_waits() -> None:
    arrivals: Arrivals[str] = Arrivals(now=0)
    arrivals.look(tcp_info(sent=100, acked=50), None, 5)
    arrivals.look(tcp_info(sent=200, acked=50), None, 7)
    assert arrivals.stuck_for(7) == 2
    arrivals.look(tcp_info(sent=200, acked=51), None, 8)
    assert arrivals.stuck_for(8) == 0


def test_a_peer_for_whom_nothing_waits_is_never_stuck() -> None:
    arrivals: Arrivals[str] = Arrivals(now=0)
    arrivals.look(tcp_info(sent=100, acked=100), None, 5)
    arrivals.look(tcp_info(sent=100, acked=100), None, 500)
    assert arrivals.stuck_for(500) == 0


def test_an_older_kernel_cannot_tell_what_has_arrived() -> None:
    arrivals: Arrivals[str] = Arrivals(now=0)
    assert arrivals.look(tcp_info(size=199), "mark", 1) is None
    assert arrivals.look(tcp_info(size=199), "mark", 2) is None


# Whose turn it is


def test_in_ten_turns_everybody_is_looked_at_once() -> None:
    rounds: Rounds[int] = Rounds(10)
    for peer in range(95):
        rounds.add(peer)
    turns = [rounds.turn() for _ in range(10)]
    assert max(map(len, turns)) == 10
    assert set().union(*turns) == set(range(95))


def test_a_few_peers_are_looked_at_one_by_one() -> None:
    rounds: Rounds[str] = Rounds(10)
    for peer in "abc":
        rounds.add(peer)
    assert [rounds.turn() for _ in range(4)] == [["a"], ["b"], ["c"], ["a"]]


def test_where_nobody_is_nobody_is_looked_at() -> None:
    assert Rounds[str](10).turn() == []


def test_who_has_left_is_not_looked_at() -> None:
    rounds: Rounds[str] = Rounds(1)
    for peer in "abc":
        rounds.add(peer)
    rounds.discard("b")
    rounds.discard("nobody")
    assert rounds.turn() == rounds.turn() == ["a", "c"]


def test_adding_somebody_again_gives_no_second_turn() -> None:
    rounds: Rounds[str] = Rounds(1)
    rounds.add("a")
    rounds.add("a")
    assert rounds.turn() == ["a"]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=300), st.integers(1, 12))
def test_who_stays_for_a_round_is_looked_at_in_it_whoever_comes_and_goes(
    events: list[tuple[bool, int]], parts: int
) -> None:
    rounds: Rounds[int] = Rounds(parts)
    unseen: dict[int, int] = {}
    for comes, peer in events:
        if comes:
            rounds.add(peer)
            unseen.setdefault(peer, 0)
        else:
            rounds.discard(peer)
            unseen.pop(peer, None)
        looked_at = rounds.turn()
        assert len(looked_at) <= -(-len(unseen) // parts)
        for stayed in unseen:
            unseen[stayed] = 0 if stayed in looked_at else unseen[stayed] + 1
        assert all(turns < parts for turns in unseen.values())


# What was read, of one that was reset


def looks(*given: int, window: int = 65_536) -> Arrivals[int]:
    """A peer that has acknowledged all it was given at each look; a watermark is that number."""
    arrivals: Arrivals[int] = Arrivals(now=0)
    for now, sent in enumerate(given):
        arrivals.look(tcp_info(sent=sent, acked=sent, window=window), sent, now)
    return arrivals


def test_what_may_lie_unread_in_the_kernel_of_one_that_is_reset_was_not_surely_read() -> None:
    assert looks(100, 20_000, HIDDEN).surely_read() is None


def test_what_was_given_long_before_was_read() -> None:
    assert looks(100, 20_000, 40_000, HIDDEN + 30_000, HIDDEN + 30_000).surely_read() == 20_000


def test_a_window_that_has_fallen_tells_that_more_lies_unread() -> None:
    arrivals = looks(100, 20_000, 40_000, HIDDEN + 45_000, HIDDEN + 45_000)
    assert arrivals.surely_read() == 40_000
    given = HIDDEN + 45_000
    arrivals.look(tcp_info(sent=given, acked=given, window=65_536 - 10_000), 0, 9)
    assert arrivals.surely_read() == 20_000


def test_the_larger_the_window_was_the_more_may_be_hidden() -> None:
    large = looks(20_000, 4 * HIDDEN, 4 * HIDDEN, window=12 * HIDDEN)
    assert large.surely_read() == 20_000
    assert looks(20_000, 4 * HIDDEN, 4 * HIDDEN, window=24 * HIDDEN).surely_read() is None


def test_who_is_given_little_has_nothing_remembered() -> None:
    assert looks(100, 200, 300, 400)._arrived == ()


def test_however_long_it_was_there_few_marks_are_remembered_and_the_oldest_is_one() -> None:
    arrivals = looks(*range(20_000, 20_000_000, 20_000))
    kept = arrivals._arrived
    assert len(kept) <= 16 and kept[0] == (20_000, 20_000)
    assert (arrivals.surely_read() or 0) <= 20_000_000 - HIDDEN
