"""Why the server cannot start: the one line that is told, in a person's words."""

from __future__ import annotations

import errno
import os
import re
import socket
from collections.abc import Callable
from itertools import count

from twisted.internet.error import CannotListenError

from huddle.locale import Wording
from huddle.record.errors import RecordUnusable
from huddle.record.files import beside
from huddle.server.operation.config_file import Setting
from huddle.server.process import OWN_FILES, raise_file_limit

EXAMPLES = {
    "tcp": "tcp:55123:interface=0.0.0.0",
    "ssl": "ssl:55123:privateKey=key.pem:certKey=cert.pem",
    "tls": "tls:/etc/huddle/certificates:port=55123",
    "unix": "unix:/run/huddle/door",
    "systemd": "systemd:domain=INET6:index=0",
    "haproxy": "haproxy:tcp:55124",
}
"""Of each kind of endpoint, how one is written."""

_PORT = re.compile(r"(?:tcp6?|ssl):(?:port=)?(-?\d+)(?![^:])")
"""An endpoint whose first word is its port."""

_ADDRESS = re.compile(
    r"(?:http://)?(?:(?P<host>\[[0-9A-Fa-f:.]+\]|localhost|[^:/\s]+\.[^:/\s]+):|:)?(?P<port>\d+)/?"
)
"""What is no endpoint, but says what is meant: ``8000``, ``:8000``, ``10.0.0.1:8000``."""

LEAST_CONNECTIONS = 2
"""Without room for so many there is no conversation, and the server does not start."""

MOST = 65_535
"""The highest port there is."""


class Refusal(SystemExit, Exception):
    """The start ends here, with this line on the standard error and the exit status 1.

    It is an `Exception` too, since only such a one is told by a twistd that has gone into the
    background to the one that was started.
    """

    # That twistd tells the first hundred bytes, the class's name before the line: so a short name.
    __module__ = "huddle"

    def __init__(self, line: str, setting: Setting | None = None) -> None:
        """``setting`` is what stands in the configuration file and will not do."""
        super().__init__(f"huddle: {line}")
        self.reason = line
        self.setting = setting


def reason_of(error: Exception, wording: Wording) -> str:
    """What the system refused, in words and without its number."""
    _ = wording.gettext
    sentences = {
        errno.ENOENT: _("there is no such file"),
        errno.EISDIR: _("it is a folder"),
        errno.EACCES: _("that is not permitted"),
        errno.EPERM: _("that is not permitted"),
        errno.EADDRINUSE: _("something listens there already"),
        errno.EADDRNOTAVAIL: _("this machine has no such address"),
        errno.ENOTDIR: _("it is no folder"),
        errno.ESPIPE: _("it is no plain file, but a pipe or a device"),
        errno.ENODATA: _("it is a pipe, and what comes through it does not end"),
        errno.EFBIG: _("it is too large"),
        errno.ELOOP: _("its links lead to themselves"),
        socket.EAI_NONAME: _("there is no such name or address"),
    }
    if isinstance(error, OverflowError):  # of `bind`
        return _("a port is at most 65535")
    if not isinstance(error, OSError):
        return str(error)
    return sentences.get(error.errno or 0, error.strerror or str(error))


def port_trouble(typed: str, wording: Wording) -> str:
    """Why this is no port, in words; empty where it is one."""
    _ = wording.gettext
    try:
        port = int(typed)
    except ValueError:
        port = -1
    if port > MOST:
        return _("a port is at most 65535")
    if port >= 0:
        return ""
    return _("it is a port, such as 8000, or an endpoint, such as tcp:8000:interface=127.0.0.1")


def port_of_endpoint(description: str) -> str:
    """What stands where the port does in this description; 0 where none does."""
    written = _PORT.match(description)
    return written[1] if written else "0"


