"""Deflate: what many are given at once goes out compressed, and is compressed once for all of them.

Browsers offer it with each WebSocket (permessage-deflate, RFC 7692). As it is mostly agreed to, a
connection has a window of its own, in which a message refers to those before it: then no two
connections would get the same bytes, and each would cost some 300 KiB. So no message refers to
another here, in neither direction (``no_context_takeover``): a slab compressed alone is the same
for everybody, and a sixth of its size.

- What is sent: slabs of rooms with some size and many readers, each as one message of several
  lines. All who read a slab have all of it, so its length tells them nothing; answers, inboxes and
  what few read go out as they are.
- What comes may be compressed, since a server cannot agree to one direction alone. It is kept as it
  came until the message is whole, and has then the bound of any message: of more nothing is made.
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

COMPRESSED = 0x40
"""The bit of a message's first frame that says so: RSV1."""

_TAIL = b"\0\0\xff\xff"
"""What ends a message and is not sent (RFC 7692, section 7.2.1)."""

_LEVEL = 1
"""Of zlib. 64 lines of 10.6 KiB: 27 µs and 2.4 KiB; at level 6, 68 µs and 2.1 KiB (measured)."""


class Agreeing(ServerPerMessageDeflateFactory):
    """Agrees to it where no message need refer to another, and windows have the usual size."""

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


def inflated(message: bytes, longest: int) -> bytes:
    """What was compressed. Of more than ``longest`` bytes it is the first, and one more.

    Raises `zlib.error` where it is no such thing.
    """
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(message + _TAIL, longest + 1)
