"""Being put in charge by the operators' code, with and without an account."""

from __future__ import annotations

import pytest
from twisted.internet.defer import Deferred, fail
from typing_extensions import override

from huddle.protocol.errors import NotAllowed
from huddle.protocol.limits import Limits
from huddle.record import Kept, RecordFailure
from huddle.record.memory import MemoryRecord
from tests.moderated_world import refused
from tests.world import Peer, World

ACTING = (
    "-- you are an operator as long as you stay; for good by /register PASSWORD."
    " /help lists what you may do"
)
FOR_GOOD = "-- the house made you an operator: /help lists what you may do"
WRONG = (
    "-- That code makes nobody an operator, or not any more. The server's screen shows it, and"
    " huddle-account gives another."
)
NOT_ALLOWED = "-- Only an operator may do that; /help lists what you may do."
SECRET = "a-long-secret"


def is_operator(person: Peer) -> bool:
    person.forgets()
    person.says("/audit")
    return NOT_ALLOWED not in person.reads()


def test_who_brings_the_code_is_an_operator_at_once() -> None:
    world = World()
    ana, code = world.person("ana"), world.gives_code()
    assert not is_operator(ana)
    ana.says(f"/operator {code}")
    ana.hears_at_last(ACTING)
    assert is_operator(ana)


def test_in_spanish_too() -> None:
    world = World(language="es")
    ana, code = world.person("ana"), world.gives_code()
    ana.says(f"/responsable {code}")
    ana.hears_at_last(
        "-- eres operador mientras sigas aquí; para siempre con /registrar CLAVE."
        " /ayuda enumera lo que puedes hacer"
    )


def test_a_guest_who_then_registers_is_one_for_good() -> None:
    world = World()
    ana = world.person("ana")
    ana.says(f"/operator {world.gives_code()}", f"/register {SECRET}")
    world = world.crashes()
    ana = world.connect()
    ana.says("ana", f"/login {SECRET}")
    assert is_operator(ana)


def test_a_guest_who_then_logs_in_is_one_for_good() -> None:
    world = World()
    world.person("ana").says(f"/register {SECRET}", "/quit")
    guest = world.person("guest")
    guest.says(f"/operator {world.gives_code()}", f"/login ana {SECRET}")
    assert is_operator(guest)
    world = world.crashes()
    ana = world.connect()
    ana.says("ana", f"/login {SECRET}")
    assert is_operator(ana)


def test_a_member_is_one_for_good_at_once() -> None:
    world = World()
    ana = world.person("ana")
    ana.says(f"/register {SECRET}")
    ana.forgets()
    ana.says(f"/operator {world.gives_code()}")
    ana.hears_at_last(FOR_GOOD)
    world = world.crashes()
    ana = world.connect()
    ana.says("ana", f"/login {SECRET}")
    assert is_operator(ana)


def test_a_guest_who_leaves_is_one_no_more() -> None:
    world = World()
    ana = world.person("ana")
    ana.says(f"/operator {world.gives_code()}", "/quit")
    assert not is_operator(world.person("ana"))


def test_a_guest_whose_connection_was_lost_is_one_on_coming_back() -> None:
    world = World()
    ana = world.connect()
    ana.says("ana")
    ana.reads()
    word = ana.word
    ana.says(f"/operator {world.gives_code()}")
    ana.cut()
    again = world.connect()
    again.says(f"/back ana {word}")
    assert is_operator(again)


def test_the_code_is_good_once_and_for_one_of_two_who_type_it_together() -> None:
    world = World()
    ana, bob, code = world.person("ana"), world.person("bob"), world.gives_code()
    ana.sends(f"/operator {code}\n".encode())
    bob.sends(f"/operator {code}\n".encode())
    world.settle()
    assert [is_operator(ana), is_operator(bob)].count(True) == 1


def test_after_an_hour_it_is_good_no_more_and_another_is() -> None:
    world = World()
    ana, code = world.person("ana"), world.gives_code()
    world.passes(3600)
    ana.says(f"/operator {code}")
    ana.hears_at_last(WRONG)
    ana.says(f"/operator {world.gives_code()}")
    ana.hears_at_last(ACTING)


def test_guesses_are_as_few_as_those_of_return_words() -> None:
    world = World()
    ana, code = world.person("ana"), world.gives_code()
    ana.says(*["/operator otter-41-lamp-river"] * 3)
    ana.hears(WRONG, WRONG, WRONG)
    ana.says(f"/operator {code}")
    ana.hears("-- Too many tries. Wait 2 seconds.")
    world.passes(2)
    ana.says(f"/operator {code}")
    ana.hears(ACTING)


