"""What stands behind a command's name: what is asked for by it, and where that makes no sense.

How the commands are called, and how most of this is typed in both languages, is in
`tests/dialects/plain/test_commands.py`.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.protocol import arguments as read
from huddle.protocol.arguments import how_long_and_why, parted, sentence, whole, word
from huddle.protocol.commands import COMMANDS
from huddle.protocol.events import Kind
from huddle.protocol.requests import (
    Announce,
    Audit,
    Back,
    Ban,
    ChangeNick,
    ChangePassword,
    Delete,
    Fix,
    HelpWanted,
    History,
    HushJoins,
    Ignore,
    Join,
    Kick,
    Login,
    Message,
    Mute,
    Raw,
    Register,
    Request,
    Say,
    Search,
    SetKey,
    SetNumbers,
    SetQuiet,
    SetSlow,
    SetTimes,
    TakeCharge,
    Topic,
    Unban,
)
from tests.sample_messages import CLOCK

READERS = [command.read for command in COMMANDS if command.read is not None]


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        ("", "", ""),
        ("  ", "", ""),
        ("ana", "ana", ""),
        (" ana  two  words ", "ana", "two  words "),
        ("ana\u3000hola", "ana", "hola"),
    ],
)
def test_a_text_is_its_first_word_and_the_rest_as_it_stands(
    text: str, first: str, rest: str
) -> None:
    assert parted(text) == (first, rest)


def test_one_word_is_one_word() -> None:
    unban = word(lambda who: Unban(None, who))
    assert unban("bob", CLOCK) == Unban(None, "bob")
    assert unban("", CLOCK) is unban("bob eva", CLOCK) is None


def test_anything_can_be_done_and_not_everything_be_said() -> None:
    assert read.me("", CLOCK) == Say("", Kind.ME)  # what it is refused for shows later
    assert read.message("bob hola", CLOCK) == Message("bob", "hola")
    assert read.message("bob", CLOCK) is read.message("", CLOCK) is None
    assert whole(Announce)("té", CLOCK) == Announce("té")
    assert whole(Announce)("", CLOCK) is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Delete()),
        ("41", Delete(seq=41)),
        ("#041", Delete(seq=41)),
        ("@41", Delete(room="@", seq=41)),
        ("bob", Delete(nick="bob")),
        ("#bob", Delete(nick="#bob")),  # a nick that nobody can have: nobody is called so
        ("0", None),
        ("#0", None),
        ("@0", None),
        ("41 42", None),
        ("9" * 16, Delete(nick="9" * 16)),
        ("-1", Delete(nick="-1")),
    ],
)
def test_a_message_is_deleted_by_its_number_or_its_author(text: str, asked: Request) -> None:
    assert read.deletion(text, CLOCK) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("41 sí", Say("sí", room=None, re=41)),
        ("@41 sí  y no", Say("sí  y no", room="@", re=41)),
        ("41", None),
        ("", None),
        ("bob sí", None),
        ("0 sí", None),
        ("#0 sí", None),
        ("4.1 sí", None),
        ("٤١ sí", None),
    ],
)
def test_an_answer_says_to_which_number(text: str, asked: Request) -> None:
    assert read.reply(text, CLOCK) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("hola", Fix("hola")),
        ("41 are here", Fix("41 are here")),
        ("#41 are here", Fix("are here", 41, None)),
        ("@41 psst", Fix("psst", 41, "@")),
        ("#41", Fix("#41")),
        ("#0 nothing", Fix("#0 nothing")),
        ("#tag  first", Fix("#tag  first")),
        ("", None),
    ],
)
def test_what_is_put_right_is_ones_last_or_the_one_of_the_number_with_its_sign(
    text: str, asked: Request
) -> None:
    assert read.fix(text, CLOCK) == asked


def test_a_message_as_it_was_written_is_asked_for_by_its_number() -> None:
    assert read.raw("#41", CLOCK) == Raw(41, room=None)
    assert read.raw("@41", CLOCK) == Raw(41, room="@")
    for nothing in ("", "0", "bob", "41 42", "#", "@"):
        assert read.raw(nothing, CLOCK) is None


def test_the_past_is_asked_for_by_a_count_or_a_time() -> None:
    assert read.history("", CLOCK) == History(None, None)
    assert read.history("007", CLOCK) == History(None, 7)
    assert read.inbox("5", CLOCK) == History("@", 5)
    for nothing in ("0", "-5", "5.5", "9" * 10, "when it rained", "25:00"):
        assert read.history(nothing, CLOCK) is read.inbox(nothing, CLOCK) is None
    search = whole(lambda words: Search(None, words))
    assert search("two  words", CLOCK) == Search(None, "two  words")
    assert search("", CLOCK) is None


@pytest.mark.parametrize(
    ("text", "registers", "logs_in", "changes"),
    [
        ("", None, None, None),
        ("s3cret", Register("s3cret"), Login(None, "s3cret"), None),
        (
            "ana s3cret",
            Register("s3cret", "ana"),
            Login("ana", "s3cret"),
            ChangePassword("ana", "s3cret"),
        ),
        ("correct horse battery", None, Login("correct", "horse battery"), None),
    ],
)
def test_a_password_of_several_words_is_never_taken_for_a_nick_and_another(
    text: str, registers: Request, logs_in: Request, changes: Request
) -> None:
    assert read.registration(text, CLOCK) == registers
    assert read.login(text, CLOCK) == logs_in
    assert read.password(text, CLOCK) == changes


def test_who_one_is_and_what_opens_that() -> None:
    assert read.nick("", CLOCK) == ChangeNick(None)
    assert read.nick("< > ,", CLOCK) == ChangeNick("< > ,")  # why it is none shows later
    assert whole(Back)("ana otter-41-lamp", CLOCK) == Back("ana otter-41-lamp")
    assert whole(TakeCharge)("K7M2 9QXD", CLOCK) == TakeCharge("K7M2 9QXD")
    assert whole(Back)("", CLOCK) is whole(TakeCharge)("", CLOCK) is None
    assert read.help_wanted("", CLOCK) == HelpWanted(None)


def test_whom_to_ignore_is_one_or_a_question() -> None:
    assert read.ignore("", CLOCK) == Ignore()
    assert read.ignore("bob", CLOCK) == Ignore("bob", True)
    assert read.ignore("bob eva", CLOCK) is None


@pytest.mark.parametrize("on", ["on", "ON", "sí", "SÍ", "si"])
@pytest.mark.parametrize("off", ["off", "no", "NO"])
def test_a_switch_is_turned_in_either_language(on: str, off: str) -> None:
    for make in (SetTimes, HushJoins, SetNumbers):
        assert read.switch(make)(on, CLOCK) == make(True)
        assert read.switch(make)(off, CLOCK) == make(False)
        assert read.switch(make)("", CLOCK) == make(None)
    assert read.quiet(on, CLOCK) == SetQuiet(None, True)
    for switch in (read.switch(SetTimes), read.quiet):
        assert switch("perhaps", CLOCK) is switch("on off", CLOCK) is None
    assert read.quiet("", CLOCK) is None  # a room is not to be silenced by half a command


def test_a_language_is_one_that_there_is() -> None:
    assert read.language("klingon", CLOCK) is read.language("", CLOCK) is None


def test_a_room_its_key_its_topic_and_what_takes_them_away() -> None:
    assert read.join("ops", CLOCK) == Join("ops", None)
    assert read.join("ops open sesame", CLOCK) == Join("ops", "open sesame")
    assert read.join("", CLOCK) is None
    assert read.key("-", CLOCK) == SetKey(None, None)
    assert read.key("", CLOCK) is None
    assert read.topic("-", CLOCK) == Topic(text="")
    assert read.topic("", CLOCK) == Topic(text=None)
    assert read.slow("no", CLOCK) == SetSlow(None, 0.0)
    for nothing in ("", "on", "fast", "-5s"):
        assert read.slow(nothing, CLOCK) is None


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("", (None, "")),
        ("spam", (None, "spam")),
        ("10m", (600, "")),
        ("10m spam", (600, "spam")),
        ("forever 10m", (None, "10m")),
        ("0m spam", None),
        ("1 fortnight", None),
        ("1h 30", None),
        ("10", None),
        ("10 spam", None),
    ],
)
def test_half_a_duration_is_never_a_reason(
    typed: str, term: tuple[float | None, str] | None
) -> None:
    assert how_long_and_why(typed) == term
    assert sentence(Ban)(f"bob {typed}", CLOCK) == (
        None if term is None else Ban(None, "bob", *term)
    )
    assert sentence(Mute)(f"bob {typed}", CLOCK) == (
        None if term is None else Mute(None, "bob", *term)
    )


def test_nobody_is_sent_out_where_nobody_is_named() -> None:
    assert read.kick("bob too  loud", CLOCK) == Kick(None, "bob", "too  loud")
    for nobody in (read.kick, sentence(Ban), sentence(Mute)):
        assert nobody("", CLOCK) is None
    assert read.audit("", CLOCK) == Audit(None)
    assert read.audit("7", CLOCK) == Audit(7)
    assert read.audit("all", CLOCK) is None


@given(st.sampled_from(READERS), st.text())
def test_whatever_is_typed_is_a_request_or_nothing(reader: read.Read, text: str) -> None:
    asked = reader(text.strip(), CLOCK)
    assert asked is None or type(asked).__module__ == Request.__args__[0].__module__


def test_all_of_them_were_asked() -> None:
    assert len(READERS) > 25
