"""What is asked of the gateway, and what its answers say: JSON, with bytes in base64."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import a2b_base64
from typing import Final, NamedTuple

from huddle.cluster.etcd.gateway import Answer

PUT_OR_NOT: Final = "/v3/kv/txn"
RANGE: Final = "/v3/kv/range"
WATCH: Final = "/v3/watch"
COMPACT: Final = "/v3/kv/compaction"
STATUS: Final = "/v3/maintenance/status"


def coded(value: bytes) -> str:
    return b64encode(value).decode("ascii")


class Entry(NamedTuple):
    """One entry as the engine has it: ``number`` counts those of the log, 0 where somebody deleted
    it."""

    position: int
    number: int
    bytes: bytes


class Requests:
    """The requests for one house; each is the body of one."""

    def __init__(self, house: str) -> None:
        self._id = coded(f"huddle/{house}/id".encode())
        self._log = coded(f"huddle/{house}/log".encode())
        self._peers = f"huddle/{house}/peer/"
        self._append_head = b""
        self._is_house: list[object] = []

    def known(self, id: str) -> None:
        """From now on ask only of the house with this id."""
        self._is_house = [
            {"key": self._id, "target": "VALUE", "result": "EQUAL", "value": coded(id.encode())}
        ]
        compare = json.dumps(self._is_house)
        self._append_head = (
            f'{{"compare":{compare},"success":[{{"request_put":{{"key":"{self._log}","value":"'
        ).encode()

    def house(self) -> bytes:
        """The question which id the house has."""
        return _body({"key": self._id})

    def found(self, id: str, first: bytes = b"") -> bytes:
        """Give the house this id unless it has one, and with it the log this first entry, if there
        is one; answered with the id that it has."""
        mine = [{"request_put": {"key": self._id, "value": coded(id.encode())}}]
        if first:
            mine.append({"request_put": {"key": self._log, "value": coded(first)}})
        read = {"request_range": {"key": self._id}}
        absent = {"key": self._id, "target": "CREATE", "result": "EQUAL", "create_revision": "0"}
        return _body({"compare": [absent], "success": [*mine, read], "failure": [read]})

    def append(self, entry: bytes) -> bytes:
        """Put this at the end of the log, if it is that of the house."""
        return self._append_head + b64encode(entry) + b'"}}]}'

    def entry(self, position: int) -> bytes:
        """The newest entry at this position or before it, if the log is that of the house."""
        read = {"request_range": {"key": self._log, "revision": str(position)}}
        return _body({"compare": self._is_house, "success": [read]})

    def beginning(self) -> bytes:
        """Where the log begins, if it is that of the house."""
        read = {"request_range": {"key": self._log, "keys_only": True}}
        return _body({"compare": self._is_house, "success": [read]})

    def place(self, node: str, place: bytes) -> bytes:
        """Say where that node is found by the others, if the house is the one that is known."""
        put = {
            "request_put": {"key": coded(f"{self._peers}{node}".encode()), "value": coded(place)}
        }
        return _body({"compare": self._is_house, "success": [put]})

    def places(self) -> bytes:
        """The question where all nodes are found."""
        begin, end = self._peers, f"{self._peers[:-1]}{chr(ord('/') + 1)}"
        return _body({"key": coded(begin.encode()), "range_end": coded(end.encode())})

    def watch(self, position: int) -> bytes:
        """All that is in the log from a position on, and then what comes."""
        create = {"key": self._log, "start_revision": str(position), "fragment": True}
        return _body({"create_request": create})

    def truncate(self, before: int) -> bytes:
        """Forget what is older than the newest entry at this position or before it."""
        return _body({"revision": str(before)})


def _body(message: object) -> bytes:
    return json.dumps(message).encode()


def revision_of(answer: Answer) -> int:
    return int(answer["header"]["revision"])


def engine_of(answer: Answer) -> str:
    """The name by which an engine knows itself; the same for all of its machines."""
    return str(answer["header"]["cluster_id"])


def succeeded(answer: Answer) -> bool:
    return bool(answer.get("succeeded"))


def house_of(answer: Answer) -> str:
    """The id in an answer to `Requests.house`, or `Requests.found`; empty where there is none."""
    kv = _house(answer)
    return b64decode(kv["value"]).decode() if kv else ""


def founded_at(answer: Answer) -> int:
    """The position at which the house got its id, in the same answers; 0 where it has none."""
    kv = _house(answer)
    return int(kv["create_revision"]) if kv else 0


def _house(answer: Answer) -> Answer | None:
    kvs = answer.get("kvs") or []
    for response in answer.get("responses", []):
        kvs = response.get("response_range", {}).get("kvs") or kvs
    return kvs[0] if kvs else None


def places_of(answer: Answer) -> dict[str, bytes]:
    """Where each node is found, as it has said, in an answer to `Requests.places`."""
    found = {b64decode(kv["key"]).decode(): b64decode(kv["value"]) for kv in answer.get("kvs", ())}
    return {key.rpartition("/")[2]: place for key, place in found.items()}


def entry_of(answer: Answer) -> Entry | None:
    """The entry in an answer to `Requests.entry`."""
    kvs = _kvs(answer)
    return entry_in(kvs[0]) if kvs else None


def beginning_of(answer: Answer) -> int:
    """The position of the first entry, or one in front of it where there is none yet, in an answer
    to `Requests.beginning`."""
    kvs = _kvs(answer)
    return int(kvs[0]["create_revision"]) if kvs else revision_of(answer) + 1


def _kvs(answer: Answer) -> list[Answer]:
    return answer["responses"][0]["response_range"].get("kvs") or []


def entry_in(kv: Answer) -> Entry:
    """The entry that a key with its value is, as in each event of a watch."""
    value = a2b_base64(kv.get("value", ""))
    return Entry(int(kv["mod_revision"]), int(kv.get("version", 0)), value)
