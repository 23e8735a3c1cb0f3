"""The page in a crowd, which is given what many say at once in few bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from huddle.delivery.stream import CROWD
from huddle.protocol.limits import Limits
from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import Open, enters, is_accessible, says, shows
from tests.real.server import Server
from tests.real.websocket import WebSocketProgram

NAMES = Limits().names_shown

LINES = [f"line {number} of what is said to many" for number in range(40)]


def test_what_comes_compressed_is_shown_and_what_chromium_compresses_is_heard(
    server: Server, bob: Neighbour, open_page: Open
) -> None:
    port = int(server.address(1)[1])
    crowd = [WebSocketProgram(port, compresses=True) for _ in range(CROWD)]
    for number, member in enumerate(crowd):
        member.sends(type="hello", v=1, nick=f"member{number}", replay=0)
        member.hears("welcome")
    page = open_page()
    told = page.context.new_cdp_session(page)
    told.send("Network.enable")
    answers: list[str] = []
    frames: list[str] = []
    told.on(
        "Network.webSocketHandshakeResponseReceived",
        lambda event: answers.append(event["response"]["headers"]["Sec-WebSocket-Extensions"]),
    )
    told.on(
        "Network.webSocketFrameReceived",
        lambda event: frames.append(event["response"]["payloadData"]),
    )
    enters(page, "eva")
    says(page, "x" * 3000)
    bob.hears("<eva> " + "x" * 3000)
    [answer] = answers
    assert answer.startswith("permessage-deflate;")

    bob.acts(*LINES)  # texts in one write would be a block
    for line in LINES:
        shows(page, line)
    assert any(frame.count("\n") > len(LINES) / 2 for frame in frames)
    for member in crowd:
        heard = [member.hears("said")["text"] for _ in range(len(LINES) + 1)]
        assert heard == ["x" * 3000, *LINES]
        member.close()


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Server]:
    """A server with so many that the names of some are told to nobody who did not ask."""
    server = Server(tmp_path, "--history", "none", "--web", "0", "--per-address", "0")
    port = int(server.address(1)[1])
    members = [WebSocketProgram(port) for _ in range(NAMES + 10)]
    for number, member in enumerate(members):
        member.sends(type="hello", v=1, nick=f"member{number:02}", replay=0)
        member.hears("welcome")
    members[0].close()  # it may come back: it is away
    yield server
    for member in members:
        member.close()
    server.end()


def test_whoever_spoke_and_left_is_completed_and_has_a_menu_by_keys_alone(
    open_page: Open, crowded: Server
) -> None:
    page = open_page("eva", at=crowded)
    zoe = Neighbour(crowded, "zoe")
    zoe.says("here and gone")
    shows(page, "here and gone")
    zoe.says("/quit")
    zoe.close()
    field = page.get_by_role("textbox", name="Say something")
    field.fill("zo")
    page.keyboard.press("Tab")
    expect(field).to_have_value("zoe: ")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="About zoe…").focus()
    page.keyboard.press("Enter")
    has_the_menu_of(page, "zoe")


def has_the_menu_of(page: Page, nick: str) -> None:
    menu = page.get_by_role("dialog", name=nick)
    expect(menu.get_by_role("button", name="Write privately")).to_be_focused()
    expect(menu.get_by_role("button", name="Ignore")).to_be_visible()
    is_accessible(page)
