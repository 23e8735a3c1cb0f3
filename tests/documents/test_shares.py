"""The table of shares in docs/running.md, in both languages, is that of the code."""

from __future__ import annotations

import re

import pytest

from huddle.people import rates, return_word_guesses
from huddle.protocol.limits import SITE, Limits
from huddle.rooms import disk_quotas
from tests.documents.test_running import in_both, rows, section

TIMES = {
    "en": {3: "three times that", 4: "four times that"},
    "es": {3: "tres veces eso", 4: "cuatro veces eso"},
}
OF_A_PERSON = {"en": ("twice that", "three times that"), "es": ("el doble", "el triple")}
"""What the address and the /48 have where the limit is a person's."""

HEADINGS = {"en": ("Limits", "### Shares"), "es": ("Límites", "### Partes")}


def shares(language: str) -> list[list[str]]:
    """The rows: of what, and what a person, an address, an IPv6 /48 and the house have of it."""
    heading, below = HEADINGS[language]
    table = section(language, heading).split(f"{below}\n")[1].split("\n### ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def limits_in(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


@in_both
def test_each_share_of_a_48_stands_there_with_how_many_times_it_is(language: str) -> None:
    told = {}
    for _, person, address, wide, _ in shares(language):
        for name in limits_in(address):
            told[name.removeprefix("web_")] = wide
        if limits_in(person) == ["pending_each"]:
            assert (address, wide) == OF_A_PERSON[language]
            told["pending_each"] = TIMES[language][SITE["pending_each"]]
    assert told == {name: TIMES[language][times] for name, times in SITE.items()}


@in_both
def test_each_name_there_is_a_limit_and_what_has_a_share_has_a_bound(language: str) -> None:
    limits = {name for name, *_ in rows(language)}
    for row in shares(language):
        assert {name for cell in row for name in limits_in(cell)} <= limits
        assert row[4] or limits_in(row[2]) == ["attempts_burst", "attempts_rate"], row


def test_the_numbers_without_a_name_are_those_of_the_code() -> None:
    of = {what: cells for what, *cells in shares("en")}
    limits = Limits()
    each = limits.marks_all // limits.rooms
    assert of["bans, mutes, voices, hosts"][0].startswith(f"{each} in each room")
    assert SITE["rooms_made"] == 3 and of["rooms that there are, since the server started"][2] == (
        "three times that"
    )
    of_all = of["bytes said in an hour"][3]
    assert disk_quotas.HOUSE == 16 and of_all.startswith("sixteen times that")
    assert disk_quotas.LITTLE == 1 / 16 and "a sixteenth of theirs" in of_all


@pytest.mark.parametrize(
    ("cell", "rate", "burst"),
    [
        (1, rates._ADDRESS_RATE, rates._ADDRESS_BURST),
        (2, rates._WIDE * rates._ADDRESS_RATE, rates._WIDE * rates._ADDRESS_BURST),
        (3, *return_word_guesses._HOUSE),
    ],
)
def test_so_are_those_of_wrong_return_words(cell: int, rate: float, burst: int) -> None:
    counts = {1 / 30: "one in 30 s", 4 / 30: "four in 30 s", 1 / 8: "one in 8 s"}
    for what, *cells in shares("en"):
        if what == "wrong return words":
            assert cells[cell].startswith(f"{burst:,}, then {counts[rate]}")
            return
    pytest.fail("no row")
