"""The door for browsers: HTTP for the page's files, WebSocket for the talk, at one port.

- `door` takes each connection, reads the heads of its requests and answers them, within limits
- `conversation` is one WebSocket: what comes in frames goes on as lines
- `frames` a dialect whose bytes go out in frames, the same for all who read them
- `names` which Host and which Origin are let in
- `site` what is answered to a request that is no WebSocket
- `files` the files of the page, in memory, and the sentences and commands that it asks for

The page itself is in `page`, and is served as it stands. Its scripts that do no input or output are
tested by node: `session.mjs` keeps the rules of docs/protocol.md, with `cursor.mjs`, which counts
what was had of a room, and `text.mjs`, which makes texts harmless.
"""
