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
- `state` the house as the log says it is, `snapshot` its bytes and back, `dumping` those a little
  at a time
- `apply` what a batch comes to, by the `rules`; `effects` what that is called
- `refusals` what is refused, as an error of the house
- `rows` what the record keeps of it, in the record's own words
- `nodes` one node over the log: its lives, what it appends, which others it takes for dead
- `naming` nicks and rooms' names with their keys, of characters that every node knows
- `sealing` how a batch is sealed for the engine, `key_file` with which keys; `sealed_log` does it
  on the way in and out
- `etcd` the log on etcd

What is not in `huddle.cluster.etcd` knows no engine and no network.

How a house is connected to it is in `huddle.server.clustered`. The core goes on as on one machine;
where it asks a port, the port is filled by `nodes.node.Node.propose`, and what has happened comes
from `Host.keep`: all of it, what was said and done here too, so that each node tells its members of
everything in the one order of the log. A claim, a text, a changed row are proposed where the core
makes them, and had when they have come back. Sessions of other nodes are mirrored: the core finds
them where it finds its own, without a connection. That costs some 2 KiB for each, and in return all
rules of the core hold for them as they are. What stays local, and differs from node to node:
outlets, slabs, histories and what is read of them, the search index, guesses and rates, greetings
and all wording, who is told of what.

`Host.keep` gives the record one transaction for each batch (`Record.step`): its messages
(`rows.said`), its rows (`rows.kept`), what is erased, and the position. The messages have their
numbers, and the record's own counters go on behind these. A node that starts has a snapshot of the
state at some position, kept beside the record from time to time (`Node.kept` says of which), and
its record at that position or later: it applies from the snapshot on, and keeps only what is behind
the record's position. Where the record fails, nothing is refused that was appended: the node
closes its doors and starts again from its disk.
"""
