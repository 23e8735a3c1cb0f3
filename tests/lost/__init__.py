"""Nothing is lost, seen from outside: the real server, killed, cut off, stopped, short of disk.

The clients here know the server only by its port, its files and docs/protocol.md; nothing of
`huddle` is imported but what a test takes apart on purpose (`mutants`).

- `server` a real server as a process; `program` what a json client keeps, sans I/O
- `crowd` many of them on real sockets; `checker` what must be true of them in the end
- `storm` a crowd that talks while the server is killed again and again
- `person` somebody with `nc`, or with a bare socket
"""
