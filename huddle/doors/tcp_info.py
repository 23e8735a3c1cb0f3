"""Is the peer still there? The kernel's answer, since `nc` can give none itself.

Linux tells by ``getsockopt(IPPROTO_TCP, TCP_INFO)`` what it knows of a connection. Offsets are
those of ``struct tcp_info`` in linux/tcp.h; the kernel only ever adds fields behind, and an older
one returns fewer bytes. So::

    2    u8   tcpi_retransmits      sendings of the same segment again, without an answer
    3    u8   tcpi_probes           probes sent, of a closed window or an idle peer, unanswered
    56   u32  tcpi_last_ack_recv    milliseconds since anything was acknowledged
    120  u64  tcpi_bytes_acked      bytes that the peer has acknowledged (Linux 4.1)
    144  u32  tcpi_notsent_bytes    bytes that wait to be sent (Linux 4.6)
    200  u64  tcpi_bytes_sent       bytes that were sent, again and again counted (Linux 4.19)
    208  u64  tcpi_bytes_retrans    of those, the ones that were sent again (Linux 4.19)
    228  u32  tcpi_snd_wnd          bytes that the peer's kernel has room for still (Linux 5.4)

A peer whose packets are lost is sent the same again and again, at growing intervals, and
acknowledges nothing: both conditions of `is_dead` hold after 20 s. A peer that has only stopped
reading looks much like it from above, nothing goes out any more; but its kernel lives. It has
acknowledged all that it took, says that its window is closed, and answers each probe of it; every
answer sets both counters back to zero. As the probes come ever more seldom, up to two minutes
apart, its last answer may well be over 20 s old: this is why both conditions are asked for. It
stays. (The same holds for a laptop that sleeps with a closed window: it is found out after its
third probe.)

Where nothing waits to be sent there is nothing to see here: keepalive looks after idle peers.

The same numbers tell *what* has arrived. Sent once, plus not yet sent, is all that our kernel was
ever given; when the peer has acknowledged as many bytes as had been given at an earlier look, all
that was given then has arrived (`Arrivals`). So a person who comes back is shown what may not have
reached them, and little else, and nothing has to be counted while messages are sent.
"""

from __future__ import annotations

import struct
from collections.abc import Hashable
from itertools import islice
from typing import Generic, TypeVar

_UNANSWERED = 3
"""Sendings or probes in vain: fewer happen on a bad wireless link."""

_SILENT_MS = 20_000
"""Milliseconds; with how often one looks this makes a dead peer gone within 25 s."""

_LAST_ACK = struct.Struct("=56xI")
_NOT_SENT = struct.Struct("=144xI")
_ACKED = struct.Struct("=120xQ")
_SENT = struct.Struct("=200xQQ")
_WINDOW = struct.Struct("=228xI")

HIDDEN = 48 * 1024
"""Bytes that may lie unread in the peer's kernel while the window that it offers is at its top."""

_HIDDEN_SHARE = 6
"""One part in so many of the largest window may hide as well, where that is more."""

_APART = HIDDEN // 4
"""Bytes from one watermark that is remembered to the next: who is given little has none kept."""

_WATERMARKS = 16
"""Earlier watermarks that are remembered; more are thinned out, the oldest is kept."""

Peer = TypeVar("Peer", bound=Hashable)
Watermark = TypeVar("Watermark")


def is_dead(info: bytes) -> bool:
    """Whether this ``struct tcp_info`` is that of a peer that has gone without a word. Raises
    `ValueError` when it is too short to be one."""
    if len(info) < _LAST_ACK.size:
        raise ValueError(f"a tcp_info of {len(info)} bytes")
    unanswered = max(info[2:4])
    return unanswered >= _UNANSWERED and _LAST_ACK.unpack_from(info)[0] > _SILENT_MS


def not_sent(info: bytes) -> int:
    """Bytes that the kernel has and has not sent; 0 where it is too old to tell."""
    return _NOT_SENT.unpack_from(info)[0] if len(info) >= _NOT_SENT.size else 0


class Arrivals(Generic[Watermark]):
    """What has surely arrived at one peer, from one look at its connection to the next.

    A *watermark* is whatever the caller wants to know the arrival of: at each look, a note of what
    has been given to the connection until then.
    """

    __slots__ = ("_acked", "_arrived", "_given", "_moved_at", "_top", "_watermark", "_window")

    def __init__(self, now: float) -> None:
        self._acked = 0
        self._given = 0
        self._watermark: Watermark | None = None
        self._moved_at = now
        self._top = 0
        self._window = 0
        self._arrived: tuple[tuple[int, Watermark], ...] = ()
        """Marks that have arrived, each with the bytes given before it, the latest last."""

    def look(self, info: bytes, watermark: Watermark | None, now: float) -> Watermark | None:
        """Take a ``struct tcp_info``; returns an earlier watermark if all before it has arrived.

        ``watermark`` is None when none can be set, since part of what was given waits elsewhere.
        A kernel that is too old to tell makes this return None.
        """
        if len(info) < _SENT.size:
            return None
        (acked,) = _ACKED.unpack_from(info)
        sent, again = _SENT.unpack_from(info)
        given = sent - again + _NOT_SENT.unpack_from(info)[0]
        if acked != self._acked or acked >= given:
            self._acked, self._moved_at = acked, now
        if len(info) >= _WINDOW.size:
            (self._window,) = _WINDOW.unpack_from(info)
            if self._window >= self._top:
                self._top = self._window
        arrived = None
        if self._watermark is not None and acked >= self._given:
            arrived, self._watermark = self._watermark, None
            self._remember(arrived)
        if self._watermark is None and watermark is not None:
            self._watermark, self._given = watermark, given
        return arrived

    def surely_read(self) -> Watermark | None:
        """The latest watermark before which the peer has read everything, though it was reset then.

        None: of what was given since the connection began, nothing is sure.
        """
        unread = self._top - self._window + max(HIDDEN, self._top // _HIDDEN_SHARE)
        read = self._acked - unread
        return next((each for given, each in reversed(self._arrived) if given <= read), None)

    def _remember(self, watermark: Watermark) -> None:
        if self._given - (self._arrived[-1][0] if self._arrived else 0) < _APART:
            return
        self._arrived += ((self._given, watermark),)
        if len(self._arrived) > _WATERMARKS:
            self._arrived = self._arrived[::2]

    def has_all(self, now: float) -> None:
        """Note that the peer has all that it was given, where that is known from elsewhere."""
        self._moved_at = now

    def stuck_for(self, now: float) -> float:
        """Seconds in which something waited and the peer took nothing of it."""
        return now - self._moved_at


class Rounds(Generic[Peer]):
    """Whose turn it is to be looked at: a part of all peers at each `turn`, everybody in turn.

    A peer that is there for ``parts`` turns is looked at once in them at least, however many come
    and go meanwhile. A turn costs as much as the peers in it (to find the first of them may take
    half a microsecond for a hundred others), and `add` and `discard` nothing.
    """

    def __init__(self, parts: int) -> None:
        self._parts = parts
        self._waiting: dict[Peer, None] = {}

    def add(self, peer: Peer) -> None:
        """Let a peer have its turns; it comes last."""
        self._waiting[peer] = None

    def discard(self, peer: Peer) -> None:
        """Forget what was noted of a peer, if it is known."""
        self._waiting.pop(peer, None)

    def turn(self) -> list[Peer]:
        """Name those whose turn it is, and put them behind all others."""
        count = -(-len(self._waiting) // self._parts)
        turn = list(islice(self._waiting, count))
        for peer in turn:
            del self._waiting[peer]
        self._waiting.update(dict.fromkeys(turn))
        return turn
