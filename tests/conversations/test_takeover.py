"""Nobody without the password has a registered nick, by whatever way they come.

Each test is one way. Where it matters, it is gone while the owner is here, held, away, and after a
restart. What every one of them ends with: the nick is its owner's, and theirs alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from huddle.people.accounts import Accounts
from huddle.people.sessions import Session
from huddle.record import AccountRow
from tests.open_checker import kept
from tests.slow_record import SlowRecord
from tests.visits.actions.test_accounts import NEEDED, NEXT, OTHER, SECRET, local, registered
from tests.world import Peer, Program, World

NO_WORD = "-- That return word opens nothing, or not any more."

ALIKE = [
    "Ana",
    "ANA",
    "aña".replace("ñ", "n"),
    "аna",
    "аnа",
    "ＡＮＡ",
    "ａｎａ",
    "ana\u200b",
    "a\u00adna",
]
"""Another case, Cyrillic letters, fullwidth ones, what shows nothing."""

SPACED = [" ana", "ana ", "\tana", "\u00a0ana\u3000"]


def stays(world: World) -> World:
    """Its owner is here."""
    return world


def is_cut(world: World) -> World:
    """Its owner is held."""
    world.peers[0].cut()
    return world


def goes(world: World) -> World:
    """Its owner has left."""
    world.peers[0].says("/quit")
    return world


def hold_ends(world: World) -> World:
    """Its owner was held, and did not come back."""
    world.peers[0].cut()
    world.passes(121)
    return world


def crash(world: World) -> World:
    """The server was killed while its owner was here."""
    return world.crashes()


def crash_later(world: World) -> World:
    """The server was killed when its owner had left."""
    return goes(world).crashes()


WHILE = [stays, is_cut, goes, hold_ends, crash, crash_later]
meanwhile = pytest.mark.parametrize("then", WHILE, ids=lambda then: then.__name__)
Then = Callable[[World], World]


def house(nick: str = "ana") -> World:
    """One in which somebody has registered this nick, and is here."""
    world = World(SlowRecord())
    registered(world, nick)
    return world


def owners(world: World, nick: str = "ana") -> list[Session]:
    """The sessions that have the nick, or one like it; they must be its account's."""
    account = world.huddle.registry.accounts.named(nick)
    assert account is not None
    assert world.huddle.nicks.owner(nick) is account
    having = [
        session
        for session in world.huddle.registry.sessions
        if not world.huddle.nicks.is_free(session.nick)
        and world.huddle.nicks.owner(session.nick) is account
    ]
    assert all(session.account is account and session.nick == account.nick for session in having)
    assert having == list(account.sessions.values())
    return having


def stranger(world: World) -> Peer:
    peer = world.connect("127.0.0.1")
    peer.forgets()
    return peer


def arriving(world: World, nick: str, secret: str | None = "stranger", **hello: object) -> Program:
    """A program that has said hello, and may have been refused."""
    program = Program(world, nick, secret or "")
    world.attach(program)
    program.enters(**({"session": None} if secret is None else {}), **hello)
    return program


def code(program: Program) -> Any:
    """What it was refused for last, if it was."""
    return program.reads()[-1].get("code")


# The prompt


@meanwhile
@pytest.mark.parametrize("language", ["en", "es"])
def test_at_the_prompt(then: Then, language: str) -> None:
    world = then(house())
    peer, before = stranger(world), owners(world)
    peer.says(f"/lang {language}", "ana")
    assert peer.reads()[-2:] == [NEEDED[language], NEXT[language]]
    for nick in ALIKE:
        peer.says(nick, "", nick)
        peer.forgets()
    assert owners(world) == before
    assert len(world.huddle.registry.sessions) == len(before)


@pytest.mark.parametrize("nick", SPACED)
def test_at_the_prompt_with_spaces(nick: str) -> None:
    world = house()
    before, peer = owners(world), stranger(world)
    peer.says(nick)
    peer.hears(NEEDED["en"], NEXT["en"])
    assert owners(world) == before


# A new nick


@meanwhile
def test_by_another_nick_of_a_person(then: Then) -> None:
    world = then(house())
    before, peer = owners(world), local(world, "bob")
    for nick in [*ALIKE, *SPACED, "ana"]:
        peer.says(f"/nick {nick}")
    assert len(peer.reads()) == len(ALIKE) + len(SPACED) + 1
    assert owners(world) == before
    assert world.huddle.nicks.owner("bob") is not None


