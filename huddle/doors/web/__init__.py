"""The door for browsers: HTTP for the page's files, WebSocket for the talk, at one port.

- `door` takes each connection, reads the heads of its requests and answers them, within limits
- `heads` the heads of requests, and why some are none
- `frame_input` what comes by one WebSocket, made into lines
- `frames` a dialect whose bytes go out in frames, the same for all who read them
- `deflate` what goes out compressed, once for all who read it, and may come so
- `host_names` which Host and which Origin are let in
- `site` what is answered to a request that is no WebSocket
- `files` the files of the page, in memory, and the sentences and commands that it asks for

The page itself is in `page`. A folder of it imports only from those above it in this list; the
first four do no input or output, and are tested by node::

    words     texts and links; sentences, by the catalogues; events in sentences; colours
    session   keeps the rules of docs/protocol.md, by the parts of `huddle.client.session`
    typing    what a typed text means, what it is completed to, what was typed before
    chat      the conversations, and what is done in them: from events to what is to be
              seen, and from what was typed to what is said
    browser   the WebSocket, what the browser keeps, notifications
    view      the elements: the log, of which only a part is in the page, the lists beside
              it, the field in which one types; dialogs/ are what opens over them
    page.mjs  joins them all
"""
