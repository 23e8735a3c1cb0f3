"""Where one is: what is typed is said there, and nowhere else."""

from __future__ import annotations

from tests.client.conversation.chat import Chat, inside, pipe
from tests.client.dialogue import WELCOME, ack, error, said


def test_what_is_said_in_a_joined_room_is_said_there_until_it_is_left() -> None:
    chat = Chat().enter().type("/join ops")
    [join] = chat.sent()
    chat.hear({"type": "reply", "id": join["id"], "count": 1, "here": ["ana"]})
    assert chat.paper.read() == ["-- You are in ops now. Nobody else is here."]
    chat.type("hola").hear(said(11))
    assert chat.paper.read() == ["#huddle <bob> hola"]
    assert chat.sent()[0]["room"] == "ops"
    chat.type("/leave")
    [leave] = chat.sent()
    chat.hear({"type": "reply", "id": leave["id"]}).type("hola")
    assert chat.sent()[0]["room"] == "huddle"


def test_what_is_typed_right_behind_a_join_is_said_there_and_nowhere_else() -> None:
    chat = pipe().enter().type("/join ops sesame", "for those in ops", "/topic tonight")
    assert [(each["type"], each["room"]) for each in chat.sent()] == [
        ("join", "ops"),
        ("say", "ops"),
        ("topic", "ops"),
    ]


def test_what_is_typed_behind_a_join_before_there_is_a_connection_is_said_there() -> None:
    chat = pipe().type("/join OPS", "for those in ops").connect().hear(WELCOME)
    assert [each.get("room") for each in chat.sent()] == [None, "OPS", "OPS"]


def test_what_was_typed_behind_a_join_that_is_refused_is_said_nowhere() -> None:
    chat = Chat().enter().type("/join ops", "for those in ops")
    join, say = chat.sent()
    locked = error("room-locked", id=join["id"], text="It is locked.")
    chat.hear(locked, error("no-such-room", id=say["id"], text="You are in no room ops."))
    assert chat.said() == []
    assert "--    for those in ops" in chat.paper.warned
    chat.type("", "hola")  # no key
    assert chat.sent()[-1]["room"] == "huddle"


def test_what_is_typed_right_behind_a_leave_is_said_where_one_is_then() -> None:
    chat = pipe().enter().type("/join ops", "uno", "/leave", "dos")
    assert [each["room"] for each in chat.sent()] == ["ops", "ops", "ops", "huddle"]


def test_who_turns_to_somebody_before_a_room_is_entered_talks_to_them_alone() -> None:
    chat = Chat().enter().type("/join ops", "/msg bob", "uno")
    join, said_before = chat.sent()
    chat.hear({"type": "reply", "id": join["id"], "room": "ops", "count": 1, "here": ["ana"]})
    [said_after] = chat.type("dos").sent()
    assert (said_before["to"], said_after["to"]) == ("bob", "bob")


def test_who_talks_to_somebody_and_joins_a_room_talks_to_all_of_it() -> None:
    chat = Chat(to="bob").enter().type("/join ops", "uno")
    join, said_before = chat.sent()
    chat.hear({"type": "reply", "id": join["id"], "room": "ops", "count": 1, "here": ["ana"]})
    [said_after] = chat.type("dos").sent()
    assert (said_before["room"], said_after["room"]) == ("ops", "ops")


def test_a_room_that_is_entered_at_first_turns_nobody_from_whom_they_talk_to() -> None:
    chat = Chat(room="ops", to="bob").connect().hear(WELCOME)
    join = chat.sent()[-1]
    chat.hear({"type": "reply", "id": join["id"], "room": "ops", "count": 1, "here": ["ana"]})
    assert chat.type("uno").sent()[0]["to"] == "bob"


def test_a_join_whose_answer_was_lost_is_asked_again_where_one_is_already() -> None:
    chat = Chat().enter().type("/join ops")
    [join] = chat.sent()
    chat.hear({"type": "reply", "id": join["id"], "room": "ops", "count": 1, "here": ["ana"]})
    chat.type("/join huddle")
    chat.sent()
    here = {"seq": 0, "count": 1, "here": ["ana"]}
    chat.lose().connect().hear(WELCOME | {"rooms": {"ops": here, "huddle": here}})
    again = chat.sent()[-1]
    assert (again["type"], again["room"]) == ("join", "huddle")
    chat.hear({"type": "reply", "id": again["id"], "room": "huddle", "count": 1, "here": ["ana"]})
    assert chat.paper.read()[-1] == "-- You are in huddle now. Nobody else is here."


OPS = {"type": "reply", "room": "ops", "seq": 0, "count": 1, "here": []}


def in_ops() -> Chat:
    chat = inside().type("/join OPS")
    [join] = chat.sent()
    chat.hear(OPS | {"id": join["id"]})
    chat.paper.read()
    return chat


def test_what_is_typed_is_said_in_the_room_by_the_name_that_the_server_gives_it() -> None:
    chat = in_ops().type("hola")
    assert [message["room"] for message in chat.sent()] == ["ops"]


