"""How the user wants servers to be checked, apart from what does it: TLS costs time and memory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tls:
    """What is believed of a server that speaks TLS.

    Without any of these as described in `huddle.client.network.trust`. ``ca`` is a file of
    authorities in PEM, ``trust`` a fingerprint; ``insecure`` takes any certificate.
    """

    ca: str | None = None
    trust: str | None = None
    insecure: bool = False
