"""A page to which all comes late, as on a slow phone: what one does meanwhile is not lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

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

LATE_COMMANDS = """(() => {
    const fetched = window.fetch;
    window.fetch = async (...all) => {
        if (/commands/.test(all[0])) await new Promise((done) => setTimeout(done, 700));
        return fetched(...all);
    };
})()"""
"""Time enough to come in and to type, for a page that does not wait for them."""


def test_a_command_is_known_however_late_the_list_of_them_comes(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page()
    page.add_init_script(LATE_COMMANDS)
    page.reload()
    enters(page, "eva")
    page.get_by_role("button", name="Invite…").click()
    expect(page.get_by_role("dialog", name="Invite")).to_be_visible()
    page.keyboard.press("Escape")
    says(page, "/me waves")
    bob.hears("* eva waves")


@pytest.mark.parametrize(("files", "times"), [("**/*.json", 2), ("**/sentences/*.json", 1)])
def test_what_is_lost_of_a_language_on_the_way_is_fetched_again(
    open_page: Open, bob: Neighbour, files: str, times: int
) -> None:
    page = open_page(locale="es-MX")
    page.route(files, lambda route: route.abort("connectionreset"), times=times)
    page.reload()
    page.get_by_label("What is your nick?").fill("eva")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Di algo")).to_be_visible()
    page.get_by_label("Di algo").fill("/yo saluda")
    page.keyboard.press("Enter")
    bob.hears("* eva saluda")


def test_who_chooses_a_language_that_does_not_come_has_the_commands_of_before(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    page.route("**/*.json", lambda route: route.abort("connectionreset"), times=2)
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("dialog").get_by_label("Language").select_option("es")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.keyboard.press("Escape")
    says(page, "/me waves")
    bob.hears("* eva waves")


HELD_FILES = """(() => {
    const fetched = window.fetch;
    window.held = [];
    window.fetch = (...all) => new Promise((tell) => held.push(async () => {
        const answer = await fetched(...all);
        const copy = answer.clone();
        tell(answer);
        await copy.text();
    }));
})()"""


def test_what_is_shown_until_all_has_come_has_no_barrier_and_fits(open_page: Open) -> None:
    page = open_page(viewport={"width": 320, "height": 600})
    page.add_init_script(HELD_FILES)
    page.reload()
    expect(page.get_by_role("heading", name="Huddle")).to_be_visible()
    expect(page.locator("#door")).to_be_hidden()
    is_accessible(page)
    fits(page)


def test_the_language_is_the_one_that_was_chosen_last(open_page: Open) -> None:
    page = open_page("eva")
    page.evaluate(HELD_FILES)
    page.get_by_role("button", name="Settings").click()
    for language in ("es", "en"):
        page.get_by_role("dialog").get_by_label("Language").select_option(language)
    page.evaluate("async () => { for (const answers of held.reverse()) await answers(); }")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Say something")).to_be_visible()


def test_a_language_that_has_come_stays_though_an_attempt_before_was_lost(open_page: Open) -> None:
    page = open_page("eva")
    page.evaluate(HELD_FILES)
    page.get_by_role("button", name="Settings").click()
    for language in ("es", "en", "es"):
        page.get_by_role("dialog").get_by_label("Language").select_option(language)
    page.evaluate("async () => { for (const answers of held.splice(3)) await answers(); }")
    page.route("**/*.json", lambda route: route.fulfill(body="half a li"))
    page.evaluate("async () => { for (const answers of held) await answers(); }")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Di algo")).to_be_visible()


HELD = """(() => {
    window.held = null;
    window.holds = () => (window.held = []);
    window.WebSocket = class extends WebSocket {
        set onmessage(hear) {
            super.onmessage = (event) => (window.held ? held.push(() => hear(event)) : hear(event));
        }
    };
    window.hearNext = () => held.shift()();
    window.hearAll = () => {
        while (held.length) hearNext();
        window.held = null;
    };
})();"""
"""What the server says from `holds` on is heard by the page when the test has it heard."""


def held_page(open_page: Open, path: str = "") -> Page:
    page = open_page(path=path)
    page.add_init_script(HELD)
    page.reload()
    return page


def holds(page: Page, count: int) -> None:
    """So much has come that the page has not heard."""
    until(lambda: page.evaluate("held.length") >= count)


def test_what_is_typed_before_one_is_let_in_again_is_said_where_one_was(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva", path="#lan")
    expect(page.get_by_role("heading", name="lan", exact=True)).to_be_visible()
    bob.says("/join lan")
    bob.hears("eva")
    field = page.get_by_role("textbox", name="Say something")
    field.fill("half a")
    page.add_init_script(HELD + "holds();")
    page.reload()
    expect(page.get_by_role("heading", name="lan", exact=True)).to_be_visible()
    expect(field).to_have_value("half a")
    field.press_sequentially(" thought")
    page.keyboard.press("Enter")
    shows(page, "half a thought")
    field.press_sequentially("and a quarter")
    holds(page, 1)
    page.evaluate("hearAll()")
    assert bob.hears("half a thought") == "<eva> half a thought"  # of another room it told which
    expect(page.get_by_role("button", name="Topic…")).to_be_visible()
    is_said(page, "half a thought")
    expect(page.get_by_role("heading", name="lan", exact=True)).to_be_visible()
    expect(field).to_have_value("and a quarter")
    assert page.url.endswith("#lan")


def test_an_answer_that_comes_late_closes_no_dialog_in_which_one_types(open_page: Open) -> None:
    page = held_page(open_page)
    enters(page, "eva")
    says(page, "hello")
    is_said(page, "hello")  # and what was asked before has its answer
    page.evaluate("holds()")
    for answers in (1, 2):  # pressed once more, since nothing happens
        page.get_by_role("button", name="More rooms…").click()
        holds(page, answers)
    page.evaluate("while (held.length > 1) hearNext()")
    name = page.get_by_label("Another room, or a new one")
    name.fill("tea")
    page.evaluate("hearNext()")
    expect(name).to_have_value("tea")
    page.keyboard.press("Enter")
    holds(page, 1)
    page.evaluate("hearAll()")
    expect(page.get_by_role("heading", name="tea", exact=True)).to_be_visible()


def test_what_is_found_is_what_was_asked_for_last(open_page: Open, bob: Neighbour) -> None:
    page = held_page(open_page)
    enters(page, "eva")
    bob.acts("has hay", "has a needle")
    shows(page, "has a needle")
    page.evaluate("holds()")
    page.get_by_role("button", name="Search").click()
    for answers, words in enumerate(("hay", "needle"), 1):
        page.get_by_label("Words to look for here").fill(words)
        page.keyboard.press("Enter")
        holds(page, answers)
    page.evaluate("hearAll()")
    expect(page.locator("#found > *")).to_have_count(1)
    expect(page.locator("#found")).to_contain_text("has a needle")


def registers(server: Server, nick: str) -> None:
    """Somebody has kept this nick by a password, and has gone."""
    somebody = Neighbour(server, nick)
    somebody.says("/register battery-staple")
    somebody.hears(f"The nick {nick} is registered")
    somebody.close()


def test_a_nick_that_is_typed_meanwhile_is_not_written_over_by_the_one_that_is_offered(
    open_page: Open, bob: Neighbour
) -> None:
    page = held_page(open_page)
    page.evaluate("holds()")
    nick = page.get_by_label("What is your nick?")
    nick.fill("bob")
    page.keyboard.press("Enter")
    holds(page, 1)
    nick.fill("bobina")
    page.evaluate("hearAll()")
    expect(page.get_by_role("alert").first).not_to_be_empty()
    expect(nick).to_have_value("bobina")
    page.keyboard.press("Enter")
    bob.hears("-- bobina joined")


def test_who_types_another_nick_meanwhile_types_none_of_it_into_a_password(
    open_page: Open, server: Server
) -> None:
    registers(server, "nora")
    page = held_page(open_page)
    page.evaluate("holds()")
    nick = page.get_by_label("What is your nick?")
    nick.fill("nora")
    page.keyboard.press("Enter")
    holds(page, 1)
    nick.press_sequentially("li")
    page.evaluate("hearAll()")
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    page.keyboard.type("na")
    expect(nick).to_have_value("noralina")


def test_who_types_a_password_meanwhile_types_none_of_it_where_all_can_read_it(
    open_page: Open, server: Server
) -> None:
    registers(server, "olga")
    page = held_page(open_page)
    nick = page.get_by_label("What is your nick?")
    nick.fill("olga")
    page.keyboard.press("Enter")
    password = page.get_by_label("Password", exact=True)
    password.fill("not-her-password")
    page.evaluate("holds()")
    page.keyboard.press("Enter")
    holds(page, 1)
    nick.fill("lina")
    password.press_sequentially("correct-")
    page.evaluate("hearAll()")
    expect(page.get_by_role("alert").first).not_to_be_empty()
    page.keyboard.type("horse")
    expect(nick).to_have_value("lina")
    expect(password).to_have_value("correct-horse")


OPENS_GAMES = """() => new Promise((told) => {
    addEventListener("hashchange", told);
    location.hash = "games";
})"""


def test_an_address_that_is_opened_before_one_is_let_in_leads_there(open_page: Open) -> None:
    page = open_page("eva")
    page.add_init_script(HELD + "holds();")
    page.reload()
    holds(page, 1)
    page.evaluate(OPENS_GAMES)
    page.evaluate("hearAll()")
    expect(page.get_by_role("heading", name="games", exact=True)).to_be_visible()


def test_what_one_types_while_a_room_is_on_its_way_is_said_where_it_was_begun(
    open_page: Open, bob: Neighbour
) -> None:
    page = held_page(open_page)
    enters(page, "eva")
    page.evaluate("holds()")
    says(page, "/join tea")
    holds(page, 1)
    page.keyboard.type("to all")
    page.evaluate("hearAll()")
    expect(page.get_by_role("navigation").get_by_role("button", name="tea")).to_be_visible()
    shows(page, "You are in tea, too.")
    page.keyboard.type(" here")
    page.keyboard.press("Enter")
    bob.hears("<eva> to all here")


def test_a_message_is_answered_where_it_was_said_though_another_room_opens_meanwhile(
    open_page: Open, bob: Neighbour
) -> None:
    page = held_page(open_page)
    enters(page, "eva")
    bob.says("who comes?")
    shows(page, "who comes?")
    page.evaluate("holds()")
    says(page, "/join games")
    holds(page, 1)
    page.get_by_role("log").locator(".line", has_text="who comes?").locator("time").click()
    page.evaluate("hearAll()")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("#name")).to_have_text("games")
    page.get_by_role("button", name="Answer").click()
    page.keyboard.type("I do")
    page.keyboard.press("Enter")
    assert "[re #" in bob.hears("I do")


def test_who_is_muted_is_muted_where_they_spoke_though_another_room_opens_meanwhile(
    open_page: Open, bob: Neighbour
) -> None:
    page = held_page(open_page, path="#mine")
    enters(page, "eva")
    expect(page.get_by_role("heading", name="mine", exact=True)).to_be_visible()
    bob.says("/join mine", "noise")
    shows(page, "noise")
    page.evaluate("holds()")
    says(page, "/join games")
    holds(page, 1)
    page.get_by_role("log").locator(".line", has_text="noise").locator("time").click()
    page.evaluate("hearAll()")
    expect(page.locator("#name")).to_have_text("games")
    page.get_by_role("button", name="About bob…").click()
    page.get_by_role("button", name="Mute for ten minutes").click()
    bob.hears("muted")


def test_a_room_that_wants_its_key_closes_no_dialog_in_which_one_types(
    open_page: Open, bob: Neighbour
) -> None:
    for line in ("/join vault", "/key sesame", "/rooms"):
        bob.says(line)
    bob.hears("vault (1, locked)")
    page = held_page(open_page)
    enters(page, "eva")
    page.evaluate("holds()")
    says(page, "/join vault")
    holds(page, 1)
    page.get_by_role("button", name="Search").click()
    words = page.get_by_label("Words to look for here")
    words.fill("needle")
    page.evaluate("hearAll()")
    expect(page.locator("#log")).to_contain_text("vault is locked")
    expect(words).to_have_value("needle")


def test_one_looks_for_words_where_one_began_to_though_another_room_opens_meanwhile(
    open_page: Open, bob: Neighbour
) -> None:
    page = held_page(open_page)
    enters(page, "eva")
    bob.says("here is a pin")
    shows(page, "here is a pin")
    page.evaluate("holds()")
    says(page, "/join cards")
    holds(page, 1)
    page.get_by_role("button", name="Search").click()
    page.evaluate("hearAll()")
    expect(page.locator("#name")).to_have_text("cards")
    page.get_by_label("Words to look for here").fill("pin")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("here is a pin")
