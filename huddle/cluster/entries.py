"""The entries: everything that can happen to the whole house, as it stands in the log.

An entry is an operation on fields. It never holds a whole row, since a node of an older version
would write back the fields that it does not know; what takes something away or replaces it names
the version that it saw. A session is meant by its number, a nick and a room's name bring their keys
with them (`huddle.cluster.forms.Name`), and ``by`` is the session of the person who did it (0: the
house itself), whose right to do it is asked again when the entry is applied.

`huddle.cluster.batches` reads and writes them, `huddle.cluster.apply` says what each comes to.
"""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Any

from huddle.cluster.forms import (
    Cursors,
    Hex,
    Ignored,
    Name,
    Names,
    Person,
    Remark,
    Seqs,
    Shared,
    Text,
    Value,
)
from huddle.protocol.codec import asked, called, dataclass, fields_of
from huddle.protocol.errors import BadField
from huddle.protocol.fields import REQUIRED, Count, Form, Number


class Entry:
    """One of the operations below, which the log calls as its class in small letters."""

    __slots__ = ()


# -- lives -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Up(Entry):
    """The first entry of a life: the node is there, and its earlier lives are over.

    ``shared`` are the options that all nodes must have alike, ``after`` is the life of this node
    that was up as far as it has read (empty: none), ``rules`` the highest that it can apply,
    ``kept`` as in `Mark`, ``words`` a key for return words and the keys of rooms, of which the
    house takes the first.
    """

    shared: Shared
    after: Hex = ""
    rules: Count = 1
    kept: Number = 0
    words: Hex = ""


@dataclass(frozen=True, slots=True)
class Down(Entry):
    """Another node heard nothing of that life behind its batch ``n``: it is over.

    Of its own life a node says it when it stops; then ``n`` does not matter.
    """

    life: Hex
    n: Number


@dataclass(frozen=True, slots=True)
class Beat(Entry):
    """The node is alive. One comes from each, once a second."""


@dataclass(frozen=True, slots=True)
class Mark(Entry):
    """The chain that the node has had at the position ``at``, to be compared.

    ``kept`` is the position of a state that it has on its disk: what is before is not needed there.
    """

    at: Count
    chain: Hex
    kept: Number = 0


@dataclass(frozen=True, slots=True)
class Upgrade(Entry):
    """From here on entries are applied by these rules, which all living nodes know."""

    rules: Count


# -- moderation ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Act:
    """What the audit is to hold of an act of moderation, beside when, where and by whom it was."""

    act: Remark
    target: Remark = ""
    detail: Text = ""


def _read_act(_: str, value: Any) -> Act:
    if type(value) is not dict:
        raise BadField("audit")
    return _act(value, None)


_act = asked(Act)
Audit = Annotated[Act, Form(_read_act, _read_act, REQUIRED, fields_of)]


# -- sessions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begin(Entry):
    """A new session under a free nick, or an account's; one whose ``key`` is known is attached.

    ``key`` is the hash of a program's secret, ``word`` that of a person's return word, given at the
    address with the hash ``word_at``; all may be empty. ``host`` is written as in `Attach`.
    """

    nick: Name
    rooms: Names
    key: Hex = ""
    account: Number = 0
    version: Number = 0
    word: Hex = ""
    word_at: Hex = ""
    turn: Number = 0
    host: Hex = ""
    address: Remark = ""
    site: Remark = ""


@dataclass(frozen=True, slots=True)
class Attach(Entry):
    """The node has the session on a connection of its own.

    ``turn`` rises with the connections of a program (0: it counts none). ``was`` is set where a
    node comes back: only a session whose holder is still that life is attached. ``nick`` is what a
    session that has expired wants to be called now, ``version`` that of the password it brought.
    ``word`` is the hash of the return word that was brought for it: it must be the session's still.
    ``host`` is where it comes from: ``04`` or ``06`` and the bytes of the address, so that a
    network is all that is between two of them; ``address`` and ``site`` what that counts as where
    things are shared out.
    """

    session: Count
    turn: Number = 0
    was: Hex = ""
    nick: Name | None = None
    version: Number = 0
    host: Hex = ""
    address: Remark = ""
    site: Remark = ""
    word: Hex = ""


