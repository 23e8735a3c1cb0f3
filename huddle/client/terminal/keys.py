"""What a terminal sends, read as keys (ECMA-48; xterm's "PC-Style Function Keys").

Keys are called as people call them: what was typed is `TEXT`, others are ``up``, ``c-a`` (Ctrl),
``a-1`` (Alt, or Esc before it), ``s-tab`` (Shift).
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass

ALONE = 0.05
"""Seconds after which an ESC that nothing has followed is the key Esc."""

TEXT, PASTE, REPORT = "text", "paste", "report"
"""What has a text: characters that were typed, something pasted, an answer of the terminal."""

PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"

BURST_LINES, BURST = 5, 1024
"""So many ends of lines that come at once are a paste, of a terminal that does not say so (irssi
asks from as many on); or two, in so many characters: nobody types as fast."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was pressed; ``text`` belongs to `TEXT`, `PASTE` and `REPORT`."""

    name: str
    text: str = ""


class KeyReader:
    """Reads one terminal; a sequence, or a character, may come in pieces."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._pasted: list[str] | None = None
        self._burst: list[str] = []

    @property
    def waiting(self) -> bool:
        """Whether something has begun whose end has not come: `flush` after `ALONE`."""
        return bool(self._burst) or (bool(self._rest) and self._pasted is None)

    def feed(self, data: bytes) -> list[Key]:
        """The keys that these bytes complete; what is no whole key yet is kept for the next."""
        text = self._rest + self._decoder.decode(data)
        self._rest = ""
        if self._pasted is None and _is_burst(text, goes_on=bool(self._burst)):
            self._burst.append(text)
            return []
        return [*self._end_burst(), *self._keys(text)]

    def flush(self) -> list[Key]:
        """Nothing has followed: an ESC was the key Esc, what came in a burst was all of it, and
        what began otherwise was noise."""
        if self._burst:
            return self._end_burst()
        rest, self._rest = self._rest, ""
        return [Key("escape")] if rest == "\x1b" else []

    def _end_burst(self) -> list[Key]:
        burst, self._burst = "".join(self._burst), []
        return [Key(PASTE, burst)] if burst else []

    def _keys(self, text: str) -> Iterator[Key]:
        while text:
            if self._pasted is not None:
                text, key = self._paste(text)
            elif (found := _INCOMPLETE.match(text)) and len(text) < _LONGEST:
                self._rest, text, key = found[0], "", None
            else:
                token = _TOKEN.match(text)
                assert token is not None  # it takes any character
                text = text[token.end() :]
                key = self._key(token)
            if key is not None:
                yield key

    def _key(self, token: re.Match[str]) -> Key | None:
        if token[0] == PASTE_BEGINS:
            self._pasted = []
            return None
        if token["report"] is not None:
            return Key(REPORT, token["report"])
        if token["text"] is not None:
            return Key(TEXT, token["text"])
        if token["final"] is not None:
            return _of_csi(token["final"], token["numbers"])
        if token["function"] is not None:
            name = _FINALS.get(token["function"])
            return Key(name) if name else None
        if token["alt"] is not None:
            return Key("a-" + (_CONTROLS.get(token["alt"]) or token["alt"]))
        name = _CONTROLS.get(token[0]) or f"c-{chr(ord(token[0]) + 0x60)}"
        return Key(name)

    def _paste(self, text: str) -> tuple[str, Key | None]:
        """What follows a paste, and the paste; a part of its end may still be on its way."""
        assert self._pasted is not None
        before, end, after = text.partition(PASTE_ENDS)
        if end:
            self._pasted.append(before)
            key = Key(PASTE, "".join(self._pasted))
            self._pasted = None
            return after, key
        cut = next(
            (n for n in range(len(PASTE_ENDS) - 1, 0, -1) if text.endswith(PASTE_ENDS[:n])), 0
        )
        self._pasted.append(text[: len(text) - cut])
        self._rest = text[len(text) - cut :]
        return "", None


def _is_burst(text: str, *, goes_on: bool) -> bool:
    """Whether all that came at once was pasted. What begins with an ESC was sent for a key; one
    further on is a part of the text, unless it begins a paste of which the terminal does say so."""
    ends = text.count("\r") + text.count("\n")
    fast = ends >= BURST_LINES or (ends > 1 and len(text) >= BURST)
    if PASTE_BEGINS in text or (text.startswith("\x1b") and not (goes_on and fast)):
        return False
    return goes_on or fast


def _of_csi(final: str, numbers: str) -> Key | None:
    first, _, modifier = numbers.partition(";")
    name = _TILDES.get(first) if final == "~" else _FINALS.get(final)
    if name is None:
        return None
    return Key(_MODIFIERS.get(modifier, "") + name)


_LONGEST = 512
"""Characters of a sequence; one that is longer is none."""

_INCOMPLETE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O|\][^\x07\x1b]*\x1b?)?\Z")

_TOKEN = re.compile(
    r"\x1b\[(?P<numbers>[0-?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b\](?P<report>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1bO(?P<function>[ -~])"
    r"|\x1b(?P<alt>[^\x1b])"
    r"|(?P<text>[^\x00-\x1f\x7f\x80-\x9f]+)"
    r"|.",
    re.DOTALL,
)

_FINALS = {
    **{"A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end", "Z": "s-tab"},
    **{"I": "focus-in", "O": "focus-out"},
}
_TILDES = {
    **{"1": "home", "2": "insert", "3": "delete", "4": "end", "5": "pageup", "6": "pagedown"},
    **{"7": "home", "8": "end"},
}
_MODIFIERS = {"2": "s-", "3": "a-", "4": "a-", "5": "c-", "6": "c-", "7": "a-"}
_CONTROLS = {"\r": "enter", "\n": "enter", "\t": "tab", "\x7f": "backspace", "\x08": "backspace"}
_CONTROLS |= {"\x1b": "escape", "\x00": "c-space", "\x1f": "c-_", "\x1c": "c-\\", "\x1d": "c-]"}
