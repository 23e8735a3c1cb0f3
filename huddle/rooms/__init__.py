"""Rooms: who is in them, how they are, and what is said there. No input or output.

- `room` one of them: a stream (`huddle.delivery.stream`) with members
- `directory` all of them by name: which there are, made and closed, what is kept of them
- `makers` from where they were made, and how many may be from there
- `claims` the port by which a nick, a seat in a room and a session are asked for, and had
- `membership` taking a seat and leaving it; `presence` being here, away, held, or gone
- `held` how many may be held of those at one address
- `restrictions` bans, mutes, voices and hosts of a room
- `inherited_mutes` who comes under another nick from where a muted guest has just gone
- `pace` who spoke when in a slow room, however they come and go
- `speaking` what is said in a room: may it be, and on to the sequencer
- `written` how much of the disk those at one address fill in an hour
- `inbox` private messages: a stream of which one person alone is the reader
- `pending` how many of them may wait for one who is away, from each of those who write
"""
