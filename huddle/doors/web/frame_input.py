"""Frame input: what comes by one WebSocket, made into lines and handed on as those of any door.

What was read waits as it came until its turn comes (`huddle.doors.input.scheduler`), and then one
frame is taken at a time: so frames cost the others no more than lines do. Each read and each frame
that brings no line's end is counted, pings and fragments too; and the pongs are replies, so that a
peer who does not take them is read from no more. Of a frame that is not whole nothing is looked at
till it is, or till what it took counts as a line.

A message in one frame, as all browsers send it, is taken here, which takes a fifth of the time that
the library needs for it; whatever else comes is the library's, which is asked for only then, since
its state takes as much memory as a whole member.

A message has the size of a line, and comes in `Limits.web_fragments` fragments at the most; past
that the connection fails, with a close code that says why (RFC 6455, section 7.4.1). What came
before a breach or a close frame is still said.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from typing_extensions import override
from websockets.frames import Close, CloseCode, Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.utils import apply_mask

from huddle.doors.connection import Connection
from huddle.doors.input.buffers import LEAST, InputBuffers
from huddle.doors.input.line_buffer import READS_A_LINE
from huddle.doors.input.line_input import Left, LineInput
from huddle.doors.transports import READ, READ_FRAMES, read_little
from huddle.doors.web.deflate import EMPTY_COUNTS, RSV1, Inflating
from huddle.doors.web.heads import let_go

_MESSAGE = 0x81
"""How a text in one frame begins."""

_DATA = (Opcode.TEXT, Opcode.CONT)

_OPCODE = 0x0F
_BEGIN = (Opcode.TEXT, Opcode.BINARY)

_GOODBYE = Close(CloseCode.NORMAL_CLOSURE, "").serialize()
_CLOSE_FRAME = Frame(Opcode.CLOSE, _GOODBYE).serialize(mask=False)


@dataclass(slots=True, eq=False, repr=False)
class FrameInput(LineInput):
    """The way in of one WebSocket, from the end of its handshake on.

    What it keeps is counted with that of all doors, and with what has come ``by_web``. A message
    has ``most`` fragments, and where it ``compresses`` may come compressed.
    """

    _owner: Connection
    _by_web: InputBuffers
    _most: int
    _compresses: bool
    _made: ServerProtocol | None = field(default=None, init=False)
    _raw: bytearray = field(default_factory=bytearray, init=False)
    """What was read and is not taken apart yet."""
    _missing: int = field(default=0, init=False)
    """Bytes that have to come before a frame can be taken of these; 0 or less: it is not known."""
    _message: bytes = field(default=b"", init=False)
    """What has come of a message that is not whole; its fragments as objects would take fifty times
    their size."""
    _fragments: int = field(default=0, init=False)
    _compressed: bool = field(default=False, init=False)
    """Whether the message that is not whole came compressed."""
    _inflating: Inflating | None = field(default=None, init=False)
    """A whole message that came compressed, while it is inflated."""
    _fruitless: int = field(default=0, init=False)
    """Reads and frames since the last line, or since they were counted."""
    _ending: bytes = field(default=b"", init=False)

    @override
    def __post_init__(self) -> None:
        LineInput.__post_init__(self)
        self._transport.ending = self._close_frame

    @property
    def _protocol(self) -> ServerProtocol:
        """The library's, made when it is needed."""
        if self._made is None:
            self._made = ServerProtocol(state=OPEN, max_size=self._longest)
        return self._made

    @override
    def feed(self, data: bytes) -> None:
        if self._end is None and data:
            self._raw += data
            self._missing -= len(data)
            self._fruitless += 1
            counts = self._fruitless == READS_A_LINE and self._count_as_line()
            if self._missing > 0 and not counts and not self._progress.over:
                self._keep(len(data))
                return
            sequencer = self.flow.share.sequencer
            if self._transport.reads_once:
                # Not itself: behind each line may be another frame.
                sequencer.current_speaker = self.flow
            try:
                if self._scheduler.ask(self):
                    self._pause_reading()  # a read holds hundreds of small frames
                if self._counted or len(self._raw) + len(self._message) > LEAST:
                    self._weigh()
            finally:
                sequencer.end_of_read()

    def _keep(self, more: int) -> None:
        """Count ``more`` bytes of a frame that is not whole yet among what waits unheard."""
        if self._missing < READ <= self._missing + more:
            self._awaits(len(self._raw) + self._missing)
        if len(self._raw) + len(self._message) > self._counted + LEAST:
            self._weigh()

    @override
    def _size(self) -> int:
        inflating = self._inflating
        kept = len(inflating) if inflating is not None else len(self._message)
        return len(self._raw) + kept + LineInput._size(self)

    @override
    def _weigh(self) -> None:
        LineInput._weigh(self)
        self._by_web.count(self, self._counted)

    @override
    def discard(self) -> None:
        """What has come of a frame cannot be thrown away alone: the connection goes with it."""
        self._forget()
        self._dismiss()

    def _forget(self) -> None:
        """Keep nothing of frames and messages that are not whole."""
        self._raw = bytearray()
        self._message, self._fragments, self._missing = b"", 0, 0
        self._compressed, self._inflating = False, None

    @override
    def _hand_on(self, until: float) -> Left:
        left = LineInput._hand_on(self, until) if self._read else Left.NOTHING
        while (self._raw or self._inflating is not None) and left is Left.NOTHING:
            if self._closing or self._progress.over:
                self._forget()
                break
            if self._inflating is not None:
                self._go_on_inflating(self._inflating)
            elif not self._take_frame():
                return LineInput._hand_on(self, until)  # more is read if it was not slowed down
            if self._scheduler.seconds() >= until:
                return Left.LINES
            left = LineInput._hand_on(self, until)
        return left

    # -- frames --------------------------------------------------------------------------------

    def _take_frame(self) -> bool:
        """Take the next frame, if it is whole; the library refuses one that is too long."""
        raw = self._raw
        if len(raw) < 2:
            return self._awaits(2)
        length, head = raw[1] & 0x7F, 2
        if length > 125:
            head = 4 if length == 126 else 10
            if len(raw) < head:
                return self._awaits(head)
            length = int.from_bytes(raw[2:head], "big")
        masked = raw[1] & 0x80
        body = head + 4 if masked else head
        end = body + length
        fits = length + len(self._message) <= self._longest
        if not fits:
            end = len(raw)
        elif len(raw) < end:
            return self._awaits(end)
        if self._compresses and raw[0] & RSV1 and raw[0] & _OPCODE in _BEGIN:
            raw[0] ^= RSV1  # the library only joins the fragments
            self._compressed = True
        if raw[0] == _MESSAGE and masked and fits and not self._fragments:
            message = apply_mask(raw[body:end], raw[head:body])
            del raw[:end]
            self._take_message(message)
        else:
            frame = bytes(raw[:end])
            del raw[:end]
            self._have_read(frame)
        return True

    def _awaits(self, end: int) -> bool:
        """No frame can be taken before so much is there. Read more of a long one at once, but
        nothing of what is behind it."""
        self._missing = end - len(self._raw)
        read_little(self._transport.transport, READ if self._missing >= READ else READ_FRAMES)
        return False

    def _have_read(self, data: bytes) -> None:
        """Let the library read a frame, answer what is to be answered, and see to the end."""
        protocol = self._protocol
        protocol.receive_data(data)
        for event in protocol.events_received():
            if isinstance(event, Frame):
                self._take(event)
        self._answer()

    def _answer(self) -> None:
        out = b"".join(self._protocol.data_to_send())
        if out and self._protocol.eof_sent:
            self._finish(out)
        elif out:
            self._owner.outlet.reply(out)

    def _take(self, frame: Frame) -> None:
        """Take a frame's part of a message."""
        if frame.opcode is Opcode.BINARY:
            self._protocol.fail(CloseCode.UNSUPPORTED_DATA, "text only")
        elif frame.opcode not in _DATA:
            self._count_fruitless()
        elif frame.fin:
            message, self._message, self._fragments = self._message + frame.data, b"", 0
            self._take_message(message)
        else:
            self._message += frame.data
            self._count_fruitless()
            self._fragments += 1
            if self._fragments > self._most:
                self._protocol.fail(CloseCode.MESSAGE_TOO_BIG, "too many fragments")

    def _take_message(self, message: bytes, came: int = 0) -> None:
        """A message is whole, of which ``came`` bytes came if it was compressed."""
        if self._compressed:
            self._compressed = False
            self._inflating = Inflating(message, self._longest)
            self._counted = self._counted or 1  # so that `hear` weighs it
            return
        try:
            message.decode()
        except UnicodeDecodeError:
            self._fail(CloseCode.INVALID_DATA, "not UTF-8")
            return
        if message.isspace() or not message:
            self._count_fruitless()
            self.flow.count_bytes(max(len(message), EMPTY_COUNTS * came))
            return
        self._fruitless = 0
        self._read += message + b"\n"

    def _go_on_inflating(self, inflating: Inflating) -> None:
        try:
            message = inflating.go_on()
        except zlib.error:
            self._inflating = None
            self._fail(CloseCode.INVALID_DATA, "not deflated")
            return
        if message is None:
            return
        self._inflating = None
        if len(message) > self._longest:
            self._fail(CloseCode.MESSAGE_TOO_BIG, "too long")
        else:
            self._take_message(message, inflating.taken)

    def _fail(self, code: CloseCode, reason: str) -> None:
        self._protocol.fail(code, reason)
        self._answer()

    def _count_fruitless(self) -> None:
        """A frame brought nothing that can be heard; a blank message is nothing, too."""
        self._fruitless += 1
        if self._fruitless == READS_A_LINE:
            self._count_as_line()

    def _count_as_line(self) -> bool:
        """So many reads and frames brought nothing that they count as a line."""
        self._fruitless = 0
        self.flow.count_lines(1)
        return True

    # -- the end -------------------------------------------------------------------------------

    def _finish(self, ending: bytes) -> None:
        """Nothing more comes: the peer has sent a close frame, or what no WebSocket may send."""
        self._ending = ending
        self._forget()
        let_go(self._protocol)
        willingly = self._protocol.close_rcvd is not None and not self._owner.outlet.closed
        self.end(clean=willingly)

    @override
    def _tell_the_end(self) -> None:
        LineInput._tell_the_end(self)
        if self._told and self._made is not None:
            let_go(self._made)

    def _close_frame(self) -> bytes:
        """What is said behind all else: the close frame, unless it was said."""
        if self._made is None:
            return _CLOSE_FRAME  # a server that ends has thousands to close at once
        if self._protocol.state is OPEN:
            self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
            return b"".join(self._protocol.data_to_send())
        ending, self._ending = self._ending, b""
        return ending
