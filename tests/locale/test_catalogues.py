"""Every sentence has its Spanish twin, and a person's environment decides which one they see."""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo

from huddle.locale import LANGUAGES, N_, language_named, language_of_environment, translator

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "huddle"
TOOL = runpy.run_path(str(ROOT / ".ci" / "catalogues.py"))
HINT = "run `python .ci/catalogues.py` and fill in what it names"
MARKED = re.compile(rf"\b({'|'.join(TOOL['KEYWORDS'])})\(")
"""What is in every source with a sentence in it: only these are worth taking apart."""

each_translation = pytest.mark.parametrize("language", [lang for lang in LANGUAGES if lang != "en"])


def po_of(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "huddle.po"


def read(po: Path) -> Catalog:
    catalogue: Catalog = TOOL["read"](po)
    return catalogue


@cache
def shipped(language: str) -> Catalog:
    """The readable catalogue of a language, read once."""
    return read(po_of(language))


@cache
def sentences(source: Path) -> Catalog:
    found: Catalog = TOOL["sentences"](source)
    return found


def messages(catalogue: Catalog) -> dict[object, Message]:
    """The messages of a catalogue by their ids, without its header."""
    return {
        tuple(message.id) if isinstance(message.id, list) else message.id: message
        for message in catalogue
        if message.id
    }


def compiled(mo: Path) -> dict[object, object]:
    """The translations in a compiled catalogue by their sentences, without its header."""
    with mo.open("rb") as file:
        return {id_: message.string for id_, message in messages(read_mo(file)).items()}


def forms(string: object) -> list[str]:
    """The one form of a plain sentence, each of a plural one's."""
    return [string] if isinstance(string, str) else list(string)  # type: ignore[call-overload]


def fields(sentence: str) -> set[tuple[str | None, ...]]:
    """The fields of a format string: names, format specifications, conversions."""
    return {field[1:] for field in Formatter().parse(sentence) if field[1] is not None}


def field_faults(message: Message) -> list[str]:
    """The forms of a translation that would be filled in otherwise than their English.

    A form for one thing may leave its number out ("one message"): each may use what some English
    form uses, and the last, which stands for any number, must use what the last English one does.
    """
    english, translated = forms(message.id), forms(message.string)
    usable = set().union(*map(fields, english))
    faults = [form for form in translated[:-1] if not fields(form) <= usable]
    return faults + [form for form in translated[-1:] if fields(form) != fields(english[-1])]


def unnamed_fields(sentence: str) -> list[str]:
    """The fields of a sentence that no keyword argument fills (`{}`, `{0}`)."""
    names = [str(field[0]).partition(".")[0].partition("[")[0] for field in fields(sentence)]
    return [name for name in names if not name.isidentifier()]


def unmarkable(source: str) -> Iterator[str]:
    """The calls in `source` whose sentence no catalogue can hold, since it is made at run time."""
    if not MARKED.search(source):
        return
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name)) if (
                name in TOOL["KEYWORDS"]
            ):
                sentences = node.args[:2] if name in ("ngettext", "counted") else node.args[:1]
                from_table = name in ("_", "gettext")
                for sentence in sentences:
                    if not _is_literal(sentence) and not (from_table and _is_looked_up(sentence)):
                        yield ast.unparse(node)


def looked_up(source: str) -> Iterator[str]:
    """The sentences that stand in calls of `source`, also where no tool finds them: what is within
    an f-string is one token for it."""
    if not MARKED.search(source):
        return
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Name("_") | ast.Attribute(attr="gettext"), args=[ast.Constant(str(said))]
            ):
                yield said


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_looked_up(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript)


# The catalogues


@each_translation
def test_every_sentence_of_the_code_is_in_the_catalogue_and_no_other(language: str) -> None:
    written, said = messages(shipped(language)), messages(sentences(SOURCE))
    assert set(written) == set(said), HINT


@each_translation
def test_nothing_is_kept_of_sentences_that_are_gone(language: str) -> None:
    assert not shipped(language).obsolete, "run `python .ci/catalogues.py --prune`"


@each_translation
def test_every_sentence_has_a_translation_in_every_form(language: str) -> None:
    untranslated = list(TOOL["untranslated"](shipped(language)))
    assert not untranslated, HINT


@each_translation
def test_a_translation_is_filled_in_as_its_sentence_is(language: str) -> None:
    assert not [
        fault for message in messages(shipped(language)).values() for fault in field_faults(message)
    ]


