"""Rooms and private messages in a real server: typed in two languages, heard in two dialects."""

from __future__ import annotations

import json

import pytest

from tests.real.conftest import Enter, Start
from tests.real.programs import Program
from tests.real.server import Server

WORDS = {
    "en": {
        "nick": "-- your return word: ",
        "join": "/join",
        "msg": "/msg",
        "back": "/back",
        "in": "-- You are in ops now.",
        "locked": "-- ops is locked",
        "kept": "-- bob is away",
        "missed": "-- you missed 1 private message --",
    },
    "es": {
        "nick": "-- tu palabra de regreso: ",
        "join": "/entrar",
        "msg": "/privado",
        "back": "/volver",
        "in": "-- Ahora estás en ops.",
        "locked": "-- La sala ops está cerrada",
        "kept": "-- bob no está ahora",
        "missed": "-- te has perdido 1 mensaje privado --",
    },
}


def person(server: Server, enter: Enter, nick: str, language: str) -> tuple[Program, str]:
    """Somebody with `nc`, and their return word."""
    program = enter(server)
    program.says(nick)
    return program, program.hears(WORDS[language]["nick"]).rpartition(" ")[2]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_locked_room_and_what_is_said_in_private_outlive_the_server(
    start: Start, enter: Enter, language: str
) -> None:
    words, options = WORDS[language], ("--history", "house.db", "--lang", language)
    server = start(*options)
    ana, ana_word = person(server, enter, "ana", language)
    bob, bob_word = person(server, enter, "bob", language)
    bot = enter(server)
    bot.says(json.dumps({"type": "hello", "v": 1, "nick": "bot", "session": "the secret of bot"}))
    bot.hears('{"type":"welcome"')
    ana.says(f"{words['join']} ops otter", "behind the door")
    ana.hears(words["in"])
    bot.hears('{"type":"left","room":"huddle","nick":"ana"')
    bot.says(json.dumps({"type": "join", "room": "ops", "key": "weasel", "id": 1}))
    assert json.loads(bot.hears('{"type":"error"'))["code"] == "room-locked"
    bob.says(f"{words['join']} ops", f"{words['join']} OPS otter")
    bob.hears(words["locked"])
    bob.hears(words["in"])
    bob.hears("<ana> behind the door")
    bot.says(json.dumps({"type": "msg", "to": "ana", "text": "psst", "id": 2}))
    ana.hears("[bot] psst")
    assert json.loads(bot.hears('{"type":"ack"'))["room"] == "@"
    server.stop()
    server = start(*options)
    ana = enter(server)
    ana.says(f"{words['back']} {ana_word}", f"{words['msg']} bob only for you")
    ana.hears(words["kept"])
    thief = enter(server)
    thief.says("thief", f"{words['join']} ops", "/search door", "/search only")
    thief.hears(words["locked"])
    bob = enter(server)
    bob.says(f"{words['back']} {bob_word}")
    bob.hears(words["missed"])
    bob.hears("[ana] only for you")
    ana.says("still here")
    bob.hears("<ana> still here")
    thief.says("/salir")
    heard = "".join(thief.hears_out())
    assert "behind the door" not in heard and "only for you" not in heard
