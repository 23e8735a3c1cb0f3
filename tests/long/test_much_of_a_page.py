"""More of the page in a real browser: rooms, keys, private messages, accounts, blocks, the past."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import (
    Open,
    bob,
    is_accessible,
    is_said,
    open_page,
    says,
    server,
    shows,
)
from tests.doors.web.browsing.test_drawing import counted
from tests.patience import until

__all__ = ["bob", "open_page", "server"]


def menu_of(page: Page, nick: str) -> None:
    page.get_by_role("complementary").get_by_role("button", name=nick).click()


def goes_to(page: Page, room: str, key: str = "") -> None:
    page.get_by_role("button", name="More rooms…").click()
    page.get_by_label("Another room, or a new one").fill(room)
    page.get_by_label("Its key").fill(key)
    page.get_by_role("button", name="Go there").click()
    expect(page.get_by_role("heading", name=room, exact=True)).to_be_visible()


PASTES = """(input, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    input.focus();
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
    document.execCommand("insertText", false, text);
}"""
"""What a browser does where a person pastes; its own clipboard wants a permission."""


def test_a_block_is_one_is_folded_put_right_answered_and_deleted(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    bob.hears("-- eva joined")
    code = ["def f(x):", "", *(f"\tx += {n}" for n in range(18))]
    says(page, "\n".join(code))
    assert bob.hears("def f") == "<eva> def f(x):"
    is_said(page, "def f")
    block = page.get_by_role("log").locator("pre").last
    expect(block).to_have_text("\n".join(code[:12]), use_inner_text=True)
    assert "mono" in block.evaluate("each => getComputedStyle(each).fontFamily").lower()
    is_accessible(page)
    page.get_by_role("button", name="… and 8 more").click()
    is_accessible(page)
    assert block.evaluate("each => each.textContent") == "\n".join(code)

    says(page, "/fix return x")
    shows(page, "return x (fixed)")
    assert block.evaluate("each => each.textContent") == "\n".join([*code[:-1], "return x (fixed)"])
    bob.says("/me helo", "/fix hello")
    shows(page, "hello (fixed)")
    expect(page.get_by_text("helo", exact=True)).to_have_count(0)

    time = page.get_by_role("log").locator(".line", has_text="hello (fixed)").locator("time")
    says(page, f"/re {(time.get_attribute('title') or '').rpartition('#')[2]} indeed")
    assert "indeed" in bob.hears("[re #")
    shows(page, "↳ bob: hello indeed")

    number = page.get_by_role("log").locator(".line", has=page.locator("pre")).last.locator("time")
    title = number.get_attribute("title")
    assert title is not None
    seq = title.rpartition("#")[2]
    says(page, "/numbers")
    shows(page, "every message shows its number")
    drawn = number.evaluate("each => getComputedStyle(each, '::after').content")
    assert drawn.replace('" "', "") == f'"#{seq}"' and number.get_attribute("data-seq") == seq
    says(page, f"/raw {seq}")
    dialog = page.get_by_role("dialog", name=f"#{seq}, by eva:")
    dialog.wait_for()
    assert dialog.locator("pre").evaluate("each => each.textContent") == "\n".join(code)
    page.keyboard.press("Escape")
    says(page, f"/delete {seq}")
    shows(page, "a message of eva was deleted")
    expect(page.get_by_text("a message of eva was deleted")).to_have_count(1)

    log = "/quit\n\t/usr/bin/python3"
    page.locator("#input").evaluate(PASTES, log)
    page.locator("#input").press("Enter")
    assert bob.hears("/quit") == "<eva> /quit"


def test_rooms_are_entered_and_what_comes_in_others_is_counted(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    goes_to(page, "games")
    assert page.url.endswith("#games")
    says(page, "/topic Map 3, 20:00")
    expect(page.get_by_role("button", name="Topic: Map 3, 20:00")).to_be_visible()
    bob.says(*[f"/me is at {number}." for number in range(60)], "hey eva")
    rooms = page.get_by_role("navigation")
    expect(rooms.get_by_role("button", name="huddle")).to_have_text("huddle1")
    expect(page).to_have_title("(1) games · Huddle")
    rooms.get_by_role("button", name="huddle").click()
    expect(page.get_by_text("unread", exact=True)).to_be_in_viewport()
    expect(page.get_by_text("is at 0.")).to_be_in_viewport()
    expect(rooms.get_by_role("button", name="huddle")).to_have_text("huddle1")  # until it was seen
    page.get_by_role("button", name="Newest").click()
    expect(page.get_by_text("hey eva")).to_be_in_viewport()
    expect(rooms.get_by_role("button", name="huddle")).to_have_text("huddle")
    rooms.get_by_role("button", name="games").click()
    rooms.get_by_role("button", name="huddle").click()
    expect(page.get_by_text("hey eva")).to_be_in_viewport()
    expect(page.get_by_text("unread", exact=True)).to_have_count(0)
    expect(rooms.get_by_role("button", name="Leave")).to_have_count(0)  # it is the first room
    rooms.get_by_role("button", name="games").click()
    rooms.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="huddle", exact=True)).to_be_visible()
    expect(rooms.get_by_role("button", name="games")).to_have_count(0)
    is_accessible(page)
    says(page, "/msg bob psst")
    shows(page, "psst")
    is_accessible(page)
    rooms.get_by_role("button", name="Close").click()
    expect(rooms.get_by_role("button", name="bob")).to_have_count(0)


def test_a_room_with_a_key_asks_for_it(open_page: Open) -> None:
    owner, guest = open_page("eva"), open_page("gus")
    goes_to(owner, "locked")
    says(owner, "/key")
    owner.get_by_role("dialog", name="Lock locked").get_by_role("textbox").fill("sesame")
    owner.get_by_role("button", name="OK").click()
    shows(owner, "eva locked the room")
    says(guest, "/join locked")
    guest.get_by_role("dialog", name="locked has a key").wait_for()
    is_accessible(guest)
    guest.get_by_role("textbox", name="Key").fill("sesame")
    guest.get_by_role("button", name="OK").click()
    expect(guest.get_by_role("heading", name="locked", exact=True)).to_be_visible()


def test_private_messages_are_a_conversation_of_their_own(open_page: Open, bob: Neighbour) -> None:
    page = open_page("eva")
    bob.hears("-- eva joined")
    bob.says("/msg eva psst")
    page.get_by_role("navigation").get_by_role("button", name="bob").click()
    shows(page, "psst")
    page.get_by_label("Say something").fill("half a sent")
    page.get_by_role("navigation").get_by_role("button", name="huddle").click()
    says(page, "/msg bob what is it?")
    bob.hears("[eva] what is it?")
    is_said(page, "what is it?")  # what is still on its way cannot be put right
    expect(page.get_by_label("Say something")).to_have_value("half a sent")
    says(page, "/fix what was it?")
    bob.hears("what was it?")
    shows(page, "what was it? (fixed)")
    number = page.get_by_role("log").locator("time[data-seq]").first.get_attribute("data-seq")
    says(page, f"/re {number} I listen")
    bob.hears("I listen")
    shows(page, "↳ bob: psst I listen")
    says(page, f"/raw {number}")
    expect(page.get_by_role("dialog", name=f"#{number}, by bob:").locator("pre")).to_have_text(
        "psst"
    )
    page.keyboard.press("Escape")
    page.get_by_role("navigation").get_by_role("button", name="huddle").click()
    expect(page.get_by_label("Say something")).to_have_value("")
    page.reload()
    page.get_by_role("navigation").get_by_role("button", name="bob").click()
    shows(page, "what was it? (fixed)")
    shows(page, "psst", times=2)  # and where it is answered


def test_a_nick_is_registered_and_opened_elsewhere_by_its_password(open_page: Open) -> None:
    page = open_page("nora")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Keep my nick by a password").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("battery staple")
    page.get_by_role("button", name="OK").click()
    shows(page, "The nick nora is registered")
    says(page, "/password")
    change = page.get_by_role("dialog", name="Change my password")
    change.get_by_label("Password", exact=True).fill("battery staple")
    change.get_by_label("Password, of 8 characters or more").fill("correct horse")
    is_accessible(page)
    page.get_by_role("button", name="OK").click()
    shows(page, "Done.")
    other = open_page()
    other.get_by_label("What is your nick?").fill("nora")
    other.keyboard.press("Enter")
    other.get_by_label("Password", exact=True).fill("wrong horse")
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert").first).not_to_be_empty()
    is_accessible(other)
    other.get_by_label("Password", exact=True).fill("correct horse")
    other.keyboard.press("Enter")
    other.get_by_label("Say something").wait_for()


def test_whoever_made_a_room_sends_people_out_of_it_and_others_cannot(open_page: Open) -> None:
    host, guest = open_page("eva"), open_page("gus")
    goes_to(host, "mine")
    says(guest, "/join mine")
    expect(guest.get_by_role("heading", name="mine", exact=True)).to_be_visible()
    menu_of(guest, "eva")
    expect(guest.get_by_role("button", name="Write privately")).to_be_visible()
    expect(guest.get_by_role("button", name="Send away")).to_have_count(0)
    guest.keyboard.press("Escape")
    menu_of(host, "gus")
    host.get_by_role("button", name="Send away").click()
    shows(guest, "eva sent you out of mine")
    expect(guest.get_by_role("heading", name="huddle", exact=True)).to_be_visible()


def test_the_past_comes_by_scrolling_up_and_little_of_it_is_in_the_page(
    open_page: Open, bob: Neighbour
) -> None:
    bob.says(*[f"/me is at {number}." for number in range(600)])
    page = open_page("eva")
    shows(page, "is at 599.")
    log = page.get_by_role("log")
    page.get_by_role("region", name="Conversation").hover()

    def has_come() -> bool:
        page.mouse.wheel(0, -3000)
        return bool(log.get_by_text("is at 3.").count())

    until(has_come)
    shows(page, "is at 3.")
    assert log.locator("> *").count() <= 600
    page.evaluate(AT_REST)
    place = top_of(log.get_by_text("is at 3."))
    bob.acts("is here", "is there")
    rooms = page.get_by_role("navigation")
    expect(rooms.get_by_role("button", name="huddle")).to_have_text("huddle2")
    page.evaluate(AT_REST)
    assert abs(top_of(log.get_by_text("is at 3.")) - place) < 1  # scrolling goes by whole pixels
    page.get_by_role("button", name="Newest").click()
    shows(page, "is at 599.")
    assert log.locator("> *").count() <= 160
    page.evaluate(SHRUNK)  # as where one types more lines while others come
    expect(page.get_by_text("is there")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Newest")).to_be_hidden()

    expect(log).to_have_attribute("aria-live", "polite")  # the log is done with what came
    count = counted(page)
    before = count()
    page.evaluate(CHANGES)
    page.get_by_role("textbox", name="Say something").press_sequentially("twenty keys, or so, ")
    after = count()
    assert page.evaluate("changes") == 0  # nothing of it is made anew for a key
    assert after["layouts"] - before["layouts"] <= 3 * 20
    assert after["elements"] - before["elements"] <= 20


def top_of(shown: Locator) -> float:
    """How far it is below the window's top, in pixels."""
    box = shown.bounding_box()
    assert box is not None
    return box["y"]


