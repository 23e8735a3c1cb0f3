"""The page in a real browser, with a real server and somebody who has `nc`."""

from __future__ import annotations

import signal
from pathlib import Path

from playwright.sync_api import Locator, expect

from huddle.protocol.limits import KIB
from huddle.server.invitation.qr_code import squares_of
from tests.client.programs.command import Command
from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import (
    Open,
    enters,
    fits,
    is_accessible,
    is_said,
    says,
    shows,
)
from tests.patience import until
from tests.real.server import Server

PHONE = {"width": 320, "height": 600}


def test_a_page_a_person_with_nc_and_one_with_huddle_client_talk(
    open_page: Open, bob: Neighbour, server: Server, tmp_path: Path
) -> None:
    kim = Command(server, tmp_path).start("--nick", "kim")
    assert kim.stdin is not None
    bob.hears("-- kim joined")
    page = open_page("eva")
    assert page.evaluate("isSecureContext") is False
    bob.hears("-- eva joined")
    says(page, "hello from a browser")
    bob.hears("<eva> hello from a browser")
    shows(page, "hello from a browser")
    bob.says("hola eva")
    shows(page, "hola eva")
    says(page, "def f():\n\n    return 1")
    assert bob.hears_next(3) == ["<eva> def f():", "<eva> ", "<eva>     return 1"]
    is_said(page, "return 1")
    expect(page.get_by_role("log").locator("pre")).to_have_text("def f():\n\n    return 1")
    kim.stdin.write("hola from a terminal\n")
    kim.stdin.flush()
    bob.hears("<kim> hola from a terminal")
    shows(page, "hola from a terminal")
    heard, _ = kim.communicate()
    for line in (
        "<eva> hello from a browser",
        "<bob> hola eva",
        "<eva>     return 1",
    ):
        assert line in heard
    bob.hears("-- kim left")
    shows(page, "kim left")


def test_what_one_does_is_told_as_that_by_me(open_page: Open, bob: Neighbour) -> None:
    page = open_page("eva")
    says(page, "/me waves to bob")
    bob.hears("* eva waves to bob")
    says(page, "/yo saluda")
    bob.hears("* eva saluda")
    bob.acts("nods")
    acts = page.get_by_role("log").locator(".act")
    expect(acts.locator(".body")).to_have_text(["eva waves to bob", "eva saluda", "bob nods"])
    is_said(page, "eva waves to bob")
    assert acts.first.evaluate(LOOK) == ["italic", '"* "']
    says(page, "//me waves")
    bob.hears("<eva> /me waves")
    is_said(page, "/me waves")
    expect(acts).to_have_count(3)


LOOK = """(line) => {
    const body = line.querySelector(".body");
    const star = getComputedStyle(body, "::before").content;
    return [getComputedStyle(body).fontStyle, star.split(" / ")[0]];
}"""


