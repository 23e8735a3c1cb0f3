"""Frames: a dialect whose bytes go out as WebSocket text frames.

A server's frames have no mask (RFC 6455, section 5.1), so they are the same bytes for everybody who
reads them. Each line of a slab is a frame; where a send was cut, the rest of that frame goes out
first, as the rest of a line does by the first door. Who agreed to it is given a slab that many read
as compressed messages (`huddle.doors.web.deflate`), of each of which the rest is that of its frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from typing_extensions import override
from websockets.frames import Frame, Opcode

from huddle.doors.web.deflate import RSV1, Compressor
from huddle.protocol.answers import Answer
from huddle.protocol.dialect import Dialect, Reader, Renderer, Traits
from huddle.protocol.events import RoomEvent, Said
from huddle.protocol.long_answers import LongAnswer, is_last


class FramedRenderer(Renderer):
    """Renders as ``inner`` does, and puts a frame around what it gives."""

    def __init__(self, inner: Renderer) -> None:
        self.audience = ("web", inner.audience)
        self._inner = inner

    @override
    def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
        return [_head(len(line)) + line for line in self._inner.live(events)]

    @override
    def past(self, messages: Sequence[Said], previous: int | None) -> list[bytes]:
        return [_head(len(line)) + line for line in self._inner.past(messages, previous)]

    @override
    def opening(self, time: int) -> bytes:
        return framed(self._inner.opening(time))

    @override
    def answer(self, event: Answer) -> bytes:
        return framed(self._inner.answer(event))

    @override
    def pieces(self, event: LongAnswer) -> Iterator[bytes]:
        opcode, ended = Opcode.TEXT, False
        for piece in self._inner.pieces(event):
            ended = is_last(piece)
            yield Frame(opcode, piece, fin=ended).serialize(mask=False)
            opcode = Opcode.CONT
        if not ended:
            yield Frame(opcode, b"").serialize(mask=False)


class CompressingRenderer(FramedRenderer):
    """As `FramedRenderer`, for those who agreed to compression."""

    compresses = True

    def __init__(self, inner: Renderer, compressor: Compressor) -> None:
        super().__init__(inner)
        self.audience = ("web, compressed", inner.audience)
        self._compressor = compressor

    @override
    def compressed(self, lines: Iterable[bytes | memoryview]) -> bytes:
        message = self._compressor.compress(map(_bare, lines))
        head = _head(len(message))
        return bytes([head[0] | RSV1]) + head[1:] + message


class FramedDialect(Dialect):
    """Another dialect, in frames; its renderers are shared as those of the other one are."""

    def __init__(self, inner: Dialect, compressor: Compressor | None = None) -> None:
        """With a ``compressor`` it is the dialect of those who agreed to compression."""
        self._inner = inner
        self._compressor = compressor
        self._framed: dict[Renderer, FramedRenderer] = {}

    @property
    @override
    def traits(self) -> Traits:
        return self._inner.traits

    @override
    def reader(self) -> Reader:
        return self._inner.reader()

    @override
    def renderer(self, language: str, times: bool, numbers: bool = False) -> FramedRenderer:
        inner = self._inner.renderer(language, times)
        framed = self._framed.get(inner)
        if framed is None:
            compressor = self._compressor
            framed = CompressingRenderer(inner, compressor) if compressor else FramedRenderer(inner)
            self._framed[inner] = framed
        return framed


def framed(data: bytes) -> bytes:
    """One text frame with these bytes of UTF-8; nothing is no frame."""
    return _head(len(data)) + data


def _bare(frame: bytes | memoryview) -> bytes | memoryview:
    """What is in a text frame; in none is nothing."""
    length = frame[1] if frame else 0
    return frame[2 if length < 126 else 4 if length == 126 else 10 :]


@lru_cache(maxsize=4096)
def _head(length: int) -> bytes:
    """What stands before so many bytes in a text frame. It is kept: the library makes as many calls
    of Python for one frame as rendering its line takes."""
    frame = bytes(Frame(Opcode.TEXT, bytes(length)).serialize(mask=False))
    return frame[:-length] if length else b""