@meanwhile
def test_by_another_nick_of_a_program(then: Then) -> None:
    world = then(house())
    before, bot = owners(world), world.program("bot")
    for nick in [*ALIKE, *SPACED, "ana"]:
        assert bot.asks("nick", id=1, nick=nick)["code"] in {
            "password-needed",
            "nick-taken",
            "bad-nick",
        }
    assert owners(world) == before


# A program's hello


@meanwhile
@pytest.mark.parametrize("secret", ["stranger", None])
def test_by_a_hello(then: Then, secret: str | None) -> None:
    world = then(house())
    before = owners(world)
    for nick in [*ALIKE, *SPACED, "ana"]:
        for resume in (False, True):
            assert code(arriving(world, nick, secret, resume=resume)) in {
                "password-needed",
                "nick-taken",
                "bad-nick",
                "session-unknown",
            }
    assert owners(world) == before


@meanwhile
@pytest.mark.parametrize("password", [OTHER, "", "x", SECRET.upper(), f"{SECRET} ", "x" * 9999])
def test_by_a_wrong_password(then: Then, password: str) -> None:
    world = then(house())
    before = owners(world)
    assert code(arriving(world, "ana", password=password)) == "wrong-password"
    peer = stranger(world)
    peer.says("ana", f"/login x{password}", f"/login ANA {OTHER}")
    assert not peer.reads()[-1].startswith("-- Hello")
    assert owners(world) == before


def test_by_the_password_of_another_account() -> None:
    world = house()
    registered(world, "bob", OTHER)
    before = owners(world)
    assert code(arriving(world, "ana", password=OTHER)) == "wrong-password"
    bob = arriving(world, "bob", "bobs", password=OTHER)
    assert code(bob) is None
    assert code(arriving(world, "ana", "bobs")) == "account-nick"
    assert code(arriving(world, "ana", "bobs", password=SECRET)) == "account-nick"
    assert code(arriving(world, "ana", "bobs", resume=True)) == "account-nick"
    assert owners(world) == before


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("resume", [False, True])
def test_by_the_secret_of_a_guest_who_once_had_the_nick(restart: bool, resume: bool) -> None:
    world = World(SlowRecord())
    world.program("ana", secret="of before").sends_objects({"type": "bye"})
    world.settle()
    registered(world)
    if restart:
        world = world.crashes()
    before = owners(world)
    for nick in ["ana", *ALIKE]:
        refused = code(arriving(world, nick, "of before", resume=resume))
        assert refused in {"password-needed", "nick-taken", "bad-nick"}, nick
    assert owners(world) == before
    assert code(arriving(world, "anita", "of before", resume=True)) is None
    assert owners(world) == before


@pytest.mark.parametrize("restart", [False, True])
def test_by_resuming_a_session_that_was_held_when_the_nick_was_free(restart: bool) -> None:
    """The guest lost her connection, her hold ended, another registered the nick."""
    world = World(SlowRecord())
    guest = world.program("ana", secret="of before")
    guest.cut()
    world.passes(121)
    registered(world)
    if restart:
        world = world.crashes()
    before = owners(world)
    assert code(guest.again(world)) == "password-needed"
    assert owners(world) == before


# Return words


@meanwhile
def test_by_a_return_word_of_before_the_registration(then: Then) -> None:
    """Not even by the owner: a word can be read over somebody's shoulder."""
    world = World(SlowRecord())
    ana = registered(world)
    word = ana.word
    world = then(world)
    before, peer = owners(world), stranger(world)
    peer.says(f"/back {word}")
    peer.hears(NO_WORD)
    peer.says("bob", f"/back {word}")
    assert peer.reads()[-1] == NO_WORD
    assert owners(world) == before


@pytest.mark.parametrize("restart", [False, True])
def test_by_a_return_word_of_somebody_who_had_the_nick_before(restart: bool) -> None:
    world = World(SlowRecord())
    guest = world.person("ana")
    guest.says("/quit")
    registered(world)
    if restart:
        world = world.crashes()
    before, peer = owners(world), stranger(world)
    peer.says(f"/back {guest.word}")
    peer.hears(NO_WORD)
    assert owners(world) == before


