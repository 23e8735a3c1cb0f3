"""The help of the options: each of them, in lines that fit."""

from __future__ import annotations

import pytest

from huddle.locale import translator
from huddle.server.options import Options
from huddle.server.options_help import Row, helpful
from tests.server.test_options import english, options

__all__ = ["english"]


def test_the_help_names_every_option_and_its_default_in_lines_that_fit() -> None:
    help_text = str(options())
    for name in ("listen=", "auth=", "op=", "members-only ", "help-auth ", "help-auth-type="):
        assert f"    --{name}" in help_text
    for name, _, default, _ in Options.optParameters:
        assert f"--{name}=" in help_text
        assert f"[default: {default}]" in help_text or default is None
    assert max(map(len, help_text.splitlines())) <= 80


def test_the_help_is_there_in_spanish(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        options("--lang", "es", "--help")
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith("Uso: twistd -n huddle [opciones]\n\nUn chat de grupo ")
    assert "[por defecto: 55123]" in told


def test_the_help_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = str(options()).splitlines()
    shown = lines[: lines.index("Examples:")]
    assert max(map(len, shown)) <= 60


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (
            60,
            [
                "  -p, --port=             where people come in by nc",
                "                          [default: 55123]",
                "      --quiet             nothing is told",
            ],
        ),
        (
            8,
            [
                "  -p, --port=             where people come in",
                "                          by nc",
                "                          [default: 55123]",
                "      --quiet             nothing is told",
            ],
        ),
    ],
)
def test_a_sentence_goes_on_below_itself_and_is_never_too_narrow(
    width: int, shown: list[str]
) -> None:
    rows = [
        Row("port", "where people come in by nc", "p", "55123"),
        Row("quiet", "nothing is told", takes_value=False),
    ]
    lines = helpful(rows, translator("en"), width).splitlines()
    assert lines[lines.index("Options:") + 1 : lines.index("Examples:") - 1] == shown
