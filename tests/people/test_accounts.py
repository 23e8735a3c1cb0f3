"""One person on several devices, who comes and goes; a house for members only; others' checkers."""

from __future__ import annotations

import pytest

from huddle.people.accounts import Accounts
from huddle.people.sessions import Account
from huddle.protocol.limits import Limits
from huddle.record import AccountRow
from tests.conversations.test_takeover import arriving, code, owners, stranger
from tests.slow_record import SlowRecord
from tests.visits.actions.test_accounts import (
    LANGUAGES,
    NEEDED,
    NEXT,
    OTHER,
    SECRET,
    WRONG,
    local,
    members,
    registered,
)
from tests.world import Peer, Program, World


def logs_in(world: World, nick: str = "ana", password: str = SECRET) -> Peer:
    """A person comes in by their password; what they heard on the way in is put aside."""
    peer = world.connect("127.0.0.1")
    peer.says(f"/login {nick} {password}")
    peer.forgets()
    return peer


def house() -> World:
    """One in which ana has an account, and has left."""
    world = World(SlowRecord())
    registered(world).says("/quit")
    return world


def sayings(peer: Peer) -> list[str]:
    """What others said, of all that came."""
    return [line for line in peer.reads() if "<" in line]


# The table of them


def test_an_account_is_found_by_number_inbox_and_by_its_nick_however_it_is_typed() -> None:
    accounts = Accounts([AccountRow(5, "Iñaki", "hash", inbox="@17")])
    account = accounts.numbered(5)
    assert account is not None
    for typed in ("Iñaki", "iñaki", "IÑAKI", " In\u0303aki ", "Ｉñaki"):
        assert accounts.named(typed) is account, typed
    for typed in ("Inaki", "", "<>", "x" * 999):
        assert accounts.named(typed) is None, typed
    assert accounts.by_inbox.get("@17") is account
    assert accounts.by_inbox.get("@a5") is None
    assert (len(accounts), list(accounts)) == (1, [account])


def test_one_who_is_expected_is_no_account_yet() -> None:
    accounts = Accounts([])
    ana = accounts.expect("ana")
    assert accounts.expect("ANA") is ana
    assert (len(accounts), list(accounts), accounts.numbered(0)) == (0, [ana], None)
    assert accounts.by_inbox.get("") is None
    accounts.enter(ana, accounts.next_row("ana", None, 7))
    assert (len(accounts), list(accounts), accounts.numbered(1)) == (1, [ana], ana)
    assert (ana.inbox, ana.row.time, accounts.by_inbox.get("@a1")) == ("@a1", 7, ana)


def test_what_the_record_keeps_of_an_account_is_the_account() -> None:
    row = AccountRow(5, "ana", "hash", True, 3, "@17", 41, 7)
    accounts = Accounts([row])
    assert [account.row for account in accounts] == [row]
    assert [account.is_operator for account in accounts] == [True]


def test_no_number_is_given_twice_whatever_is_known_of_those_that_had_one() -> None:
    for last, given in ((0, 6), (3, 6), (9, 10)):
        accounts = Accounts([AccountRow(5, "ana")], last)
        assert accounts.next_row("bob", None, 7).number == given
        accounts.accept(Account(AccountRow(20, "zoe")))  # as where another node made it
        accounts.accept(Account(AccountRow(15, "eva")))
        assert accounts.next_row("leo", None, 7, "@3") == AccountRow(21, "leo", inbox="@3", time=7)


def test_one_that_the_log_has_numbered_first_keeps_that_number() -> None:
    accounts = Accounts([])
    ana = accounts.expect("ana")
    ana.is_open = False
    row = accounts.next_row("ana", "hash", 7)
    accounts.enter(ana, row)
    assert (ana.row, ana.is_open) == (row, True)
    accounts.enter(ana, accounts.next_row("ana", "other", 8))
    assert ana.row == row


def test_one_that_is_dropped_is_found_no_more_and_takes_nobody_along() -> None:
    first, second = Account(AccountRow(1, "ana", inbox="@1")), Account(AccountRow(2, "ANA"))
    accounts = Accounts([])
    accounts.accept(first)
    accounts.accept(second)
    accounts.drop(second)
    assert (accounts.named("ana"), list(accounts)) == (first, [first])
    accounts.drop(first)
    assert (accounts.named("ana"), list(accounts), accounts.by_inbox) == (None, [], {})


