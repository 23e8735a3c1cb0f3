"""Being told of what is for one while one looks elsewhere, where a browser lets a page do it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import Open, enters, fits, is_accessible, shows
from tests.real.server import Server

LABELS = {
    "en": ("Settings", "Tell me of what is for me while I look elsewhere"),
    "es": ("Ajustes", "Avisarme de lo que es para mí mientras miro a otra parte"),
}
BY_HTTPS = {
    "en": "Browsers allow that only to pages that come by https.",
    "es": "Los navegadores solo se lo permiten a las páginas que llegan por https.",
}

ELSEWHERE = """() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    window.told = [];
    window.Notification = class {
        static permission = "granted";
        constructor(nick, { body }) { told.push([nick, body]); }
    };
}"""
"""Nobody looks at the page, and what it would tell them is noted."""


def ticked(page: Page, language: str = "en") -> bool:
    """Tick the box, and tell whether it stays so: now, and in the next run."""
    settings, label = LABELS[language]
    page.get_by_role("button", name=settings).click()
    box = page.get_by_label(label)
    expect(box).not_to_be_checked()
    box.click()
    reason = page.locator("#why-not-notify")
    expect(page.locator("#notify:checked, #why-not-notify:not(:empty)")).to_have_count(1)
    stays = box.is_checked()
    assert stays == (reason.text_content() == "")
    is_accessible(page)
    fits(page)
    return stays


def stays_ticked(page: Page) -> bool:
    page.reload()
    page.get_by_role("button", name=LABELS["en"][0]).click()
    box = page.get_by_label(LABELS["en"][1])
    expect(box).to_be_visible()
    return box.is_checked()


def by_loopback(page: Page, server: Server) -> None:
    """Come in where browsers take a page for safe."""
    page.goto(f"http://127.0.0.1:{server.address(1)[1]}/")
    enters(page, "eva")


def test_by_http_the_box_says_why_it_cannot_be_ticked(open_page: Open) -> None:
    """In English; in Spanish, and for other causes, in `tests/long/test_page_in_other_ways.py`."""
    cannot_by_http(open_page, "en")


def cannot_by_http(open_page: Open, language: str) -> None:
    page = open_page(locale=language, viewport={"width": 320, "height": 600})
    page.locator("#nick").fill("eva")
    page.keyboard.press("Enter")
    assert not ticked(page, language)
    expect(page.get_by_role("dialog")).to_contain_text(BY_HTTPS[language])


def test_where_it_is_allowed_the_box_stays_ticked_until_that_is_taken_back(
    open_page: Open, server: Server, bob: Neighbour
) -> None:
    page = open_page()
    page.context.grant_permissions(["notifications"])
    by_loopback(page, server)
    bob.hears("-- eva joined")
    assert ticked(page)
    assert stays_ticked(page)
    page.keyboard.press("Escape")
    people = page.get_by_role("complementary")  # she is let in, and what is said from now on is new
    expect(people.get_by_role("button", name="bob")).to_be_visible()
    page.evaluate(ELSEWHERE)
    bob.says("to all")
    bob.acts("tells eva that dinner is ready")
    shows(page, "dinner is ready")
    assert page.evaluate("told") == [["bob", "tells eva that dinner is ready"]]
    page.context.clear_permissions()
    assert not stays_ticked(page)
