"""A page that reads nothing while 50 MB are said: a program's, and one that a debugger pauses."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import WebSocket, expect

from tests.doors.web.browsing.conftest import Open, open_page, says, shows
from tests.patience import PATIENCE
from tests.real.conftest import Start
from tests.real.crowd import LINE, crowd
from tests.real.server import Server
from tests.real.websocket import WebSocketProgram

__all__ = ["open_page"]

MIB = 1 << 20
SAID = 50_000_000
# What a server takes for a crowd that reads, before anybody is paused: 8 MiB, most of it in these.
AT_FIRST = 10_000_000


@pytest.fixture
def server(start: Start) -> Server:
    return start("--flood-rate", "0", "--per-address", "0", "--web", "0")


def test_a_page_that_is_paused_costs_nothing_and_gets_all_of_it_once_and_in_order(
    server: Server,
) -> None:
    page = WebSocketProgram(int(server.address(1)[1]))
    with crowd(server.port, 20) as members:
        members.hears(AT_FIRST)
        page.sends(type="hello", v=1, nick="page", replay=0)
        rooms = page.hears("welcome")["rooms"]
        assert isinstance(rooms, dict)
        heard = earlier = rooms["huddle"]["seq"]
        before = server.memory
        members.hears(SAID)
        grown = server.memory - before
        members.members[0].sendall(b"that was all\n")
        for said in page.lines("said"):
            heard += 1
            assert said["seq"] == heard
            if said["text"] == "that was all":
                break
            assert said["text"] == LINE.decode().rstrip()
        assert earlier <= AT_FIRST // len(LINE)
        assert heard == members.said // len(LINE) + 1
        assert grown < 6 * MIB, f"{grown / MIB:.1f} MiB"
        members.members[0].sendall(b"and on\n")
        assert page.hears("said")["text"] == "and on"
    page.close()


def test_a_page_that_a_debugger_pauses_goes_on_where_it_was(
    server: Server, open_page: Open
) -> None:
    page = open_page("")
    heard: list[int] = []

    def note(payload: str | bytes) -> None:
        for line in payload.splitlines():
            told = json.loads(line)
            if told["type"] == "said":
                heard.append(told["seq"])

    def listen(websocket: WebSocket) -> None:
        websocket.on("framereceived", note)

    page.on("websocket", listen)
    debugger = page.context.new_cdp_session(page)
    with crowd(server.port, 20) as members:
        members.hears(AT_FIRST)
        page.get_by_label("What is your nick?").fill("eva")
        page.keyboard.press("Enter")
        page.get_by_label("Say something").wait_for()
        debugger.send("Debugger.enable")
        debugger.send("Debugger.pause")
        before = server.memory
        members.hears(SAID)
        grown = server.memory - before
        members.members[0].sendall(b"that was all\n")
        debugger.send("Debugger.resume")
        debugger.send("Debugger.disable")
        deadline = time.monotonic() + 10 * PATIENCE
        while heard[-1:] != [members.said // len(LINE) + 1] and time.monotonic() < deadline:
            page.wait_for_timeout(100)  # in which the frames are told of
        expect(page.get_by_role("log").locator("> *").last).to_be_in_viewport()
        expect(page.get_by_role("button", name="Newest")).to_be_hidden()
        says(page, "so it was")
        shows(page, "so it was")
    assert heard == list(range(heard[0], heard[0] + len(heard)))
    assert heard[0] <= AT_FIRST // len(LINE) + 1
    assert heard[-1] > members.said // len(LINE)
    assert grown < 6 * MIB, f"{grown / MIB:.1f} MiB"
