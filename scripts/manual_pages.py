"""Write the man pages in share/man, in English and Spanish.

    python -m scripts.manual_pages

What a page says of the command line is taken from the program itself: usage, options, and what each
does. The rest stands in scripts/manuals/PROGRAM.LANGUAGE.man, in man(7), with requests of our
own: ``.NAME`` with what the program is, ``.SYNOPSIS``, ``.DESCRIPTION`` and ``.OPTIONS`` where the
program's own go, and below the last ``.MORE OPTION`` with what else there is to say of one. After a
change of the options run it again; a test asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from huddle.client.setup.options import COMMAND_LINE as CLIENT
from huddle.locale import ENGLISH, LANGUAGES, Wording, translator
from huddle.locale.command_line import SHORT, CommandLine
from huddle.server.options import Options
from huddle.tools.account import COMMAND_LINE as ACCOUNT
from huddle.tools.archive import COMMAND_LINE as ARCHIVE
from huddle.tools.certificate import COMMAND_LINE as CERTIFICATE

ROOT = Path(__file__).parent.parent
SOURCES = Path(__file__).parent / "manuals"
PAGES = ROOT / "share" / "man"

PROGRAMS: Mapping[str, CommandLine | None] = {
    "huddle-account": ACCOUNT,
    "huddle-archive": ARCHIVE,
    "huddle-certificate": CERTIFICATE,
    "huddle-client": CLIENT,
    "twistd-huddle": None,
}
"""What has a page; the server's options are twistd's."""

HEADINGS = {
    "en": ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "User Commands"),
    "es": ("NOMBRE", "SINOPSIS", "DESCRIPCIÓN", "OPCIONES", "Órdenes de usuario"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """``names`` as they are typed, short one first; nothing in ``takes`` if it takes nothing."""

    names: Sequence[str]
    takes: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a program tells of itself in one language: usage, paragraphs, options."""

    usage: Sequence[str]
    about: Sequence[str]
    options: Sequence[Option]


def main() -> None:
    for program in PROGRAMS:
        for language in LANGUAGES:
            path = path_of(program, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page(program, language), "utf-8")


def path_of(program: str, language: str) -> Path:
    """Where `man` looks for the page."""
    folder = PAGES if language == ENGLISH else PAGES / language
    return folder / "man1" / f"{program}.1"


def page(program: str, language: str) -> str:
    """The whole page, in the language that is asked for."""
    source = (SOURCES / f"{program}.{language}.man").read_text("utf-8")
    return "\n".join(_lines(program, language, source.splitlines())) + "\n"


def told(program: str, language: str) -> Told:
    """What the program tells of itself."""
    line, wording = PROGRAMS[program], translator(language)
    return _told_by_twistd(wording) if line is None else _told_by(line, wording)


def _told_by(line: CommandLine, wording: Wording) -> Told:
    said = [wording.gettext(each) if each else "" for each in line.usage]
    end = said.index("")
    usage = [re.sub(r"^(\w+:)?\s+", "", row) for row in said[:end]]
    notes = [wording.gettext(each) for each in line.notes]
    letters = {name: letter for letter, name in SHORT.items()}
    options = [
        Option(
            [*([f"-{letters[name]}"] if name in letters else []), f"--{name}"],
            takes,
            wording.gettext(sentence),
        )
        for (name, takes), sentence in line.options.items()
    ]
    return Told(usage, [" ".join(said[end + 1 :]), " ".join(notes)], options)


def _told_by_twistd(wording: Wording) -> Told:
    """Read from the help, which is made of more than one table."""
    options = Options()
    options.wording = wording
    usage = re.sub(r"^\w+: ", "", options.getSynopsis().strip())
    about, rows = options.getUsage(10_000).split("\n\n")[:2]
    return Told([usage], [about], [_read_row(row) for row in rows.splitlines()[1:]])


def _read_row(row: str) -> Option:
    found = re.fullmatch(r"\s+(?:(-\w), )?(--[\w-]+)(=?)\s*(.*)", row)
    assert found is not None, row
    short, long, takes, sentence = found.groups()
    return Option([*filter(None, (short, long))], "…" if takes else "", sentence)


# -- roff ----------------------------------------------------------------------------------------


def _lines(program: str, language: str, source: Sequence[str]) -> Iterator[str]:
    name, synopsis, description, options, manual = HEADINGS[language]
    itself = told(program, language)
    more: Mapping[str, Sequence[str]] = _more(source)
    yield '.\\" Made by scripts/manual_pages.py; not edited by hand.'
    yield f'.TH {program.upper()} 1 "" Huddle "{manual}"'
    skipping = False
    for line in source:
        request, _, rest = line.partition(" ")
        skipping = skipping and not line.startswith(".SH")
        if request == ".NAME":
            yield from (f".SH {name}", f"{_escaped(program)} \\- {rest}")
        elif request == ".SYNOPSIS":
            yield f".SH {synopsis}"
            yield from _usage(itself.usage)
        elif request == ".DESCRIPTION":
            yield f".SH {description}"
            yield ".PP\n".join(f"{_escaped(each)}\n" for each in itself.about if each).rstrip("\n")
        elif request == ".OPTIONS":
            yield f".SH {options}"
            for option in itself.options:
                yield from _shown(option, more)
            skipping = True
        elif not skipping:
            yield line


def _more(source: Sequence[str]) -> dict[str, list[str]]:
    """What else there is to say of an option."""
    found: dict[str, list[str]] = {}
    here: list[str] = []
    for line in source:
        if line.startswith(".MORE "):
            here = found.setdefault(f"--{line.removeprefix('.MORE ')}", [])
        elif line.startswith(".SH"):
            here = []
        else:
            here.append(line)
    return found


def _usage(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        program, _, rest = line.partition(" ")
        if number:
            yield ".br"
        yield f".B {_escaped(program)}"
        yield _escaped(rest)


def _shown(option: Option, more: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield ".TP"
    names = ", ".join(f"\\fB{_escaped(name)}\\fR" for name in option.names)
    yield f"{names} \\fI{_escaped(option.takes)}\\fR" if option.takes else names
    sentence = option.sentence
    yield _escaped(f"{sentence[0].upper()}{sentence[1:]}{'' if sentence[-1] in '.…]' else '.'}")
    yield from more.get(option.names[-1], ())


def _escaped(text: str) -> str:
    """Text as roff shows it: no request, no escape, dashes that can be typed."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE)


if __name__ == "__main__":
    main()
