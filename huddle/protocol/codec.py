"""Objects to frozen values and back, as the fields of their classes say.

A class of `huddle.protocol.requests`, `answers` or `events` has a ``type``, the name by which the
wire knows it, and fields whose annotations say what they hold (`huddle.protocol.fields`). From
these a reader and a writer are put together once for each class, so both sides speak the same.

A field with a default is left out where it is as usual, and has its default when it is null or not
there; any other is always there. What differs from that stands in its metadata (`ALWAYS`…).
The ``id`` of a request and of its answer stands behind the type and is handed in and out apart.
What is in an object and is no field here is ignored, so that later versions can add some.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from huddle.protocol.errors import BadField
from huddle.protocol.fields import REQUIRED, Form, Read, rows, switch

T = TypeVar("T")
Object = dict[str, object]
Metadata = Mapping[str, object]


class MessageError(ValueError):
    """A message that is not what the protocol says it is."""


ALWAYS: Metadata = {"always": True}
"""Of a field that is written also where it is as usual."""
NEEDED: Metadata = {"needed": True}
"""Of a field that a program must give, though not everybody need."""
INSIDE: Metadata = {"inside": True}
"""Of a field that is not on the wire."""


def called(name: str) -> Metadata:
    """Of a field that has another name on the wire."""
    return {"name": name}


def needed_with(other: str) -> Metadata:
    """Of a field that a program must give if it gives that other one; else it says nothing."""
    return {"needed": True, "needed_with": other}


def asked(cls: type[T]) -> Callable[[Mapping[str, Any], int | None], T]:
    """The strict reader of a request's object; it is given its id too. It raises `BadField`.

    It is written out for the class: each line that is said is read by one, and by another on every
    node of a house of several, and a loop over the fields went round for each that is not there.
    """
    own = {each.name: each for each in fields(cls)}  # type: ignore[arg-type]
    known: dict[str, Any] = {"cls": cls, "BadField": BadField}
    body, end, values = ["get = given.get"], list[str](), dict[str, str]()
    if "id" in own and own["id"].default is not MISSING:
        known["id_usual"] = own["id"].default
        values["id"] = "id_usual if id is None else id"
        if own["id"].metadata.get("needed"):
            end.append("if id is None: raise BadField('id')")
    for attribute, name, form, missing, other in _steps(cls, lenient=False):
        value, usual = f"its_{attribute}", f"{attribute}_usual"
        known[f"{attribute}_form"], known[usual] = form, _default(own[attribute])
        if known[usual] is MISSING:
            known[usual] = None
        elif own[attribute].default is MISSING:
            usual += "()"
        body.append(f"{value} = get({name!r})")
        if other:
            body.append(f"if get({_name(own[other])!r}) is None: {value} = {usual}")
        is_there = f"{'elif' if other else 'if'} {value} is not None"
        body.append(f"{is_there}: {value} = {attribute}_form({name!r}, {value})")
        is_not = f"raise BadField({name!r})" if missing is REQUIRED else f"{value} = {usual}"
        body.append(f"else: {is_not}")
        values[attribute] = value
    # What is given by its place is found sooner, but behind one that is not there all are named.
    by_name = len(values) < len(own) or any([each.kw_only for each in own.values()])
    filled = [f"{each}=" * by_name + values[each] for each in own if each in values]
    body += [*end, f"return cls({', '.join(filled)})"]
    exec("\n ".join(["def read(given, id):", *body]), known)
    read: Callable[[Mapping[str, Any], int | None], T] = known["read"]
    return read


def told(cls: type[T], given: object) -> T:
    """What a server tells, read leniently. Raises `MessageError` when it is none of this class."""
    try:
        return _lenient(cls)("", given)  # type: ignore[arg-type,no-any-return]
    except BadField as wrong:
        raise MessageError(wrong.field) from wrong


def written(value: Any, id: int | None = None) -> Object:
    """The object of a value that has a type, with its own id or with this one."""
    number = getattr(value, "id", None) if id is None else id
    head: Object = {"type": value.type}
    if number is not None:
        head["id"] = number
    return head | fields_of(value)


def fields_of(value: Any) -> Object:
    """The fields of a value, as they are written."""
    told: Object = {}
    for attribute, name, usual, write in _writer(type(value)):  # type: ignore[arg-type]
        each = getattr(value, attribute)
        if usual is REQUIRED or each != usual:
            told[name] = each if each is None or write is None else write(each)
    return told


# -- what a class says of its fields -----------------------------------------------------------

_USUAL = object()
"""Stands for a field's default."""

_FLAG = Form(switch, lambda _, value: value is True, False)
"""A plain ``bool``: a program must say true or false, from a server all else is false."""


@cache
def _lenient(cls: type[Any]) -> Read:
    steps = _steps(cls, lenient=True)

    def read(place: str, given: Any) -> Any:
        if not isinstance(given, dict):
            raise BadField(place)
        values: dict[str, Any] = {}
        for attribute, name, form, missing, other in steps:
            if other and other not in values:
                continue
            value = given.get(name)
            if value is not None:
                values[attribute] = form(name, value)
            elif missing is REQUIRED:
                raise BadField(name)
            elif missing is not _USUAL:
                values[attribute] = missing
        return cls(**values)

    return read


