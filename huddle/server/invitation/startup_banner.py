"""The startup banner: what is told where the server was started, when people can come in.

It is for those who look after the server: where it listens, how people enter by each door, and the
operators' code while nobody is in charge. Where the server's output is a terminal the banner is
shown there, to be read by people; else it is in the log.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from twisted.logger import Logger

from huddle.people.accounts import Accounts
from huddle.people.operator_code import Code
from huddle.server.invitation.addresses import lan_addresses
from huddle.server.invitation.board import CLIENT, Board, Place, Ways
from huddle.server.invitation.qr_code import shown_on
from huddle.server.options import Options
from huddle.server.process import command_of, terminal_of
from huddle.server.start_errors import reason_of


@dataclass(eq=False, repr=False)
class StartupBanner:
    """That of one server. ``doors`` gives where its doors are reached, and how people come in
    there; they may be open later than this is made."""

    _log = Logger()

    _options: Options
    _accounts: Accounts
    _code: Code
    _doors: Callable[[], Sequence[tuple[Place, Ways]]]
    _given: str | None = None
    """The operators' code, if one was given out at the start."""

    def tell(self, listening: Sequence[str], most: int | None) -> None:
        """Tell it; ``listening`` says where the server listens, and ``most`` may be connected."""
        _ = self._options.wording.gettext
        lines = [
            *listening,
            _("{count} may be connected at once").format(count=most),
            _("--interface 0.0.0.0 lets in everybody who reaches this machine"),
        ]
        self._given = self._give_code()
        board = self.board()
        told = list(board.lines(self._options.wording))
        screen = terminal_of(self._options.parent)
        for line in lines if screen is not None else [*lines, *told]:
            self._log.info("{line}", line=line)
        if screen is not None:  # to be read by people: at the end, without the time in front
            code = () if board.page is None else shown_on(screen, board.page)
            print("", *told, *code, "", sep="\n", file=screen, flush=True)

    def board(self) -> Board:
        """How people come in as things are now."""
        is_empty = not any(account.is_open for account in self._accounts)
        empty = self._options.members_only and is_empty and not self._options.checkers
        return Board(self._doors(), lan_addresses(), self._given, empty, command_of(CLIENT))

    def _give_code(self) -> str | None:
        """The operators' code, where nobody could do what operators do without one."""
        if any(account.is_operator and account.is_open for account in self._accounts):
            return None
        try:
            return self._code.give(secrets.choice)
        except OSError as error:
            news = self._options.wording.gettext("no operators' code: {reason}")
            reason = reason_of(error, self._options.wording)
            self._log.warn("{news}", news=news.format(reason=reason))
            return None
