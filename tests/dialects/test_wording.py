"""Every refusal has its sentence in each language, and says what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from huddle.dialects.wording import worded
from huddle.locale import translator
from huddle.locale.errors import REFUSALS as WORDED
from huddle.protocol import errors
from huddle.protocol.errors import HuddleError
from huddle.protocol.limits import Limits
from tests.sample_messages import NOON

ENGLISH, SPANISH = translator("en"), translator("es")

REFUSALS = [
    (errors.BadJson(), "That line is not one JSON object."),
    (errors.BadField("text"), "text is missing, or is not what it must be."),
    (errors.TookTooLong(), "That search takes too long. Search for rarer words."),
    (errors.Oneself("nick"), "Nobody does that to themselves."),
    (errors.BadUsage("/me TEXT · /yo TEXTO"), "It is typed like this: /me TEXT · /yo TEXTO"),
    (errors.UnknownRequest("dance"), "There is no request dance here."),
    (
        errors.UnknownCommand("dance"),
        "There is no command dance. /help lists them; //dance says it.",
    ),
    (
        errors.UnknownCommand(""),
        "A command stands right behind its slash: /help lists them; what begins with // is said.",
    ),
    (errors.HelloFirst(), "First say who you are."),
    (errors.BadNick("empty"), "A nick has at least one character."),
    (errors.BadNick("too-long"), "A nick has at most 24 characters."),
    (errors.BadNick("character", "<"), "A nick has letters, digits and inner - _ . ' only."),
    (errors.BadNick("edge", "-"), "A nick begins and ends with a letter or a digit."),
    (errors.NickTaken("ana", "ana2"), "The nick ana is taken. ana2 is free."),
    (
        errors.NickHeld("ana", ""),
        "ana is away, and is kept for ana: /back WORD, or /login",
    ),
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
    (errors.NobodyThere("zoe"), "Nobody is called zoe here."),
    (errors.ServerFull(), "There are too many connections. Try again later."),
    (errors.WrongDoor(), "This port speaks no TLS. Connect without it."),
    (
        errors.Alone(10.0),
        "This server has lost the others of its house. Go to another, or come back later.",
    ),
    (errors.Kicked("ana"), "ana sent you away"),
    (errors.Kicked("ana", "too {loud}"), "ana sent you away: too {loud}"),
    (errors.PasswordNeeded("ana"), "ana is registered. If that is you: /login ana PASSWORD"),
    (
        errors.NickKept("teacher", "teacher2"),
        "teacher is kept for an operator who has no account yet. Come in as teacher2, then"
        " /operator CODE (the server's screen shows it) and /register teacher PASSWORD",
    ),
    (
        errors.WrongCode(),
        "That code makes nobody an operator, or not any more. The server's screen shows it, and"
        " huddle-account gives another.",
    ),
    (errors.WrongPassword(), "That is not the password."),
    (errors.BadPassword(8, 128), "A password has 8 to 128 characters."),
    (errors.MembersOnly(), "Only members come in here: /login NICK PASSWORD"),
    (errors.NotRegistered("bob"), "That nick is not registered."),
    (errors.AlreadyRegistered(), "That is registered already."),
    (errors.AccountNick(), "You are logged in, and called as your account is."),
    (errors.NotAllowed(), "That is for others to do; /help lists what you may do."),
    (
        errors.NotAllowed("host"),
        "Only an operator or a host of this room may do that; /help lists what you may do.",
    ),
    (
        errors.NotAllowed("operator"),
        "Only an operator may do that; /help lists what you may do.",
    ),
    (
        errors.NotAllowed("house"),
        "Only an operator whom the house appoints (--op) may do that.",
    ),
    (
        errors.NotAllowed("member"),
        "Only those with an account may do that; /register makes one.",
    ),
    (
        errors.NotAllowed("checker"),
        "Your password is kept by another program, and is changed there.",
    ),
    (errors.LeavingWord("exit"), "Not said. /quit leaves; with a dot behind it, it is said."),
    (errors.Banned("ops"), "You are not let into ops"),
    (errors.Banned("ops", None, "too {loud}"), "You are not let into ops: too {loud}"),
    (errors.Banned("ops", NOON), "You are not let into ops until 2026-11-19 12:00 UTC"),
    (errors.Muted(""), "Not said: you are muted here"),
    (errors.Muted("", None, "too {loud}"), "Not said: you are muted here: too {loud}"),
    (
        errors.Muted("", NOON, "spam"),
        "Not said: you are muted here until 2026-11-19 12:00 UTC: spam",
    ),
    (errors.RoomQuiet(""), "Not said: only those with a voice speak here."),
    (
        errors.QuietNick("ops"),
        "Your nick stays as it is while you are in ops: only those with a voice speak there.",
    ),
    (errors.RoomLocked("ops"), "ops is locked; it opens with its key: /join ops KEY"),
    (errors.TooFast(0.2), "Not so fast. Wait 1 second."),
    (errors.TooFast(29.1), "Not so fast. Wait 30 seconds."),
    (errors.TooMany("", 5), "There may be no more than 5."),
    (errors.TookTooLong(), "That search takes too long. Search for rarer words."),
    (errors.MutedNick("ops"), "Your nick stays as it is while you are muted in ops"),
    (errors.BadRoom("empty"), "A room's name has at least one character."),
    (errors.BadRoom("too-long"), "A room's name has at most 32 characters."),
    (errors.BadRoom("character", "<"), "A room's name has letters, digits and inner - _ . ' only."),
    (errors.BadRoom("edge", "-"), "A room's name begins and ends with a letter or a digit."),
    (errors.FirstRoom(), "This room is left only with the house: /quit"),
    (errors.NoSuchMessage(), "There is no such message to delete."),
    (errors.NoMessageHere(), "There is no such message here."),
]

UNNAMED = (
    errors.BadNick
    | errors.BadRoom
    | errors.NotRegistered
    | errors.Oneself
    | errors.NotAllowed
    | errors.LeavingWord
)
"""Those whose sentences do not repeat what they are about."""

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
        if isinstance(fact, str) and not isinstance(error, UNNAMED):
            assert fact in spanish


def test_every_error_of_the_core_has_a_sentence_of_its_own() -> None:
    abstract = {
        errors.BadRequest,
        errors.NickError,
        errors.TextError,
        errors.IdError,
        errors.SessionError,
        errors.AccountError,
        errors.RightError,
    }
    assert {type(error) for error, _ in REFUSALS} == set(family()) - abstract
    unknown = worded(HuddleError(), ENGLISH)
    assert unknown == "That cannot be done."
    assert worded(errors.AccountError(), ENGLISH) == worded(errors.RightError(), ENGLISH) == unknown
    assert unknown not in [worded(error, ENGLISH) for error, _ in REFUSALS]


@pytest.mark.parametrize(
    "kind",
    [
        errors.UnknownRequest,
        errors.UnknownCommand,
        errors.NoSuchRoom,
        errors.NobodyThere,
    ],
)
def test_of_a_long_name_that_there_is_not_the_beginning_is_repeated(
    kind: type[HuddleError],
) -> None:
    """Or it would be broken into two hundred rows, at 40 ms a line."""
    assert worded(kind("日" * 64), ENGLISH).count("日") >= 64
    sentence = worded(kind("日" * 4000), ENGLISH)
    assert "日…" in sentence and len(sentence) < 250


def test_a_time_is_told_as_whoever_words_it_wishes() -> None:
    for error in (errors.Banned("ops", NOON), errors.Muted("ops", NOON)):
        assert worded(error, ENGLISH, lambda time: f"<{time}>").endswith(f" until <{NOON}>")


@pytest.mark.parametrize("what", [key.split()[1] for key in WORDED if key.startswith("too-many ")])
def test_there_is_a_sentence_for_what_there_may_be_no_more_of(what: str) -> None:
    assert hasattr(Limits(), what)
    sentence, spanish = (worded(errors.TooMany(what, 77), each) for each in (ENGLISH, SPANISH))
    assert sentence != spanish
    assert "{" not in sentence + spanish
    assert sentence != worded(errors.TooMany("", 77), ENGLISH)


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
