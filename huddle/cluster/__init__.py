"""The cluster: several nodes are one conversation, by one log that each of them applies.

Every node keeps the whole house in its own record and tells its own members what happens. What is
to happen stands in one replicated log, which an engine keeps on several machines: a node appends
entries to it, and all nodes read all of it in one order and apply each entry in the same way. So
nobody leads, none waits for another, and what a node has recorded is what the log says up to a
position. A house on one machine has no log and needs none of this.

Three things follow. An entry counts when it comes back out of the log, never when it was sent:
what the engine took is on the disks of a majority, whatever then becomes of the node. An append
whose answer was lost is made again, so that an entry can stand in the log twice: whoever applies
it goes by its number, never by its place alone. And applying asks nothing but the log: no clock,
no chance, no table that another node might have in another version.

- `log` the port: what is appended comes back in one order, on every node
- `succession` what every follower checks: that an entry is the very next one
- `entries` everything that can happen, `forms` what their fields hold, `batches` their bytes
- `state` the house as the log says it is, `snapshot` its bytes and back
- `apply` what a batch comes to, by the `rules`; `effects` what that is called
- `rows` what the record keeps of it, in the record's own words
- `nodes` one node over the log: its lives, what it appends, what it makes of silence
- `naming` nicks and rooms' names with their keys, of characters that every node knows
- `sealing` how a batch is sealed for the engine, `key_file` with which keys
- `etcd` the log on etcd

What is not in `huddle.cluster.etcd` knows no engine and no network.
"""
