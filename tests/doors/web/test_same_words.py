"""The page words and colours things as the terminal client does: each is asked, and compared."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest

from huddle.client.rendering.colours import PALETTES, Depth, Ground, Paint
from huddle.client.rendering.sentences import Sentences
from huddle.client.session.events import Answered
from huddle.doors.web.files import PAGE, said_in, short
from huddle.locale import LANGUAGES, translator
from huddle.locale.durations import brief, leading
from huddle.locale.wording import standing_is
from huddle.protocol import requests
from huddle.protocol.answers import Standing
from huddle.protocol.codec import written
from tests.needs import needs

NICKS = ("ana", "bob", "Carla", "Ñandú", "李雷", "علی", "op.is", "x" * 32, "😀", "a b")


def of_page(module: str, expression: str, *arguments: object) -> Any:
    """What the page's own script makes of these: an expression of ``m``, the module, and ``a``."""
    script = (
        f"const m = await import({json.dumps((PAGE / module).as_uri())});"
        f"const a = {json.dumps(arguments)};"
        f"console.log(JSON.stringify({expression}))"
    )
    typed = [needs("node"), "--input-type=module", "--eval", script]
    return json.loads(subprocess.run(typed, capture_output=True, text=True, check=True).stdout)


def test_a_nick_has_the_same_colour_in_both_clients() -> None:
    numbers = of_page("words/colours.mjs", "a[0].map(m.colourOf)", NICKS)
    for ground in (Ground.DARK, Ground.LIGHT):
        colours = Paint(Depth.MANY, ground)
        assert [PALETTES[ground][number] for number in numbers] == list(
            map(colours.colour_of, NICKS)
        )


@pytest.mark.parametrize(("ground", "rule"), [(Ground.LIGHT, ""), (Ground.DARK, ".dark ")])
def test_a_number_is_the_same_colour_in_both_clients(ground: Ground, rule: str) -> None:
    style = (PAGE / "page.css").read_text("utf-8")
    shown = dict(re.findall(rf"^{re.escape(rule)}\.c(\d+) {{color: (#\w+)}}$", style, re.MULTILINE))
    assert shown == {str(n): _hex(colour) for n, colour in enumerate(PALETTES[ground])}


def _hex(colour: int) -> str:
    """One of the 216 of xterm's palette, from 16 on."""
    steps, number = (0, 95, 135, 175, 215, 255), colour - 16
    return "#{:02x}{:02x}{:02x}".format(*(steps[number // by % 6] for by in (36, 6, 1)))


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize(("by", "reason"), [("bob", ""), ("", "spam")])
def test_what_one_may_do_is_told_in_the_same_words(
    standing: Standing, by: str, reason: str
) -> None:
    event = {"event": "StandingIs", "standing": standing, "by": by, "reason": reason, "until": None}
    told = of_page("words/sentences.mjs", "m.happened(a[0])", event)
    assert told == standing_is(standing, by, None, reason, translator("en"))


DONE_TO: tuple[requests.ProgramRequest, ...] = (
    *(requests.Mute("ops", "bob", seconds) for seconds in (None, 45.0, 90.0, 300.0, 7200.0, 1.5)),
    *(requests.Ban("ops", "bob", seconds) for seconds in (None, 86_400.0, 5400.0, 604_800.0)),
    *(requests.Unmute("ops", "bob"), requests.Unban("ops", "10.0.0.7")),
    *(requests.SetVoice("ops", "bob", on) for on in (True, False)),
    *(requests.MakeOperator("bob", on) for on in (True, False)),
)


def test_the_page_speaks_all_languages() -> None:
    assert of_page("words/catalogue.mjs", "Object.keys(m.LANGUAGES)") == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_one_has_done_to_somebody_is_told_in_the_same_words(language: str) -> None:
    wording = translator(language)
    catalogue = {short(sentence): said for sentence, said in said_in(wording).items()}
    speaking = (
        "[(await import(a[1])).speak(a[2], a[3]), a[0].flatMap((one) => m.answered(one, {}))]"
    )
    asked = [written(request) for request in DONE_TO]
    speech = (PAGE / "words/catalogue.mjs").as_uri()
    _, told = of_page("words/sentences.mjs", speaking, asked, speech, language, catalogue)
    terminal = Sentences(wording, None)
    done = [terminal.sentences(Answered(request, None)) for request in DONE_TO]
    assert told == [sentence for sentences in done for sentence in sentences]
    assert len(set(told)) == len(told)
    plain = {"en": "bob is muted for 5m", "es": "bob no puede hablar durante 5m"}
    assert told[3] == plain[language]
    assert not {wording.gettext("Done."), "Done."} & set(told)


TYPED = (
    *("", "5m", "5m too loud", "1h30m loud", "2 hours, please", "10 minutos de castigo", "1.5h"),
    *("too loud", "2h 3 days late", "5m and shut up", "hora y media", "an hour", "1h, 30m loud"),
    *(
        "1,5h",
        "for 5m",
        "1h y media",
        "2 hours and a half",
        "5m, 30s",
        "1 second offence",
        "5M",
        "5d media hora",
    ),
)


def test_for_how_long_is_told_where_it_is_sure_and_never_wrongly() -> None:
    told = of_page("typing/commands.mjs", "a[0].map(m.howLong)", TYPED)
    read = [leading(typed)[0] for typed in TYPED]
    assert [
        typed
        for typed, here, there in zip(TYPED, told, read, strict=True)
        if here not in (None, there)
    ] == []
    assert [here for here in told if here] == [300, 300, 5400, 7200, 600, 5400, 1, 300]


def test_how_long_is_written_in_the_same_way() -> None:
    lasting = (1, 45, 60, 90, 300, 3600, 5400, 86_400, 129_600, 604_800, 1.5)
    assert of_page("words/sentences.mjs", "a[0].map(m.brief)", lasting) == list(map(brief, lasting))


def test_of_a_standing_that_is_not_known_nothing_is_told() -> None:
    event = {"event": "StandingIs", "standing": "new", "by": "bob", "reason": "why"}
    assert of_page("words/sentences.mjs", "m.happened(a[0])", event) is None
    assert standing_is("new", "bob", None, "why", translator("en")) == ""
