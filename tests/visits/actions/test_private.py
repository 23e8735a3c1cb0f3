"""Private messages are answered and put right as those of a room are, by numbers of their own."""

from __future__ import annotations

import pytest

from huddle.protocol.limits import Limits
from tests.visits.actions.test_numbers import NONE, said, three, typed
from tests.world import Program, World

RE = {"en": "/re", "es": "/responder"}
FIX = {"en": "/fix", "es": "/corregir"}
INSTEAD = {"en": "[instead of @{}]", "es": "[en vez de @{}]"}


def private(bot: Program) -> list[tuple[str, int | None, int | None]]:
    """What came to a program alone: the text, what it answers, what it puts right."""
    return [
        (each["text"], each.get("re"), each.get("edits"))
        for each in said(bot)
        if each["room"] == "@"
    ]


def tells(bot: Program, to: str, text: str, **fields: object) -> None:
    """A program says something to one person, under the next id."""
    bot.last_id += 1
    bot.sends_objects({"type": "msg", "id": bot.last_id, "to": to, "text": text, **fields})
    bot.world.settle()


# -- answering ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_private_message_is_answered_by_its_own_number(language: str) -> None:
    _, ana, bob, bot = three(language)
    typed(bob, {"en": "/numbers", "es": "/números"}[language])
    typed(ana, "hola", "/msg bob psst", "/privado bob ¿vienes?")
    assert bob.reads()[1:] == ["#1 <ana> hola", "@1 [ana] psst", "@2 [ana] ¿vienes?"]
    typed(bob, f"{RE[language]} @1 what?", f"{RE[language]} @2 yes")
    ana.hears("[bob] [re @1] what?", "[bob] [re @2] yes")
    assert private(bot) == []
    typed(ana, f"{RE[language]} @3 this", f"{RE[language]} @1 as I said")
    bob.hears("@5 [ana] [re @3] this", "@6 [ana] [re @1] as I said")


def test_what_one_wrote_to_several_has_its_own_number_in_each_inbox() -> None:
    _, ana, bob, bot = three()
    typed(ana, "/msg bot one", "/msg bob two", "/msg bot three")
    assert private(bot) == [("one", None, None), ("three", None, None)]
    tells(bot, "ana", "yes", re=2)
    ana.hears("[bot] [re @3] yes")
    typed(ana, "/re @3 good", "/re @2 and you?")
    bob.hears("[ana] two", "[ana] [re @1] and you?")
    assert private(bot) == [("good", 2, None)]


def test_the_same_text_said_again_at_once_is_told_from_the_first() -> None:
    _, ana, bob, bot = three()
    ana.says("/msg bot ja", "/msg bob ja", "/msg bot ja", "/msg bot ja")
    bot.forgets()
    typed(ana, "/re @4 the last", "/re @1 the first", "/re @2 to bob")
    bob.hears("[ana] ja", "[ana] [re @1] to bob")
    assert private(bot) == [("the last", 3, None), ("the first", 1, None)]


def test_what_is_not_in_ones_inbox_cannot_be_answered() -> None:
    _, ana, bob, bot = three()
    typed(ana, "public", "/msg bot psst")
    bob.forgets()
    for number in ("@1", "@7", "@0", "@"):
        typed(bob, f"/re {number} yes")
    told = bob.reads()
    assert told[:2] == [NONE, NONE] and all("/re" in each for each in told[2:])
    bot.forgets()
    tells(bot, "ana", "yes", re=9)
    bot.hears({"type": "error", "code": "no-such-message", "id": 1})
    ana.hears()


def test_another_who_has_the_nick_by_now_is_not_answered_in_its_place() -> None:
    world, ana, bob, _ = three()
    typed(bob, "/msg ana secret")
    typed(ana, "/msg bob which?")
    ana.forgets()
    typed(bob, "/quit")
    world.passes(1)
    other = world.person("bob")
    for peer in (ana, other):
        peer.forgets()
    typed(ana, "/re @1 what?", "/re @2 well?", "/fix which one?")
    other.hears()
    assert [line[:3] for line in ana.reads()] == ["-- "] * 3


def test_who_was_renamed_is_answered_under_the_new_nick() -> None:
    _, ana, bob, _ = three()
    typed(bob, "/msg ana psst", "/nick robert")
    ana.forgets()
    typed(ana, "/re @1 yes")
    assert bob.reads()[-1] == "[ana] [re @1] yes"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("taken", [False, True])
def test_who_was_renamed_since_is_found_by_what_was_said_to_them(
    language: str, taken: bool
) -> None:
    world, ana, bob, _ = three(language)
    typed(ana, "/msg bob helo")
    typed(bob, "/nick robert", "/nick Rob")
    if taken:
        other = world.person("bob")
        other.forgets()
    for peer in (ana, bob):
        peer.forgets()
    typed(ana, f"{FIX[language]} hello", f"{RE[language]} @1 there?")
    bob.hears(f"[ana] {INSTEAD[language].format(1)} hello", "[ana] [re @1] there?")
    typed(ana, "/raw @1")
    assert ana.reads()[-1] == "| helo"
    typed(ana, "/delete", "/delete @1")
    ana.forgets()
    typed(ana, "/inbox")
    assert not any("hel" in line or "there?" in line for line in ana.reads())
    if taken:
        other.hears()


