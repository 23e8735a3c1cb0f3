"""Reads the whole log of a house over a real etcd while it grows, beside the nodes.

Whoever looks for it now and then comes too late on a busy machine: the nodes have the engine cut
the log behind the slowest of them. So a thread follows it, at one member or another, and is behind
by the time of a new connection at most.
"""

from __future__ import annotations

import http.client
import json
from base64 import b64decode, b64encode
from contextlib import closing
from threading import Event, Thread

from tests.cluster.real_etcd import Etcd, Member
from tests.patience import PAUSE, until

Row = dict[str, str]
"""What the engine has under a key, as it tells it."""


class LogReader:
    """What has been appended to the log of ``house``: ``entries``, each with its position.

    Whoever made it calls `start`, `catch_up` before the entries are used, and `end`.
    """

    def __init__(self, etcd: Etcd, house: str) -> None:
        self.entries: list[tuple[int, bytes]] = []
        self._etcd = etcd
        self._house = house
        self._compacted = False
        self._ended = Event()
        self._thread = Thread(target=self._follow, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def catch_up(self) -> None:
        """Wait until all is read that is in the log now."""
        until(lambda: self._compacted or self._last == self._newest(), "the log cannot be read")
        assert not self._compacted, "compacted before it was read"

    def house_id(self) -> str:
        """The id that the house was given."""
        found: list[Row] = []

        def is_told() -> bool:
            found[:] = self._found("id") or ()
            return bool(found)

        until(is_told, "no member tells the id of the house")
        return b64decode(found[0]["value"]).decode()

    @property
    def _last(self) -> int:
        return self.entries[-1][0] if self.entries else 0

    def _newest(self) -> int | None:
        """The position of the newest entry; None where no member tells it."""
        found = self._found("log")
        if found is None:
            return None
        return int(found[0]["mod_revision"]) if found else 0

    def _found(self, key: str) -> list[Row] | None:
        """What there is under a key, by the first member that tells; None where none does."""
        for member in self._etcd.members:
            answer = member.asked("/v3/kv/range", {"key": self._coded(key)})
            if answer is not None:
                found: list[Row] = answer.get("kvs", [])
                return found
        return None

    def _follow(self) -> None:
        while not self._compacted:
            for member in self._etcd.members:
                if self._ended.wait(PAUSE):
                    return
                try:
                    self._follow_at(member)
                except (OSError, http.client.HTTPException, ValueError, KeyError):
                    continue  # killed, stopped, cut off, or in the middle of starting

    def _follow_at(self, member: Member) -> None:
        create = {
            "key": self._coded("log"),
            "start_revision": str(self._last + 1),
            "fragment": True,
        }
        with closing(member.connection()) as connection:
            connection.request("POST", "/v3/watch", json.dumps({"create_request": create}))
            with connection.getresponse() as answer:
                while not self._ended.is_set():
                    result = json.loads(answer.readline())["result"]
                    if result.get("compact_revision"):
                        self._compacted = True
                        return
                    self.entries += (
                        (int(event["kv"]["mod_revision"]), b64decode(event["kv"]["value"]))
                        for event in result.get("events", ())
                    )

    def _coded(self, key: str) -> str:
        return b64encode(f"huddle/{self._house}/{key}".encode()).decode()
