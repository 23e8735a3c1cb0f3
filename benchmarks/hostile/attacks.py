"""The attacks: what each does, from which addresses, and for how long at the most.

Each is a kind, and shows the dearest input of that kind that is known: marks whose canonical
ordering is quadratic, a ligature that NFKC makes 18 letters of, lines that cost nothing to send
and much to answer. Attackers have no account and keep to what one address may do by default.
"""

import os
import time
from collections.abc import Callable
from itertools import count, cycle, repeat

from benchmarks.hostile.arena import Arena, line
from benchmarks.hostile.attack import CONNECTIONS, Attack
from benchmarks.hostile.command_attacks import BY_COMMAND
from benchmarks.hostile.web_attacks import BY_THE_WEB

LINE = 64 * 1024
"""Bytes of the longest line that is read."""

MARKS = "\u0301" * 16_000 + "\u0323" * 16_000
"""Marks of two combining classes, the higher first: putting them in order is quadratic."""

LIGATURE = "\ufdfa"
"""One character of three bytes, which NFKC makes 18 characters of."""


def _once(payload: bytes) -> Callable[[Arena], None]:
    return lambda arena: arena.pour([arena.stranger()], [payload])


def _by_a_program(*requests: dict[str, object]) -> Callable[[Arena], None]:
    payload = b"".join(map(line, requests))
    return lambda arena: arena.pour([arena.program()], [payload])


def _by_people(payload: bytes, number: int = CONNECTIONS) -> Callable[[Arena], None]:
    return lambda arena: arena.pour(arena.people(number), [payload])


def _by_programs(payload: bytes, number: int = CONNECTIONS) -> Callable[[Arena], None]:
    return lambda arena: arena.pour(arena.programs(number), [payload])


# -- one line ----------------------------------------------------------------------------------

ONE_LINE = (
    Attack(
        name="/back and 64 KB of marks, before any nick",
        peers=_once(b"/back " + MARKS.encode()[: LINE - 64] + b"\n"),
    ),
    Attack(
        name="a nick of 64 KB of marks", peers=_once(b"a" + MARKS.encode()[: LINE - 64] + b"\n")
    ),
    Attack(
        name="marks as the key of a join",
        peers=_by_a_program({"type": "join", "id": 1, "room": "r", "key": MARKS}),
    ),
    Attack(
        name="marks as the recipient of a message",
        peers=_by_a_program({"type": "msg", "id": 1, "to": "a" + MARKS, "text": "x"}),
    ),
    Attack(
        name="marks as who is ignored",
        peers=_by_a_program({"type": "ignore", "id": 1, "nick": "a" + MARKS}),
    ),
    Attack(
        name="marks as a password",
        peers=_by_a_program({"type": "register", "id": 1, "password": MARKS}),
    ),
    Attack(
        name="/delete and 64 KB of marks, behind 200 messages",
        peers=_by_people(
            b"x\n" * 50 + b"/delete a" + MARKS.encode()[: LINE - 64] + b"\n", number=4
        ),
        seconds=30,
    ),
    Attack(
        name="marks as words of a search",
        peers=_by_a_program({"type": "search", "id": 1, "words": MARKS}),
    ),
)

# -- many lines at once ------------------------------------------------------------------------


def _rooms_wanted(arena: Arena) -> None:
    for index in range(16):  # 63 rooms each, from as many addresses as the hourly limit needs
        peer = arena.program(f"127.0.1.{index + 1}")
        joins = [{"type": "join", "id": n, "room": f"r{index}x{n}"} for n in range(1, 63)]
        arena.pour([peer], [b"".join(map(line, joins))])


def _topics_wanted(arena: Arena) -> None:
    """A hundred rooms, each with the longest topic."""
    for index in range(4):  # a burst is 60 lines
        peer = arena.program(f"127.0.1.{index + 1}")
        requests = [
            line({"type": "join", "id": 1, "room": f"r{index}x{n}"})
            + line({"type": "topic", "id": 2, "room": f"r{index}x{n}", "text": "a b " * 100})
            for n in range(28)
        ]
        arena.pour([peer], [b"".join(requests)])


def _ask_and_read_nothing(arena: Arena) -> None:
    for peer in arena.people(CONNECTIONS):
        peer.sendall(b"/rooms\n" * 60)
    time.sleep(arena.seconds)


def _a_thousand(arena: Arena) -> None:
    for index in range(16):
        arena.people(60, f"127.0.2.{index + 1}")


def _two_hundred(arena: Arena) -> None:
    arena.pour([peer for n in range(4) for peer in arena.programs(50, f"127.0.3.{n + 1}")], [b""])


