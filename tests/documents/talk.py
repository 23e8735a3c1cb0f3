"""Talk that a document shows: it is held, and what it shows is what came.

A line that the server, or somebody else, says looks so; every other line is typed. The people in it
are there before it begins, and say what they say when it is their turn.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from unittest.mock import patch

from huddle.dialects import wording
from huddle.dialects.plain import answers
from huddle.locale import translator
from huddle.protocol.errors import HuddleError
from huddle.server.invitation.board import Board, Place, Ways, line_ways, web_ways
from tests.client.windows.neighbour import Neighbour
from tests.client.windows.window import Window
from tests.documents.blocks import Block
from tests.documents.workshop import PASSWORD, Workshop
from tests.needs import needs
from tests.real.netcat import netcat
from tests.real.programs import Program
from tests.real.server import Server
from tests.world import Peer, World

COMES = re.compile(r"--|[<\[*]|\d\d:\d\d |\S.*[?]$|Trying|Connected|Escape")
"""How a line begins that is not typed."""

VARIES = {
    r"\b[0-9A-F]{2}(:[0-9A-F]{2}){31}\b": "SHA",
    r"\b[a-z]+-[a-z]*-?\d+(-[a-z]+)*\b": "WORD",
    r"\b\d\d:\d\d\b": "HH:MM",
    r"(/[\w.-]+)+/huddle\.pem": "huddle.pem",
    r"localhost|127\.0\.0\.1|chat\.lan": "HOST",
    r"(HOST:| HOST |:)\d{4,5}\b": r"\1PORT",
}
"""What is another one each time."""


def alike(line: str) -> str:
    """The line without what varies."""
    for pattern, name in VARIES.items():
        line = re.sub(pattern, name, line)
    return line.rstrip()


def replay(block: Block, workshop: Workshop) -> None:
    """Type the command of a console, and hold the talk that follows."""
    first, *lines = block.text.splitlines()
    command = first.removeprefix("$ ")
    words = shlex.split(command)
    if "twistd" in command:  # what is to be installed is
        workshop.types(command.rpartition("&& ")[2])
        read_board("\n".join(lines), workshop.language)
    elif "|" in words or words[0].endswith("huddle-certificate"):
        shown = workshop.run(command if "certificate" in words[0] else workshop.placed(command))
        if lines:
            assert list(map(alike, shown.splitlines())) == list(map(alike, lines)), shown
    elif words[0] in ("nc", "telnet"):
        _talk(words[0], lines, workshop)
    else:
        _look(words[1:], lines, workshop)


def _talk(program: str, lines: list[str], workshop: Workshop) -> None:
    """With nc or telnet."""
    if program == "telnet":
        needs(program)  # what it says itself is shown; nc says nothing, and something stands in
    server = workshop.start(["twistd", "-n", "huddle", "--lang", workshop.language])
    others: dict[str, Neighbour] = {}
    for nick in _others(lines):
        others[nick] = Neighbour(server, f"/lang en\n{nick}")
    for line in lines:
        if said := re.match(r"\d\d:\d\d <(\S+)> (.*)", line):
            others[said[1]].says(said[2])
            next(other for nick, other in others.items() if nick != said[1]).hears(said[2])
    visitor = Program(*netcat(program, *server.address()))
    try:
        for line in lines:
            if COMES.match(line):
                _act(line, others)
                shown = visitor.hears_next()
                assert alike(shown) == alike(line), shown
            else:
                visitor.says(_with_code(line, server))
    finally:
        visitor.end()
        for other in others.values():
            other.close()


def _with_code(line: str, server: Server) -> str:
    """The line with the operators' code that this server has shown, if it is to have one."""
    command = line.partition(" ")[0]
    if command not in ("/operator", "/responsable"):
        return line
    server.tells(f"    {command} ")
    return str(re.findall(rf"    ({command} \S+)", "".join(server.log))[-1])


def _others(lines: list[str]) -> list[str]:
    """Who else is there, by what is shown of them."""
    found: dict[str, None] = {}
    for line in lines:
        if here := re.match(r"-- .*: ((?:[\w, ])+)\. /", line):
            found |= dict.fromkeys(here[1].split(", "))
        elif said := re.match(r"(?:\d\d:\d\d )?<(\S+)>|\* (\S+) ", line):
            found |= {said[1] or said[2]: None}
    return list(found)


