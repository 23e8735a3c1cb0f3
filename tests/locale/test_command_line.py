"""A command line is read as everywhere in GNU, and what is wrong in it is one sentence."""

from __future__ import annotations

import pytest

from huddle.locale import translator
from huddle.locale.command_line import CommandLine, Misuse, number, wording_named

ENGLISH, SPANISH = translator("en"), translator("es")
LINE = CommandLine(
    ["Usage: there [OPTIONS]"],
    {("room", "NAME"): "the room", ("output", "FILE"): "where to", ("force", ""): "all the same"},
    ["That is all."],
)


@pytest.mark.parametrize(
    ("typed", "words", "options"),
    [
        ("", [], {}),
        ("a --force b", ["a", "b"], {"force": [""]}),
        ("--room=ops --ro kitchen", [], {"room": ["ops", "kitchen"]}),
        ("-o -x", [], {"output": ["-x"]}),
        ("--room -ops", [], {"room": ["-ops"]}),
        ("--room --force", [], {"room": ["--force"]}),
        ("-- --force", ["--force"], {}),
        ("-h", [], {"help": [""]}),
    ],
)
def test_what_was_typed(typed: str, words: list[str], options: dict[str, list[str]]) -> None:
    given = LINE.read(typed.split(), ENGLISH)
    assert (given.words, given.options) == (words, options)


def test_of_an_option_the_last_value_counts() -> None:
    assert LINE.read(["--room", "a", "--room", "b"], ENGLISH).last() == {"room": "b"}


@pytest.mark.parametrize(
    ("typed", "english", "spanish"),
    [
        ("--nope", "There is no option --nope.", "No hay ninguna opción --nope."),
        ("-x", "There is no option -x.", "No hay ninguna opción -x."),
        ("--room", "--room needs a value: NAME", "--room necesita un valor: NAME"),
        ("-o", "-o needs a value: FILE", "-o necesita un valor: FILE"),
        ("--force=1", "--force takes no value.", "--force no lleva ningún valor."),
    ],
)
def test_what_is_wrong_is_told_in_both_languages(typed: str, english: str, spanish: str) -> None:
    for wording, sentence in ((ENGLISH, english), (SPANISH, spanish)):
        with pytest.raises(Misuse) as misuse:
            LINE.read([typed], wording)
        assert str(misuse.value) == sentence


def test_help_has_what_every_program_has_at_its_end() -> None:
    assert list(LINE.help_lines(ENGLISH)) == [
        "Usage: there [OPTIONS]",
        "",
        "  --room NAME       the room",
        "  --output FILE     where to",
        "  --force           all the same",
        "  --lang en|es      the language to speak",
        "  --version         tell the version, and end",
        "  --help            show this",
        "",
        "That is all.",
    ]


def test_a_program_has_the_letters_of_the_options_it_has() -> None:
    with pytest.raises(Misuse, match="There is no option -o"):
        CommandLine([], {}).read(["-o", "x"], ENGLISH)


def test_a_language_is_named_or_refused() -> None:
    assert wording_named(None, SPANISH) is SPANISH
    assert wording_named("es_MX", ENGLISH) is SPANISH
    with pytest.raises(Misuse, match="The languages are en, es"):
        wording_named("fr", ENGLISH)


@pytest.mark.parametrize("text", ["", "x", "-1", "0", "11", "٣", "1e1", "9" * 4_000])
def test_a_number_has_bounds_and_figures(text: str) -> None:
    assert number("10", 1, 10, ENGLISH) == 10
    with pytest.raises(Misuse, match="is not a number from 1 to 10"):
        number(text, 1, 10, ENGLISH)
