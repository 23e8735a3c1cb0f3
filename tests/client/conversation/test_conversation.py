"""A person, or a pipe, and the client: what is typed, asked, shown and told in the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred, succeed

from huddle.client.commands.commands import text_of
from huddle.client.commands.table import COMMANDS
from huddle.client.conversation.conversation import Conversation
from huddle.client.conversation.ports import Opened
from huddle.client.rendering.rendering import Rendering
from huddle.client.session.events import Cause, Doubt, Event, Offline, Untrusted
from huddle.client.session.journal import Trouble
from huddle.client.session.session import ClientSession
from huddle.locale import translator
from huddle.locale.clock import HouseClock
from huddle.protocol.text import clean
from tests.client.dialogue import WELCOME, Dialogue, Message, ack, error, said


class Paper:
    """A screen that keeps what was written."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.warned: list[str] = []
        self.places: list[str | None] = []
        self.titles: list[str] = []
        self.is_crowded = self.hidden = False
        self.given_back: list[str] = []
        self.status: int | None = None

    def show(self, lines: Sequence[str], place: str | None = None) -> None:
        self.shown += lines
        self.places.append(place)

    def warn(self, lines: Sequence[str], place: str | None = None) -> None:
        self.warned += lines

    def found(self, title: str, lines: Sequence[str]) -> None:
        self.titles.append(title)
        self.show(lines)

    def crowded(self, crowded: bool) -> None:
        self.is_crowded = crowded

    def hide(self, hidden: bool) -> None:
        self.hidden = hidden

    def give_back(self, text: str) -> None:
        self.given_back.append(text)

    def close(self, status: int) -> None:
        assert self.status is None, "closed twice"
        self.status = status

    def read(self) -> list[str]:
        """What has been shown since the last time."""
        shown, self.shown = self.shown, []
        return shown

    def read_warnings(self) -> list[str]:
        warned, self.warned = self.warned, []
        return warned


class Wire:
    """A link that the test plays the network of."""

    def __init__(self, talk: Dialogue, show: Callable[[Event], None]) -> None:
        self.talk = talk
        self.show = show
        self.started = self.paused = False
        self.sent: list[Message] = []

    @property
    def session(self) -> ClientSession:
        return self.talk.session

    def start(self) -> None:
        self.started = True

    def stop(self) -> Deferred[None]:
        return succeed(None)

    def carry_out(self, events: Sequence[Event]) -> None:
        for event in events:
            self.show(event)
        self.sent += self.talk.sent()

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False


class Chat:
    """A conversation with its screen and its server."""

    def __init__(
        self,
        *,
        interactive: bool = True,
        nick: str | None = "ana",
        trouble: Trouble | None = None,
        language: str = "en",
        **options: Any,
    ) -> None:
        self.paper = Paper()
        self._trouble = trouble
        rendering = Rendering(translator(language), lambda: date(2026, 11, 20), UTC)
        self.conversation = Conversation(
            self.paper, rendering, self._open, interactive=interactive, nick=nick, **options
        )
        self.conversation.begin()

    def _open(self, nick: str, show: Callable[[Event], None]) -> Opened:
        self.talk = Dialogue(nick=nick)
        self.wire = Wire(self.talk, show)
        return Opened(self.wire, self._trouble)

    def connect(self) -> Chat:
        self.wire.carry_out(self.talk.session.connected())
        return self

    def hear(self, *messages: Message) -> Chat:
        self.wire.carry_out(self.talk.hear(*messages))
        return self

    def enter(self) -> Chat:
        """The server lets us in, and all that is old."""
        self.connect().hear(WELCOME)
        self.paper.read()
        self.sent()
        return self

    def lose(self) -> Chat:
        self.wire.carry_out(self.talk.lose())
        return self

    def type(self, *lines: str) -> Chat:
        self.conversation.typed(lines)
        return self

    def sent(self) -> list[Message]:
        sent, self.wire.sent = self.wire.sent, []
        return sent

    def said(self) -> list[str]:
        """The texts of what has been sent since the last time."""
        return [message["text"] for message in self.sent() if "text" in message]