def test_by_a_return_word_that_is_being_used_while_the_nick_is_registered() -> None:
    disk = SlowRecord()
    world = World(disk)
    ana = local(world, "ana")
    world.passwords.held = True
    ana.says(f"/register {SECRET}")
    disk.slow_to_read = disk.slow = True
    peer = stranger(world)
    peer.says(f"/back {ana.word}")
    world.passwords.answers()
    disk.slow_to_read = disk.slow = False
    disk.finds()
    disk.writes()
    world.settle()
    ana.hears_at_last("-- The nick ana is registered: from now on it needs its password.")
    peer.hears(NO_WORD)
    assert [session.outlet for session in owners(world)] == [ana.connection.outlet]


def test_a_return_word_is_as_good_as_before_when_the_registration_fails() -> None:
    disk = SlowRecord()
    world = World(disk)
    ana = local(world, "ana")
    world.passwords.held = disk.slow = True
    ana.says(f"/register {SECRET}")
    thief = stranger(world)
    thief.says(f"/back {ana.word}")
    world.passwords.answers()
    disk.writes(1)
    disk.refuses(1)
    disk.slow = False
    disk.writes()
    world.settle()
    thief.hears(NO_WORD)
    ana.hears_at_last("-- Not recorded, and nobody has seen it. Try again.")
    ana.cut()
    world = world.crashes()
    again = stranger(world)
    again.says(f"/back {ana.word}")
    assert again.reads()[0].startswith("-- Hello ana.")


@pytest.mark.parametrize("act", [f"/register {SECRET}", f"/login ana {SECRET}"])
def test_by_a_return_word_that_was_used_while_the_password_is_checked(act: str) -> None:
    """Whoever has read it over the guest's shoulder is on the session by then."""
    world = house()
    bob = local(world, "bob")
    world.passwords.held = True
    bob.says(act)
    before, thief = owners(world), stranger(world)
    thief.says(f"/back {bob.word}")
    world.passwords.answers()
    world.settle()
    assert owners(world) == before
    assert world.huddle.registry.accounts.named("bob") is None
    thief.says("/who")
    assert thief.reads()[-1] == "-- 2 here: ana, bob."


def test_by_a_return_word_that_is_used_while_the_log_in_is_kept() -> None:
    disk = SlowRecord()
    world = World(disk)
    registered(world)
    bob = local(world, "bob")
    world.passwords.held = disk.slow = True
    bob.says(f"/login ana {SECRET}")
    thief = stranger(world)
    thief.says(f"/back {bob.word}")
    world.passwords.answers()
    disk.slow = False
    disk.writes()
    world.settle()
    assert [session.outlet for session in owners(world)] == [world.peers[0].connection.outlet]
    thief.says("/who")
    assert thief.reads()[-1] == "-- 2 here: ana, bob."
    world = world.crashes()
    assert [session.nick for session in world.huddle.registry.sessions] == ["ana", "bob"]


def test_by_a_return_word_after_logging_in() -> None:
    """The word of the guest does not open the account's session."""
    world = house()
    bob = local(world, "bob")
    bob.says(f"/login ana {SECRET}")
    before, peer = owners(world), stranger(world)
    peer.says(f"/back {bob.word}")
    peer.hears(NO_WORD)
    assert owners(world) == before
    world = world.crashes()
    before, peer = owners(world), stranger(world)
    peer.says(f"/back {bob.word}")
    peer.hears(NO_WORD)
    assert owners(world) == before


# Sessions of an older password


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("cut", [False, True])
def test_by_a_session_that_was_logged_in_under_an_older_password(restart: bool, cut: bool) -> None:
    world = house()
    thief = world.program("ana", secret="thief", password=SECRET)
    if cut:
        thief.cut()
    world.peers[0].says(f"/password {SECRET} {OTHER}")
    if not cut:
        thief.cut()
    if restart:
        world = world.crashes()
    before = owners(world)
    assert code(thief.again(world)) == "password-needed"
    assert code(thief.again(world, password=SECRET)) == "wrong-password"
    assert [each for each in owners(world) if not each.away] == [
        each for each in before if not each.away
    ]
    assert code(thief.again(world, password=OTHER)) is None