@each_translation
def test_the_compiled_catalogue_says_what_the_readable_one_says(
    language: str, tmp_path: Path
) -> None:
    TOOL["write"](shipped(language), tmp_path / "huddle.po")
    fresh, kept = tmp_path / "huddle.mo", po_of(language).with_suffix(".mo")
    assert compiled(kept) == compiled(fresh), HINT


def test_every_language_has_its_catalogue_and_every_catalogue_its_language() -> None:
    folders = {mo.parent.parent.name for mo in SOURCE.glob("locale/*/LC_MESSAGES/huddle.mo")}
    assert {"en", *folders} == set(LANGUAGES)


def test_every_field_of_a_sentence_is_named() -> None:
    found = messages(sentences(SOURCE))
    assert not [form for id_ in found for form in forms(id_) if unnamed_fields(form)]


def test_no_sentence_is_put_together_before_it_is_translated() -> None:
    assert not [
        f"{module.relative_to(ROOT)}: {call}"
        for module in SOURCE.rglob("*.py")
        for call in unmarkable(module.read_text("utf-8"))
    ]


def test_no_sentence_hides_from_the_catalogue() -> None:
    known = {sentence for id_ in messages(sentences(SOURCE)) for sentence in forms(id_)}
    assert not [
        f"{module.relative_to(ROOT)}: {said}"
        for module in SOURCE.rglob("*.py")
        for said in looked_up(module.read_text("utf-8"))
        if said not in known
    ]


