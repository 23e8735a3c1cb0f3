"""The page in Chromium over loopback: until it is seen, what it loads, until one is in; keys."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from playwright.sync_api import Browser, Page, sync_playwright

from tests.client.windows.neighbour import Neighbour
from tests.needs import needs
from tests.real.server import Server

MESSAGES = 10_000
"""Messages that came while the page was open."""

KEYS = "the quick brown fox jumps over the lazy dog, and over again "
PATIENCE = 300_000
"""Milliseconds in which all messages must be there."""

GOAL = 50
"""Milliseconds in which 19 of 20 keys are to be drawn, whatever comes."""

PAUSE = 30
"""Milliseconds between keys: a fast typist takes four times as long."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Milliseconds until something was painted, until all had come, and from the nick until one
    could type; with the requests for that, and KiB that came over the wire, heads included."""

    paint: float
    loaded: float
    entered: float
    requests: int
    kib: float


@dataclass(frozen=True, slots=True)
class Typing:
    """Milliseconds from each key until the frame was drawn that shows it, while so many lines a
    second came; ``elements`` are those of the page by then."""

    lines_per_second: int
    milliseconds: list[float]
    elements: int

    @property
    def p95(self) -> float:
        """Return what 19 of 20 took at most."""
        return quantiles(self.milliseconds, n=20)[-1]


@contextmanager
def _house() -> Iterator[tuple[Browser, Server]]:
    options = ("--history", "none", "--web", "0", "--flood-rate", "0")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        server = Server(Path(place), *options)
        chromium = needs("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser, server
        browser.close()
        server.end()


def measure_opening(rounds: int) -> list[Opened]:
    """Open the page so often, in a browser that has nothing of it yet."""
    with _house() as (browser, server):
        return [_opened(browser, server, f"eva{number}") for number in range(rounds)]


def _opened(browser: Browser, server: Server, nick: str) -> Opened:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    wire = context.new_cdp_session(page)
    came: list[int] = []
    wire.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
    wire.send("Network.enable")
    page.goto(f"http://127.0.0.1:{server.address(1)[1]}/")
    page.locator("#nick").fill(nick)
    begun = time.perf_counter()
    page.keyboard.press("Enter")
    page.locator("#input").wait_for()
    entered = (time.perf_counter() - begun) * 1000
    paint, loaded = page.evaluate(
        """() => [
            performance.getEntriesByName("first-contentful-paint")[0].startTime,
            Math.max(...performance.getEntriesByType("resource").map((each) => each.responseEnd)),
        ]"""
    )
    context.close()
    return Opened(paint, loaded, entered, len(came), sum(came) / 1024)


def measure_typing(rates: list[int]) -> list[Typing]:
    """Type below a log in which there are `MESSAGES`, while lines come at these rates."""
    with _house() as (browser, server):
        page = browser.new_page(locale="en-GB")
        page.set_default_timeout(PATIENCE)
        page.goto(f"http://127.0.0.1:{server.address(1)[1]}/")
        page.locator("#nick").fill("eva")
        page.keyboard.press("Enter")
        page.locator("#input").wait_for()
        bob = Neighbour(server, "bob")
        for begin in range(0, MESSAGES, 100):
            bob.acts(*(f"is at {number}." for number in range(begin, begin + 100)))
        page.get_by_role("log").get_by_text(f"is at {MESSAGES - 1}.").wait_for()
        page.evaluate(WATCH)
        typed = [_typing(page, bob, rate) for rate in rates]
        bob.close()
        return typed


WATCH = """() => {
    window.took = [];
    addEventListener("keydown", (event) => requestAnimationFrame(() => {
        const drawn = new MessageChannel();
        drawn.port1.onmessage = () => window.took.push(performance.now() - event.timeStamp);
        drawn.port2.postMessage(null);
    }), true);
}"""


def _typing(page: Page, bob: Neighbour, rate: int) -> Typing:
    ended = threading.Event()

    def pour() -> None:
        while not ended.wait(0.1):
            bob.acts(*["pours"] * (rate // 10))

    pouring = threading.Thread(target=pour)
    pouring.start()
    page.evaluate("window.took.length = 0")
    page.locator("#input").press_sequentially(KEYS * 2, delay=PAUSE)
    page.wait_for_function("(count) => window.took.length >= count", arg=2 * len(KEYS))
    ended.set()
    pouring.join()
    elements = page.locator("*").count()
    return Typing(rate, page.evaluate("window.took"), elements)