def test_a_program_comes_back_by_its_secret_alone_while_the_password_is_the_same() -> None:
    world = house()
    bot = world.program("ana", secret="bot", password=SECRET)
    bot.cut()
    world = world.crashes()
    bot = bot.again(world)
    assert bot.welcome["nick"] == "ana"
    bot.sends_objects({"type": "bye"})
    world.settle()
    assert bot.again(world).welcome["nick"] == "ana"


def test_a_guests_session_becomes_the_accounts_by_the_password() -> None:
    for restart in (False, True):
        world = house()
        bot, bob = world.program("bot"), local(world, "bob")
        if restart:
            bot.cut()
            world = world.crashes()
            bob = local(world, "carla")
        bot.nick = "ana"
        again = bot.again(world, password=SECRET)
        assert again.welcome["nick"] == "ana"
        assert again.welcome["rooms"]["huddle"]["seq"] == 0
        assert "bot" not in world.huddle.nicks
        assert len(owners(world)) == 2
        assert bob.reads() == ["-- bot left"]


# Registering and being called


@meanwhile
@pytest.mark.parametrize("nick", [*ALIKE, "ana"])
def test_by_registering_one_that_looks_like_it(then: Then, nick: str) -> None:
    world = then(house())
    before, bot = owners(world), world.program("bot")
    bot.asks("nick", id=1, nick=nick)
    bot.forgets()
    bot.asks("register", id=2, password=OTHER)
    assert owners(world) == before
    assert [account.nick for account in world.huddle.registry.accounts] == ["ana", "bot"]


@pytest.mark.parametrize(
    ("own", "alike"), [("Alex", "AIex"), ("AIex", "alex"), ("lan", "Ian"), ("modern", "modem")]
)
def test_by_latin_letters_that_look_the_same(own: str, alike: str) -> None:
    if own == "modern":  # rn and m
        assert alike == "modem"
    world = house(own)
    before, peer = owners(world, own), stranger(world)
    peer.says(alike)
    assert "Hello" not in peer.reads()[-1]
    bot = world.program("bot")
    assert bot.asks("nick", id=1, nick=alike)["code"] in {"nick-taken", "password-needed"}
    assert owners(world, own) == before


def test_by_another_normal_form() -> None:
    nick = "Iñaki"
    world = house(nick)
    before = owners(world, nick)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        typed = unicodedata.normalize(form, nick)
        assert code(arriving(world, typed)) == "password-needed"
        peer = stranger(world)
        peer.says(typed.upper())
        assert peer.reads()[-1] == NEXT["en"]
    assert owners(world, nick) == before


@pytest.mark.parametrize("typed", ["ANA", "аna", "ＡＮＡ", "ana"])
def test_whoever_has_the_password_may_type_the_nick_in_any_way(typed: str) -> None:
    world = goes(house())
    assert arriving(world, typed, password=SECRET).welcome["nick"] == "ana"
    assert len(owners(world)) == 1


# Held guests


@pytest.mark.parametrize("nick", ["ana", "Ana", "аna"])
def test_by_being_held_under_it_when_the_server_starts(nick: str) -> None:
    """The account was made from the shell meanwhile."""
    disk = SlowRecord()
    world = World(disk)
    guest, word = world.program(nick, secret="guest"), local(world, "bob").word
    disk.save(AccountRow(9, "ana", kept(SECRET), inbox="@a9"))
    disk.save(AccountRow(10, "bob", kept(SECRET), inbox="@a10"))
    world = world.crashes()
    assert owners(world) == []
    assert not world.huddle.registry.sessions
    assert code(guest.again(world)) in {"password-needed", "nick-taken"}
    peer = stranger(world)
    peer.says(f"/back {word}")
    peer.hears(NO_WORD)
    assert owners(world) == owners(world, "bob") == []


@pytest.mark.parametrize("nick", ["ana", "Ana", "аna"])
def test_a_nick_that_others_know_or_an_operators_is_nobody_elses_from_the_start(nick: str) -> None:
    disk = SlowRecord()
    World(disk).person(nick)
    for more in ({"operators": ["ana"]}, {"others": {"ana": SECRET}}, {"others": {"ANA": SECRET}}):
        world = World(disk, **more)
        assert not world.huddle.registry.sessions
        peer = stranger(world)
        peer.says(nick)
        assert not peer.reads()[-1].startswith("-- Hello")
        bot = world.program("bot")
        assert bot.asks("nick", id=1, nick=nick)["code"] in {"password-needed", "nick-taken"}
        assert bot.asks("msg", id=1, to="ana", text="hola")["code"] == "nobody-there"
        assert not peer.closed
        bot.sends_objects({"type": "bye"})
        world.settle()


