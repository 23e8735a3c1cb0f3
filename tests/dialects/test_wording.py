"""Every refusal has its sentence in each language, and says what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from huddle import errors
from huddle.dialects.wording import worded
from huddle.errors import HuddleError
from huddle.locale import translator

ENGLISH, SPANISH = translator("en"), translator("es")

REFUSALS = [
    (errors.BadJson(), "That line is not one JSON object."),
    (errors.BadField("text"), "text is missing, or is not what it must be."),
    (errors.BadUsage("/me TEXT · /yo TEXTO"), "It is typed like this: /me TEXT · /yo TEXTO"),
    (errors.UnknownRequest("dance"), "There is no request dance here."),
    (
        errors.UnknownCommand("dance"),
        "There is no command dance. /help lists them; //dance says it.",
    ),
    (errors.HelloFirst(), "First say who you are."),
    (errors.BadNick("empty"), "A nick has at least one character."),
    (errors.BadNick("too-long"), "A nick has at most 24 characters."),
    (errors.BadNick("character", "<"), "A nick has letters, digits and inner - _ . ' only."),
    (errors.BadNick("edge", "-"), "A nick begins and ends with a letter or a digit."),
    (errors.NickTaken("ana", "ana2"), "The nick ana is taken. ana2 is free."),
    (
        errors.TextTooLong(4096),
        "Not said: a text has at most 4096 bytes, and this one had more.",
    ),
    (errors.TextEmpty(), "Not said: there is nothing to see in it."),
    (
        errors.LineTooLong(65536),
        "Not said: the line went on beyond 65536 bytes without an end.",
    ),
    (errors.IdReused(), "Not said: this id was given to something else."),
    (
        errors.Expired(),
        "Not said: this id is too old; its message, if there was one, is gone.",
    ),
    (errors.NotRecorded(), "Not recorded, and nobody has seen it. Try again."),
    (errors.SessionUnknown(), "Nobody here knows that session. Start a new one."),
    (errors.Replaced(), "You are here from another connection now; this one ends."),
    (errors.NoNick(), "You gave no nick in time. Come again!"),
    (errors.WordUnknown(), "That return word opens nothing, or not any more."),
    (errors.TooManyTries(0.2), "Too many tries. Wait 1 second."),
    (errors.TooManyTries(29.1), "Too many tries. Wait 30 seconds."),
    (errors.NotReadable(), "The record cannot be read just now. Try again."),
    (errors.NoSuchRoom("ops"), "You are in no room ops."),
    (errors.NobodyThere("zoe"), "Nobody is called zoe."),
    (errors.ServerFull(), "There are too many connections. Try again later."),
    (errors.WrongDoor(), "This port speaks no TLS. Connect without it."),
]

ids = [f"{type(error).__name__}{place}" for place, (error, _) in enumerate(REFUSALS)]


def family(kind: type[HuddleError] = HuddleError) -> Iterator[type[HuddleError]]:
    """The errors that can be raised: those with a code of their own, or of their parent's."""
    for member in kind.__subclasses__():
        yield member
        yield from family(member)


@pytest.mark.parametrize(("error", "sentence"), REFUSALS, ids=ids)
def test_a_refusal_is_worded(error: HuddleError, sentence: str) -> None:
    assert worded(error, ENGLISH) == sentence


@pytest.mark.parametrize(("error", "sentence"), REFUSALS, ids=ids)
def test_a_refusal_is_worded_in_spanish_with_the_same_facts(
    error: HuddleError, sentence: str
) -> None:
    spanish = worded(error, SPANISH)
    assert spanish != sentence
    for fact in (*error.args, getattr(error, "suggest", "")):
        if isinstance(fact, str) and not isinstance(error, errors.BadNick):
            assert fact in spanish


def test_every_error_of_the_core_has_a_sentence_of_its_own() -> None:
    abstract = {
        errors.BadRequest,
        errors.NickError,
        errors.TextError,
        errors.IdError,
        errors.SessionError,
    }
    assert {type(error) for error, _ in REFUSALS} == set(family()) - abstract
    unknown = worded(HuddleError(), ENGLISH)
    assert unknown == "That cannot be done."
    assert unknown not in [worded(error, ENGLISH) for error, _ in REFUSALS]


def test_a_code_belongs_to_one_error_and_what_is_made_from_it() -> None:
    for kind in family():
        for other in family():
            if kind.code == other.code and "code" in vars(kind) and "code" in vars(other):
                assert kind is other


def test_every_error_is_in_the_map_of_the_family() -> None:
    assert errors.__doc__
    for kind in family():
        assert kind.__name__ in errors.__doc__
        if "code" in vars(kind) and kind is not errors.BadRequest:
            assert kind.code in errors.__doc__
