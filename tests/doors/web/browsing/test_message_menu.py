"""What is done with a message by the menu behind its time."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import Open, fits, is_accessible, says, shows
from tests.patience import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)


def menu_of(page: Page, text: str) -> Locator:
    page.get_by_role("log").locator(".line", has_text=text).first.locator("time").click()
    return page.get_by_role("dialog")


def test_a_message_is_answered_put_right_and_deleted(open_page: Open, bob: Neighbour) -> None:
    page = open_page("eva", viewport={"width": 320, "height": 600})
    bob.hears("-- eva joined")
    field = page.get_by_role("textbox", name="Say something")
    bob.says("who is there?")
    shows(page, "who is there?")
    field.fill("it is me")
    menu = menu_of(page, "who is there?")
    is_accessible(page)
    fits(page)
    expect(menu.get_by_role("button")).to_have_text(["✕", "Answer", "As it was written"])
    menu.get_by_role("button", name="Answer").click()
    page.keyboard.press("Enter")
    assert bob.hears("[re #").endswith("it is me")

    says(page, "/me wavse")
    says(page, "and later this")
    bob.hears("and later this")
    expect(page.locator(".waiting")).to_have_count(0)
    menu_of(page, "wavse").get_by_role("button", name="Put it right").click()
    expect(field).to_be_focused()
    assert field.input_value().endswith(" wavse")
    field.press("Backspace")
    field.press("Backspace")
    field.type("es")
    page.keyboard.press("Enter")
    assert bob.hears("[instead of #").endswith("] waves")
    shows(page, "waves (fixed)")

    menu_of(page, "and later this").get_by_role("button", name="Delete").click()
    bob.hears("-- eva deleted a message")
    shows(page, "a message of eva was deleted")
    menu_of(page, "who is there?").get_by_role("button", name="As it was written").click()
    expect(page.get_by_role("dialog").locator("pre")).to_have_text("who is there?")


def test_those_of_a_private_conversation_are_meant_by_its_numbers(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    says(page, "/msg bob the keey")
    bob.hears("[eva] the keey")
    expect(page.locator(".waiting")).to_have_count(0)
    menu_of(page, "the keey").get_by_role("button", name="Put it right").click()
    field = page.get_by_role("textbox", name="Say something")
    field.fill(field.input_value().replace("keey", "key"))
    page.keyboard.press("Enter")
    bob.hears("] the key")
    shows(page, "the key (fixed)")
