"""What is sealed opens for who has the key, in this house, unchanged; and for nobody else."""

from __future__ import annotations

import os
from itertools import pairwise
from random import Random

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huddle.cluster.batches import MOST_BYTES
from huddle.cluster.log import MOST_ENTRY
from huddle.cluster.sealing import (
    MOST_SALTS,
    OVERHEAD,
    BadKeys,
    NoSuchKey,
    NotGenuine,
    Sealing,
    key_id,
    keys_of,
)

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def sealing(*keys: bytes, house: str = "a" * 32, version: int = 1) -> Sealing:
    return Sealing(keys or (KEY,), house, version, os.urandom)


@pytest.mark.parametrize("entry", [b"", b"hola", bytes(range(256)) * 2048])
def test_what_is_sealed_opens_again(entry: bytes) -> None:
    sealed = sealing().seal(entry)
    assert sealing().open(sealed) == entry
    assert len(sealed) == len(entry) + OVERHEAD


def test_the_largest_batch_fits_into_an_entry_with_its_seal() -> None:
    assert MOST_BYTES + OVERHEAD <= MOST_ENTRY


def test_the_text_is_not_to_be_seen() -> None:
    sealed = sealing().seal(b"a secret plan, " * 20)
    assert b"secret" not in sealed and b"plan" not in sealed


def test_the_same_text_is_never_sealed_the_same_way() -> None:
    one = sealing()
    sealed = [one.seal(b"hola") for _ in range(1000)]
    nonces = {each[17:29] for each in sealed}
    assert len(set(sealed)) == len(nonces) == 1000


def ciphers_made(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The keys of the ciphers that are made from now on."""
    keys: list[bytes] = []

    def made(key: bytes) -> AESGCM:
        keys.append(key)
        return AESGCM(key)

    monkeypatch.setattr("huddle.cluster.sealing.AESGCM", made)
    return keys


def test_the_key_for_what_one_node_seals_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ciphers_made(monkeypatch)
    here, there = sealing(), sealing()
    for number in range(100):
        assert there.open(here.seal(b"%d" % number)) == b"%d" % number
    assert len(made) == 2 and made[0] == made[1]


def test_a_node_takes_another_salt_in_time_and_with_each_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("huddle.cluster.sealing.SEALS", 10)
    one = sealing()
    salts = [one.seal(b"hola")[5:17] for _ in range(30)] + [sealing().seal(b"hola")[5:17]]
    assert [salts.count(each) for each in dict.fromkeys(salts)] == [10, 10, 10, 1]


def test_no_more_keys_are_kept_than_there_are_nodes_whatever_is_put_into_the_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = ciphers_made(monkeypatch)
    reader = sealing()
    sealed = [sealing().seal(b"hola") for _ in range(MOST_SALTS + 1)]
    made.clear()
    for each in (*sealed, sealed[-1], sealed[0]):
        assert reader.open(each) == b"hola"
    assert len(made) == MOST_SALTS + 2, "the first is made again, and the last is not"


def test_one_changed_bit_anywhere_and_it_is_not_genuine() -> None:
    sealed = sealing().seal(b"hola")
    for place in range(len(sealed)):
        for bit in (1, 128):
            changed = bytearray(sealed)
            changed[place] ^= bit
            with pytest.raises(NoSuchKey if place < 5 else NotGenuine):
                sealing().open(bytes(changed))


def test_what_is_cut_short_or_goes_on_is_not_genuine() -> None:
    sealed = sealing().seal(b"hola")
    for size in range(len(sealed)):
        with pytest.raises(NotGenuine):
            sealing().open(sealed[:size])
    with pytest.raises(NotGenuine):
        sealing().open(sealed + b"x")


def test_chance_is_not_genuine() -> None:
    random = Random(1)
    for size in range(200):
        with pytest.raises((NotGenuine, NoSuchKey)):
            sealing().open(random.randbytes(size))


@pytest.mark.parametrize("other", [sealing(house="b" * 32), sealing(version=2)])
def test_another_house_or_version_does_not_open_it(other: Sealing) -> None:
    with pytest.raises(NotGenuine):
        other.open(sealing().seal(b"hola"))


def test_a_key_that_a_node_does_not_have_is_told_from_a_forgery() -> None:
    with pytest.raises(NoSuchKey):
        sealing(OTHER).open(sealing(KEY).seal(b"hola"))


def test_a_forgery_under_the_id_of_a_key_is_none_of_its_seals() -> None:
    sealed = sealing(OTHER).seal(b"hola")
    with pytest.raises(NotGenuine):
        sealing(KEY).open(sealed[:1] + key_id(KEY) + sealed[5:])


def test_a_key_is_replaced_step_by_step_while_all_nodes_read_each_other() -> None:
    steps = [(KEY,), (KEY, OTHER), (OTHER, KEY), (OTHER,)]
    for before, after in pairwise(steps):
        ahead, behind = sealing(*after), sealing(*before)
        assert behind.open(ahead.seal(b"a")) == b"a" and ahead.open(behind.seal(b"b")) == b"b"
    with pytest.raises(NoSuchKey):
        sealing(OTHER).open(sealing(KEY).seal(b"old"))


def test_a_file_of_keys_has_one_line_for_each() -> None:
    assert keys_of(KEY.hex()) == keys_of(f"{KEY.hex()}\n") == [KEY]
    assert keys_of(f"# of the school\n{OTHER.hex().upper()} # new\n\n{KEY.hex()}\n") == [OTHER, KEY]


@pytest.mark.parametrize(
    "text",
    ["", "# none\n", "x", KEY.hex()[:-1], KEY.hex() + "00", f"{KEY.hex()} {OTHER.hex()}"]
    + ["\n".join(each.hex() for each in keys) for keys in ((KEY, KEY), (KEY, OTHER, b"3" * 32))],
)
def test_what_is_no_file_of_keys_is_refused(text: str) -> None:
    with pytest.raises(BadKeys):
        keys_of(text)
