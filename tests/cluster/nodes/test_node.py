"""A node over the log: what it appends, what it makes of silence, and when it halts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure

from huddle.cluster import apply as applying
from huddle.cluster.batches import Batch, decode, encode
from huddle.cluster.effects import VOID, Cause, Done, Outcome
from huddle.cluster.entries import Attach, Beat, Begin, Expire, Say, Up
from huddle.cluster.log import MOST_ENTRY, Gap, NotAppended
from huddle.cluster.log import Cause as GapCause
from huddle.cluster.naming import keyed
from huddle.cluster.nodes import log_window
from huddle.cluster.nodes.node import MOST_UNKEPT
from huddle.cluster.nodes.node_status import NodeStatus
from huddle.cluster.rules.upgrades import KNOWN_RULES
from huddle.cluster.snapshot import dump, load
from huddle.cluster.state import first_state
from huddle.protocol.errors import NotRecorded
from tests.cluster.small_house import Server, Town
from tests.cluster.written_log import HUDDLE


def result(asked: Deferred[Outcome]) -> list[Outcome | Failure]:
    """What it has come to, if it has come to anything."""
    results: list[Outcome | Failure] = []
    asked.addBoth(results.append)
    return results


def status(server: Server) -> NodeStatus:
    return server.node.status


def texts(town: Town) -> list[str]:
    return [each.text for each in town.replayed()[1]]


def appended(town: Town) -> list[Batch]:
    return [decode(each.bytes) for each in town.engine.entries]


@pytest.fixture
def town() -> Town:
    """Three nodes; the first two members are on a, the next two on b; they are programs. The last
    two are people, on a and on b."""
    town = Town()
    for member, name in zip(town.members, "aabbab", strict=True):
        member.connect(town.servers[name])
        town.goes(0.2)
    return town


def test_a_node_is_level_when_its_first_entry_has_come_back(town: Town) -> None:
    town.members[0].say()
    town.goes(1)
    late = Server(town, "d", first_state())
    assert status(late) is NodeStatus.COMING
    early = result(late.node.propose(Beat()))
    assert isinstance(early[0], Failure)
    town.goes(2)
    assert late.statuses == [NodeStatus.LEVEL]
    assert [each.text for each in late.messages.values()] == ["0:1"]


def test_what_is_said_while_a_batch_is_under_way_is_the_next_one(town: Town) -> None:
    """One engine write a line would be 277 a second; one for all that waits makes it 14,000."""
    for _ in range(300):
        town.members[0].say()
    town.goes(0.5)
    batches = [sum(isinstance(each, Say) for each in batch.entries) for batch in appended(town)]
    assert [count for count in batches if count] == [1, 299]
    assert len(town.servers["a"].messages) == 300


def test_a_batch_is_no_larger_than_the_log_takes(town: Town) -> None:
    session = town.members[0].session
    for id in range(200):
        town.servers["a"].ask(Say(session, id + 1, "h" * 4096, "huddle"))
    town.goes(2)
    assert len(texts(town)) == 200
    assert max(len(each.bytes) for each in town.engine.entries) <= MOST_ENTRY


def test_an_outcome_is_told_when_the_record_has_it_and_not_before(town: Town) -> None:
    a = town.servers["a"]
    a.slow = []
    said = town.members[0].say()
    town.goes(1)
    assert texts(town) == [said]
    assert not town.members[0].placed
    for kept in a.slow:
        kept.callback(None)
    assert town.members[0].placed == {said: 1}


def test_a_node_reads_no_more_of_the_log_than_its_record_can_follow(town: Town) -> None:
    b = town.servers["b"]
    b.slow = []
    for _ in range(MOST_UNKEPT + 100):
        town.members[0].say()
        town.goes(0.04)
    assert MOST_UNKEPT <= len(b.slow) < MOST_UNKEPT + 5
    slow, b.slow = b.slow, None
    for kept in slow:
        kept.callback(None)
    town.goes(60, 0.1)
    town.check()


def test_an_isolated_node_waits_then_refuses_then_sends_programs_away(town: Town) -> None:
    a, member = town.servers["a"], town.members[4]
    a.log.cut_off = True
    said = [member.say()]
    town.goes(9)
    said.append(member.say())
    assert status(a) is NodeStatus.WAITING
    town.goes(3)
    assert status(a) is NodeStatus.REFUSING
    refused = result(a.node.propose(Say(member.session, 0, "now?", "huddle")))
    assert isinstance(refused[0], Failure)
    assert refused[0].check(NotRecorded)
    town.goes(20)
    assert status(a) is NodeStatus.ALONE
    assert not texts(town)
    a.log.cut_off = False
    town.goes(5)
    assert status(a) is NodeStatus.LEVEL
    assert texts(town) == said  # once, and only now
    assert list(member.placed) == said
    assert [each.cause for each in a.downs] == [Cause.SILENT]


def test_however_long_nothing_comes_back_one_beat_waits(town: Town) -> None:
    a = town.servers["a"]
    a.log.cut_off = True
    town.goes(8)
    waiting = len(a.node._proposals)
    town.goes(60)
    assert len(a.node._proposals) == waiting


def test_after_healing_it_has_its_members_but_for_those_who_went_on(town: Town) -> None:
    a, stays, goes = town.servers["a"], town.members[0], town.members[1]
    a.log.cut_off = True
    town.goes(9)
    goes.connect(town.servers["c"])
    town.goes(9)
    assert town.servers["b"].state.sessions[stays.session].away
    a.log.cut_off = False
    town.goes(5)
    state = town.servers["b"].state
    assert state.sessions[stays.session].life == a.node.life
    assert state.sessions[goes.session].life == town.servers["c"].node.life
    assert list(a.connections.values()) == [stays, town.members[4]]


def test_a_node_whose_connections_moved_while_it_was_cut_off_ends_them(town: Town) -> None:
    """The program's connection to a looked alive, and it was given up for another."""
    a, member = town.servers["a"], town.members[1]
    a.log.cut_off = True
    member.server = None  # it goes without a word, and a does not hear it go
    town.goes(8)
    member.connect(town.servers["c"])
    town.goes(8)
    assert member.session in a.connections
    a.log.cut_off = False
    town.goes(5)
    assert member.session not in a.connections


