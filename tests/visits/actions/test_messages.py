"""Which message is meant: one's own last, be it to one person, the last of somebody, a number."""

from __future__ import annotations

from itertools import permutations

import pytest

from huddle.protocol.limits import Limits
from tests.moderated_world import PASSWORD, done
from tests.slow_record import SlowRecord
from tests.visits.actions.test_numbers import NONE, said, three, typed
from tests.visits.actions.test_private import FIX, INSTEAD
from tests.world import World

# -- the last of one's own ---------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_was_said_last_is_put_right_where_it_was_said(language: str) -> None:
    _, ana, bob, bot = three(language)
    fix = FIX[language]
    typed(ana, "hi", "/msg bob the pasword is 7", f"{fix} the password is 8")
    bob.hears(
        "<ana> hi",
        "[ana] the pasword is 7",
        f"[ana] {INSTEAD[language].format(1)} the password is 8",
    )
    typed(ana, f"{fix} it is 9")
    bob.hears(f"[ana] {INSTEAD[language].format(1)} it is 9")
    assert [each["text"] for each in said(bot)] == ["hi"]
    typed(ana, "bye all", f"{fix} good night")
    assert [(each["text"], each.get("edits")) for each in said(bot)] == [
        ("bye all", None),
        ("good night", 2),
    ]


@pytest.mark.parametrize(
    "order", list(permutations(["hola", "/me waves", "/msg bob psst", "/msg bot psst"], 3))
)
@pytest.mark.parametrize("pause", [0, 1])
def test_nothing_private_is_put_right_before_all(order: tuple[str, ...], pause: int) -> None:
    world, ana, bob, bot = three()
    carla = world.person("carla")
    for line in order:
        world.passes(pause)
        ana.says(line)
    for peer in (bob, bot, carla):
        peer.forgets()
    world.passes(pause)
    ana.says("/fix right")
    heard = {
        "bob": any("right" in line for line in bob.reads()),
        "bot": any("right" in each["text"] for each in said(bot)),
        "carla": any("right" in line for line in carla.reads()),
    }
    last = order[-1]
    for nick, has in heard.items():
        assert has is (f"/msg {nick}" in last if last.startswith("/msg") else True)


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["hola", "/msg bob psst"], (["hola"], [])),
        (["/msg bob psst", "hola"], ([], ["psst"])),
        (["/msg bob psst"], ([], [])),
    ],
)
@pytest.mark.parametrize("pause", [0, 1])
def test_what_was_said_last_is_deleted_where_it_was_said(
    lines: list[str], left: tuple[list[str], list[str]], pause: int
) -> None:
    world, ana, bob, bot = three()
    for line in lines:
        world.passes(pause)
        ana.says(line)
    world.passes(pause)
    ana.says("/delete")
    ana.hears("-- ana deleted a message")
    public, private = left
    in_room = bot.asks("history", id=1)["messages"]
    assert [each["text"] for each in in_room if each["type"] == "said"] == public
    bob.forgets()
    ana.says("/inbox")
    assert [line.partition("] ")[2] for line in ana.reads() if "→" in line] == private


def test_who_comes_back_puts_right_what_they_said_last_and_not_what_all_have_heard() -> None:
    """The connection on which it was said knew that it was private; this one does not."""
    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    [word] = [line.rpartition(" ")[2] for line in ana.heard if "return word" in line]
    typed(ana, "hola", "/msg bob psst")
    ana.cut()
    bob.forgets()
    back = world.connect()
    back.says(f"/back ana {word}")
    typed(back, "/fix pssst")
    bob.hears_at_last("[ana] [instead of @1] pssst")


def test_what_others_said_to_one_alone_is_not_ones_own() -> None:
    _, ana, bob, bot = three()
    typed(ana, "helo")
    typed(bob, "/msg ana hi", "/msg ana well?")
    typed(ana, "/fix hello")
    assert [(each["text"], each.get("edits")) for each in said(bot)] == [
        ("helo", None),
        ("hello", 1),
    ]


def test_what_is_deleted_is_not_what_was_said_last() -> None:
    _, ana, bob, _ = three()
    typed(ana, "/msg bob one", "/msg bob two", "/delete")
    bob.forgets()
    typed(ana, "/fix won")
    bob.hears("[ana] [instead of @1] won")


