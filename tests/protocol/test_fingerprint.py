"""A fingerprint is what openssl and browsers show, and is understood as people paste it."""

from __future__ import annotations

import pytest

from huddle.protocol.fingerprint import fingerprint_of, read_fingerprint

OF_NOTHING = (
    "E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:"
    "27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55"
)


def test_it_is_the_sha_256_in_pairs_of_digits() -> None:
    assert fingerprint_of(b"") == OF_NOTHING


@pytest.mark.parametrize(
    "text",
    [
        OF_NOTHING,
        OF_NOTHING.lower(),
        OF_NOTHING.replace(":", ""),
        OF_NOTHING.replace(":", " "),
        f"  {OF_NOTHING[:47]}\n{OF_NOTHING[47:]} ",
        f"sha256 Fingerprint={OF_NOTHING}",
        f"SHA-256 {OF_NOTHING}",
        f"SHA256:{OF_NOTHING}",
    ],
)
def test_it_is_understood_in_whatever_form_it_is_pasted(text: str) -> None:
    assert read_fingerprint(text) == OF_NOTHING


@pytest.mark.parametrize(
    "text", ["", "AB:CD", OF_NOTHING[:-1], OF_NOTHING + ":00", OF_NOTHING.replace("E", "G")]
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        read_fingerprint(text)
