"""The page by a name without TLS, where browsers keep much from it, and from pages of elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect
from typing_extensions import override

from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import FOREIGN, NAME, Open, says, shows, watch
from tests.real.server import Server

MISSING = """() => ({
    secure: isSecureContext, clipboard: navigator.clipboard, worker: navigator.serviceWorker,
    locks: navigator.locks, subtle: crypto.subtle, uuid: crypto.randomUUID,
})"""


def test_over_http_by_a_name_the_page_misses_nothing_and_its_console_is_empty(
    open_page: Open, bob: Neighbour
) -> None:
    """What is wrong there fails every test that has `open_page`; this one asks for what a secure
    context has more."""
    page = open_page("eva")
    assert page.url.startswith(f"http://{NAME}:")
    assert page.evaluate(MISSING) == {"secure": False} | dict.fromkeys(
        ("clipboard", "worker", "locks", "subtle", "uuid")
    )
    says(page, "hello")
    bob.hears("<eva> hello")
    page.get_by_role("button", name="Invite…").click()
    expect(page.get_by_role("dialog", name="Invite").locator("pre")).to_contain_text("nc ")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Tell me of what is for me while I look elsewhere").click()
    page.keyboard.press("Escape")
    page.reload()
    shows(page, "hello")
    other = page.context.new_page()
    other.goto(page.url)
    expect(page.get_by_text("This conversation is open in another tab.")).to_be_visible()
    other.close()


def test_what_goes_wrong_in_a_page_is_noted(chromium: Browser) -> None:
    page, wrong = chromium.new_page(), list[str]()
    watch(page, wrong)
    page.evaluate("console.warn('a warning')")
    page.evaluate("console.error('an error')")
    page.evaluate("alert('a script')")
    with page.expect_event("pageerror"):  # from before it is thrown: it may come with the answer
        page.evaluate("void setTimeout(() => { throw new Error('thrown'); })")
    page.close()
    assert wrong == ["a warning", "an error", "a script ran: a script", "thrown"]


TALKS = """(address) => new Promise((tell) => {
    const socket = new WebSocket(address);
    socket.onopen = () => socket.send('{"type":"hello","v":1,"nick":"mallory"}');
    socket.onmessage = ({ data }) => tell(JSON.parse(data.split("\\n")[0]).type);
    socket.onclose = ({ code }) => tell(code);
})"""
READS = """(address) => fetch(address).then((answer) => answer.status, () => "nothing")"""

NEVER_OPENED = 1006


class Elsewhere(BaseHTTPRequestHandler):
    """A page of somebody else's, with nothing on it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Nobody wants to know."""


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """The port of a server of somebody else's."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_from_elsewhere_gets_403_and_says_nothing(
    chromium: Browser, server: Server, bob: Neighbour, elsewhere: int
) -> None:
    port = server.address(1)[1]
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"http://{NAME}:{elsewhere}/")
        assert page.evaluate(READS, f"http://{NAME}:{port}/") == "nothing"
        with page.expect_console_message(lambda message: "403" in message.text):
            assert page.evaluate(TALKS, f"ws://{NAME}:{port}/talk") == NEVER_OPENED
    saw_nobody(bob)


def test_a_foreign_name_that_leads_here_gets_403_and_says_nothing(
    chromium: Browser, server: Server, bob: Neighbour
) -> None:
    """As by DNS rebinding: for the browser the page is of one origin with the server."""
    port = server.address(1)[1]
    with chromium.new_context(bypass_csp=True) as context:
        page = context.new_page()
        answer = page.goto(f"http://{FOREIGN}:{port}/")
        assert answer is not None and answer.status == 403
        assert page.locator("script").count() == 0
        assert page.evaluate(READS, f"http://{FOREIGN}:{port}/page.mjs") == 403
        assert page.evaluate(TALKS, f"ws://{FOREIGN}:{port}/talk") == NEVER_OPENED
    saw_nobody(bob)


def test_the_same_from_the_page_itself_is_let_in(chromium: Browser, server: Server) -> None:
    port = server.address(1)[1]
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"http://{NAME}:{port}/health")
        assert page.evaluate(TALKS, f"ws://{NAME}:{port}/talk") == "welcome"


def saw_nobody(bob: Neighbour) -> None:
    """Nobody of that nick has come or said anything so far."""
    bob.says("/who")
    while "here: " not in (line := bob.hears("")):
        assert "mallory" not in line
    assert "mallory" not in line