def test_an_address_has_no_more_guesses_by_coming_in_again() -> None:
    world = World()
    code = world.gives_code()
    for guesser in range(64):
        person = world.person(f"p{guesser}")
        person.says("/operator otter-41-lamp-river", "/operator otter-42-lamp-river", "/quit")
    late = world.person("late")
    late.says(f"/operator {code}")
    late.hears_at_last("-- Too many tries. Wait 30 seconds.")
    other = world.person("other", address="10.9.9.9")
    other.says(f"/operator {code}")
    other.hears_at_last(ACTING)


def test_without_the_code_it_says_how_it_is_typed_and_nothing_is_used_up() -> None:
    world = World()
    ana, code = world.person("ana"), world.gives_code()
    ana.says("/operator")
    ana.hears("-- It is typed like this: /operator CODE · /responsable CÓDIGO")
    ana.says(f"/operator {code}")
    ana.hears(ACTING)


def test_programs_ask_for_it_too() -> None:
    world = World()
    ana = world.program("ana")
    assert refused(ana, "charge", code="otter-41-lamp-river") == "wrong-code"
    ana.sends_objects({"type": "charge", "code": world.gives_code(), "id": 7})
    world.settle()
    ana.hears(
        {"type": "standing", "room": "huddle", "standing": "acting", "by": ""},
        {"type": "reply", "id": 7},
    )


class FullRecord(MemoryRecord):
    """A record that keeps nothing, as long as it is full, or another reason is given."""

    full = False
    reason: Exception = RecordFailure()

    @override
    def save(self, *kept: Kept, by: int = 0) -> Deferred[None]:
        return fail(self.reason) if self.full else super().save(*kept)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (RecordFailure(), "-- Not recorded, and nobody has seen it. Try again."),
        (NotAllowed("operator"), NOT_ALLOWED),  # as a log may refuse it
    ],
)
@pytest.mark.parametrize("registered", [False, True])
def test_what_is_not_recorded_uses_no_code_up_and_makes_nobody_an_operator(
    registered: bool, reason: Exception, told: str
) -> None:
    record = FullRecord(Limits(), "epoch")
    world = World(record)
    ana, code = world.person("ana"), world.gives_code()
    if registered:
        ana.says(f"/register {SECRET}")
        ana.forgets()
    record.full, record.reason = True, reason
    ana.says(f"/operator {code}")
    ana.hears(told)
    record.full = False
    assert not is_operator(ana)
    ana.says(f"/operator {code}")
    assert is_operator(ana)


def test_it_stands_in_the_log_of_acts_without_the_code() -> None:
    world = World()
    ana, code = world.person("ana"), world.gives_code()
    ana.says(f"/operator {code}")
    ana.forgets()
    ana.says("/audit")
    [act] = ana.reads()
    assert act.endswith("ana /operator ana")


# -- a nick that is kept for an operator (--op) ----------------------------------------------------

KEPT = (
    "-- teacher is kept for an operator who has no account yet. Come in as teacher2, then"
    " /operator CODE (the server's screen shows it) and /register teacher PASSWORD"
)


def test_a_nick_kept_for_an_operator_says_what_to_do_and_that_does_it() -> None:
    world = World(operators=["teacher"])
    code, person = world.gives_code(), world.connect()
    person.forgets()
    person.says("teacher")
    person.hears(KEPT)
    person.says("teacher2")
    person.forgets()
    person.says(f"/operator {code}", f"/register teacher {SECRET}", f"/login teacher {SECRET}")
    assert is_operator(person)
    again = world.connect()
    again.says("teacher", f"/login {SECRET}")
    assert is_operator(again)


def test_nobody_else_has_or_registers_or_logs_in_to_it_meanwhile() -> None:
    world = World(operators=["teacher"])
    pupil = world.person("pupil")
    pupil.says("/nick teacher")
    pupil.hears(KEPT)
    pupil.says("/nick TEACHER")
    pupil.hears(KEPT)
    pupil.says("/login teacher whatever-it-is")
    pupil.hears_at_last(KEPT)
    pupil.says(f"/register teacher {SECRET}")
    pupil.hears(NOT_ALLOWED)
    door = world.connect()
    door.forgets()
    door.says("/login teacher whatever-it-is")
    door.hears_at_last(KEPT)


def test_programs_are_told_that_it_is_taken_and_what_is_free() -> None:
    world = World(operators=["teacher"])
    program = world.connect()
    program.forgets()
    program.says('{"type":"hello","v":1,"nick":"teacher","session":null}')
    [answer] = [line for line in program.reads() if line.startswith("{")]
    assert '"code":"nick-taken"' in answer
    assert '"suggest":"teacher2"' in answer


def test_a_nick_that_another_checker_knows_is_registered_from_the_start() -> None:
    world = World(operators=["teacher"], others={"teacher": SECRET})
    person = world.connect()
    person.forgets()
    person.says("teacher")
    assert person.reads()[0] == "-- teacher is registered. If that is you: /login teacher PASSWORD"
    person.says(f"/login {SECRET}")
    assert is_operator(person)
