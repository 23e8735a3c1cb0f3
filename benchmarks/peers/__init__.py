"""The servers that are measured: how each is started with its limits lifted."""

from benchmarks.peers import huddle, inspircd, little, nats, ngircd, redis

PEERS = {
    peer.name: peer
    for module in (huddle, inspircd, ngircd, redis, nats, little)
    for peer in module.PEERS
}
"""Every known server by its name."""