def _steps(cls: type[Any], *, lenient: bool) -> list[tuple[str, str, Read, object, str | None]]:
    """For each field its name here and on the wire, its reader, what it is if it is missing, and
    the field that it goes with."""
    steps: list[tuple[str, str, Read, object, str | None]] = []
    for each, form, may_be_null in _on_the_wire(cls):
        needed = each.metadata.get("needed", False)
        missing: object = form.missing if lenient else REQUIRED
        if not needed and _default(each) is not MISSING:
            missing = _USUAL
        elif not needed and may_be_null:
            missing = None
        read = form.lenient if lenient else form.strict
        steps.append((each.name, _name(each), read, missing, each.metadata.get("needed_with")))
    return steps


@cache
def _writer(cls: type[Any]) -> list[tuple[str, str, object, Callable[[Any], object] | None]]:
    """For each field its two names, what it is as usual, and how it is written."""
    return [
        (
            each.name,
            _name(each),
            REQUIRED if each.default is MISSING or each.metadata.get("always") else each.default,
            form.write,
        )
        for each, form, _ in _on_the_wire(cls)
    ]


def _on_the_wire(cls: type[Any]) -> Iterator[tuple[Field[Any], Form, bool]]:
    """The fields that an object of the class has besides its id, and whether each may be null."""
    hints = get_type_hints(cls, include_extras=True)
    for each in fields(cls):
        is_handed_in = each.name == "id" and each.default is not MISSING
        if not is_handed_in and not each.metadata.get("inside"):
            yield each, *_form(hints[each.name])


def _form(hint: Any) -> tuple[Form, bool]:
    if get_origin(hint) in (Union, UnionType):
        [inner] = [each for each in get_args(hint) if each is not NoneType]
        return _form(inner)[0], True
    if hint is bool:
        return _FLAG, False
    if get_origin(hint) in (tuple, Sequence):
        return rows(_lenient(get_args(hint)[0]), lambda row: fields_of(row)), False
    return hint.__metadata__[0], False


def _default(each: Field[Any]) -> object:
    return each.default if each.default_factory is MISSING else each.default_factory


def _name(each: Field[Any]) -> str:
    return each.metadata.get("name") or each.name


# What these classes are made of

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen, slots, kw_only=False):
        """`dataclasses.dataclass` for classes that are frozen, have slots, and are cheap to define.

        For each class `dataclasses` writes and compiles six methods, half a millisecond in all.
        There are 150 of them here and in the client, which makes a dozen before one can type: that
        was a quarter of its start. So ``__init__`` is written when the first instance is made.
        Each field has a place in it. That nobody changes one afterwards is for mypy to see: to have
        Python forbid it, too, took a tenth of all that a line takes, which makes three of these.
        """
        assert frozen and slots

        def define(cls):
            define_fields = dataclasses.dataclass(
                init=False, repr=False, eq=False, slots=True, kw_only=kw_only
            )
            made = define_fields(cls)
            made._compared = _getter([each.name for each in fields(made) if each.compare])
            made.__init__ = _written_at_first(made)
            for method in (_repr, _eq, _hash):
                setattr(made, f"_{method.__name__}__", method)
            return made

        return define

    def _written_at_first(cls):
        def first(self, /, *values, **named):
            cls.__init__ = _written(cls)
            cls.__init__(self, *values, **named)

        return first

    def _written(cls):
        """The ``__init__`` of a class, as `dataclasses` writes it."""
        at_their_places, by_name, body = ["self"], [], []
        known = {"MISSING": MISSING}
        for each in fields(cls):
            name, usual, value = each.name, "", each.name
            if each.default_factory is not MISSING:
                known[f"_make_{name}"] = each.default_factory
                usual, value = "=MISSING", f"_make_{name}() if {name} is MISSING else {name}"
            elif each.default is not MISSING:
                known[f"_usual_{name}"] = each.default
                usual = f"=_usual_{name}"
            (by_name if each.kw_only else at_their_places).append(name + usual)
            body.append(f"self.{name} = {value}")
        if hasattr(cls, "__post_init__"):
            body.append("self.__post_init__()")
        star = ["*"] if by_name else []
        head = ", ".join([*at_their_places, *star, *by_name])
        exec("\n ".join([f"def __init__({head}):", *(body or ["pass"])]), known)
        known["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
        return known["__init__"]

    def _getter(names):
        """Gives the values of these fields, as a tuple if there are several."""
        return staticmethod(attrgetter(*names) if names else lambda _: ())

    def _repr(self):
        shown = (each.name for each in fields(self) if each.repr)
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({values})"

    def _eq(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return self._compared(self) == self._compared(other)

    def _hash(self):
        return hash(self._compared(self))
