"""What is done with a message by the menu behind its time."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import Open, fits, is_accessible, is_said, says, shows


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
    expect(menu.get_by_role("button")).to_have_text(
        ["✕", "Answer", "As it was written", "About bob…"]
    )
    menu.get_by_role("button", name="Answer").click()
    page.keyboard.press("Enter")
    assert bob.hears("[re #").endswith("it is me")

    says(page, "/me wavse")
    says(page, "and later this")
    bob.hears("and later this")
    is_said(page, "and later this")
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
    is_said(page, "the keey")
    menu_of(page, "the keey").get_by_role("button", name="Put it right").click()
    field = page.get_by_role("textbox", name="Say something")
    field.fill(field.input_value().replace("keey", "key"))
    page.keyboard.press("Enter")
    bob.hears("] the key")
    shows(page, "the key (fixed)")


def test_it_is_opened_by_keys_alone(open_page: Open, bob: Neighbour) -> None:
    """By Enter; by other keys, `tests/long/test_page_in_other_ways.py` has it opened."""
    opens_by_keys(open_page("eva"), bob, "Enter")


def opens_by_keys(page: Page, bob: Neighbour, opens: str) -> None:
    bob.says(f"the first {opens}")
    shows(page, f"the first {opens}")
    says(page, f"the second {opens}")
    bob.hears(f"the second {opens}")
    is_said(page, f"the second {opens}")
    bob.says(f"the third {opens}")
    shows(page, f"the third {opens}")
    log, field = page.get_by_role("log"), page.get_by_role("textbox", name="Say something")
    expect(field).to_be_focused()
    for _ in range(3):  # what was said together is one, with a stop of its own to look along it
        if not page.locator("#scroller:focus").count():
            page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("region", name="Conversation")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(log.locator(":focus")).to_contain_text(f"the third {opens}")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    expect(log.locator(":focus")).to_contain_text(f"the second {opens}")
    expect(log.get_by_role("article", name=f"eva the second {opens}")).to_be_focused()
    is_accessible(page)
    page.keyboard.press(opens)
    menu = page.get_by_role("dialog")
    expect(menu.get_by_role("button", name="Answer")).to_be_focused()
    is_accessible(page)
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(log.locator(":focus")).to_contain_text(f"the second {opens}")
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    assert page.locator("#log .line[tabindex='0']").count() == 0  # no stop of Tab for each


AT_ONCE = "() => { window.setTimeout = (call) => queueMicrotask(call); }"
IS_PREVENTED = """() =>
    !document.body.dispatchEvent(new Event("contextmenu", { bubbles: true, cancelable: true }))"""


def test_the_menu_of_the_browser_does_not_come_however_long_the_key_is_held(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    bob.says("a menu, please")
    shows(page, "a menu, please")
    page.evaluate(AT_ONCE)  # no time is too short
    page.get_by_role("region", name="Conversation").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.down("ContextMenu")
    page.keyboard.down("ContextMenu")  # as it repeats itself
    expect(page.get_by_role("dialog").get_by_role("button", name="Answer")).to_be_focused()
    assert page.evaluate(IS_PREVENTED)
    page.keyboard.up("ContextMenu")
    page.keyboard.press("Escape")
    assert not page.evaluate(IS_PREVENTED)


def test_who_said_it_has_a_menu_behind_it_and_behind_what_was_deleted(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    bob.says("to be deleted")
    shows(page, "to be deleted")
    bob.says("/delete")
    shows(page, "a message of bob was deleted")
    page.get_by_role("region", name="Conversation").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button")).to_have_text(["✕", "About bob…"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="bob")).to_be_visible()
    page.keyboard.press("Escape")

    bob.says("a needle in the hay")
    shows(page, "a needle in the hay")
    says(page, "/search needle in")
    dialog.get_by_role("button", name="bob").click()
    expect(page.get_by_role("dialog", name="bob")).to_be_visible()


def test_a_message_that_changes_keeps_the_focus(open_page: Open, bob: Neighbour) -> None:
    page = open_page("eva")
    bob.says("the keey")
    shows(page, "the keey")
    page.get_by_role("region", name="Conversation").focus()
    page.keyboard.press("ArrowUp")
    bob.says("/fix the key")
    shows(page, "the key (fixed)")
    expect(page.get_by_role("log").locator(":focus")).to_contain_text("the key (fixed)")


def test_the_help_tells_of_the_keys(open_page: Open) -> None:
    page = open_page("eva")
    says(page, "/help")
    expect(page.get_by_role("dialog")).to_contain_text("the arrow keys go from message to message")
