"""Addresses of an engine: what is meant, and what is wrong in them, in both languages."""

from __future__ import annotations

import inspect
import re

import pytest

from huddle.cluster.etcd import address, log, tls
from huddle.cluster.etcd.address import Address, address_of
from huddle.cluster.etcd.errors import (
    AddressUnusable,
    EngineUnusable,
    address_trouble,
    engine_news,
    engine_trouble,
)
from huddle.locale import LANGUAGES, translator


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("etcd://a/school", Address(("http://a:2379",), "school")),
        (
            "etcd://10.0.0.1,10.0.0.2:2380,[::1]:1/b-2_c",
            Address(("http://10.0.0.1:2379", "http://10.0.0.2:2380", "http://[::1]:1"), "b-2_c"),
        ),
        ("etcd://a,a,b/h", Address(("http://a:2379", "http://b:2379"), "h")),
        ("etcd://ana:p%40%3A@a/h", Address(("http://a:2379",), "h", "ana", "p@:")),
        ("etcds://a:1/h", Address(("https://a:1",), "h")),
        (
            "etcds://ana@a/h?ca=/c.pem&cert=n.pem&key=n.key&password-file=/p",
            Address(("https://a:2379",), "h", "ana", "", "/p", "/c.pem", "n.pem", "n.key"),
        ),
    ],
)
def test_an_address_is_hosts_and_a_house(text: str, meant: Address) -> None:
    assert address_of(text) == meant


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "scheme"),
        ("nats://a/h", "scheme"),
        ("etcd:a/h", "scheme"),
        ("http://a/h", "scheme"),
        ("etcd:///h", "no-host"),
        ("etcd://a,/h", "host"),
        ("etcd://a b/h", "host"),
        ("etcd://a:0/h", "host"),
        ("etcd://a:65536/h", "host"),
        ("etcd://a:x/h", "host"),
        ("etcd://::1/h", "host"),
        ("etcd://a", "house"),
        ("etcd://a/", "house"),
        ("etcd://a/H", "house"),
        ("etcd://a/b/c", "house"),
        ("etcd://a/" + "h" * 33, "house"),
        ("etcd://a/h\n", "house"),
        ("etcds://a/h?cafile=x", "option"),
        ("etcds://a/h?ca=", "option"),
        ("etcds://a/h?cert=x", "certificate"),
        ("etcds://a/h?key=x", "certificate"),
        ("etcd://a/h?ca=x", "plain"),
        ("etcd://a/h?cert=x&key=y", "plain"),
        ("etcd://ana@a/h", "password"),
        ("etcd://:pw@a/h", "password"),
        ("etcd://a/h?password-file=x", "password"),
        ("etcd://ana:pw@a/h?password-file=x", "two-passwords"),
    ],
)
def test_what_is_wrong_in_an_address_is_told(text: str, code: str) -> None:
    with pytest.raises(AddressUnusable) as found:
        address_of(text)
    assert found.value.code == code


def raised(source: object, name: str) -> set[str]:
    return set(re.findall(rf'{name}\(\s*"([\w-]+)"', inspect.getsource(source)))  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_has_a_sentence(language: str) -> None:
    wording = translator(language)
    of_address = raised(address, "AddressUnusable") | raised(tls, "AddressUnusable")
    of_engine = raised(log, "EngineUnusable")
    assert len(of_address) > 8 and len(of_engine) > 4
    told = [address_trouble(AddressUnusable(code, "x"), wording) for code in of_address]
    told += [engine_trouble(EngineUnusable(code, "x"), wording) for code in of_engine]
    news = ("old", "full", "refuses", "silent", "answers")
    told += [engine_news(code, "x", wording) for code in news]
    assert len(set(told)) == len(of_address) + len(of_engine) + len(news)
    assert not [line for line in told if "\n" in line or "{" in line]


def test_what_is_wrong_is_told_in_both_languages() -> None:
    told = {
        address_trouble(AddressUnusable("host", "a b"), translator(language))
        for language in LANGUAGES
    }
    assert len(told) == 2 and all("a b" in line for line in told)
