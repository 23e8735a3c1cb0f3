"""Deflate: what many are given at once goes out compressed, and is compressed once for all of them.

Browsers offer it with each WebSocket (permessage-deflate, RFC 7692). Agreed to as usual, it gives
each connection a window of its own, in which a message refers to those before it: then no two
connections get the same bytes, and each costs some 300 KiB. So no message refers to another here,
in neither direction (``no_context_takeover``): a slab compressed alone is the same for everybody,
and less than a fifth of its size where lines are like each other.

- What is sent: slabs of rooms with some size and many readers, as messages of several lines. All
  who read a slab have all of it, so its length tells them nothing; answers, inboxes and what few
  read go out as they are. (Who is no member and listens on the line may learn by lengths, even of
  TLS, whether a text that they had somebody say is like another's beside it.)
- What comes may be compressed, since a server cannot agree to one direction alone. It is kept as it
  came until the message is whole, and has then the bound of any message: of more nothing is made.
  Blocks may bring nothing at all, and take as long to read as a page of text: 64 KiB of them took
  6.6 ms. So a message is made what it was in pieces, between which others have their turn.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from typing_extensions import override
from websockets.exceptions import NegotiationError
from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import (
    PerMessageDeflate,
    ServerPerMessageDeflateFactory,
)

from huddle.protocol.limits import KIB

RSV1 = 0x40
"""The bit of a message's first frame by which it says that it is compressed."""

_TAIL = b"\0\0\xff\xff"
"""What ends a message and is not sent (RFC 7692, section 7.2.1)."""

_END = _TAIL + b"\3\0"
"""The same, and a last block with nothing in it: it is found there unless the message was cut off
within a block, or has had its last one."""

_BEHIND_A_LAST_BLOCK = (_END, b"\0" + _END)
"""What is left then; the second is what RFC 7692, section 7.2.3.4, has a sender put there."""

_LEVEL = 1
"""Of zlib. 64 lines of 10.6 KiB: 27 µs and 2.4 KiB; at level 6, 68 µs and 2.1 KiB (measured)."""


EMPTY_COUNTS = 4
"""Bytes as which each byte of a compressed message counts that became nothing: blocks in which
nothing stands take far longer than as many blanks."""

PIECE = 4 * KIB
"""Bytes of what came that are made what they were at once: less than half a millisecond."""


class Agreeing(ServerPerMessageDeflateFactory):
    """Agrees to compression where no message need refer to another, and windows have the usual
    size."""

    def __init__(self) -> None:
        super().__init__(server_no_context_takeover=True, client_no_context_takeover=True)

    @override
    def process_request_params(
        self,
        params: Sequence[tuple[str, str | None]],
        accepted_extensions: Sequence[Extension],
    ) -> tuple[list[tuple[str, str | None]], PerMessageDeflate]:
        answer, agreed = super().process_request_params(params, accepted_extensions)
        if agreed.local_max_window_bits != zlib.MAX_WBITS:
            raise NegotiationError("a small window would take a compression of its own")
        return answer, agreed


class Compressor:
    """Compresses messages, each so that it is read alone."""

    def __init__(self) -> None:
        self._zlib = zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS)

    def compress(self, data: Iterable[bytes | memoryview]) -> bytes:
        """These bytes joined, as one message."""
        made = self._zlib.compress(b"".join(data)) + self._zlib.flush(zlib.Z_FULL_FLUSH)
        return made[: -len(_TAIL)]


class Inflating:
    """A compressed message that is inflated a piece at a time. ``taken`` bytes of it have been."""

    __slots__ = ("_longest", "_made", "_message", "_zlib", "taken")

    def __init__(self, message: bytes, longest: int) -> None:
        """Where more than ``longest`` bytes are in it, it is inflated to one more than these."""
        self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
        self._message = message + _END
        self._longest = longest
        self._made = b""
        self.taken = 0

    def __len__(self) -> int:
        """Bytes that it takes meanwhile."""
        return len(self._message) + len(self._made)

    def go_on(self) -> bytes | None:
        """Inflate `PIECE` bytes more; gives what is in the message when those were the last.

        Raises `zlib.error` where it is no such message, or not all of one.
        """
        piece = self._message[self.taken : self.taken + PIECE]
        self._made += self._zlib.decompress(piece, self._longest + 1 - len(self._made))
        self.taken += len(piece)
        if len(self._made) > self._longest:
            return self._made
        if self.taken < len(self._message):
            return None
        left = self._zlib.unused_data
        if not self._zlib.eof or (left and left not in _BEHIND_A_LAST_BLOCK):
            raise zlib.error("cut off, or with something behind its end")
        return self._made
