"""A real browser for this folder, a real server for each module, and pages closed after a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect, sync_playwright

from tests.client.windows.neighbour import Neighbour
from tests.needs import needs
from tests.patience import PATIENCE
from tests.real.server import Server

expect.set_options(timeout=PATIENCE * 1000)

Open = Callable[..., Page]

NAME = "chat.local"
"""A name of this machine for the browser, over which a page is no secure context."""

FOREIGN = "evil.example"
"""Another one, as somebody has it who wants to get at the server from their own page."""

OFF = (
    # What it would suggest below its address: two pages of its own beside each that is opened,
    # which took more of the processor than all else that it does.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    # Pages of its own, and a process, that are made ready in case that they are wanted.
    *("PreloadTopChromeWebUI", "SpareRendererForSitePerProcess"),
    # The last such list counts: so what Playwright does without is here, too.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
    *("HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter"),
    *("PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
)
"""Features of the browser that are switched off. It does not mind those that it does not have."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    options = ("--flood-rate", "0", "--history", "none", "--web", "0", "--hold", "0")
    server = Server(tmp_path_factory.mktemp("server"), *options)
    yield server
    server.end()


def launched() -> Iterator[Browser]:
    """A browser, until what it is for is over. There is one at a time in a process."""
    rules = f"MAP {NAME} 127.0.0.1, MAP {FOREIGN} 127.0.0.1"
    off = f"--disable-features={','.join(OFF)}"
    options = ["--no-sandbox", f"--host-resolver-rules={rules}", off]
    with sync_playwright() as playwright:
        path, patience = needs("chromium"), PATIENCE * 1000
        browser = playwright.chromium.launch(executable_path=path, args=options, timeout=patience)
        yield browser
        browser.close()


chromium = pytest.fixture(scope="package", name="chromium")(launched)


@pytest.fixture
def bob(server: Server) -> Iterator[Neighbour]:
    bob = Neighbour(server, "bob")
    yield bob
    bob.close()


@pytest.fixture
def open_page(chromium: Browser, server: Server) -> Iterator[Open]:
    """Opens the page in a browser that knows nothing yet, and comes in under a nick, if one is
    given. What goes wrong in a page fails the test."""
    wrong: list[str] = []
    contexts = []

    def open_page(
        nick: str = "", *, at: Server = server, path: str = "", **options: object
    ) -> Page:
        settings = {"locale": "en-GB", "viewport": {"width": 1000, "height": 700}, **options}
        context = chromium.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        watch(page, wrong)
        page.goto(f"http://{NAME}:{at.address(1)[1]}/{path}")
        if nick:
            enters(page, nick)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def watch(page: Page, wrong: list[str]) -> None:
    """Note all that goes wrong in a page: what its console warns of, a script of others."""

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "ERR_CONNECTION" not in message.text:
            wrong.append(message.text)

    def answer(dialog: Dialog) -> None:
        wrong.append(f"a script ran: {dialog.message}")
        dialog.dismiss()  # the page waits for it

    page.on("console", note)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", answer)


def enters(page: Page, nick: str) -> None:
    page.get_by_label("What is your nick?").fill(nick)
    page.keyboard.press("Enter")
    page.get_by_label("Say something").wait_for()


def says(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Say something").fill(text)
    page.keyboard.press("Enter")


def shows(page: Page, text: str, *, times: int = 1) -> None:
    """Wait until the log has this so many times."""
    lines = page.get_by_role("log").get_by_text(text, exact=False)
    expect(lines).to_have_count(times)


def is_said(page: Page, text: str) -> None:
    """Wait until the log has it as said, so that the server has told the page so. That nothing is
    `.waiting` is true also before what was typed is drawn at all."""
    said = page.get_by_role("log").locator(".line:has(time)", has_text=text)
    expect(said).not_to_have_count(0)
    expect(page.locator(".waiting")).to_have_count(0)


OUTSIDE = """() => {
    const cut = (each) => {
        for (let at = each.parentElement; at; at = at.parentElement) {
            const frame = getComputedStyle(at).overflowX !== "visible";
            if (frame && at.getBoundingClientRect().right <= innerWidth) return true;
        }
        return false;
    };
    return [...document.body.querySelectorAll("*")].filter((each) => {
        const {left, right, width} = each.getBoundingClientRect();
        const isOut = width && (left < -1 || right > innerWidth + 1);
        return isOut && each.checkVisibility({visibilityProperty: true}) && !cut(each);
    }).map((each) => each.outerHTML.slice(0, 200));
}"""


def fits(page: Page) -> None:
    """Nothing that is shown reaches out of the window, but what scrolls in a frame of its own."""
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def is_accessible(page: Page) -> None:
    """There is no barrier that axe knows of, by day and by night."""
    if not page.evaluate("window.axe !== undefined"):
        page.evaluate(Axe().axe_script)
    found = []
    for scheme, rules in (("light", ()), ("dark", OF_COLOUR)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for each in page.evaluate(VIOLATIONS, list(rules)):
            found += [f"{scheme} {each['id']}: {node['html'][:200]}" for node in each["nodes"]]
    assert not found


OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules by which it makes a difference whether it is day or night."""

VIOLATIONS = """async (rules) => {
    const which = rules.length ? {runOnly: {type: "rule", values: rules}} : {};
    return (await axe.run({resultTypes: ["violations"], ...which})).violations;
}"""
