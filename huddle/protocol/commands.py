"""The commands that a person can type: one row for each, found by its name in either language.

The plain dialect reads lines here, and `/help` is made here: everybody is shown the commands that
they may use. A program's requests go by the English names. Who may do what is in
`huddle.protocol.permissions`, what stands behind a name is read in `huddle.protocol.arguments`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from huddle.locale import LANGUAGES, N_, column_of
from huddle.locale.clock import HouseClock
from huddle.protocol import arguments as read
from huddle.protocol import requests as ask
from huddle.protocol.answers import CommandHelp
from huddle.protocol.arguments import Read, sentence, switch, whole, word
from huddle.protocol.errors import BadUsage, UnknownCommand
from huddle.protocol.permissions import LEAST, Role
from huddle.protocol.requests import Request


@dataclass(frozen=True, slots=True)
class Command:
    """A command: how it is typed in our two languages, what it does, and what it asks for.

    ``read`` reads what stands behind its name; None: nothing need stand there. ``secret``: what
    follows so many words behind the name is not to be shown on a screen; None: all may be seen.
    """

    usages: tuple[str, str]
    summary: str
    request: type[Any]
    read: Read | None = None
    secret: int | None = None

    @property
    def names(self) -> tuple[str, str]:
        """Its names in our two languages."""
        english, spanish = self.usages
        return english.split()[0], spanish.split()[0]

    @property
    def english(self) -> str:
        """Its name in English, by which it is known here."""
        return self.names[0]

    def usage(self, language: str) -> str:
        """How it is typed in one language: `/history [N]`."""
        return f"/{self.usages[column_of(language)]}"

    @property
    def help(self) -> CommandHelp:
        """Its row of the help, as it is shown where it may be used."""
        return CommandHelp(self.usage("en"), self.usage("es"), self.summary, self.group)

    @property
    def group(self) -> str:
        """What it is about, as the help calls it."""
        return next((group for group in GROUPS if self.english in GROUPS[group]), REST)


REST = N_("more")
GROUPS: Mapping[str, frozenset[str]] = {
    N_("talking"): frozenset(
        {"me", "msg", "re", "fix", "delete", "ignore", "unignore", "raw", "help", "quit"}
    ),
    N_("what was said"): frozenset({"inbox", "history", "search", "numbers", "times"}),
    N_("rooms"): frozenset({"who", "rooms", "join", "leave", "topic", "invite"}),
    N_("yourself"): frozenset(
        {"nick", "back", "register", "login", "password", "lang", "quiet-joins", "operator"}
    ),
    N_("keeping order in a room"): frozenset(
        {"key", "slow", "quiet", "voice", "unvoice", "kick", "ban", "unban", "bans"}
        | {"mute", "unmute"}
    ),
    N_("the whole house"): frozenset({"announce", "op", "deop", "whois", "audit", "nodes"}),
}
"""The groups of the help, by what they are about; what stands in none is `REST`."""

EVERYDAY = frozenset(
    {"me", "msg", "who", "rooms", "join", "leave", "nick", "history", "search", "times", "quit"}
)
"""The commands that the help tells about at once, also where all are more than a screen holds."""

_LANGUAGES = "|".join(LANGUAGES)

COMMANDS = (
    Command(
        ("help [COMMAND]", "ayuda [ORDEN]"),
        N_("lists the commands"),
        ask.HelpWanted,
        read.help_wanted,
    ),
    Command(("who", "quien"), N_("tells who is here"), ask.Who),
    Command(("nick NAME", "apodo NOMBRE"), N_("changes your nick"), ask.ChangeNick, read.nick),
    Command(("me TEXT", "yo TEXTO"), N_("says what you do: * ana waves"), ask.Say, read.me),
    Command(
        ("msg NICK TEXT", "privado APODO TEXTO"),
        N_("says it to one person only"),
        ask.Message,
        read.message,
    ),
    Command(
        ("inbox [N|14:30|yesterday]", "buzon [N|14:30|ayer]"),
        N_("shows your private messages"),
        ask.History,
        read.inbox,
    ),
    Command(
        ("history [N|14:30|yesterday]", "historial [N|14:30|ayer]"),
        N_("shows the last N messages, or those since that time"),
        ask.History,
        read.history,
    ),
    Command(
        ("search WORDS", "buscar PALABRAS"),
        N_("shows messages with these words"),
        ask.Search,
        whole(lambda words: ask.Search(None, words)),
    ),
    Command(
        ("raw N", "crudo N"),
        N_("shows message number N, and what was pasted with it, just as it was written"),
        ask.Raw,
        read.raw,
    ),
    Command(("rooms", "salas"), N_("lists the rooms"), ask.Rooms),
    Command(
        ("join NAME [KEY]", "entrar NOMBRE [LLAVE]"),
        N_("goes into another room, or makes it"),
        ask.Join,
        read.join,
        secret=1,
    ),
    Command(("leave", "dejar"), N_("goes back to the first room"), ask.Leave),
    Command(
        ("topic [TEXT|-]", "tema [TEXTO|-]"),
        N_("tells or sets what the room is about; - clears it"),
        ask.Topic,
        read.topic,
    ),
    Command(
        ("invite", "invitar"), N_("shows how others come in, and a code for phones"), ask.Invite
    ),
    Command(
        ("ignore [NICK]", "ignorar [APODO]"),
        N_("shows you nothing more of somebody; alone: whom you ignore"),
        ask.Ignore,
        read.ignore,
    ),
    Command(
        ("unignore NICK", "oir APODO"),
        N_("shows you again what they say"),
        ask.Ignore,
        word(lambda nick: ask.Ignore(nick, False)),
    ),
    Command(
        ("delete [N|NICK]", "borrar [N|APODO]"),
        N_("deletes your last message, the last of somebody, or number N"),
        ask.Delete,
        read.deletion,
    ),
    Command(
        ("re N TEXT", "responder N TEXTO"), N_("answers message number N"), ask.Say, read.reply
    ),
    Command(
        ("fix [#N] TEXT", "corregir [#N] TEXTO"),
        N_("puts your last message right, or number N"),
        ask.Fix,
        read.fix,
    ),
    Command(
        ("numbers [on|off]", "numeros [sí|no]"),
        N_("shows the number of every message"),
        ask.SetNumbers,
        switch(ask.SetNumbers),
    ),
    Command(
        ("times [on|off]", "horas [sí|no]"),
        N_("shows the time on every line"),
        ask.SetTimes,
        switch(ask.SetTimes),
    ),
    Command(
        ("quiet-joins [on|off]", "callar-entradas [sí|no]"),
        N_("tells you no more who comes and goes"),
        ask.HushJoins,
        switch(ask.HushJoins),
    ),
    Command(
        (f"lang {_LANGUAGES}", f"idioma {_LANGUAGES}"),
        N_("changes the language"),
        ask.SetLanguage,
        read.language,
    ),
    Command(
        ("back [NICK] WORD", "volver [APODO] PALABRA"),
        N_("takes your nick back"),
        ask.Back,
        whole(ask.Back),
        secret=0,
    ),
    Command(
        ("register [NICK] PASSWORD", "registrar [APODO] CLAVE"),
        N_("makes your nick yours for good"),
        ask.Register,
        read.registration,
        secret=0,
    ),
    Command(
        ("login [NICK] PASSWORD", "acceder [APODO] CLAVE"),
        N_("takes the nick that you registered"),
        ask.Login,
        read.login,
        secret=0,
    ),
    Command(
        ("password OLD NEW", "clave VIEJA NUEVA"),
        N_("changes your password"),
        ask.ChangePassword,
        read.password,
        secret=0,
    ),
    Command(
        ("operator CODE", "responsable CÓDIGO"),
        N_("makes you an operator, by the code on the server's screen"),
        ask.TakeCharge,
        whole(ask.TakeCharge),
        secret=0,
    ),
    Command(
        ("key WORD|-", "llave PALABRA|-"),
        N_("opens the room only to those with this word; - to all"),
        ask.SetKey,
        read.key,
        secret=0,
    ),
    Command(
        ("slow 5s|off", "lento 5s|no"),
        N_("lets everybody speak only so often"),
        ask.SetSlow,
        read.slow,
    ),
    Command(
        ("quiet on|off", "silencio sí|no"),
        N_("lets only those speak who have a voice"),
        ask.SetQuiet,
        read.quiet,
    ),
    Command(
        ("voice NICK", "voz APODO"),
        N_("lets somebody speak in a quiet room"),
        ask.SetVoice,
        word(lambda nick: ask.SetVoice(None, nick, True)),
    ),
    Command(
        ("unvoice NICK", "sinvoz APODO"),
        N_("takes that voice away"),
        ask.SetVoice,
        word(lambda nick: ask.SetVoice(None, nick, False)),
    ),
    Command(
        ("kick NICK [REASON]", "echar APODO [MOTIVO]"),
        N_("sends somebody out of the room"),
        ask.Kick,
        read.kick,
    ),
    Command(
        (
            "ban NICK|ADDRESS [10m|2h|30d|forever] [REASON]",
            "vetar APODO|DIRECCIÓN [10m|2h|30d|para siempre] [MOTIVO]",
        ),
        N_("keeps somebody, an address or a network out of the room"),
        ask.Ban,
        sentence(ask.Ban),
    ),
    Command(
        ("unban NICK|ADDRESS", "readmitir APODO|DIRECCIÓN"),
        N_("lets them in again"),
        ask.Unban,
        word(lambda who: ask.Unban(None, who)),
    ),
    Command(("bans", "vetados"), N_("lists who is kept out"), ask.Bans),
    Command(
        (
            "mute NICK [10m|2h|30d|forever] [REASON]",
            "callar APODO [10m|2h|30d|para siempre] [MOTIVO]",
        ),
        N_("lets somebody hear and not speak"),
        ask.Mute,
        sentence(ask.Mute),
    ),
    Command(
        ("unmute NICK", "dejarhablar APODO"),
        N_("lets them speak again"),
        ask.Unmute,
        word(lambda nick: ask.Unmute(None, nick)),
    ),
    Command(
        ("announce TEXT", "anunciar TEXTO"),
        N_("says it in all rooms"),
        ask.Announce,
        whole(ask.Announce),
    ),
    Command(
        ("op NICK", "operador APODO"),
        N_("makes somebody an operator"),
        ask.MakeOperator,
        word(lambda nick: ask.MakeOperator(nick, True)),
    ),
    Command(
        ("deop NICK", "desoperador APODO"),
        N_("makes them no operator any more"),
        ask.MakeOperator,
        word(lambda nick: ask.MakeOperator(nick, False)),
    ),
    Command(
        ("whois NICK", "quienes APODO"),
        N_("tells what is known of somebody"),
        ask.WhoIsIt,
        word(ask.WhoIsIt),
    ),
    Command(
        ("audit [N]", "actas [N]"),
        N_("shows what operators and hosts have done"),
        ask.Audit,
        read.audit,
    ),
    Command(
        ("nodes", "nodos"), N_("lists the servers of the house, and how each stands"), ask.Nodes
    ),
    Command(("quit", "salir"), N_("leaves"), ask.Bye),
)

ALIASES = {
    **{"quién": "quien", "quiénes": "quienes", "buzón": "buzon", "oír": "oir"},
    **{"números": "numeros"},
    **dict.fromkeys(("exit", "bye", "logout", "q"), "quit"),
}
LEAVING_WORD = "salir"
"""A bare line of this leaves, as it did in the programs Huddle comes from; ``//salir`` says it."""