# Several devices


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_person_is_counted_and_told_of_once(language: str) -> None:
    world = World(SlowRecord(), language=language)
    registered(world).says("/quit")
    bob = local(world, "bob")
    one = logs_in(world)
    came = {"en": "-- ana joined", "es": "-- ana ha entrado"}[language]
    gone = {"en": "-- ana left", "es": "-- ana se ha ido"}[language]
    here = {"en": "-- 2 here: bob, ana.", "es": "-- Hay 2 aquí: bob, ana."}[language]
    bob.hears(came)
    two, bot = logs_in(world), world.program("ana", secret="bot", password=SECRET)
    bob.says("/who")
    bob.hears(here)
    one.says("/quit")
    bot.sends_objects({"type": "bye"})
    world.settle()
    bob.says("/who")
    bob.hears(here)
    two.says("/quit")
    bob.hears(gone)


def test_each_device_hears_what_the_others_say_and_not_its_own() -> None:
    world = house()
    one, two, bob = logs_in(world), logs_in(world), local(world, "bob")
    bot = world.program("ana", secret="bot", password=SECRET)
    one.forgets()
    two.forgets()
    one.says("hola")
    two.says("¿qué tal?")
    bot.says("bien")
    bob.hears("<ana> hola", "<ana> ¿qué tal?", "<ana> bien")
    one.hears("<ana> ¿qué tal?", "<ana> bien")
    two.hears("<ana> hola", "<ana> bien")
    assert bot.said() == ["hola", "¿qué tal?"]


def test_each_program_goes_on_where_it_was() -> None:
    world = house()
    one = world.program("ana", secret="one", password=SECRET)
    two = world.program("ana", secret="two", password=SECRET)
    bob = local(world, "bob")
    bob.says("uno")
    one.cut()
    bob.says("dos")
    two.cut()
    bob.says("tres")
    assert one.again().said() == ["uno", "dos", "tres"]
    assert two.again().said() == ["uno", "dos", "tres"]


def test_one_and_the_same_id_of_two_devices_is_two_sayings() -> None:
    world = house()
    one = world.program("ana", secret="one", password=SECRET)
    two = world.program("ana", secret="two", password=SECRET)
    bob = local(world, "bob")
    one.says("de uno")
    two.says("de dos")
    bob.hears("<ana> de uno", "<ana> de dos")
    assert (one.said(), two.said()) == (["de dos"], ["de uno"])
    assert (one.acks, two.acks) == ({1: 1}, {1: 2})


def test_devices_are_in_different_rooms() -> None:
    world = house()
    one, two, bob = logs_in(world), logs_in(world), local(world, "bob")
    bob.forgets()
    one.says("/join ops")
    bob.hears()
    two.says("/join ops")
    bob.hears("-- ana left")
    two.says("/who")
    assert two.reads()[-1] == "-- 1 here: ana."
    two.forgets()
    one.says("hola")
    two.hears("<ana> hola")


def test_who_leaves_on_one_device_is_here_on_the_other() -> None:
    world = house()
    one, two, bob = logs_in(world), logs_in(world), local(world, "bob")
    bob.forgets()
    one.says("/quit")
    bob.hears()
    two.says("hola")
    bob.hears("<ana> hola")
    two.cut()
    bob.hears()
    world.passes(121)
    bob.hears("-- ana left")


def test_messages_to_the_person_come_to_all_devices() -> None:
    world = house()
    one, bob = logs_in(world), local(world, "bob")
    bot = world.program("ana", secret="bot", password=SECRET)
    one.forgets()
    bob.says("/msg ana hola")
    one.hears("[bob] hola")
    assert bot.said() == ["hola"]


