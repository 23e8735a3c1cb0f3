"""Rooms: who is in them, how they are, and what is said there. No input or output.

- `room` one of them: a stream (`huddle.delivery.stream`) with members
- `directory` all of them by name: which there are, made and closed, what is kept of them
- `room_quotas` how many of them may have been made from one address
- `claims` the port by which a nick, a seat in a room and a session are asked for, and had
- `membership` taking a seat and leaving it; `presence` being here, away, held, or gone
- `session_quotas` how many sessions may be held, and leave in a day, of those at one address
- `restrictions` bans, mutes, voices and hosts of a room
- `inherited_mutes` who comes under another nick from where a muted guest has just gone
- `pace` who spoke when in a slow room, however they come and go
- `speaking` what is said in a room: may it be, and on to the sequencer
- `disk_quotas` how much of the disk those at one address may fill in an hour
- `inbox` private messages: a stream of which one person alone is the reader
- `pending` how many of them may wait for one who is away, from each of those who write
"""