def pipe(**options: Any) -> Chat:
    return Chat(interactive=False, **options)


# Coming in


def test_who_gives_a_nick_is_connected_at_once() -> None:
    chat = Chat()
    assert chat.wire.started
    chat.enter().hear(said(11))
    assert chat.paper.read() == ["<bob> hola"]


def test_who_gives_no_nick_is_asked_for_it() -> None:
    chat = Chat(nick=None)
    assert chat.paper.read() == ["Welcome to huddle. What is your nick?"]
    chat.type("  ")
    assert chat.paper.read() == ["What is your nick?"]
    chat.type("ana")
    chat.connect()
    assert chat.sent()[0]["nick"] == "ana"


def test_who_is_asked_for_a_nick_may_leave_instead() -> None:
    chat = Chat(nick=None).type("salir")
    assert chat.paper.status == 0


def test_a_taken_nick_is_asked_for_again_with_a_suggestion_for_enter() -> None:
    chat = Chat().connect()
    chat.sent()
    chat.hear(error("nick-taken", suggest="ana2"))
    assert chat.paper.warned == ["-- (nick-taken)"]
    assert chat.paper.read() == ["-- What is your nick? (Enter: ana2)"]
    chat.type("")
    assert chat.sent()[0]["nick"] == "ana2"
    chat.hear(error("bad-nick"))
    assert chat.paper.read() == ["-- What is your nick?"]
    chat.type("eva").hear(WELCOME | {"nick": "eva"}).type("hola")
    assert chat.said() == ["hola"]


@pytest.mark.parametrize("command", ["/login", "/acceder"])
def test_login_alone_behind_a_taken_nick_asks_for_its_password(command: str) -> None:
    chat = Chat().connect().hear(error("nick-taken", suggest="ana2")).type(command)
    assert chat.paper.read()[-1] == "-- Password of ana? (Enter: another nick)"
    chat.sent()
    chat.type("hunter2")
    [hello] = chat.sent()
    assert (hello["nick"], hello["password"]) == ("ana", "hunter2")


def test_a_nick_that_has_become_free_needs_no_answer_any_more() -> None:
    chat = Chat().connect().hear(error("nick-taken", suggest="ana2"))
    chat.lose().connect().hear(WELCOME).type("hola")
    assert chat.said() == ["hola"]


def test_a_pipe_whose_nick_is_taken_ends_without_losing_its_lines_silently() -> None:
    chat = pipe().type("hola").connect()
    chat.hear(error("nick-taken", suggest="ana2"))
    assert chat.paper.status == 1
    assert chat.paper.warned == [
        "-- (nick-taken)",
        "-- 1 line has not been acknowledged; it is said again next time.",
    ]


UNKNOWN = Untrusted("chat.lan:55123", "AB:CD", Doubt.SELF_SIGNED)


@pytest.mark.parametrize(("answer", "trusted"), [("yes", True), ("sí", True), ("No", False)])
def test_whether_a_certificate_is_trusted_is_a_question(answer: str, trusted: bool) -> None:
    chat = Chat()
    answers: list[bool] = []
    chat.conversation.trusted(UNKNOWN).addCallback(answers.append)
    question = "-- Is that the server's fingerprint? Then only it is taken from now on. (yes, no)"
    assert chat.paper.read() == [
        "-- The certificate of chat.lan:55123 is signed by nobody but itself.",
        "-- SHA-256 AB:CD",
        question,
    ]
    assert chat.conversation.asking
    chat.type("hola")
    assert chat.paper.read() == [question]
    chat.type(answer)
    assert answers == [trusted]
    assert not chat.conversation.asking
    assert chat.said() == []