BARE_WORDS = frozenset(
    {LEAVING_WORD, "exit", "quit", "logout", "exit()", "quit()", ":q", ":q!", ":wq", ":quit"}
)
"""Words that are not said when they are all of a line: `LEAVING_WORD` leaves; whoever types one of
the others, which leave other programs, is told how one leaves here."""

LONGEST_WORD = 40
"""Characters of a line that may still be one of them, or one of `FAREWELLS` with what is around:
a longer one is not looked at."""

FAREWELLS = frozenset({"bye", "goodbye", "adiós", "adios", "chao", "chau", "hasta luego"})
"""Greetings by which some think to leave: they are said, and their author is told how."""

AROUND_FAREWELLS = " \t\u00a0¡!."
"""What may stand around one."""

_GAP = re.compile(r"\s")
_BY_NAME = {name: command for command in COMMANDS for name in command.names}
_BY_NAME.update({alias: _BY_NAME[name] for alias, name in ALIASES.items()})


def commands_for(role: Role, here: Role | None = None) -> tuple[CommandHelp, ...]:
    """The help for a person of this role, in the room another: the commands they may use."""

    def may_use(command: Command) -> bool:
        least = LEAST[command.request]
        return least <= (role if here is None or least is not Role.HOST else here)

    return tuple(command.help for command in COMMANDS if may_use(command))