def test_an_address_with_a_room_leads_there(open_page: Open) -> None:
    page = open_page("eva", path="#lan")
    expect(page.get_by_role("heading", name="lan", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")  # what comes last counts, too
    came = page.evaluate(
        """performance.getEntriesByType("resource").map((each) => [each.name, each.transferSize])"""
    )
    assert len(came) <= 48 and sum(size for _, size in came) <= 120 * KIB
    assert all(name.startswith(page.url.partition("#")[0]) for name, _ in came)


def test_an_invitation_has_the_address_and_a_code_that_leads_into_the_room(
    open_page: Open,
) -> None:
    page = open_page("eva", path="#lan")
    expect(
        page.get_by_role("heading", name="lan", exact=True)
    ).to_be_visible()  # it is invited to where one is
    page.get_by_role("button", name="Invite…").click()
    dialog = page.get_by_role("dialog", name="Invite")
    expect(dialog.locator("pre")).to_contain_text("/#lan")
    expect(dialog).to_contain_text("/join lan")
    told = {
        "lines": ["nc 10.0.0.5 1"],
        "page": "http://10.0.0.5/",
        "qr": squares_of("http://10.0.0.5/"),
    }
    page.evaluate(INVITED, told)  # as where others reach the server: this one is for this machine
    expect(dialog.get_by_role("link")).to_have_text("http://10.0.0.5/")
    code = dialog.get_by_role("img", name="QR code of http://10.0.0.5/")
    assert tuple(code.evaluate(SQUARES)) == squares_of("http://10.0.0.5/")


INVITED = """async (told) =>
    (await import("/view/dialogs/invitation.mjs")).showInvitation(told)"""
SQUARES = """(canvas) => {
    const {width, height} = canvas;
    const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
    const dark = (x, y) => 1 - data[4 * ((y * 8 + 4) * width + x * 8 + 4)] / 255;
    const row = (y) => Array.from({length: width / 8}, (_, x) => dark(x, y)).join("");
    return Array.from({length: height / 8}, (_, y) => row(y));
}"""


def test_what_was_said_is_found(open_page: Open, bob: Neighbour) -> None:
    page = open_page("eva")
    bob.says("/me says the needle is there", "/me says this is hay")
    bob.says("/fix says the needle is lost")  # and no hay
    shows(page, "the needle is there")
    shows(page, "the needle is lost (fixed)")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Words to look for here").fill("NEEDLE")
    page.keyboard.press("Enter")
    found = page.get_by_role("dialog")
    expect(found.locator("#found > *")).to_have_count(2)
    expect(found.locator("#found")).to_contain_text("the needle is there")
    expect(found.locator("#found")).to_contain_text("the needle is lost (fixed)")
    is_accessible(page)


def test_it_speaks_spanish_to_those_whose_browser_does_and_by_a_switch(open_page: Open) -> None:
    page = open_page(locale="es-MX")
    page.get_by_label("¿Cuál es tu apodo?").fill("eva")
    page.get_by_role("button", name="Entrar").click()
    page.get_by_label("Di algo").fill("/ayuda")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("/entrar NOMBRE [LLAVE]")).to_be_visible()
    page.keyboard.press("Escape")
    is_accessible(page)
    page.get_by_role("button", name="Ajustes").click()
    page.get_by_role("dialog").get_by_label("Idioma").select_option("en")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Say something")).to_be_visible()


def test_commands_and_nicks_are_completed(open_page: Open, bob: Neighbour) -> None:
    page = open_page("eva")
    entry = page.get_by_label("Say something")
    entry.fill("/jo")
    expect(page.get_by_role("option", name="/join")).to_be_visible()
    page.keyboard.press("Tab")
    expect(entry).to_have_value("/join ")
    entry.fill("b")
    page.keyboard.press("Tab")
    expect(entry).to_have_value("bob: ")
    entry.fill("/sing")
    page.keyboard.press("Enter")
    shows(page, "There is no command /sing")
    expect(entry).to_have_value("/sing")


def test_all_of_it_is_reached_and_done_by_the_keyboard_alone(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    bob.hears("-- eva joined")
    bob.says("by the keyboard")
    shows(page, "by the keyboard")  # and all that was said before
    reached: list[str] = []
    while len(reached) < 40 and reached.count("send") < 2:
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.innerText")
        )
    shown = page.locator("#house :is(button, textarea, a, [tabindex]):visible")
    names = shown.evaluate_all("all => all.map((each) => each.id || each.innerText)")
    assert set(names) <= set(reached) and {"bob", "open-settings", "scroller", "input"} <= set(
        names
    )
    while page.evaluate("document.activeElement.innerText") != "bob":
        page.keyboard.press("Tab")
    for key in ("Enter", "Enter"):  # the menu: write privately
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="bob", exact=True)).to_be_visible()
    page.keyboard.type("psst")
    page.keyboard.press("Enter")
    bob.hears("[eva] psst")