def test_a_node_that_comes_back_takes_nobody_from_where_they_went_on(town: Town) -> None:
    """A person's `/back` has no turn by which the node that was cut off would come too late."""
    a, b, person = town.servers["a"], town.servers["b"], town.members[4]
    a.log.cut_off = True
    assert result(b.node.propose(Attach(person.session, 0))) == []
    town.goes(9)
    a.log.cut_off = False
    town.goes(5)
    assert status(a) is NodeStatus.LEVEL
    assert b.state.sessions[person.session].life == b.node.life
    assert person.session not in a.connections


def test_a_node_that_was_cut_off_puts_no_one_down(town: Town) -> None:
    """It has heard nothing of the others for 20 s. By its clock they would all be dead."""
    town.servers["a"].log.cut_off = True
    town.goes(20)
    town.servers["a"].log.cut_off = False
    town.goes(10)
    assert {each.node for server in town.living() for each in server.downs} == {"a"}


@pytest.mark.parametrize("seconds", [20, 40])
def test_a_node_that_stood_still_itself_has_not_lost_the_others(town: Town, seconds: int) -> None:
    """Row: a node stands still for 20 seconds, and goes on."""
    a, member = town.servers["a"], town.members[4]
    town.goes(5)
    a.statuses.clear()
    a.stands_still()
    town.goes(seconds)
    a.goes_on()
    said = [member.say()]
    town.goes(5)
    assert set(a.statuses) <= {NodeStatus.WAITING, NodeStatus.LEVEL}
    assert status(a) is NodeStatus.LEVEL
    assert texts(town) == said
    assert [each.cause for each in a.downs] == [Cause.SILENT]


def test_a_node_that_is_cut_off_when_it_goes_on_finds_it_out_from_then_on(town: Town) -> None:
    a = town.servers["a"]
    town.goes(5)
    a.stands_still()
    town.goes(20)
    a.goes_on()
    a.log.cut_off = True
    town.goes(9)
    assert status(a) is NodeStatus.WAITING
    town.goes(3)
    assert status(a) is NodeStatus.REFUSING


def test_an_engine_that_stood_still_for_all_puts_no_one_down(town: Town) -> None:
    """Ten beats of each waited. Counted one by one, the first node to be heard again would find
    the others silent for ten of its own."""
    for server in town.servers.values():
        server.log.cut_off = True
    town.goes(12)
    for server in town.servers.values():
        server.log.cut_off = False
    town.goes(10)
    assert not [each for server in town.living() for each in server.downs]
    assert all(server.node.status is NodeStatus.LEVEL for server in town.living())


def test_a_dead_node_is_put_down_after_five_beats_and_its_members_are_held(town: Town) -> None:
    dead, member = town.servers["a"], town.members[0]
    dead.kill()
    town.goes(4)
    assert dead.node.life in town.servers["b"].state.lives
    town.goes(3)
    state = town.servers["b"].state
    assert dead.node.life not in state.lives
    assert state.sessions[member.session].away
    assert len(state.rooms["huddle"].people) == 6