def test_an_operators_nick_without_a_password_is_had_by_no_password() -> None:
    world = World(SlowRecord(), operators=["root"])
    for password in ("", "None", "plain:None"):
        assert code(arriving(world, "root", password=password)) == "nick-taken"
    assert not world.huddle.registry.sessions


# Numbers


def test_the_number_of_an_account_is_its_own_when_the_first_record_of_it_failed() -> None:
    """Or a session logged in to it would be that of the next account."""
    disk = SlowRecord()
    world = World(disk, others={"ana": SECRET, "bob": OTHER})
    disk.slow = True
    ana = arriving(world, "ana", "anas", password=SECRET)
    disk.refuses(1)
    disk.writes()
    disk.slow = False
    disk.writes()
    world.settle()
    assert code(ana) == "not-recorded"
    arriving(world, "bob", "bobs", password=OTHER)
    arriving(world, "ana", "anas", password=SECRET)
    world = world.crashes()
    assert arriving(world, "ana", "anas", resume=True).welcome["nick"] == "ana"
    assert arriving(world, "bob", "bobs", resume=True).welcome["nick"] == "bob"


def test_one_whom_others_know_is_the_same_account_after_a_restart() -> None:
    world = World(SlowRecord(), others={"ana": SECRET, "bob": OTHER})
    bob = arriving(world, "bob", "bobs", password=OTHER)
    arriving(world, "ana", "anas", password=SECRET)
    assert bob.asks("msg", id=1, to="ana", text="solo para ti")["type"] == "ack"
    world = world.crashes()
    rows = {row.nick: row.number for row in world.record.accounts()}
    assert rows == {"bob": 1, "ana": 2}
    assert [session.nick for session in world.huddle.registry.sessions] == ["bob", "ana"]
    carla = local(world, "carla")
    carla.says(f"/register {SECRET}")
    assert world.record.accounts()[-1].number == 3


def test_two_first_log_ins_at_once_make_one_account() -> None:
    disk = SlowRecord()
    world = World(disk, others={"ana": SECRET})
    disk.slow = True
    one, two = (arriving(world, "ana", secret, password=SECRET) for secret in ("one", "two"))
    disk.slow = False
    for _ in range(5):
        disk.writes()
        world.settle()
    assert code(one) is code(two) is None
    assert [row.number for row in world.record.accounts()] == [1]
    assert len(owners(world)) == 2


def test_a_number_is_not_given_again_when_its_account_was_removed() -> None:
    disk = SlowRecord()
    disk.save(AccountRow(7, "gone", "hash", inbox="@a7"))
    disk.last_account = 9
    assert Accounts(disk.accounts(), disk.last_account).next_row("ana", None, 0).number == 10
    accounts = World(disk).huddle.registry.accounts
    assert accounts.next_row("ana", None, 0).number == 10


def test_a_session_of_an_account_that_is_gone_is_unknown() -> None:
    disk = SlowRecord()
    world = World(disk)
    bot = world.program("bot")
    bot.asks("register", id=1, password=SECRET)
    disk._accounts.clear()
    world = world.crashes()
    assert not world.huddle.registry.sessions
    assert code(bot.again(world)) == "session-unknown"
    assert arriving(world, "bot", "another").welcome["nick"] == "bot"


# In flight


@pytest.mark.parametrize("way", ["door", "inside", "hello"])
def test_by_a_proof_in_flight_while_the_password_changes(way: str) -> None:
    """The answer counts by what is the password when it comes."""
    world = house()
    ana = world.peers[0]
    bob = local(world, "bob")
    world.passwords.held = True
    ana.says(f"/password {SECRET} {OTHER}")
    world.passwords.answers(1)
    if way == "door":
        peer: Peer = stranger(world)
        peer.says(f"/login ana {SECRET}")
    elif way == "inside":
        peer = bob
        peer.forgets()
        peer.says(f"/login ana {SECRET}")
    else:
        peer = arriving(world, "ana", password=SECRET)
    before = owners(world)
    world.passwords.answers()
    world.settle()
    assert owners(world) == before
    assert "password" in str(peer.reads()[-1])


