"""Answers to sessions: once for all that a batch brings, and none is lost by a fault."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from twisted.python.failure import Failure

from huddle.delivery.outlet import Outlet
from huddle.people.replies import Replies
from huddle.people.sessions import Session
from huddle.protocol.answers import Answer, Done
from huddle.protocol.limits import Limits

LIMITS = Limits(replies=100, untold=2)


class Heard:
    """An outlet that notes each send."""

    def __init__(self) -> None:
        self.waiting = 0
        self.sends: list[tuple[Answer, ...]] = []
        self.breaks = False

    def answer(self, *answers: Answer) -> None:
        if self.breaks:
            raise KeyError
        self.sends.append(answers)


def on(outlet: Heard | None, *, elsewhere: bool = False) -> Session:
    made = SimpleNamespace(outlet=cast(Outlet | None, outlet), elsewhere=elsewhere, untold=())
    return cast(Session, made)


def test_outside_a_batch_an_answer_goes_out_at_once() -> None:
    replies, heard = Replies(LIMITS), Heard()
    replies.tell(on(heard), Done(id=1))
    assert heard.sends == [(Done(id=1),)]


def test_what_a_batch_brings_to_one_connection_is_one_send() -> None:
    replies, ana, bob = Replies(LIMITS), Heard(), Heard()
    replies.gathering = True
    for each in (ana, bob, ana):
        replies.tell(on(each), Done(id=1))
    assert ana.sends == bob.sends == []
    replies.give_out()
    assert (ana.sends, bob.sends) == ([(Done(id=1), Done(id=1))], [(Done(id=1),)])
    replies.tell(on(bob), Done(id=2))
    assert bob.sends[1:] == [(Done(id=2),)]


def test_one_that_cannot_be_told_keeps_nobody_else_from_their_answer(
    logged_failures: list[Failure],
) -> None:
    replies, ana, bob = Replies(LIMITS), Heard(), Heard()
    ana.breaks = replies.gathering = True
    replies.tell(on(ana), Done(id=1))
    replies.tell(on(bob), Done(id=1))
    replies.give_out()
    assert bob.sends == [(Done(id=1),)]
    assert logged_failures.pop().check(KeyError) and not logged_failures


def test_who_is_away_is_told_of_the_last_things_on_coming_back() -> None:
    replies, away = Replies(LIMITS), on(None)
    for number in (1, 2, 3):
        replies.inform(away, Done(id=number))
    replies.tell(away, Done(id=4))
    assert away.untold == (Done(id=2), Done(id=3))


def test_so_is_who_takes_nothing_of_what_they_are_told() -> None:
    replies, heard = Replies(LIMITS), Heard()
    heard.waiting = 101
    stopped = on(heard)
    replies.inform(stopped, Done(id=1))
    assert (heard.sends, stopped.untold) == ([], (Done(id=1),))


def test_one_that_another_node_has_is_told_there() -> None:
    elsewhere = on(None, elsewhere=True)
    Replies(LIMITS).inform(elsewhere, Done(id=1))
    assert elsewhere.untold == ()
