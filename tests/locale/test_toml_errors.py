"""What is wrong with TOML is told in both languages, and by the line where it is."""

from __future__ import annotations

import re
import tomllib
from inspect import getsource

import pytest

from huddle.locale import translator
from huddle.locale.toml_errors import _KNOWN, toml_error

WRONG = {
    "hold = ": (1, "Invalid value", "falta el valor, o no es ninguno"),
    "a = 1\nhold 90": (
        2,
        "Expected '=' after a key in a key/value pair",
        "falta un '=' detrás del nombre",
    ),
    'motd = "C:\\motd"': (
        1,
        "Unescaped '\\' in a string",
        "en un texto, la barra inversa se escribe doble: '\\\\'",
    ),
    'hold = "1': (1, "Unterminated string", "un texto no se cierra: faltan las comillas del final"),
    "op = ['ana'": (1, "Unclosed array", "una lista no se cierra"),
    "hold = 1 2": (
        1,
        "Expected newline or end of document after a statement",
        "detrás del valor hay algo más en la misma línea",
    ),
    "\n\n[a]\n[a]": (4, "Cannot declare ('a',) twice", "('a',) se declara dos veces"),
    "= 1": (1, "Invalid statement", "una línea no puede empezar así"),
    "hold = 2026-02-30": (1, "Invalid date or datetime", "esa fecha no existe"),
}


@pytest.mark.parametrize("text", WRONG)
def test_it_is_told_by_its_line_in_both_languages(text: str) -> None:
    line, english, spanish = WRONG[text]
    with pytest.raises(tomllib.TOMLDecodeError) as wrong:
        tomllib.loads(text)
    for language, said in (
        ("en", f"this is no TOML: {english}"),
        ("es", f"esto no es TOML: {spanish}"),
    ):
        assert toml_error(wrong.value, text, translator(language)) == (line, said)


def test_all_that_python_says_has_a_translation() -> None:
    """Also what a Python says that is newer than ours, as soon as the tests run by it."""
    source = getsource(__import__("tomllib._parser")._parser)
    said = re.findall(r'suffixed_err\(\s*\w+, \w+, f?"((?:[^"\\]|\\.)*)"', source)
    assert len(said) > 15
    spanish = translator("es")
    for sentence in said:
        plain = re.sub(r"\{.*?\}", "x", sentence).replace("\\\\", "\\")
        _, told = toml_error(tomllib.TOMLDecodeError(plain), "", spanish)
        assert "no se entiende" not in told and plain not in told


def test_what_is_not_known_is_told_by_its_place() -> None:
    error = tomllib.TOMLDecodeError("Something new (at line 3, column 5)")
    assert toml_error(error, "", translator("es")) == (
        3,
        "esto no es TOML: desde aquí no se entiende",
    )
    assert toml_error(error, "", translator("en")) == (3, "this is no TOML: Something new")


def test_what_is_too_much_is_told_too() -> None:
    for text in ("a = " + "9" * 5000, "a = " + "[" * 3000):
        with pytest.raises((ValueError, RecursionError)) as wrong:
            tomllib.loads(text)
        line, told = toml_error(wrong.value, text, translator("es"))
        assert line is None and "demasiad" in told


def test_each_sentence_is_that_of_one_error() -> None:
    assert all(pattern.match(sentence.format(key="x")) for sentence, pattern in _KNOWN.items())
