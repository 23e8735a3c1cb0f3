"""``--auth``: which checker of passwords is meant, or what is wrong with it.

twistd's own plug-ins make the checkers (`twisted.cred.strcred`). What they say of a mistake is in
English and of several lines; here it becomes a reason, which the options word like any other.
"""

from __future__ import annotations

import os

from twisted.cred.checkers import FilePasswordDB, ICredentialsChecker
from twisted.cred.strcred import InvalidAuthType, findCheckerFactory

from huddle.locale import Wording
from huddle.server.checker_nicks import nicks_known_to
from huddle.server.operation.bounded_reading import check_plain
from huddle.server.start_errors import reason_of

FILE = "file"
"""Twisted's name for a checker of which the rest of the description is a path."""

PASSWORDS_BYTES = 64 << 20
"""The most of a file of passwords: a million of them."""


class WrongAuth(Exception):
    """That will not do; the text is the reason, in a person's words."""


def shown(description: str) -> str:
    """As much of a description as holds no password."""
    kind = description.partition(":")[0]
    return description if kind == FILE else kind


def checker_of(description: str, wording: Wording) -> ICredentialsChecker:
    """The checker that is meant. Raises `WrongAuth`."""
    kind, _colon, argument = description.partition(":")
    check_kind(kind, wording)
    try:
        if kind == FILE:
            check_plain(argument, PASSWORDS_BYTES)
            open(argument, "rb").close()  # the plug-in would go on without it
        checker: ICredentialsChecker = findCheckerFactory(kind).generateChecker(argument)
    except Exception as error:  # whatever a plug-in may raise
        raise WrongAuth(reason_of(error, wording)) from None
    if isinstance(checker, FilePasswordDB):
        checker.filename = os.path.abspath(checker.filename)  # twistd may move (--rundir)
    return checker


def check_kind(kind: str, wording: Wording) -> None:
    """Raises `WrongAuth` where there is no plug-in of this name."""
    _ = wording.gettext
    try:
        findCheckerFactory(kind)
    except InvalidAuthType:
        raise WrongAuth(_("there is no such check of passwords; see --help-auth")) from None


def check_nicks_known(checker: ICredentialsChecker, members_only: bool, wording: Wording) -> None:
    """Raises `WrongAuth` where a guest could take a nick that the checker knows."""
    _ = wording.gettext
    try:
        listed = nicks_known_to(checker).listed
    except OSError as error:
        raise WrongAuth(reason_of(error, wording)) from None
    if not listed and not members_only:
        raise WrongAuth(_("the nicks it knows cannot be told beforehand; add --members-only"))
