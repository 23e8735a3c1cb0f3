"""Words by which people say how long, in English and in Spanish, and whether a text begins so.

What begins so was meant as a duration, be it understood (`huddle.locale.durations`) or not:
``a few hours``, ``in 1h``, ``until friday``, ``week``. Each word is looked at once, without the
marks around it: first those that may stand before a time, then one of time. What follows does not
matter. And the numbers in words that stand in front of units of time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_SPELLED_NUMBERS: Mapping[float, str] = {
    0.25: "a quarter of an|quarter of an|a quarter of a|un cuarto de",
    0.5: "half an|half a|half|media|medio",
    0.75: "three quarters of an|three quarters of a|tres cuartos de",
    1: "a|an|one|un|una|uno",
    2: "two|dos|a couple of|un par de",
    3: "three|tres",
    4: "four|cuatro",
    5: "five|cinco",
    6: "six|seis",
    7: "seven|siete",
    8: "eight|ocho",
    9: "nine|nueve",
    10: "ten|diez",
    11: "eleven|once",
    12: "twelve|doce",
    13: "thirteen|trece",
    14: "fourteen|catorce",
    15: "fifteen|quince",
    16: "sixteen|dieciséis|dieciseis",
    17: "seventeen|diecisiete",
    18: "eighteen|dieciocho",
    19: "nineteen|diecinueve",
    20: "twenty|veinte",
    24: "twenty-four|twenty four|veinticuatro",
    25: "twenty-five|twenty five|veinticinco",
    30: "thirty|treinta",
    40: "forty|cuarenta",
    45: "forty-five|forty five|cuarenta y cinco",
    48: "forty-eight|forty eight|cuarenta y ocho",
    50: "fifty|cincuenta",
    60: "sixty|sesenta",
    90: "ninety|noventa",
}
_VALUES = {word: value for value, words in _SPELLED_NUMBERS.items() for word in words.split("|")}

NUMBERS = tuple(_VALUES)
"""All number words that are understood, in both languages."""

HALVES = ("and a half", "y medio", "y media")
QUARTERS = ("and a quarter", "y cuarto", "y un cuarto")
"""What is added to a number or to its unit."""

CONTINUED = (*(word for word in NUMBERS if _VALUES[word] != 1), "some", "few", "pico", "algo")
"""What stands behind a duration that was not over yet: ``1 hour and ten``."""


_DAY = 86_400
_SPELLED: Mapping[int, str] = {
    1: "s sec secs second seconds seg segs segundo segundos",
    60: "m min mins minute minutes minuto minutos",
    3600: "h hr hrs hour hours hora horas",
    _DAY: "d day days día días dia dias",
    7 * _DAY: "w wk wks week weeks sem semana semanas",
}
SIZES: Mapping[str, int] = {
    name: size for size, names in _SPELLED.items() for name in names.split()
}
"""Seconds in all the units that are understood, however they are written."""

_BEFORE_A_TIME = """
    a an the this next another all whole few some several many more most than only just at least
    about around roughly nearly almost over up to or of and until till til through for in within
    during by on couple end rest hundred hundreds thousand thousands

    un una unos unas el la los las este esta próximo próxima próximos próximas proximo proxima otro
    otra otros otras todo toda varios varias algunos algunas muchos muchas más mas menos solo sólo
    casi cerca como mucho al o y de del hasta por para durante en dentro a par fin resto pasado
    cien ciento cientos mil miles
"""
_BEFORE = frozenset([*_BEFORE_A_TIME.split(), *re.split("[ -]", " ".join(NUMBERS))])
"""What may stand before a time and is none itself, numbers in words included. Figures may, too."""

_NO_UNITS = """
    weekend weekends fortnight fortnights month months semester semesters year years decade decades
    century centuries moment moments while today tonight tomorrow noon midnight
    monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays
    saturday saturdays sunday sundays

    quincena quincenas mes meses trimestre trimestres semestre semestres año años década décadas
    siglo siglos momento momentos rato ratos hoy mañana manana mediodía mediodia medianoche
    lunes martes miércoles miercoles jueves viernes sábado sábados sabado sabados domingo domingos
"""
_TIMES = frozenset([*_NO_UNITS.split(), *(name for name in SIZES if len(name) > 1)])
_LETTERS = frozenset(name for name in SIZES if len(name) == 1)
"""Units behind a figure alone."""

_ALONE = """
    second today night nights overnight morning evening bit january february april june july august
    september october november december christmas
    segundo hoy noche noches tarde tardes ratito ratitos semanita semanitas poco temporada enero
    febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre navidad
"""
_TIMES_ALONE = frozenset(_ALONE.split())
"""Times behind which nothing else stands: nobody is banned for a second, but for a second offence,
and ``today he shouted`` and ``tarde otra vez`` are reasons."""

_UNTIL = frozenset(["until", "till", "til", "hasta"])
_FAREWELLS = ("hasta aquí", "hasta aqui", "hasta luego", "hasta la vista", "hasta nunca")
"""Reasons, and no times until when."""

_OF = frozenset(["de", "del", "of", "after", "tras"])
_WORD = r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)*"


def begins_with_time(text: str) -> bool:
    """Whether the text begins with a figure, or with words that say how long or until when.

    A unit without a number and with an ``of`` behind it is a reason: ``hora de irse``.
    """
    words = re.findall(_WORD, text.lower())
    if not words or unicodedata.category(words[0][0])[0] == "N":
        return bool(words)
    if words[0] in _UNTIL:
        return not " ".join(words).startswith(_FAREWELLS)
    at = 0
    while at < len(words) and (words[at] in _BEFORE or words[at].isdecimal()):
        at += 1
    behind_figure = at > 0 and words[at - 1].isdecimal()
    if at == len(words):
        return behind_figure
    word, following = words[at], words[at + 1 :]
    if word in _TIMES_ALONE:
        return _BEFORE.issuperset(following)
    if at == 0 and (word == "while" or not _OF.isdisjoint(following[:1])):
        return False
    return word in _TIMES or (behind_figure and word in _LETTERS)


def number_of(words: str) -> float:
    """The number that they say, which must be one of `NUMBERS`, however it is spaced and cased."""
    return _VALUES[" ".join(words.lower().split())]


def any_of(words: Iterable[str]) -> str:
    """The regular expression for one of these, the longest first, with any space between words."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
