"""What one connection says together: a pasted block, told from lines that are said one by one.

A person's lines belong together when they come in one burst, which the door sees
(`huddle.doors.line_input`). A program says so itself: it names each of them by the id under which
the first was said.
"""

from __future__ import annotations

from huddle.protocol.events import Block

NO_BLOCK: tuple[int, Block] = (0, {})
"""One for all connections that say none: nothing is ever put into it."""


class Together:
    """What was said lately on a connection that the next line may belong to."""

    __slots__ = ("aside", "block", "follows", "lines", "more", "named", "typed")

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
        self.aside = False
        """Whether what was said last was for one person alone."""
        self.lines = 0
        """Lines that were said of the one block or the other on this connection."""