@dataclass(frozen=True, slots=True)
class Lose(Entry):
    """The session's connection is gone, after these seqs had surely reached it."""

    session: Count
    cursors: Cursors = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leave(Entry):
    """The session goes for good, behind all that it has said."""

    session: Count
    cursors: Cursors = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expire(Entry):
    """The hold of a session has ended, which had lost its connection so many times by then."""

    session: Count
    losses: Count


@dataclass(frozen=True, slots=True)
class Rename(Entry):
    """A guest's session takes another nick."""

    session: Count
    nick: Name


@dataclass(frozen=True, slots=True)
class Own(Entry):
    """Fields of a session that are its own: those that are not None are put in their place.

    They count only from the node that holds the session; ``wishes`` alone also from one that did in
    the life ``was``, if none has held it since. ``level``: it has no ``cursors`` any more,
    since it takes all again that it is given. ``audit`` is what it has done in the ``room``, of
    which nothing else tells. ``in_charge`` is by the operators' code of the life ``code``.
    """

    session: Count
    word: Hex | None = None
    word_at: Hex | None = None
    ignores: Ignored | None = None
    wishes: Remark | None = None
    cursors: Cursors | None = None
    in_charge: bool = False
    audit: Audit | None = None
    room: Remark = ""
    level: bool = False
    code: Hex = ""
    was: Hex = ""


# -- rooms -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seat(Entry):
    """The session comes into a room; with ``move`` it leaves those where it was.

    ``key`` is the hash of the word that it brings for the room. With ``host`` it is the room's host
    where it makes it, and the key is the room's.
    """

    session: Count
    room: Name
    key: Hex = ""
    move: bool = False
    host: bool = False


@dataclass(frozen=True, slots=True)
class Unseat(Entry):
    """The session goes out of a room."""

    session: Count
    room: Remark


@dataclass(frozen=True, slots=True)
class Cut(Entry):
    """The session is sent out of a room; out of the house, if it is the first one."""

    session: Count
    room: Remark
    by: Number
    reason: Remark = ""
    audit: Audit | None = None


@dataclass(frozen=True, slots=True)
class Set(Entry):
    """A setting of a room: ``topic``, ``key``, ``slow`` (milliseconds) or ``quiet``.

    ``seen`` is the version of that setting that was seen, where one is taken off or replaced that
    another may have set meanwhile; None: it is set whatever it is.
    """

    room: Remark
    setting: Remark
    value: Value
    by: Number
    seen: Number | None = None
    audit: Audit | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """A ban, mute, voice or host: what `huddle.record.Mark` is, beside its room, doer and time.

    ``first`` and ``last`` are the ends of a network, written as `Attach.host` is.
    """

    kind: Remark
    who: Remark
    nick: Remark = ""
    until: Number = 0
    reason: Remark = ""
    first: Hex = ""
    last: Hex = ""


@dataclass(frozen=True, slots=True)
class Lifted:
    """A restriction that is taken off, if it is still the one of that version."""

    kind: Remark
    who: Remark
    seen: Number


@dataclass(frozen=True, slots=True)
class Restrict(Entry):
    """Restrictions of one room: these are set, those are taken off. All of it counts, or none.

    ``nicks`` are those that some of these are on.
    """

    room: Remark
    by: Number
    marks: tuple[Restriction, ...] = field(default=(), metadata=called("set"))
    lifted: tuple[Lifted, ...] = field(default=(), metadata=called("drop"))
    audit: Audit | None = None
    nicks: Names = ()


