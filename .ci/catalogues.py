"""Bring huddle/locale/*/LC_MESSAGES/huddle.po and .mo up to date with the sentences in huddle/.

    python .ci/catalogues.py            keeps every translation; names what has none (then exit 1)
    python .ci/catalogues.py --prune    also drops the translations of sentences that are gone

To add a language, make its folder (huddle/locale/fr/LC_MESSAGES), run this, fill in the .po, run it
again, and name the language in huddle.locale.LANGUAGES.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "counted": (1, 2)}
SCRIPTS = [("**.py", "python"), ("**.mjs", "javascript")]
AUTHORS = "The Huddle authors"


def sentences(source: Path) -> Catalog:
    """What the code under `source` says, each sentence once."""
    found = Catalog()
    for name, line, sentence, comments, context in extract_from_dir(
        source, SCRIPTS, keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        place = (f"{source.name}/{name}", line)
        found.add(sentence, locations=[place], auto_comments=comments, context=context)
    return found


def read(po: Path) -> Catalog:
    """The catalogue in `po`; an empty one in the language its folder names when there is none."""
    language = po.parent.parent.name
    if po.exists():
        with po.open("rb") as file:
            return read_po(file, locale=language)
    return Catalog(
        locale=language,
        header_comment="# What Huddle says. Kept up to date by .ci/catalogues.py.",
        project="huddle",
        version="0.1.0",
        msgid_bugs_address=AUTHORS,
        revision_date=datetime.now(UTC),
        last_translator=AUTHORS,
        language_team=AUTHORS,
        fuzzy=False,
    )


def bring_up_to_date(catalogue: Catalog, found: Catalog) -> None:
    """Make `catalogue` hold what was `found`, with the translations it has.

    Those of sentences that are gone are set aside (`#~`), and taken up again when the sentence is
    back: on a branch, or while somebody moves a module. A new sentence gets no guess (fuzzy) from
    one that looks like it.
    """
    for message in catalogue.obsolete.values():
        if message.id not in catalogue:
            catalogue[message.id] = message
    catalogue.obsolete.clear()
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    """The sentences that would be shown in English: no translation, a form missing, or fuzzy."""
    for message in catalogue:
        string = message.string
        forms = (string,) if isinstance(string, str) else tuple(string or ("",))
        wanted = catalogue.num_plurals if message.pluralizable else 1
        if message.id and (message.fuzzy or len(forms) != wanted or not all(forms)):
            yield message


def write(catalogue: Catalog, po: Path, *, prune: bool = False) -> None:
    """Write `po`, one line a sentence and no line numbers, and the .mo beside it."""
    with po.open("wb") as file:
        write_po(
            file,
            catalogue,
            width=0,
            sort_by_file=True,
            include_lineno=False,
            ignore_obsolete=prune,
        )
    with po.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def main(arguments: list[str]) -> int:
    found = sentences(ROOT / "huddle")
    missing = 0
    for folder in sorted(ROOT.glob("huddle/locale/*/LC_MESSAGES")):
        po = folder / "huddle.po"
        catalogue = read(po)
        bring_up_to_date(catalogue, found)
        write(catalogue, po, prune="--prune" in arguments)
        for message in untranslated(catalogue):
            missing += 1
            print(f"{po.relative_to(ROOT)}: not translated: {message.id!r}")
    print(f"{len(found)} sentences, {missing} translations missing")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
