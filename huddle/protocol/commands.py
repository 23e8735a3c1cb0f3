"""The commands that a person can type: one row for each, found by its name in either language.

The plain dialect reads lines here, and `/help` is made here: everybody is shown the commands whose
permission they have. A program's requests go by the English names. Who may do what is in
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
from huddle.protocol.arguments import Read, switch, word
from huddle.protocol.errors import BadUsage, UnknownCommand
from huddle.protocol.permissions import Permission, Role, is_of_rooms, may
from huddle.protocol.requests import Request


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its names, what it takes and does, what it asks for, which permission that needs.

    ``read`` reads what stands behind its name; None: nothing need stand there. ``secret``: what
    follows so many words behind the name is not to be shown on a screen; None: all may be seen.
    """

    english: str
    spanish: str
    takes: tuple[str, str]
    summary: str
    request: type[Any]
    permission: Permission
    read: Read | None = None
    secret: int | None = None

    @property
    def names(self) -> tuple[str, str]:
        """Its names in our two languages."""
        return self.english, self.spanish

    def usage(self, language: str) -> str:
        """How it is typed in one language: `/history [N]`."""
        at = column_of(language)
        return f"/{self.names[at]} {self.takes[at]}".rstrip()

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

_NONE = ("", "")
_NICK = ("NICK", "APODO")
_TEXT = ("TEXT", "TEXTO")
_PAST = ("[N|14:30|yesterday]", "[N|14:30|ayer]")
_SENTENCE = ("[10m|2h|30d|forever] [REASON]", "[10m|2h|30d|para siempre] [MOTIVO]")