# -- what is said ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say(Entry):
    """Something said in a room, or to a person, under the session's own ``id`` (0: it gave none).

    To a person: ``whom`` is who was meant where it was asked, ``to`` the nick as it was called.
    ``block`` numbers the lines of the session that are said together (0: none are), and ``inside``
    says that this is known to be one of them. ``re`` and ``edits`` are seqs, as in `Draft`;
    ``their_re`` and ``their_edits`` are those of the same messages in the inbox of whom it is for.
    """

    session: Count
    id: Number
    text: Text
    room: Remark = ""
    kind: Remark = "say"
    to: Remark = ""
    whom: Person = 0
    block: Number = 0
    inside: bool = False
    re: Number = 0
    edits: Number = 0
    their_re: Number = 0
    their_edits: Number = 0


@dataclass(frozen=True, slots=True)
class Announce(Entry):
    """An operator says something in all rooms that have members; ``own_id`` as `Say.id`."""

    session: Count
    text: Text
    own_id: Number = 0


@dataclass(frozen=True, slots=True)
class Erase(Entry):
    """The texts of these messages of a room are deleted.

    ``own`` says that they are the doer's, as the record of the node showed where it was asked.
    ``of`` is the nick of who had said them.
    """

    room: Remark
    seqs: Seqs
    by: Number
    own: bool = False
    of: Remark = ""
    audit: Audit | None = None


# -- accounts ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Register(Entry):
    """A nick is an account's from now on, with the ``hash`` of its password (empty: another checker
    has it). ``own``: it is the doer's nick, and the doer's session is the account's too."""

    nick: Name
    hash: Remark
    by: Number
    own: bool = False
    audit: Audit | None = None


@dataclass(frozen=True, slots=True)
class Login(Entry):
    """A guest's session has proved to own the account, by the password of that version.

    ``coming``: it is just coming back by its secret, and is on no connection of this node yet.
    """

    session: Count
    account: Count
    version: Count
    coming: bool = False


@dataclass(frozen=True, slots=True)
class Password(Entry):
    """An account gets another password, in the place of the one of the version that was seen."""

    account: Count
    hash: Remark
    seen: Count
    audit: Audit | None = None


@dataclass(frozen=True, slots=True)
class Appoint(Entry):
    """An account is an operator from now on, or none any more; or, where it is the operators' code
    of a life by which it becomes one, by that ``code``."""

    account: Count
    operator: bool
    by: Number
    audit: Audit | None = None
    code: Hex = ""


# -- retention ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Retain(Entry):
    """What is older than ``before`` or beyond ``messages`` in its room is deleted; sessions that
    left before ``left_before`` or beyond ``sessions`` are forgotten. 0 keeps all."""

    before: Number = 0
    messages: Number = 0
    left_before: Number = 0
    sessions: Number = 0


ENTRIES: tuple[type[Entry], ...] = (
    Up,
    Down,
    Beat,
    Mark,
    Upgrade,
    Begin,
    Attach,
    Lose,
    Leave,
    Expire,
    Rename,
    Own,
    Seat,
    Unseat,
    Cut,
    Set,
    Restrict,
    Say,
    Announce,
    Erase,
    Register,
    Login,
    Password,
    Appoint,
    Retain,
)
"""Each of them. A class that is not here is unknown to the log."""

NAMES: dict[str, type[Entry]] = {cls.__name__.lower(): cls for cls in ENTRIES}
"""The same by name."""

SINCE: dict[str, int] = {}
"""By which rules an entry was first known (``"seat": 2``), beside all that the first ones knew. In
a house that goes by older rules it is as unknown as it is to nodes of an older version
(`huddle.cluster.rules.upgrades`), and refused."""

FIELDS_SINCE: dict[str, dict[str, int]] = {
    "own": {"code": 2, "was": 2},
    "appoint": {"code": 2},
    "restrict": {"nicks": 3},
}
"""The same of fields, by their entry: before, the field is as if it was not there."""