def test_a_hold_ends_by_the_word_of_the_lowest_that_lives(town: Town) -> None:
    member = town.members[2]
    member.hang_up()
    town.goes(118, 0.1)
    assert town.servers["a"].state.sessions[member.session].here
    town.goes(5, 0.1)
    assert not town.servers["a"].state.sessions[member.session].here
    ends = [batch for batch in appended(town) for each in batch.entries if isinstance(each, Expire)]
    assert [batch.node for batch in ends] == ["a"]


def test_a_hold_ends_also_where_the_lowest_dies_before_it_could_say_so(town: Town) -> None:
    member = town.members[2]
    member.hang_up()
    town.goes(117, 0.1)
    town.servers["a"].kill()
    town.goes(20, 0.1)
    assert not town.servers["b"].state.sessions[member.session].here


def test_a_hold_lasts_as_long_as_the_options_of_all_say() -> None:
    town = Town(nodes="")
    town.shared = {"hold": 5.0}
    a, member = Server(town, "a", first_state()), town.members[0]
    town.goes(1)
    member.connect(a)
    town.goes(1)
    member.hang_up()
    town.goes(4)
    assert a.state.sessions[member.session].here
    town.goes(4)
    assert not a.state.sessions[member.session].here


def test_those_who_were_held_when_a_node_started_are_counted_by_it_too(town: Town) -> None:
    town.members[2].hang_up()
    town.goes(1)
    snapshot = load(dump(town.servers["b"].state))
    for server in town.servers.values():
        server.kill()
    alone = Server(town, "d", snapshot)
    town.goes(130, 0.1)
    assert not alone.state.sessions[town.members[2].session].here


def test_a_node_whose_clock_is_wrong_proposes_nothing(town: Town) -> None:
    a = town.servers["a"]
    a.node.note_skew(3600.0)
    assert status(a) is NodeStatus.SKEWED
    refused = result(a.node.propose(Beat()))
    assert isinstance(refused[0], Failure)
    town.goes(10)
    assert [each.node for each in town.servers["b"].downs] == ["a"]
    a.node.note_skew(-0.5)
    town.goes(5)
    assert status(a) is NodeStatus.LEVEL


def test_a_clock_that_is_found_to_have_jumped_gives_no_batch_its_time(town: Town) -> None:
    """It is looked at when a batch is to be given the time, and the house would go by that one."""
    a, before = town.servers["a"], town.servers["b"].state.time
    a.jumped = 3600.0
    said = result(a.node.propose(Beat()))
    town.goes(3)
    assert status(a) is NodeStatus.SKEWED
    assert town.servers["b"].state.time - before < 10_000
    [refused] = said
    assert isinstance(refused, Failure) and refused.check(NotRecorded)
    a.jumped = 0.0
    a.node.note_skew(0.0)
    town.goes(3)
    assert status(a) is NodeStatus.LEVEL


@pytest.mark.parametrize("seconds", [2.0, -2.0])
def test_a_clock_is_wrong_beyond_two_seconds(town: Town, seconds: float) -> None:
    a = town.servers["a"]
    a.node.note_skew(seconds)
    assert status(a) is NodeStatus.LEVEL
    a.node.note_skew(seconds * 1.01)
    assert status(a) is NodeStatus.SKEWED


def test_a_node_whose_clock_is_wrong_when_it_starts_does_not_come_up(town: Town) -> None:
    """Its first entry alone would put the house's time an hour ahead, for all and for ever."""
    late = Server(town, "d", first_state(), starts=False)
    late.node.note_skew(3600.0)
    late.node.start()
    town.goes(5)
    assert late.statuses == [NodeStatus.SKEWED]
    assert "d" not in {each.node for each in appended(town)}
    late.node.note_skew(0.1)
    assert status(late) is NodeStatus.COMING
    town.goes(2)
    assert late.statuses[1:] == [NodeStatus.COMING, NodeStatus.LEVEL]


def test_two_nodes_of_one_name_the_older_halts(town: Town) -> None:
    other = Server(town, "a", first_state())
    town.goes(3)
    assert town.servers["a"].causes == [Cause.FENCED]
    assert status(town.servers["a"]) is NodeStatus.HALTED
    assert status(other) is NodeStatus.LEVEL


