"""Every sentence Huddle says, in each of its languages.

English is what stands in the code; `es/LC_MESSAGES/huddle.po` holds its Spanish twin. Sentences are
literal strings with named fields, in calls of local names bound from a `Wording`:

    _, ngettext = wording.gettext, wording.ngettext
    _("{nick} left").format(nick=nick)
    ngettext("{count} message is gone", "{count} messages are gone", count).format(count=count)

What tells no more than how many is `Wording.counted`, which fills the number in.

`N_("…")` marks a sentence where a table holds it, to be worded later by `_(entry.summary)`.
After a change of the sentences, `python .ci/catalogues.py` brings the catalogues up to date and
names what has no translation yet.

Most sentences stand where they are said. Those of both sides, or of several doors, are here:

- `wording` people, counts and reasons in a sentence; `listings` bans, acts, what is known of one
- `errors` what was refused, and why; `toml_errors` what is wrong with a configuration file
- `command_line` what every program says of its options; `own_files` where none says anything
- `columns` sentences and names on a screen of 80 columns; `blanks` counts long rows of
  blanks instead of showing them
- `clock` the time of the house, read and shown, and a date; `durations` how long, in figures and in
  words, which are `time_words`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pkgutil import get_data

ENGLISH = "en"
LANGUAGES = (ENGLISH, "es")

_UNTRANSLATED_LOCALES = frozenset({"C", "POSIX"})


@dataclass(frozen=True, slots=True)
class Wording:
    """How the sentences of the code are said in one language; a sentence it lacks stays English."""

    language: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    def counted(self, one: str, many: str, count: int) -> str:
        """What is said of one or of many, with their ``{count}`` filled in."""
        form_for = self.ngettext  # no call by that name: the sentences stand where this is called
        return form_for(one, many, count).format(count=count)


@cache
def translator(language: str) -> Wording:
    """The wording of one of `LANGUAGES`; of any other, LookupError is raised."""
    if language not in LANGUAGES:
        raise LookupError(f"{language!r} is not one of {', '.join(LANGUAGES)}")
    catalogue = _catalogue(language)
    return Wording(language, catalogue.gettext, catalogue.ngettext)


def language_named(name: str) -> str | None:
    """The one of `LANGUAGES` that a locale (`es_MX.UTF-8`) or a tag (`es-419`, `ES`) asks for."""
    primary = name.replace("-", "_").partition(".")[0].partition("@")[0].partition("_")[0].lower()
    return primary if primary in LANGUAGES else None


def column_of(language: str) -> int:
    """Which of two columns is for those who speak this language, in a table that has English and
    Spanish alone (0, 1), as the names of commands are: for all but Spanish the English one."""
    return 1 if language == "es" else 0


def language_of_environment(environ: Mapping[str, str]) -> str:
    """The language a person's environment asks for, as gettext reads it; English when none is ours.

    The locale is the first of LC_ALL, LC_MESSAGES and LANG that is set. The list in LANGUAGE goes
    before it, unless the locale is C or POSIX (GNU gettext manual, "Specifying a Priority List").
    """
    locale = next((environ[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(v)), "")
    if locale.partition(".")[0] in _UNTRANSLATED_LOCALES:
        return ENGLISH
    wanted = environ.get("LANGUAGE") or locale
    known = (language_named(name) for name in wanted.split(":"))
    return next((language for language in known if language), ENGLISH)


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name, which extractors look for
    """The sentence itself, marked for the catalogues."""
    return sentence


def _catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    catalogue = get_data(__name__, f"{language}/LC_MESSAGES/huddle.mo")
    return GNUTranslations(BytesIO(catalogue or b""))