def test_who_is_asked_to_trust_may_leave_instead_though_lines_wait() -> None:
    for leave in (
        lambda chat: chat.type("/quit"),
        lambda chat: chat.conversation.wish_to_leave(),
    ):
        chat = Chat().type("hola")
        answered = chat.conversation.trusted(UNKNOWN)
        leave(chat)
        assert chat.paper.status == 0
        assert not answered.called


@pytest.mark.parametrize("trouble", list(Trouble))
def test_what_is_wrong_with_the_kept_session_is_told(trouble: Trouble) -> None:
    chat = Chat(trouble=trouble)
    [line] = chat.paper.warned
    assert line.startswith("-- ")


# Saying


def test_what_is_typed_together_is_said_in_one_write_around_the_commands() -> None:
    chat = Chat().enter().type("uno", "dos", "/who", "/me waves", "tres")
    assert [(m["type"], m.get("text"), m.get("kind")) for m in chat.sent()] == [
        ("say", "uno", None),
        ("say", "dos", None),
        ("who", None, None),
        ("say", "waves", "me"),
        ("say", "tres", None),
    ]


def test_a_private_line_is_for_one_person() -> None:
    chat = Chat().enter().type("/msg bob psst")
    [message] = chat.sent()
    assert (message["type"], message["to"]) == ("msg", "bob")


def test_a_line_that_cannot_go_out_now_is_told_to_wait() -> None:
    chat = Chat().type("hola", "eh").type("/msg bob psst")
    assert chat.paper.warned == [
        "-- 2 lines wait to be said.",
        "-- 3 lines wait to be said.",
    ]


def test_a_pipe_is_not_told_that_its_lines_wait() -> None:
    assert pipe().type("hola").paper.warned == []


def test_a_line_that_no_buffer_holds_is_told() -> None:
    chat = pipe()
    chat.conversation.line_too_long()
    assert chat.paper.warned == ["-- Not said: it is too long."]
    chat.enter()
    chat.conversation.ended()
    chat.hear({"type": "bye"})
    assert chat.paper.status == 1


def test_a_source_that_says_too_much_is_slowed_down() -> None:
    chat = pipe().type(*["x"] * 5000)
    assert chat.paper.is_crowded
    chat.enter()
    chat.hear(*(ack(n, n + 10) for n in range(1, 2000)))
    assert not chat.paper.is_crowded


# Commands


def test_commands_that_need_no_server_are_answered_here() -> None:
    chat = Chat().type("/help")
    assert "-- /quit · /salir: leaves" in chat.paper.read()
    chat.enter().paper.read()
    chat.type("/times").hear(said(11)).type("/times off").hear(said(12))
    assert chat.paper.read() == [
        "-- every line shows its time",
        "18:02 <bob> hola",
        "-- new lines show no time",
        "<bob> hola",
    ]
    assert chat.sent() == []


def test_another_language_is_spoken_from_now_on_and_to_the_server_next_time() -> None:
    chat = Chat().enter().type("/idioma es")
    assert chat.paper.read() == ["-- Ahora hablo español."]
    chat.lose().connect()
    assert chat.sent()[0]["lang"] == "es"


def test_a_mistyped_command_is_told_and_never_said() -> None:
    chat = Chat().enter().type("/hlep", "/history x")
    assert chat.paper.warned == [
        "-- There is no command hlep. /help lists them; //hlep says it.",
        "-- It is typed like this: /history [N|14:30|yesterday]",
    ]
    assert chat.sent() == []


def test_another_nick_is_asked_for_and_told() -> None:
    chat = Chat().enter().type("/nick anita")
    [request] = chat.sent()
    chat.hear({"type": "reply", "id": request["id"], "nick": "anita"})
    assert chat.paper.read() == ["-- you are anita"]


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


def test_nothing_typed_before_there_is_a_nick_is_obeyed() -> None:
    chat = Chat(nick=None)
    chat.conversation.typed([])
    chat.conversation.shown()
    chat.conversation.screen_full()
    chat.conversation.screen_drained()
    assert chat.paper.status is None


