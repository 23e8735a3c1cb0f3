"""Why a server does not start, and what is wrong with its record: one line in each language."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

import pytest

from huddle.locale import translator
from huddle.record.errors import RecordUnusable
from huddle.server import start_errors
from huddle.server.process import OWN_FILES
from huddle.server.start_errors import (
    LEAST_CONNECTIONS,
    Refusal,
    connections_at_once,
    reason_of,
    record_news,
    unusable_record,
)

ENGLISH, SPANISH = translator("en"), translator("es")


def test_a_refusal_ends_the_start_with_its_line_and_is_told_by_a_parent_too() -> None:
    refusal = Refusal("no")
    assert isinstance(refusal, SystemExit)
    assert isinstance(refusal, Exception)
    assert refusal.code == str(refusal) == "huddle: no"


@pytest.mark.parametrize(
    ("number", "english", "spanish"),
    [
        (errno.ENOENT, "there is no such file", "no existe ese archivo"),
        (errno.EISDIR, "it is a folder", "es una carpeta"),
        (errno.EACCES, "that is not permitted", "no está permitido"),
        (errno.EPERM, "that is not permitted", "no está permitido"),
        (errno.EADDRINUSE, "something listens there already", "algo ya escucha ahí"),
        (
            errno.EADDRNOTAVAIL,
            "this machine has no such address",
            "esta máquina no tiene esa dirección",
        ),
        (errno.ENOTDIR, "it is no folder", "no es una carpeta"),
        (
            socket.EAI_NONAME,
            "there is no such name or address",
            "no existe ese nombre ni esa dirección",
        ),
    ],
)
def test_what_the_system_refuses_is_worded(number: int, english: str, spanish: str) -> None:
    error = OSError(number, "what C says", "file")
    assert reason_of(error, ENGLISH) == english
    assert reason_of(error, SPANISH) == spanish


def test_a_port_that_there_cannot_be_is_worded() -> None:
    with pytest.raises(OverflowError) as error, socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 70_000))
    assert reason_of(error.value, SPANISH) == "un puerto es como mucho 65535"


def test_a_reason_nobody_has_words_for_is_told_as_it_is() -> None:
    assert reason_of(OSError(errno.ENOSPC, "No space left"), ENGLISH) == "No space left"
    assert reason_of(OSError("odd"), ENGLISH) == "odd"
    assert reason_of(ValueError("embedded null byte"), SPANISH) == "embedded null byte"


@pytest.mark.parametrize(
    ("code", "detail", "english", "spanish"),
    [
        (
            "locked",
            "1234",
            "h.db is in use by another server, process 1234",
            "h.db lo está usando otro servidor, el proceso 1234",
        ),
        ("locked", "", "h.db is in use by another server", "h.db lo está usando otro servidor"),
        (
            "read-only",
            "",
            "h.db can only be read; the server must write to it",
            "h.db solo se puede leer; el servidor tiene que escribir en él",
        ),
        ("full", "", "the disk of h.db is full", "el disco de h.db está lleno"),
        (
            "corrupt",
            "page 7",
            "h.db is damaged (page 7); restore it from a backup",
            "h.db está dañado (page 7); recupéralo de una copia de seguridad",
        ),
        (
            "newer-schema",
            "9",
            "h.db was made by a newer Huddle (schema 9)",
            "h.db lo hizo un Huddle más nuevo (esquema 9)",
        ),
        (
            "not-a-record",
            "",
            "h.db is not a Huddle database",
            "h.db no es una base de datos de Huddle",
        ),
        ("no-folder", "", "there is no folder for h.db", "no hay carpeta para h.db"),
        ("no-permission", "", "h.db may not be opened", "no hay permiso para abrir h.db"),
        (
            "disk",
            "I/O error",
            "the disk of h.db fails: I/O error",
            "el disco de h.db falla: I/O error",
        ),
        (
            "no-wal",
            "",
            "h.db lies on a file system that cannot share memory, such as a network's",
            "h.db está en un sistema de archivos que no puede compartir memoria, como uno de red",
        ),
        (
            "sqlite",
            "no FTS5",
            "this machine's SQLite will not do: no FTS5",
            "el SQLite de esta máquina no sirve: no FTS5",
        ),
        ("odd", "why", "h.db cannot be opened: why", "no se puede abrir h.db: why"),
    ],
)
def test_what_is_wrong_with_a_record_is_one_line(
    code: str, detail: str, english: str, spanish: str
) -> None:
    error = RecordUnusable(code, "h.db", detail)
    assert unusable_record(error, ENGLISH) == english
    assert unusable_record(error, SPANISH) == spanish


@pytest.mark.parametrize(
    ("code", "english", "spanish"),
    [
        (
            "failing",
            "nothing can be recorded now, and what is said is refused: X",
            "ahora no se puede guardar nada y lo que se dice se rechaza: X",
        ),
        (
            "recovered",
            "the record can be written again",
            "ya se puede volver a escribir en el registro",
        ),
        (
            "overwritten",
            "another program has written into X or its log, and what is said is refused: stop the"
            " server, remove X-wal and X-shm, put a backup in the place of X if it was that, and"
            " start again",
            "otro programa ha escrito en X o en su diario, y se rechaza lo que se dice: para el"
            " servidor, borra X-wal y X-shm, pon una copia en el sitio de X si fue ese, y arranca"
            " de nuevo",
        ),
        (
            "log-large",
            "the record's log has X bytes: something has been reading it for long,"
            " or carrying it over into the record",
            "el diario del registro tiene X bytes: algo lleva mucho tiempo leyéndolo,"
            " o pasándolo al registro",
        ),
        ("news-of-tomorrow", "news-of-tomorrow", "news-of-tomorrow"),
    ],
)
def test_news_of_the_record_are_worded(code: str, english: str, spanish: str) -> None:
    assert record_news(code, "X", ENGLISH) == english
    assert record_news(code, "X", SPANISH) == spanish


DOORS: dict[str, Callable[[int], int]] = {
    "none beside the first": lambda limit: 0,
    "many": lambda limit: 100,
    "browsers": lambda limit: max(1, (limit - OWN_FILES) // 4),
    "browsers and metrics": lambda limit: 16 + max(1, (limit - OWN_FILES) // 4),
}


@pytest.mark.parametrize("doors", DOORS)
def test_as_many_are_let_in_as_there_are_files_for_and_too_few_are_told(
    doors: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = DOORS[doors]
    told, enough = set[int](), []
    for limit in range(1, 300):
        monkeypatch.setattr(start_errors, "raise_file_limit", lambda limit=limit: limit)
        try:
            connections = connections_at_once(taken, ENGLISH)
        except Refusal as refusal:
            told.add(int(refusal.reason.partition(", and ")[2].split()[0]))
            assert refusal.reason.startswith(f"{limit} files may be open at once, and ")
        else:
            enough.append(limit)
            assert connections == limit - OWN_FILES - taken(limit) >= LEAST_CONNECTIONS
    assert told == {enough[0]} and enough == list(range(enough[0], 300))
