"""Dialects: lines to requests and events to bytes, without I/O.

`plain` is for people with `nc` or `telnet`, `ndjson` for programs; `first_line` tells them apart.
`wording` and `sentences` hold what the server says to people, `telnet` removes what their programs
add. The ports they fill are in `huddle.face`.
"""