# Doubts


def in_doubt(chat: Chat) -> Chat:
    """A line was sent, and the server then knows the session no more."""
    chat.enter().type("uno")
    chat.sent()
    chat.lose().connect().hear(error("session-unknown"), WELCOME)
    return chat


@pytest.mark.parametrize(("answer", "said"), [("yes", ["uno"]), ("s", ["uno"]), ("no", [])])
def test_doubtful_lines_are_a_question(answer: str, said: list[str]) -> None:
    chat = in_doubt(Chat())
    assert chat.paper.warned == [
        "-- The server does not know you any more; 1 line may be unsaid:",
        "--    uno",
    ]
    assert chat.paper.read()[-1] == "-- Say them again? (yes, no)"
    chat.type("what?")
    assert chat.paper.read() == ["-- Say them again? (yes, no)"]
    chat.sent()
    chat.type(answer)
    assert chat.said() == said


def test_a_pipe_tells_its_doubtful_lines_and_fails() -> None:
    chat = in_doubt(pipe())
    chat.conversation.ended()
    chat.hear({"type": "bye"})
    assert chat.paper.warned == [
        "-- The server does not know you any more; 1 line may be unsaid:",
        "--    uno",
    ]
    assert chat.paper.status == 1


# Leaving


@pytest.mark.parametrize("line", ["/quit", "/salir", "salir"])
def test_leaving_is_answered_by_the_server(line: str) -> None:
    chat = Chat().enter().type(line)
    assert [message["type"] for message in chat.sent()] == ["bye"]
    assert chat.paper.status is None
    chat.hear({"type": "bye"})
    assert chat.paper.status == 0


def test_leaving_at_once_after_a_line_needs_no_question_since_the_farewell_follows_it() -> None:
    chat = Chat().enter().type("ciao", "/quit")
    assert [message["type"] for message in chat.sent()] == ["say", "bye"]


def test_leaving_with_lines_that_cannot_go_out_now_is_a_question() -> None:
    chat = Chat().type("ciao", "/quit", "what?")
    assert (
        chat.paper.read()
        == [
            "-- 1 line has not been acknowledged; it is said again next time.",
            "-- Leave now? (yes, no)",
        ]
        * 2
    )
    chat.type("no").type("/quit").type("yes")
    assert chat.paper.status == 0


def test_the_end_of_a_persons_input_leaves() -> None:
    chat = Chat().enter()
    chat.conversation.ended()
    assert [message["type"] for message in chat.sent()] == ["bye"]


def test_the_end_of_a_pipe_waits_until_all_is_acknowledged() -> None:
    chat = pipe().enter().type("uno", "dos")
    chat.conversation.ended()
    chat.hear(ack(1, 11))
    assert [message["type"] for message in chat.sent()] == ["say", "say"]
    chat.hear(ack(2, 12))
    assert [message["type"] for message in chat.sent()] == ["bye"]
    chat.hear({"type": "bye"})
    assert chat.paper.status == 0
    assert chat.paper.warned == []


def test_the_end_of_a_pipe_waits_for_answers_too() -> None:
    chat = pipe().enter().type("/rooms")
    chat.conversation.ended()
    [request] = chat.sent()
    chat.hear({"type": "reply", "id": request["id"], "rooms": [{"room": "huddle", "count": 1}]})
    assert chat.paper.read() == ["-- rooms: huddle (1)"]
    assert [message["type"] for message in chat.sent()] == ["bye"]


def test_an_empty_pipe_comes_in_and_leaves() -> None:
    chat = pipe()
    chat.conversation.ended()
    chat.connect().hear(WELCOME)
    assert [message["type"] for message in chat.sent()] == ["hello", "bye"]


def test_a_pipe_that_has_said_all_does_not_wait_for_a_lost_server() -> None:
    chat = pipe().enter().type("uno")
    chat.hear(ack(1, 11)).lose()
    chat.conversation.ended()
    assert chat.paper.status == 0


