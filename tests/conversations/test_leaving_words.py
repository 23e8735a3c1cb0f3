"""Words by which people try to leave: one leaves, some get a hint, some are greetings."""

from __future__ import annotations

import pytest

from huddle.locale import LANGUAGES
from huddle.protocol.commands import LONGEST_WORD
from tests.world import World

languages = pytest.mark.parametrize("language", LANGUAGES)
HINT = {
    "en": "-- Not said. /quit leaves; with a dot behind it, it is said.",
    "es": "-- No se ha dicho. /salir te saca; con un punto detrás, se dice.",
}
BYE = {"en": "-- If you want to leave: /quit", "es": "-- Si quieres salir: /salir"}
BY_WORD = {
    "en": "-- You leave by the word alone; //salir says it.",
    "es": "-- Sales con la sola palabra; //salir la dice.",
}


OTHERS = ["logout", "quit()", ":q", ":Q!", ":wq"]
"""By which people leave shells, interpreters and editors."""


@languages
@pytest.mark.parametrize("command", ["/exit", "/bye", "/logout", "/q", "/salir", "/QUIT"])
def test_a_command_by_which_one_leaves_elsewhere_leaves(language: str, command: str) -> None:
    bob = World(language=language).person("bob")
    bob.says(command)
    assert bob.closed


@languages
@pytest.mark.parametrize("word", ["exit", "EXIT", " Quit", "exit  ", "\tquit", *OTHERS])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\0"])
def test_a_word_that_leaves_other_programs_is_not_said(language: str, word: str, end: str) -> None:
    world = World(language=language)
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.sends(f"{word}{end}".encode())
    world.settle()
    bob.hears(HINT[language])
    bob.says("quit.", "I quit")
    ana.hears("<bob> quit.", "<bob> I quit")


@languages
@pytest.mark.parametrize("word", ["exit", "quit", *OTHERS])
def test_nor_is_it_a_nick(language: str, word: str) -> None:
    world = World(language=language)
    peer = world.connect()
    peer.forgets()
    peer.says(word)
    peer.hears(HINT[language])
    assert not world.huddle.registry.sessions


@languages
@pytest.mark.parametrize(
    "word", ["bye", "Bye!", "adiós", "¡Adiós!", "adios ", "chao.", "hasta luego", "Chau"]
)
def test_a_farewell_is_said_and_its_author_told_how_to_leave(language: str, word: str) -> None:
    world = World(language=language)
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.says(word)
    ana.hears(f"<bob> {word.strip()}")
    bob.hears(BYE[language])
    bob.says("bye, ana")
    bob.hears()


@languages
def test_who_leaves_by_the_word_is_told_how_it_is_said(language: str) -> None:
    bob = World(language=language).person("bob")
    bob.says("salir")
    assert bob.reads()[0] == BY_WORD[language]
    assert bob.closed


def test_far_into_a_line_a_word_is_one_like_others() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    longer = " " * (LONGEST_WORD - 3) + "quit", "¡" * (LONGEST_WORD - 2) + "bye"
    bob.says(*longer)
    bob.hears()
    ana.hears(f"<bob>  [{LONGEST_WORD - 3} blanks] quit", f"<bob> {longer[1]}")
    bob.says(longer[0][1:], longer[1][1:])
    bob.hears(HINT["en"], BYE["en"])


def test_in_a_pasted_block_the_words_are_lines_like_others() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.forgets()
    bob.says("try:", "    quit", "", "exit", "bye")
    assert "<bob>     quit" in ana.heard + ana.reads()
    assert "<bob> exit" in ana.heard
    assert HINT["en"] not in bob.reads()


@pytest.mark.parametrize("word", ["exit", "quit", "bye", "salir"])
def test_a_program_says_what_it_says(word: str) -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    ana.forgets()
    bot.says(word)
    ana.hears(f"<bot> {word}")