def reason_of_endpoint(description: str, error: Exception, wording: Wording) -> str:
    """Why a description of an endpoint is none, by what Twisted's readers of them raise.

    They are functions that are called with what stands between the colons, and say so.
    """
    _ = wording.gettext
    kind = description.partition(":")[0]
    if meant := _ADDRESS.fullmatch(description):
        host = (meant["host"] or "").strip("[]").replace(":", "\\:")
        example = f"tcp:{meant['port']}" + (f":interface={host}" if host else "")
        return _("it is written otherwise, such as {example}").format(example=example)
    if kind not in EXAMPLES and type(error) is ValueError:
        known = ", ".join(EXAMPLES)
        return _("Unknown endpoint type; known are: {known}").format(known=known)
    if type(error) in (TypeError, ValueError, IndexError, RuntimeError):
        example = EXAMPLES.get(kind, EXAMPLES["tcp"])
        return _("it is written otherwise, such as {example}").format(example=example)
    return reason_of(error, wording)


def unusable_record(error: RecordUnusable, wording: Wording) -> str:
    """One line that says what is wrong with the database, and what to do."""
    _ = wording.gettext
    sentences = {
        "locked": _("{path} is in use by another server, process {detail}")
        if error.detail
        else _("{path} is in use by another server"),
        "linked": _(
            "{path} is in use by another server under another name: a hard link; remove this name"
        ),
        "other-log": _(
            "{path} has another name, and what was said last is in {detail}:"
            " use that name, and remove this one"
        ),
        "not-a-lock": _("{detail} is a link, or no plain file, and no lock: remove it"),
        "not-a-log": _("{detail} is a link, or no plain file, and no log of SQLite's: remove it"),
        "read-only": _("{path} can only be read; the server must write to it"),
        "full": _("the disk of {path} is full"),
        "corrupt": _("{path} is damaged ({detail}); restore it from a backup"),
        "newer-schema": _("{path} was made by a newer Huddle (schema {detail})"),
        "not-a-record": _("{path} is not a Huddle database"),
        "no-folder": _("there is no folder for {path}"),
        "no-permission": _("{path} may not be opened"),
        "disk": _("the disk of {path} fails: {detail}"),
        "no-wal": _("{path} lies on a file system that cannot share memory, such as a network's"),
        "sqlite": _("this machine's SQLite will not do: {detail}"),
        "no-file": _("there is no file {path}"),
        "older-schema": _("{path} was made by an older Huddle; let this one's server open it once"),
    }
    sentence = sentences.get(error.code, _("{path} cannot be opened: {detail}"))
    detail = " ".join(error.detail.split())  # SQLite's has line breaks in it
    return sentence.format(path=error.path, detail=detail).rstrip()


def check_no_nodes(path: str | None, wording: Wording) -> None:
    """Raises `Refusal` where the record is that of one of several nodes: what a server alone would
    write into it none of the others would have, nor could the node tell that it differs."""
    if path is not None and os.path.exists(state := beside(path, ".node")):
        sentence = wording.gettext(
            "{path} is the record of one of several nodes: start it with --cluster; take {state}"
            " away only if it is to be that of a server alone from now on, and never a node's again"
        )
        raise Refusal(sentence.format(path=path, state=state))


