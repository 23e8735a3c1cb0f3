"""Nothing is lost, seen from outside: the real server, killed, cut off, stopped, short of disk.

The clients here know the server only by its port, its files and docs/protocol.md; nothing of
`huddle` is imported but where it is taken apart on purpose (`mutants`).

- `server` a real server, to be killed and started again; `mutants` servers that break their word
- `program` what a json client keeps, sans I/O; `crowd` many of them on real sockets
- `storm` a crowd that talks while the server is killed again and again; `checker` what must be true
  of everybody in the end
- `cluster_storm` the same over several nodes, which are killed, and the engine's machines with them
- `readers` a room full of listeners, some of whom stop
- `person` somebody with `nc`, or with a bare socket
"""