@pytest.mark.parametrize("way", ["held", "restart", "left"])
def test_a_guests_program_that_comes_back_as_the_account_begins_anew_with_its_inbox(
    way: str,
) -> None:
    """The seq that it has is of the inbox that it had as a guest."""
    world = house()
    bob, bot = local(world, "bob"), world.program("bot")
    bob.says("/msg bot para bot", "/msg bot otra", *(f"/msg ana {text}" for text in "abc"))
    assert (bot.said(), bot.after["@"]) == (["para bot", "otra"], 2)
    if way == "left":
        bot.sends_objects({"type": "bye"})
        world.settle()
    bot.cut()
    if way == "restart":
        world = world.crashes()
    bot.nick = "ana"
    again = bot.again(world, password=SECRET)
    inbox = [each for each in again.heard if each.get("room") == "@"]
    assert [(each["type"], each.get("text")) for each in inbox[2:]] == [
        ("reset", None),
        ("said", "a"),
        ("said", "b"),
        ("said", "c"),
    ]
    again = again.again(world)
    assert again.said() == ["para bot", "otra", "a", "b", "c"]
    assert again.heard[-1]["type"] == "welcome"


def test_the_host_of_a_room_is_its_host_when_they_come_back_as_a_member() -> None:
    world = house()
    bot, bob = world.program("bot"), local(world, "bob")
    bot.sends_objects({"type": "join", "id": 1, "room": "ops"})
    bot.says("hola", room="ops")
    bot.sends_objects({"type": "bye"})
    world.settle()
    bot.nick = "ana"
    again = bot.again(world, password=SECRET)
    again.sends_objects({"type": "slow", "id": 9, "room": "ops", "seconds": 5})
    world.settle()
    assert world.huddle.directory.row("ops").slow == 5
    assert [mark.who for mark in world.record.marks()] == ["account:1"]
    bob.says("/join ops", "/slow off")
    told = "Only an operator or a host of this room may do that; /help lists what you may do."
    assert f"-- {told}" in bob.reads()


@pytest.mark.parametrize("wrong", [{"nick": "other"}, {"password": OTHER}, {"nick": "bob"}])
def test_who_is_refused_a_session_that_only_the_record_knows_leaves_it_there(
    wrong: dict[str, str],
) -> None:
    """It is neither here nor held afterwards, and no nick is taken by it."""
    world = house()
    local(world, "bob")
    bot = world.program("ana", secret="bot", password=SECRET)
    bot.sends_objects({"type": "bye"})
    world.settle()
    before = len(world.huddle.registry.sessions), len(world.huddle.nicks)
    again = Program(world, "ana", "bot")
    world.attach(again)
    again.enters(**{"resume": True, **wrong})
    assert again.reads()[-1]["type"] == "error"
    assert (len(world.huddle.registry.sessions), len(world.huddle.nicks)) == before
    assert bot.again(world).welcome["nick"] == "ana"


# Coming back


@pytest.mark.parametrize("restart", [False, True])
def test_a_person_comes_back_by_the_password_to_what_they_missed(restart: bool) -> None:
    world = house()
    ana, bob = logs_in(world), local(world, "bob")
    bob.says("uno")
    world.beats(10)
    ana.cut()
    bob.says("dos", "tres")
    if restart:
        world = world.crashes()
    else:
        bob.forgets()
    again = stranger(world)
    again.says("ana", f"/login {SECRET}")
    heard = again.reads()
    assert "-- Hello ana." in [line[:13] for line in heard]
    assert not any("return word" in line for line in heard)
    assert [line.partition(" ")[2] for line in heard if "<bob>" in line] == [
        "<bob> dos",
        "<bob> tres",
    ]
    assert len(owners(world)) == 1
    if not restart:
        bob.hears()


def test_a_person_comes_back_to_the_device_on_which_they_came_last() -> None:
    world = house()
    one, two, bob = logs_in(world), logs_in(world), local(world, "bob")
    one.cut()
    bob.says("uno")
    world.beats(10)
    two.cut()
    bob.says("dos")
    back = [stranger(world) for _ in range(3)]
    for peer in back:
        peer.says(f"/login ana {SECRET}")
    assert [len(sayings(peer)) for peer in back] == [1, 2, 2]
    assert len(owners(world)) == 3


