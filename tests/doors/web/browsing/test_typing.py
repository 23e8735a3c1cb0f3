"""The field in which one types: it is as high as its text, and completes commands and nicks."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from huddle.protocol.commands import COMMANDS
from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import Open, fits, is_accessible, says, shows
from tests.patience import until

PHONE = {"width": 320, "height": 600}


def field_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Say something")


def chosen(page: Page) -> Locator:
    return page.get_by_role("option", selected=True)


def test_enter_takes_the_command_that_was_chosen_by_the_arrows(open_page: Open) -> None:
    page = open_page("eva")
    field = field_of(page)
    field.press_sequentially("/r")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(chosen(page)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text("/raw N")
    page.keyboard.press("Enter")
    expect(field).to_have_value("/raw ")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.fill("/r")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")  # what is typed is sent
    shows(page, "There is no command /r.")
    expect(field).to_have_value("/r")


def test_all_commands_are_in_the_list_and_the_arrows_bring_each_into_view(open_page: Open) -> None:
    """On a phone; on a desk, `tests/long/test_page_in_other_ways.py` has them brought."""
    goes_along_the_list(open_page("eva", viewport=PHONE))


def goes_along_the_list(page: Page) -> None:
    field_of(page).press_sequentially("/")
    options = page.get_by_role("option")
    expect(options).not_to_have_count(0)
    count = options.count()
    assert 20 < count < len(COMMANDS)  # those that one may use
    is_accessible(page)
    fits(page)
    listed = page.get_by_role("listbox")
    assert listed.evaluate("each => each.scrollHeight > each.clientHeight")  # it shows a part
    assert listed.evaluate(COUNT) == f'"{count} commands" / ""'
    seen = []
    for _ in range(count):
        page.keyboard.press("ArrowDown")
        seen.append(chosen(page).inner_text())
        assert chosen(page).evaluate(IN_VIEW)
    assert len(set(seen)) == count and seen == options.all_inner_texts()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(field_of(page)).to_be_focused()
    is_accessible(page)


COUNT = "each => getComputedStyle(each, '::after').content"
IN_VIEW = """(option) => {
    const boxes = [option, option.parentElement].map((each) => each.getBoundingClientRect());
    const count = parseFloat(getComputedStyle(option.parentElement, "::after").height);
    const [{top, bottom}, list] = boxes;
    return top >= list.top && bottom <= list.bottom - count && list.top >= 0;
}"""


def test_a_finger_scrolls_the_list_and_a_tap_takes_a_command(open_page: Open) -> None:
    page = open_page("eva", viewport=PHONE, has_touch=True)
    field = field_of(page)
    field.press_sequentially("/")
    option = page.get_by_role("option", name="/topic")
    option.scroll_into_view_if_needed()
    option.dispatch_event("pointerdown", {"pointerType": "touch"})
    expect(field).to_have_value("/")  # it may become a scrolling
    option.tap()
    expect(field).to_have_value("/topic ")
    expect(field).to_be_focused()


def test_the_list_goes_when_one_goes_elsewhere(open_page: Open) -> None:
    page = open_page("eva")
    field_of(page).press_sequentially("/")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Shift+Tab")  # whoever has only keys can scroll it
    expect(page.get_by_role("listbox")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field_of(page).focus()
    page.keyboard.type("w")
    page.get_by_role("region", name="Conversation").click()
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_the_field_is_as_high_as_what_stands_in_it(open_page: Open, bob: Neighbour) -> None:
    page = open_page("eva")
    bob.hears("-- eva joined")
    field = field_of(page)
    empty = height(field)
    long = "many words that go on and on " * 10
    field.fill(long)
    wrapped = height(field)
    assert wrapped > 2 * empty and shows_all(field)
    page.set_viewport_size({"width": 820, "height": 700})
    until(lambda: height(field) > wrapped and shows_all(field))
    page.set_viewport_size({"width": 1000, "height": 700})
    until(lambda: height(field) == wrapped)
    page.keyboard.press("Enter")
    expect(field).to_have_value("")
    assert height(field) == empty
    page.keyboard.press("ArrowUp")  # had again
    expect(field).to_have_value(long)
    assert height(field) == wrapped
    field.fill(long[:-1] + " b")
    page.keyboard.press("Tab")
    expect(field).to_have_value(long[:-1] + " bob ")
    assert shows_all(field)
    says(page, "/join lan")
    expect(page.get_by_role("heading", name="lan", exact=True)).to_be_visible()
    assert height(field) == empty
    field.fill(long)
    page.get_by_role("navigation").get_by_role("button", name="huddle").click()
    expect(field).to_have_value("")
    assert height(field) == empty
    page.get_by_role("navigation").get_by_role("button", name="lan").click()
    expect(field).to_have_value(long)
    assert height(field) == wrapped


def test_the_field_grows_no_further_than_leaves_room_for_the_conversation(open_page: Open) -> None:
    """On a phone; on a desk, `tests/long/test_page_in_other_ways.py` has it grow."""
    leaves_room(open_page("eva", viewport=PHONE), PHONE["height"])


def leaves_room(page: Page, whole: int) -> None:
    field = field_of(page)
    field.fill("one\ntwo\n")
    assert shows_all(field)
    for text in ("\n".join(map(str, range(60))), "x" * 6000, "words " * 4000):
        field.fill(text)
        assert not shows_all(field)
        assert 3 * height(page.get_by_role("textbox")) < 2 * whole
        assert height(field) <= 0.4 * whole
        fits(page)


def height(field: Locator) -> float:
    box = field.bounding_box()
    assert box is not None
    return box["height"]


def shows_all(field: Locator) -> bool:
    """Whether nothing of its text has to be scrolled to."""
    return bool(field.evaluate("each => each.scrollHeight <= each.clientHeight"))


def test_a_nick_is_completed_behind_what_marks_or_opens(open_page: Open, bob: Neighbour) -> None:
    page = open_page("eva")
    bob.hears("-- eva joined")
    field = field_of(page)
    for typed, completed in (
        ("@bo", "@bob "),
        ("(bo", "(bob"),
        ("is it ¿bo", "is it ¿bob"),
        ("ask @b", "ask @bob "),
    ):
        field.fill(typed)
        page.keyboard.press("Tab")
        expect(field).to_have_value(completed)
        expect(field).to_be_focused()


def test_a_tab_behind_a_word_that_is_no_nick_stays_and_the_next_one_leads_on(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    bob.hears("-- eva joined")
    field = field_of(page)
    field.press_sequentially("hello xy")
    page.keyboard.press("Tab")
    expect(page.get_by_role("status").get_by_text("No nick here begins so.")).to_have_count(1)
    page.keyboard.press("Space")  # and says nothing that is half written
    expect(field).to_have_value("hello xy ")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    for typed, keys in (("xy", 2), ("b", 2)):
        field.fill(typed)
        for _ in range(keys):
            expect(field).to_be_focused()
            page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Send")).to_be_focused()
    field.fill("b")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    expect(field).to_have_value("b")
