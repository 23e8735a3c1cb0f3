"""A day as one writes it, in either language."""

from __future__ import annotations

from datetime import date

from huddle.locale import N_, Wording

_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def day_in_words(day: date, wording: Wording) -> str:
    """``20 November 2026``, ``20 de noviembre de 2026``."""
    _ = wording.gettext
    return _("{day} {month} {year}").format(
        day=day.day, month=_(_MONTHS[day.month - 1]), year=day.year
    )