COMMANDS = (
    Command(
        "help",
        "ayuda",
        ("[COMMAND]", "[ORDEN]"),
        N_("lists the commands"),
        ask.HelpWanted,
        Permission.HELP,
        read.help_wanted,
    ),
    Command("who", "quien", _NONE, N_("tells who is here"), ask.Who, Permission.WHO),
    Command(
        "nick",
        "apodo",
        ("NAME", "NOMBRE"),
        N_("changes your nick"),
        ask.ChangeNick,
        Permission.NICK,
        read.nick,
    ),
    Command(
        "me", "yo", _TEXT, N_("says what you do: * ana waves"), ask.Say, Permission.SAY, read.me
    ),
    Command(
        "msg",
        "privado",
        ("NICK TEXT", "APODO TEXTO"),
        N_("says it to one person only"),
        ask.Message,
        Permission.MESSAGE,
        read.message,
    ),
    Command(
        "inbox",
        "buzon",
        _PAST,
        N_("shows your private messages"),
        ask.History,
        Permission.HISTORY,
        read.inbox,
    ),
    Command(
        "history",
        "historial",
        _PAST,
        N_("shows the last N messages, or those since that time"),
        ask.History,
        Permission.HISTORY,
        read.history,
    ),
    Command(
        "search",
        "buscar",
        ("WORDS", "PALABRAS"),
        N_("shows messages with these words"),
        ask.Search,
        Permission.SEARCH,
        read.search,
    ),
    Command(
        "raw",
        "crudo",
        ("N", "N"),
        N_("shows message number N, and what was pasted with it, just as it was written"),
        ask.Raw,
        Permission.HISTORY,
        read.raw,
    ),
    Command("rooms", "salas", _NONE, N_("lists the rooms"), ask.Rooms, Permission.ROOMS),
    Command(
        "join",
        "entrar",
        ("NAME [KEY]", "NOMBRE [LLAVE]"),
        N_("goes into another room, or makes it"),
        ask.Join,
        Permission.JOIN,
        read.join,
        secret=1,
    ),
    Command("leave", "dejar", _NONE, N_("goes back to the first room"), ask.Leave, Permission.PART),
    Command(
        "topic",
        "tema",
        ("[TEXT|-]", "[TEXTO|-]"),
        N_("tells or sets what the room is about; - clears it"),
        ask.Topic,
        Permission.READ_TOPIC,
        read.topic,
    ),
    Command(
        "invite",
        "invitar",
        _NONE,
        N_("shows how others come in, and a code for phones"),
        ask.Invite,
        Permission.WHO,
    ),
    Command(
        "ignore",
        "ignorar",
        ("[NICK]", "[APODO]"),
        N_("shows you nothing more of somebody; alone: whom you ignore"),
        ask.Ignore,
        Permission.IGNORE,
        read.ignore,
    ),
    Command(
        "unignore",
        "oir",
        _NICK,
        N_("shows you again what they say"),
        ask.Ignore,
        Permission.IGNORE,
        word(lambda nick: ask.Ignore(nick, False)),
    ),
    Command(
        "delete",
        "borrar",
        ("[N|NICK]", "[N|APODO]"),
        N_("deletes your last message, the last of somebody, or number N"),
        ask.Delete,
        Permission.DELETE_OWN,
        read.deletion,
    ),
    Command(
        "re",
        "responder",
        ("N TEXT", "N TEXTO"),
        N_("answers message number N"),
        ask.Say,
        Permission.SAY,
        read.reply,
    ),
    Command(
        "fix",
        "corregir",
        ("[#N] TEXT", "[#N] TEXTO"),
        N_("puts your last message right, or number N"),
        ask.Fix,
        Permission.SAY,
        read.fix,
    ),
    Command(
        "numbers",
        "numeros",
        ("[on|off]", "[sí|no]"),
        N_("shows the number of every message"),
        ask.SetNumbers,
        Permission.HISTORY,
        switch(ask.SetNumbers),
    ),
    Command(
        "times",
        "horas",
        ("[on|off]", "[sí|no]"),
        N_("shows the time on every line"),
        ask.SetTimes,
        Permission.TIMES,
        switch(ask.SetTimes),
    ),
    Command(
        "quiet-joins",
        "callar-entradas",
        ("[on|off]", "[sí|no]"),
        N_("tells you no more who comes and goes"),
        ask.HushJoins,
        Permission.WHO,
        switch(ask.HushJoins),
    ),
    Command(
        "lang",
        "idioma",
        ("|".join(LANGUAGES), "|".join(LANGUAGES)),
        N_("changes the language"),
        ask.SetLanguage,
        Permission.LANGUAGE,
        read.language,
    ),
    Command(
        "back",
        "volver",
        ("[NICK] WORD", "[APODO] PALABRA"),
        N_("takes your nick back"),
        ask.Back,
        Permission.BACK,
        read.back,
        secret=0,
    ),
    Command(
        "register",
        "registrar",
        ("[NICK] PASSWORD", "[APODO] CLAVE"),
        N_("makes your nick yours for good"),
        ask.Register,
        Permission.REGISTER,
        read.registration,
        secret=0,
    ),
    Command(
        "login",
        "acceder",
        ("[NICK] PASSWORD", "[APODO] CLAVE"),
        N_("takes the nick that you registered"),
        ask.Login,
        Permission.LOGIN,
        read.login,
        secret=0,
    ),
    Command(
        "password",
        "clave",
        ("OLD NEW", "VIEJA NUEVA"),
        N_("changes your password"),
        ask.ChangePassword,
        Permission.PASSWORD,
        read.password,
        secret=0,
    ),
    Command(
        "operator",
        "responsable",
        ("CODE", "CÓDIGO"),
        N_("makes you an operator, by the code on the server's screen"),
        ask.TakeCharge,
        Permission.TAKE_CHARGE,
        read.code,
        secret=0,
    ),
    Command(
        "key",
        "llave",
        ("WORD|-", "PALABRA|-"),
        N_("opens the room only to those with this word; - to all"),
        ask.SetKey,
        Permission.SET_KEY,
        read.key,
        secret=0,
    ),
    Command(
        "slow",
        "lento",
        ("5s|off", "5s|no"),
        N_("lets everybody speak only so often"),
        ask.SetSlow,
        Permission.SET_SLOW,
        read.slow,
    ),
    Command(
        "quiet",
        "silencio",
        ("on|off", "sí|no"),
        N_("lets only those speak who have a voice"),
        ask.SetQuiet,
        Permission.SET_QUIET,
        read.quiet,
    ),
    Command(
        "voice",
        "voz",
        _NICK,
        N_("lets somebody speak in a quiet room"),
        ask.SetVoice,
        Permission.VOICE,
        word(lambda nick: ask.SetVoice(None, nick, True)),
    ),
    Command(
        "unvoice",
        "sinvoz",
        _NICK,
        N_("takes that voice away"),
        ask.SetVoice,
        Permission.VOICE,
        word(lambda nick: ask.SetVoice(None, nick, False)),
    ),
    Command(
        "kick",
        "echar",
        ("NICK [REASON]", "APODO [MOTIVO]"),
        N_("sends somebody out of the room"),
        ask.Kick,
        Permission.KICK,
        read.kick,
    ),
    Command(
        "ban",
        "vetar",
        (f"NICK|ADDRESS {_SENTENCE[0]}", f"APODO|DIRECCIÓN {_SENTENCE[1]}"),
        N_("keeps somebody, an address or a network out of the room"),
        ask.Ban,
        Permission.BAN,
        read.ban,
    ),
    Command(
        "unban",
        "readmitir",
        ("NICK|ADDRESS", "APODO|DIRECCIÓN"),
        N_("lets them in again"),
        ask.Unban,
        Permission.UNBAN,
        word(lambda who: ask.Unban(None, who)),
    ),
    Command("bans", "vetados", _NONE, N_("lists who is kept out"), ask.Bans, Permission.BANS),
    Command(
        "mute",
        "callar",
        (f"NICK {_SENTENCE[0]}", f"APODO {_SENTENCE[1]}"),
        N_("lets somebody hear and not speak"),
        ask.Mute,
        Permission.MUTE,
        read.mute,
    ),
    Command(
        "unmute",
        "dejarhablar",
        _NICK,
        N_("lets them speak again"),
        ask.Unmute,
        Permission.MUTE,
        word(lambda nick: ask.Unmute(None, nick)),
    ),
    Command(
        "announce",
        "anunciar",
        _TEXT,
        N_("says it in all rooms"),
        ask.Announce,
        Permission.ANNOUNCE,
        read.announcement,
    ),
    Command(
        "op",
        "operador",
        _NICK,
        N_("makes somebody an operator"),
        ask.MakeOperator,
        Permission.MAKE_OPERATOR,
        word(lambda nick: ask.MakeOperator(nick, True)),
    ),
    Command(
        "deop",
        "desoperador",
        _NICK,
        N_("makes them no operator any more"),
        ask.MakeOperator,
        Permission.MAKE_OPERATOR,
        word(lambda nick: ask.MakeOperator(nick, False)),
    ),
    Command(
        "whois",
        "quienes",
        _NICK,
        N_("tells what is known of somebody"),
        ask.WhoIsIt,
        Permission.WHO_IS,
        word(ask.WhoIsIt),
    ),
    Command(
        "audit",
        "actas",
        ("[N]", "[N]"),
        N_("shows what operators and hosts have done"),
        ask.Audit,
        Permission.AUDIT,
        read.audit,
    ),
    Command(
        "nodes",
        "nodos",
        _NONE,
        N_("lists the servers of the house, and how each stands"),
        ask.Nodes,
        Permission.NODES,
    ),
    Command("quit", "salir", _NONE, N_("leaves"), ask.Bye, Permission.QUIT),
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

FAREWELLS = frozenset({"bye", "goodbye", "adiós", "adios", "chao", "chau", "hasta luego"})
"""Greetings by which some think to leave: they are said, and their author is told how."""

AROUND_FAREWELLS = " \t\u00a0¡!."
"""What may stand around one."""

_GAP = re.compile(r"\s")
_BY_NAME = {name: command for command in COMMANDS for name in (command.english, command.spanish)}
_BY_NAME.update({alias: _BY_NAME[name] for alias, name in ALIASES.items()})


def commands_for(role: Role, here: Role | None = None) -> tuple[CommandHelp, ...]:
    """The help for a person of this role, in the room another: the commands they may use."""

    def may_do(need: Permission) -> bool:
        return may(role if here is None or not is_of_rooms(need) else here, need)

    return tuple(command.help for command in COMMANDS if may_do(command.permission))


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
