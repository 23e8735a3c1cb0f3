"""Dialects: lines to requests and events to bytes, without I/O.

`plain` is for people with `nc` or `telnet`, `ndjson` for programs; `first_line` tells them apart.

What people read is put together from `said_lines` (what somebody said), `happenings` (what became
of a room), `people` (what concerns one among others), `listings`, `moments` (times), `wording`
(what was refused) and `sentences` (all the rest); `telnet` removes what their programs add. What
programs send is read by `json_requests` and `fields`, what they are told is in `json_answers`. The
ports that all this fills are in `huddle.protocol.dialect`.
"""
