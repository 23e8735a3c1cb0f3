"""Nothing is lost and nothing is said twice, whatever happens in between: a test against a model.

Programs and people talk in two rooms, go from one into the other, and write to each other in
private, while their connections stop, are cut at any byte, come back and are replaced, while the
disk is slow, refuses, and loses power together with the server. After every step, what each of them
was given is compared with what is in the record, and at the end, when everything works again, with
all of it.

The suite runs a short search, `tests/long/test_searches.py` one of a minute. A long one, of some
minutes::

    HUDDLE_SEARCH=long pytest tests/conversations/test_model.py
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.protocol.events import INBOX, Said, is_inbox
from huddle.protocol.limits import Limits
from huddle.visits.known_sessions import hashed
from tests.slow_record import SlowRecord
from tests.world import BUFFERED, DIRECT, Peer, Program, World

LIMITS = Limits(
    flood_rate=0, hold=1e6, slab=150, block=4, pages=1000, uncommitted=3000, pending=1_000_000
)
"""Small, so that a few messages are already many slabs and blocks."""

FORGETFUL = replace(LIMITS, hold=4.0, ring_messages=9)
"""The record keeps little, and nobody is waited for."""

ROOMS = ("huddle", "ops")

LEAVING = 1_000_000
"""From here on are the ids of requests to leave a room."""

PLACES = (*ROOMS, INBOX)
"""Where a program is: the rooms, and its own inbox."""

SEARCHES = {
    "short": settings(max_examples=15, stateful_step_count=60),
    "usual": settings(max_examples=200, stateful_step_count=60),
    "long": settings(max_examples=3000, stateful_step_count=150),
}

FINE = {"not-recorded", "not-readable", "replaced", "alone"}
"""What a program may be refused here, and `expired` where the record has forgotten it. All else
was its right."""

LINE = re.compile(r"(?:\d\d:\d\d )?<(\S+)> (\S+)")

Json = dict[str, Any]


class Truth:
    """What was ever recorded, and from which seq on the record still has it."""

    def __init__(self, disk: SlowRecord) -> None:
        self._disk = disk
        self.kept = {room: disk.kept.get(room, []) for room in ROOMS}
        self.oldest = {room: disk.extent(room).oldest for room in ROOMS}
        self.inboxes = {room: kept for room, kept in disk.kept.items() if is_inbox(room)}

    def of(self, name: str, room: str) -> tuple[list[Said], int]:
        """The messages of a room, or of the inbox of the program of that name; and the oldest."""
        if room in ROOMS:
            return self.kept[room], self.oldest[room]
        inbox = f"{INBOX}{self._disk.number_of(hashed(f'secret of {name}'))}"
        return self.inboxes.get(inbox, []), self._disk.extent(inbox).oldest

    def besides(self, name: str, room: str = "huddle") -> list[Said]:
        """What others than this one have said."""
        kept, _ = self.of(name, room)
        return [said for said in kept if not said.text.startswith(f"{name}-")]

    def by(self, name: str, room: str) -> list[str]:
        kept, _ = self.of(name, room)
        return [said.text for said in kept if said.text.startswith(f"{name}-")]

    def from_to(self, sender: str, name: str) -> list[str]:
        """What one program wrote to another, as it stands in the other's inbox."""
        kept, _ = self.of(name, INBOX)
        return [said.text for said in kept if said.text.startswith(f"{sender}-")]


class Guest(Protocol):
    """A program or a person."""

    name: str
    nicks: list[str]

    def connects(self, world: World, transport: str) -> None: ...

    def tries_again(self) -> None: ...

    def has_all(self, truth: Truth) -> None: ...