def test_rooms_that_are_joined_again_after_a_break_do_not_move_one() -> None:
    chat = in_ops().type("/join den")
    [join] = chat.sent()
    chat.hear(OPS | {"id": join["id"], "room": "den"})
    chat.lose().enter()
    for rejoin in chat.sent():
        chat.hear(OPS | {"id": rejoin["id"], "room": rejoin["room"]})
    chat.type("hola")
    assert [message["room"] for message in chat.sent()] == ["den"]


def test_who_is_sent_out_is_in_the_first_room_again() -> None:
    chat = in_ops()
    chat.hear({"type": "removed", "room": "ops", "by": "bob", "reason": "loud", "banned": False})
    assert chat.paper.read_warnings() == ["-- bob sent you out of ops: loud"]
    chat.type("hola")
    assert [message["room"] for message in chat.sent()] == ["huddle"]


def test_a_pipe_into_a_room_ends_when_it_is_sent_out() -> None:
    chat = pipe(room="ops").connect().hear(WELCOME)
    [_, join] = chat.sent()
    chat.hear(OPS | {"id": join["id"]})
    chat.hear({"type": "removed", "room": "ops", "by": "bob", "reason": "", "banned": False})
    assert chat.sent()[-1]["type"] == "bye"
    chat.hear({"type": "bye"})
    assert chat.paper.status == 1


def test_who_is_sent_out_of_the_house_is_told_why_and_the_program_ends() -> None:
    chat = inside().hear(error("kicked", by="bob"))
    assert chat.paper.read_warnings() == ["-- (kicked)"]
    assert chat.paper.status == 1


def test_several_rooms_are_entered_and_the_first_is_where_one_is() -> None:
    chat = Chat(room="ops", more_rooms=["den", "huddle"]).connect().hear(WELCOME)
    _, *joins = chat.sent()
    assert [join["room"] for join in joins] == ["ops", "den"]
    for join in joins:
        chat.hear(OPS | {"id": join["id"], "room": join["room"]})
    chat.type("hola")
    assert [message["room"] for message in chat.sent()] == ["ops"]


def test_the_only_room_is_not_left() -> None:
    chat = inside().type("/leave")
    assert chat.paper.read() == ["-- You are in no other room; /quit leaves."]
    assert chat.sent() == []


def test_a_talk_with_one_person_until_it_is_left() -> None:
    chat = inside().type("/msg bob", "psst", "/me waves", "/leave", "to all")
    assert chat.conversation.partner is None
    assert [(m["type"], m.get("to"), m.get("kind"), m["text"]) for m in chat.sent()] == [
        ("msg", "bob", None, "psst"),
        ("msg", "bob", "me", "waves"),
        ("say", None, None, "to all"),
    ]
    assert chat.paper.read() == [
        "-- What you say is for bob only; /leave ends that.",
        "-- You are in huddle now.",
    ]


def test_requests_in_a_talk_are_about_private_messages() -> None:
    chat = inside().type("/msg bob", "/history 5")
    [asked] = chat.sent()
    assert (asked["type"], asked["room"], asked["limit"]) == ("history", "@", 5)


def test_everything_is_for_one_person_when_the_program_is_started_so() -> None:
    chat = pipe(to="bob").type("psst").connect().hear(WELCOME)
    assert [(m["type"], m.get("to")) for m in chat.sent()] == [("hello", None), ("msg", "bob")]


def test_a_line_that_was_not_said_is_given_back_where_it_was_for() -> None:
    chat = inside().type("hola", "//who", "/me waves", "/msg bob psst", "late", "/join ops")
    *lines, late, join = chat.sent()
    for line in lines:
        chat.hear(error("too-fast", id=line["id"]))
    assert chat.paper.given_back == ["hola", "//who", "/me waves", "/msg bob psst"]
    chat.hear(OPS | {"id": join["id"]}, error("too-fast", id=late["id"]))
    assert len(chat.paper.given_back) == 4  # it was for another room than this one


def test_the_last_own_line_is_deleted_and_then_the_one_before() -> None:
    chat = inside().type("one", "two").hear(ack(1, 11), ack(2, 12))
    chat.sent()
    chat.type("/delete")
    [asked] = chat.sent()
    assert asked == {"type": "delete", "id": 3, "room": "huddle", "seq": 12}
    chat.hear({"type": "deleted", "room": "huddle", "seq": 12, "nick": "ana"})
    chat.hear(said(13, nick="eva")).type("/borrar", "/delete EVA", "/delete 7", "/delete bob")
    assert [asked["seq"] for asked in chat.sent()] == [11, 13, 7]
    assert chat.paper.read_warnings() == ["-- There is no such message to delete."]


def test_a_line_without_a_number_yet_is_not_mistaken_for_the_one_before() -> None:
    chat = inside().type("one").hear(ack(1, 11)).type("slip", "/delete")
    assert chat.paper.read_warnings() == ["-- Your last line is still on its way; try it again."]
    assert [message["type"] for message in chat.sent()] == ["say", "say"]
