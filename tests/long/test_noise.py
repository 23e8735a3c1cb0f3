"""A hundred thousand heads and frames by chance, into the door for browsers."""

from __future__ import annotations

from tests.doors.web.hostile_web import Noise


def test_a_hundred_thousand_heads_and_frames_harm_nobody() -> None:
    noise = Noise(2026)
    noise.run(100_000)
    assert noise.talked > 5000 and noise.answered > 10_000
