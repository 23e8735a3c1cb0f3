"""A room: everybody in it gets each message once, rendered once, and notices in their place."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.python.failure import Failure
from typing_extensions import override

from huddle.delivery.history import History, Pages
from huddle.delivery.outlet import Outlet
from huddle.delivery.round_robin import RoundRobin
from huddle.delivery.stream import BIG, GATHERING
from huddle.delivery.tally import TALLY
from huddle.dialects.plain.dialect import PlainRenderer
from huddle.people.sessions import Session
from huddle.protocol.dialect import Renderer
from huddle.protocol.events import Draft, Here, Joined, Kind, Left, Renamed, RoomEvent, Said
from huddle.protocol.limits import Limits
from huddle.record.memory import MemoryRecord
from huddle.rooms.room import Room
from huddle.visits.filters import IgnoringRenderer, QuietJoinsRenderer
from tests.in_memory_tcp import MemoryReactor
from tests.sample_messages import CLOCK, DAY, NOON, MemoryTransport, joined, left, renderer


class CountingRenderer(PlainRenderer):
    """A renderer that counts what it renders."""

    def __init__(self) -> None:
        super().__init__("en", False, CLOCK)
        self.rendered = 0

    @override
    def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
        self.rendered += len(events)
        return super().live(events)


class Member:
    """Somebody in the room, and what they hear."""

    def __init__(self, hall: Hall, number: int, nick: str, shown: Renderer) -> None:
        self.transport = MemoryTransport()
        self.session = Session(number, nick)
        self.outlet = self.session.outlet = Outlet(self.transport, shown, hall.round_robin)
        self.outlet.session = number
        hall.room.add(self.session)
        self.outlet.subscribe(hall.room, hall.room.published)
        hall.reactor.settle()

    @property
    def hears(self) -> list[str]:
        return self.transport.reads()


class Hall:
    """A room over a record in memory."""

    def __init__(self, **limits: int) -> None:
        self.reactor = MemoryReactor()
        self.round_robin = RoundRobin(self.reactor.callLater)
        self.limits = Limits(**limits)
        self.record = MemoryRecord(self.limits, "epoch")
        history = History("huddle", self.record, Pages(self.limits.pages), self.limits)
        self.room = Room("huddle", history, self.reactor.callLater, self.limits)
        self._numbers = 0

    def member(self, nick: str, shown: Renderer | None = None) -> Member:
        self._numbers += 1
        return Member(
            self, self._numbers, nick, shown or QuietJoinsRenderer(renderer(), quiet=False)
        )

    def crowd(self, count: int) -> None:
        """So many more members who are away."""
        for _ in range(count):
            self._numbers += 1
            self.room.add(Session(self._numbers, f"m{self._numbers}"))

    def happens(self, *events: RoomEvent | tuple[Member, str]) -> None:
        """Publish one batch; a member and a text is something said."""
        batch: list[RoomEvent] = []
        for event in events:
            batch.extend([self.keep(*event)] if isinstance(event, tuple) else [event])
        self.room.publish(batch)

    def keep(self, member: Member, text: str, time: int = NOON) -> Said:
        session = member.session
        draft = Draft("huddle", session.number, session.nick, Kind.SAY, text)
        kept: list[Said] = []
        self.record.append([draft], time).addCallback(kept.extend)
        return kept[0]


# Messages


def test_everybody_but_the_speaker_gets_what_is_said() -> None:
    hall = Hall()
    ana, bob, carla = (hall.member(nick) for nick in ("ana", "bob", "carla"))
    hall.happens((ana, "hola"))
    assert [ana.hears, bob.hears, carla.hears] == [[], ["<ana> hola"], ["<ana> hola"]]
    assert hall.room.published == 1


def test_those_who_speak_in_one_batch_get_each_others_lines_in_order() -> None:
    hall = Hall()
    ana, bob, carla = (hall.member(nick) for nick in ("ana", "bob", "carla"))
    hall.happens((ana, "1"), (bob, "2"), (ana, "3"), joined("dan"), (bob, "4"))
    assert ana.hears == ["<bob> 2", "-- dan joined", "<bob> 4"]
    assert bob.hears == ["<ana> 1", "<ana> 3", "-- dan joined"]
    assert carla.hears == ["<ana> 1", "<bob> 2", "<ana> 3", "-- dan joined", "<bob> 4"]


def test_a_batch_is_rendered_once_however_many_look_at_it() -> None:
    hall, shown = Hall(), CountingRenderer()
    members = [hall.member(f"m{number}", shown) for number in range(20)]
    hall.happens(*((members[0], text) for text in "abc"))
    assert shown.rendered == 3


def test_those_who_hear_no_joins_share_what_is_said_with_those_who_do() -> None:
    hall, shown = Hall(), CountingRenderer()
    ana = hall.member("ana", shown)
    quiet, other = (hall.member(f"q{on}", QuietJoinsRenderer(shown, on)) for on in (True, False))
    hall.happens((ana, "1"), (ana, "2"))
    assert shown.rendered == 4, "for ana, and once for both others"
    hall.happens((ana, "3"), joined("dan"), (ana, "4"))
    assert quiet.hears == [f"<ana> {number}" for number in (1, 2, 3, 4)]
    assert other.hears == ["<ana> 1", "<ana> 2", "<ana> 3", "-- dan joined", "<ana> 4"]


def test_one_message_is_given_to_each_but_its_author_and_counted() -> None:
    hall = Hall()
    ana, bob, carla = (hall.member(nick, renderer()) for nick in ("ana", "bob", "carla"))
    carla.transport.room = 3
    before = TALLY.delivered
    hall.happens((ana, "hola"))
    assert TALLY.delivered == before + 2
    assert [member.outlet.live for member in (ana, bob, carla)] == [True, True, False]


def test_who_ignores_its_author_is_sent_nothing_of_one_message() -> None:
    hall, shown = Hall(), CountingRenderer()
    ana = hall.member("ana", shown)
    ignoring = [
        hall.member(f"m{number}", IgnoringRenderer(shown, frozenset({who})))
        for number, who in enumerate((ana.session.identity, "a~1", "a~2", "a~3"))
    ]
    sent: list[bytes] = []

    def send(data: bytes) -> int:
        sent.append(data)
        return len(data)

    for member in ignoring:
        audience = hall.room.audience(member.outlet.renderer)
        audience.discard(member.outlet)
        audience.add(member.outlet, send)
    hall.happens((ana, "hola"))
    assert sent == [b"<ana> hola\n"] * 3
    assert shown.rendered == 2, "for those who see all of it, and once for all who ignore somebody"


def test_a_message_that_cannot_be_shown_to_one_is_kept_for_who_reads_it_later(
    logged_failures: list[Failure],
) -> None:
    class Stumbling(CountingRenderer):
        @override
        def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
            raise KeyError

    hall = Hall()
    ana = hall.member("ana", Stumbling())
    for text, newest in (("hola", 1), ("adiós", 2)):
        hall.happens((ana, text))
        assert (hall.room.published, len(hall.room.history)) == (newest, newest)
        assert [failure.type for failure in logged_failures] == [KeyError] * newest
    logged_failures.clear()


def test_each_audience_sees_its_own_bytes() -> None:
    hall = Hall()
    ana, bob, carla = (
        hall.member("ana"),
        hall.member("bob", renderer("en", times=True)),
        hall.member("carla", renderer("es")),
    )
    hall.happens((ana, "hola"), left("dan"))
    assert ana.hears == ["-- dan left"]
    assert bob.hears == ["12:00 <ana> hola", "-- dan left"]
    assert carla.hears == ["<ana> hola", "-- dan se ha ido"]


def test_an_audience_that_nobody_is_in_any_more_is_not_rendered_for() -> None:
    hall, shown = Hall(), CountingRenderer()
    ana, bob = hall.member("ana"), hall.member("bob", shown)
    bob.outlet.unsubscribe(hall.room)
    hall.happens((ana, "hola"))
    hall.happens((ana, "hola"))
    assert shown.rendered == 0


def test_whoever_did_not_take_it_all_catches_up_and_misses_nothing() -> None:
    hall = Hall()
    ana, bob, carla = (hall.member(nick) for nick in ("ana", "bob", "carla"))
    bob.transport.room = 8
    hall.happens((ana, "one"), (carla, "two"))
    hall.happens((ana, "three"))
    assert not bob.outlet.live
    bob.transport.drain(bob.outlet)
    hall.reactor.settle()
    assert bob.hears == ["<ana> one", "12:00 <carla> two", "12:00 <ana> three"]
    assert bob.outlet.live


def test_a_speaker_who_does_not_take_the_others_lines_gets_them_later_and_not_their_own() -> None:
    hall = Hall()
    ana, bob = hall.member("ana"), hall.member("bob")
    ana.transport.room = 0
    hall.happens((ana, "1"), (bob, "2"), (ana, "3"), (bob, "4"))
    ana.transport.drain(ana.outlet)
    hall.reactor.settle()
    assert ana.hears == ["12:00 <bob> 2", "12:00 <bob> 4"]


def test_a_batch_over_many_slabs_reaches_everybody_whole() -> None:
    hall = Hall(slab=30)
    ana, bob, carla = (hall.member(nick) for nick in ("ana", "bob", "carla"))
    hall.happens(*((who, str(n)) for n, who in enumerate([ana, bob, ana, bob, bob, ana])))
    assert ana.hears == ["<bob> 1", "<bob> 3", "<bob> 4"]
    assert bob.hears == ["<ana> 0", "<ana> 2", "<ana> 5"]
    assert len(carla.hears) == 6


def test_a_reader_who_falls_behind_in_a_batch_of_many_slabs_gets_the_rest_later_once() -> None:
    hall = Hall(slab=30)
    ana, bob = hall.member("ana"), hall.member("bob")
    bob.transport.room = 25
    hall.happens(*((ana, str(n)) for n in range(8)))
    bob.transport.drain(bob.outlet)
    hall.reactor.settle()
    assert [line.rpartition(" ")[2] for line in bob.hears] == [str(n) for n in range(8)]


def test_behind_a_gap_the_day_is_told_again() -> None:
    hall = Hall(ring_messages=2)
    ana, bob = hall.member("ana"), hall.member("bob")
    for days in ((9, 8), (7, 6, 5)):
        bob.transport.room = 0
        for ago in days:
            hall.room.publish([hall.keep(ana, f"{ago}", NOON - ago * DAY)])
        bob.transport.drain(bob.outlet)
        hall.reactor.settle()
    assert bob.hears == [
        "-- 10 November 2026 --",
        "12:00 <ana> 9",
        "-- 11 November 2026 --",
        "12:00 <ana> 8",
        "-- 1 message is gone --",
        "-- 13 November 2026 --",
        "12:00 <ana> 6",
        "-- 14 November 2026 --",
        "12:00 <ana> 5",
    ]


# Members


def test_here_tells_the_whole_count_and_names_without_ones_own() -> None:
    hall = Hall(names_shown=3)
    ana = hall.member("ana")
    for nick in ("bob", "carla", "dan", "eva"):
        hall.member(nick)
    assert hall.room.here() == Here("huddle", 5, ("ana", "bob", "carla"))
    assert hall.room.here(ana.session.number) == Here("huddle", 5, ("bob", "carla", "dan"))


def test_a_room_knows_its_members() -> None:
    hall = Hall()
    ana, stranger = hall.member("ana"), Session(99, "zoe")
    assert ana.session in hall.room
    assert stranger not in hall.room
    assert "ana" not in hall.room
    assert (len(hall.room), list(hall.room)) == (1, [ana.session])
    hall.room.remove(stranger)
    hall.room.remove(ana.session)
    assert (len(hall.room), hall.room.label) == (0, "huddle")


# Notices


def test_a_few_who_come_together_are_named_one_by_one() -> None:
    hall = Hall()
    ana = hall.member("ana")
    hall.happens(joined("b"), joined("c"), joined("d"))
    assert ana.hears == ["-- b joined", "-- c joined", "-- d joined"]


def test_many_who_come_together_are_told_as_one_in_their_place() -> None:
    hall = Hall()
    ana, bob = hall.member("ana"), hall.member("bob")
    hall.happens(
        *map(joined, "cdef"),
        (ana, "hola"),
        *map(left, "cde"),
        *map(left, "f"),
        Renamed("huddle", "x", "y"),
        joined("z"),
    )
    assert bob.hears == [
        "-- c, d and 2 more joined",
        "<ana> hola",
        "-- c, d and 2 more left",
        "-- x is now y",
        "-- z joined",
    ]


def test_more_who_come_than_can_be_listed_leave_programs_with_the_count() -> None:
    hall = Hall(names_shown=5)
    shown: list[RoomEvent] = []

    class Noting(PlainRenderer):
        @override
        def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
            shown.extend(events)
            return super().live(events)

    hall.member("ana", Noting("en", False, CLOCK))
    hall.happens(*map(joined, "bcdef"))
    hall.happens(*map(left, "bcdefg"))
    assert shown == [
        Joined("huddle", tuple("bcdef")),
        Left("huddle", tuple("bcdefg"), here=Here("huddle", 1, ("ana",))),
    ]


def test_in_a_big_room_the_first_notice_comes_at_once_and_the_next_ones_together() -> None:
    hall = Hall()
    ana = hall.member("ana")
    hall.crowd(BIG - 1)
    hall.happens(joined("b"))
    assert ana.hears == ["-- b joined"]
    for nick in "cdefg":
        hall.happens(joined(nick))
    hall.reactor.pass_by(GATHERING - 0.01)
    assert ana.hears == []
    hall.reactor.pass_by(0.02)
    assert ana.hears == ["-- c, d and 3 more joined"]


def test_gathered_notices_come_before_the_next_message() -> None:
    hall = Hall()
    ana, bob = hall.member("ana"), hall.member("bob")
    hall.crowd(BIG)
    hall.happens(joined("c"))
    hall.happens(left("c"))
    hall.happens(joined("d"), (bob, "hola"), left("d"))
    assert ana.hears == [
        "-- c joined",
        "-- c left",
        "-- d joined",
        "<bob> hola",
        "-- d left",
    ]
    hall.reactor.pass_by(GATHERING)
    assert ana.hears == []


def test_a_message_alone_begins_no_gathering() -> None:
    hall = Hall()
    ana, bob = hall.member("ana"), hall.member("bob", IgnoringRenderer(renderer(), frozenset("c")))
    hall.crowd(BIG)
    hall.happens((ana, "hola"))
    assert hall.reactor.getDelayedCalls() == []
    hall.happens(joined("d"))
    assert (ana.hears, bob.hears) == (["-- d joined"], ["<ana> hola"])


def test_a_message_alone_comes_behind_what_was_gathered_for_those_who_hear_no_joins_too() -> None:
    hall = Hall()
    ana, bob = hall.member("ana", renderer()), hall.member("bob")
    hall.crowd(BIG)
    for event in (joined("c"), Renamed("huddle", "c", "d"), (bob, "hola"), joined("e")):
        hall.happens(event)
    assert ana.hears == ["-- c is now d", "<bob> hola"]
    assert bob.hears == ["-- c joined", "-- c is now d"]
    hall.reactor.pass_by(GATHERING)
    assert (ana.hears, bob.hears) == ([], ["-- e joined"])


def test_gathering_goes_on_as_long_as_people_come() -> None:
    hall = Hall()
    ana = hall.member("ana")
    hall.crowd(BIG)
    seen: list[list[str]] = []
    for step in range(6):
        hall.happens(joined(f"n{step}"))
        seen.append(ana.hears)
        hall.reactor.pass_by(GATHERING / 2)
    seen.append(ana.hears)
    flat = [line for lines in seen for line in lines]
    assert flat == [f"-- n{step} joined" for step in range(6)]
    assert seen.count([]) >= 2


def test_what_is_told_while_it_is_gathered_makes_no_later_gathering_shorter() -> None:
    hall = Hall()
    ana, bob = hall.member("ana"), hall.member("bob")
    hall.crowd(BIG)
    hall.happens(joined("c"))
    hall.reactor.pass_by(GATHERING / 2)
    hall.happens((bob, "hola"), joined("d"))
    hall.reactor.pass_by(GATHERING / 2)
    assert ana.hears == ["-- c joined", "<bob> hola", "-- d joined"]
    hall.happens(joined("e"))
    hall.happens(joined("f"))
    hall.reactor.pass_by(GATHERING * 0.9)
    assert ana.hears == ["-- e joined"]
    hall.reactor.pass_by(GATHERING * 0.2)
    assert ana.hears == ["-- f joined"]


def test_a_big_room_that_has_gathered_nothing_says_nothing() -> None:
    hall = Hall()
    ana = hall.member("ana")
    hall.crowd(BIG)
    hall.happens(joined("b"))
    hall.reactor.pass_by(2 * GATHERING)
    assert ana.hears == ["-- b joined"]
    hall.happens(joined("c"))
    assert ana.hears == ["-- c joined"]


def test_in_a_small_room_every_notice_comes_at_once() -> None:
    hall = Hall()
    ana = hall.member("ana")
    hall.happens(joined("b"))
    hall.happens(joined("c"))
    assert ana.hears == ["-- b joined", "-- c joined"]


def test_a_cut_among_gathered_notices_and_messages_loses_no_message() -> None:
    hall = Hall()
    ana, bob = hall.member("ana"), hall.member("bob")
    hall.crowd(BIG)
    hall.happens(joined("c"))
    hall.happens(left("c"))
    assert ana.hears == ["-- c joined"]
    ana.transport.room = 4
    hall.happens((bob, "hola"))
    ana.transport.drain(ana.outlet)
    hall.reactor.settle()
    assert ana.hears == ["-- c left", "12:00 <bob> hola"]
