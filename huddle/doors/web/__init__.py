"""The door for browsers: HTTP for the page's files, WebSocket for the talk, at one port.

- `door` takes each connection, reads the heads of its requests and answers them, within limits
- `conversation` is one WebSocket: what comes in frames goes on as lines
- `frames` a dialect whose bytes go out in frames, the same for all who read them
- `names` which Host and which Origin are let in
- `site` what is answered to a request that is no WebSocket
- `files` the files of the page, in memory, and the sentences and commands that it asks for

The page itself is in `page`, and is served as it stands. Its scripts that do no input or output are
tested by node::

    session.mjs     keeps the rules of docs/protocol.md, by the parts of `huddle.client.session`:
                    turn, outbox, asking, places and cursor
    talk.mjs        a conversation as it is shown; commands.mjs what was typed; colours, text
    words.mjs       what is said, by the catalogues; sentences.mjs events in sentences

and those that do::

    page.mjs        joins them all; link.mjs the WebSocket, and what the browser keeps
    log.mjs         the log, of which only a part is in the page; dom.mjs elements and dialogs
"""
