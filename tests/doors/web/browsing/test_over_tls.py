"""The page over TLS, as Chromium asks for it: it offers protocols, of which one has to be taken."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.doors.web.browsing.conftest import enters, says, shows, watch
from tests.patience import PATIENCE
from tests.real.certificate import tls_door
from tests.real.server import Server


def test_chromium_comes_in_and_talks(chromium: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path, "--history", "none", "--web", tls_door(tmp_path))
    context = chromium.new_context(ignore_https_errors=True, locale="en-GB")
    context.set_default_timeout(PATIENCE * 1000)
    wrong: list[str] = []
    try:
        page = context.new_page()
        watch(page, wrong)
        page.goto(f"https://127.0.0.1:{server.address(1)[1]}/")
        enters(page, "eva")
        says(page, "nobody reads this on the way")
        shows(page, "nobody reads this on the way")
        assert page.evaluate("isSecureContext") and not wrong
    finally:
        context.close()
        server.end()
