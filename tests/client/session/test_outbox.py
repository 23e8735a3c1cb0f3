"""Own lines, from being typed to being acknowledged, whatever becomes of the connection."""

from __future__ import annotations

from huddle.client.session import events
from huddle.client.session.state import Kind, Line
from tests.client.dialogue import WELCOME, Dialogue, ack, error


def texts(happened: list[events.Event]) -> list[str]:
    """The texts of the messages among events."""
    return [event.text for event in happened if isinstance(event, events.Said)]


def reopened(talk: Dialogue) -> Dialogue:
    """The program is started again."""
    return Dialogue(talk.diary)


def test_a_line_has_an_id_and_is_acknowledged() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["hola"], "huddle")
    assert talk.sent() == [{"type": "say", "id": 1, "room": "huddle", "text": "hola"}]
    line = Line(Kind.SAY, "huddle", "hola")
    assert talk.hear(ack(1, 11)) == [events.Acknowledged(1, line, 11)]
    assert talk.session.settled


def test_a_paste_is_as_many_lines_in_one_write_said_together() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno\r\n\tdos\n\n   \ntres\u2028cuatro\n"], "huddle")
    lines = ["uno", "\tdos", "", "   ", "tres", "cuatro"]
    assert talk.sent() == [
        {"type": "say", "id": id, "room": "huddle", "text": text, "block": 1}
        for id, text in enumerate(lines, 1)
    ]


def test_a_line_alone_is_no_block_and_blank_ones_say_nothing() -> None:
    talk = Dialogue()
    talk.enter()
    for texts in (["uno\n"], [""], ["", " \n\t"], []):
        talk.session.say(texts, "huddle")
    talk.session.say(["one", "two"], "huddle", Kind.ME)
    sent = talk.sent()
    assert [each["text"] for each in sent] == ["uno", "one", "two"]
    assert not any("block" in each for each in sent)


def test_what_is_said_to_one_person_together_is_a_block_too() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["zero"], "huddle")
    talk.session.tell("bob", "one", "", "two")
    talk.session.tell("bob", "three")
    talk.session.say(["a", "b"], "huddle")
    assert [each.get("block") for each in talk.sent()] == [None, 2, 2, 2, None, 6, 6]


def test_a_block_is_said_again_as_it_was_after_a_broken_connection() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["zero"], "huddle")
    talk.session.say(["one", "", "two"], "huddle")
    talk.sent()
    talk.hear(ack(2, 9))
    talk.lose()
    again = Dialogue(talk.diary)  # another run of the program
    again.enter()
    said = [(each["id"], each["text"], each.get("block")) for each in again.sent()]
    assert said == [(1, "zero", None), (3, "", 2), (4, "two", 2)]


def test_what_is_said_again_in_another_session_is_a_block_there() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["one", "", "two"], "huddle")
    talk.hear(ack(1, 9))
    talk.lose()
    talk.connect()
    talk.hear(error("session-unknown"))
    talk.hear(WELCOME)
    talk.sent()
    talk.session.decide_doubts(say_again=True)
    assert [(each["text"], each["block"]) for each in talk.sent()] == [("", 4), ("two", 4)]


def test_an_answer_and_a_correction_name_their_message() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["yes"], "huddle", re=41)
    talk.session.say(["hola"], "huddle", edits=42)
    first, second = talk.sent()
    assert (first["re"], second["edits"]) == (41, 42)
    assert "edits" not in first and "re" not in second and "block" not in first


def test_what_one_does_and_what_one_person_is_told() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["waves"], "huddle", Kind.ME)
    talk.session.tell("bob", "psst")
    assert talk.sent() == [
        {"type": "say", "id": 1, "room": "huddle", "text": "waves", "kind": "me"},
        {"type": "msg", "id": 2, "to": "bob", "text": "psst"},
    ]


def test_a_text_is_cleaned_before_it_is_kept() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["\x1b[2J \ud800"], "huddle")
    assert talk.said() == [(1, "\ufffd[2J \ufffd")]


def test_a_text_over_the_servers_limit_is_refused_at_once_and_whole() -> None:
    talk = Dialogue()
    talk.enter(limits={"text": 4})
    [refused] = talk.session.say(["ññ", "ñña"], "huddle")
    assert refused == events.Refused(Line(Kind.SAY, "huddle", "ñña"), "text-too-long", "")
    assert talk.said() == [(1, "ññ")]


def test_what_is_typed_offline_is_said_on_the_next_connection() -> None:
    talk = Dialogue()
    talk.session.say(["uno"], "huddle")
    assert talk.session.waiting == 1
    talk.connect()
    talk.session.say(["dos"], "huddle")
    assert talk.sent() == []
    talk.hear(WELCOME)
    assert talk.said() == [(1, "uno"), (2, "dos")]


def test_everything_unacknowledged_is_said_again_in_order_and_before_what_is_new() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno", "dos", "tres"], "huddle")
    talk.hear(ack(2, 12))
    talk.sent()
    talk.lose()
    talk.session.say(["cuatro"], "huddle")
    [welcomed] = talk.enter(last_id=2)
    assert isinstance(welcomed, events.Welcomed)
    assert welcomed.again == 2
    assert talk.said() == [(1, "uno"), (3, "tres"), (4, "cuatro")]


