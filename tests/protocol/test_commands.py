"""A command is one row: whoever writes it finds it everywhere, as `docs/contributing.md` says. And
one who names another language has a house that speaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from huddle.client.commands import table
from huddle.client.terminal.completion import cycle
from huddle.dialects.ndjson.requests import REQUESTS
from huddle.protocol.commands import ALIASES, COMMANDS, Command, commands_for
from huddle.protocol.permissions import Role
from huddle.visits.actions.table import ACTIONS
from tests.needs import needs

ROOT = Path(__file__).parent.parent.parent
ADDED = {
    "protocol/commands.py": (
        '    Command(("who", "quien")',
        '    Command(("sigh", "suspirar"), N_("sighs"), ask.Say,\n'
        '            lambda *_: ask.Say(r"¯\\_(ツ)_/¯")),\n'
        '    Command(("hush", "chitar"), N_("hushes"), ask.Hush),\n',
    ),
    "protocol/permissions.py": ("ask.SetKey, ", "ask.Hush, "),
    "doors/web/page/typing/commands.mjs": (
        "  msg: (rest) =>",
        '  sigh: () => ({ say: "¯\\\\_(ツ)_/¯" }),\n',
    ),
    "protocol/requests.py": (
        "@dataclass(frozen=True, slots=True)\nclass Announce(",
        "@dataclass(frozen=True, slots=True)\n"
        "class Hush(_Asked):\n"
        '    """Let nobody speak for now."""\n\n'
        '    type: ClassVar[str] = "hush"\n'
        "    room: Line | None = None\n\n\n",
        "_Talking = ",
        "Hush | ",
    ),
    "visits/actions/rooms.py": (
        "async def quiet(",
        "async def hush(caller: Caller, request: Hush) -> Answer | None:\n"
        '    """Only those with a voice speak."""\n'
        "    return await quiet(caller, SetQuiet(request.room, True, id=request.id))\n\n\n",
        "    ChangeNick,\n",
        "    Hush,\n",
    ),
}
"""Two whole commands, one that says something and one that asks for something: of each file a
place, and what is written there."""

EVENING = """
from datetime import date
from huddle.client.commands.commands import intent_of
from huddle.client.commands.intents import Say
from huddle.client.rendering.rendering import Rendering
from huddle.client.terminal.completion import cycle
from huddle.doors.web.files import command_rows
from huddle.locale import translator
from tests.client.conversation.chat import Chat
from tests.doors.web.test_same_words import of_page
from tests.world import World

SHRUG = "¯\N{REVERSE SOLIDUS}_(ツ)_/¯"

world = World()
ana, bob, eva = world.person("ana"), world.person("bob"), world.program("eva")
everybody = (ana, bob, eva)
names = ("names", "takes", "summary", "type")
rows = [dict(zip(names, row)) for row in command_rows("en")]

def heard(peer):
    world.settle()
    return str(peer.reads())

def in_page(typed):
    return of_page("typing/commands.mjs", "m.meaning(a[0], a[1], a[2])", typed, rows, "ops")

for typed in ("/sigh", "/suspirar"):
    [heard(peer) for peer in everybody]
    ana.says(typed)
    assert f"<ana> {SHRUG}" in bob.reads(), typed
    assert [told["text"] for told in eva.reads()] == [SHRUG], typed
    assert intent_of(typed) == Say(SHRUG)
    assert in_page(typed) == {"say": SHRUG}
    chat = Chat().enter()
    assert not chat.conversation.pasted_behind([typed, "secret one", "secret two"])
    assert not chat.conversation.pasted_behind([f"{typed} {SHRUG}", "secret two"])
    assert not chat.sent()
assert [["sigh", "suspirar"], "", "sighs"] in command_rows("en")

