"""Dialects: lines to requests and events to bytes, without I/O.

`plain` is for people with `nc` or `telnet`, `ndjson` for programs; `first_line` tells them apart.

What people read is put together from `plain.dialect` (what was said), `plain.notices` (what became
of a room), `plain.personal` (what concerns one among others), `plain.moments` (times), `wording`
(what was refused) and `plain.sentences` (all the rest); `plain.telnet` removes what their programs
add. What programs send is read in `ndjson.requests`, what they are told is in `ndjson.answers`,
both by `huddle.protocol.codec`. The ports that all this fills are in `huddle.protocol.dialect`.
"""
