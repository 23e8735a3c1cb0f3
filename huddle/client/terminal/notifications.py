"""How one is called to the screen: the bell, and a note on the desktop where terminals send one.

A terminal that knows neither OSC 9 (iTerm2) nor OSC 777 (rxvt-unicode's notify) might print what
it does not understand, so they are sent only to those that are known to take them.
"""

from __future__ import annotations

from collections.abc import Mapping

from huddle.client.rendering.mentions import mentions
from huddle.client.session.events import Said
from huddle.client.setup.options import Notify
from huddle.protocol.events import INBOX
from huddle.protocol.text import clean

BELL = "\a"
LENGTH = 200
"""Characters of a note on the desktop."""


def concerns(said: Said, nick: str) -> bool:
    """Whether a message is for one in particular: it names one, or is private."""
    return not said.to and (said.room == INBOX or mentions(said.text, nick))


def calls(said: Said, nick: str, notify: Notify) -> bool:
    """Whether one wants to be called for a message. What is from the past is no reason, nor what
    puts right a message for which one has been called."""
    if said.past or said.edits:
        return False
    match notify:
        case Notify.OFF:
            return False
        case Notify.MENTION:
            return concerns(said, nick)
        case Notify.ALL:
            return True


def call(said: Said, environ: Mapping[str, str], *, looking: bool) -> str:
    """What to send to the terminal. Who is looking needs no note on the desktop."""
    return BELL if looking else BELL + note(f"{said.nick}: {said.text}", environ)


def note(text: str, environ: Mapping[str, str]) -> str:
    """A note on the desktop, as this terminal takes it; empty when it takes none."""
    # An escape sequence ends at BEL or ESC, of which a clean text has none.
    text = clean(text)[:LENGTH]
    term = environ.get("TERM", "")
    if environ.get("TMUX") or term.startswith(("screen", "tmux")):
        return ""  # between us and the terminal stands one that would swallow it
    if environ.get("TERM_PROGRAM") in _OSC_9 or term == "xterm-kitty":
        return f"\x1b]9;{text}\x1b\\"
    if environ.get("VTE_VERSION") or term.startswith(("rxvt", "foot")):
        return f"\x1b]777;notify;Huddle;{text.replace(';', ',')}\x1b\\"
    return ""


_OSC_9 = frozenset({"iTerm.app", "WezTerm", "ghostty"})
