"""Who is here, found by number, secret and return word; a nick belongs to one of them."""

from __future__ import annotations

import pytest

from huddle.people.accounts import Accounts
from huddle.people.registry import Registry
from huddle.people.sessions import Account
from huddle.protocol.errors import BadNick, NickTaken, PasswordNeeded, ServerFull, SessionUnknown
from huddle.protocol.limits import Limits
from huddle.record import AccountRow, SessionRow

KEY, WORD, OTHER = b"key", b"word", b"other"


def row(number: int = 3, nick: str = "ana", **more: object) -> SessionRow:
    return SessionRow(number, nick, **more)  # type: ignore[arg-type]


def registry_of(
    *accounts: AccountRow, last_session: int = 0, limits: Limits | None = None
) -> Registry:
    return Registry(last_session, Accounts(accounts), limits or Limits())


ANA = AccountRow(5, "ana", "hash", version=2, inbox="@a5")


def account_of(registry: Registry, nick: str = "ana") -> Account:
    account = registry.accounts.named(nick)
    assert account is not None
    return account


def test_a_session_gets_the_next_number_its_nick_and_its_rooms() -> None:
    registry = registry_of(last_session=41)
    ana = registry.begin(" ana ", ["huddle", "ops"])
    assert (ana.number, ana.nick, ana.rooms) == (42, "ana", {"huddle": None, "ops": None})
    assert registry.begin("bob", []).number == 43
    assert registry.nicks.owner("ANA") is ana
    assert ana in registry
    assert next(iter(registry.sessions)) is ana


@pytest.mark.parametrize("nick", ["ana", "Ana", "аna"])
def test_a_nick_or_one_that_looks_like_it_is_taken_and_leaves_nothing_behind(nick: str) -> None:
    registry = registry_of()
    registry.begin("ana", [])
    with pytest.raises(NickTaken) as refused:
        registry.begin(nick, [], KEY)
    assert refused.value.suggest
    assert len(registry.sessions) == 1
    assert registry.by_key.get(KEY) is None


def test_what_is_no_nick_begins_no_session() -> None:
    registry = registry_of()
    with pytest.raises(BadNick):
        registry.begin("-- ana", [])
    assert not registry.sessions


def test_a_program_is_found_by_its_secret() -> None:
    registry = registry_of()
    bot = registry.begin("bot", [], KEY)
    assert registry.by_key.get(KEY) is bot
    assert registry.by_key.get(OTHER) is None
    assert registry.by_word.get(WORD) is None


def test_a_person_is_found_by_the_word_that_was_told_last() -> None:
    registry = registry_of()
    ana = registry.begin("ana", [])
    registry.set_word(ana, WORD, 5)
    assert registry.by_word.get(WORD) is ana
    registry.set_word(ana, OTHER, 7)
    assert registry.by_word.get(WORD) is None
    assert registry.by_word.get(OTHER) is ana
    assert (ana.word, ana.word_time) == (OTHER, 7)
    registry.set_word(ana, None, 0)
    assert registry.by_word.get(OTHER) is None


def test_a_session_of_the_record_comes_back_as_it_was() -> None:
    registry = registry_of(last_session=10)
    rooms = {"huddle": 7, "ops": None}
    ana = registry.revive(row(key=KEY, word=WORD, word_time=5, rooms=rooms, last_id=9, here=False))
    assert (ana.number, ana.nick, ana.last_id, ana.rooms) == (3, "ana", 9, rooms)
    assert (ana.word, ana.word_time) == (WORD, 5)
    assert registry.by_key[KEY] is registry.by_word[WORD] is registry.nicks.owner("ana") is ana
    assert registry.begin("bob", []).number == 11


def test_no_number_is_given_again_that_another_node_has_given() -> None:
    registry = registry_of(ANA, last_session=10)
    mirrored = registry.mirror(row(41, "bob"))
    member = registry.mirror(row(12, "ana", account=5))
    assert (mirrored.account, member.account) == (None, account_of(registry))
    registry.note_newest(7)
    assert registry.begin("carla", []).number == 42


def test_a_person_is_meant_by_one_of_their_sessions() -> None:
    registry = registry_of(ANA, last_session=10)
    assert registry.session_number("ana") == registry.session_number("bob") == 0
    bob = registry.begin("bob", [])
    phone = registry.begin("ana", [], None, account_of(registry))
    assert (registry.session_number("bob"), registry.session_number("ana")) == (11, 12)
    assert (bob.number, phone.number) == (11, 12)


def test_a_session_may_come_back_under_another_nick() -> None:
    registry = registry_of(last_session=10)
    assert registry.revive(row(), "Anita").nick == "Anita"
    assert registry.nicks.owner("ana") is None


def test_a_session_that_is_here_is_not_brought_back_twice() -> None:
    registry = registry_of(last_session=10)
    ana = registry.revive(row())
    assert registry.revive(row(nick="other"), "third") is ana
    assert ana.nick == "ana"


def test_a_session_whose_nick_is_taken_meanwhile_does_not_come_back() -> None:
    registry = registry_of(last_session=10)
    registry.begin("Ana", [])
    with pytest.raises(NickTaken):
        registry.revive(row(key=KEY, word=WORD))
    assert registry.by_key.get(KEY) is registry.by_word.get(WORD) is None
    with pytest.raises(BadNick):
        registry.revive(row(), "<>")


