"""The page in a crowd, which is given what many say at once in few bytes."""

from __future__ import annotations

from huddle.delivery.stream import CROWD
from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import Open, enters, says, shows
from tests.real.server import Server
from tests.real.websocket import WebSocketProgram

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
