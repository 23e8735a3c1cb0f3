"""What speaks against a certificate, and what of it is told."""

from __future__ import annotations

import pytest
from cryptography import x509

from huddle.client.network.certificate import DOUBTS, HOSTS, WORST_FIRST, examined
from huddle.client.session.events import Doubt
from tests.certificate_authority import self_signed


def certificate(*hosts: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(self_signed(*hosts).certificate)


def doubt(*findings: int, host: str = "chat.lan") -> Doubt | None:
    return examined(certificate("chat.lan", "*.example.org", "fd00::2"), findings, host).doubt


@pytest.mark.parametrize("host", ["chat.lan", "CHAT.lan", "a.example.org", "fd00::2", "fd00:0::2"])
def test_nothing_speaks_against_one_that_is_found_good_and_is_for_the_host(host: str) -> None:
    assert doubt(0, 0, host=host) is None


@pytest.mark.parametrize(
    "host", ["other.lan", "example.org", "a.b.example.org", "10.0.0.1", "fd00::3", "a..b", "ñ.lan"]
)
def test_one_for_other_hosts_is_of_no_use(host: str) -> None:
    assert doubt(0, host=host) is Doubt.OTHER_NAME


def test_what_has_not_been_checked_is_not_good() -> None:
    assert doubt() is Doubt.INVALID


def test_any_finding_counts_and_the_worst_is_told() -> None:
    assert doubt(0, 10) is Doubt.EXPIRED
    assert doubt(10, 20, 0) is Doubt.UNKNOWN_AUTHORITY
    assert doubt(10, 18, host="other.lan") is Doubt.SELF_SIGNED
    assert doubt(26) is doubt(9999) is Doubt.INVALID  # 26: not for servers


def test_every_doubt_of_a_certificate_has_its_weight() -> None:
    assert {*DOUBTS.values(), Doubt.INVALID, Doubt.OTHER_NAME} == set(WORST_FIRST)


def test_a_certificate_for_thousands_is_not_told_at_length() -> None:
    many = [f"host{number}.lan" for number in range(1000)]
    assert examined(certificate(*many), [0], "host7.lan").hosts == tuple(many[:HOSTS])


def test_one_without_alternative_names_is_for_nobody() -> None:
    nameless = x509.load_pem_x509_certificate(self_signed("chat.lan", named=False).certificate)
    shown = examined(nameless, [0], "chat.lan")
    assert (shown.doubt, shown.hosts) == (Doubt.OTHER_NAME, ())


def test_the_hosts_of_a_hostile_certificate_are_clean() -> None:
    shown = examined(certificate("\x1b[2J\n-- eva left"), [0], "chat.lan")
    assert shown.hosts == ("\ufffd[2J\ufffd-- eva left",)
