"""Whether a server is believed to be the one it says it is: asked at each connection, before it is
told anything.

What the user said on the command line goes first: anything (``--insecure``), exactly this
certificate (``--trust``), what this authority signed (``--ca``). Then what is remembered: a server
that was once taken at its certificate's word is taken with that certificate only. Then the
authorities that the system trusts. What is left is unknown, and a person is asked, once, as ssh
does; a program is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from twisted.internet.defer import Deferred, fail, succeed

from huddle.client.network.known_servers import KnownServers
from huddle.client.network.tls_options import Tls
from huddle.client.session.events import Doubt, Known, Untrusted

Ask = Callable[[Untrusted], Deferred[bool]]
"""Asks a person whether they trust this all the same."""


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """The certificate that a server has shown; no ``doubt``: an authority speaks for it.

    ``hosts`` are those it is for.
    """

    fingerprint: str
    doubt: Doubt | None
    hosts: tuple[str, ...] = ()


class Distrusted(Exception):
    """The server is not believed. ``event`` None: the user knows, since it was their decision."""

    def __init__(self, event: Untrusted | None) -> None:
        super().__init__("" if event is None else event.doubt.name)
        self.event = event


class NoTls(Exception):
    """What answers there does not speak TLS, or none that can be understood."""


@dataclass(eq=False, repr=False)
class Judge:
    """Decides about the server at one ``place``, as that is written (`place_of`). Without ``known``
    nothing is remembered beyond this run.

    ``unwritable`` is called when something could not be remembered.
    """

    place: str
    wish: Tls
    known: KnownServers | None = None
    ask: Ask | None = None
    unwritable: Callable[[], object] = lambda: None
    _taken: str | None = field(default=None, init=False)

    def judge(self, shown: ServerCertificate) -> Deferred[None]:
        """Fires when the server is believed; fails with `Distrusted` when it is not."""
        wish, fingerprint = self.wish, shown.fingerprint
        if wish.insecure or fingerprint == self._taken:
            return succeed(None)
        if wish.trust is not None:
            right = fingerprint == wish.trust
            return succeed(None) if right else self._refuse(shown, Doubt.ANOTHER)
        known = self._remembered() if wish.ca is None else []
        if fingerprint in (each.fingerprint for each in known):
            return succeed(None)
        if known:
            return self._refuse(shown, Doubt.CHANGED, known[0])
        if shown.doubt is None:
            return succeed(None)
        if self.ask is None or wish.ca is not None:
            return self._refuse(shown, shown.doubt)
        event = Untrusted(self.place, fingerprint, shown.doubt, shown.hosts)
        return self.ask(event).addCallback(self._answered, fingerprint)

    def _remembered(self) -> list[Known]:
        try:
            return [] if self.known is None else self.known.of(self.place)
        except OSError:  # it cannot be told, so it is asked again
            return []

    def _answered(self, trusted: bool, fingerprint: str) -> None:
        if not trusted:
            raise Distrusted(None)
        self._taken = fingerprint
        if self.known is not None:
            try:
                self.known.add(self.place, fingerprint)
            except OSError:
                self.unwritable()

    def _refuse(
        self, shown: ServerCertificate, doubt: Doubt, known: Known | None = None
    ) -> Deferred[None]:
        event = Untrusted(self.place, shown.fingerprint, doubt, shown.hosts, known)
        return fail(Distrusted(event))