def test_a_nick_that_is_taken_is_said_so_and_another_is_offered(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page()
    page.get_by_label("What is your nick?").fill("bob")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).not_to_be_empty()
    expect(page.get_by_label("What is your nick?")).to_have_value("bob2")
    is_accessible(page)
    enters(page, "bobina")


LOG_IN_TWO_PIECES = """async () => {
    const { Log } = await import("/view/log.mjs");
    const [scroller, list] = [document.createElement("div"), document.createElement("div")];
    scroller.style.cssText = "height: 300px; overflow: auto";
    scroller.append(list);
    document.body.append(scroller);
    const log = new Log(scroller, list, { older() {}, onNick() {}, moved() {} });
    const said = (seq, past) => ({
        key: `m${seq}`, is: "message",
        message: { seq, nick: "bob", kind: "say", text: `${seq}`, time: 0, past },
    });
    const items = (last, past) => [
        said(1, true), { key: "unread", is: "rule" },
        ...Array.from({ length: last - 1 }, (_, i) => said(i + 2, past(i + 2))),
    ];
    const isInView = () => {
        const shown = [list.querySelector(".unread"), scroller];
        const [rule, view] = shown.map((each) => each.getBoundingClientRect());
        return rule.top >= view.top && rule.bottom <= view.bottom;
    };
    const show = (last, past) => log.show(items(last, past), { nick: "eva", fresh: last === 3 });
    show(3, () => true);
    show(40, () => true);
    const came = [isInView(), log.atEnd];
    show(3, () => true);
    show(4, (seq) => seq < 4);
    show(40, (seq) => seq < 4);
    return [...came, isInView(), log.atEnd];
}"""


def test_what_was_missed_may_come_in_pieces_and_is_shown_from_the_rule_on(
    open_page: Open,
) -> None:
    """What is said then is followed, as the end was in view."""
    page = open_page("eva")
    assert page.evaluate(LOG_IN_TWO_PIECES) == [True, False, False, True]


def test_after_a_reload_the_last_messages_are_there_and_each_once(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    says(page, "mine before")
    bob.hears("mine before")
    bob.says("his before")
    shows(page, "his before")
    field = page.get_by_role("textbox", name="Say something")
    field.fill("half a thought")
    page.reload()
    shows(page, "mine before")
    expect(field).to_have_value("half a thought")
    field.fill("/login a-password")
    shows(page, "his before")
    bob.says("his after")
    shows(page, "his after")
    address = page.url
    page.goto("about:blank")
    bob.acts(*[f"was at {number}." for number in range(40)])
    bob.says("/who")
    bob.hears("here: ")
    page.goto(address)
    shows(page, "was at 39.")
    expect(field).to_have_value("")
    expect(page.get_by_text("unread", exact=True)).to_be_in_viewport()
    expect(page.get_by_text("was at 0.")).to_be_in_viewport()
    expect(page.get_by_text("his after")).to_be_in_viewport()


def test_a_second_tab_takes_the_conversation_and_the_first_can_take_it_back(
    open_page: Open,
) -> None:
    first = open_page("eva", viewport=PHONE)
    second = first.context.new_page()
    second.goto(first.url)
    banner = first.get_by_text("This conversation is open in another tab.")
    expect(banner).to_be_visible()
    is_accessible(first)
    fits(first)
    says(first, "not from here")
    expect(first.get_by_label("Say something")).to_have_value("not from here")
    first.get_by_role("button", name="Use it here").click()
    expect(second.get_by_text("This conversation is open in another tab.")).to_be_visible()
    says(first, "here again")
    shows(first, "here again")
    second.close()


def test_what_is_typed_while_the_server_is_dead_is_said_once_and_in_order(
    open_page: Open, tmp_path: Path
) -> None:
    server = Server(tmp_path, "--web", "0")
    port, web = str(server.port), server.address(1)[1]
    page = open_page("eva", at=server, viewport=PHONE)
    says(page, "before")
    is_said(page, "before")
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    expect(page.get_by_text("connection lost")).to_be_visible()
    for number in range(5):
        says(page, f"typed offline {number}")
    says(page, "def f():\n\n    return 1")
    expect(page.locator(".waiting")).to_have_count(6)
    expect(page.locator(".waiting pre")).to_have_text("def f():\n\n    return 1")
    expect(page.get_by_text("reconnecting in")).to_be_visible()
    is_accessible(page)
    fits(page)
    says(page, "/quit")
    expect(page.get_by_role("dialog", name="have not been acknowledged")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Say something").fill("half a sent")
    again = Server(tmp_path, "--web", web, port=port)
    expect(page.locator(".waiting")).to_have_count(0)
    shows(page, "typed offline", times=5)
    bob = Neighbour(again, "bob")
    assert [bob.hears("<eva>")[-1] for _ in range(7)] == list("e01234:")
    assert [line.partition("<eva>")[2] for line in bob.hears_next(2)] == [" ", "     return 1"]
    bob.close()
    expect(page.get_by_label("Say something")).to_have_value("half a sent")
    says(page, "/quit")
    page.get_by_label("What is your nick?").wait_for()
    expect(page.get_by_label("What is your nick?")).to_have_value("eva")
    again.end()
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("alert").first).to_have_text("connection lost")


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "javascript:alert(1) data:text/html,<script>alert(1)</script>",
    "a\u202eb\u2066c\u200b\u200bd\u0301\u0301\u0301\u0301",
    "مرحبا بالجميع " * 20,
    "こんにちは世界" * 40,
    "x" * 4096,
    "http://example.org/" + "y" * 3000,
)


