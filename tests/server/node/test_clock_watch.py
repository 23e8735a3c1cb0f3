"""A node whose clock is wrong finds it out, says so once, and takes no part until it is right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from twisted.internet.defer import Deferred

from huddle.locale import ENGLISH, translator
from huddle.server.node.clock_watch import ClockWatch, skew_news


class Machine:
    """What a node is told, and the others' answers, which the test gives."""

    def __init__(self) -> None:
        self.noted: list[float] = []
        self.news: list[str] = []
        self.asked: list[Deferred[float | None]] = []
        self.watch = ClockWatch(
            self._skew, self.noted.append, self.news.append, translator(ENGLISH)
        )

    def _skew(self) -> Deferred[float | None]:
        self.asked.append(Deferred())
        return self.asked[-1]

    def finds(self, *ahead: float | None) -> Iterator[None]:
        for each in ahead:
            looked = self.watch.look()
            self.asked[-1].callback(each)
            assert looked.called
            yield


def test_it_is_told_once_and_again_when_it_has_been_right() -> None:
    node = Machine()
    list(node.finds(0.4, 3600.2, 3600.3, -1.0, -7.4))
    assert node.noted == [0.4, 3600.2, 3600.3, -1.0, -7.4]
    assert node.news == [
        "this machine's clock is 3600 s ahead of most of the engine's: set it by NTP",
        "this machine's clock is 7 s behind most of the engine's: set it by NTP",
    ]


def test_where_it_cannot_be_told_all_stays_as_it_is() -> None:
    node = Machine()
    list(node.finds(3600.0, None))
    assert node.noted == [3600.0]
    assert len(node.news) == 1  # of what was found


def test_a_clock_that_jumps_is_not_believed_until_the_others_were_asked() -> None:
    node = Machine()
    node.watch.jumped(-3600.0)
    assert node.noted == [-3600.0]
    node.asked[0].callback(0.1)  # it was wrong before
    assert node.noted == [-3600.0, 0.1]


def test_an_answer_from_before_the_jump_says_nothing() -> None:
    node = Machine()
    node.watch.look()
    node.watch.jumped(3600.0)
    node.asked[0].callback(0.0)
    assert node.noted == [3600.0]
    node.asked[1].callback(3600.1)
    assert node.noted == [3600.0, 3600.1]


def test_it_is_said_in_spanish_too() -> None:
    assert "3600 s" in skew_news(3600.0, translator("es"))
    assert skew_news(3600.0, translator("es")) != skew_news(3600.0, translator(ENGLISH))


def test_a_clock_that_jumps_back_is_as_right_as_it_was_whoever_answers() -> None:
    node = Machine()
    list(node.finds(0.4))
    node.watch.jumped(20.0)
    node.asked[-1].callback(None)
    list(node.finds(None, None))
    assert node.noted == [0.4, 20.4]
    assert node.news == [
        "this machine's clock was set, by 20 s, and too few of the engine's machines tell theirs:"
        " nothing is taken here until they do, or it is set back"
    ]
    node.watch.jumped(-20.0)
    node.asked[-1].callback(None)
    assert node.noted[-1] == pytest.approx(0.4)


def test_several_jumps_in_one_direction_are_one() -> None:
    node = Machine()
    list(node.finds(0.0))
    for _ in range(3):
        node.watch.jumped(1.5)
        node.asked[-1].callback(None)
    assert node.noted == [0.0, 1.5, 3.0, 4.5]
    list(node.finds(0.2))
    node.watch.jumped(1.5)
    assert node.noted[-2:] == [0.2, 1.7]
