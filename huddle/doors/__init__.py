"""Doors: ways in. A door is a protocol, a transport and a dialect; it is thin.

`line` is the door for lines over TCP, TLS and UNIX sockets, `web` that for browsers. What all doors
share: `connections` knows who is connected and closes the house, with `connection_limits` (how many
may be), `unnamed` (who has no nick yet), `keepalive` (who is still there, as the kernel tells by
`tcp_info`) and `shutdown`. `connection` is one of them: its `line_input` cuts what comes into
lines, `unheard` bounds what waits there, `input_flow` says when the next one is heard (with
`waiting_shares` where much waits to be given out), `input_turns` whose turn it is, and `transports`
how bytes go out. `listening` opens a
door and has handshakes wait for their turn, `proxy` finds out who comes by a proxy, and `health`
tells whether people may be sent to it.
"""