def test_nobody_has_whose_a_nick_was_forgotten_by_taking_others_without_end() -> None:
    world = World(limits=Limits(former=8, former_each=4, flood_rate=0))
    ana, bob = world.person("ana", address="10.0.0.2"), world.person("bob", address="10.0.0.3")
    typed(ana, "/msg bob helo")
    typed(bob, "/nick robert")
    stranger = world.person("stranger", address="10.0.0.4")
    for number in range(20):
        typed(stranger, f"/nick n{number}")
    bob.forgets()
    typed(ana, "/fix hello")
    bob.hears("[ana] [instead of @1] hello")


def test_a_program_puts_right_and_answers_what_went_to_a_former_nick() -> None:
    _, _, bob, bot = three()
    tells(bot, "bob", "helo")
    typed(bob, "/msg bot well?", "/nick rob")
    for peer in (bob, bot):
        peer.forgets()
    tells(bot, "bob", "hello", edits=1)
    tells(bot, "BOB", "yes", re=2)
    tells(bot, "bob", "nobody")
    bob.hears("[bot] [instead of @1] hello", "[bot] [re @2] yes")
    bot.hears(
        {"type": "ack", "id": 2, "seq": 3},
        {"type": "ack", "id": 3, "seq": 4},
        {"type": "error", "code": "nobody-there", "id": 4},
    )
    bot.sends_objects({"type": "msg", "id": 2, "to": "bob", "text": "hello", "edits": 1})
    bot.world.settle()
    bot.hears({"type": "ack", "id": 2, "seq": 3})
    bob.hears()


# -- putting right -----------------------------------------------------------------------------


def test_what_was_done_in_private_is_put_right_as_that_and_by_a_program() -> None:
    _, ana, bob, bot = three()
    tells(bot, "bob", "wavse", kind="me")
    tells(bot, "bob", "waves", kind="me", edits=1)
    tells(bot, "bob", "WAVES", kind="me", edits=2)
    bob.hears("[* bot wavse]", "[* bot [instead of @1] waves]", "[* bot [instead of @1] WAVES]")
    bot.forgets()
    typed(ana, "/msg bot mine")
    bot.forgets()
    for to, seq in (("ana", 1), ("ana", 4), ("bob", 4), ("bob", 99)):
        tells(bot, to, "no", edits=seq)
        bot.hears({"type": "error", "code": "no-such-message", "id": bot.last_id})
    ana.hears()
    bob.hears()


def test_what_was_said_in_private_is_put_right_by_its_number() -> None:
    _, ana, bob, bot = three()
    typed(ana, "/msg bob helo", "/msg bot /me wavse", "for all")
    typed(bob, "/msg ana what?")
    for peer in (ana, bob, bot):
        peer.forgets()
    typed(ana, "/fix @1 hello", "/fix @4 hello!", "/fix @3 not mine", "/fix @9 none")
    bob.hears("[ana] [instead of @1] hello", "[ana] [instead of @1] hello!")
    assert [line for line in ana.reads() if line.startswith("--")] == [NONE, NONE]
    assert said(bot) == []


def test_what_is_put_right_for_one_who_is_away_is_there_when_they_are_back() -> None:
    _, ana, _, bot = three()
    typed(ana, "/msg bot helo")
    bot.cut()
    bot.forgets()
    typed(ana, "/fix hello", "/re @1 see you")
    assert private(bot.again()) == [("hello", None, 1), ("see you", 1, None)]


def test_a_message_to_oneself_is_put_right_and_answered() -> None:
    _, ana, _, _ = three()
    typed(ana, "/msg ana milk", "/fix milk, eggs", "/re @1 and bread")
    typed(ana, "/inbox")
    assert [line[6:] for line in ana.reads()] == [
        "[ana → ana] milk",
        "[ana → ana] [instead of @1] milk, eggs",
        "[ana → ana] [re @1] and bread",
    ]


def test_both_inboxes_show_it_and_so_does_raw() -> None:
    _, ana, bob, _ = three()
    typed(ana, "/msg bob helo", "/fix hello")
    bob.forgets()
    typed(bob, "/inbox", "/raw @2")
    bob.hears("12:00 [ana] helo", "12:00 [ana] [instead of @1] hello", "-- @2, by ana:", "| hello")
    typed(bob, "/delete @1", "/inbox")
    assert not any("hel" in line for line in bob.reads())
    ana.forgets()
    typed(ana, "/inbox")
    assert len([line for line in ana.reads() if "hel" in line]) == 2


def test_said_again_after_a_lost_connection_it_is_said_once() -> None:
    world, _, bob, bot = three()
    tells(bot, "bob", "helo")
    tells(bot, "bob", "hello", edits=1)
    bob.hears("[bot] helo", "[bot] [instead of @1] hello")
    bot.cut()
    again = bot.again()
    again.forgets()
    again.sends_objects({"type": "msg", "id": 2, "to": "bob", "text": "hello", "edits": 1})
    world.settle()
    again.hears({"type": "ack", "id": 2, "seq": 2})
    bob.hears()


def test_who_is_not_there_any_more_has_nothing_put_right() -> None:
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    typed(ana, "/msg bob psst")
    typed(bob, "/quit")
    world.passes(1)
    ana.forgets()
    typed(ana, "/fix pssst")
    ana.hears("-- Nobody is called bob here.")
