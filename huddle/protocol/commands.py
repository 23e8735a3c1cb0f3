"""The commands that a person can type: one row for each, found by its name in either language.

The plain dialect reads lines here, and `/help` is made here: everybody is shown the commands whose
deed they may do. A program's requests go by the English names. Who may do what is in
`huddle.protocol.permissions`, what stands behind a name is read in `huddle.protocol.arguments`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from huddle.locale import ENGLISH, N_
from huddle.locale.clock import HouseClock
from huddle.protocol import arguments as read
from huddle.protocol.answers import CommandHelp
from huddle.protocol.arguments import Read, nothing, word
from huddle.protocol.errors import BadUsage, UnknownCommand
from huddle.protocol.permissions import Deed, Role, is_of_rooms, may
from huddle.protocol.requests import (
    Bans,
    Bye,
    HelpWanted,
    Ignore,
    Leave,
    MakeOperator,
    Request,
    Rooms,
    SetVoice,
    Unban,
    Unmute,
    Who,
    WhoIsIt,
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command: how it is called, what it takes, what it does, which deed that is.

    ``secret`` says that what stands behind its name is nobody else's business.
    """

    english: str
    spanish: str
    takes: tuple[str, str]
    summary: str
    read: Read
    deed: Deed
    secret: bool = False

    @property
    def help(self) -> CommandHelp:
        """Its row of the help."""
        return CommandHelp(
            f"/{self.english} {self.takes[0]}".rstrip(),
            f"/{self.spanish} {self.takes[1]}".rstrip(),
            self.summary,
        )


_NONE = ("", "")
_NICK = ("NICK", "APODO")
_TEXT = ("TEXT", "TEXTO")
_ON_OFF = ("on|off", "sí|no")
_PAST = ("[N|14:30|yesterday]", "[N|14:30|ayer]")
_SENTENCE = ("[10m|2h|30d] [REASON]", "[10m|2h|30d] [MOTIVO]")