class Robot:
    """A program that does what docs/protocol.md asks of one."""

    stays_by: tuple[str, ...] = ("no-such-room",)
    """How it may be told that it leaves no room: where it has left it before."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.nicks = [f"{name}0"]
        self.peer: Program | None = None
        self.entered = False
        self.known = False
        """Whether it was ever welcomed: from then on its session can be resumed."""
        self.given: dict[str, list[Json]] = {room: [] for room in PLACES}
        """What it was given as `said` and `gap`."""
        self.said: dict[int, Json] = {}
        self.unacknowledged: dict[int, Json] = {}
        self.acks: dict[int, Json] = {}
        self.expired: set[int] = set()
        self.in_vain: set[int] = set()
        """What was for somebody who was not there, or for a room in which it was not itself."""
        self.sent: set[int] = set()
        self.repeated: set[int] = set()
        """What it has sent more than once."""
        self.out: set[str] = set()
        """The rooms that it knows it has left."""
        self.perhaps_out: set[str] = set()
        self.doubtful: set[int] = set()
        """What it said where it was perhaps no more: the refusal may have been lost."""

    @override
    def __repr__(self) -> str:
        return self.name

    @property
    def talks(self) -> bool:
        return self.peer is not None and self.entered

    def connects(self, world: World, transport: str) -> None:
        after = {room: _reached(given) for room, given in self.given.items()}
        self.entered = False
        self.peer = Program(world, self.nicks[-1], f"secret of {self.name}")
        world.attach(self.peer, transport=transport)
        self.peer.hellos(resume=self.known, after=after, **self.hello())

    def hello(self) -> Json:
        """What more there is in its hello."""
        return {}

    def sends(self, *objects: Mapping[str, object]) -> None:
        for each in objects:
            id: int = each.get("id", 0)  # type: ignore[assignment]
            (self.repeated if id in self.sent else self.sent).add(id)
            if each["type"] == "msg" or each.get("room") in self.perhaps_out:
                self.doubtful.add(id)
        if self.peer is not None:
            self.peer.sends_objects(*objects)

    def tries_again(self) -> None:
        """What was not recorded is said again, once it has."""
        self.sends(*self.unacknowledged.values())

    def leaves(self, room: str) -> None:
        self.sends({"type": "leave", "room": room, "id": LEAVING + ROOMS.index(room)})
        self.perhaps_out.add(room)

    def joins_again(self) -> None:
        for room in sorted(self.out):
            self.sends({"type": "join", "room": room, "after": _reached(self.given[room])})
        self.perhaps_out -= self.out
        self.out.clear()

    def drafts(self, room: str) -> Json:
        id = len(self.said) + 1
        text = f"{self.name}-{id}-{'x' * (id * 7 % 23)}"
        self.said[id] = self.unacknowledged[id] = {
            "type": "say",
            "id": id,
            "room": room,
            "text": text,
        }
        return self.said[id]

    def place(self, id: int) -> str:
        """Where this was to be said."""
        place: str = self.said[id].get("room", INBOX)
        return place

    def writes(self, other: Robot) -> Json:
        """Something for another program alone."""
        draft = self.drafts(other.name)
        del draft["room"]
        draft.update(type="msg", to=other.nicks[-1])
        return draft

    def wrote(self, other: Robot) -> list[str]:
        """What the other should have in its inbox of it."""
        return [
            say["text"]
            for id, say in self.said.items()
            if say.get("to") in other.nicks and id not in self.in_vain
        ]

    def looks(self) -> None:
        for event in self.peer.reads() if self.peer is not None else ():
            match event["type"]:
                case "welcome":
                    self.entered = self.known = True
                    self.perhaps_out.clear()
                    self.out = {room for room in ROOMS if room not in event["rooms"]}
                    self.joins_again()
                    self.sends(*self.unacknowledged.values())
                case "said" | "gap":
                    self.given[event["room"]].append(event)
                case "ack":
                    self.acks[event["id"]] = event
                    self.unacknowledged.pop(event["id"], None)
                case "reply" if event.get("id", 0) >= LEAVING:
                    self.out.add(event["room"])
                case "error" if event.get("id", 0) >= LEAVING:
                    assert event["code"] in self.stays_by, f"{self} has left it before: {event}"
                case "error" if event["code"] in ("nobody-there", "no-such-room"):
                    self.in_vain.add(event["id"])
                    self.unacknowledged.pop(event["id"], None)
                case "error" if event["code"] == "expired":
                    self.expired.add(event["id"])
                    self.unacknowledged.pop(event["id"], None)
                case "error":
                    assert event["code"] in FINE, f"{self} was refused: {event}"
                case other:
                    assert other != "reset", f"{self} lost everything: {event}"

    def compares(self, truth: Truth) -> None:
        """It has the others' messages from the first on, each once, but for what is gone."""
        self._counts_repeated(truth)
        for room in PLACES:
            self._walks(truth, room)
        for id, ack in self.acks.items():
            kept, _ = truth.of(self.name, ack["room"])
            there = [said.text for said in kept[ack["seq"] - 1 : ack["seq"]]]
            assert there == [self.said[id]["text"]], f"{self} was told that {id} is recorded"
        for id in self.in_vain:
            assert self.said[id]["text"] not in truth.by(self.name, self.place(id)), self
        for id in self.expired:
            text = self.said[id]["text"]
            if id in self.doubtful and text not in truth.by(self.name, self.place(id)):
                continue
            kept, oldest = truth.of(self.name, self.place(id))
            gone = kept[: oldest - 1]
            assert text in [said.text for said in gone], f"{self} must not say {text} again"

    def _counts_repeated(self, truth: Truth) -> None:
        """It heard that something was in vain when it had said it again: that one may count."""
        for id in sorted(self.in_vain & self.repeated):
            if self.said[id]["text"] in truth.by(self.name, self.place(id)):
                self.in_vain.remove(id)
                if id not in self.acks:
                    self.unacknowledged[id] = self.said[id]
        self.unacknowledged = dict(sorted(self.unacknowledged.items()))

    def _walks(self, truth: Truth, room: str) -> list[Said]:
        """Compare what it was given of a room with what others said; the rest is still to come."""
        others = truth.besides(self.name, room)
        _, oldest = truth.of(self.name, room)
        for event in self.given[room]:
            if event["type"] == "gap":
                assert event["to"] < oldest, f"{self}: {event} is still there"
                assert not others or others[0].seq >= event["from"], f"{self} missed {others[0]}"
                others = [said for said in others if said.seq > event["to"]]
            else:
                assert others, f"{self} was given {event}"
                said = others.pop(0)
                given = event["seq"], event["nick"], event["text"]
                assert given == (said.seq, said.nick, said.text), f"{self} should be at {said}"
        return others

    def has_all(self, truth: Truth) -> None:
        """It has everything, and everything that it said was recorded, once and in order."""
        for room in PLACES:
            assert not self._walks(truth, room), f"{self} has not got all of {room}"
            said = truth.by(self.name, room)
            given_up = self.in_vain | (self.expired & self.doubtful)
            wanted = [
                say["text"]
                for id, say in self.said.items()
                if self.place(id) == room and (id not in given_up or say["text"] in said)
            ]
            assert said == wanted, self
        assert not self.unacknowledged, f"{self} was never answered"


