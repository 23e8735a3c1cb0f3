"""huddle-account: the accounts of a record whose server does not run, and the operators' code.

While it runs its operators do all this by typing. But one person must be the first operator: by the
code, which is given out at any time.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from getpass import getpass

from huddle.dialects.wording import worded
from huddle.locale import N_, Wording
from huddle.locale.command_line import CommandLine, Given, Misuse
from huddle.locale.own_files import is_database
from huddle.people.operator_code import OperatorCode
from huddle.protocol import names
from huddle.protocol.errors import BadNick, BadPassword
from huddle.protocol.events import INBOX
from huddle.protocol.limits import Limits
from huddle.record import AccountRow, AuditEntry
from huddle.record.errors import RecordUnusable
from huddle.record.files import beside
from huddle.record.sqlite.accounts import Register, register
from huddle.server.clocks import now_ms
from huddle.server.invitation.code_file import CodeFile
from huddle.server.key_file import kept_key
from huddle.server.passwords import NoMemory, hash_password
from huddle.server.start_errors import reason_of, unusable_record
from huddle.tools.command_line import CannotBeDone, Command

SHELL = "(huddle-account)"
"""Who has done it, in the log of acts: no nick has brackets."""

_OPTIONS = {("not", ""): N_("the account is no operator any more")}

_USAGE = (
    N_("Usage: huddle-account DATABASE list"),
    N_("       huddle-account DATABASE add NICK"),
    N_("       huddle-account DATABASE password NICK"),
    N_("       huddle-account DATABASE operator NICK [--not]"),
    N_("       huddle-account DATABASE remove NICK"),
    N_("       huddle-account DATABASE code"),
    "",
    N_(
        "Looks after the accounts of a record while its server is stopped. A password is asked\n"
        "for twice, or read from the standard input when that is no terminal. With the code\n"
        "whoever is in the chat makes themselves an operator, also while the server runs."
    ),
)

COMMAND_LINE = CommandLine(_USAGE, _OPTIONS)


def _carry_out(given: Given, wording: Wording) -> None:
    path, action = _understood(given, wording)
    _ = wording.gettext
    try:
        if action is None:
            print(*_code(path, wording), sep="\n")
            return
        if given.words[1] != "add" and not os.path.exists(path):
            raise RecordUnusable("no-file", path)
        with register(path, epoch=secrets.token_hex(8)) as accounts:
            if accounts.is_nodes and given.words[1] != "list":
                sentence = _(
                    "{path} is the record of one of several nodes; an operator does it there"
                )
                raise CannotBeDone(sentence.format(path=path))
            print(*action(AccountCommands(accounts, wording)), sep="\n")
    except RecordUnusable as error:
        if error.code == "locked":
            sentence = _("a server uses {path}; stop it first, or let an operator do it there")
            raise CannotBeDone(sentence.format(path=path)) from None
        raise CannotBeDone(unusable_record(error, wording)) from None


Action = Callable[["AccountCommands"], Sequence[str]]


def _code(path: str, wording: Wording) -> Sequence[str]:
    """Another operators' code, which a server of this record takes, running or not."""
    _ = wording.gettext
    if not is_database(path):
        raise RecordUnusable("not-a-record" if os.path.exists(path) else "no-file", path)
    if os.path.exists(beside(path, ".node")):
        sentence = _("{path} is the record of one of several nodes, which show one as they start")
        raise CannotBeDone(sentence.format(path=path))
    try:
        key = kept_key(beside(path, ".key"))
        code = OperatorCode(CodeFile(path), key, now_ms).give(secrets.choice)
    except OSError as error:
        reason = reason_of(error, wording)
        raise CannotBeDone(f"{error.filename or path}: {reason}") from None
    return (
        _("Who is in charge here types this in the chat, once and within an hour:"),
        "    " + _("/operator {code}").format(code=code),
    )