def _act(line: str, others: dict[str, Neighbour]) -> None:
    """Let the line come about, if it is somebody else's."""
    if said := re.match(r"<(\S+)> (.*)", line):
        others[said[1]].says(said[2])
    elif done := re.match(r"\* (\S+) (.*)", line):
        others[done[1]].says(f"/me {done[2]}")
    elif left := re.match(r"-- (\S+) (left|se ha ido)$", line):
        others[left[1]].says("/quit")


def _look(arguments: list[str], lines: list[str], workshop: Workshop) -> None:
    """With huddle-client, in a terminal. What stands behind ``> `` is typed."""
    endpoint = "ssl:55123:privateKey=privkey.pem:certKey=cert.pem"
    secret = "--tls" in arguments
    server = workshop.start(["huddle", "--port", endpoint if secret else "55123"])
    port = server.places[0].rpartition(":")[2]
    with ExitStack() as stack:
        arguments = [workshop.placed(each) for each in arguments]
        window = Window(
            workshop.folder,
            *arguments,
            "--port",
            port,
            columns=120,
            LANG=f"{workshop.language}.UTF-8",
        )
        stack.callback(window.close)
        for line in lines:
            if line.startswith("> "):
                window.enters(line[2:])
            else:
                window.until(lambda: alike(line) in map(alike, window.lines), line)  # noqa: B023
        if not secret:
            window.shows({"en": "online", "es": "en línea"}[workshop.language])


def type_commands(block: Block, workshop: Workshop) -> None:
    """Type the commands of a list: each is understood, and nothing is wrong with it; what stands
    below one is what is answered. If there is a server they are typed there, too."""
    refused: list[str] = []

    def worded(error: HuddleError, *rest: object) -> str:
        refused.append(f"-- {wording.worded(error, *rest)}")  # type: ignore[arg-type]
        return refused[-1].removeprefix("-- ")

    ana = _in_company(block, workshop.language)
    heard: list[str] = []
    with patch.object(answers, "worded", worded):
        for line in _typed(block.text):
            if line.startswith("-- "):
                assert line in heard, heard
                continue
            ana.says("oops")
            ana.forgets()
            ana.says(line)
            heard = ana.reads()
            assert not set(refused) & set(heard), f"{block}: {line}: {heard}"
    if workshop.has_members:
        _type_them_there(block, workshop)


def _in_company(block: Block, language: str) -> Peer:
    """Ana, who is an operator unless she is to register, and everybody that documents speak of."""
    registers = re.search(r"^/regist", block.text, re.MULTILINE)
    others = {} if registers else {"ana": PASSWORD}
    world = World(language=language, operators=["ana"], others=others)
    for nick in ("bob", "carla", "max", "mia"):
        world.person(nick).says("hola")
    world.person("troll", address="192.168.1.77")
    ana = world.person("ana", address="10.0.0.9")
    if others:
        ana.says(f"/login {PASSWORD}")
    return ana


def _type_them_there(block: Block, workshop: Workshop) -> None:
    assert workshop.server is not None
    way = ["ncat", "--ssl"] if workshop.is_secret else ["nc"]
    ana = Program(*netcat(*way, "127.0.0.1", workshop.port))
    ana.says("ana", f"/login {PASSWORD}", *_typed(block.text), "that is all", "/quit")
    ana.hears("-- Bye")
    ana.end()


def read_board(text: str, language: str) -> None:
    """What a server shows at its start is this text."""
    host = "127.0.0.1" if "127.0.0.1" in text else "0.0.0.0"
    doors: list[tuple[Place, Ways]] = [(Place(host, 55123), line_ways)]
    if ":8000/" in text:
        doors.append((Place(host, 8000), web_ways))
    client = ".venv/bin/huddle-client"  # as it is called where the server was installed just now
    board = Board(doors, ["192.168.1.5"], code="maple-58-violin-tundra", client=client)
    shown = board.lines(translator(language))
    assert list(shown) == text.splitlines()


def _typed(text: str) -> Iterator[str]:
    for line in filter(None, text.splitlines()):
        yield re.sub(r"\s{2,}#.*$", "", line)
