"""Who keeps order in a room is told what was done, by a command and by the menu of a nick."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import Open, shows

EN = {
    "/mute bob 5m too loud": "bob is muted for 5m",
    "Mute for ten minutes": "bob is muted for 10m",
    "/unmute bob": "bob may speak again",
    "Give a voice": "bob has a voice",
    "/unvoice bob": "bob has no voice any more",
    "Ban for an hour": "bob is kept out for 1h",
    "/unban bob": "bob may come in again",
}


def test_it_is_told_what_was_done_and_for_how_long(open_page: Open, bob: Neighbour) -> None:
    """In English; in Spanish, `tests/long/test_page_in_other_ways.py` has it told."""
    keeps_order(open_page(path="#mine"), bob, "mine", EN)


def keeps_order(page: Page, bob: Neighbour, room: str, said: dict[str, str]) -> None:
    page.get_by_role("textbox").first.fill("eva")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=room, exact=True)).to_be_visible()
    bob.says(f"/join {room}", "here I am")
    shows(page, "here I am")
    for what, told in said.items():
        if what.startswith("/"):
            page.get_by_role("textbox").fill(what)
            page.keyboard.press("Enter")
        else:
            page.get_by_role("complementary").get_by_role("button", name="bob").click()
            page.get_by_role("dialog").get_by_role("button", name=what).click()
        shows(page, told)
    for done in ("Done.", "Hecho."):
        shows(page, done, times=0)
