"""Take the pictures of the page in the READMEs, from a session that really takes place.

    python -m scripts.page_pictures

A server is started; the page is opened in Chromium on a desk and on a phone, and holds the
conversation below with people who have `nc`. It needs what the tests need.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.client.windows.neighbour import Neighbour
from tests.needs import needs
from tests.real.server import Server

PICTURES = {
    "desk": Path("docs") / "page-desk.png",
    "phone": Path("docs") / "page-phone.png",
}
DESK, PHONE = (900, 520), (360, 520)

PROGRAM = "for name in sorted(people):\n    if name in late:\n\n        print(name)"


def main() -> None:
    """Hold the conversation, and take both pictures."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        server = Server(Path(place), "--history", "none", "--web", "0")
        chromium = needs("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        bob, carla = Neighbour(server, "bob"), Neighbour(server, "carla")
        bob.says("good morning! is everybody in?")
        ana = enter(browser, server, "ana", DESK, "light")
        says(ana, "/topic Chapter 4, exercises 1 to 12")
        says(ana, "I am, from the browser")
        carla.says("y yo, con nc")
        says(ana, PROGRAM)
        bob.says("ana, the notes: https://example.org/chapter-4")
        carla.says("/me opens them")
        eva = enter(browser, server, "eva", PHONE, "dark")
        says(eva, "and I read along on my phone")
        carla.says("/msg ana lunch at two?")
        eva.get_by_role("log").get_by_text("on my phone").wait_for()
        for page, name in ((ana, "desk"), (eva, "phone")):
            page.wait_for_timeout(500)
            page.screenshot(path=PICTURES[name])
        browser.close()
        bob.close()
        carla.close()
        server.end()


def enter(browser: Browser, server: Server, nick: str, size: tuple[int, int], scheme: str) -> Page:
    """The page on a screen of this size, with somebody in it."""
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="en-GB",
    )
    page.goto(f"http://127.0.0.1:{server.address(1)[1]}/")
    page.get_by_label("What is your nick?").fill(nick)
    page.keyboard.press("Enter")
    page.get_by_label("Say something").wait_for()
    return page


def says(page: Page, text: str) -> None:
    """Type this, send it, and see it acknowledged."""
    page.get_by_role("textbox", name="Say something").fill(text)
    page.keyboard.press("Enter")
    page.locator(".waiting").first.wait_for(state="detached")


if __name__ == "__main__":
    main()