COMMANDS = (
    Command("help", "ayuda", _NONE, N_("lists the commands"), nothing(HelpWanted), Deed.HELP),
    Command("who", "quien", _NONE, N_("tells who is here"), nothing(Who), Deed.WHO),
    Command("nick", "apodo", ("NAME", "NOMBRE"), N_("changes your nick"), read.nick, Deed.NICK),
    Command("me", "yo", _TEXT, N_("says what you do: * ana waves"), read.me, Deed.SAY),
    Command(
        "msg",
        "privado",
        ("NICK TEXT", "APODO TEXTO"),
        N_("says it to one person only"),
        read.message,
        Deed.MESSAGE,
    ),
    Command("inbox", "buzon", _PAST, N_("shows your private messages"), read.inbox, Deed.HISTORY),
    Command(
        "history",
        "historial",
        _PAST,
        N_("shows the last N messages, or those since that time"),
        read.history,
        Deed.HISTORY,
    ),
    Command(
        "search",
        "buscar",
        ("WORDS", "PALABRAS"),
        N_("shows messages with these words"),
        read.search,
        Deed.SEARCH,
    ),
    Command("rooms", "salas", _NONE, N_("lists the rooms"), nothing(Rooms), Deed.ROOMS),
    Command(
        "join",
        "entrar",
        ("NAME [KEY]", "NOMBRE [LLAVE]"),
        N_("goes into another room, or makes it"),
        read.join,
        Deed.JOIN,
        secret=True,
    ),
    Command("leave", "dejar", _NONE, N_("goes back to the first room"), nothing(Leave), Deed.PART),
    Command(
        "topic",
        "tema",
        ("[TEXT|-]", "[TEXTO|-]"),
        N_("tells or sets what the room is about; - clears it"),
        read.topic,
        Deed.READ_TOPIC,
    ),
    Command(
        "ignore",
        "ignorar",
        ("[NICK]", "[APODO]"),
        N_("shows you nothing more of somebody; alone: whom you ignore"),
        read.ignore,
        Deed.IGNORE,
    ),
    Command(
        "unignore",
        "oir",
        _NICK,
        N_("shows you again what they say"),
        word(lambda nick: Ignore(nick, False)),
        Deed.IGNORE,
    ),
    Command(
        "delete",
        "borrar",
        ("[N|NICK]", "[N|APODO]"),
        N_("deletes your last message, the last of somebody, or number N"),
        read.deletion,
        Deed.DELETE_OWN,
    ),
    Command(
        "times",
        "horas",
        ("[on|off]", "[sí|no]"),
        N_("shows the time on every line"),
        read.times,
        Deed.TIMES,
    ),
    Command(
        "lang",
        "idioma",
        ("en|es", "en|es"),
        N_("changes the language"),
        read.language,
        Deed.LANGUAGE,
    ),
    Command(
        "back",
        "volver",
        ("WORD", "PALABRA"),
        N_("takes your nick back"),
        read.back,
        Deed.BACK,
        secret=True,
    ),
    Command(
        "register",
        "registrar",
        ("[NICK] PASSWORD", "[APODO] CLAVE"),
        N_("makes your nick yours for good"),
        read.registration,
        Deed.REGISTER,
        secret=True,
    ),
    Command(
        "login",
        "acceder",
        ("[NICK] PASSWORD", "[APODO] CLAVE"),
        N_("takes the nick that you registered"),
        read.login,
        Deed.LOGIN,
        secret=True,
    ),
    Command(
        "password",
        "clave",
        ("OLD NEW", "VIEJA NUEVA"),
        N_("changes your password"),
        read.password,
        Deed.PASSWORD,
        secret=True,
    ),
    Command(
        "key",
        "llave",
        ("WORD|-", "PALABRA|-"),
        N_("opens the room only to those with this word; - to all"),
        read.key,
        Deed.SET_KEY,
        secret=True,
    ),
    Command(
        "slow",
        "lento",
        ("5s|off", "5s|no"),
        N_("lets everybody speak only so often"),
        read.slow,
        Deed.SET_SLOW,
    ),
    Command(
        "quiet",
        "silencio",
        _ON_OFF,
        N_("lets only those speak who have a voice"),
        read.quiet,
        Deed.SET_QUIET,
    ),
    Command(
        "voice",
        "voz",
        _NICK,
        N_("lets somebody speak in a quiet room"),
        word(lambda nick: SetVoice(None, nick, True)),
        Deed.VOICE,
    ),
    Command(
        "unvoice",
        "sinvoz",
        _NICK,
        N_("takes that voice away"),
        word(lambda nick: SetVoice(None, nick, False)),
        Deed.VOICE,
    ),
    Command(
        "kick",
        "echar",
        ("NICK [REASON]", "APODO [MOTIVO]"),
        N_("sends somebody out of the room"),
        read.kick,
        Deed.KICK,
    ),
    Command(
        "ban",
        "vetar",
        (f"NICK|ADDRESS {_SENTENCE[0]}", f"APODO|DIRECCIÓN {_SENTENCE[1]}"),
        N_("keeps somebody, an address or a network out of the room"),
        read.ban,
        Deed.BAN,
    ),
    Command(
        "unban",
        "readmitir",
        ("NICK|ADDRESS", "APODO|DIRECCIÓN"),
        N_("lets them in again"),
        word(lambda who: Unban(None, who)),
        Deed.UNBAN,
    ),
    Command("bans", "vetados", _NONE, N_("lists who is kept out"), nothing(Bans), Deed.BANS),
    Command(
        "mute",
        "callar",
        (f"NICK {_SENTENCE[0]}", f"APODO {_SENTENCE[1]}"),
        N_("lets somebody hear and not speak"),
        read.mute,
        Deed.MUTE,
    ),
    Command(
        "unmute",
        "dejarhablar",
        _NICK,
        N_("lets them speak again"),
        word(lambda nick: Unmute(None, nick)),
        Deed.MUTE,
    ),
    Command(
        "announce", "anunciar", _TEXT, N_("says it in all rooms"), read.announcement, Deed.ANNOUNCE
    ),
    Command(
        "op",
        "operador",
        _NICK,
        N_("makes somebody an operator"),
        word(lambda nick: MakeOperator(nick, True)),
        Deed.MAKE_OPERATOR,
    ),
    Command(
        "deop",
        "desoperador",
        _NICK,
        N_("makes them no operator any more"),
        word(lambda nick: MakeOperator(nick, False)),
        Deed.MAKE_OPERATOR,
    ),
    Command(
        "whois", "quienes", _NICK, N_("tells what is known of somebody"), word(WhoIsIt), Deed.WHO_IS
    ),
    Command(
        "audit",
        "actas",
        ("[N]", "[N]"),
        N_("shows what operators and hosts have done"),
        read.audit,
        Deed.AUDIT,
    ),
    Command("quit", "salir", _NONE, N_("leaves"), nothing(Bye), Deed.QUIT),
)

_ALIASES = {"quién": "quien", "quiénes": "quienes", "buzón": "buzon", "oír": "oir", "exit": "quit"}
_GAP = re.compile(r"\s")
_BY_NAME = {name: command for command in COMMANDS for name in (command.english, command.spanish)}
_BY_NAME.update({alias: _BY_NAME[name] for alias, name in _ALIASES.items()})


def commands_for(role: Role, here: Role | None = None) -> tuple[CommandHelp, ...]:
    """The help for somebody of this role, in the room another: the commands they may use."""
    return tuple(
        command.help
        for command in COMMANDS
        if may(here if here is not None and is_of_rooms(command.deed) else role, command.deed)
    )


def typed(act: str, language: str) -> str:
    """An act of moderation, which the record calls by its English command, as one types it."""
    command = _BY_NAME.get(act)
    if command is None:
        return act
    return f"/{command.english if language == ENGLISH else command.spanish}"


def holds_secret(line: str) -> bool:
    """Whether a line is a command with a secret behind its name."""
    if not line.startswith("/"):
        return False
    command = _BY_NAME.get(_GAP.split(line[1:], maxsplit=1)[0].lower())
    return command is not None and command.secret


def read_command(line: str, clock: HouseClock) -> Request:
    """The request in a line that begins with ``/``. Raises `UnknownCommand` and `BadUsage`.

    Neither repeats what stands behind the name.
    """
    name, *rest = _GAP.split(line[1:], maxsplit=1)
    command = _BY_NAME.get(name.lower())
    if command is None:
        raise UnknownCommand(name)
    request = command.read("".join(rest).strip(), clock)
    if request is None:
        raise BadUsage(f"{command.help.english} · {command.help.spanish}")
    return request
