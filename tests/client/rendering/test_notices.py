"""What happened to rooms and people, in both languages."""

from __future__ import annotations

import pytest

from huddle.client.rendering.notices import Happening, happened
from huddle.client.session import events
from huddle.locale import LANGUAGES, translator
from huddle.locale.wording import CHANGED, STANDINGS


def told(event: Happening, language: str = "en") -> str:
    return happened(event, translator(language), lambda time: f"({time})")


@pytest.mark.parametrize(
    ("event", "english", "spanish"),
    [
        (events.Left("ops", "eva"), "eva left", "eva se ha ido"),
        (
            events.Left("ops", "eva", "bob", "spam"),
            "bob sent eva away: spam",
            "bob ha echado a eva: spam",
        ),
        (
            events.Changed("ops", "bob", "slow", 90.0),
            "bob made the room slow: one line every 90s",
            "bob ha hecho lenta la sala: una línea cada 90s",
        ),
        (
            events.Changed("ops", "bob", "slow", 0.0),
            "bob ended the slow mode",
            "bob ha quitado el modo lento",
        ),
        (
            events.Changed("ops", "bob", "topic", "tests: {who}"),
            "bob set the topic: tests: {who}",
            "bob ha puesto el tema: tests: {who}",
        ),
        (
            events.Deleted("ops", 3, "eva", past=True),
            "a message of eva was deleted",
            "se borró un mensaje de eva",
        ),
        (
            events.Removed("ops", "bob", "spam", True),
            "bob banned you from ops: spam",
            "bob no te deja entrar más en ops: spam",
        ),
        (
            events.StandingIs("ops", "muted", "bob", 7, "loud"),
            "bob muted you until (7): loud",
            "bob te ha callado hasta (7): loud",
        ),
        (
            events.StandingIs("huddle", "operator", "", None, ""),
            "the house made you an operator: /help lists what you may do",
            "la casa te ha hecho operador: /ayuda muestra lo que puedes hacer",
        ),
    ],
)
def test_it_reads(event: Happening, english: str, spanish: str) -> None:
    assert (told(event), told(event, "es")) == (english, spanish)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("setting", CHANGED)
def test_every_setting_has_its_sentences(setting: str, language: str) -> None:
    on = told(events.Changed("ops", "bob", setting, True), language)
    off = told(events.Changed("ops", "bob", setting, False), language)
    assert on.startswith("bob") and off.startswith("bob") and on != off


@pytest.mark.parametrize("standing", STANDINGS)
def test_every_standing_has_its_sentence(standing: str) -> None:
    sentence = told(events.StandingIs("ops", standing, "bob", None, ""))
    assert sentence.startswith("you are" if standing == "acting" else "bob")


def test_what_is_not_known_here_is_not_told() -> None:
    assert told(events.Changed("ops", "bob", "colour", "red")) == ""
    assert told(events.StandingIs("ops", "crowned", "bob", None, "because")) == ""
