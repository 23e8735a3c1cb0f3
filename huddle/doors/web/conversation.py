"""A conversation: one WebSocket, from the answer to its handshake to its end.

What comes in frames goes on as lines, by the same way as from the first door, and what goes out is
the outlet's. Pongs are replies: a peer that asks for them and does not take them is read from no
more, as any other that does not take its answers. A message has the size of a line, and comes in
`Limits.web_fragments` fragments at the most; past that the connection fails, with a close code that
says why (RFC 6455, section 7.4.1).
"""

from __future__ import annotations

from collections.abc import Callable

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from huddle.doors.connection import Connection
from huddle.protocol.limits import Limits

_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)


class Conversation:
    """The frames of one connection. ``worked`` are the seconds that this thread has worked."""

    __slots__ = ("_connection", "_ending", "_limits", "_pieces", "_protocol", "_worked")

    def __init__(
        self,
        connection: Connection,
        protocol: ServerProtocol,
        limits: Limits,
        worked: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._protocol = protocol
        self._limits = limits
        self._worked = worked
        self._pieces: list[bytes] = []
        self._ending = b""
        connection.transport.ending = self._close_frame

    def begin(self, response: Response) -> None:
        """Accept the WebSocket by this response, and let the visit begin."""
        self._protocol.send_response(response)
        self._connection.outlet.reply(b"".join(self._protocol.data_to_send()))
        self._connection.open()

    def receive(self, data: bytes) -> None:
        """Take bytes that were read, and have the lines heard whose frames are whole."""
        began = self._worked()
        self._protocol.receive_data(data)
        lines = [line for frame in self._frames() if (line := self._line_of(frame)) is not None]
        if lines:
            self._connection.input.feed(b"\n".join(lines) + b"\n")
        self._answer()
        self._connection.input.charge(self._worked() - began)

    def _frames(self) -> list[Frame]:
        return [event for event in self._protocol.events_received() if isinstance(event, Frame)]

    def _line_of(self, frame: Frame) -> bytes | None:
        """The message that is whole with this frame, if one is."""
        if frame.opcode not in _DATA or self._protocol.eof_sent:
            return None
        if frame.opcode is Opcode.BINARY:
            self._protocol.fail(CloseCode.UNSUPPORTED_DATA, "text only")
            return None
        self._pieces.append(bytes(frame.data))
        if not frame.fin:
            if len(self._pieces) > self._limits.web_fragments:
                self._protocol.fail(CloseCode.MESSAGE_TOO_BIG, "too many fragments")
            return None
        message = b"".join(self._pieces)
        self._pieces.clear()
        try:
            message.decode()
        except UnicodeDecodeError:
            self._protocol.fail(CloseCode.INVALID_DATA, "not UTF-8")
            return None
        return message

    def _answer(self) -> None:
        """Give the pongs that are due, and see to the end where it has come."""
        out = [data for data in self._protocol.data_to_send() if data]
        if not self._protocol.eof_sent:
            if out:
                self._connection.outlet.reply(b"".join(out))
                self._connection.input.go_on()  # it may be read from no more
            return
        self._ending = b"".join(out)
        self._pieces.clear()
        if self._protocol.close_rcvd is not None:
            self._connection.input_ended()
        else:
            self._connection.input.end(clean=False)

    def _close_frame(self) -> bytes:
        """What is said behind all else: the close frame, unless it was said."""
        if self._protocol.state is OPEN:
            self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
            return b"".join(self._protocol.data_to_send())
        ending, self._ending = self._ending, b""
        return ending
