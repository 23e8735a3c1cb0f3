"""What systemd is told, and where nobody is told anything."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from huddle.server.operation.notify import Notify


class Starter:
    """Who has started the server, and listens."""

    def __init__(self, name: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind(name.replace("@", "\0"))
        self.environment = {"NOTIFY_SOCKET": name}

    def hears(self) -> str:
        return self._socket.recv(4096).decode()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["file", "abstract"])
def starter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Starter]:
    names = {"file": str(tmp_path / "notify"), "abstract": f"@huddle-{os.getpid()}"}
    starter = Starter(names[request.param])
    yield starter
    starter.close()


def test_it_is_told_how_far_the_server_is(starter: Starter) -> None:
    notify = Notify(starter.environment, 7)
    notify.ready("listening on 127.0.0.1:55123")
    assert starter.hears() == "READY=1\nSTATUS=listening on 127.0.0.1:55123"
    notify.reloading()
    reloading, time = starter.hears().splitlines()
    assert reloading == "RELOADING=1" and time.removeprefix("MONOTONIC_USEC=").isdecimal()
    notify.ready()
    assert starter.hears() == "READY=1"
    notify.alive()
    assert starter.hears() == "WATCHDOG=1"
    notify.stopping()
    assert starter.hears() == "STOPPING=1"


@pytest.mark.parametrize(
    ("more", "beat"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_signs_of_life_are_twice_as_many_as_are_asked_for(
    more: dict[str, str], beat: float | None
) -> None:
    assert Notify({"NOTIFY_SOCKET": "@nobody", **more}, 7).beat == beat
    assert Notify(more, 7).beat is None


@pytest.mark.parametrize("name", ["", "/nowhere/notify", "@nobody-listens-here", "vsock:2:1234"])
def test_where_nobody_listens_nothing_is_told_and_nothing_fails(name: str) -> None:
    notify = Notify({"NOTIFY_SOCKET": name}, 7)
    notify.ready("x")
    notify.stopping()


def test_one_who_does_not_listen_is_not_waited_for(tmp_path: Path) -> None:
    starter = Starter(str(tmp_path / "notify"))
    notify = Notify(starter.environment, 7)
    for _ in range(10_000):  # more than the kernel holds
        notify.alive()
    starter.close()
