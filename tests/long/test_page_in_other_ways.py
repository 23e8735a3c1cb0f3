"""The page otherwise than in the suite: by other keys, in Spanish, on a desk, where all is new."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import (
    Open,
    bob,
    enters,
    fits,
    is_accessible,
    open_page,
    says,
    server,
    shows,
)
from tests.doors.web.browsing.test_crowd import NAMES, crowded, has_the_menu_of
from tests.doors.web.browsing.test_focus import begins_with
from tests.doors.web.browsing.test_message_menu import opens_by_keys
from tests.doors.web.browsing.test_moderating import keeps_order
from tests.doors.web.browsing.test_notifications import (
    LABELS,
    by_loopback,
    cannot_by_http,
    stays_ticked,
    ticked,
)
from tests.doors.web.browsing.test_typing import PHONE, goes_along_the_list, leaves_room
from tests.real.server import Server

__all__ = ["bob", "crowded", "open_page", "server"]


def test_all_commands_are_in_the_list_on_a_desk_too(open_page: Open) -> None:
    goes_along_the_list(open_page("eva"))


def test_the_field_leaves_room_for_the_conversation_on_a_desk_too(open_page: Open) -> None:
    leaves_room(open_page("eva"), 700)


@pytest.mark.parametrize("opens", ["ContextMenu", "Shift+F10"])
def test_the_menu_of_a_message_is_opened_by_these_keys_too(
    open_page: Open, bob: Neighbour, opens: str
) -> None:
    opens_by_keys(open_page("eva"), bob, opens)


@pytest.mark.parametrize(
    ("command", "first"),
    [
        ("/register", "Password, of 8 characters or more"),
        ("/password", "Password"),
        ("/login", "Nick"),
    ],
)
def test_a_dialog_begins_with_what_there_is_to_fill_in_and_one_escape_ends_it(
    open_page: Open, command: str, first: str
) -> None:
    begins_with(open_page("eva"), command, first)


SPANISH = {
    "/callar bob 5m ruido": "bob no puede hablar durante 5m",
    "Callar diez minutos": "bob no puede hablar durante 10m",
    "/dejarhablar bob": "bob ya puede hablar",
    "Dar voz": "bob tiene voz",
    "/sinvoz bob": "bob ya no tiene voz",
    "Vetar una hora": "bob no puede entrar durante 1h",
    "/readmitir bob": "bob ya puede entrar",
}


def test_it_is_told_in_spanish_what_was_done_and_for_how_long(
    open_page: Open, bob: Neighbour
) -> None:
    keeps_order(open_page(locale="es-MX", path="#mia"), bob, "mia", SPANISH)


def test_by_http_the_box_says_in_spanish_why_it_cannot_be_ticked(open_page: Open) -> None:
    cannot_by_http(open_page, "es")


ASKED = """window.Notification = class {
    static permission = "default";
    static requestPermission() {
        return new Promise((answer) => (window.answer = answer));
    }
    close() {}
};"""
"""The browser asks its user, who answers when they like."""


def test_while_the_browser_asks_the_box_is_not_ticked_yet(open_page: Open, server: Server) -> None:
    page = open_page()
    page.add_init_script(ASKED)
    by_loopback(page, server)
    page.get_by_role("button", name="Settings").click()
    page.get_by_label(LABELS["en"][1]).click()
    assert not page.get_by_label(LABELS["en"][1]).is_checked()
    page.evaluate("answer('granted')")
    expect(page.get_by_label(LABELS["en"][1])).to_be_checked()


ON_A_PHONE = """window.Notification = class {
    static permission = "default";
    static requestPermission = async () => "granted";
    constructor() { throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration."); }
};"""


def test_where_the_browser_refuses_it_the_box_says_so(open_page: Open, server: Server) -> None:
    page = open_page()
    page.context.grant_permissions(["geolocation"])  # and all else is refused
    by_loopback(page, server)
    assert not ticked(page)
    expect(page.get_by_role("dialog")).to_contain_text("Your browser does not allow it")
    assert not stays_ticked(page)


def test_a_phone_on_which_a_page_can_make_none_says_so(open_page: Open, server: Server) -> None:
    page = open_page()
    page.add_init_script(ON_A_PHONE)
    by_loopback(page, server)
    assert not ticked(page)
    expect(page.get_by_role("dialog")).to_contain_text("Your browser cannot do that for a page.")


def test_everybody_in_a_crowd_has_a_menu_by_keys_alone(open_page: Open, crowded: Server) -> None:
    page = open_page("eva", at=crowded)
    more = page.get_by_role("button", name=re.compile(r"and \d+ more"))
    more.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Away: member00.")
    expect(dialog.locator(".names button")).to_have_count(NAMES)
    expect(dialog).to_contain_text("and 11 more")
    is_accessible(page)
    page.set_viewport_size({"width": 320, "height": 600})
    fits(page)
    expect(dialog.get_by_role("button", name="member00")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    has_the_menu_of(page, "member01")
    page.keyboard.press("Escape")
    says(page, "/who")
    dialog.get_by_label("Another nick").focus()
    page.keyboard.type("member59")
    page.keyboard.press("Enter")
    has_the_menu_of(page, "member59")


def test_it_has_no_barrier_and_fits_the_narrowest_phone(open_page: Open, bob: Neighbour) -> None:
    page = open_page(viewport=PHONE)
    page.get_by_label("What is your nick?").wait_for()
    is_accessible(page)
    enters(page, "eva")
    bob.says("hey eva, http://example.org", "/me waves", "a")
    says(page, "good morning")
    shows(page, "good morning")
    is_accessible(page)
    fits(page)
    for name in ("Rooms", "Who is here"):
        page.get_by_role("button", name=name, exact=name == "Rooms").click()
        is_accessible(page)
        fits(page)
    for name in ("Settings", "Search"):
        page.get_by_role("button", name=name).click()
        page.get_by_role("dialog").wait_for()
        is_accessible(page)
        fits(page)
        page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1000, "height": 700})
    for name in ("More rooms…", "Invite…", "bob"):
        page.get_by_role("button", name=name).click()
        page.get_by_role("dialog").wait_for()
        is_accessible(page)
        page.keyboard.press("Escape")
    page.get_by_label("Say something").fill("/")
    is_accessible(page)
    page.get_by_label("Say something").fill("")
    page.set_viewport_size({"width": 320, "height": 600})
    bob.says("/msg eva psst")
    rooms = page.get_by_role("button", name="Rooms", exact=True)
    expect(rooms).to_have_text("1")
    rooms.click()
    is_accessible(page)
    fits(page)
    page.get_by_role("navigation").get_by_role("button", name="bob").click()
    shows(page, "psst")
    expect(rooms).to_have_text("")
