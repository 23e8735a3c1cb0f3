"""Marks hold for one target in one room, until their time is over."""

from __future__ import annotations

from typing import cast

import pytest

from huddle.delivery.outlet import Outlet
from huddle.people.sessions import Account, Session
from huddle.protocol.permissions import Role
from huddle.record import AccountRow, Mark, MarkKind
from huddle.rooms.restrictions import Restrictions

NOW = 1_000


class Clock:
    """The time of day, as a test sets it."""

    ms = NOW

    def __call__(self) -> int:
        return self.ms


def ban(who: str, until: int | None = None, room: str = "ops") -> Mark:
    return Mark(room, MarkKind.BAN, who, until=until)


def mute(who: str, room: str) -> Mark:
    return Mark(room, MarkKind.MUTE, who)


def test_a_mark_counts_in_its_room_and_for_its_kind_alone() -> None:
    marks = Restrictions([ban("session:1")], Clock())
    assert marks.of("ops", MarkKind.BAN, "session:1") is not None
    assert marks.of("ops", MarkKind.MUTE, "session:1") is None
    assert marks.of("games", MarkKind.BAN, "session:1") is None
    assert marks.of("ops", MarkKind.BAN, "account:1") is None


def test_a_mark_ends_at_its_time_and_one_without_never_does() -> None:
    clock = Clock()
    marks = Restrictions([ban("session:1", NOW + 10), ban("session:2")], clock)
    clock.ms = NOW + 9
    assert len(list(marks.all_of("ops", MarkKind.BAN))) == 2
    clock.ms = NOW + 10
    assert [mark.who for mark in marks.all_of("ops", MarkKind.BAN)] == ["session:2"]
    assert marks.ended("ops") == [ban("session:1", NOW + 10)]


def test_a_person_is_banned_by_identity_or_by_nick_in_whatever_case() -> None:
    marks = Restrictions([ban("session:1"), ban("nick:bob")], Clock())
    assert marks.ban_of("ops", "session:1", "rob") is not None
    assert marks.ban_of("ops", "session:2", "BOB") is not None
    assert marks.ban_of("ops", "session:2", "rob") is None
    assert marks.ban_of("games", "session:1", "bob") is None


def test_a_host_is_banned_by_its_network() -> None:
    marks = Restrictions([ban("address:10.0.0.0/8"), ban("nick:bob")], Clock())
    assert marks.ban_of_host("ops", "10.1.2.3") is not None
    assert marks.ban_of_host("ops", "192.0.2.1") is None
    assert marks.ban_of_host("ops", "") is None


def test_a_network_that_is_dropped_or_has_ended_keeps_nobody_out() -> None:
    clock = Clock()
    marks = Restrictions([ban("address:10.0.0.0/8", NOW + 5), ban("address:10.1.0.0/16")], clock)
    clock.ms = NOW + 5
    assert marks.ban_of_host("ops", "10.1.2.3") == ban("address:10.1.0.0/16")
    assert marks.ban_of_host("ops", "10.2.2.3") is None
    marks.drop(ban("address:10.1.0.0/16"))
    assert marks.ban_of_host("ops", "10.1.2.3") is None


def test_what_one_is_marked_with_is_found_in_all_rooms() -> None:
    host = Mark("games", MarkKind.HOST, "session:1")
    marks = Restrictions([ban("session:1"), host, ban("session:2")], Clock())
    assert marks.on("session:1") == [ban("session:1"), host]
    assert marks.on("session:3") == []


def test_a_mark_on_the_same_target_takes_the_place_of_the_older_one() -> None:
    marks = Restrictions([ban("session:1")], Clock())
    assert marks.count_with("ops", [ban("session:1", NOW + 1)]) == 1
    assert marks.count_with("ops", [ban("session:2"), ban("session:3")]) == 3
    marks.set(ban("session:1", NOW + 1))
    assert marks.in_room("ops") == [ban("session:1", NOW + 1)]


def test_a_room_without_marks_is_forgotten() -> None:
    marks = Restrictions([ban("session:1")], Clock())
    marks.drop(ban("session:1"))
    assert marks.rooms() == []


def test_who_goes_is_looked_for_where_they_may_be_muted_and_not_in_each_room_that_has_mutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = [f"room{number}" for number in range(100)]
    marks = Restrictions([mute("address:192.0.2.0/24", room) for room in others], Clock())
    for room, who in (("a", "session:7"), ("b", "nick:bob"), ("c", "session:8")):
        marks.set(mute(who, room))
    looked: list[str] = []
    mute_of = Restrictions.mute_of

    def noted(self: Restrictions, room: str, session: Session) -> Mark | None:
        looked.append(room)
        return mute_of(self, room, session)

    monkeypatch.setattr(Restrictions, "mute_of", noted)
    bob = Session(7, "Bob")
    bob.host = bob.address = "192.0.2.1"
    bob.rooms = {"room5": 3, "d": 1}
    marks.goes(bob, 9)
    assert sorted(looked) == ["a", "b", "room5"]
    assert sorted(marks.inherited.left[7]) == ["a", "b", "room5"]


def test_of_a_mute_that_is_dropped_nothing_is_left() -> None:
    marks = Restrictions([mute("session:7", "a"), mute("session:7", "b")], Clock())
    marks.drop(mute("session:7", "a"))
    assert marks._muted == {"session:7": {"b": None}}
    marks.drop(mute("session:7", "b"))
    marks.drop(mute("session:7", "b"))
    assert marks._muted == {}