def test_by_logging_in_to_an_account_that_is_just_being_kept() -> None:
    disk = SlowRecord()
    world = World(disk)
    ana = local(world, "ana")
    disk.slow = True
    ana.says(f"/register {SECRET}")
    thief = arriving(world, "ana", password=SECRET)
    disk.refuses(1)
    disk.slow = False
    disk.writes()
    world.settle()
    assert code(thief) == "not-registered"
    assert world.huddle.registry.accounts.named("ana") is None
    assert [session.nick for session in world.huddle.registry.sessions] == ["ana"]


def test_guessing_many_at_once_is_counted_at_once() -> None:
    world = house()
    world.passwords.held = True
    guessers = [arriving(world, "ana", f"secret {at}", password="x" * 8) for at in range(20)]
    assert world.passwords.waiting == 3
    world.passwords.answers()
    world.settle()
    codes = [code(guesser) for guesser in guessers]
    assert (codes.count("wrong-password"), codes.count("too-many-tries")) == (3, 17)
    assert code(arriving(world, "ana", "another", password=SECRET)) == "too-many-tries"


# A hello that comes late


@pytest.mark.parametrize("late", [False, True])
def test_the_connection_with_the_higher_turn_has_the_session_whichever_comes_first(
    late: bool,
) -> None:
    world = World()
    world.program("ana", secret="secret of ana", turn=1)
    made = {}
    for turn in (3, 2) if late else (2, 3):
        made[turn] = Program(world, "ana", "secret of ana")
        world.attach(made[turn])
        made[turn].enters(resume=True, turn=turn)
    assert made[3].welcome and not made[3].closed
    assert made[2].closed and made[2].reads()[-1]["code"] == "replaced"


def test_it_has_it_too_where_both_have_said_hello_before_either_has_it() -> None:
    disk = SlowRecord()
    world = World(disk)
    world.program("ana", secret="secret of ana", turn=1)
    later, earlier = (Program(world, "ana", "secret of ana") for _ in range(2))
    disk.slow = True
    for program, turn in ((later, 3), (earlier, 2)):
        world.attach(program)
        program.hellos(resume=True, turn=turn)
    world.settle()
    assert not (later.closed or earlier.closed)
    disk.slow = False
    disk.writes()
    world.settle()
    assert not later.closed
    assert earlier.closed and earlier.reads()[-1]["code"] == "replaced"


def test_who_counts_no_turns_comes_in_the_order_of_the_connections() -> None:
    world = World()
    first = world.program("ana", secret="secret of ana", turn=9)
    again = Program(world, "ana", "secret of ana")
    world.attach(again)
    again.enters(resume=True)
    assert again.welcome and first.closed


@pytest.mark.parametrize("turn", [1, 8, 9, 10])
@pytest.mark.parametrize("restart", [False, True])
def test_a_session_that_is_only_held_is_opened_with_any_turn(turn: int, restart: bool) -> None:
    """As by a program whose folder was put back from a backup, or could not be written."""
    world = World()
    first = world.program("ana", secret="secret of ana", turn=9)
    first.cut()
    if restart:
        world = world.crashes()
    again = Program(world, "ana", "secret of ana")
    world.attach(again)
    again.enters(resume=True, turn=turn)
    assert again.welcome["nick"] == "ana" and not again.closed
    assert len(world.huddle.registry.sessions) == 1


def test_a_hello_that_is_refused_leaves_the_session_where_it_is() -> None:
    world = World()
    program, late = (Program(world, "ana", "secret of ana") for _ in range(2))
    world.attach(program, "10.0.0.1")
    program.enters(turn=9)
    world.attach(late, "10.0.0.2")
    late.hellos(resume=True, turn=3, nick="another")
    world.settle()
    assert late.closed and late.reads()[-1]["code"] == "replaced"
    [session] = world.huddle.registry.sessions
    assert (session.nick, session.host) == ("ana", "10.0.0.1")
    assert world.huddle.registry.is_alone(session)