def test_one_that_was_replaced_while_it_was_cut_off_does_not_come_between(town: Town) -> None:
    """Put down for its silence, it would fence the one that was started in its place."""
    stale = town.servers["a"]
    stale.log.cut_off = True
    town.goes(8)
    other = Server(town, "a", first_state())
    town.goes(3)
    stale.log.cut_off = False
    town.goes(20)
    assert stale.causes == [Cause.FENCED]
    assert status(other) is NodeStatus.LEVEL
    assert not other.causes


def test_a_late_first_batch_of_an_earlier_start_sends_nobody_away(town: Town) -> None:
    """Put down for its silence, the node finds that one up in its place, which is dead."""
    a, here = town.servers["a"], dict(town.servers["a"].connections)
    a.log.cut_off = True
    town.goes(8)
    at = town.engine.entries[-1].position
    raw = encode(Batch("f" * 32, "a", 1, at, 0, (Up(town.shared, rules=KNOWN_RULES),)))
    town.engine.take(raw)
    town.goes(1)
    assert town.servers["b"].state.life_of("a") == "f" * 32
    a.log.cut_off = False
    town.goes(30)
    assert status(a) is NodeStatus.LEVEL
    assert a.connections == here
    sessions = town.servers["b"].state.sessions
    for number in here:
        assert (sessions[number].life, sessions[number].away) == (a.node.life, False)
    begun = next(each for each in appended(town) if each.life == a.node.life).entries
    assert [type(each) for each in begun].count(Up) == 1


def test_a_node_with_other_options_holds_sessions_as_long_as_the_others(town: Town) -> None:
    """Row: a node has other options than the others."""
    other = Server(town, "d", first_state(), {"hold": 5})
    town.goes(3)
    assert status(other) is NodeStatus.LEVEL
    town.members[0].hang_up()
    town.goes(60, 0.1)
    assert other.state.sessions[town.members[0].session].here
    assert not other.causes