AT_REST = """async () => {
    const scroller = document.getElementById("scroller");
    for (let still = 0, last = NaN; still < 10; last = scroller.scrollTop) {
        await new Promise(requestAnimationFrame);
        still = scroller.scrollTop === last ? still + 1 : 0;
    }
}"""
"""Until a turn of the wheel has ended, in whose last frames a place moves by parts of a pixel."""

SHRUNK = """() => {
    document.getElementById("input").rows = 9;
    document.getElementById("scroller").dispatchEvent(new Event("scroll"));
}"""


CHANGES = """() => {
    window.changes = 0;
    const all = {childList: true, subtree: true, attributes: true, characterData: true};
    const observer = new MutationObserver((records) => window.changes += records.length);
    observer.observe(document.getElementById("log"), all);
}"""


def test_whoever_looks_elsewhere_is_called_as_they_have_chosen(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    page.evaluate(CALLS)
    bob.says("hey eva, one", "/msg eva two")
    navigation = page.get_by_role("navigation")
    expect(navigation.get_by_role("button", name="bob")).to_have_text("bob1")
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Tell me of what is for me while I look elsewhere").check()
    page.get_by_label("And make a sound").check()
    page.keyboard.press("Escape")
    bob.says("nothing for her", "hey eva, three", "/msg eva four")
    shows(page, "hey eva, three")
    expect(navigation.get_by_role("button", name="bob")).to_have_text("bob2")
    assert page.evaluate("calls") == ["asked", "sound", "hey eva, three", "sound", "four"]
    bob.says("hey eva, five", "six")  # on a phone there is no such notification, and nothing ends
    shows(page, "six")
    expect(page).to_have_title("(5) Huddle")


CALLS = """() => {
    window.calls = [];
    document.hasFocus = () => false;
    Object.defineProperty(window, "isSecureContext", { value: true }); // as by https
    window.Notification = class {
        static permission = "granted";
        static async requestPermission() {
            calls.push("asked");
            return "granted";
        }
        constructor(_nick, {body} = {}) {
            if (body?.includes("five")) throw new TypeError();
            if (body) calls.push(body);
        }
        close() {}
    };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function () { calls.push("sound"); start.call(this); };
}"""
