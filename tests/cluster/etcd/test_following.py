"""Following over a wire in memory: which endpoint is watched, and until when."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from huddle.cluster.etcd.following import EtcdFollowing
from huddle.cluster.etcd.gateway import DEADLINE, OUT_OF_RANGE, SILENT
from huddle.cluster.etcd.messages import Requests
from huddle.cluster.log import Cause, Gap
from tests.cluster.etcd.wire import Asked, Wire

A, B, C = "http://a:1", "http://b:2", "http://c:3"
ENGINE = {"cluster_id": "7", "revision": "5"}


class Follower:
    """Follows over a wire, and says at which endpoint it asks."""

    def __init__(self, after: int = 0) -> None:
        self.wire = Wire(A, B, C)
        self.delivered: list[tuple[int, bytes]] = []
        self.gaps: list[Gap] = []
        self.watch: Asked
        requests = Requests("school")
        requests.known("id")
        self.following = EtcdFollowing(
            self.wire.gateway,
            requests,
            "7",
            after,
            lambda position, entry: self.delivered.append((position, entry)),
            self.gaps.append,
            None,
            lambda most: 0.0,
            lambda trouble: None,
        )
        self.wait(0)

    def wait(self, seconds: float) -> None:
        self.wire.reactor.advance(seconds)

    def begins(self, **answer: Any) -> Asked:
        """Answer the question that comes first, and begin the watch that is asked for then."""
        kvs: dict[str, object] = {"kvs": []}
        asked = self.wire.asked()
        assert asked.path == "/v3/kv/txn"
        found = {"header": ENGINE, "succeeded": True, "responses": [{"response_range": kvs}]}
        asked.answers({**found, **answer})
        self.watch = self.wire.asked()
        assert self.watch.path == "/v3/watch"
        self.watch.begins()
        self.tells({"created": True})
        return self.watch

    def tells(self, result: dict[str, Any]) -> None:
        line = json.dumps({"result": {"header": ENGINE, **result}}).encode() + b"\n"
        self.watch.goes_on(line)

    def shows(self, *entries: tuple[int, int, bytes]) -> None:
        """Have the watch tell of entries: positions, numbers, bytes."""
        self.tells({"events": [{"kv": kv(*entry)} for entry in entries]})


def kv(position: int, count: int, entry: bytes) -> dict[str, str]:
    value = b64encode(entry).decode()
    return {"mod_revision": str(position), "version": str(count), "value": value}


def last(position: int, count: int, entry: bytes) -> dict[str, Any]:
    """The answer that this is the entry there."""
    return {"responses": [{"response_range": {"kvs": [kv(position, count, entry)]}}]}


def test_what_the_watch_shows_is_delivered() -> None:
    follower = Follower()
    asked = follower.begins()
    # From the next position on; many entries at once are to come in several answers.
    wanted = {"start_revision": "6", "fragment": True}
    assert asked.body["create_request"].items() >= wanted.items()
    assert asked.headers["grpc-metadata-hasleader"] == "true"
    follower.shows((6, 1, b"a"), (9, 2, b"b"))
    follower.shows((10, 3, b"c"))
    assert follower.delivered == [(6, b"a"), (9, b"b"), (10, b"c")]


def test_who_follows_goes_on_elsewhere_where_something_else_answers_in_an_endpoints_place() -> None:
    follower = Follower()
    follower.wire.asked().says(b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"status":"ok"}')
    follower.wait(0)
    follower.begins()
    follower.shows((6, 1, b"a"))
    assert follower.delivered == [(6, b"a")]


def test_a_line_may_come_in_any_pieces() -> None:
    follower = Follower()
    follower.begins()
    line = json.dumps({"result": {"header": ENGINE, "events": [{"kv": kv(6, 1, b"a")}]}})
    for byte in line.encode() + b"\n":
        follower.watch.goes_on(bytes([byte]))
    assert follower.delivered == [(6, b"a")]


def test_a_number_that_is_left_out_is_a_gap() -> None:
    follower = Follower()
    follower.begins()
    follower.shows((6, 1, b"a"), (9, 3, b"c"), (10, 4, b"d"))
    assert follower.delivered == [(6, b"a")]
    assert follower.gaps == [Gap(Cause.LOST, 6)]
    assert not follower.watch.transport.connected


def test_a_position_that_goes_back_is_a_log_that_was_rewound() -> None:
    follower = Follower()
    follower.begins()
    follower.shows((6, 1, b"a"))
    follower.shows((6, 2, b"b"))
    assert follower.gaps == [Gap(Cause.REWOUND, 6)] and len(follower.delivered) == 1


def test_another_engine_is_a_foreign_log() -> None:
    follower = Follower()
    follower.begins()
    follower.shows((6, 1, b"a"))
    follower.tells({"header": {"cluster_id": "8"}, "events": [{"kv": kv(7, 2, b"b")}]})
    assert follower.gaps == [Gap(Cause.FOREIGN, 6)] and len(follower.delivered) == 1


def test_a_watch_that_ends_goes_on_at_the_next_endpoint_where_it_was() -> None:
    follower = Follower()
    assert follower.begins().endpoint == A
    follower.shows((6, 1, b"a"))
    follower.watch.hangs_up()
    follower.wait(0)
    watch = follower.begins(**last(6, 1, b"a"))
    assert (watch.endpoint, watch.body["create_request"]["start_revision"]) == (B, "7")
    follower.shows((7, 2, b"b"))
    assert follower.delivered == [(6, b"a"), (7, b"b")]


@pytest.mark.parametrize("line", [b"oops", b"[]", b"[" * 100_000])
def test_a_watch_that_tells_nonsense_goes_on_at_the_next_endpoint(line: bytes) -> None:
    follower = Follower()
    follower.begins().goes_on(line + b"\n")
    follower.wait(0)
    assert follower.wire.asked().endpoint == B


def test_a_watch_that_is_refused_goes_on_at_the_next_endpoint() -> None:
    """An engine that does not know who asks any more makes one and ends it in one answer."""
    follower = Follower()
    follower.begins()
    follower.tells({"created": True, "canceled": True, "cancel_reason": "permission denied"})
    follower.wait(0)
    assert follower.begins().endpoint == B


def test_a_watch_without_a_leader_goes_on_at_the_next_endpoint() -> None:
    follower = Follower()
    follower.begins()
    error = {"grpc_code": 14, "http_code": 503, "message": "etcdserver: no leader"}
    follower.watch.goes_on(json.dumps({"error": error}).encode() + b"\n")
    follower.wait(0)
    assert follower.wire.asked().endpoint == B


@pytest.mark.parametrize(
    "there",
    [
        {"responses": [{"response_range": {}}]},
        last(6, 1, b"x"),
        last(5, 1, b"a"),
        last(6, 2, b"a"),
    ],
)
def test_who_comes_back_to_another_entry_has_a_rewound_log(there: dict[str, Any]) -> None:
    follower = Follower()
    follower.begins()
    follower.shows((6, 1, b"a"))
    follower.watch.hangs_up()
    follower.wait(0)
    follower.wire.asked().answers({"header": ENGINE, "succeeded": True, **there})
    assert follower.gaps == [Gap(Cause.REWOUND, 6)]


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("etcdserver: mvcc: required revision is a future revision", [Gap(Cause.REWOUND, 6)]),
        ("etcdserver: mvcc: required revision has been compacted", []),
    ],
)
def test_who_comes_back_to_an_engine_that_does_not_reach_so_far_has_a_rewound_log(
    text: str, gaps: list[Gap]
) -> None:
    """Where it has dropped what was there, it is asked how much is gone, by a watch from there."""
    follower = Follower()
    follower.begins()
    follower.shows((6, 1, b"a"))
    follower.watch.hangs_up()
    follower.wait(0)
    follower.wire.asked().refuses(OUT_OF_RANGE, text)
    assert follower.gaps == gaps
    watches = [(each.path, each.body["create_request"]) for each in follower.wire.all_asked()]
    assert [path for path, _ in watches] == ([] if gaps else ["/v3/watch"])
    assert all(asked["start_revision"] == "6" for _, asked in watches)


def test_who_is_told_that_what_was_behind_them_is_gone_has_a_truncated_log() -> None:
    follower = Follower()
    follower.begins()
    follower.shows((6, 1, b"a"))
    follower.tells({"canceled": True, "compact_revision": "9"})
    follower.wait(0)
    asked = follower.wire.asked()
    asked.answers({"header": ENGINE, "succeeded": True, **last(8, 3, b"c")})
    assert follower.gaps == [Gap(Cause.TRUNCATED, 6)]


def test_what_is_known_to_be_there_and_does_not_come_changes_the_endpoint() -> None:
    follower = Follower()
    follower.begins()
    follower.following.expect(6)
    follower.wait(SILENT - 0.1)
    assert follower.watch.transport.connected
    follower.wait(0.2)
    assert not follower.watch.transport.connected
    assert follower.begins().endpoint == B
    follower.following.expect(7)
    follower.wait(SILENT + 0.1)
    assert follower.watch.transport.connected  # each time it is given twice the time
    follower.wait(SILENT)
    assert follower.begins().endpoint == C
    follower.shows((6, 1, b"a"), (7, 2, b"b"))
    follower.wait(10 * SILENT)
    assert follower.watch.transport.connected and len(follower.delivered) == 2


def test_what_is_expected_stays_so_though_of_something_earlier_it_is_known_later() -> None:
    """Answers overtake each other."""
    follower = Follower()
    follower.begins()
    follower.following.expect(7)
    follower.following.expect(6)
    follower.shows((6, 1, b"a"))
    for _ in range(2):
        follower.wait(SILENT + 0.1)
        follower.wait(0)
    assert not follower.watch.transport.connected


def test_a_watch_that_moves_on_is_left_alone_however_far_behind_it_is() -> None:
    follower = Follower()
    follower.begins()
    follower.following.expect(100)
    for number in range(1, 20):
        follower.shows((5 + number, number, b"x"))
        follower.wait(SILENT * 0.9)
    assert follower.watch.transport.connected and follower.watch.endpoint == A


def test_a_part_of_a_long_line_is_a_sign_of_life() -> None:
    """By a slow link a line of a megabyte takes longer than the one that watches is patient."""
    follower = Follower()
    follower.begins()
    follower.following.expect(6)
    line = json.dumps({"result": {"header": ENGINE, "events": [{"kv": kv(6, 1, b"x" * 90)}]}})
    for each in line + "\n":
        follower.wait(SILENT * 0.9)
        follower.watch.goes_on(each.encode())
    assert follower.watch.endpoint == A and follower.delivered == [(6, b"x" * 90)]


def test_an_endpoint_that_answers_nothing_else_is_watched_no_longer() -> None:
    follower = Follower()
    follower.begins()
    asking = follower.wire.ask()
    asking.addErrback(lambda _: None)
    asked = follower.wire.asked()
    assert asked.endpoint == A
    follower.wait(DEADLINE + 0.1)
    assert not follower.watch.transport.connected
    follower.wait(0)
    assert follower.begins().endpoint == B


def test_an_append_that_is_given_up_while_entries_come_does_not_move_the_watch() -> None:
    """A node that was cut off reads that it was put down, and gives up what it had on its way. The
    watch was closed by that, between two entries of one line, and asked for the first of them again
    when the second had come: the node took its log for one from a backup, and ended for good."""
    follower = Follower()
    follower.begins()
    asking = follower.wire.ask()
    asking.addErrback(lambda _: None)
    assert [each.endpoint for each in follower.wire.all_asked()] == [A]
    deliver = follower.following._deliver

    def give_up(position: int, entry: bytes) -> None:
        deliver(position, entry)
        asking.cancel()

    follower.following._deliver = give_up
    follower.shows((6, 1, b"a"), (7, 2, b"b"))
    assert follower.delivered == [(6, b"a"), (7, b"b")] and not follower.gaps
    assert follower.watch.transport.connected and follower.wire.gateway.endpoint == A


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_watch_that_is_closed_while_its_entries_come_delivers_the_others_by_the_next(
    place: int,
) -> None:
    follower = Follower()
    follower.begins()
    entries = [(6, 1, b"a"), (7, 2, b"b"), (8, 3, b"c")]
    deliver = follower.following._deliver

    def close(position: int, entry: bytes) -> None:
        deliver(position, entry)
        if position == entries[place][0]:
            follower.following._left(A)

    follower.following._deliver = close
    follower.shows(*entries)
    follower.wait(0)
    assert len(follower.delivered) == place + 1
    follower.following._deliver = deliver
    follower.begins(**last(*entries[place]))
    follower.shows(*entries[place + 1 :], (9, 4, b"d"))
    assert [entry for _, entry in follower.delivered] == [b"a", b"b", b"c", b"d"]
    assert not follower.gaps


def test_nothing_is_delivered_after_the_end_even_of_one_line() -> None:
    follower = Follower()
    follower.begins()
    follower.following._deliver = lambda *_: follower.following.stop()
    follower.shows((6, 1, b"a"), (7, 2, b"b"))
    follower.shows((8, 3, b"c"))
    assert not follower.delivered and not follower.gaps
    assert not follower.watch.transport.connected
    follower.wire.reactor.advance(DEADLINE)
    assert not follower.wire.reactor.getDelayedCalls()


def test_a_line_without_an_end_is_not_kept_for_ever() -> None:
    follower = Follower()
    follower.begins()
    for _ in range(20):
        if follower.watch.transport.connected:
            follower.watch.goes_on(b"x" * (1 << 20))
    assert not follower.watch.transport.connected


def test_a_watch_is_read_no_further_while_its_follower_pauses_nor_is_the_next_one() -> None:
    follower = Follower()
    states = []
    for _ in range(2):
        transport = follower.begins().transport
        states.append(transport.producerState)
        follower.following.resume()
        states.append(transport.producerState)
        follower.following.pause()
        states.append(transport.producerState)
        follower.watch.hangs_up()
        follower.wait(0)
    assert states == ["producing", "producing", "paused", "paused", "producing", "paused"]
    follower.following.resume()
    assert follower.begins().transport.producerState == "producing"


def test_what_is_not_shown_since_the_follower_pauses_is_waited_for_from_then_on() -> None:
    follower = Follower()
    transport = follower.begins().transport
    follower.following.pause()
    follower.following.expect(9)
    follower.wait(10 * DEADLINE)
    follower.wait(0)
    assert transport.connected
    follower.following.resume()
    follower.wait(DEADLINE)
    follower.wait(0)
    assert not transport.connected


def test_a_watch_that_has_shown_all_that_is_known_is_left_alone() -> None:
    follower = Follower()
    transport = follower.begins().transport
    follower.wait(10 * DEADLINE)
    follower.shows((6, 1, b"a"))
    follower.following.expect(6)
    follower.wait(10 * DEADLINE)
    follower.wait(0)
    assert transport.connected


def test_however_many_watches_have_shown_nothing_the_next_is_not_waited_for_longer() -> None:
    follower = Follower()
    follower.following.expect(9)
    for _ in range(12):
        transport = follower.begins().transport
        follower.wait(DEADLINE)
        follower.wait(0)
        assert not transport.connected
        follower.wait(0)
