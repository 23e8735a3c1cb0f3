"""Where one types without pressing anywhere: what has the focus, and what Escape leaves."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import Open, says, shows


def test_a_dialog_begins_with_what_there_is_to_fill_in_and_one_escape_ends_it(
    open_page: Open,
) -> None:
    """That of a search; other ones, in `tests/long/test_page_in_other_ways.py`."""
    begins_with(open_page("eva"), "/search hay", "Words to look for here")


def begins_with(page: Page, command: str, first: str) -> None:
    says(page, command)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label(first, exact=True)).to_be_focused()
    page.keyboard.type("and more")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("textbox", name="Say something")).to_be_focused()


def test_where_there_is_nothing_to_fill_in_one_begins_with_the_first_thing_to_do(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    bob.says("hello")
    shows(page, "hello")
    dialog = page.get_by_role("dialog")
    page.get_by_role("complementary").get_by_role("button", name="bob").click()
    expect(dialog.get_by_role("button", name="Write privately")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More rooms…").click()
    expect(dialog.get_by_role("button", name="huddle")).to_be_focused()
    page.keyboard.press("Escape")
    says(page, "/help")
    expect(dialog).to_be_focused()  # the arrows scroll it
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


NAMED_AT_ONCE = """(button) => {
    button.click();
    const box = document.querySelector("dialog[open]");
    return document.getElementById(box.getAttribute("aria-labelledby")).textContent;
}"""
"""What a screen reader is told when the focus comes into what is opened by a button."""


def test_a_dialog_that_leads_to_another_leaves_it_its_name(open_page: Open) -> None:
    page = open_page("eva")
    page.get_by_role("button", name="Settings").click()
    leads = page.get_by_role("dialog").get_by_role("button", name="Change my nick")
    assert leads.evaluate(NAMED_AT_ONCE) == "Change my nick"


def test_on_a_phone_the_lists_go_when_one_types(open_page: Open, bob: Neighbour) -> None:
    page = open_page("eva", viewport={"width": 320, "height": 600})
    bob.hears("-- eva joined")
    page.get_by_role("button", name="Who is here").click()
    page.get_by_role("complementary").get_by_role("button", name="bob").click()
    page.get_by_role("button", name="Mention").click()
    expect(page.get_by_role("complementary")).to_be_hidden()
    page.keyboard.type("hey")
    expect(page.get_by_role("textbox", name="Say something")).to_have_value("bob: hey")


def test_what_is_typed_where_nothing_takes_it_is_typed_in_the_field(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    page.get_by_role("region", name="Conversation").click()
    page.keyboard.type("to all")
    page.get_by_role("button", name="More rooms…").click()
    page.get_by_label("Another room, or a new one").fill("#lan party")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="lan-party", exact=True)).to_be_visible()
    log = page.get_by_role("log")
    assert "/ lists the commands" in log.evaluate(
        "each => getComputedStyle(each, '::before').content"
    )
    page.get_by_role("complementary").get_by_role("button", name="eva").focus()
    page.keyboard.type("é here")
    field = page.get_by_role("textbox", name="Say something")
    expect(field).to_have_value("é here")
    page.get_by_role("navigation").get_by_role("button", name="huddle").click()
    expect(field).to_have_value("to all")


NOTHING_IN_IT = """(all) => all.filter((each) => each.matches("button") && !each.childNodes.length)
    .map((each) => each.outerHTML)"""


def test_no_stop_of_tab_is_empty_also_where_there_is_no_topic(open_page: Open) -> None:
    page = open_page("eva", path="#untold")
    expect(page.get_by_role("heading", name="untold", exact=True)).to_be_visible()
    shown = page.locator("#house :is(button, textarea, a, [tabindex]):visible")
    assert shown.evaluate_all(NOTHING_IN_IT) == []
    page.get_by_role("button", name="Topic…").click()
    page.get_by_label("Topic", exact=True).fill("what is untold")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Topic: what is untold")).to_be_visible()
    says(page, "/topic -")
    expect(page.get_by_role("button", name="Topic…")).to_be_visible()
