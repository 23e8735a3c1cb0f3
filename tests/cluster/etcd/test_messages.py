"""What etcd's gateway is asked, and what its answers say."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

import pytest

from huddle.cluster.batches import MOST_BYTES
from huddle.cluster.etcd.messages import (
    Entry,
    Requests,
    beginning_of,
    engine_of,
    entry_in,
    entry_of,
    founded_at,
    house_of,
    places_of,
    revision_of,
    succeeded,
)


def text(coded: str) -> str:
    return b64decode(coded).decode()


def kv(key: str, value: bytes = b"", **fields: int) -> dict[str, str]:
    """A key as the gateway tells it: its numbers are strings."""
    coded = {"key": b64encode(key.encode()).decode(), "value": b64encode(value).decode()}
    return coded | {name: str(number) for name, number in fields.items()}


def answer(*kvs: dict[str, str], **more: object) -> dict[str, Any]:
    """An answer of a transaction that has read these."""
    head = {"header": {"cluster_id": "14841639068965178418", "revision": "9"}}
    return head | {"responses": [{"response_range": {"kvs": list(kvs)}}]} | more


@pytest.fixture
def requests() -> Requests:
    requests = Requests("school")
    requests.known("id of the house")
    return requests


def asked(body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    assert isinstance(found, dict)
    return found


def test_all_keys_of_a_house_stand_under_its_name(requests: Requests) -> None:
    assert text(asked(requests.house())["key"]) == "huddle/school/id"
    there = asked(requests.places())
    assert text(there["key"]) == "huddle/school/peer/"
    assert text(there["range_end"]) == "huddle/school/peer0"  # the first key behind all of them


def test_what_is_asked_of_the_log_is_asked_of_this_house_alone(requests: Requests) -> None:
    bodies = (
        requests.append(b"entry"),
        requests.entry(7),
        requests.beginning(),
        requests.place("a", b"10.0.0.1:55124"),
    )
    for body in bodies:
        [compare] = asked(body)["compare"]
        assert text(compare["key"]) == "huddle/school/id"
        assert (compare["target"], compare["result"]) == ("VALUE", "EQUAL")
        assert text(compare["value"]) == "id of the house"


@pytest.mark.parametrize("entry", [b"", b"hola", b'"}\n\0', bytes(range(256)), b"x" * MOST_BYTES])
def test_an_entry_is_put_at_the_end_whatever_its_bytes_are(
    requests: Requests, entry: bytes
) -> None:
    [put] = asked(requests.append(entry))["success"]
    assert text(put["request_put"]["key"]) == "huddle/school/log"
    assert b64decode(put["request_put"]["value"]) == entry


@pytest.mark.parametrize("id", ['"', "\\", "ñ\u2028", "x" * 1000])
def test_an_id_may_be_any_text(id: str) -> None:
    requests = Requests("school")
    requests.known(id)
    [compare] = asked(requests.append(b"entry"))["compare"]
    assert text(compare["value"]) == id


def test_a_house_is_founded_once_and_with_its_first_entry(requests: Requests) -> None:
    body = asked(requests.found("id", b"first"))
    [absent] = body["compare"]
    assert (absent["target"], absent["create_revision"]) == ("CREATE", "0")
    puts = [each["request_put"] for each in body["success"] if "request_put" in each]
    assert [(text(put["key"]), text(put["value"])) for put in puts] == [
        ("huddle/school/id", "id"),
        ("huddle/school/log", "first"),
    ]
    assert body["success"][-1] == body["failure"][-1]  # either way it is read what there is
    [alone] = [each for each in asked(requests.found("id"))["success"] if "request_put" in each]
    assert text(alone["request_put"]["key"]) == "huddle/school/id"


def test_a_watch_begins_at_a_position_and_comes_in_pieces(requests: Requests) -> None:
    create = asked(requests.watch(2**60))["create_request"]
    assert (text(create["key"]), create["start_revision"]) == ("huddle/school/log", str(2**60))
    assert create["fragment"] is True
    assert asked(requests.truncate(7)) == {"revision": "7"}


def test_an_answer_says_which_house_there_is_and_since_when() -> None:
    there = answer(kv("huddle/school/id", b"id", create_revision=5))
    assert (house_of(there), founded_at(there)) == ("id", 5)
    asked_alone = {"kvs": [kv("huddle/school/id", b"id", create_revision=5)]}
    assert (house_of(asked_alone), founded_at(asked_alone)) == ("id", 5)
    nothing: list[dict[str, Any]] = [{}, {"kvs": None}, {"responses": [{"response_put": {}}]}]
    for none in (answer(), *nothing):
        assert (house_of(none), founded_at(none)) == ("", 0)


def test_an_answer_behind_a_put_is_the_one_that_was_read() -> None:
    found = {"response_range": {"kvs": [kv("huddle/school/id", b"id", create_revision=5)]}}
    assert house_of({"responses": [{"response_put": {}}, {"response_put": {}}, found]}) == "id"


def test_an_entry_has_its_position_its_number_and_its_bytes() -> None:
    there = kv("huddle/school/log", b"hola", mod_revision=2**62, version=3, create_revision=1)
    assert entry_of(answer(there)) == entry_in(there) == Entry(2**62, 3, b"hola")
    assert entry_of(answer()) is None


def test_one_that_somebody_deleted_has_the_number_0_and_no_bytes() -> None:
    """As an event of a watch tells of it."""
    assert entry_in({"key": "bG9n", "mod_revision": "9"}) == Entry(9, 0, b"")


def test_the_log_begins_where_its_key_was_made_or_behind_all_there_is() -> None:
    assert beginning_of(answer(kv("huddle/school/log", create_revision=5))) == 5
    assert beginning_of(answer()) == 10
    assert revision_of(answer()) == 9


def test_nodes_are_found_where_they_have_said() -> None:
    there = {"kvs": [kv("huddle/school/peer/a", b"10.0.0.1:1"), kv("huddle/school/peer/b", b"")]}
    assert places_of(there) == {"a": b"10.0.0.1:1", "b": b""}
    assert places_of({}) == {}


def test_whether_it_was_done_and_by_whom() -> None:
    assert succeeded({"succeeded": True})
    assert not succeeded({}) and not succeeded({"succeeded": False})
    assert engine_of(answer()) == "14841639068965178418"


@pytest.mark.parametrize(
    "answered",
    [
        {},
        {"responses": []},
        {"responses": [{}]},
        {"responses": [{"response_range": {"kvs": [{}]}}]},
        {"responses": [{"response_range": {"kvs": [{"mod_revision": "x"}]}}]},
        {"responses": [{"response_range": {"kvs": [{"mod_revision": "1", "value": "x"}]}}]},
    ],
)
def test_what_stands_in_no_answer_of_the_gateway_is_an_error_and_no_entry(
    answered: dict[str, Any],
) -> None:
    with pytest.raises((KeyError, IndexError, ValueError)):
        entry_of(answered)
