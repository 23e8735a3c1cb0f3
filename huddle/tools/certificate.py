"""huddle-certificate: a certificate that signs itself, for a network without an authority.

One file holds the key and the certificate; it serves an ``ssl:`` endpoint as well as the folder of
a ``tls:`` one. A person who connects compares the fingerprint once, and huddle-client remembers it.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from ipaddress import ip_address

from twisted.internet.endpoints import quoteStringArgument

from huddle.locale import N_, Wording
from huddle.locale.command_line import CommandLine, Given, Misuse, number
from huddle.tools.command_line import CannotBeDone, Command
from huddle.tools.outputs import check_output, is_stream, write_out

DAYS = 3650
"""How long a certificate is good, in days. Programs that know it by its fingerprint, or by a file
of their own, set no limit (browsers take 825 days at most)."""

MOST_DAYS = 36_500

OUTPUT = "huddle.pem"

_OPTIONS = {
    ("host", "NAME|IP"): N_("what the server is called; may be repeated (this machine)"),
    ("output", "FILE"): N_("where to write the key and the certificate (huddle.pem)"),
    ("days", "N"): N_("how many days it is good (3650)"),
    ("force", ""): N_("replace a file that is there: everybody has to trust the new one"),
}

_USAGE = (
    N_("Usage: huddle-certificate [OPTIONS]"),
    "",
    N_("Makes a certificate that signs itself, for a server on a network of one's own."),
)

COMMAND_LINE = CommandLine(_USAGE, _OPTIONS)


def _carry_out(given: Given, wording: Wording) -> None:
    _, last = wording.gettext, given.last()
    if given.words:
        raise Misuse(_("{argument} is no option").format(argument=given.words[0]))
    days = number(last.get("days", str(DAYS)), 1, MOST_DAYS, wording)
    try:
        from huddle.tools.self_signed import key_and_certificate, own_hosts
    except ImportError:
        raise CannotBeDone(_("TLS needs pip install 'huddle[tls]'")) from None
    hosts = tuple(given.options.get("host", ())) or tuple(own_hosts())
    try:
        pem, fingerprint = key_and_certificate(hosts, days)
    except ValueError as error:
        raise Misuse(_("{host} is neither a name nor an address").format(host=error)) from None
    output = last.get("output", OUTPUT)
    _write(output, pem, wording, replaces="force" in last)
    said = _what_to_do(os.path.abspath(output), hosts, fingerprint, wording)
    print(*said, sep="\n", file=sys.stderr if is_stream(output) else sys.stdout)


def _write(output: str, pem: bytes, wording: Wording, *, replaces: bool) -> None:
    """All of it or nothing, for the owner's eyes only; a server may be reading what was there."""
    _ = wording.gettext
    check_output(output, wording)
    if os.path.lexists(output) and not (replaces or is_stream(output)):
        raise CannotBeDone(_("{file} is there already; --force replaces it").format(file=output))
    write_out(output, [pem], wording)


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


main = Command("huddle-certificate", COMMAND_LINE, _carry_out, wants_words=False).run

if __name__ == "__main__":
    sys.exit(main())
