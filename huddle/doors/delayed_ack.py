"""Delayed acknowledgement: when our kernel confirms to the peer's that what it sent has come.

Left alone, the kernel acknowledges a short line within ``recv``: on loopback and in a LAN the
packet goes out then and there. So ``recv`` takes 4.4 µs instead of 1.4 (with warm caches), and
everybody in the room waits for what only the speaker's machine is told. It is taken off their way
by acknowledging behind all that the line has made.

TCP_QUICKACK (tcp(7)) says how the kernel is to do it. Set to 1 it acknowledges at once what was
read and has not been acknowledged, and from then on within ``recv``. Set to 0 it delays what comes
next until it is told by a 1, until something is sent, which carries the acknowledgement along, or
for 40 ms. So 1 and then 0, behind each read, acknowledge what has come, and keep the next ``recv``
short. (A 2 does both in one call, but only where something is left to acknowledge: behind an answer
that has carried it along it leaves the kernel as a 1 does.)

To delay, and not to tell behind each read, would stall people. Nagle's algorithm in their machine
holds a short line back for as long as the one before has not been acknowledged, and `nc` does not
turn it off: of lines that are sent one by one, as when they are pasted, each would come up to 40 ms
behind the one before.

It is left to the kernel

- by TLS, where a read may bring half a record: it does not reach the door, which would not tell
  then, and the other half would wait for 40 ms;
- in a busy house, where what others say goes out to the speaker and acknowledges in the same
  packet: to tell behind each read sent one packet more for each line;
- for known programs, and in the web's door, since there is an answer to each of their lines: who
  is known as a program behind a read that was none yet has it left to the kernel again.
"""

from __future__ import annotations

import socket
from contextlib import suppress

from huddle.doors.transports import TwistedTransport


def acknowledge(transport: TwistedTransport, busy: bool) -> None:
    """Acknowledge what was just read, and delay the next acknowledgement, unless the house is
    ``busy``: where it was delayed until then, that is left to the kernel again. By TLS and for a
    UNIX socket nothing is done. Of a connection that is lost nothing is raised."""
    if busy:
        if transport.delays_acks:
            leave_to_kernel(transport)
    elif (tcp := transport.connection) is not None and transport.reads_once:
        with suppress(OSError):  # it is lost, as reading will tell
            tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
        transport.delays_acks = True


def leave_to_kernel(transport: TwistedTransport) -> None:
    """Acknowledge what was read, and leave to the kernel what comes next. To be called where it
    was delayed until then. Of a connection that is lost nothing is raised."""
    transport.delays_acks = False
    if (tcp := transport.connection) is not None:
        with suppress(OSError):
            tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
