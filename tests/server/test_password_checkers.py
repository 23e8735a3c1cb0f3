"""Whose password is right, for whom, and what nobody learns of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher
from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import IUsernamePassword
from twisted.cred.strcred import makeChecker
from twisted.internet.defer import Deferred, fail, succeed
from twisted.logger import LogEvent, capturedLogs, eventAsJSON, formatEvent
from zope.interface import implementer
from zope.interface.verify import verifyObject

from huddle.locale import translator
from huddle.people.authentication import Passwords
from huddle.protocol.errors import TooMany
from huddle.protocol.names import folded_key
from huddle.server import passwords
from huddle.server.options import Options
from huddle.server.password_checkers import LONGEST, Credentials, CredPasswords
from huddle.server.passwords import Hashing, hash_password, nobodys_hash
from tests.pumped_reactor import PumpReactor

SECRET = "correct horse"

HERE = "10.0.0.1"


class Accounts(dict[str, str]):
    """What is kept, by nick."""

    def hash_of(self, nick: str) -> str | None:
        return self.get(folded_key(nick))


@implementer(ICredentialsChecker)
class Elsewhere:
    """A checker of which nothing is known but its answers."""

    credentialInterfaces = (IUsernamePassword,)

    def __init__(self, answer: Callable[[Credentials], object]) -> None:
        self.answer = answer
        self.asked: list[tuple[bytes | str, bytes]] = []

    def requestAvatarId(self, credentials: Credentials) -> Deferred[bytes | tuple[()]]:
        self.asked.append((credentials.username, credentials.password))
        return self.answer(credentials)  # type: ignore[return-value]


class House:
    """What knows the passwords, and around it what it needs."""

    def __init__(self) -> None:
        self.reactor = PumpReactor()
        self.hashing = Hashing(self.reactor, 3)
        self.accounts = Accounts()
        self.renewed: list[tuple[str, str]] = []

    def has(self, *checkers: ICredentialsChecker, language: str = "en") -> House:
        """Make what knows the passwords, with these checkers beside Huddle's own."""
        self.passwords = CredPasswords(
            self.hashing,
            self.accounts.hash_of,
            checkers,
            translator(language),
            lambda nick, new: self.renewed.append((nick, new)),
        )
        return self

    def registers(self, nick: str, password: str) -> None:
        self.accounts[folded_key(nick)] = hash_password(password)

    def lets_in(self, nick: str, password: str) -> bool:
        return self.reactor.answer(self.passwords.prove(nick, password, HERE))


