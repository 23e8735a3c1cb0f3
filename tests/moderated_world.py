"""A world with an operator in it, for tests of who may do what: short words for what is asked."""

from __future__ import annotations

from huddle.protocol.limits import Limits
from tests.world import Json, Program, World

PASSWORD = "secret-of-ana"
FREELY = Limits(flood_rate=0, hold=120)


def moderated_world(**options: object) -> tuple[World, Program]:
    """A world, and ana, who is its operator."""
    world = World(operators=["ana"], others={"ana": PASSWORD}, limits=FREELY, **options)  # type: ignore[arg-type]
    return world, world.program("ana", password=PASSWORD)


def does(program: Program, type: str, **fields: object) -> Json:
    """What the program is answered when it asks for this; what it hears beside is put aside."""
    program.forgets()
    program.sends_objects({"type": type, "id": 900, **fields})
    program.world.settle()
    heard = program.reads()
    answer: Json
    [answer] = [each for each in heard if each.get("id") == 900]
    return answer


def done(program: Program, type: str, **fields: object) -> None:
    answer = does(program, type, **fields)
    assert answer["type"] == "reply", answer


def refused(program: Program, type: str, **fields: object) -> str:
    answer = does(program, type, **fields)
    assert answer["type"] == "error", answer
    code: str = answer["code"]
    return code


def knocks(world: World, nick: str, address: str = "10.0.0.9", **hello: object) -> Json:
    """What a program is told that says hello, first of all."""
    program = Program(world, nick, f"another secret of {nick}")
    world.attach(program, address)
    program.enters(**hello)
    world.settle()
    return next(each for each in program.reads() if each["type"] != "greeting")


def let_in(world: World, nick: str, address: str = "10.0.0.9", **hello: object) -> bool:
    told = knocks(world, nick, address, **hello)
    assert told["type"] == "welcome" or told["code"] == "banned", told
    return bool(told["type"] == "welcome")


def joins(program: Program, *rooms: str, **fields: object) -> None:
    for room in rooms:
        done(program, "join", room=room, **fields)
    program.forgets()
