"""What a program can ask of a server, for `HuddleClient.ask`: all that is in
`huddle.protocol.requests`.

Most requests begin with the room: ``Kick("ops", "eva", "too loud")``.
"""

from huddle.protocol.requests import *  # noqa: F403
