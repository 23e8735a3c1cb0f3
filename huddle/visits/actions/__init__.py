"""What is done for those who are here, request by request.

Each module has the acts of one field; `table` says which request is which. An act gets its `Caller`
and the request, and answers at once, later (a coroutine), or not at all. What may not be done it
raises, before anything has changed. Whether the caller's role allows it was asked before
(`huddle.protocol.permissions`); what it aims at, and where, is the act's own to ask.
"""
