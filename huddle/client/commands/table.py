"""The table of commands, each with its name and arguments in both languages.

`/help` is made from it, and completion. What stands behind a name is read in
`huddle.client.commands.arguments`, and a typed line in `huddle.client.commands.commands`.
"""

from __future__ import annotations

from huddle.client.commands import arguments as read
from huddle.client.commands.arguments import simply, word
from huddle.client.commands.meanings import Command, Quit, ShowHelp
from huddle.locale import N_
from huddle.protocol import requests

_NONE = ("", "")
_NICK = ("NICK", "APODO")
_TEXT = ("TEXT", "TEXTO")
_COUNT = ("[N]", "[N]")
_SENTENCE = ("[10m|2h|30d] [REASON]", "[10m|2h|30d] [MOTIVO]")

COMMANDS = (
    Command(("help", "ayuda"), _NONE, N_("lists the commands"), lambda _: ShowHelp()),
    Command(("who", "quien"), _NONE, N_("tells who is here"), simply(requests.Who)),
    Command(
        ("nick", "apodo"),
        ("NAME", "NOMBRE"),
        N_("changes your nick"),
        word(lambda room, nick: requests.ChangeNick(nick)),
    ),
    Command(("me", "yo"), _TEXT, N_("says what you do: * ana waves"), read.act),
    Command(
        ("msg", "privado"),
        ("NICK [TEXT]", "APODO [TEXTO]"),
        N_("says it to one person only; without a text: what you say from now on"),
        read.tell,
    ),
    Command(("inbox", "buzon"), _COUNT, N_("shows your private messages"), read.inbox),
    Command(("history", "historial"), _COUNT, N_("shows the last N messages"), read.history),
    Command(
        ("search", "buscar"),
        ("WORDS", "PALABRAS"),
        N_("shows messages with these words"),
        read.search,
    ),
    Command(
        ("rooms", "salas"), _NONE, N_("lists the rooms"), simply(lambda room: requests.Rooms())
    ),
    Command(
        ("join", "entrar"),
        ("NAME [KEY]", "NOMBRE [LLAVE]"),
        N_("goes into another room, or makes it"),
        read.join,
        secret=1,
    ),
    Command(
        ("leave", "dejar"),
        ("[ROOM]", "[SALA]"),
        N_("goes out of a room, or ends a talk with one person"),
        read.leave,
    ),
    Command(
        ("topic", "tema"),
        ("[TEXT|-]", "[TEXTO|-]"),
        N_("tells or sets what the room is about; - clears it"),
        read.topic,
    ),
    Command(
        ("ignore", "ignorar"),
        ("[NICK]", "[APODO]"),
        N_("shows you nothing more of somebody; alone: whom you ignore"),
        read.ignore,
    ),
    Command(
        ("unignore", "oir"),
        _NICK,
        N_("shows you again what they say"),
        word(lambda room, nick: requests.Ignore(nick, False)),
    ),
    Command(
        ("delete", "borrar"),
        ("[N|NICK]", "[N|APODO]"),
        N_("deletes your last message, the last of somebody, or number N"),
        read.deletion,
    ),
    Command(
        ("times", "horas"), ("[on|off]", "[sí|no]"), N_("shows the time on every line"), read.times
    ),
    Command(("lang", "idioma"), ("en|es", "en|es"), N_("changes the language"), read.language),
    Command(
        ("register", "registrar"),
        ("[[NICK] PASSWORD]", "[[APODO] CLAVE]"),
        N_("makes your nick yours for good"),
        read.registration,
        secret=0,
    ),
    Command(
        ("login", "acceder"),
        ("[[NICK] PASSWORD]", "[[APODO] CLAVE]"),
        N_("takes the nick that you registered"),
        read.login,
        secret=0,
    ),
    Command(
        ("password", "clave"),
        ("[OLD NEW]", "[VIEJA NUEVA]"),
        N_("changes your password"),
        read.password,
        secret=0,
    ),
    Command(
        ("key", "llave"),
        ("[WORD|-]", "[PALABRA|-]"),
        N_("opens the room only to those with this word; - to all"),
        read.key,
        secret=0,
    ),
    Command(
        ("slow", "lento"),
        ("5s|off", "5s|no"),
        N_("lets everybody speak only so often"),
        read.slow,
    ),
    Command(
        ("quiet", "silencio"),
        ("on|off", "sí|no"),
        N_("lets only those speak who have a voice"),
        read.quiet,
    ),
    Command(
        ("voice", "voz"),
        _NICK,
        N_("lets somebody speak in a quiet room"),
        word(lambda room, nick: requests.SetVoice(room, nick, True)),
    ),
    Command(
        ("unvoice", "sinvoz"),
        _NICK,
        N_("takes that voice away"),
        word(lambda room, nick: requests.SetVoice(room, nick, False)),
    ),
    Command(
        ("kick", "echar"),
        ("NICK [REASON]", "APODO [MOTIVO]"),
        N_("sends somebody out of the room"),
        read.kick,
    ),
    Command(
        ("ban", "vetar"),
        (f"NICK|ADDRESS {_SENTENCE[0]}", f"APODO|DIRECCIÓN {_SENTENCE[1]}"),
        N_("keeps somebody, an address or a network out of the room"),
        read.ban,
    ),
    Command(
        ("unban", "readmitir"),
        ("NICK|ADDRESS", "APODO|DIRECCIÓN"),
        N_("lets them in again"),
        word(requests.Unban),
    ),
    Command(("bans", "vetados"), _NONE, N_("lists who is kept out"), simply(requests.Bans)),
    Command(
        ("mute", "callar"),
        (f"NICK {_SENTENCE[0]}", f"APODO {_SENTENCE[1]}"),
        N_("lets somebody hear and not speak"),
        read.mute,
    ),
    Command(("unmute", "dejarhablar"), _NICK, N_("lets them speak again"), word(requests.Unmute)),
    Command(("announce", "anunciar"), _TEXT, N_("says it in all rooms"), read.announcement),
    Command(
        ("op", "operador"),
        _NICK,
        N_("makes somebody an operator"),
        word(lambda room, nick: requests.MakeOperator(nick, True)),
    ),
    Command(
        ("deop", "desoperador"),
        _NICK,
        N_("makes them no operator any more"),
        word(lambda room, nick: requests.MakeOperator(nick, False)),
    ),
    Command(
        ("whois", "quienes"),
        _NICK,
        N_("tells what is known of somebody"),
        word(lambda room, nick: requests.WhoIsIt(nick)),
    ),
    Command(("audit", "actas"), _COUNT, N_("shows what operators and hosts have done"), read.audit),
    Command(("quit", "salir"), _NONE, N_("leaves"), lambda _: Quit()),
)