def test_the_node_that_differs_is_the_one_that_halts(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row: what the nodes have differs."""
    monkeypatch.setattr(applying, "MARK_EVERY", 20)
    town.servers["b"].state.chain = "00" * 32
    town.goes(30)
    assert [server.causes for server in town.servers.values()] == [[], [Cause.OUTVOTED], []]


def test_the_log_is_let_go_of_behind_what_all_have_on_their_disks(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "MARK_EVERY", 20)
    monkeypatch.setattr(log_window, "WINDOW_MS", 10_000)
    town.goes(20)
    positions = [20, 30, 25]
    for server, position in zip(town.servers.values(), positions, strict=True):
        server.node.kept = position
    town.goes(20)
    assert town.engine.truncated == 20


def test_it_is_let_go_of_also_where_it_is_young_and_large(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine has no room for more."""
    monkeypatch.setattr(applying, "MARK_EVERY", 20)
    for most, is_let_go in ((log_window.WINDOW_BYTES, False), (1000, True)):
        monkeypatch.setattr(log_window, "WINDOW_BYTES", most)
        for _ in range(20):
            town.goes(1)
            for server in town.living():
                server.node.kept = server.state.position
        assert (town.engine.truncated > 0) is is_let_go


def test_a_node_that_was_killed_reads_on_however_much_was_said_meanwhile(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others pass mark after mark, and have all on their disks."""
    monkeypatch.setattr(applying, "MARK_EVERY", 20)
    town.servers["c"].kill()
    for _ in range(30):
        town.goes(1)
        for server in town.living():
            server.node.kept = server.state.position
    before = town.servers["c"].state.position
    assert town.servers["a"].state.settled() > before + 40
    town.restart("c")
    town.goes(5)
    assert town.servers["c"].gaps == [] and status(town.servers["c"]) is NodeStatus.LEVEL


def test_two_that_differ_both_write_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(nodes="ab")
    monkeypatch.setattr(applying, "MARK_EVERY", 20)
    town.servers["b"].state.chain = "00" * 32
    town.goes(30)
    statuses = {server.node.status for server in town.servers.values()}
    assert statuses == {NodeStatus.READ_ONLY}


def test_a_batch_of_a_later_version_halts_a_node_that_cannot_read_it(town: Town) -> None:
    batch = encode(Batch("ff" * 16, "z", 1, 0, 0, [Beat()]))
    town.engine.take(batch.replace(b'{"v":1', b'{"v":2'))
    town.goes(1)
    assert [server.causes for server in town.servers.values()] == [[Cause.RULES]] * 3


def test_a_log_that_has_lost_an_entry_is_not_followed_any_further(town: Town) -> None:
    a = town.servers["a"]
    a.log.cut_off = True
    town.members[2].say()
    town.goes(2)
    town.engine.lose(town.engine.entries[-2].position)
    a.log.cut_off = False
    town.goes(1)
    assert [gap.cause for gap in a.gaps] == [GapCause.LOST]
    assert status(a) is NodeStatus.HALTED
    assert not a.causes  # a peer's snapshot mends it


def test_a_node_that_stops_says_so_and_is_not_missed(town: Town) -> None:
    a = town.servers["a"]
    said = town.members[0].say()
    stopped = result(a.node.stop())
    town.goes(1)
    assert stopped
    assert texts(town) == [said]
    assert status(a) is NodeStatus.HALTED
    assert not a.causes
    assert [each.cause for each in town.servers["b"].downs] == [Cause.LEFT]
    late = result(a.node.propose(Beat()))
    assert isinstance(late[0], Failure)


def test_a_node_that_is_put_down_while_it_stops_leaves_all_the_same(town: Town) -> None:
    """Cut off for so long that the others have put it down, it reads that, and begins another life:
    to leave the one before means nothing, and it would stay for ever."""
    a = town.servers["a"]
    a.log.cut_off = True
    said = town.members[0].say()
    town.goes(1)
    stopped = result(a.node.stop())
    town.goes(8)
    assert not stopped
    a.log.cut_off = False
    town.goes(3)
    assert stopped == [Done()]
    assert texts(town) == [said]
    assert status(a) is NodeStatus.HALTED
    assert "a" not in {life.node for life in town.servers["b"].state.lives.values()}
    sent = len(town.engine.entries)
    town.goes(3)
    assert not [batch for batch in appended(town)[sent:] if batch.node == "a"]


def test_a_node_that_is_over_already_stops_at_once(town: Town) -> None:
    """Whatever it was that has put it down; and it is asked for nothing any more."""
    fenced, blind = town.servers["a"], town.servers["b"]
    Server(town, "a", first_state())
    town.goes(3)
    blind.node._fell_behind(Gap(GapCause.LOST, 1))
    for server in (fenced, blind):
        assert result(server.node.stop()) == [VOID]
        assert isinstance(result(server.node.propose(Beat()))[0], Failure)


def test_one_that_is_fenced_while_it_stops_does_not_wait_for_its_own_word(town: Town) -> None:
    a = town.servers["a"]
    a.log.cut_off = True
    stopped = result(a.node.stop())
    Server(town, "a", first_state())
    town.goes(3)
    a.log.cut_off = False
    town.goes(3)
    assert stopped == [VOID]
    assert result(a.node.stop()) == [VOID]


def test_a_node_of_two_that_differ_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(nodes="ab")
    monkeypatch.setattr(applying, "MARK_EVERY", 20)
    town.servers["b"].state.chain = "00" * 32
    town.goes(30)
    stopped = result(town.servers["b"].node.stop())
    town.goes(1)
    assert stopped == [Done()]


def test_a_session_is_unknown_only_behind_an_entry_of_one_s_own(town: Town) -> None:
    """It began on a a moment ago, and its program comes to b before b has heard of it."""
    a, b = town.servers["a"], town.servers["b"]
    a.ask(Begin(keyed("eve"), (HUDDLE,), "ee" * 32))
    town.goes(0.02)
    asked = result(b.node.propose(Beat()))
    assert "ee" * 32 not in b.state.by_key
    town.goes(1)
    assert asked
    assert "ee" * 32 in b.state.by_key


def test_what_was_sent_once_is_never_sent_otherwise(town: Town) -> None:
    """An append that ended without an answer may have landed: other bytes under its number would
    be taken for a retry, and lost."""
    a = town.servers["a"]
    sent: list[bytes] = []

    def failing(entry: bytes) -> Deferred[int]:
        sent.append(entry)
        return fail(NotAppended()) if len(sent) % 3 else real(entry)

    real: Callable[[bytes], Deferred[int]] = a.log.append
    a.log.append = failing  # type: ignore[method-assign]
    said = [town.members[0].say()]
    town.goes(0.5)
    said.append(town.members[0].say())
    town.goes(8)
    numbers = [(decode(each).n, each) for each in sent]
    assert len(set(numbers)) == len(dict(numbers)) < len(numbers)
    assert texts(town) == said
    assert list(town.members[0].placed) == said


def test_an_engine_that_was_restored_from_a_backup_halts_all(town: Town) -> None:
    """What was told since is in no log any more. To go on would be to give its numbers again."""
    town.members[0].say()
    town.goes(3)
    town.engine.rewind(town.engine.entries[-5].position)
    town.goes(3)
    for server in town.servers.values():
        assert [gap.cause for gap in server.gaps] == [GapCause.REWOUND]
        assert status(server) is NodeStatus.HALTED