def test_after_a_restart_the_devices_are_held_and_those_that_come_back_stay() -> None:
    world = house()
    logs_in(world)
    logs_in(world)
    bot = world.program("ana", secret="bot", password=SECRET)
    bob = world.program("bob")
    world = world.crashes()
    bob, again = bob.again(world), logs_in(world)
    assert bob.welcome["rooms"]["huddle"]["here"] == ["ana"]
    bot.again(world)
    bob.forgets()
    world.passes(121)
    bob.hears()
    assert len(owners(world)) == 2
    again.says("/quit")
    bob.hears()


def test_after_another_password_the_held_session_is_come_back_to_by_it() -> None:
    world = house()
    ana, other = logs_in(world), logs_in(world)
    ana.cut()
    other.says(f"/password {SECRET} {OTHER}", "/quit")
    again = stranger(world)
    again.says(f"/login ana {SECRET}", f"/login ana {OTHER}")
    assert again.reads()[0] == WRONG["en"]
    assert len(owners(world)) == 1
    again.cut()
    world = world.crashes()
    assert len(owners(world)) == 1  # its password is the newest


def test_a_session_of_an_older_password_is_not_held_after_a_restart() -> None:
    world = house()
    bot = world.program("ana", secret="bot", password=SECRET)
    ana = logs_in(world)
    ana.says(f"/password {SECRET} {OTHER}", "/quit")
    bot.cut()
    world = world.crashes()
    assert not world.huddle.registry.sessions
    assert not world.crashes().huddle.registry.sessions
    assert code(bot.again(world)) == "password-needed"
    assert bot.again(world, password=OTHER).welcome["nick"] == "ana"


def test_a_member_who_comes_back_elsewhere_leaves_as_who_they_were() -> None:
    """They type the return word of another nick of theirs."""
    world = house()
    bob = local(world, "bob")
    bob.cut()
    ana, carla = logs_in(world), local(world, "carla")
    ana.says(f"/back {bob.word}")
    carla.hears("-- ana left")
    assert members(world) == {"ana": []}
    assert any(line.startswith("-- Hello bob.") for line in ana.reads())


def test_a_full_record_lets_nobody_in_by_a_password_and_leaves_nobody_behind() -> None:
    world = house()
    disk = world.record
    assert isinstance(disk, SlowRecord)
    ana, bob = logs_in(world), local(world, "bob")
    ana.cut()
    bob.forgets()
    disk.broken = True
    for _ in range(2):
        peer = stranger(world)
        peer.says(f"/login ana {SECRET}")
        peer.hears("-- Not recorded, and nobody has seen it. Try again.")
    assert code(arriving(world, "ana", password=SECRET)) == "not-recorded"
    disk.broken = False
    assert len(owners(world)) == 1
    world.passes(121)
    bob.hears("-- ana left")
    assert owners(world) == []


# Members only


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_house_for_members_lets_in_nobody_else(language: str) -> None:
    world = World(
        SlowRecord(),
        language=language,
        members_only=True,
        operators=["root"],
        others={"root": SECRET},
    )
    only = {
        "en": "-- Only members come in here: /login NICK PASSWORD",
        "es": "-- Aquí solo entra quien tiene cuenta: /acceder APODO CLAVE",
    }
    peer = stranger(world)
    peer.says("bob", "root", f"/login root {OTHER}", "/who")
    first = {"en": "-- First say who you are.", "es": "-- Primero di quién eres."}
    needed = NEEDED[language].replace("ana", "root")
    peer.hears(only[language], needed, NEXT[language], WRONG[language], first[language])
    assert code(arriving(world, "bob")) == "members-only"
    assert code(arriving(world, "bob", password=SECRET)) == "not-registered"
    assert not world.huddle.registry.sessions
    peer.says(f"/login {SECRET}")
    peer.forgets()
    peer.says(f"/register bob {OTHER}")
    assert arriving(world, "bob", "bobs", password=OTHER).welcome["nick"] == "bob"


def test_guests_of_before_do_not_come_back_into_a_house_for_members() -> None:
    disk = SlowRecord()
    world = World(disk)
    bob, bot = world.person("bob"), world.program("bot")
    gone = world.person("gone")
    gone.says("/quit")
    for peer in world.peers:
        peer.wire.break_off()
    world = World(disk, members_only=True)
    for word in (f"bob {bob.word}", f"gone {gone.word}"):
        peer = stranger(world)
        peer.says(f"/back {word}")
        peer.hears("-- Only members come in here: /login NICK PASSWORD")
    assert code(bot.again(world)) == "members-only"
    assert code(arriving(world, "other", "secret of bot", resume=True)) == "members-only"
    world.passes(121)
    assert not world.huddle.registry.sessions
    assert len(world.huddle.nicks) == 0


