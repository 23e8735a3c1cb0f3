"""The rules of apply, by what they are about; `huddle.cluster.apply` calls them.

- `turn` what each of them is given
- `names` who has a nick or a room's name: the first in the log
- `lives` which batches count: lives, fencing, retries, gaps, marks and their votes
- `upgrades` by which of their versions the house goes, and from when on
- `looks` which nicks look like one that is banned or muted
- `roles` what a person is in a room, and what keeps them from it
- `holding` sessions: begin, attach, lose, leave, expire, rename
- `coming` where those were who have just come, until they were surely shown what they missed
- `seating` who is in which room, and is sent out of it
- `speaking` what is said: once, by whom it is, numbered, deleted
- `moderation` settings of rooms, restrictions
- `pace` who spoke when in slow rooms, and how much of it is remembered
- `owning` accounts, and retention
- `codes` the operators' codes, and whether they are good
- `shares` what of the house one address can have

Each function is given the state, the entry and what the batch has come to so far (`Turn`); it
checks everything first, and then changes the state and tells the effects, or gives a `Refused` and
has changed nothing.
"""
