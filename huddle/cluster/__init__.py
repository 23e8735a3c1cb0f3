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
- `refusals` what is refused, as an error of the house
- `rows` what the record keeps of it, in the record's own words
- `nodes` one node over the log: its lives, what it appends, what it makes of silence
- `naming` nicks and rooms' names with their keys, of characters that every node knows
- `sealing` how a batch is sealed for the engine, `key_file` with which keys; `sealed_log` does it
  on the way in and out
- `etcd` the log on etcd

What is not in `huddle.cluster.etcd` knows no engine and no network.

How the house is connected to it. Nothing of that is there yet; the pieces are, and this is the
intended way. The core goes on as it is on one machine; where it asks a port today, the port is
filled by the node (`nodes.node.Node.propose`), and what it is told comes from `Host.keep`::

    rooms.claims.Claims      one more implementation; each call awaits the outcome of its entry
      begin                    Begin; refused `nick-taken` is worded here, with a free nick that
                               the local registry suggests
      revive                   Attach, with the nick that is wanted; then the session is made of its
                               row, as today
      abandon, Presence.leave  Leave
      rename                   Rename
      take_seat, change_seat   Seat, the latter with `move`
      leave_seat               Unseat; with `by`, Cut, and so is `Presence.expel`
      attach                   Attach with the hello's turn: awaited before `welcome`, so that this
                               node has applied all that the program can have seen
      lose                     Lose, with the outlet's cursors
    delivery.sequencer       `Record.append` of a clustered record makes a Say of each draft (a
                             saying with a copy is one Say, with `whom`), and fires when they have
                             come back. What is committed is told by `on_committed`, own or not:
                             an own batch by the very drafts that were given, with their outcomes
                             (Said, or the error of a `Refused`), another's with none
    Happenings               those of joining, leaving and renaming are not put in any more: they
                             are effects, between the messages of the batch, and published with them
    Presence's hold          `nodes.holds`; `Gone` is what dismisses a session
    people.saving, actions   a changed row is an operation: Own for what a session's own node alone
                             says (word, ignores, wishes, cursors), Set, Restrict, Register, Login,
                             Password, Appoint, each with the act for the audit
    Record.erase             Erase; `Erased` is what deletes, on every node
    retention                Retain, by the lowest living life; `Retained` and `Forgotten` delete
    visits.known_sessions    looks in the state; finds it no session, it awaits `Node.level` and
                             looks again before it says `session-unknown`

Sessions that another node holds are rows of the state, and no `Session` objects: who is in a room
is asked of the state (`State.here`, `Room.people`), whose restrictions and settings are those that
count. What stays local, and differs from node to node: outlets, slabs, histories and what is read
of them, the search index, ignoring, guesses and rates (divided by the nodes that are up), greetings
and all wording, who is told of what.

`Host.keep` gives the record one transaction for each batch: its messages (`rows.drafts`), its rows
(`rows.kept`), what is erased, and the position. The record's own counters give the messages the
numbers that they have already. For that `Record` needs one more call, and a column for the
position. A node that starts has a snapshot of the state at some position, kept beside the record
from time to time (`Node.kept` says of which), and its record at that position or later: it applies
from the snapshot on, and keeps only what is behind the record's position. Where the record fails,
nothing is refused that was appended: the node closes its doors and starts again from its disk.
"""