def _ignoring_one_another(arena: Arena) -> None:
    """No two of them see the same of what all of them say."""
    people = arena.people(CONNECTIONS)
    ignoring = [b"/ignore h%d\n" % ((index + 1) % CONNECTIONS) for index in range(CONNECTIONS)]
    arena.pour(people, ignoring)
    arena.pour(people, [("e\u0301" * 1300 + "\n").encode() * 60])


def _rooms_filled(arena: Arena) -> None:
    """Each pours into a room of its own texts whose letters take four bytes of memory each."""
    payloads = [
        line({"type": "join", "id": 1, "room": f"own{room}"})
        + b"".join(
            line({"type": "say", "id": 2 + n, "room": f"own{room}", "text": "x" * 3990 + "👍"})
            for n in range(200)
        )
        for room in range(CONNECTIONS)
    ]
    arena.pour(arena.programs(CONNECTIONS), payloads)


def _nicks_at_the_prompt(arena: Arena) -> None:
    payload = (LIGATURE * 96 + "\n").encode() * 60
    arena.pour(arena.strangers(CONNECTIONS), [payload])


def _storm(arena: Arena) -> None:
    for _ in range(10):
        hello = line({"type": "hello", "v": 1, "nick": "z"})
        arena.pour(arena.strangers(60), [hello])


MANY_LINES = (
    Attack(
        name="messages of 2,046 marks, 64 connections, and the index of them",
        peers=_by_people(("a" + "\u0301" * 1023 + "\u0323" * 1023 + "\n").encode() * 60),
        seconds=30,
    ),
    Attack(
        name="--history none: a search over 600 such messages",
        peers=lambda arena: arena.pour([arena.person()], [b"/search aa\n"]),
        prepare=lambda arena: arena.pour(
            arena.people(12), [("a" + "\u0301" * 1023 + "\u0323" * 1023 + "\n").encode() * 55]
        ),
        options=("--history", "none"),
    ),
    Attack(name="nicks of 96 × U+FDFA at the prompt, 63 × 60", peers=_nicks_at_the_prompt),
    Attack(
        name="`rooms` with 990 rooms, 63 × 60",
        prepare=_rooms_wanted,
        peers=_by_programs(line({"type": "rooms", "id": 1}) * 60),
        seconds=15,
    ),
    Attack(
        name="`/rooms` with 112 topics of 400 bytes, 63 × 60, unread",
        prepare=_topics_wanted,
        peers=_ask_and_read_nothing,
    ),
    Attack(
        name="`/rooms` with 112 topics of 400 bytes, 63 × 60",
        prepare=_topics_wanted,
        peers=_by_people(b"/rooms\n" * 60),
        seconds=15,
    ),
    Attack(
        name="`/who` of 1,000, 63 × 60",
        prepare=_a_thousand,
        peers=_by_people(b"/who\n" * 60),
    ),
    Attack(
        name="renames, 63 × 60",
        peers=_by_people(b"".join(b"/nick n%da\n/nick n%db\n" % (n, n) for n in range(30))),
    ),
    Attack(
        name="64 KB of control characters, 63 connections",
        peers=_by_people(b"\x01" * (LINE - 64) + b"\n"),
    ),
    Attack(name="/help, 63 × 60", peers=_by_people(b"/help\n" * 60)),
    Attack(
        name="join and leave with replay, 63 × 60",
        peers=_by_people(b"/join games\n/join huddle\n" * 30),
    ),
    Attack(
        name="4 KB lines to 200, 63 × 60",
        prepare=_two_hundred,
        peers=_by_people((b"x" * 4000 + b"\n") * 60),
        seconds=15,
    ),
    Attack(
        name="/fix of a line by one of 4 KB, to 200, 63 × 60",
        prepare=_two_hundred,
        peers=_by_people(b"x\n" + ("/fix " + "e\u0301" * 1300 + "\n").encode() * 59),
        seconds=15,
    ),
    Attack(
        name="4 KB lines of 63 who ignore one another, 63 × 60",
        peers=_ignoring_one_another,
        seconds=15,
    ),
    Attack(
        name="4 KB lines with an emoji in 63 rooms of their own, 63 × 200",
        peers=_rooms_filled,
        seconds=30,
    ),
    Attack(
        name="json of 64 KB of open brackets, 63 connections",
        peers=_by_programs(b'{"type":' + b"[" * (LINE - 64) + b"\n"),
    ),
    Attack(name="hellos in a storm of connections", peers=_storm),
)

