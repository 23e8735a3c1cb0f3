"""What ``--cluster``, ``--node`` and ``--cluster-key`` come to.

Imported with all options, so it imports nothing else of the cluster until one of them is given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from huddle.server.operation.config_options import ConfigOptions
from huddle.server.start_errors import Refusal

if TYPE_CHECKING:
    from huddle.cluster.etcd.address import Address

OPTIONS = ("cluster", "node", "cluster-key")

_NODE = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_PEER = re.compile(r"tcp6?:\d+:interface=(?!0\.0\.0\.0$|\\:\\:$)\S+")
_PASSWORD = re.compile(r"(?<=://)([^:@/?]*):[^@/?]*(?=@)")


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """The engine and the house in it, this node's name, and the keys, from the file ``key_path``,
    the first of which seals. ``peer`` is the endpoint where other nodes are given what it has.
    ``found``: where no house stands, one is to begin with what this node's record has."""

    address: Address
    node: str
    key_path: str
    keys: Sequence[bytes] = field(repr=False)
    peer: str | None = None
    found: bool = False


def cluster_of(options: ConfigOptions, history: str | None) -> ClusterOptions | None:
    """What they come to; None for a server that is alone. Raises `Refusal`.

    ``history`` is the path of the record; a node has to have one.
    """
    _ = options.wording.gettext
    given = [name for name in OPTIONS if options[name] is not None]
    if not given:
        for name in ("peer", "found"):
            if options[name]:
                raise options.alone(name, "cluster")
        return None
    if missing := [name for name in OPTIONS if name not in given]:
        raise options.alone(given[0], missing[0])
    if history is None:
        raise options.wrong("history", _("a node of a cluster keeps its record in a file"), "none")
    if not _NODE.fullmatch(options["node"]):
        raise options.wrong("node", _("it is 1 to 32 of the characters a-z, A-Z, 0-9, -, _ and ."))
    return ClusterOptions(
        _address(options),
        options["node"],
        options["cluster-key"],
        _keys(options),
        _peer(options),
        bool(options["found"]),
    )


def _address(options: ConfigOptions) -> Address:
    from huddle.cluster.etcd.address import address_of
    from huddle.cluster.etcd.errors import AddressUnusable, address_trouble

    try:
        return address_of(options["cluster"])
    except AddressUnusable as error:
        reason = address_trouble(error, options.wording)
        raise options.wrong("cluster", reason, masked(options["cluster"])) from None


def _peer(options: ConfigOptions) -> str | None:
    """An endpoint that says by which address other nodes reach this one: they are told that."""
    peer: str | None = options["peer"]
    if peer is not None and not _PEER.fullmatch(peer):
        _ = options.wording.gettext
        raise options.wrong(
            "peer", _("it says where other nodes reach this one: tcp:PORT:interface=ADDRESS")
        )
    return peer


def _keys(options: ConfigOptions) -> Sequence[bytes]:
    try:
        from huddle.cluster.key_file import KeyFileUnusable, kept_keys, key_file_trouble
    except ImportError:
        _ = options.wording.gettext
        raise Refusal(_("--cluster needs pip install 'huddle[cluster]'")) from None
    try:
        return kept_keys(options["cluster-key"])
    except KeyFileUnusable as error:
        raise options.wrong("cluster-key", key_file_trouble(error, options.wording)) from None


def masked(address: str) -> str:
    """The address of an engine without the password in it."""
    return _PASSWORD.sub(r"\1:…", address)
