"""The lists beside the conversation, which change while one presses something in them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import Open
from tests.real.server import Server


def holds(page: Page, shown: Locator) -> None:
    """Press the button of the mouse there, and hold it as long as a hand does."""
    shown.hover()
    page.mouse.down()


def test_who_is_pressed_while_somebody_comes_has_their_menu_and_keeps_the_focus(
    open_page: Open, bob: Neighbour, server: Server
) -> None:
    page = open_page("eva")
    people = page.get_by_role("complementary")
    pressed = people.get_by_role("button", name="bob")
    holds(page, pressed)
    zoe = Neighbour(server, "zoe")
    expect(people.get_by_role("button", name="zoe")).to_be_visible()
    page.mouse.up()
    expect(page.get_by_role("dialog", name="bob")).to_be_visible()
    page.keyboard.press("Escape")
    expect(pressed).to_be_focused()
    anna = Neighbour(server, "anna")
    expect(people.get_by_role("button")).to_have_text(["anna", "bob", "eva", "zoe"])
    expect(pressed).to_be_focused()
    for other in (zoe, anna):
        other.close()
    expect(people.get_by_role("button")).to_have_text(["bob", "eva"])
    expect(pressed).to_be_focused()


def test_a_room_is_gone_to_whatever_is_said_there_while_it_is_pressed(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva", path="#lan")
    expect(page.get_by_role("heading", name="lan", exact=True)).to_be_visible()
    rooms = page.get_by_role("navigation")
    rooms.get_by_role("button", name="huddle").click()
    bob.says("/join lan", "one")
    pressed = rooms.get_by_role("button", name="lan")
    expect(pressed).to_have_text("lan1")
    holds(page, pressed)
    bob.says("two")
    expect(pressed).to_have_text("lan2")
    page.mouse.up()
    expect(page.get_by_role("heading", name="lan", exact=True)).to_be_visible()
    expect(pressed).to_have_text("lan")


def test_who_goes_with_the_focus_on_them_leaves_it_to_the_next(
    open_page: Open, bob: Neighbour, server: Server
) -> None:
    page = open_page("eva")
    anna = Neighbour(server, "anna")
    people = page.get_by_role("complementary")
    people.get_by_role("button", name="anna").focus()
    anna.close()
    expect(people.get_by_role("button")).to_have_text(["bob", "eva"])
    expect(people.get_by_role("button", name="bob")).to_be_focused()
