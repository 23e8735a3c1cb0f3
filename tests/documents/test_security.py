"""docs/security.md says what is so; figures are those of the attacks that there are."""

from __future__ import annotations

from pathlib import Path

from benchmarks.hostile import suffering
from benchmarks.hostile.attacks import KNOWN
from benchmarks.hostile.command_attacks import BY_COMMAND
from huddle.delivery.sequencer.backlog import DELIVERY
from huddle.doors.handshakes import IN_A_ROW
from huddle.doors.input.scheduler import TURN
from huddle.people import return_word_guesses
from huddle.people.return_words import _MADE
from huddle.protocol.commands import COMMANDS
from huddle.protocol.limits import KIB, MIB, Limits
from huddle.protocol.text import normalized
from tests.rooms.test_room_quotas import left

DOCS = Path(__file__).parent.parent.parent / "docs"
DOCUMENT = (DOCS / "security.md").read_text("utf-8")
FIGURES = DOCUMENT[DOCUMENT.index("<!-- hostile -->") : DOCUMENT.index("<!-- /hostile -->")]


def test_each_attack_that_is_known_has_its_figures() -> None:
    rows = {line.split("|")[1].strip() for line in FIGURES.splitlines() if line.startswith("| ")}
    assert {attack.name for attack in KNOWN} <= rows


def test_all_rows_of_the_doors_for_lines_keep_what_is_promised() -> None:
    """As the text behind the table says."""
    rows = [line.strip("| ").split(" | ") for line in FIGURES.splitlines() if "| MiB" not in line]
    lines = [row for row in rows if len(row) == 10 and row[1][0].isdigit() and "web:" not in row[0]]
    assert len(lines) == len([each for each in KNOWN if "web:" not in each.name])
    for _name, p99, most, *_others, before, _most, after in lines:
        assert float(p99) <= suffering.TALK_P99 and float(most) <= suffering.TALK_MAX
        assert float(after) - float(before) <= suffering.BACK_WITHIN / KIB


def test_each_command_there_is_is_tried() -> None:
    assert "type each\ncommand with every kind of argument" in DOCUMENT
    assert len(BY_COMMAND) == len(COMMANDS)


def test_what_is_promised_is_what_is_measured() -> None:
    assert f"within {suffering.TALK_P99:g} ms in 99 of 100 cases" in DOCUMENT
    assert f"and {suffering.TALK_MAX:g} ms at the most" in DOCUMENT
    assert f"within {suffering.BACK_WITHIN // KIB} MiB" in DOCUMENT.replace("\n", " ")


def test_the_numbers_in_the_prose_are_those_of_the_code() -> None:
    assert TURN == 0.002 and "two milliseconds to lines" in DOCUMENT
    assert DELIVERY == 0.010 and "that it takes**, about 10 ms" in DOCUMENT
    assert Limits().slab == 64 * KIB and "one chunk of 64 KiB" in DOCUMENT
    assert Limits().line == 64 * KIB and "64 KiB a connection" in DOCUMENT
    assert Limits().unheard_each == 4 * MIB and "4 MiB an\n  address" in DOCUMENT
    assert Limits().web_unheard_each == MIB and "(1 MiB of frames by the web)" in DOCUMENT
    assert Limits().unheard == 64 * MIB and "64 MiB in all" in DOCUMENT
    assert Limits().tails == 4 * MIB and "messages, 4 MiB of all of them" in DOCUMENT
    assert Limits().web_heads == 256 * KIB and "share 256 KiB" in DOCUMENT
    assert IN_A_ROW == 32 * KIB and "32 KiB of it in a row" in DOCUMENT
    rows = normalized("NFC", "a" + "\u0301" * 100).split("\u034f")  # what parts them
    assert max(map(len, rows)) <= 31 and "thirty at most" in DOCUMENT


def test_so_many_addresses_leave_so_many_rooms() -> None:
    addresses = [[f"10.0.0.{number}"] for number in range(60)]
    sites = [[f"2001:db8:{at:x}:{number:x}::/64" for number in range(20)] for at in range(10)]
    one, ten, fifty, sixty = (left(addresses[:count], 1000) for count in (1, 10, 50, 60))
    assert sixty == 0 and Limits().rooms == 1000
    told = f"one address leaves {one}, ten leave {ten}, fifty leave ten,\n  and sixty nobody any"
    assert fifty == 10 and told in DOCUMENT
    assert f"ten networks (/48) of IPv6 leave {left(sites, 1000)}" in DOCUMENT


def test_the_chance_of_a_guess_is_the_sum_of_what_the_code_hears() -> None:
    """Of the first guesses of addresses and at nicks, and of others, in a year."""
    year = 365 * 86_400
    rate, burst = return_word_guesses._HOUSE
    first = return_word_guesses.FREE * year / return_word_guesses.MARKED
    at_nicks = return_word_guesses.ONCE * year / return_word_guesses.MARKED
    chance = (first + at_nicks + burst + rate * year) / len(_MADE)
    running = (DOCS / "running.md").read_text("utf-8")
    assert f"a chance of {chance * 1e4:.2f} × 10⁻⁴" in running
    assert chance < 1e-4 and "a chance below 10⁻⁴ in a year" in DOCUMENT
    again = (return_word_guesses.FREE + return_word_guesses.ONCE + burst) / len(_MADE)
    assert f"allows {again * 1e4:.2f} × 10⁻⁴ more" in running.replace("\n", " ")
