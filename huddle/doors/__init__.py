"""Doors: ways in. A door listens and joins a transport to a visit; it is thin.

`line` is the door for lines over TCP, TLS and UNIX sockets. Its `intake` says when the next line
is heard, its `pipes` how bytes go out, its `entrance` who may come in, its `pulse` who is still
there, and its `farewell` what happens when the house closes. `listening` opens a door.
"""