def test_hostile_texts_run_nothing_and_break_no_layout(
    open_page: Open, bob: Neighbour, server: Server
) -> None:
    others = [Neighbour(server, nick) for nick in ("محمد", "W" * 24)]
    page = open_page("eva", viewport=PHONE)
    bob.hears("-- eva joined")
    for number, text in enumerate(HOSTILE):
        bob.says(text)
        bob.says(f"/me waits for {number}")
        shows(page, f"waits for {number}")
    links = page.get_by_role("log").get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(links).to_have_attribute("dir", "ltr")  # whatever is around it, the host stands first
    says(page, "\n".join(HOSTILE))
    for other in others:
        other.says(f"/topic {'x' * 150} שלום", f"/msg eva {'y' * 500}", "/me waits, too")
        shows(page, "waits, too", times=1 + others.index(other))
    fits(page)
    for command in ("/help", "/who", "/rooms", "/invite", "/search x", "/register", "/login"):
        says(page, command)
        page.get_by_role("dialog").wait_for()
        fits(page)
        if command in ("/help", "/who"):
            is_accessible(page)
        page.keyboard.press("Escape")
    for other in others:
        other.close()
    page.get_by_label("Say something").fill("\n".join(HOSTILE))
    fits(page)
    for name in ("Rooms", "W" * 24, "Who is here", "W" * 24):
        page.get_by_role("button", name=name, exact=name == "Rooms").last.click()
        fits(page)
    assert page.locator("script").count() == 1


KEYBOARD = """() => {
    Object.defineProperty(visualViewport, "height", { get: () => 250 });
    visualViewport.dispatchEvent(new Event("resize"));
}"""


def test_a_keyboard_that_lies_over_the_page_hides_nothing_that_is_typed(
    open_page: Open, bob: Neighbour
) -> None:
    """As on an iPhone, where the page does not get smaller for it."""
    page = open_page("eva", viewport=PHONE)
    bob.says("the tide is in")
    shows(page, "the tide is in")
    page.evaluate(KEYBOARD)
    for shown in (page.get_by_label("Say something"), page.get_by_text("the tide is in")):
        until(lambda each=shown: is_above(each, 250))  # type: ignore[misc]
    fits(page)


def is_above(shown: Locator, below: int) -> bool:
    """Whether all of it is in the window, above this height."""
    box = shown.bounding_box()
    return box is not None and box["y"] > 0 and box["y"] + box["height"] <= below
