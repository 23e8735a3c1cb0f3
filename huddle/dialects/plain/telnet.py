"""Telnet's own bytes taken out of what a peer sends, so that `telnet` is as good as `nc`.

Telnet (RFC 854) hides commands among the data: IAC, which is 0xFF, and a function; IAC, one of
WILL, WONT, DO and DONT, and an option; or IAC SB, an option's own data, IAC SE. A 0xFF of the data
is doubled. No UTF-8 has a 0xFF, so only Latin-1's ``ÿ`` is ever in the way: where no command
follows it is that letter, as `nc` sends it.

Negotiation is not answered. A peer that says WILL or DO only asks, and goes on as before until
there is an answer; and as before, a line at a time and echoed by the client, is what a room wants.
Hence no option is ever on, and an answer of ours that a client could have missed does not exist.

One thing is owed. On ^\\ (break) and ^Z (suspend) inetutils' telnet sends the function and DO
TIMING-MARK, and then shows nothing of what comes until that is answered (RFC 860; seen with 2.4).
^C is IAC IP, interrupt process: a person who sends it wants to leave. (It is followed by DO
TIMING-MARK too, so our farewell is seen only behind the answer.) None of the other functions says
that for certain, and all of them turn up in random bytes. ^D is a bare 0x04, no command at all.
"""

from __future__ import annotations

import re

IAC, CR = 0xFF, 0x0D
"""Numbers: for ``b"\\r" in data`` Python makes an error first and forgets it, which takes ten times
as long."""

_WILL_TIMING_MARK = b"\xff\xfb\x06"

# What may stand behind IAC.
# An option's data: 1,024 steps at most, so that a lost SE costs no more; and a LF ends it, since
# then the peer is no telnet and its lines go on. 0xFF in it is doubled.
_BEGUN = rb"\xfa(?:[^\xff\n]|\xff[^\xf0\n])"
_DATA = _BEGUN + rb"{0,1024}(?:\xff\xf0|\xff?(?=\n))"
_ENDLESS = _BEGUN + rb"{1024}"
# A line's end is no option either: ``ÿþ`` may end a line of Latin-1.
_OPTION = rb"[\xfb-\xfe](?:[^\n]|(?=\n))"
_TIMING_MARK = rb"\xff\xfd\x06"
# From EOF, 0xEC, to GA, 0xF9; not IP, 0xF4.
_FUNCTION = rb"[\xec-\xf3\xf5-\xf9]"

_COMMAND = rb"(?:%b)" % b"|".join([_DATA, _ENDLESS, _OPTION, _FUNCTION + rb"(?!%b)" % _TIMING_MARK])
_CUT = rb"(?:[\xfb-\xfe]?|%b(?:\xff\xfd?)?|%b{0,1024}\xff?)\Z" % (_FUNCTION, _BEGUN)

# Runs are matched whole: a peer that sends commands in bulk gets no turn of Python for each; and
# since nothing need match behind a run, the search never goes back in it. IAC stands in front of
# all alternatives, so that the search goes from one to the next and looks at no letter. (With
# ``*+`` Python 3.11.2 takes a command for whole of which the end has not come: its issue 106052.)
_SEQUENCE = re.compile(
    rb"\xff(?:"
    rb"(?P<interrupt>\xf4)"
    rb"|(?P<letters>\xff(?:\xff\xff)*)"
    rb"|(?P<marked>" + _FUNCTION + _TIMING_MARK + rb")"
    rb"|(?P<unfinished>" + _CUT + rb")"
    rb"|" + _COMMAND + rb"(?:\xff" + _COMMAND + rb")*"
    rb")",
    re.DOTALL,
)


class TelnetFilter:
    """What one peer sends, without Telnet; whatever is split over two reads is put together.

    It keeps at most 2 KiB of an unfinished command, and a CR that may be half of a line's end.
    """

    __slots__ = ("_ends_in_cr", "_unfinished", "is_asked", "keeps")

    def __init__(self) -> None:
        self._unfinished = b""
        self._ends_in_cr = False
        self.is_asked = False
        """Whether the peer waits for an `answer`."""
        self.keeps = False
        """Whether the end of the last read is kept until more has come."""

    def feed(self, data: bytes) -> tuple[bytes, bool]:
        """Give the data of one read, and whether the peer interrupts (^C): then it leaves.

        CR NUL is a line's end as LF is; CR LF is left to the splitter of lines. What comes behind
        an interrupt is dropped.
        """
        interrupted = False
        if self._unfinished or IAC in data:
            data, interrupted = self._without_commands(self._unfinished + data)
        if self._ends_in_cr or CR in data:
            data = self._with_line_ends(data)
        self.keeps = bool(self._unfinished) or self._ends_in_cr
        return data, interrupted

    def owed(self) -> bytes:
        """Give what was kept back, when the peer has ended its side: a CR, or a last ``ÿ``."""
        carriage_return = b"\r" if self._ends_in_cr else b""
        letter = self._unfinished if self._unfinished == b"\xff" else b""
        return carriage_return + letter

    def answer(self) -> bytes:
        """Take the answer that the peer waits for, to be sent at once; mostly it is empty."""
        asked, self.is_asked = self.is_asked, False
        return _WILL_TIMING_MARK if asked else b""

    def _without_commands(self, data: bytes) -> tuple[bytes, bool]:
        kept = []
        end = 0
        self._unfinished = b""
        for sequence in _SEQUENCE.finditer(data):
            kept.append(data[end : sequence.start()])
            end = sequence.end()
            match sequence.lastgroup:
                case "letters":
                    kept.append(sequence[0][::2])
                case "marked":
                    self.is_asked = True
                case "unfinished":
                    self._unfinished = sequence[0]
                case "interrupt":
                    self.is_asked = True
                    return b"".join(kept), True
        kept.append(data[end:])
        return b"".join(kept), False

    def _with_line_ends(self, data: bytes) -> bytes:
        if self._ends_in_cr:
            data = b"\r" + data
        self._ends_in_cr = data.endswith(b"\r")
        if self._ends_in_cr:
            data = data[:-1]
        return data.replace(b"\r\0", b"\n")