# The checks themselves


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("{nick} left")', ["{nick} left"]),
        ('wording.gettext("{nick} left")', ["{nick} left"]),
        ('TABLE = {"help": N_("lists the commands")}', ["lists the commands"]),
        ('_("one line "\n  "and the next")', ["one line and the next"]),
        ('ngettext("{n} line", "{n} lines", n)', [("{n} line", "{n} lines")]),
        ('say("hola")', []),
    ],
)
def test_a_sentence_is_found_by_its_mark(source: str, found: list[object], tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(source, "utf-8")
    assert list(messages(sentences(tmp_path))) == found


def catalogue(*pairs: tuple[object, object]) -> Catalog:
    made = Catalog(locale="es", fuzzy=False)
    for sentence, translation in pairs:
        made.add(sentence, translation)  # type: ignore[arg-type]
    return made


def test_bringing_a_catalogue_up_to_date_keeps_translations_and_guesses_none() -> None:
    old = catalogue(("{nick} left", "{nick} se ha ido"))
    TOOL["bring_up_to_date"](old, catalogue(("{nick} left", ""), ("{nick} left us", "")))
    assert {id_: m.string for id_, m in messages(old).items()} == {
        "{nick} left": "{nick} se ha ido",
        "{nick} left us": "",
    }
    assert [m.id for m in TOOL["untranslated"](old)] == ["{nick} left us"]


@pytest.fixture
def po(tmp_path: Path) -> Path:
    """Where a Spanish catalogue can be written."""
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    return folder / "huddle.po"


def test_a_sentence_that_comes_back_has_its_translation_back(po: Path) -> None:
    said, gone = catalogue(("yes", ""), ("no", "")), catalogue(("yes", ""))
    spoken = catalogue(("yes", "sí"), ("no", "no"))
    TOOL["bring_up_to_date"](spoken, gone)
    TOOL["write"](spoken, po)
    assert compiled(po.with_suffix(".mo")) == {"yes": "sí"}
    reread = read(po)
    assert reread.obsolete
    TOOL["bring_up_to_date"](reread, said)
    assert {id_: m.string for id_, m in messages(reread).items()} == {"yes": "sí", "no": "no"}
    assert not reread.obsolete


def test_pruning_drops_what_is_gone(po: Path) -> None:
    spoken = catalogue(("yes", "sí"))
    TOOL["bring_up_to_date"](spoken, catalogue())
    TOOL["write"](spoken, po, prune=True)
    assert not read(po).obsolete


@pytest.mark.parametrize("translation", ["", ("{n} línea", ""), ("{n} línea",)])
def test_a_sentence_without_all_its_forms_is_untranslated(translation: object) -> None:
    sentence = "line" if translation == "" else ("{n} line", "{n} lines")
    assert list(TOOL["untranslated"](catalogue((sentence, translation))))


def test_a_doubtful_translation_is_untranslated() -> None:
    spoken = catalogue()
    spoken.add("yes", "si", flags=["fuzzy"])
    assert list(TOOL["untranslated"](spoken))


@pytest.mark.parametrize(
    ("sentence", "translation", "faults"),
    [
        ("{nick} left", "{nick} se ha ido", []),
        ("{nick} left", "se ha ido", ["se ha ido"]),
        ("{nick} left", "{apodo} se ha ido", ["{apodo} se ha ido"]),
        ("{n:,} left", "quedan {n}", ["quedan {n}"]),
        (("{n} line", "{n} lines"), ("una línea", "{n} líneas"), []),
        (("a line", "{n} lines"), ("{n} línea", "{n} líneas"), []),
        (("{n} line", "{n} lines"), ("una línea", "líneas"), ["líneas"]),
    ],
)
def test_a_translation_uses_the_fields_of_its_sentence(
    sentence: object, translation: object, faults: list[str]
) -> None:
    assert field_faults(Message(sentence, translation)) == faults  # type: ignore[arg-type]


@pytest.mark.parametrize("sentence", ["{} left", "{0} left", "{nick} and {}", "{0.name}"])
def test_a_field_without_a_name_is_noticed(sentence: str) -> None:
    assert unnamed_fields(sentence)


@pytest.mark.parametrize("sentence", ["{nick} left", "{{literal}}", "{room.name:>8}", "100 %"])
def test_named_fields_and_literal_braces_are_right(sentence: str) -> None:
    assert not unnamed_fields(sentence)


@pytest.mark.parametrize(
    "call",
    [
        '_(f"{nick} left")',
        '_("{nick} left".format(nick=nick))',
        '_("%s left" % nick)',
        "N_(sentence)",
        "ngettext(one, many, n)",
        'wording.gettext("hello " + nick)',
    ],
)
def test_a_sentence_made_at_run_time_is_noticed(call: str) -> None:
    assert list(unmarkable(call))


@pytest.mark.parametrize("call", ['_("{nick} left").format(nick=nick)', "_(command.summary)"])
def test_a_literal_and_an_entry_of_a_table_are_right(call: str) -> None:
    assert not list(unmarkable(call))


# At run time


@each_translation
def test_a_wording_says_what_its_catalogue_says(language: str) -> None:
    wording = translator(language)
    assert wording.language == language
    for id_, message in messages(shipped(language)).items():
        if isinstance(id_, str):
            assert wording.gettext(id_) == message.string
        else:
            one, many = forms(id_)
            assert [wording.ngettext(one, many, n) for n in (1, 2)] == forms(message.string)


def test_english_is_what_stands_in_the_code() -> None:
    english = translator("en")
    assert english.gettext("{nick} left") == "{nick} left"
    assert [english.ngettext("one", "many", n) for n in (0, 1, 2)] == ["many", "one", "many"]


def test_a_sentence_that_no_catalogue_knows_stays_english() -> None:
    assert translator("es").gettext("no such sentence") == "no such sentence"


def test_a_wording_is_read_once() -> None:
    assert translator("es") is translator("es")


def test_a_language_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(LookupError, match="'fr' is not one of en, es"):
        translator("fr")


def test_marking_a_sentence_leaves_it_as_it_is() -> None:
    assert N_("lists the commands") == "lists the commands"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("es", "es"),
        ("ES", "es"),
        ("es-419", "es"),
        ("es_MX.UTF-8", "es"),
        ("es@euro", "es"),
        ("en_GB", "en"),
        ("fr_FR.UTF-8", None),
        ("español", None),
        ("", None),
    ],
)
def test_locales_and_language_tags_name_a_language(name: str, language: str | None) -> None:
    assert language_named(name) == language


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "es_AR.UTF-8"}, "es"),
        ({"LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "es_ES.UTF-8"}, "es"),
        ({"LC_ALL": "", "LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "ca:es:en"}, "es"),
        ({"LANG": "es_ES.UTF-8", "LANGUAGE": "en:es"}, "en"),
        ({"LANG": "es_ES.UTF-8", "LANGUAGE": ""}, "es"),
        ({"LANG": "C", "LANGUAGE": "es"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "es_ES.UTF-8", "LANGUAGE": "es"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "es_ES.UTF-8"}, "en"),
    ],
)
def test_the_environment_decides_as_gettext_reads_it(
    environ: dict[str, str], language: str
) -> None:
    assert language_of_environment(environ) == language