def test_a_guest_of_before_with_an_account_comes_back_by_the_password() -> None:
    disk = SlowRecord()
    world = World(disk, members_only=True, others={"ana": SECRET})
    bot = arriving(world, "ana", "bots", password=SECRET)
    bot.cut()
    assert bot.again(world).welcome["nick"] == "ana"


# Other checkers


def test_the_first_operator_is_made_by_an_option_and_another_checker() -> None:
    world = World(SlowRecord(), operators=["ROOT"], others={"root": SECRET})
    root = logs_in(world, "root")
    root.says("/op root", "/audit")
    heard = root.reads()
    assert "for others" not in " ".join(heard)
    world = World(world.record, others={"root": SECRET})  # the option is gone, and /op is not
    logs_in(world, "root").says("/audit")
    account = world.huddle.registry.accounts.named("root")
    assert account is not None and account.is_operator


def test_the_password_that_is_kept_here_goes_before_that_of_another_checker() -> None:
    world = World(SlowRecord(), operators=["root"], others={"root": SECRET, "ana": SECRET})
    root = logs_in(world, "root")
    root.says(f"/register ana {OTHER}")
    assert code(arriving(world, "ana", password=SECRET)) == "wrong-password"
    assert code(arriving(world, "ana", password=OTHER)) is None


def test_nicks_that_are_only_expected_are_nobody_and_not_one_another() -> None:
    world = World(SlowRecord(), operators=["root", "next"], others={"root": SECRET, "ana": SECRET})
    root = logs_in(world, "root")
    bob = local(world, "bob")
    root.forgets()
    nobody = [
        "/msg ana hola",
        "/whois ana",
        "/mute ana 1h",
        "/voice ana",
        "/kick ana",
        "/ignore ana",
    ]
    root.says(*nobody)
    root.hears(*["-- Nobody is called ana here."] * len(nobody))
    root.says("/op ana", "/ban ana")
    root.forgets()
    assert code(arriving(world, "ana", password=SECRET)) == "banned"
    assert code(arriving(world, "next", password=SECRET)) == "nick-taken"
    bob.says("hola")
    root.hears("<bob> hola")
    marks = [mark.who for mark in world.huddle.directory.restrictions.in_room("huddle")]
    assert "account:0" not in marks


# Limits


def test_there_are_so_many_sessions_in_all_those_of_accounts_too() -> None:
    world = World(SlowRecord(), limits=Limits(sessions=2), others={"ana": SECRET})
    for secret, refused in (("one", None), ("two", None), ("three", "server-full")):
        assert code(arriving(world, "ana", secret, password=SECRET)) == refused
    assert len(owners(world)) == 2


@pytest.mark.parametrize("way", ["person", "program"])
def test_wrong_passwords_make_the_guesser_wait_and_not_the_class(way: str) -> None:
    world = World(SlowRecord(), others={"ana": SECRET, "bob": SECRET})

    def tries(nick: str, password: str, address: str = "10.0.0.1") -> str:
        if way == "person":
            peer = world.connect(address)
            peer.forgets()
            peer.says(f"/login {nick} {password}")
            return str(peer.reads()[-1])
        program = Program(world, nick, f"secret {len(world.peers)}")
        world.attach(program, address)
        program.enters(password=password)
        answer = program.reads()[-1]
        return f"{answer['type']} {answer.get('code')}"

    wrong, many = ("password.", "Too many tries") if way == "person" else ("wrong", "too-many")
    assert all(wrong in tries("ana", OTHER) for _ in range(3))
    assert many in tries("ana", SECRET)
    assert many in tries("ANA", SECRET)
    assert many not in tries("bob", SECRET)
    assert many not in tries("ana", SECRET, "10.0.0.7")
    world.passes(2)
    assert many not in tries("ana", SECRET)