def command_named(name: str) -> Command | None:
    """The command of this name in either language, with the slash or without."""
    return _BY_NAME.get(name.removeprefix("/").lower())


def aliases_of(command: Command) -> list[str]:
    """What a command is called, too: by its name with an accent, or as elsewhere."""
    return [alias for alias, name in ALIASES.items() if name in command.names]


def typed(act: str, language: str) -> str:
    """An act of moderation, which the record calls by its English command, as one types it."""
    command = _BY_NAME.get(act)
    return act if command is None else f"/{command.names[column_of(language)]}"


def is_command(line: str) -> bool:
    """Whether a line is a command that there is, whatever stands behind its name."""
    return line.startswith("/") and _name(line) in _BY_NAME


def contains_secret(line: str) -> bool:
    """Whether a line is a command with a secret behind its name."""
    return is_command(line) and _BY_NAME[_name(line)].secret is not None


def _name(line: str) -> str:
    return _GAP.split(line[1:], maxsplit=1)[0].lower()


def read_command(line: str, clock: HouseClock) -> Request:
    """The request in a line that begins with ``/``. Raises `UnknownCommand` and `BadUsage`, which
    do not repeat what stands behind the name."""
    name, *rest = _GAP.split(line[1:], maxsplit=1)
    if (command := _BY_NAME.get(name.lower())) is None:
        raise UnknownCommand(name)
    text = "".join(rest).strip()
    request = command.request() if command.read is None else command.read(text, clock)
    if request is None:
        raise BadUsage(usage_of(command))
    return request


def usage_of(command: Command) -> str:
    """How a command is typed, in both languages: what `BadUsage` tells."""
    return f"{command.help.english} · {command.help.spanish}"


LOGIN_USAGE: Final = usage_of(_BY_NAME["login"])
"""What is told of ``/login`` with nothing behind it."""
