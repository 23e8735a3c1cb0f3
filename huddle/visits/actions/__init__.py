"""What is done for those who are here, request by request.

`talk`, `private`, `editing` (``/fix``, ``/delete``), `history`, `rooms`, `accounts`, `preferences`
(``/ignore``, ``/times``), `moderation` (``/kick``, ``/ban``, ``/mute``) and `operators` have the
actions of one field each; `table` says which carries out which request. An action gets its `caller`
and the request, and answers at once, later (a coroutine), or not at all. What may not be done it
raises, before anything has changed. Whether the caller's role allows it was asked before
(`huddle.protocol.permissions`); at whom it is aimed, and where, is its own to ask: the caller finds
the person that is meant, `messages` the message, `restricting` sets marks on people. `paste` knows
which lines of a connection belong together.
"""