# -- without end -------------------------------------------------------------------------------


def _one_byte_a_record(arena: Arena) -> None:
    arena.drip(arena.over_tls(20), repeat(b"x"))


def _numbered(head: bytes) -> Callable[[Arena], None]:
    def peers(arena: Arena) -> None:
        numbers = count(1)
        requests = (head % next(numbers) for _ in range(100_000))
        arena.drip(arena.programs(20), requests)

    return peers


ACCOUNTS = 5
"""As many as one address may register in an hour."""


def _accounts_wanted(arena: Arena) -> None:
    for number, peer in enumerate(arena.programs(ACCOUNTS)):
        password = {"type": "register", "id": 1, "password": f"password-{number}"}
        rename = {"type": "nick", "id": 2, "nick": f"account{number}"}
        arena.pour([peer], [line(rename) + line(password) + line({"type": "bye"})])


def _log_in_without_end(arena: Arena) -> None:
    payloads = [
        b"/login account%d password-%d\n" % (number % ACCOUNTS, number % ACCOUNTS) * 60
        for number in range(33)
    ]
    arena.pour(arena.people(33), payloads, again=True)


def _much_said(arena: Arena) -> None:
    for index in range(2):
        arena.pour(arena.people(CONNECTIONS, f"127.0.5.{index + 1}"), [(b"x" * 4000 + b"\n") * 60])
    time.sleep(12)  # those who listened to it are level again
    os.sync()  # and the machine has written it: the attack is to be measured alone


def _far_apart(arena: Arena) -> None:
    """Each reads all behind another place, and begins anew when it is level."""
    end = time.monotonic() + arena.seconds
    places = cycle(range(0, 7200, 120))
    while time.monotonic() < end:
        readers = [arena.returning(next(places)) for _ in range(60)]
        arena.pour(readers, [b""])
        for reader in readers:
            reader.close()


WITHOUT_END = (
    Attack(
        name="TLS, one byte a record, an unfinished line, 20 connections",
        peers=_one_byte_a_record,
        options=("tls",),
    ),
    Attack(
        name="IAC NOP and IAC DONT IAC, 63 connections",
        peers=lambda arena: arena.pour(
            arena.strangers(CONNECTIONS),
            [b"\xff\xf1" * 16384, b"\xff\xfe\xff\xff" * 8192],
            again=True,
        ),
    ),
    Attack(
        name="blank lines, 63 connections",
        peers=lambda arena: arena.pour(arena.people(CONNECTIONS), [b"\n" * LINE], again=True),
    ),
    Attack(
        name="pings, 63 connections",
        peers=lambda arena: arena.pour(
            arena.programs(CONNECTIONS), [line({"type": "ping", "id": 1}) * 1000], again=True
        ),
    ),
    Attack(
        name="lines that are refused, 63 connections",
        peers=lambda arena: arena.pour(
            arena.programs(CONNECTIONS), [b'{"type":"nonsense"}\n' * 1000], again=True
        ),
    ),
    Attack(
        name="one byte a packet, 63 connections",
        peers=lambda arena: arena.drip(arena.strangers(CONNECTIONS), cycle([b"x", b"y"])),
    ),
    Attack(
        name="ban of 64 KB, remembered",
        peers=_numbered(b'{"type":"ban","id":1,"who":"' + b"1" * (LINE - 200) + b'%d"}\n'),
    ),
    Attack(
        name="logins without end, 33 connections",
        peers=lambda arena: arena.pour(
            arena.people(33), [b"/login p1 wrong-password\n" * 60], again=True
        ),
    ),
    Attack(
        name="logins that succeed without end, 33 connections",
        prepare=_accounts_wanted,
        peers=_log_in_without_end,
        seconds=15,
        victim="logs in",
        times=3,
    ),
    Attack(
        name="searches, 20 of one address",
        peers=lambda arena: arena.pour(
            arena.programs(20), [line({"type": "search", "id": 1, "words": "a b c d e"}) * 60]
        ),
        prepare=lambda arena: arena.pour(
            arena.people(30, "127.0.4.1"), [b"a b c d e f g " * 200 + b"\n"]
        ),
        seconds=15,
        victim="searches and speaks",
        within=50,
    ),
    Attack(
        name="60 readers far apart in 30 MB, again and again",
        prepare=_much_said,
        peers=_far_apart,
        seconds=20,
    ),
)

KNOWN = (*ONE_LINE, *MANY_LINES, *WITHOUT_END, *BY_THE_WEB)
ATTACKS = (*KNOWN, *BY_COMMAND)
