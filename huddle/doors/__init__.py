"""Doors: ways in. A door is a protocol, a transport and a dialect; it is thin.

`line` is the door for lines over TCP, TLS and UNIX sockets, `web` that for browsers. What all doors
share: `connections` knows who is connected and closes the house, with `connection_limits` (how many
may be), `unnamed` (who has no nick yet), `keepalive` (who is still there, as the kernel tells by
`tcp_info`) and `shutdown`. `connection` is one of them: what comes by it goes through `input`,
`delayed_ack` says when it is acknowledged, and `transports` say how bytes go out. `listening` opens
a door, where a `lean_server` is our side of each connection by TCP, and says how that is called in
the log; `handshakes` by TLS wait there for their turn, `proxy` finds out who comes by a proxy, and
`health` tells whether people may be sent to it.
"""
