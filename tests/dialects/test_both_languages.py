"""The same evening twice, in English and in Spanish: everything that happens is told in each."""

from __future__ import annotations

from collections.abc import Iterator

from tests.world import Peer, World

PASSWORD = "open-sesame"

EVENING = (
    ("bob", "/join ops", "/entrar ops"),
    ("bob", "/key sesame", "/llave sesame"),
    ("bob", "/topic on call", "/tema on call"),
    ("eva", "/join ops", "/entrar ops"),
    ("eva", "/rooms", "/salas"),
    ("eva", "/join ops sesame", "/entrar ops sesame"),
    ("eva", "/topic", "/tema"),
    ("eva", "hola", "hola"),
    ("bob", "/slow 5s", "/lento 5s"),
    ("eva", "one", "one"),
    ("eva", "two", "two"),
    ("bob", "/slow off", "/lento no"),
    ("bob", "/quiet on", "/silencio sí"),
    ("eva", "three", "three"),
    ("bob", "/voice eva", "/voz eva"),
    ("eva", "four", "four"),
    ("bob", "/unvoice eva", "/sinvoz eva"),
    ("bob", "/quiet off", "/silencio no"),
    ("bob", "/mute eva 10m spam", "/callar eva 10m spam"),
    ("eva", "five", "five"),
    ("bob", "/unmute eva", "/dejarhablar eva"),
    ("eva", "/me waves", "/yo waves"),
    ("eva", "/delete", "/borrar"),
    ("eva", "/delete 77", "/borrar 77"),
    ("eva", "/history 5", "/historial 5"),
    ("eva", "/search hola", "/buscar hola"),
    ("eva", "/msg bob psst", "/privado bob psst"),
    ("bob", "/msg zoe psst", "/privado zoe psst"),
    ("bob", "/inbox", "/buzon"),
    ("bob", "/ignore eva", "/ignorar eva"),
    ("eva", "unheard", "unheard"),
    ("bob", "/unignore eva", "/oir eva"),
    ("eva", "/kick bob", "/echar bob"),
    ("bob", "/kick eva spam", "/echar eva spam"),
    ("eva", "/leave", "/dejar"),
    ("bob", "/ban eva 2h spam", "/vetar eva 2h spam"),
    ("eva", "/join ops sesame", "/entrar ops sesame"),
    ("bob", "/bans", "/vetados"),
    ("bob", "/unban eva", "/readmitir eva"),
    ("ana", "/announce tea time", "/anunciar tea time"),
    ("ana", "/whois bob", "/quienes bob"),
    ("ana", "/op eva", "/operador eva"),
    ("eva", "  /register short", "  /registrar short"),
    ("eva", "  /register open-sesame", "  /registrar open-sesame"),
    ("eva", "/nick eve", "/apodo eve"),
    ("ana", "/op eva", "/operador eva"),
    ("ana", "/deop eva", "/desoperador eva"),
    ("eva", "/password wrong close-sesame", "/clave wrong close-sesame"),
    ("eva", "/password open-sesame close-sesame", "/clave open-sesame close-sesame"),
    ("ana", "/audit", "/actas"),
    ("ana", "/nodes", "/nodos"),
    ("ana", "/help", "/ayuda"),
    ("ana", "/kick bob enough", "/echar bob enough"),
    ("eva", "/leave", "/dejar"),
    ("eva", "/quit", "/salir"),
)


def spent(language: str) -> Iterator[tuple[str, str, list[str]]]:
    """For each thing that was typed, what each person then read."""
    world = World(language=language, operators=["ana"], others={"ana": PASSWORD})
    people: dict[str, Peer] = {}
    for nick in ("ana", "bob", "eva"):
        people[nick] = world.connect()
        people[nick].says(nick)
    people["ana"].says(f"{'/login' if language == 'en' else '/acceder'} {PASSWORD}")
    for who, english, spanish in (("", "", ""), *EVENING):
        if who:
            people[who].says(english if language == "en" else spanish)
        for nick, person in people.items():
            yield english, nick, person.reads()


def test_everything_is_told_in_both_languages() -> None:
    """Each line of the server's own is another one, and there are as many."""
    told = 0
    for (typed, nick, english), (_, _, spanish) in zip(spent("en"), spent("es"), strict=True):
        at = f"{nick}, at {typed!r}: {english} {spanish}"
        assert len(english) == len(spanish), at
        for here, there in zip(english, spanish, strict=True):
            own = here.startswith("-- ") or here[6:].startswith("-- ")
            assert (here != there) == (own or here.startswith("Welcome")), at
            told += own
    assert told > 100


def test_nobody_reads_the_password_or_the_key_that_somebody_typed() -> None:
    secrets = ("sesame", "short", "wrong")
    for language in ("en", "es"):
        for typed, nick, lines in spent(language):
            said = [line for line in lines for secret in secrets if secret in line]
            assert not said, f"{nick}, at {typed!r}"
