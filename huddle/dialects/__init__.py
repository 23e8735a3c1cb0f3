"""Dialects: lines to requests and events to bytes, without I/O.

`plain` is for people with `nc` or `telnet`, `ndjson` for programs; `first_line` tells them apart.

What was refused is put into words in `wording`, for both. What people read is put together in
`plain`, what programs are told in `ndjson`, by `huddle.protocol.codec`. The ports that all this
fills are in `huddle.protocol.dialect`.
"""
