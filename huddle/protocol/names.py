"""What may be a nick or a room's name, and which names are too much alike.

A name is what the Nickname profile of RFC 8266 makes of what was typed (NFKC, so ``ＡＮＡ`` is
``ANA``; the case stays), narrowed to letters, marks, digits and, inside, ``-`` ``_`` ``.`` ``'``.
Every script is welcome, digits alone are too. So no name holds a space, a bracket, a comma or a
colon, and ``bob>yes,``, ``--``, ``*ana`` and ``18:02`` are none. Four more rules keep a name in its
place on a line:

- No letter that *looks* like ``<`` or ``>``, as two Canadian syllabics do: ``<bobᐳyes> …`` would
  pass for bob's.
- A mark stands on a letter or digit, there are at most four in a row and no two of the same
  (UTS #39, section 5.4). Four is what Burmese needs; more of them climb over the lines around.
- A name runs in one direction (the Bidi Rule of RFC 5893): one that mixes Hebrew and Latin, or
  begins with a digit before Arabic, is shown in another order than it is stored in.
- ZWJ and ZWNJ are invisible and stand only where Persian, Sinhala and their kin are written with
  them (RFC 5892, appendix A).
"""

from __future__ import annotations

import re
from unicodedata import bidirectional, category

from precis_i18n import get_profile
from precis_i18n.bidi import bidi_rule, has_rtl

from huddle.protocol.errors import BadNick
from huddle.protocol.limits import Limits
from huddle.protocol.skeleton import skeleton
from huddle.protocol.text import clean, normalized

_PROFILE = get_profile("NicknameCasePreserved")
_UNICODE = _PROFILE.base.ucd

_INNER = "-_.'"
_JOINERS = "\u200c\u200d"
_BRACKET = re.compile("[<>]")
# Letters and marks of every kind; Nl for 〇, the zero of Chinese and Japanese.
_CATEGORIES = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl"}
_MARKS = {"Mn", "Me"}  # the ones that take no room of their own
_MARKS_IN_A_ROW = 4
# NFKC makes no fewer than one character of four (Hangul, stacked accents).
_SHRINKS = 4
_NICK, _ROOM = Limits().nick, Limits().room_name
# Characters of anything typed that may be a name; what is longer is not looked at.
_TYPED = _SHRINKS * max(_NICK, _ROOM)
# What these rules leave as it is, told at once: a name in ASCII has no other form, no marks and one
# direction, and looks like no bracket. The profile takes 60 µs for the same answer.
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-_.']*[A-Za-z0-9])?")


def nick(text: str) -> str:
    """Make a nick of what was typed: 1 to 24 characters.

    Raises `BadNick`: ``empty``, ``too-long``, ``character`` (that one, nowhere) or ``edge`` (that
    one, not at the beginning or end). A nick's nick is itself.
    """
    return _name(text, _NICK)


def room_name(text: str) -> str:
    """Make a room's name of what was typed, by the rules for nicks: 1 to 32 characters."""
    return _name(text, _ROOM)


def keys(name: str) -> frozenset[str]:
    """Make what a name is compared by: two names are one when they share a key.

    The skeletons of the name as shown and of its case-folded form, and that of the folded skeleton:
    without it ``AIex``, which looks like ``Alex``, could stand beside ``alex``. What is too long to
    be typed for a name has no keys: it is like none.
    """
    if len(name) > _TYPED:
        return frozenset()
    shown = skeleton(name)
    folded = shown if name.islower() and name.isascii() else folded_key(name)
    return frozenset((shown, folded, skeleton(shown.casefold())))


def folded_key(name: str) -> str:
    """Make the one of its keys that a name has in common with all its upper and lower cases.

    It is empty, which no name's is, for what is too long to be typed for a name.
    """
    return skeleton(name.casefold()) if len(name) <= _TYPED else ""


def _name(text: str, limit: int) -> str:
    text = clean(text).strip()
    if not text:
        raise BadNick("empty")
    if len(text) <= limit and _PLAIN.fullmatch(text):
        return text
    if len(text) > limit * _SHRINKS:  # spares the profile, which takes 10 µs a character
        raise BadNick("too-long")
    name = _profiled(text)
    if len(name) > limit:
        raise BadNick("too-long")
    _check_characters(name)
    _check_edges(name)
    _check_marks(name)
    _check_direction(name)
    return name


def _profiled(text: str) -> str:
    try:
        return _PROFILE.enforce(text)
    except UnicodeEncodeError as error:
        raise BadNick("character", error.object[error.start]) from None


def _check_characters(name: str) -> None:
    for character in name:
        known = category(character) in _CATEGORIES or character in _INNER + _JOINERS
        if not known or _BRACKET.search(skeleton(character)):
            raise BadNick("character", character)


def _check_edges(name: str) -> None:
    for character in (name[0], name[-1]):
        if character in _INNER:
            raise BadNick("edge", character)
    if name[0] in _JOINERS or category(name[0]).startswith("M"):
        raise BadNick("edge", name[0])


def _check_marks(name: str) -> None:
    row = ""
    before = ""
    for character in normalized("NFD", name):
        if category(character) not in _MARKS:
            row = ""
        elif before in _INNER or character in row[-1:] or len(row) == _MARKS_IN_A_ROW:
            raise BadNick("character", character)
        else:
            row += character
        before = character


def _check_direction(name: str) -> None:
    if not has_rtl(name, _UNICODE) or bidi_rule(name, _UNICODE):
        return
    first = bidirectional(name[0])
    if first not in ("L", "R", "AL"):
        raise BadNick("edge", name[0])
    foreign = ("R", "AL", "AN") if first == "L" else ("L", "AN")
    wrong = (character for character in name if bidirectional(character) in foreign)
    raise BadNick("character", next(wrong, name[-1]))