def _understood(given: Given, wording: Wording) -> tuple[str, Action | None]:
    """The database, and what is to be done with its accounts; None: a code is to be given."""
    _ = wording.gettext
    words, options = given.words, given.options.keys() - {"lang"}
    match words:
        case [path, "list"] if not options:
            return path, lambda commands: commands.listed()
        case [path, "add", nick] if not options:
            return path, lambda commands: commands.add(nick)
        case [path, "password", nick] if not options:
            return path, lambda commands: commands.change_password(nick)
        case [path, "operator", nick]:
            return path, lambda commands: commands.make_operator(nick, "not" not in options)
        case [path, "remove", nick] if not options:
            return path, lambda commands: commands.remove(nick)
        case [path, "code"] if not options:
            return path, None
        case [_path, "list" | "add" | "password" | "operator" | "remove" | "code", *_rest]:
            raise Misuse(_("{word} is typed otherwise; see --help").format(word=words[1]))
        case [_path]:
            raise Misuse(_("what is to be done? See --help"))
        case _words:
            raise Misuse(_("there is no {word} here; see --help").format(word=words[1]))


class AccountCommands:
    """Does one thing with the accounts, and says what was done. Raises `CannotBeDone`."""

    def __init__(self, register: Register, wording: Wording) -> None:
        self._register = register
        self._wording = wording

    def listed(self) -> Sequence[str]:
        _ = self._wording.gettext
        accounts = sorted(self._register.accounts(), key=lambda account: account.nick.casefold())
        return [
            _("{nick}, operator").format(nick=account.nick) if account.operator else account.nick
            for account in accounts
        ] or [_("There are no accounts.")]

    def add(self, typed: str) -> Sequence[str]:
        _ = self._wording.gettext
        nick = self._nick(typed)
        other = self._like(nick)
        if other is not None:
            raise CannotBeDone(_("There is an account {nick} already.").format(nick=other.nick))
        number = self._register.next_number()
        inbox = f"{INBOX}a{number}"
        account = AccountRow(number, nick, self._password(), inbox=inbox, time=now_ms())
        self._register.save(account, _audit_entry("register", nick))
        return [_("{nick} is registered.").format(nick=nick)]

    def change_password(self, typed: str) -> Sequence[str]:
        _ = self._wording.gettext
        account = self._account(typed)
        changed = replace(account, hash=self._password(), version=account.version + 1)
        self._register.save(changed, _audit_entry("password", account.nick))
        return [_("{nick} has a new password.").format(nick=account.nick)]

    def make_operator(self, typed: str, on: bool) -> Sequence[str]:
        _ = self._wording.gettext
        account = self._account(typed)
        act = _audit_entry("op" if on else "deop", account.nick)
        self._register.save(replace(account, operator=on), act)
        done = _("{nick} is an operator.") if on else _("{nick} is no operator.")
        return [done.format(nick=account.nick)]

    def remove(self, typed: str) -> Sequence[str]:
        _ = self._wording.gettext
        account = self._account(typed)
        self._register.remove(account, _audit_entry("remove", account.nick))
        return [_("{nick} and the private messages are gone.").format(nick=account.nick)]

    # -- who, and by which password ------------------------------------------------------------

    def _nick(self, typed: str) -> str:
        try:
            return names.nick(typed)
        except BadNick as error:
            raise CannotBeDone(worded(error, self._wording)) from None

    def _like(self, nick: str) -> AccountRow | None:
        """The account whose nick cannot be told from this one."""
        keys = names.keys(nick)
        rows = self._register.accounts()
        return next((row for row in rows if names.keys(row.nick) & keys), None)

    def _account(self, typed: str) -> AccountRow:
        _ = self._wording.gettext
        key = names.folded_key(self._nick(typed))
        for row in self._register.accounts():
            if names.folded_key(row.nick) == key:
                return row
        raise CannotBeDone(_("There is no account {nick}.").format(nick=typed))

    def _password(self) -> str:
        """The hash of a password that is asked for."""
        _ = self._wording.gettext
        password = self._asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        limits = Limits()
        least, most = limits.password_least, limits.password_most
        if not least <= len(password) <= most:
            raise CannotBeDone(worded(BadPassword(least, most), self._wording))
        try:
            return hash_password(password)
        except NoMemory:
            raise CannotBeDone(_("there is not enough memory to hash a password")) from None

    def _asked(self) -> str:
        _ = self._wording.gettext
        password = getpass(_("Password: "))
        if getpass(_("Again: ")) != password:
            raise CannotBeDone(_("These are two different passwords."))
        return password


def _audit_entry(act: str, nick: str) -> AuditEntry:
    return AuditEntry(now_ms(), "", act, SHELL, nick)


main = Command("huddle-account", COMMAND_LINE, _carry_out).run

if __name__ == "__main__":
    sys.exit(main())