def _reached(given: Sequence[Json]) -> int:
    if not given:
        return 0
    seq: int = given[-1]["seq"] if given[-1]["type"] == "said" else given[-1]["to"]
    return seq


class Human:
    """A person with nc, who keeps the return word that was shown last."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.nicks: list[str] = []
        self.visits: list[Peer] = []
        self.word = ""
        self.asked: dict[Peer, str] = {}
        """The word that was used on each connection, for as long as there is no answer."""
        self.unkept: set[str] = set()
        """Words whose use was not recorded; with a crash on top of that they may be used up."""
        self.anew: set[Peer] = set()
        """Where they gave a nick instead; what they had seen before does not count there."""
        self.level: int | None = None
        """Where in the talk of others they are, over all visits; None while nothing was shown."""
        self.shown: dict[Peer, int] = {}
        """The same on each connection."""
        self.gaps: set[Peer] = set()
        """Where they were told that some are gone, just now."""
        self.told = 0

    @override
    def __repr__(self) -> str:
        return self.name

    @property
    def talks(self) -> bool:
        return bool(self.word) and self.visits[-1] not in self.asked

    def connects(self, world: World, transport: str) -> None:
        peer = Peer(world)
        world.attach(peer, "10.0.0.1", transport)
        self.visits.append(peer)
        if self.word:
            self.comes_back()
        else:
            self.enters_anew()

    def comes_back(self) -> None:
        self.asked[self.visits[-1]] = self.word
        self.types(f"/back {self.word}")

    def enters_anew(self) -> None:
        self.nicks.append(f"{self.name}{len(self.nicks)}")
        self.word = ""
        self.anew.add(self.visits[-1])
        self.types(self.nicks[-1])

    def renames(self) -> None:
        self.nicks.append(f"{self.name}{len(self.nicks)}")
        self.types(f"/nick {self.nicks[-1]}")

    def tries_again(self) -> None:
        """All that they wanted was to come in, and to be shown."""

    def types(self, line: str) -> None:
        self.visits[-1].sends(f"{line}\n".encode())

    def speaks(self) -> None:
        self.told += 1
        self.types(f"{self.name}-{self.told}-")

    def looks(self, truth: Truth, nicks: Mapping[str, Sequence[str]]) -> None:
        asked = dict(self.asked)
        for peer in self.visits:
            for line in peer.reads():
                if match := LINE.match(line):
                    nick, text = match.groups()
                    assert nick in nicks[text.partition("-")[0]], f"{self} was shown {line}"
                    self.is_shown(peer, text, truth)
                elif line.endswith("gone --"):
                    self.gaps.add(peer)
                else:
                    assert line.startswith(("-- ", "Welcome to")), f"{self} was shown {line}"
                    self.is_told(peer, line, asked)

    def is_told(self, peer: Peer, line: str, asked: Mapping[Peer, str]) -> None:
        if "return word: " in line:
            self.word = peer.word
            self.asked.pop(peer, None)
            if peer in self.anew:
                self.anew.remove(peer)
                self.level = None
        elif "opens nothing" in line:
            used = self.asked.pop(peer)
            if peer is self.visits[-1]:
                self.is_refused(used, [asked[other] for other in asked if other is not peer])
        elif "Not recorded" in line or "cannot be read" in line:
            self.unkept.add(self.asked.pop(peer, ""))
            if not self.word and peer is self.visits[-1]:
                self.types(self.nicks[-1])

    def is_refused(self, used: str, asked_elsewhere: Sequence[str]) -> None:
        """A word opens nothing only when it was used up, be it that the new one was lost."""
        if self.word != used:
            self.comes_back()
            return
        assert used in {*asked_elsewhere, *self.unkept}, f"{self} came back in vain"
        self.enters_anew()

    def is_shown(self, peer: Peer, text: str, truth: Truth) -> None:
        """What others said comes in order, without holes, from where it had ended at the latest."""
        if text.startswith(f"{self.name}-"):
            return
        others = truth.besides(self.name)
        place = [said.text for said in others].index(text)
        last = self.shown.get(peer, self.level)
        if peer in self.shown:
            assert place > self.shown[peer], f"{self} was shown {text} again"
        if last is not None and place > last + 1:
            assert peer in self.gaps, f"{self} missed what was before {text}"
            assert others[place - 1].seq < truth.oldest["huddle"], (
                f"{self} lost {others[place - 1]}"
            )
        self.gaps.discard(peer)
        self.shown[peer] = place
        self.level = place if self.level is None else max(self.level, place)

    def has_all(self, truth: Truth) -> None:
        others = truth.besides(self.name)
        if self.level is None:  # of the last, which are shown to who comes in anew, all were theirs
            newest = truth.kept["huddle"][-LIMITS.replay :]
            others = [said for said in others if said in newest]
        unseen = others[0 if self.level is None else self.level + 1 :]
        if self.visits[-1] in self.gaps:  # and behind those that are gone all were theirs
            unseen = [said for said in unseen if said.seq >= truth.oldest["huddle"]]
        assert not unseen, f"{self} has not seen all"


class Talk(RuleBasedStateMachine):
    """What may happen. Steps leave the world unsettled; turns of the reactor are steps too."""

    limits = LIMITS

    def __init__(self) -> None:
        super().__init__()
        self.disk = SlowRecord(self.limits)
        self.open(World(self.disk, limits=self.limits))
        self.robots = [Robot("rita"), Robot("rolf"), Robot("runa")]
        self.humans = [Human("hana"), Human("hugo")]
        self.everybody: list[Guest] = [*self.robots, *self.humans]
        for newcomer in self.everybody:
            newcomer.connects(self.world, DIRECT)
        self.world.settle()
        self.compare()

    def open(self, world: World) -> None:
        self.world = world
        for room in ROOMS:
            world.huddle.room(room)

    # -- talking -------------------------------------------------------------------------------

    @rule(room=st.sampled_from(ROOMS), count=st.integers(1, 4))
    def all_talk(self, room: str, count: int) -> None:
        """Everybody who can says something, a turn after the other."""
        for _ in range(count):
            for who in range(3):
                self.say(who, room, 1)
            for who in range(2):
                self.speak(who, 1)
            self.world.reactor.turn()

    @rule(who=st.integers(0, 2), room=st.sampled_from(ROOMS), count=st.integers(1, 12))
    def say(self, who: int, room: str, count: int) -> None:
        robot = self.robots[who]
        if robot.talks:
            robot.sends(*[robot.drafts(room) for _ in range(count)])

    @rule(who=st.integers(0, 2))
    def say_again(self, who: int) -> None:
        robot = self.robots[who]
        if robot.talks:
            robot.sends(*robot.unacknowledged.values())

    @rule(who=st.integers(0, 2), id=st.integers(1, 30))
    def say_something_old_again(self, who: int, id: int) -> None:
        robot = self.robots[who]
        if robot.talks and id in robot.acks:
            robot.sends(robot.said[id])

    @rule(who=st.integers(0, 2), other=st.integers(0, 2), count=st.integers(1, 4))
    def write_to(self, who: int, other: int, count: int) -> None:
        robot = self.robots[who]
        if robot.talks:
            robot.sends(*[robot.writes(self.robots[other]) for _ in range(count)])

    @rule(who=st.integers(0, 2), room=st.sampled_from(ROOMS))
    def go_out(self, who: int, room: str) -> None:
        robot = self.robots[who]
        if robot.talks:
            robot.leaves(room)

    @rule(who=st.integers(0, 2))
    def come_in(self, who: int) -> None:
        """It comes in again with what it has, and misses nothing of what was said meanwhile."""
        if self.robots[who].talks:
            self.robots[who].joins_again()

    @rule(who=st.integers(0, 2))
    def rename(self, who: int) -> None:
        robot = self.robots[who]
        if robot.talks:
            robot.nicks.append(f"{robot.name}{len(robot.nicks)}")
            robot.sends({"type": "nick", "nick": robot.nicks[-1]})

    @rule(who=st.integers(0, 1))
    def rename_a_person(self, who: int) -> None:
        if self.humans[who].talks:
            self.humans[who].renames()

    @rule(who=st.integers(0, 1), count=st.integers(1, 3))
    def speak(self, who: int, count: int) -> None:
        for _ in range(count if self.humans[who].talks else 0):
            self.humans[who].speaks()

    # -- coming and going ----------------------------------------------------------------------

    @rule(who=st.integers(0, 2), transport=st.sampled_from((DIRECT, BUFFERED)))
    def come(self, who: int, transport: str) -> None:
        """A program connects, perhaps while its last connection is still there."""
        self.robots[who].connects(self.world, transport)

    @rule(who=st.integers(0, 1), transport=st.sampled_from((DIRECT, BUFFERED)))
    def come_back(self, who: int, transport: str) -> None:
        """A person connects, and uses their word if they have one."""
        self.humans[who].connects(self.world, transport)

    @rule(who=st.integers(0, 2))
    def bye(self, who: int) -> None:
        robot = self.robots[who]
        if robot.talks:
            robot.sends({"type": "bye"})
            robot.entered = False

    @rule(who=st.integers(0, 1))
    def leave(self, who: int) -> None:
        self.humans[who].types("/salir")

    # -- what becomes of connections -----------------------------------------------------------

    def peer(self, who: int) -> Peer | None:
        return self.robots[who].peer if who < 3 else self.humans[who - 3].visits[-1]

    @rule(who=st.integers(0, 4), room=st.integers(0, 400))
    def stop_reading(self, who: int, room: int) -> None:
        if peer := self.peer(who):
            peer.stops_reading(room)

    @rule(who=st.integers(0, 4), count=st.integers(1, 400))
    def take(self, who: int, count: int) -> None:
        if peer := self.peer(who):
            peer.wire.take(count)

    @rule(who=st.integers(0, 4))
    def read_again(self, who: int) -> None:
        if peer := self.peer(who):
            peer.wire.go_on()

    @rule(
        who=st.integers(0, 4),
        comes_back=st.booleans(),
        transport=st.sampled_from((DIRECT, BUFFERED)),
    )
    def cut(self, who: int, comes_back: bool, transport: str) -> None:
        if peer := self.peer(who):
            peer.wire.break_off()
        if comes_back:
            self.everybody[who].connects(self.world, transport)

    @rule(who=st.integers(0, 4))
    def end_input(self, who: int) -> None:
        if peer := self.peer(who):
            peer.wire.input_ended = True

    # -- what becomes of the disk --------------------------------------------------------------

    @rule(slow=st.booleans(), slow_to_read=st.booleans())
    def slow_down(self, slow: bool, slow_to_read: bool) -> None:
        self.disk.slow, self.disk.slow_to_read = slow, slow_to_read

    @rule(count=st.integers(1, 4))
    def write(self, count: int) -> None:
        self.disk.writes(count)
        self.disk.finds()

    @rule(count=st.integers(1, 2), odd=st.booleans())
    def refuse(self, count: int, odd: bool) -> None:
        """Nothing of the batch is kept; it may be the batch's fault."""
        self.disk.refuses(count, ValueError("odd") if odd else None)

    @rule(broken=st.booleans(), unreadable=st.booleans())
    def break_disk(self, broken: bool, unreadable: bool) -> None:
        self.disk.broken, self.disk.unreadable = broken, unreadable

    @rule(written=st.integers(0, 3), come_back=st.booleans())
    def crash(self, written: int, come_back: bool) -> None:
        """The power fails; what was on its way to the disk may be there and may not."""
        self.disk.loses_power(written)
        self.open(self.world.crashes())
        for each in self.everybody if come_back else ():
            each.connects(self.world, DIRECT)

    # -- time ----------------------------------------------------------------------------------

    @rule(count=st.integers(1, 3))
    def turn(self, count: int) -> None:
        for _ in range(count):
            self.world.reactor.turn()

    @rule()
    def settle(self) -> None:
        self.world.settle()

    @rule(seconds=st.sampled_from((0.1, 1.0, 6.0)))
    def wait(self, seconds: float) -> None:
        self.world.beats(seconds)

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def compare(self) -> None:
        truth = Truth(self.disk)
        nicks = {each.name: each.nicks for each in self.everybody}
        for said in (*truth.kept["huddle"], *truth.kept["ops"]):
            assert said.nick in nicks[said.text.partition("-")[0]], said
        for robot in self.robots:
            robot.looks()
            robot.compares(truth)
            self.is_in_order(robot, truth)
        for human in self.humans:
            human.looks(truth, nicks)
            own = truth.by(human.name, "huddle")
            assert len(own) == len({*own}), f"{human} is recorded as {own}"

    def is_in_order(self, robot: Robot, truth: Truth) -> None:
        """What it said is there once, and in the order in which it was said."""
        for room in PLACES:
            own = truth.by(robot.name, room)
            ids = [int(text.split("-")[1]) for text in own]
            assert ids == sorted(set(ids)), f"{robot} is recorded as {own}"
        for other in self.robots:
            if other is not robot:
                had = truth.from_to(robot.name, other.name)
                wrote = robot.wrote(other)
                assert had == [text for text in wrote if text in had], f"{other} has {had}"
                assert set(had) == {*wrote} & {*truth.by(robot.name, INBOX)}, "one copy alone"

    @override
    def teardown(self) -> None:
        """Everything works again, everybody comes back: now nothing is missing."""
        self.disk.slow = self.disk.slow_to_read = False
        self.disk.broken = self.disk.unreadable = False
        self.disk.writes()
        self.disk.finds()
        self.all_come_back(seconds=4)

    def all_come_back(self, seconds: int) -> None:
        """Everybody does, and has everything after so much time."""
        for each in self.everybody:
            each.connects(self.world, DIRECT)
        for _ in range(seconds):
            self.world.passes(1)
            self.compare()
            for each in self.everybody:
                each.tries_again()
        truth = Truth(self.disk)
        for each in self.everybody:
            each.has_all(truth)


