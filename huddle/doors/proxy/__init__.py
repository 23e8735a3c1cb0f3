"""Doors behind a proxy: who comes by one is known by the address that the proxy tells.

A proxy such as HAProxy or stunnel puts a header of the PROXY protocol in front of what a peer
sends. It is believed from those alone who may send it: from others it is the first line of a
stranger.

- `address` where a peer comes from, with or without a proxy
- `header` the header itself, in both versions, pure
- `trusted` the addresses whose headers are believed
- `proxied` what stands between a listening port and a door: it reads the header, and is gone
"""