def test_a_pipe_with_a_refused_line_fails_when_all_else_is_said() -> None:
    chat = pipe().enter().type("uno", "dos")
    chat.conversation.ended()
    chat.hear(error("id-reused", id=1), ack(2, 11)).hear({"type": "bye"})
    assert chat.paper.warned == ["-- (id-reused)", "--    uno"]
    assert chat.paper.status == 1


def test_a_persons_refused_line_is_no_failure_of_the_program() -> None:
    chat = Chat().enter().type("uno").hear(error("expired", id=1)).type("salir")
    chat.hear({"type": "bye"})
    assert chat.paper.status == 0


def test_without_another_attempt_a_lost_server_is_a_failure() -> None:
    chat = Chat()
    chat.wire.show(Offline(Cause.REFUSED, None, "chat.lan:5"))
    assert chat.paper.warned == ["-- nobody listens at chat.lan:5"]
    assert chat.paper.status == 1


def test_a_session_that_went_on_elsewhere_is_a_failure() -> None:
    chat = Chat().enter().hear(error("replaced"))
    assert chat.paper.status == 1


def test_who_leaves_with_unsaid_lines_is_told_what_becomes_of_them() -> None:
    chat = Chat().type("uno")
    chat.paper.read_warnings()
    chat.conversation.leave()
    assert chat.paper.warned == ["-- 1 line has not been acknowledged; it is said again next time."]
    assert chat.paper.status == 0


def test_what_is_not_kept_is_not_promised() -> None:
    chat = pipe(trouble=Trouble.IN_USE).type("uno", "dos")
    chat.paper.read_warnings()
    chat.conversation.leave()
    assert chat.paper.warned == ["-- 2 lines have not been acknowledged, and are not kept."]


def test_what_is_shown_is_remembered_and_a_full_screen_stops_the_reading() -> None:
    chat = Chat().enter().hear(said(11))
    chat.conversation.shown()
    assert chat.talk.diary.state().rooms == {"huddle": 11}
    chat.conversation.screen_full()
    assert chat.wire.paused
    chat.conversation.screen_drained()
    assert not chat.wire.paused


NAMES = st.sampled_from([name for command in COMMANDS for name in command.names])


@given(st.lists(st.text() | st.builds("{}{} {}".format, st.sampled_from("/ "), NAMES, st.text())))
def test_what_comes_through_a_pipe_is_said_as_it_is(lines: list[str]) -> None:
    chat = pipe(read=text_of).enter().type(*lines)
    says_something = any(map(str.strip, map(clean, lines)))
    assert chat.said() == (list(map(clean, lines)) if says_something else [])
    assert chat.paper.read_warnings() == []


def test_the_past_begins_when_one_says_by_the_clock_of_this_machine() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    clock = HouseClock(UTC, lambda: int(noon.timestamp() * 1000))
    chat = Chat(clock=clock).enter().type("/history yesterday", "/buzon 14:30")
    asked = [(message["room"], message["since"]) for message in chat.sent()]
    assert asked == [("huddle", "2026-11-19T00:00:00.000Z"), ("@", "2026-11-19T14:30:00.000Z")]


@pytest.mark.parametrize("word", ["exit", "quit", " EXIT ", ":q", "logout", "quit()"])
def test_a_word_that_leaves_other_programs_is_not_said(word: str) -> None:
    chat = Chat().enter().type(word)
    assert chat.said() == []
    assert chat.paper.read_warnings() == [
        "-- Not said. /quit leaves; with a dot behind it, it is said."
    ]
    at_the_door = Chat(nick=None).type(word)
    assert at_the_door.paper.read()[-1].startswith("-- Not said.")
    assert at_the_door.type("ana").connect().talk.session.nick == "ana"


def test_a_farewell_is_said_and_how_to_leave_told() -> None:
    chat = Chat(language="es").enter().type("bye")
    assert chat.said() == ["bye"]
    assert chat.paper.read() == ["-- Si quieres salir: /salir"]
    assert pipe(read=text_of).enter().type("bye").paper.read() == []


