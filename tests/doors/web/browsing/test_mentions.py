"""Who is named sees it: the line stands out, and so does a block with such a line in it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.doors.web.browsing.conftest import Open, is_accessible, says, shows

BLOCKS = [
    "def f():\n    return eva",
    "eva: look\n    at this",
    "def f():\n    return 1",
]


def test_a_block_in_which_one_is_named_stands_out_as_a_line_does(open_page: Open) -> None:
    page, kim = open_page("eva"), open_page("kim")
    says(kim, "hello eva")
    for block in BLOCKS:
        says(kim, block)
    shows(page, "return 1")
    marked = page.locator("#log .mention")
    expect(marked).to_have_count(3)
    assert [each.evaluate(BEHIND) for each in marked.all()][1:] == [True, True]
    expect(page.locator("#log .line:not(.mention) pre")).to_have_text(BLOCKS[-1])
    is_accessible(page)
    shows(kim, "return 1")
    expect(kim.locator("#log .mention")).to_have_count(0)


BEHIND = """(line) => {
    const [mark, block] = [line, line.querySelector("pre")].map(
        (each) => each && getComputedStyle(each).backgroundColor);
    return block === mark;
}"""
"""Whether a block has the colour that a line has which names one."""