ana.says("/join ops")
bob.says("/join ops")
eva.sends_objects({"type": "join", "id": 7, "room": "ops"})
[heard(peer) for peer in everybody]
bob.says("/hush")
assert "host" in heard(bob)
ana.says("/chitar")
assert "with a voice speak" in heard(bob)
assert "'setting': 'quiet', 'value': True" in heard(eva)
asked = intent_of("/chitar").request("ops")
assert (asked.type, asked.room) == ("hush", "ops")
assert in_page("/hush") == {"request": {"type": "hush", "room": "ops"}}
eva.sends_objects({"type": "hush", "id": 8, "room": "ops"})
assert "'code': 'not-allowed'" in heard(eva)
for asked in ({"type": "join", "id": 9}, {"type": "hush", "id": 10}):
    eva.sends_objects({**asked, "room": "den"})
assert "{'type': 'reply', 'id': 10}" in heard(eva)

ana.says("/help")
assert "/sigh" in heard(ana)
assert cycle("/sig", (), (), "en").words == ("/sigh",)
assert cycle("/sus", (), (), "es").words == ("/suspirar",)
"""

LANGUAGES = """
bob.says("/lang fr")
assert "Ahora hablo" in heard(bob)
for typed in ("/help", "/help sigh", "/join", "/bans", "/rooms", "/history 1"):
    bob.says(typed)
    assert heard(bob) != "[]", typed
bob.says("/help join")
assert "/join NAME [KEY] · /entrar NOMBRE [LLAVE]: entra" in heard(bob)
assert cycle("/sig", (), (), "fr").words == ("/sigh",)
rendering = Rendering(translator("fr"), date.today)
assert "/join NAME [KEY] · /entrar NOMBRE [LLAVE]: entra" in "".join(rendering.help_on("join"))
assert [["help", "ayuda"], "[COMMAND]"] in [row[:2] for row in command_rows("fr")]

from huddle.locale.command_line import COMMON
from huddle.server.options import Options
options = Options()
options.parseOptions(["--history", "none", "--lang", "fr_CA.UTF-8"])
assert options["lang"] == "fr"
assert ("lang", "en|es|fr") in COMMON
"""
"""Spoken as Spanish is, whose catalogue it has; the commands are called as in English."""


def test_commands_and_a_language_are_added_and_found_everywhere(tmp_path: Path) -> None:
    needs("node")  # which reads what the page makes of them
    shutil.copytree(ROOT / "huddle", tmp_path / "huddle")
    for name, (place, written, *more) in ADDED.items():
        file = tmp_path / "huddle" / name
        source = file.read_text("utf-8")
        assert place in source
        source = source.replace(place, written + place, 1)
        if more:
            at, besides = more
            new = besides if besides.startswith(at) else at + besides
            assert at in source
            source = source.replace(at, new, 1)
        file.write_text(source, "utf-8")
    locale = tmp_path / "huddle" / "locale"
    shutil.copytree(locale / "es", locale / "fr")
    named = (locale / "__init__.py").read_text("utf-8").replace('"es")', '"es", "fr")', 1)
    (locale / "__init__.py").write_text(named, "utf-8")
    where = os.pathsep.join((str(tmp_path), str(ROOT)))
    told = subprocess.run(
        [sys.executable, "-c", EVENING + LANGUAGES],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": where},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.english)
def test_a_command_is_found_everywhere(command: Command) -> None:
    assert command.help in commands_for(Role.OPERATOR)
    kind = getattr(command.request, "type", None)
    if kind is not None:
        assert kind in REQUESTS
        assert command.request in ACTIONS or kind in ("help", "bye")
    if command.english == "back":
        return  # a client needs no return word
    [row] = [each for each in table.COMMANDS if each.names == command.names]
    assert row.request is command.request
    for name, language in zip(command.names, ("en", "es"), strict=True):
        found = cycle(f"/{name}", (), (), language)
        assert found is not None and f"/{name}" in found.words


def test_a_name_with_an_accent_is_an_alias_of_the_one_without() -> None:
    """In its row a name has none: who has no Spanish keyboard types it, too."""
    assert all(name.isascii() for command in COMMANDS for name in command.names)
    accented = {alias: name for alias, name in ALIASES.items() if not alias.isascii()}
    plain = {
        alias: "".join(c for c in unicodedata.normalize("NFD", alias) if c.isascii())
        for alias in accented
    }
    assert accented == plain != {}
