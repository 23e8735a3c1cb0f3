"""The log on etcd, by its HTTP/JSON gateway: nothing but Twisted is needed to speak to it.

A house has two keys in the engine. ``huddle/HOUSE/id`` is made by the first node of all and never
again; ``huddle/HOUSE/log`` is the log: every entry overwrites it. What etcd calls the key's
``mod_revision`` is an entry's position, and its ``version`` is the entry's number in the log. To
follow is to watch the key from a revision on. To truncate is to have the engine compact its history
up to one, which it does for all its keys: so the engine serves Huddle alone.

etcd writes to the disks of a majority before it answers or shows anything to a watch. Watches
before 3.4.31, and in 3.5 before 3.5.13, can leave out what was written while a slow one met a
compaction; the version finds that out, and of older engines a word is said.

- `address` where the engine is, and as whom to enter: ``etcd://a,b,c/HOUSE``
- `errors` what makes an engine unusable, and in which words that is told
- `connections` requests out and answers in, over connections that are kept
- `gateway` one request: deadlines, endpoint after endpoint, definite errors and ambiguous ones
- `messages` what is asked of the gateway, and what its answers say
- `watch` one answer that does not end: the entries as they come
- `log` puts these together: the port
- `appending` one entry on its way in; `following` one follower, over as many watches as it takes
- `clocks` how far this machine's clock is from those of the engine's
- `opening` makes it of an address and a reactor
- `tls` who the engine must be, and with which certificate this node shows itself

The reactor is handed in: as connections, a clock, and a source of randomness.
"""