class ForgetfulTalk(Talk):
    """The same where the record forgets, and a lost session soon leaves."""

    limits = FORGETFUL


@pytest.mark.parametrize("own", [LIMITS.replay - 1, LIMITS.replay])
def test_the_model_knows_what_is_shown_to_who_comes_in_anew_behind_their_own_lines(
    own: int,
) -> None:
    talk = Talk()
    talk.say(0, "huddle", 3)
    talk.settle()
    talk.speak(0, own)
    talk.settle()
    hana = talk.humans[0]
    hana.word = ""  # as where it opens nothing any more
    hana.connects(talk.world, DIRECT)
    talk.settle()
    talk.compare()
    assert (hana.level is None) is (own == LIMITS.replay)
    talk.teardown()


def test_the_model_knows_that_behind_what_is_gone_there_may_be_ones_own_lines_alone() -> None:
    talk = ForgetfulTalk()
    talk.speak(0, 3)
    talk.settle()
    talk.compare()
    talk.stop_reading(4, 0)
    talk.speak(0, 3)
    talk.settle()
    for _ in range(4):
        talk.speak(1, 3)
        talk.settle()
    talk.teardown()
    hugo = talk.humans[1]
    assert hugo.visits[-1] in hugo.gaps


@pytest.mark.parametrize("talk", [Talk, ForgetfulTalk])
def test_nothing_is_lost_doubled_or_out_of_order(
    talk: type[Talk], logged_failures: list[Failure]
) -> None:
    """Each gets every message once, in one order, under the right name, and keeps every ack.

    What the record has forgotten is told as gone, and only that.
    """
    find_nothing(talk, os.environ.get("HUDDLE_SEARCH", "short"), logged_failures)


def find_nothing(talk: type[Talk], search: str, logged_failures: list[Failure]) -> None:
    run_state_machine_as_test(talk, settings=SEARCHES[search])
    assert all(failure.check(ValueError) for failure in logged_failures)
    logged_failures.clear()