def test_a_session_that_is_over_is_found_by_nothing_and_its_nick_is_free() -> None:
    registry = registry_of()
    bot = registry.begin("bot", [], KEY)
    registry.set_word(bot, WORD, 5)
    ana = registry.begin("ana", [])
    registry.remove(bot)
    registry.remove(ana)
    assert bot not in registry
    assert "bot" not in registry
    assert not (registry.by_key or registry.by_word)
    assert registry.nicks.owner("bot") is None
    assert registry.begin("bot", [], KEY).number == 3


def test_a_full_house_begins_no_session() -> None:
    registry = registry_of(limits=Limits(sessions=1))
    registry.begin("ana", [])
    with pytest.raises(ServerFull):
        registry.begin("bob", [])


# Accounts


def test_an_account_owns_its_nick_while_nobody_is_here_under_it() -> None:
    registry = registry_of(ANA)
    for nick in ("ana", "ANA", "аna"):
        with pytest.raises((PasswordNeeded, NickTaken)):
            registry.begin(nick, [])
    assert registry.meant("Ana") is account_of(registry)
    assert not registry.sessions


def test_a_nick_that_is_only_kept_free_is_nobody() -> None:
    registry = registry_of()
    registry.reserve("ana")
    registry.reserve("ANA")
    assert registry.meant("ana") is None
    with pytest.raises(PasswordNeeded):
        registry.begin("Ana", [])


def test_a_nick_that_somebody_has_cannot_be_kept_free() -> None:
    registry = registry_of()
    ana = registry.begin("ana", [])
    for nick in ("ana", "Ana", "аna"):
        with pytest.raises(NickTaken):
            registry.reserve(nick)
    assert registry.accounts.named("ana") is None
    assert registry.meant("ana") is ana


def test_of_two_accounts_that_look_alike_the_second_is_none() -> None:
    """Or its password would open the door to a nick that looks like another's."""
    registry = registry_of(ANA, AccountRow(7, "аna", "hash", inbox="@a7"))
    assert registry.meant("ana") is registry.meant("аna") is registry.accounts.numbered(5)
    assert registry.accounts.numbered(7) is None
    assert registry.accounts.by_inbox.get("@a7") is None


def test_the_devices_of_an_account_share_its_nick_and_leave_one_by_one() -> None:
    registry = registry_of(ANA)
    account = account_of(registry)
    one, two = (registry.begin("whatever", [], account=account) for _ in range(2))
    assert (one.nick, one.inbox, one.identity) == ("ana", "@a5", "account:5")
    assert list(registry.owning("@a5")) == list(registry.sessions_of("account:5")) == [one, two]
    registry.remove(one)
    assert list(registry.owning("@a5")) == [two]
    registry.remove(two)
    assert registry.meant("ana") is account
    assert not registry.sessions


def test_the_inbox_of_a_guest_is_theirs_alone() -> None:
    registry = registry_of()
    bob = registry.begin("bob", [])
    assert list(registry.owning("@1")) == list(registry.sessions_of("session:1")) == [bob]
    for inbox in ("@2", "@a1", "@", "@١"):
        assert not registry.owning(inbox), inbox
    assert not registry.sessions_of("account:0")
    assert not registry.sessions_of("account:1")


def test_a_session_of_an_account_comes_back_without_a_return_word() -> None:
    registry = registry_of(ANA)
    device = registry.revive(row(key=KEY, word=WORD, account=5, version=2), "other")
    assert device.account is account_of(registry)
    assert (device.nick, device.word, registry.by_word.get(WORD)) == ("ana", None, None)
    assert registry.by_key.get(KEY) is device


def test_a_session_of_an_older_password_or_of_no_account_any_more_does_not_come_back() -> None:
    registry = registry_of(ANA)
    with pytest.raises(PasswordNeeded):
        registry.revive(row(key=KEY, account=5, version=1))
    with pytest.raises(SessionUnknown):
        registry.revive(row(key=KEY, account=6, version=2))
    assert registry.by_key.get(KEY) is None
    assert not registry.sessions


def test_a_guest_whose_nick_was_registered_comes_back_under_another_only() -> None:
    registry = registry_of(ANA)
    for nick in ("", "ana", "ANA"):
        with pytest.raises(PasswordNeeded):
            registry.revive(row(key=KEY), nick)
    assert registry.revive(row(key=KEY), "anita").account is None


def test_a_guest_who_logs_in_keeps_their_former_nick_until_it_is_released() -> None:
    registry = registry_of(ANA)
    bob = registry.begin("bob", ["huddle"])
    registry.set_word(bob, WORD, 5)
    bob.rooms["@1"] = 3
    registry.log_in(bob, account_of(registry))
    assert (bob.nick, bob.rooms, bob.version) == ("ana", {"huddle": None}, 2)
    assert registry.by_word.get(WORD) is None
    assert registry.nicks.owner("bob") is bob
    registry.nicks.release("bob", bob)
    assert registry.begin("bob", []).number == 2


def test_a_nick_is_handed_over_with_all_that_looks_like_it() -> None:
    registry = registry_of()
    bob = registry.begin("bob", [])
    account = Account(AccountRow(9, "bob", inbox="@1"))
    registry.hand_over("bob", bob, account)
    registry.remove(bob)
    assert registry.nicks.owner("BOB") is account


def test_a_nick_of_somebody_with_another_like_it_is_not_handed_over() -> None:
    """Or the one would have half of it."""
    registry = registry_of()
    bob = registry.begin("bob", [])
    registry.nicks.claim("Bob", bob)
    with pytest.raises(NickTaken):
        registry.hand_over("bob", bob, Account(AccountRow(9, "bob", inbox="@1")))
    assert registry.nicks.owner("bob") is registry.nicks.owner("Bob") is bob
