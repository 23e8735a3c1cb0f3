"""What one connection says together: a pasted block, told from lines that are said one by one.

A person's lines belong together when they come in one burst, which the door sees
(`huddle.doors.input.line_input`). A program says so itself: it names each of them by the id under
which the first was said.
"""

from __future__ import annotations

from dataclasses import replace

from huddle.protocol.answers import Refused
from huddle.protocol.errors import LeavingWord
from huddle.protocol.events import Block, Kind
from huddle.protocol.requests import Request, Say

NO_BLOCK: tuple[int, Block] = (0, {})
"""One for all connections that say none: nothing is ever put into it."""


class PasteState:
    """What was said lately on a connection that the next line may belong to.

    The door (`huddle.doors.input.line_input`) sets how a line came, before each; the visit, who
    speaks; and the actions, `talk` and `private`, where the lines have gone::

        typed            visit               once for each dialect
        follows, more    line_input          before it hands a line on
        block            talk, line_input    a person's text begins one, which ends with its burst
        named            talk                a program's line names one that is not at hand
        lines            talk                with each line of a block, 0 where one begins
        was_private      talk, private       with each text
    """

    __slots__ = ("block", "follows", "lines", "more", "named", "typed", "was_private")

    def __init__(self) -> None:
        self.typed = False
        """Whether a person types its lines."""
        self.follows = False
        """Whether the line at hand came in one burst with the line before it."""
        self.more = False
        """Whether more text of this burst is there behind it. Not asked where it is in a block."""
        self.block: Block | None = None
        """That of the last text of this burst, which may be its only line."""
        self.named = NO_BLOCK
        """A program's block: the id of its first line, and where that is."""
        self.lines = 0
        """Lines that were said of the one block or the other on this connection."""
        self.was_private = False
        """Whether what was said last was for one person alone."""


def as_pasted(
    paste: PasteState, text: str, request: Request | Refused | None
) -> Request | Refused | None:
    """What a line of a burst asks for, read as it was written, ``text``: it may be blank, or a word
    that leaves elsewhere, and blanks at its end count."""
    is_word = isinstance(request, Refused) and isinstance(request.error, LeavingWord)
    if request is None or is_word:
        return Say(text) if paste.block is not None else request
    if isinstance(request, Say) and request.kind is Kind.SAY:
        return replace(request, text=request.text + text[len(text.rstrip()) :])
    return request