@pytest.fixture(autouse=True)
def hasher(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> PasswordHasher:
    """Hashing costs next to nothing here."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("huddle.server.passwords._hasher", lambda: cheap)
    return cheap


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house.has()
    house.hashing.stop()


@pytest.fixture
def passwd(tmp_path: Path) -> Path:
    """A file of twistd's, in which ana and Toño stand."""
    path = tmp_path / "passwd"
    path.write_text("ana:correct horse\nToño:contraseña\n")
    return path


@pytest.fixture
def logged() -> Iterator[Sequence[LogEvent]]:
    with capturedLogs() as events:
        yield events


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The costs of every hash that is compared, as they stand in its notation."""
    costs: list[str] = []
    verify = passwords.verify

    def counting(kept: str, password: str) -> bool:
        costs.append(kept.rpartition("$")[0].rpartition("$")[0])
        return verify(kept, password)

    monkeypatch.setattr("huddle.server.passwords.verify", counting)
    return costs


def from_options(*typed: str) -> list[ICredentialsChecker]:
    options = Options()
    options.parseOptions(typed)
    return options.checkers


def lines(logged: Sequence[LogEvent]) -> list[str | None]:
    return [formatEvent(event) for event in logged]


# Huddle's own


def test_a_registered_nick_is_proved_by_its_password_alone(house: House) -> None:
    house.registers("ana", SECRET)
    assert house.lets_in("ana", SECRET)
    assert house.lets_in("Ana", SECRET)
    assert not house.lets_in("ana", "wrong horse")
    assert not house.lets_in("bob", SECRET)


def test_what_was_hashed_here_opens_it(house: House) -> None:
    house.accounts["ana"] = house.reactor.answer(house.passwords.hashed("contrasen\u0303a", HERE))
    assert house.lets_in("ana", "contraseña")


@pytest.mark.parametrize("password", ["", "x" * (LONGEST + 1)])
def test_what_cannot_be_a_password_is_none_and_is_not_even_hashed(
    house: House, hashed: list[str], password: str
) -> None:
    house.registers("ana", password)
    assert not house.lets_in("ana", password)
    assert hashed == []


def test_the_longest_is_one(house: House) -> None:
    house.registers("ana", "ñ" * LONGEST)
    assert house.lets_in("ana", "ñ" * LONGEST)


def test_a_nick_that_nobody_has_costs_as_much_as_a_wrong_password(
    house: House, hashed: list[str], passwd: Path
) -> None:
    house.has(*from_options("--auth", f"file:{passwd}"))
    house.registers("bob", SECRET)
    for nick in ("bob", "nobody", "ana"):
        assert not house.lets_in(nick, "wrong horse")
    [cost] = set(hashed)
    assert len(hashed) == 3
    assert nobodys_hash().startswith(cost)


def test_more_than_may_wait_are_told_so(house: House) -> None:
    house.registers("ana", SECRET)
    asked = [house.passwords.prove("ana", SECRET, HERE) for _ in range(4)]
    with pytest.raises(TooMany):
        house.lets_in("ana", SECRET)
    with pytest.raises(TooMany):
        house.lets_in("nobody", SECRET)
    assert [house.reactor.answer(each) for each in asked] == [True] * 4


def test_a_password_that_was_changed_meanwhile_opens_nothing(house: House) -> None:
    house.registers("ana", SECRET)
    old, new = (
        house.passwords.prove("ana", SECRET, HERE),
        house.passwords.prove("ana", "new horse", HERE),
    )
    house.registers("ana", "new horse")
    assert not house.reactor.answer(old)
    assert not house.reactor.answer(new)  # it was none when it was checked
    assert house.lets_in("ana", "new horse")


def test_an_account_that_is_gone_meanwhile_is_open_to_nobody(house: House) -> None:
    house.registers("ana", SECRET)
    proved = house.passwords.prove("ana", SECRET, HERE)
    house.accounts.clear()
    assert not house.reactor.answer(proved)


def test_a_hash_made_in_an_older_way_is_made_anew_when_its_owner_comes(house: House) -> None:
    older = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(SECRET)
    house.accounts["ana"] = older
    assert not house.lets_in("ana", "wrong horse")
    assert house.renewed == []
    assert house.lets_in("ana", SECRET)
    [(nick, new)] = house.renewed
    house.accounts["ana"] = new
    assert nick == "ana"
    assert house.lets_in("ana", SECRET)
    assert len(house.renewed) == 1


def test_it_is_not_made_anew_over_a_password_that_was_changed_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.accounts["ana"] = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(SECRET)
    make = passwords.hash_password

    def slowly(password: str) -> str:
        house.registers("ana", "new horse")
        return make(password)

    monkeypatch.setattr("huddle.server.passwords.hash_password", slowly)
    assert house.lets_in("ana", SECRET)
    assert house.renewed == []


def test_where_too_many_wait_it_is_made_anew_another_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.accounts["ana"] = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(SECRET)
    monkeypatch.setattr(house.hashing, "hashed", lambda *_: fail(TooMany("hashing", 3)))
    assert house.lets_in("ana", SECRET)
    assert house.renewed == []


# Those of --auth


def test_whom_twistds_file_knows_is_let_in_by_the_password_there(
    house: House, passwd: Path
) -> None:
    house.has(*from_options("--auth", f"file:{passwd}"))
    assert house.passwords.nicks == ["ana", "Toño"]
    assert house.lets_in("ana", SECRET)
    assert house.lets_in("ANA", SECRET)
    assert house.lets_in("toño", "contrasen\u0303a")
    assert not house.lets_in("ana", "contraseña")
    assert not house.lets_in("bob", SECRET)
    assert not house.lets_in("ana", "")


def test_an_empty_password_in_a_file_lets_nobody_in(house: House, passwd: Path) -> None:
    passwd.write_text("ana:\n")
    house.has(*from_options("--auth", f"file:{passwd}"))
    assert not house.lets_in("ana", "")


def test_whom_twistds_memory_knows_is_let_in(house: House) -> None:
    house.has(*from_options("--auth", "memory:ana:secret"))
    assert house.lets_in("ana", "secret")
    assert not house.lets_in("ana", "Secret")


def test_whom_the_system_knows_is_let_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = SimpleNamespace(pw_name="ana", pw_passwd="hash of secret")
    monkeypatch.setattr("pwd.getpwall", lambda: [ana])
    monkeypatch.setattr("pwd.getpwnam", {"ana": ana}.__getitem__)
    monkeypatch.setattr(
        "twisted.plugins.cred_unix.verifyCryptedPassword",
        lambda kept, password: kept == f"hash of {password.decode()}",
    )
    house.has(*from_options("--auth", "unix"))
    assert house.lets_in("Ana", "secret")
    assert not house.lets_in("root", "secret")


def test_a_nick_whose_password_huddle_keeps_is_huddles_alone(house: House, passwd: Path) -> None:
    house.has(*from_options("--auth", f"file:{passwd}"))
    house.registers("ana", "changed horse")
    assert house.lets_in("ana", "changed horse")
    assert not house.lets_in("ana", SECRET)
    house.accounts.clear()
    assert house.lets_in("ana", SECRET)


def test_all_of_them_are_asked_in_their_order_until_one_knows(house: House, passwd: Path) -> None:
    late = Elsewhere(lambda credentials: succeed(credentials.username))
    house.has(*from_options("--auth", f"file:{passwd}", "--auth", "memory:ana:other"), late)
    assert house.lets_in("ana", SECRET)
    assert house.lets_in("ana", "other")
    assert late.asked == []
    assert house.lets_in("ana", "third")
    assert late.asked == [(b"ana", b"third")]


def test_one_of_which_nothing_is_known_is_asked_for_the_nick_as_it_was_typed(house: House) -> None:
    answer: Deferred[bytes] = Deferred()
    elsewhere = Elsewhere(lambda _: answer)
    house.has(elsewhere)
    proved = house.passwords.prove("Toño", "contrasen\u0303a", HERE)
    answer.callback("TOÑO".encode())
    assert house.reactor.answer(proved)
    assert elsewhere.asked == [("Toño".encode(), "contraseña".encode())]
    assert house.passwords.nicks == []


@pytest.mark.parametrize("avatar_id", [b"bob", b"", b"ana bob", (), "AIna", b"\xff"], ids=ascii)
def test_who_is_recognised_as_somebody_else_is_not_let_in(
    house: House, avatar_id: bytes | str | tuple[()]
) -> None:
    house.has(Elsewhere(lambda _: succeed(avatar_id)))
    assert not house.lets_in("ana", SECRET)


@pytest.mark.parametrize("avatar_id", [b"ana", b"ANA", "ana", "ａｎａ".encode()], ids=ascii)
def test_who_is_recognised_under_the_same_nick_is_let_in(
    house: House, avatar_id: bytes | str
) -> None:
    house.has(Elsewhere(lambda _: succeed(avatar_id)))
    assert house.lets_in("Ana", SECRET)


def test_one_that_fails_is_told_of_and_the_next_is_asked(
    house: House, logged: Sequence[LogEvent]
) -> None:
    def broken(credentials: Credentials) -> object:
        raise ValueError(credentials.password)

    house.has(Elsewhere(broken), makeChecker("memory:ana:secret"), language="es")
    assert house.lets_in("ana", "secret")
    assert lines(logged) == ["Elsewhere no ha podido comprobar una clave: ValueError"]


def test_whom_they_know_is_read_again(house: House, passwd: Path) -> None:
    house.has(*from_options("--auth", f"file:{passwd}"))
    passwd.write_text("bob:horse\n")
    assert not house.lets_in("bob", "horse")
    house.passwords.read_again()
    assert house.passwords.nicks == ["bob"]
    assert house.lets_in("bob", "horse")
    assert not house.lets_in("ana", SECRET)


def test_where_it_cannot_be_read_again_it_stays_as_it_was(
    house: House, passwd: Path, logged: Sequence[LogEvent]
) -> None:
    house.has(*from_options("--auth", f"file:{passwd}"))
    passwd.unlink()
    house.passwords.read_again()
    assert house.passwords.nicks == ["ana", "Toño"]
    assert not house.lets_in("ana", SECRET)
    assert lines(logged)[0] == (
        "whom FilePasswordDB knows could not be read again: there is no such file"
    )


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "FilePasswordDB: 2 names cannot be nicks here: _apt, ANA"),
        ("es", "FilePasswordDB: 2 nombres no pueden ser apodos aquí: _apt, ANA"),
    ],
)
def test_names_that_cannot_be_nicks_are_told_of_in_one_line(
    house: House, passwd: Path, logged: Sequence[LogEvent], language: str, line: str
) -> None:
    passwd.write_text("_apt:x\nana:x\nANA:y\n")
    house.has(*from_options("--auth", f"file:{passwd}"), language=language)
    assert lines(logged) == [line]


# What nobody learns


def test_no_password_is_in_the_log_or_in_what_is_shown_of_an_object(
    house: House, passwd: Path, logged: Sequence[LogEvent], capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(credentials: Credentials) -> object:
        return fail(RuntimeError(credentials))

    house.has(Elsewhere(broken), *from_options("--auth", f"file:{passwd}"))
    house.registers("bob", "bobs secret")
    for nick in ("ana", "bob", "nobody"):
        for password in (SECRET, "bobs secret", "wrong secret"):
            house.lets_in(nick, password)
    passwd.unlink()
    house.lets_in("ana", SECRET)
    shown = [eventAsJSON(event) for event in logged]
    shown += [
        repr(Credentials("ana", SECRET.encode())),
        repr(house.passwords),
        *capsys.readouterr(),
    ]
    assert logged
    assert not [text for text in shown if "secret" in text or "horse" in text]


# As twisted.cred has it


def test_what_a_checker_is_asked_by_is_what_twisted_calls_it(house: House) -> None:
    passwords: Passwords = house.passwords
    assert passwords
    assert verifyObject(IUsernamePassword, Credentials(b"ana", b"secret"))