def test_who_leaves_by_the_word_is_told_how_it_is_said() -> None:
    chat = Chat().enter().type("salir")
    assert chat.paper.read() == ["-- You leave by the word alone; //salir says it."]
    assert [each["type"] for each in chat.sent()] == ["bye"]


def test_who_comes_and_goes_is_shown_as_one_wishes() -> None:
    joined = {"type": "joined", "room": "huddle", "nick": "eva"}
    chat = Chat().enter()
    assert chat.hear(joined).paper.read() == ["-- eva joined"]
    assert chat.type("/quiet-joins on").paper.read() == ["-- you are not told who comes and goes"]
    assert chat.hear({**joined, "type": "left"}).paper.read() == []
    assert chat.type("/callar-entradas").paper.read() == ["-- you are told who comes and goes"]
    assert chat.hear(joined).paper.read() == ["-- eva joined"]


@pytest.mark.parametrize(("wish", "shown"), [("on", []), ("off", ["-- eva joined"])])
def test_what_is_wished_of_it_is_so_on_the_next_connection_too(wish: str, shown: list[str]) -> None:
    chat = Chat().enter().type(f"/quiet-joins {wish}").lose().connect().hear(WELCOME)
    chat.paper.read()
    chat.hear({"type": "joined", "room": "huddle", "nick": "eva"})
    assert chat.paper.read() == shown


def test_in_a_crowd_it_is_not_shown_without_a_wish() -> None:
    chat = Chat().enter()
    chat.hear({"type": "here", "room": "huddle", "count": 20, "here": ["bob"]}).paper.read()
    joined = {"type": "joined", "room": "huddle", "nick": "eva"}
    assert chat.hear(joined).paper.read() == []
    chat.type("/quiet-joins off").paper.read()
    assert chat.hear({**joined, "nick": "zoe"}).paper.read() == ["-- zoe joined"]


# Answering, and putting right


def talking() -> Chat:
    """Somebody in the room, and two who write in private."""
    chat = Chat().enter()
    chat.hear(
        said(11),
        said(1, "psst", room="@"),
        said(2, "and me?", room="@", nick="eva"),
    )
    chat.sent()
    return chat


def about(chat: Chat) -> list[tuple[str, str | None, int | None, int | None]]:
    """What was sent: to whom (`#` and the room, or a nick), what it answers and puts right."""
    return [
        (m["text"], m.get("to") or f"#{m['room']}", m.get("re"), m.get("edits"))
        for m in chat.sent()
    ]


@pytest.mark.parametrize(("re", "fix"), [("/re", "/fix"), ("/responder", "/corregir")])
def test_a_private_message_is_answered_from_everywhere_by_its_number(re: str, fix: str) -> None:
    chat = talking().type(f"{re} 11 yes", f"{re} @2 you too", f"{re} @1 what?")
    assert about(chat) == [
        ("yes", "#huddle", 11, None),
        ("you too", "eva", 2, None),
        ("what?", "bob", 1, None),
    ]
    chat.type("/msg bob", f"{re} 1 what?", f"{re} @2 eva")
    assert about(chat) == [("what?", "bob", 1, None), ("eva", "eva", 2, None)]
    chat.paper.read()
    chat.type(f"{re} 2 no", f"{re} @9 no")
    assert about(chat) == []
    assert chat.paper.warned[-2:] == ["-- There is no such message here."] * 2


