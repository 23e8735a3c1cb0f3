"""Standard output, and whether its reader keeps up."""

from __future__ import annotations

from twisted.internet.interfaces import IPullProducer
from zope.interface.verify import verifyObject

from huddle.client.lines.output import ENOUGH, Output


class Reader:
    """A consumer that takes what was written when it is told to."""

    def __init__(self) -> None:
        self.waiting = b""
        self.taken = b""
        self.producer: IPullProducer | None = None

    def registerProducer(self, producer: IPullProducer, streaming: bool) -> None:  # noqa: N802
        assert self.producer is None
        assert not streaming
        self.producer = producer
        producer.resumeProducing()

    def unregisterProducer(self) -> None:  # noqa: N802 - IConsumer's names
        self.producer = None

    def write(self, data: bytes) -> None:
        self.waiting += data

    def take(self, size: int | None = None) -> None:
        size = len(self.waiting) if size is None else size
        self.taken += self.waiting[:size]
        self.waiting = self.waiting[size:]
        if not self.waiting and self.producer is not None:
            self.producer.resumeProducing()


class Written:
    """An output, and what it told."""

    def __init__(self) -> None:
        self.reader = Reader()
        self.told: list[str] = []
        self.output = Output(
            self.reader,  # type: ignore[arg-type]
            lambda: self.told.append("drained"),
            lambda: self.told.append("full"),
        )


def test_it_is_told_when_all_has_been_taken_and_not_before() -> None:
    written = Written()
    written.output.write(b"uno")
    written.output.write(b"dos")
    assert written.told == []
    written.reader.take(3)
    assert written.told == []
    written.reader.take()
    assert written.told == ["drained"]
    written.output.write(b"tres")
    written.reader.take()
    assert written.told == ["drained", "drained"]
    assert written.reader.taken == b"unodostres"


def test_what_is_written_on_being_drained_is_written_too() -> None:
    written = Written()
    again = [b"dos", b"tres"]
    written.output._drained = lambda: written.output.write(again.pop(0)) if again else None
    written.output.write(b"uno")
    for _ in range(3):
        written.reader.take()
    assert written.reader.taken == b"unodostres"


def test_a_reader_that_has_stopped_is_told_once() -> None:
    written = Written()
    for _ in range(5):
        written.output.write(b"x" * (ENOUGH // 2))
    assert written.told == ["full"]
    written.reader.take()
    written.output.write(b"x" * (ENOUGH + 1))
    assert written.told == ["full", "drained", "full"]


def test_nothing_is_written_where_nobody_reads() -> None:
    written = Written()
    written.output.write(b"")
    assert written.reader.producer is None
    written.output.write(b"uno")
    written.output.stopProducing()
    written.output.write(b"dos")
    assert written.reader.waiting == b"uno"


def test_it_is_a_pull_producer() -> None:
    verifyObject(IPullProducer, Written().output)