def test_a_mark_on_a_nick_is_found_by_what_looks_like_it_until_it_is_dropped() -> None:
    on_alex = Mark("ops", MarkKind.BAN, "nick:alex", "alex")
    on_capital = Mark("ops", MarkKind.BAN, "nick:aiex", "AIex")
    marks = Restrictions([on_alex, on_capital, on_alex], Clock())
    for nick, found in (("alex", True), ("ALEX", True), ("AIex", True), ("alec", False)):
        assert (marks.ban_of("ops", "session:1", nick) is not None) is found
    marks.drop(on_alex)
    assert marks.ban_of("ops", "session:1", "alex") == on_capital
    assert marks.of_nick("ops", MarkKind.MUTE, "alex") is None
    marks.drop(on_capital)
    assert marks._alike == {}


def test_of_whatever_was_dropped_nothing_is_left() -> None:
    """Replaced before by one on the same target, which had an end, and a nick that looks else."""
    marks, fresh = Restrictions([], Clock()), Restrictions([], Clock())
    for kind in MarkKind:
        for who in ("session:1", "nick:alex", "address:10.0.0.0/8", "account:3"):
            for nick, until in (("AIex", NOW + 5), ("alex", None), ("alex", NOW + 5)):
                marks.set(Mark("ops", kind, who, nick, until=until))
            for _ in range(2):
                marks.drop(Mark("ops", kind, who))
    assert sizes(marks) == sizes(fresh) and len(marks) == 0


def sizes(marks: Restrictions) -> dict[str, int]:
    return {name: len(each) for name, each in vars(marks).items() if hasattr(each, "__len__")}


def test_what_is_dropped_and_was_not_there_opens_no_room_to_who_is_banned() -> None:
    marks = Restrictions([ban("session:1"), ban("session:1", NOW + 5), ban("session:2")], Clock())
    for who in ("session:2", "session:2", "session:3"):
        marks.drop(ban(who))
        assert marks.banning == {"ops": 1}
    marks.set(mute("session:1", "ops"))
    marks.drop(ban("session:1"))
    assert marks.banning == {}
    assert marks.of("ops", MarkKind.MUTE, "session:1") is not None


def test_a_network_that_is_muted_too_stays_so_when_it_is_banned_no_more() -> None:
    who = "address:10.0.0.0/8"
    marks = Restrictions([ban(who), mute(who, "ops")], Clock())
    marks.drop(ban(who))
    assert marks.ban_of_host("ops", "10.1.2.3") is None
    assert marks.mute_of("ops", at("10.1.2.3")) is not None
    marks.set(ban("address:192.0.2.0/24"))
    assert marks.ban_of_host("ops", "10.1.2.3") is None


def at(address: str, account: Account | None = None) -> Session:
    """ana's session from there."""
    session = Session(7, "ana", account=account)
    session.host = session.address = address
    return session


def test_a_guest_is_muted_by_nick_and_address_and_an_account_by_itself_alone() -> None:
    account = Account(AccountRow(3, "ana"))
    for who in ("nick:ana", "address:10.0.0.0/8"):
        marks = Restrictions([mute(who, "ops")], Clock())
        assert marks.mute_of("ops", at("10.0.0.1")) is not None
        assert marks.mute_of("ops", at("10.0.0.1", account)) is None
    for who in ("session:7", "account:3"):
        marks = Restrictions([mute(who, "ops")], Clock())
        is_accounts = who == "account:3"
        assert (marks.mute_of("ops", at("10.0.0.1")) is None) is is_accounts
        assert (marks.mute_of("ops", at("10.0.0.1", account)) is None) is not is_accounts


def test_the_host_of_a_room_speaks_in_it_though_their_address_is_muted() -> None:
    marks = Restrictions([mute("address:10.0.0.0/8", "ops")], Clock())
    marks.set(Mark("ops", MarkKind.HOST, "session:7"))
    assert marks.mute_of("ops", at("10.0.0.1")) is None
    marks.set(mute("nick:ana", "ops"))
    assert marks.mute_of("ops", at("10.0.0.1")) == mute("nick:ana", "ops")


def test_what_one_is_in_a_room_follows_from_who_they_are_and_from_its_marks() -> None:
    account = Account(AccountRow(3, "ana"))
    guest, device = at("10.0.0.1"), at("10.0.0.1", account)
    marks = Restrictions([ban("session:9"), Mark("games", MarkKind.HOST, "account:3")], Clock())
    roles = [marks.role(who, "ops") for who in (None, guest, device, account)]
    assert roles == [Role.STRANGER, Role.GUEST, Role.MEMBER, Role.MEMBER]
    assert {marks.role(who, "games") for who in (device, account)} == {Role.HOST}
    assert marks.role(guest, "games") is Role.GUEST
    account.appointed = True
    assert {marks.role(who, "games") for who in (device, account)} == {Role.OPERATOR}


def test_how_long_a_mark_lasts_is_not_told_by_the_time_of_day() -> None:
    clock, seconds = Clock(), [50.0]
    marks = Restrictions([ban("session:1", NOW + 2_000)], clock, lambda: seconds[0])
    clock.ms += 10**9
    seconds[0] = 51.9
    assert marks.any_of("ops", MarkKind.BAN) and not marks.any_of("ops", MarkKind.MUTE)
    seconds[0] = 52.0
    assert not marks.any_of("ops", MarkKind.BAN)


def test_who_is_here_on_another_device_or_was_on_no_connection_leaves_no_mute_behind() -> None:
    account = Account(AccountRow(3, "ana"))
    marks = Restrictions([mute("account:3", "ops")], Clock())
    device, other = at("10.0.0.1", account), at("10.0.0.2", account)
    account.sessions = {7: device, 8: other}
    device.outlet = other.outlet = cast(Outlet, object())
    assert marks.goes(device, 9) == []
    assert marks.goes(at("", account), 9) == []
    other.outlet = None
    assert len(marks.goes(device, 9)) == 1