def test_what_was_typed_last_is_put_right_where_it_went() -> None:
    chat = talking().type("hola all", "/msg bob the pasword", "/msg eva /me")
    chat.hear(ack(1, 12), ack(2, 3, "@"), ack(3, 4, "@"))
    chat.sent()
    chat.type("/fix eva's")
    assert about(chat) == [("eva's", "eva", None, 4)]
    chat.hear(ack(4, 5, "@")).type("/msg bob", "/fix the password")
    assert about(chat) == [("the password", "bob", None, 3)]
    chat.hear(ack(5, 6, "@")).type("/fix the password!")
    assert about(chat) == [("the password!", "bob", None, 6)]
    chat.hear(ack(6, 7, "@")).type("/leave", "/fix eva")
    assert about(chat) == [("eva", "eva", None, 5)]
    chat.hear(ack(7, 8, "@")).type("all")
    chat.hear(ack(8, 13)).sent()
    chat.type("/fix all!")
    assert about(chat) == [("all!", "#huddle", None, 13)]


def test_what_has_a_number_is_put_right_whatever_was_said_since() -> None:
    chat = talking().type("/me wavse", "/msg bob the pasword", "hola")
    chat.hear(ack(1, 12), ack(2, 3, "@"), ack(3, 13)).sent()
    chat.type("/fix #12 waves", "/fix @3 the password", "/fix #11 not mine")
    assert [m.get("kind") for m in chat.sent()] == ["me", None, None]
    chat.type("/fix #12 waves", "/fix @3 the password", "/fix #11 not mine")
    assert about(chat) == [
        ("waves", "#huddle", None, 12),
        ("the password", "bob", None, 3),
        ("not mine", "#huddle", None, 11),  # as the server will say
    ]
    chat.type("/msg eva", "/fix #3 no", "/fix @3 the key", "/fix #9 perhaps")
    assert about(chat) == [("the key", "bob", None, 3), ("perhaps", "eva", None, 9)]
    chat.type("/leave", "/fix @9 no")
    assert about(chat) == []
    assert chat.paper.warned[-1:] == ["-- There is no such message here."]


def test_a_refused_correction_is_given_back_for_the_message_that_it_was_for() -> None:
    chat = talking().type("hola al", "/msg bob the pasword")
    chat.hear(ack(1, 12), ack(2, 3, "@")).sent()
    chat.type("/fix the password").hear(error("too-fast", id=3))
    chat.type("hey").hear(ack(4, 13)).type("/fix hola all").hear(error("muted", id=5))
    assert chat.paper.given_back == ["/fix @3 the password", "/fix #13 hola all"]
    chat.type("later").hear(ack(6, 14)).sent()
    chat.type(*chat.paper.given_back)
    assert about(chat) == [
        ("the password", "bob", None, 3),
        ("hola all", "#huddle", None, 13),
    ]
    chat.hear(error("muted", id=8)).type("/msg bob").hear(error("muted", id=7))
    assert chat.paper.given_back[2:] == ["/fix #13 hola all", "/fix @3 the password"]


def test_in_a_talk_the_last_message_to_that_person_is_deleted() -> None:
    chat = talking().type("/msg bob one", "/msg eva two")
    chat.hear(ack(1, 3, "@"), ack(2, 4, "@")).sent()
    chat.type("/msg bob", "/delete", "/delete @4")
    assert [(m["type"], m["room"], m["seq"]) for m in chat.sent()] == [
        ("delete", "@", 3),
        ("delete", "@", 4),
    ]


def test_in_a_room_what_was_typed_last_is_deleted_where_it_went() -> None:
    chat = talking().type("hola", "/msg bob one")
    chat.hear(ack(1, 12), ack(2, 3, "@")).sent()
    chat.type("/delete")
    chat.hear({"type": "reply", "id": 3}).type("all")
    chat.hear(ack(4, 13)).type("/delete")
    assert [(m["room"], m["seq"]) for m in chat.sent() if m["type"] == "delete"] == [
        ("@", 3),
        ("huddle", 13),
    ]


def test_a_refused_answer_is_given_back_as_it_was_typed() -> None:
    chat = talking().type("/re 11 yes", "/re @2 you too")
    chat.hear(error("muted", id=1), error("nobody-there", id=2))
    assert chat.paper.given_back == ["/re 11 yes", "/re @2 you too"]
