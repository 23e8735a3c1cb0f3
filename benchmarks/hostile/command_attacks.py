"""Every command as an attack of its own: what nobody has thought of is found by trying all.

Sixty-three people of one address type a command again and again, as fast as it is taken, each in a
room that is theirs and with every kind of argument that any command has; 180 others are in the
house. Most of it is refused, and that has its price, too.
"""

from benchmarks.hostile.arena import Arena
from benchmarks.hostile.attack import CONNECTIONS, Attack
from huddle.protocol.commands import COMMANDS

LETTERS = "e\u0301" * 1300
"""Letters that are composed, as many as a line may have."""

MARKS = "a" + "\u0301" * 1023 + "\u0323" * 1023
WIDE = "x" * 3900 + "👍"
"""Letters of which each takes four bytes of memory."""

ARGUMENTS = (
    *("", "h1", f"h1 {LETTERS}", f"#1 {LETTERS}", f"h2 {MARKS}", f"@1 {WIDE}", LETTERS, "own"),
    *(f"own {WIDE}", "on", "off", "3", f"h3 1h {WIDE}", "#2", "h1 secret"),
)
"""Of nicks, of rooms, of numbers, of ways to say how long, and of texts."""


def _by_command(name: str) -> Attack:
    lines = "".join(f"/{name} {each}\n" for each in ARGUMENTS * 4).encode()

    def peers(arena: Arena) -> None:
        people = arena.people(CONNECTIONS)
        arena.pour(people, [b"/join own\nx\nx\nx\n"])
        arena.pour(people, [lines], again=True)

    return Attack(name=f"/{name}, 63 people, every kind of argument", prepare=_others, peers=peers)


def _others(arena: Arena) -> None:
    for index in range(3):
        arena.people(60, f"127.0.2.{index + 1}")


BY_COMMAND = tuple(_by_command(str(command.names[0])) for command in COMMANDS)