def record_news(code: str, detail: str, wording: Wording) -> str:
    """What the log is to tell of the record, by the codes of `huddle.record.sqlite.outcomes`."""
    _ = wording.gettext
    sentences = {
        "failing": _("nothing can be recorded now, and what is said is refused: {detail}"),
        "recovered": _("the record can be written again"),
        "removed": _(
            "{detail} was removed or moved, and what is said is refused: put it back,"
            " or stop the server, restore it from a backup and start again"
        ),
        "replaced": _(
            "{detail} is another file than the server has opened, and what is said is refused:"
            " stop the server, put the right one there and start again"
        ),
        "overwritten": _(
            "another program has written into {detail} or its log, and what is said is refused:"
            " stop the server, remove {detail}-wal and {detail}-shm, put a backup in the place of"
            " {detail} if it was that, and start again"
        ),
        "log-removed": _(
            "the log beside {detail} was removed, and what is said is refused:"
            " stop the server and start it again"
        ),
        "log-carried-over": _(
            "the log beside {detail} was removed; nothing is lost, and another one is used:"
            " leave the files beside the record alone while a server runs"
        ),
        "index-cut": _(
            "another program has cut {detail}-shm, or the disk fails, and the server has to end:"
            " start it again; nothing that was acknowledged is lost"
        ),
        "broken": _(
            "the record has stopped by a fault of Huddle's, and the server has to end: start it"
            " again, and report this; nothing that was acknowledged is lost:\n{detail}"
        ),
        "several-names": _(
            "{detail} has several names (hard links): remove the others, as messages are lost when"
            " it is opened by one of them"
        ),
        "damaged": _(
            "the record is damaged ({detail}); what cannot be read is left out, and what is said is"
            " kept: make a backup now, and restore an older one if what is missing is in it"
        ),
        "damaged-for-good": _(
            "the record is damaged ({detail}), nothing can be recorded in it, and what is said is"
            " refused: stop the server, and restore the record from a backup"
        ),
        "unreadable": _("the record cannot be read ({detail}); look after its disk"),
        "key-made": _(
            "there was no key in {detail}, so another one was made: return words and keys of rooms"
            " from before open nothing; put the old key there and start the server again"
        ),
        "key-changed": _(
            "another key was put into {detail}, which counts from the next start on: return words"
            " and keys of rooms open nothing then, if it is not the right one"
        ),
        "key-put-back": _(
            "the key in {detail} was removed or cut, and has been put back:"
            " leave the files beside the record alone while a server runs"
        ),
        "key-lost": _(
            "the key in {detail} cannot be read, or was removed or cut and cannot be put back:"
            " see to it, or return words and keys of rooms open nothing once the server is stopped"
        ),
        "key-copied": _("the key was beside a link to the record; it is in {detail} now"),
        "two-keys": _(
            "there is another key beside the link to the record; the one in {detail} is used:"
            " remove the wrong one, and start the server again if that was {detail}"
        ),
        "log-large": _(
            "the record's log has {detail} bytes: something has been reading it for long,"
            " or carrying it over into the record"
        ),
    }
    return sentences.get(code, code).format(detail=detail)


def clock_news(milliseconds: int, wording: Wording) -> str:
    """The clock was found ahead of what was expected by so much, or behind if that is below 0."""
    _ = wording.gettext
    sentence = (
        _(
            "the clock is {seconds} s ahead of what was expected, and what is said from now on has"
            " that time: set the clock right if it is wrong"
        )
        if milliseconds > 0
        else _(
            "the clock is {seconds} s behind what was expected, and what is said gets times that go"
            " on at half speed until the clock has come up with them: set it right if it is wrong"
        )
    )
    return sentence.format(seconds=round(abs(milliseconds) / 1000))


def not_listening(place: str, error: Exception, wording: Wording) -> Refusal:
    """The refusal to start where a door cannot be opened at this place."""
    _ = wording.gettext
    if isinstance(error, CannotListenError):
        place, error = f"{error.interface}:{error.port}", error.socketError
    reason = reason_of(error, wording)
    return Refusal(_("cannot listen on {place}: {reason}").format(place=place, reason=reason))


def connections_at_once(taken: Callable[[int], int], wording: Wording) -> int:
    """How many there can be where ``taken`` tells how many open files of a limit are for the doors.

    Raises `Refusal` where the process may have too few.
    """

    def left(limit: int) -> int:
        return limit - OWN_FILES - taken(limit)

    limit = raise_file_limit()
    if left(limit) < LEAST_CONNECTIONS:
        least = next(each for each in count(limit) if left(each) >= LEAST_CONNECTIONS)
        sentence = wording.gettext(
            "{limit} files may be open at once, and {least} are needed at least: type"
            " ulimit -n 1024 as root before the start, or write LimitNOFILE=1024 into the unit of"
            " systemd"
        )
        raise Refusal(sentence.format(limit=limit, least=least))
    return left(limit)


def operator_news(nick: str, wording: Wording) -> str:
    """What the log is to tell of an operator without an account."""
    news = wording.gettext(
        "{nick} is kept for an operator, and has no account: huddle-account makes one,"
        " or somebody with the operators' code by /register {nick} PASSWORD"
    )
    return news.format(nick=nick)
