"""huddle-client: the json dialect from the other side; for people, pipes and programs.

It knows nothing of the server's inside; what the two share is the wire format (docs/protocol.md).
Programs import `HuddleClient` and the events from here. From the bottom up::

    wire.py       bytes <-> messages: lines within a limit, fields of the right type
    events.py     what can happen, as frozen values
    requests.py   what can be asked of the server; answers.py: what it answers
    state.py      what one session remembers, and the patches by which it changes
    journal.py    the file those patches are kept in, and its lock
    turn.py       what one call on a session brings about: patches, bytes, events
    outbox.py     own lines, from being typed to being acknowledged
    place.py      where the session stands in one room: had, own, missing; places.py: in all
    asking.py     requests that wait for their answers
    news.py       what the server tells by itself
    hello.py      who one says one is, by which password
    pulse.py      is the link alive?
    session.py    ClientSession: the whole protocol, without I/O
    trust.py      is the server the one it says it is? known_servers.py: what a person once said
    way.py        the way to a server: TCP, and on top of it tls.py, with presented.py
    link.py       joins a ClientSession to the network and keeps reconnecting
    opener.py     finds what is kept of a session, and makes its link
    pending.py    what a program waits for
    api.py        HuddleClient: all this for programs

    meanings.py   what a line can mean; arguments.py: what stands behind a command's name
    command_table.py  the commands in both languages; commands.py: a typed line and its meaning
    rendering.py  events as the lines one reads
    sentences.py happenings.py listings.py  the sentences in them
    json_lines.py json_wishes.py  the lines that a program reads and writes
    lately.py     who said what last; whereabouts.py: in which room, or with whom, one is
    ports.py      a screen, and a way to the server, as a conversation needs them
    questions.py  what a person is asked; wishes.py: what was typed, carried out
    conversation.py  what is typed and shown, asked and decided, whatever the screen
    output.py     standard output, and whether it keeps up
    terminal.py   the line interface: questions, commands, end of input; echo.py: and secrets
    errands.py    --send and --tail: one thing to do, and then the end; script.py runs them

    wall.py       the conversation in a terminal: colours.py, mentions.py, times and days
    order.py      own lines in their place among the others'
    roster.py     who is there; completion.py: what Tab makes of a word
    statusline.py unseen.py attention.py notifications.py typed_lines.py
    interface/    the terminal interface

    options.py    the command line, and before it configuration.py: file and environment
    running.py    runs the reactor to the end
    program.py    main(): puts them together
"""

from huddle.client.api.client import HuddleClient, NotConnected
from huddle.client.api.pending import NotDone, NotSaid
from huddle.client.network.endpoints import NoWay
from huddle.client.session.events import (
    Acknowledged,
    Changed,
    Deleted,
    Entered,
    Event,
    Gap,
    Here,
    Joined,
    Left,
    Offline,
    Removed,
    Renamed,
    Said,
    Untrusted,
    Welcomed,
)

__all__ = [
    "Acknowledged",
    "Changed",
    "Deleted",
    "Entered",
    "Event",
    "Gap",
    "Here",
    "HuddleClient",
    "Joined",
    "Left",
    "NoWay",
    "NotConnected",
    "NotDone",
    "NotSaid",
    "Offline",
    "Removed",
    "Renamed",
    "Said",
    "Untrusted",
    "Welcomed",
]