def test_an_id_is_on_the_disk_before_its_line_is_sent() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    talk.diary.power_cut()
    again = reopened(talk)
    again.enter()
    again.session.say(["dos"], "huddle")
    assert again.said() == [(1, "uno"), (2, "dos")]


def test_what_is_typed_offline_survives_a_power_cut() -> None:
    talk = Dialogue()
    talk.session.say(["uno"], "huddle")
    talk.diary.power_cut()
    again = reopened(talk)
    again.enter()
    assert again.said() == [(1, "uno")]


def test_a_count_that_was_lost_is_taken_from_the_server() -> None:
    talk = Dialogue()
    talk.session.say(["typed before it was known"], "huddle")
    talk.enter(last_id=41)
    assert talk.said() == [(42, "typed before it was known")]


def test_an_acknowledgement_of_nothing_is_passed_over() -> None:
    talk = Dialogue()
    talk.enter()
    assert talk.hear(ack(5, 11)) == []


def test_a_refused_line_is_told_and_never_said_again() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno", "dos"], "huddle")
    refused = talk.hear(error("id-reused", id=1))
    line = Line(Kind.SAY, "huddle", "uno")
    assert refused == [events.Refused(line, "id-reused", "(id-reused)")]
    assert talk.hear(error("expired", id=2)) == [events.Expired(Line(Kind.SAY, "huddle", "dos"))]
    talk.sent()
    talk.lose()
    talk.enter()
    assert talk.said() == []


def test_what_was_not_recorded_is_said_again_from_the_first_after_a_while() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno", "dos"], "huddle")
    talk.sent()
    lost = [error("not-recorded", id=1), error("not-recorded", id=2)]
    assert talk.hear(*lost) == [events.Delayed()]
    talk.session.say(["tres"], "huddle")
    assert talk.said() == []
    assert talk.wait(0.5) == []
    assert talk.said() == [(1, "uno"), (2, "dos"), (3, "tres")]


def test_the_pauses_before_saying_again_grow_until_something_is_recorded() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    talk.sent()
    pauses = []
    for _ in range(7):
        talk.hear(error("not-recorded", id=1))
        before = talk.clock.seconds()
        while not talk.said():
            talk.clock.advance(0.25)
            talk.session.tick()
        pauses.append(talk.clock.seconds() - before)
    assert pauses == [0.5, 1, 2, 4, 8, 15, 15]
    talk.hear(ack(1, 11))
    talk.session.say(["dos"], "huddle")
    [(id, _)] = talk.said()
    talk.hear(error("not-recorded", id=id))
    assert talk.session.deadline == talk.clock.seconds() + 0.5


def test_a_new_connection_does_not_wait_for_the_pause() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    talk.hear(error("not-recorded", id=1))
    talk.sent()
    talk.lose()
    talk.enter()
    assert talk.said() == [(1, "uno")]


def test_a_pipe_is_slowed_down_when_too_much_waits() -> None:
    talk = Dialogue()
    talk.session.say(["x"] * 4096, "huddle")
    assert not talk.session.crowded
    talk.session.say(["x"], "huddle")
    assert talk.session.crowded


def forgotten(talk: Dialogue) -> list[events.Event]:
    """The connection is lost, and the server then does not know the session."""
    talk.lose()
    talk.connect()
    told = talk.hear(error("session-unknown"))
    assert [(m["session"], m["resume"]) for m in talk.sent()] == [("secret-2", False)]
    return told + talk.hear(WELCOME | {"epoch": "e2"})


def test_the_user_decides_about_lines_that_a_forgetful_server_may_have_had() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno", "dos"], "huddle")
    talk.sent()
    talk.session.disconnected()
    talk.session.say(["tres"], "huddle")
    told = forgotten(talk)
    lines = (Line(Kind.SAY, "huddle", "uno"), Line(Kind.SAY, "huddle", "dos"))
    assert told[-1] == events.InDoubt(lines)
    assert talk.said() == [(3, "tres")]
    talk.session.decide_doubts(say_again=True)
    assert talk.said() == [(4, "uno"), (5, "dos")]


def test_doubtful_lines_can_be_dropped() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    forgotten(talk)
    talk.session.decide_doubts(say_again=False)
    talk.lose()
    assert not any(isinstance(event, events.InDoubt) for event in talk.enter())
    assert talk.said() == []


def test_the_question_is_asked_once_a_run_and_again_by_the_next() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    forgotten(talk)
    talk.lose()
    assert not any(isinstance(event, events.InDoubt) for event in talk.enter(epoch="e2"))
    again = reopened(talk)
    assert events.InDoubt((Line(Kind.SAY, "huddle", "uno"),)) in again.enter(epoch="e2")


def test_an_answer_is_about_the_lines_that_were_asked_about_and_no_later_ones() -> None:
    talk = Dialogue()
    talk.enter()
    talk.session.say(["uno"], "huddle")
    forgotten(talk)
    talk.session.say(["dos"], "huddle")
    talk.lose()
    talk.connect()
    talk.hear(error("session-unknown"))
    talk.session.decide_doubts(say_again=False)
    assert talk.hear(WELCOME)[-1] == events.InDoubt((Line(Kind.SAY, "huddle", "dos"),))


def test_a_server_that_knows_no_session_at_all_is_not_asked_for_ever() -> None:
    talk = Dialogue()
    talk.connect()
    told = talk.hear(error("session-unknown"))
    assert told == [events.TurnedAway("session-unknown", "(session-unknown)")]
    assert talk.sent() == []
