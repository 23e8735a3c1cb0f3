"""What is wrong with a file that is no TOML, in a person's language.

Python's reader of TOML says it in English, in sentences that are its own. They are told as they are
in English; in another language those that are known here are, and what another Python says beside
them is told by its place alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from huddle.locale import ENGLISH, N_, Wording

_SENTENCES = (
    N_("Cannot declare {key} twice"),
    N_("Cannot mutate immutable namespace {key}"),
    N_("Cannot overwrite a value"),
    N_("Cannot redefine namespace {key}"),
    N_("Duplicate inline table key {key}"),
    N_("Escaped character is not a Unicode scalar value"),
    N_("Expected '=' after a key in a key/value pair"),
    N_("Expected ']' at the end of a table declaration"),
    N_("Expected ']]' at the end of an array declaration"),
    N_("Expected newline or end of document after a statement"),
    N_("Expected {key}"),
    N_("Found invalid character {key}"),
    N_("Illegal character {key}"),
    N_("Invalid date or datetime"),
    N_("Invalid hex value"),
    N_("Invalid initial character for a key part"),
    N_("Invalid statement"),
    N_("Invalid value"),
    N_("Unclosed array"),
    N_("Unclosed inline table"),
    N_("Unescaped '\\' in a string"),
    N_("Unterminated string"),
    N_("Exceeds the limit ({key}) for integer string conversion"),
    N_("maximum recursion depth exceeded"),
)
"""All of tomllib, and what Python says of numbers that are too long and of lists too deep."""

_KNOWN: Mapping[str, re.Pattern[str]] = {
    sentence: re.compile(re.escape(sentence).replace(r"\{key\}", "(?P<key>.*)"), re.DOTALL)
    for sentence in _SENTENCES
}
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


def toml_error(error: Exception, text: str, wording: Wording) -> tuple[int | None, str]:
    """The line of the text at which reading it ended, where that is known, and what was wrong."""
    said = str(error)
    place = _PLACE.search(said)
    line = None
    if place is not None:
        line = int(place[1]) if place[1] else text.rstrip("\n").count("\n") + 1
        said = said[: place.start()]
    _ = wording.gettext
    fault = _("this is no TOML: {reason}").format(reason=_worded(said, wording))
    return line, fault


def _worded(said: str, wording: Wording) -> str:
    if wording.language == ENGLISH:
        return said
    for sentence, pattern in _KNOWN.items():
        if (found := pattern.match(said)) is not None:
            return wording.gettext(sentence).format(**found.groupdict())
    return wording.gettext("it cannot be understood from here on")
