"""huddle-certificate: a certificate that signs itself, for a network without an authority.

One file holds the key and the certificate; it serves an ``ssl:`` endpoint as well as the folder of
a ``tls:`` one. Whoever connects compares the fingerprint once, and huddle-client remembers it.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from getopt import GetoptError, gnu_getopt
from ipaddress import ip_address
from tempfile import NamedTemporaryFile

from twisted.internet.endpoints import quoteStringArgument

from huddle.locale import N_, Wording, language_of_environment, translator
from huddle.server.start_errors import reason_of
from huddle.tools.command_line import COMMON, CannotBeDone, misused, wording_named

DAYS = 3650
"""How long a certificate is good, in days. Programs that know it by its fingerprint, or by a file
of their own, set no limit (browsers take 825 days at most)."""

MOST_DAYS = 36_500

OUTPUT = "huddle.pem"

_SUMMARIES = {
    ("host", "NAME|IP"): N_("what the server is called; may be repeated (this machine)"),
    ("output", "FILE"): N_("where to write the key and the certificate (huddle.pem)"),
    ("days", "N"): N_("how many days it is good (3650)"),
    ("force", ""): N_("replace a file that is there: everybody has to trust the new one"),
    **COMMON,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; without hosts it is for this machine."""

    hosts: tuple[str, ...]
    output: str
    days: int
    force: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit status."""
    wording = translator(language_of_environment(os.environ))
    try:
        given, hosts = _given(sys.argv[1:] if arguments is None else arguments, wording)
        wording = wording_named(given.get("lang"), wording)
        if "help" in given:
            print(*_help_lines(wording), sep="\n")
        else:
            print(*_make(_wanted(given, hosts, wording), wording), sep="\n")
    except CannotBeDone as refusal:
        print(f"huddle-certificate: {refusal}", file=sys.stderr)
        return refusal.status
    return 0


# -- making it -----------------------------------------------------------------------------------


def _make(wanted: Wanted, wording: Wording) -> Iterator[str]:
    """Write the file; what to do with it."""
    _ = wording.gettext
    try:
        from huddle.tools.self_signed import key_and_certificate, own_hosts
    except ImportError:
        raise CannotBeDone(_("TLS needs pip install 'huddle[tls]'")) from None
    hosts = wanted.hosts or tuple(own_hosts())
    try:
        pem, fingerprint = key_and_certificate(hosts, wanted.days)
    except ValueError as error:
        raise misused(_("{host} is neither a name nor an address").format(host=error)) from None
    _write(wanted, pem, wording)
    return _what_to_do(os.path.abspath(wanted.output), hosts, fingerprint, wording)


def _write(wanted: Wanted, pem: bytes, wording: Wording) -> None:
    """All of it or nothing, for the owner's eyes only; a server may be reading what was there."""
    _ = wording.gettext
    if os.path.lexists(wanted.output) and not wanted.force:
        raise CannotBeDone(
            _("{file} is there already; --force replaces it").format(file=wanted.output)
        )
    folder, name = os.path.split(os.path.abspath(wanted.output))
    try:
        with NamedTemporaryFile(dir=folder, prefix=f".{name}-", delete=False) as part:
            try:
                part.write(pem)
                part.close()
                os.replace(part.name, wanted.output)
            except BaseException:
                os.unlink(part.name)
                raise
    except OSError as error:
        raise CannotBeDone(f"{wanted.output}: {reason_of(error, wording)}") from None


def _what_to_do(
    path: str, hosts: Sequence[str], fingerprint: str, wording: Wording
) -> Iterator[str]:
    _ = wording.gettext
    files = f"privateKey={quoteStringArgument(path)}:certKey={quoteStringArgument(path)}"
    host = next((host for host in hosts if not _is_loopback(host)), hosts[0])
    yield _("{file} is a certificate for {hosts}.").format(file=path, hosts=", ".join(hosts))
    yield ""
    yield f"SHA-256 {fingerprint}"
    yield ""
    yield _("Start the server, and give the fingerprint to those who are to enter:")
    yield f"  twistd -n huddle --port {shlex.quote(f'ssl:55123:{files}')}"
    yield f"  huddle-client {host} --tls"


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


# -- understanding it ----------------------------------------------------------------------------


def _given(arguments: Sequence[str], wording: Wording) -> tuple[dict[str, str], list[str]]:
    """The options, and the hosts among them."""
    _ = wording.gettext
    names = [f"{name}=" if takes else name for name, takes in _SUMMARIES]
    try:
        pairs, words = gnu_getopt(list(arguments), "ho:", names)
    except GetoptError as error:
        option = f"--{error.opt}" if len(error.opt) > 1 else f"-{error.opt}"
        if error.opt == "o" or any(error.opt == name for name, takes in _SUMMARIES if takes):
            raise misused(_("{option} needs a value.").format(option=option)) from None
        raise misused(_("There is no option {option}.").format(option=option)) from None
    if words:
        raise misused(_("{argument} is no option").format(argument=words[0]))
    long = {"-h": "--help", "-o": "--output"}
    given = {long.get(name, name).removeprefix("--"): value for name, value in pairs}
    return given, [value for name, value in pairs if name == "--host"]


def _wanted(given: Mapping[str, str], hosts: Sequence[str], wording: Wording) -> Wanted:
    _ = wording.gettext
    days = given.get("days", str(DAYS))
    if not (days.isdecimal() and len(days) < 10 and 1 <= int(days) <= MOST_DAYS):
        sentence = _("{text} is not a number from {low} to {high}.")
        raise misused(sentence.format(text=days, low=1, high=MOST_DAYS))
    return Wanted(tuple(hosts), given.get("output", OUTPUT), int(days), "force" in given)


def _help_lines(wording: Wording) -> Iterator[str]:
    _ = wording.gettext
    yield _("Usage: huddle-certificate [OPTIONS]")
    yield ""
    yield _("Makes a certificate that signs itself, for a server on a network of one's own.")
    yield ""
    for (name, takes), summary in _SUMMARIES.items():
        yield f"  {f'--{name} {takes}':<18}{_(summary)}"


if __name__ == "__main__":
    sys.exit(main())