def test_it_is_looked_for_among_as_many_as_are_shown_at_once() -> None:
    world = World(limits=Limits(flood_rate=0, history=5))
    ana, bob = world.person("ana"), world.person("bob")
    typed(ana, "helo")
    typed(bob, *"1234")
    bob.forgets()
    typed(ana, "/fix hello")
    bob.hears("<ana> [instead of #1] hello")
    typed(bob, *"12345")
    ana.forgets()
    typed(ana, "/fix hello")
    ana.hears(NONE)


def test_a_record_that_cannot_be_read_is_told_of() -> None:
    record = SlowRecord(Limits(ring_messages=1))
    world = World(record)
    ana = world.person("ana")
    typed(ana, "one", "two")
    record.unreadable = True
    ana.forgets()
    typed(ana, "/delete")
    ana.hears("-- The record cannot be read just now. Try again.")


# -- the last of somebody ----------------------------------------------------------------------


def test_the_last_message_of_a_person_is_found_whatever_they_were_called_then() -> None:
    _, ana, bob, bot = three()
    typed(ana, "/join ops")
    typed(bob, "/join ops", "spam", "/nick rob", "/nick robert")
    bot.asks("join", id=1, room="ops", replay=0)
    typed(ana, "/delete Robert")
    history = bot.asks("history", id=2, room="ops")["messages"]
    assert [(each["type"], each["seq"]) for each in history] == [("deleted", 1)]


@pytest.mark.parametrize("nick", ["spammer", "SPAMMER"])
def test_the_last_message_of_who_has_gone_is_found_by_the_nick_as_one_types_it(nick: str) -> None:
    _, ana, bob, bot = three()
    typed(ana, "/join ops")
    typed(bob, "/nick spammer", "/join ops", "spam", "/quit")
    done(bot, "join", room="ops")
    typed(ana, f"/delete {nick}")
    assert [each["type"] for each in bot.asks("history", id=2, room="ops")["messages"]] == [
        "deleted"
    ]


def test_the_last_message_of_an_account_is_found_also_from_before_its_login() -> None:
    world = World(others={"bob": PASSWORD})
    ana, guest = world.person("ana"), world.person("guest")
    typed(ana, "/join ops")
    typed(guest, "/join ops", "spam", f"/login bob {PASSWORD}")
    ana.forgets()
    typed(ana, "/delete bob")
    ana.hears("-- ana deleted a message of guest")


# -- by number ---------------------------------------------------------------------------------


def test_ones_own_is_put_right_by_its_number_whatever_came_since() -> None:
    _, ana, bob, bot = three()
    typed(ana, "see yuo", "/me wavse", "later")
    typed(bob, "eh?")
    bob.forgets()
    typed(ana, "/fix #1 see you", "/corregir  #2  waves", "/fix #5 see  you!", "/fix #soon")
    bob.hears(
        "<ana> [instead of #1] see you",
        "* ana [instead of #2] waves",
        "<ana> [instead of #1] see  you!",
        "<ana> [instead of #1] #soon",  # what was said last puts that right
    )
    bot.forgets()
    typed(ana, "/announce all of you", "/fix #9", "/fix 1 o'clock", "/fix #0 is none")
    assert [each["text"] for each in said(bot)][-3:] == ["#9", "1 o'clock", "#0 is none"]


@pytest.mark.parametrize("which", ["#1", "#2", "#3", "@1"])
def test_what_is_not_ones_own_is_not_put_right_by_its_number(which: str) -> None:
    _, ana, bob, _ = three()
    typed(ana, "x", "/delete", "y")
    ana.forgets()
    typed(bob, "z")
    ana.forgets()
    bob.forgets()
    typed(bob if which == "#2" else ana, f"/fix {which} no")
    (bob if which == "#2" else ana).hears(NONE)
    (ana if which == "#2" else bob).hears()


def test_there_may_be_nothing_to_put_right() -> None:
    _, ana, bob, _ = three()
    typed(ana, "/fix what?")
    ana.hears(NONE)
    typed(ana, "/fix")
    assert "/fix [#N] TEXT" in ana.reads()[0]
    typed(ana, "x", "/delete")
    ana.forgets()
    bob.forgets()
    typed(ana, "/fix y")
    ana.hears(NONE)
    bob.hears()
