"""What the page costs while much comes: counted, by Chromium's own figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from playwright.sync_api import Page

from tests.client.windows.neighbour import Neighbour
from tests.doors.web.browsing.conftest import Open, shows

COUNTED = {"LayoutCount": "layouts", "RecalcStyleCount": "styles", "Nodes": "elements"}


def counted(page: Page) -> Callable[[], Counter[str]]:
    """Counts what Chromium does for the page from now on: it does so while somebody asks."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def count() -> Counter[str]:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return Counter(
            {COUNTED[each["name"]]: each["value"] for each in metrics if each["name"] in COUNTED}
        )

    return count


LOG = """async () => {
    const { Log } = await import("/view/log.mjs");
    const [scroller, list] = [document.createElement("div"), document.createElement("div")];
    scroller.style.cssText = "position: fixed; inset: 0; height: 300px; overflow: auto";
    list.setAttribute("aria-live", "polite");
    list.id = "log";
    scroller.append(list);
    document.body.replaceChildren(scroller);
    window.told = [];
    const options = { older() {}, onNick() {}, moved() {}, came: (count) => told.push(count) };
    const log = new Log(scroller, list, options);
    const TIME = "2026-11-20T18:00:00Z";
    const said = (seq) => ({
        key: `m${seq}`, is: "message",
        message: { seq, nick: `bob${seq % 9}`, kind: "say", text: `line ${seq}`, time: TIME },
    });
    let added = 0, removed = 0;
    const note = (records) => records.forEach(({ addedNodes, removedNodes }) => {
        added += addedNodes.length;
        removed += removedNodes.length;
    });
    new MutationObserver(note).observe(list, { childList: true });
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    window.show = async (last) => {
        log.show(Array.from({ length: last }, (_, i) => said(i + 1)), { nick: "eva" });
        window.spoken = list.getAttribute("aria-live");
        await frame();
        await frame();
        const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 1;
        const changes = { added, removed, atEnd };
        added = removed = 0;
        return changes;
    };
    await show(160);
}"""


def log_alone(open_page: Open, *before: str) -> Page:
    """A log by itself: nobody has come in, so the page draws nothing beside it. ``before`` is done
    in the page before there is one."""
    page = open_page()
    page.get_by_label("What is your nick?").wait_for()
    for each in (*before, LOG):
        page.evaluate(each)
    return page


def test_a_hundred_lines_are_laid_out_once_and_no_line_is_made_anew(open_page: Open) -> None:
    page = log_alone(open_page)
    count = counted(page)
    before = count()
    assert page.evaluate("show(260)") == {"added": 100, "removed": 0, "atEnd": True}
    after = count()
    assert after["layouts"] - before["layouts"] <= 2
    assert after["styles"] - before["styles"] <= 3
    assert page.evaluate("show(290)") == {"added": 30, "removed": 0, "atEnd": True}
    # Above three hundred those that went up are taken away together.
    assert page.evaluate("show(311)") == {"added": 21, "removed": 151, "atEnd": True}
    assert page.evaluate("show(411)") == {"added": 100, "removed": 0, "atEnd": True}
    assert page.locator("#log > *").count() == 250


def test_of_many_lines_a_screen_reader_is_told_the_count(open_page: Open) -> None:
    page = log_alone(open_page, NO_CLOCK)
    page.evaluate("show(170)")
    assert page.evaluate("spoken") == "polite"
    for last in (181, 200, 201):
        page.evaluate(f"show({last})")
    assert page.evaluate("spoken") == "polite"
    assert page.evaluate("told") == []
    assert page.evaluate("due.size") == 1
    page.evaluate("due.forEach((call) => call())")
    assert page.evaluate("told") == [180]


NO_CLOCK = """() => {
    // A lull is when the test says so: on a busy machine there is one between any two lines.
    window.due = new Map();
    let last = 0;
    window.setTimeout = (call) => due.set(++last, call) && last;
    window.clearTimeout = (id) => void due.delete(id);
}"""


def test_what_comes_is_drawn_together_and_only_what_has_changed(
    open_page: Open, bob: Neighbour
) -> None:
    page = open_page("eva")
    bob.acts(*(f"is at {number}." for number in range(200)))
    shows(page, "is at 199.")
    page.evaluate(WATCHED)
    count = counted(page)
    before = count()
    for begin in range(0, 100, 10):
        bob.acts(*(f"was at {number}." for number in range(begin, begin + 10)))
    shows(page, "was at 99.")
    after = count()
    # How often it is drawn is for `view/drawing.mjs` to say, and takes longer on a busy machine.
    assert after["layouts"] - before["layouts"] <= 2 * page.evaluate("drawings")
    assert page.evaluate("elsewhere") == []


WATCHED = """() => {
    window.drawings = 0;
    const frame = window.requestAnimationFrame;
    window.requestAnimationFrame = (draw) => frame(draw, drawings++);
    window.elsewhere = [];
    const all = { childList: true, subtree: true, attributes: true, characterData: true };
    const observer = new MutationObserver((records) => {
        const isElsewhere = ({ target }) => !target.closest?.("#log, #news");
        const named = ({ target }) => target.outerHTML?.slice(0, 99);
        elsewhere.push(...records.filter(isElsewhere).map(named));
    });
    observer.observe(document.getElementById("house"), all);
}"""
