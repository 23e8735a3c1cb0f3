"""The rules of apply, by what they are about; `huddle.cluster.apply` calls them.

- `batch_context` what each of them is given
- `names` who has a nick or a room's name: the first in the log
- `node_membership` which nodes are up, and which batches count: lives, fencing, retries, gaps,
  marks and their votes
- `upgrades` by which of their versions the house goes, and from when on
- `lookalikes` which nicks look like one that is banned or muted
- `roles` what a person is in a room, and what keeps them from it
- `sessions` begin, attach, lose, leave, expire, rename
- `reading` how far each session has read, as far as that follows from the log
- `room_membership` who is in which room, and is sent out of it
- `speaking` what is said: once, by whom it is, numbered, deleted
- `moderation` settings of rooms, restrictions
- `pace` who spoke when in slow rooms, and how much of it is remembered
- `accounts` register, log in, change a password, appoint
- `retention` what the house lets go of in time
- `codes` the operators' codes, and whether they are good
- `shares` what of the house one address can have

Each function is given the state, the entry and what the batch has come to so far
(`BatchContext`); it checks everything first, and then changes the state and tells the effects, or
gives a `Refused`, or raises it as `EntryRefused`, and has changed nothing.
"""
